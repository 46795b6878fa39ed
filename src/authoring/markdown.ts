/** Nodes of the Markdown tree, as far as lessons look at them. */
import { nearest } from "../lib/nearest.ts";
import { type Place, parseWords } from "./fence.ts";
import { AuthoringProblem } from "./problem.ts";

export interface MarkdownNode {
	type: string;
	name?: string;
	lang?: string | null;
	meta?: string | null;
	value?: string;
	attributes?: unknown;
	/** Of a list. */
	ordered?: boolean | null;
	/** Of a list's item: `- [x]` and `- [ ]`. */
	checked?: boolean | null;
	children?: readonly MarkdownNode[];
	position?: { start: Place };
}

/** Directives that the page's theme draws: they may stand anywhere. */
export const asides: readonly string[] = ["note", "tip", "caution", "danger"];

export function placeOf(node: MarkdownNode): Place {
	return node.position?.start ?? { line: 1, column: 1 };
}

/** A node's key: its place, since nodes are proxies without identity. */
export function nodeKey(node: MarkdownNode): string {
	const { line, column } = placeOf(node);
	return `${line}:${column}`;
}

export function isDirective(node: MarkdownNode, name?: string): boolean {
	return node.type === "containerDirective" && (name === undefined || node.name === name);
}

/** Attributes of a directive: `{#id title="…"}`. */
export function attributesOf(node: MarkdownNode): Record<string, unknown> {
	return { ...(node.attributes as Record<string, unknown> | undefined) };
}

/** All text below a node, as it reads. */
export function textOf(node: MarkdownNode): string {
	return node.value ?? (node.children ?? []).map(textOf).join("");
}

export function quoted(id: unknown): string {
	return typeof id === "string" ? `“${id}”` : "";
}

/** ` Did you mean “x”?`, or nothing. */
export function didYouMean(name: string, known: Iterable<string>, before = ""): string {
	const close = nearest(name, known);
	return close ? ` Did you mean “${before}${close}”?` : "";
}

/** @throws AuthoringProblem for a directive that is not known here. */
export function unknownDirective(node: MarkdownNode, known: readonly string[], where = ""): never {
	throw new AuthoringProblem(
		`${where}“:::${node.name}”${where ? ", which" : ""} is not known.${didYouMean(node.name ?? "", known, ":::")}`,
		placeOf(node),
	);
}

/** A fence's words where it stands for something of ours. */
export function wordsOf(words: string, node: MarkdownNode): Record<string, string | true> {
	return parseWords(words, placeOf(node));
}
