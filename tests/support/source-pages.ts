/** The pages of the course as their authors wrote them: front matter and Markdown tree, with places, for checks of prose. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseFrontmatter } from "astro/markdown";
import type { MarkdownNode } from "../../src/authoring/markdown.ts";
import { readTree } from "../../src/authoring/read-lessons.ts";

/** A node as plain data, which stays when the page has been read. */
export interface SourceNode extends MarkdownNode {
	/** Of a link or an image. */
	url?: string;
	/** Of a reference to a link, and of what it refers to. */
	identifier?: string;
	/** Of an image. */
	alt?: string | null;
	/** Of a heading: 1 to 6. */
	depth?: number;
	/** The first paragraph of a directive may be its title: `:::note[Title]`. */
	isLabel?: boolean;
	children?: readonly SourceNode[];
}

export interface SourcePage {
	/** Below the root of the checkout, as messages name it: "src/content/docs/lessons/zarr.mdx". */
	file: string;
	/** The page's path in the site: "lessons/zarr". */
	path: string;
	frontmatter: Record<string, unknown>;
	/** The front matter as written, from the file's second line on. */
	rawFrontmatter: string;
	root: SourceNode;
}

const base = "src/content/docs";
const folder = join(import.meta.dirname, "../..", base);

/** Every page that people write; those of the API reference are made from docstrings. */
export async function sourcePages(): Promise<SourcePage[]> {
	const names = readdirSync(folder, { recursive: true, encoding: "utf8" })
		.map((name) => name.replaceAll("\\", "/"))
		.filter((name) => /\.mdx?$/.test(name) && !name.startsWith("reference/"));
	return Promise.all(names.sort().map((name) => sourcePage(name, readFileSync(join(folder, name), "utf8"))));
}

/** @param name below the folder of the pages */
export async function sourcePage(name: string, text: string): Promise<SourcePage> {
	const { frontmatter, rawFrontmatter } = parseFrontmatter(text);
	const root = await sourceTree(text, name);
	const path = name.replace(/(^|\/)index\.mdx?$/, "$1").replace(/\.mdx?$/, "");
	return { file: `${base}/${name}`, path, frontmatter, rawFrontmatter, root };
}

/** The tree of a page's text, which stays: the nodes themselves live as long as the visit. */
export async function sourceTree(text: string, name = "The page"): Promise<SourceNode> {
	const root = await readTree(text, plain);
	if (!root) throw new Error(`${name} could not be read`);
	return root;
}

/** Where a node stands, as messages name it: "src/content/docs/lessons/zarr.mdx:41". */
export function at(page: SourcePage, node: SourceNode): string {
	return `${page.file}:${node.position?.start.line ?? 1}`;
}

/** A node and all below it, in reading order. */
export function* walk(node: SourceNode): Generator<SourceNode> {
	yield node;
	for (const child of node.children ?? []) yield* walk(child);
}

type Given = SourceNode & { data?: { directiveLabel?: boolean } };

function plain(node: MarkdownNode): SourceNode {
	const { type, name, lang, meta, value, ordered, checked, url, alt, depth, data, identifier } =
		node as Given;
	const { line, column } = node.position?.start ?? { line: 1, column: 1 };
	const attributes = structuredClone(node.attributes);
	return {
		...{ type, name, lang, meta, value, attributes, ordered, checked, url, alt, depth, identifier },
		isLabel: data?.directiveLabel === true,
		position: { start: { line, column } },
		children: (node.children ?? []).map(plain),
	};
}
