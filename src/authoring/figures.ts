/** Figures in a lesson: by name, without an import, and with their place, which a build's error names. */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import { checkedFigures, figureNames } from "../lib/plan/figure-props.ts";
import { type MarkdownNode, placeOf, textOf } from "./markdown.ts";
import type { NewNode } from "./nodes.ts";

const figureComponents = new Set<string>(checkedFigures().map((figure) => figureNames(figure).component));

const isFigure = ({ type, name }: MarkdownNode) =>
	type === "mdxJsxFlowElement" && name !== undefined && figureComponents.has(name);

/** The figures of a page, in its order; as blocks of their own, since within a sentence none can stand. */
export function figuresOf(root: MarkdownNode): MarkdownNode[] {
	const own = isFigure(root) ? [root] : [];
	return [...own, ...(root.children ?? []).flatMap(figuresOf)];
}

/** Which figures of a page it must import: an author's own import of that name stands. */
export function figuresToImport(root: MarkdownNode): string[] {
	const names = new Set(figuresOf(root).map(({ name }) => name as string));
	const imports = (root.children ?? []).filter(({ type }) => type === "mdxjsEsm").map(textOf);
	return [...names].filter((name) => !imports.some((text) => new RegExp(`\\b${name}\\b`).test(text)));
}

/** A figure with its place, `at="src/content/docs/lessons/chunks.mdx:41:1"`; nothing for any other element. */
export function placedFigure(figure: MarkdownNode, file: URL): NewNode | undefined {
	if (!isFigure(figure)) return undefined;
	const { line, column } = placeOf(figure);
	const path = relative(process.cwd(), fileURLToPath(file)).replaceAll("\\", "/");
	const at = { type: "mdxJsxAttribute", name: "at", value: `${path}:${line}:${column}` };
	const { type, name, attributes, children = [] } = figure;
	return { type, name, attributes: [...(attributes as readonly object[]), at], children: [...children] };
}
