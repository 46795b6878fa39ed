import { tsPlugin } from "@sveltejs/acorn-typescript";
import * as acorn from "acorn";
import { CompileError } from "./compile-error.ts";

/** A syntax node: ESTree with TypeScript's nodes, as acorn-typescript gives them. */
// biome-ignore lint/suspicious/noExplicitAny: the TypeScript nodes have no published types
export type Node = { type: string; start: number; end: number; [key: string]: any };

const parser = acorn.Parser.extend(tsPlugin() as never, exportsAnything as never);

/** `export { a }` in a cell may name what an earlier cell declared. */
function exportsAnything(base: typeof acorn.Parser): typeof acorn.Parser {
	return class extends base {
		checkLocalExport(): void {}
	};
}

/** Parses a cell: a TypeScript module body with top-level await. */
export function parse(source: string): Node {
	try {
		return parser.parse(source, {
			ecmaVersion: "latest",
			sourceType: "module",
			allowAwaitOutsideFunction: true,
			locations: true,
			// A last bare `#!` line or `export` in odd places is the reader's to see, so no other leniency.
		}) as unknown as Node;
	} catch (error) {
		const { pos, message } = error as { pos?: number; message: string };
		if (pos === undefined) throw error;
		throw new CompileError(plainWords(message.replace(/ \(\d+:\d+\)$/, "")), source, pos);
	}
}

function plainWords(message: string): string {
	if (message === "Unexpected token") return "This is not valid TypeScript here";
	if (/^Identifier '(.+)' has already been declared$/.test(message)) {
		return `${message} in this cell. Give one of the two another name`;
	}
	if (message.startsWith("Unterminated string")) return "This text has no closing quote";
	if (message.startsWith("Unterminated template")) return "This template has no closing backtick";
	if (/Cannot use keyword 'await' outside an async function/.test(message)) {
		return "`await` needs an async function around it: write `async` before the function";
	}
	return message;
}

/** Every child node, in the order of the tree. */
export function* children(node: Node): Generator<Node> {
	for (const key in node) {
		if (key === "type" || key === "loc" || key === "start" || key === "end") continue;
		const value = node[key];
		if (Array.isArray(value)) {
			for (const item of value) if (isNode(item)) yield item;
		} else if (isNode(value)) {
			yield value;
		}
	}
}

export function isNode(value: unknown): value is Node {
	return typeof value === "object" && value !== null && typeof (value as Node).type === "string";
}
