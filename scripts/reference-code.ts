/** How signatures are set in the API reference. */

/** As many characters as a code block shows where the page is widest. */
const lineLength = 80;

/**
 * TypeDoc breaks lines of signatures with a blank at the end, and unions before their first member; and it breaks
 * those of two parameters nowhere, however long they are.
 */
export function tidyCode(body: string): string {
	return body.replace(/^```ts\n[\s\S]*?^```$/gm, (code) =>
		code
			.replace(/: *\n\s*\| /g, ": ")
			.replace(/\n\s*\| /g, " | ")
			.replace(/= *\| /g, "= ")
			.replaceAll("<ArrayBufferLike>", "")
			.replace(/ +$/gm, "")
			.replace(/^(?:function |new )?\w+(?:<[^()]*>)?\(.+\): .+;$/gm, brokenIfLong)
			.replace(/^(type \w+ =)( [^(){}<>|]+(?: \| [^(){}<>|]+)+;)$/gm, (line, name, union) =>
				line.length <= lineLength ? line : `${name}\n   |${union.replaceAll(" | ", "\n   | ")}`,
			),
	);
}

/** A signature on one line, each parameter on its own where it is too long; the result's type is left as it is. */
function brokenIfLong(signature: string): string {
	if (signature.length <= lineLength) return signature;
	const start = signature.indexOf("(") + 1;
	const parts: string[] = [];
	let depth = 0;
	let from = start;
	for (let i = start; i < signature.length; i++) {
		const mark = signature[i];
		// The arrow of a function type closes nothing.
		if ("([{<".includes(mark)) depth++;
		else if (depth > 0 && (")]}".includes(mark) || (mark === ">" && signature[i - 1] !== "="))) depth--;
		else if (depth === 0 && (mark === "," || mark === ")")) {
			parts.push(signature.slice(from, i).trim());
			from = i + 1;
			if (mark === ")") break;
		}
	}
	return `${signature.slice(0, start)}\n${parts.map((part) => `   ${part}`).join(",\n")}\n)${signature.slice(from)}`;
}
