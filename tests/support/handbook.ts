/** The pages of the handbook and of the lessons as Markdown trees: headings with their ids, links, bold words. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { textOf } from "../../src/authoring/markdown.ts";
import { type SourceNode, sourceTree, walk } from "./source-pages.ts";

export const docsFolder = join(import.meta.dirname, "../../src/content/docs");

/** The tree of a page below src/content/docs, by its path without the ending: `lessons/zarr`. */
export function treeOf(page: string): Promise<SourceNode> {
	return sourceTree(readFileSync(join(docsFolder, `${page}.mdx`), "utf8"), page);
}

/** Every node of a type, in the order of the page. */
export function nodesOf(tree: SourceNode, type: string): SourceNode[] {
	return [...walk(tree)].filter((node) => node.type === type);
}

/** The id that the site gives a heading. */
export function idOf(heading: string): string {
	return heading
		.toLowerCase()
		.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, "")
		.replaceAll(" ", "-");
}

/** The names of the lessons, without the ending. */
export function lessonNames(): string[] {
	return readdirSync(join(docsFolder, "lessons"))
		.filter((name) => name.endsWith(".mdx"))
		.map((name) => name.replace(/\.mdx$/, ""))
		.sort();
}

/** Addresses of a page's links, those by reference too. */
export function linksOf(tree: SourceNode): string[] {
	const definitions = new Map(
		nodesOf(tree, "definition").map(({ identifier, url }) => [identifier?.toLowerCase(), url]),
	);
	return [
		...nodesOf(tree, "link").map(({ url }) => url ?? ""),
		...nodesOf(tree, "linkReference").map(({ identifier }) => {
			const url = definitions.get(identifier?.toLowerCase());
			if (!url) throw new Error(`There is no address for [${identifier}]`);
			return url;
		}),
	];
}

/**
 * What is wrong with a page's links within the site: pages and headings that are not there. The generated reference
 * is left out, which a build need not have made.
 *
 * @param page its path below src/content/docs, without the ending
 * @param text the page's own where absent
 */
export async function deadLinks(page: string, text?: string): Promise<string[]> {
	const dead: string[] = [];
	const tree = await (text === undefined ? treeOf(page) : sourceTree(text));
	for (const link of new Set(linksOf(tree))) {
		if (/^[a-z]+:/.test(link)) continue;
		const [path, hash] = link.split("#");
		const target = path === "" ? page : posix.join(page, path).replace(/\/$/, "");
		if (target === "reference" || target.startsWith("reference/")) continue;
		if (!existsSync(join(docsFolder, `${target}.mdx`))) dead.push(`${link}: there is no such page`);
		else if (hash !== undefined) {
			const ids = nodesOf(await treeOf(target), "heading").map((heading) => idOf(textOf(heading)));
			if (!ids.includes(hash)) dead.push(`${link}: there is no such heading`);
		}
	}
	return dead;
}
