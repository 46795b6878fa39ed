/** The addresses of other sites that the pages, the documents and the library's docstrings link to. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export interface ExternalLink {
	/** Without the place on the page. */
	address: string;
	/** Where it stands: "docs/stores.md:12". */
	places: string[];
}

/** Documents at the root of the checkout. */
const documents = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];
const folders: [folder: string, ending: string][] = [
	["docs", ".md"],
	["src/content/docs", ".mdx"],
	["src/lib", ".ts"],
];

/** Every address once, in the order of its first place. */
export function externalLinks(root: string): ExternalLink[] {
	const found = new Map<string, string[]>();
	const files = folders.flatMap(([folder, ending]) =>
		readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
			.filter((name) => name.endsWith(ending) && !/^reference[\\/]/.test(name))
			.sort()
			.map((name) => `${folder}/${name.replaceAll("\\", "/")}`),
	);
	for (const file of [...documents, ...files]) {
		for (const { address, line } of linksIn(readFileSync(join(root, file), "utf8"), file.endsWith(".ts"))) {
			const plain = address.replace(/#.*$/, "");
			found.set(plain, [...(found.get(plain) ?? []), `${file}:${line}`]);
		}
	}
	return [...found].map(([address, places]) => ({ address, places }));
}

/** The addresses in a Markdown text outside of its code, or in the comments of a program. */
export function linksIn(text: string, isProgram = false): { address: string; line: number }[] {
	const found: { address: string; line: number }[] = [];
	let fence: string | undefined;
	for (const [i, line] of text.split("\n").entries()) {
		const marks = /^\s*(`{3,}|~{3,})/.exec(line)?.[1];
		if (marks && (fence === undefined || marks.startsWith(fence))) {
			fence = fence === undefined ? marks : undefined;
			continue;
		}
		if (fence !== undefined || (isProgram && !/^\s*(\/?\*|\/\/)/.test(line))) continue;
		const plain = line.replace(/`[^`]*`/g, "");
		const pattern = isProgram
			? /https:\/\/[^\s)>"'}\]]+/g
			: /(?<=\]\(|<|href=")https:\/\/(?:[^\s()">]|\([^\s()]*\))+/g;
		for (const [match] of plain.matchAll(pattern)) {
			const address = match.replace(/[.,;:]+$/, "");
			if (!isExample(address)) found.push({ address, line: i + 1 });
		}
	}
	return found;
}

/** Names that are kept for examples (RFC 2606), and addresses with a part to fill in. */
function isExample(address: string): boolean {
	if (/[…$<{]|\bNAME\b/.test(address) || !URL.canParse(address)) return true;
	return /(^|\.)(example\.(org|com|net)|[^.]+\.(invalid|test|example)|localhost)$/.test(
		new URL(address).hostname,
	);
}
