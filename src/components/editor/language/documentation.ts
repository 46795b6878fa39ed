/** Docstrings as Markdown. */
import type ts from "typescript";

type Parts = readonly ts.SymbolDisplayPart[] | undefined;

export function plainText(parts: Parts): string {
	return (parts ?? []).map(({ text }) => text).join("");
}

/** `{@link toNgffZarr}` becomes `toNgffZarr` in code, for there is nowhere to go from a hover. */
function markdown(parts: Parts): string {
	return (parts ?? [])
		.map(({ kind, text }) => {
			if (kind === "link") return "";
			if (kind === "linkName") return `\`${text}\``;
			return text;
		})
		.join("");
}

export function documentation(docs: Parts, tags: readonly ts.JSDocTagInfo[] | undefined): string {
	const parts = [markdown(docs)];
	const parameters: string[] = [];
	for (const { name, text } of tags ?? []) {
		if (name === "param") {
			const [parameter, ...rest] = text ?? [];
			parameters.push(`- \`${parameter?.text ?? ""}\`: ${markdown(rest).trim()}`);
		} else if (name === "returns") parameters.push(`- gives ${markdown(text)}`);
		else if (name === "throws") parameters.push(`- throws ${markdown(text)}`);
		else if (name === "example") {
			const example = markdown(text);
			parts.push(example.includes("```") ? example : `\`\`\`typescript\n${example}\n\`\`\``);
		} else if (name === "deprecated") parts.unshift(`**Deprecated.** ${markdown(text)}`);
		else if (name === "see") parts.push(`See ${markdown(text)}`);
	}
	if (parameters.length > 0) parts.splice(1, 0, parameters.join("\n"));
	return parts.filter(Boolean).join("\n\n");
}
