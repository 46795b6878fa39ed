/** What is on a lesson's page: its cells and exercises, checked as a whole. */
import { nearest } from "../lib/nearest.ts";
import { type CellOptions, cellOptions, fenceRole, type Place, parseWords } from "./fence.ts";
import { AuthoringProblem } from "./problem.ts";

/** A node of the Markdown tree, as far as this module looks at it. */
export interface MarkdownNode {
	type: string;
	name?: string;
	lang?: string | null;
	meta?: string | null;
	value?: string;
	attributes?: unknown;
	children?: readonly MarkdownNode[];
	position?: { start: Place };
}

export interface CellModel extends CellOptions {
	title: string;
	source: string;
	language: "ts";
	/** The check's code, for an exercise. */
	check?: string;
	solution?: string;
	place: Place;
}

export interface PageModel {
	cells: CellModel[];
	/** The model of a node, for whoever replaces that node. */
	cellOf: Map<string, CellModel>;
}

const cellLanguages = ["ts", "typescript"];
/** The parts of an exercise that are directives. */
export const exerciseParts = ["hint", "solution"];

/** A node's key in {@link PageModel.cellOf}: its place, since nodes are proxies without identity. */
export function nodeKey(node: MarkdownNode): string {
	const { line, column } = placeOf(node);
	return `${line}:${column}`;
}

export function placeOf(node: MarkdownNode): Place {
	return node.position?.start ?? { line: 1, column: 1 };
}

/** Reads the page's cells. @throws AuthoringProblem at the first mistake. */
export function pageModel(root: MarkdownNode): PageModel {
	const model: PageModel = { cells: [], cellOf: new Map() };
	collect(root, model);
	checkTogether(model.cells);
	return model;
}

function collect(node: MarkdownNode, model: PageModel): void {
	if (node.type === "code") return collectFence(node, model);
	if (node.type === "containerDirective") {
		if (node.name === "exercise") return collectExercise(node, model);
		if (exerciseParts.includes(node.name ?? "")) {
			throw new AuthoringProblem(
				`“:::${node.name}” stands outside an exercise. Put it between ::::exercise and ::::.`,
				placeOf(node),
			);
		}
		const close = nearest(node.name ?? "", ["exercise", ...exerciseParts]);
		if (close && !["note", "tip", "caution", "danger"].includes(node.name ?? "")) {
			throw new AuthoringProblem(
				`“:::${node.name}” is not known. Did you mean “:::${close}”?`,
				placeOf(node),
			);
		}
	}
	for (const child of node.children ?? []) collect(child, model);
}

function collectFence(node: MarkdownNode, model: PageModel): void {
	const fence = fenceRole(node.meta);
	if (!fence) return;
	const place = placeOf(node);
	if (fence.role !== "cell") {
		throw new AuthoringProblem(
			`A ${fence.role} stands outside an exercise. Put it between ::::exercise and ::::.`,
			place,
		);
	}
	const words = parseWords(fence.rest, place);
	const options = cellOptions(words, `The cell ${quoted(words.id)}`.trim(), place);
	add(model, node, {
		...options,
		title: options.title ?? options.id,
		source: code(node),
		language: "ts",
		place,
	});
}

function collectExercise(node: MarkdownNode, model: PageModel): void {
	const place = placeOf(node);
	const given = attributesOf(node);
	const what = `The exercise ${quoted(given.id)}`.trim();
	const options = cellOptions(given, what, place);
	const fences: Partial<Record<"starter" | "check", MarkdownNode>> = {};
	let solution: MarkdownNode | undefined;
	for (const child of node.children ?? []) {
		const role = child.type === "code" ? fenceRole(child.meta)?.role : undefined;
		if (role === "cell") {
			throw new AuthoringProblem(
				`${what} holds a cell. Its code goes into a starter: \`\`\`ts starter.`,
				placeOf(child),
			);
		}
		if (role) {
			if (fences[role]) throw new AuthoringProblem(`${what} has two ${role} fences.`, placeOf(child));
			fences[role] = child;
		}
		if (child.type !== "containerDirective") continue;
		if (child.name === "solution") solution = child;
		else if (
			!exerciseParts.includes(child.name ?? "") &&
			!["note", "tip", "caution", "danger"].includes(child.name ?? "")
		) {
			const close = nearest(child.name ?? "", exerciseParts);
			throw new AuthoringProblem(
				`${what} holds “:::${child.name}”, which is not known.${close ? ` Did you mean “:::${close}”?` : ""}`,
				placeOf(child),
			);
		}
	}
	const solutionFence = solution?.children?.find((child) => child.type === "code");
	for (const [part, found] of Object.entries({
		starter: fences.starter,
		check: fences.check,
		solution: solutionFence,
	})) {
		if (found) continue;
		const how = part === "solution" ? ":::solution with a ```ts fence in it" : `a \`\`\`ts ${part} fence`;
		throw new AuthoringProblem(`${what} has no ${part}. Add ${how}.`, place);
	}
	const starter = fences.starter as MarkdownNode;
	add(model, starter, {
		...options,
		title: options.title ?? options.id,
		source: code(starter),
		language: "ts",
		check: code(fences.check as MarkdownNode),
		solution: code(solutionFence as MarkdownNode),
		place,
	});
}

function add(model: PageModel, node: MarkdownNode, cell: CellModel): void {
	model.cells.push(cell);
	model.cellOf.set(nodeKey(node), cell);
}

function code(node: MarkdownNode): string {
	if (!cellLanguages.includes(node.lang ?? "")) {
		throw new AuthoringProblem(
			`Cells are TypeScript: write \`\`\`ts instead of \`\`\`${node.lang ?? ""}.`,
			placeOf(node),
		);
	}
	return node.value ?? "";
}

/** Attributes of a directive: `{#id title="…"}`. */
export function attributesOf(node: MarkdownNode): Record<string, unknown> {
	return { ...(node.attributes as Record<string, unknown> | undefined) };
}

function checkTogether(cells: readonly CellModel[]): void {
	const first = new Map<string, CellModel>();
	for (const cell of cells) {
		const other = first.get(cell.id);
		if (other) {
			throw new AuthoringProblem(
				`The id “${cell.id}” is used twice: here and on line ${other.place.line}.`,
				cell.place,
			);
		}
		first.set(cell.id, cell);
	}
	for (const cell of cells) {
		for (const need of cell.needs) {
			if (need === cell.id) throw new AuthoringProblem(`The cell “${cell.id}” needs itself.`, cell.place);
			if (first.has(need)) continue;
			const close = nearest(need, first.keys());
			throw new AuthoringProblem(
				`“${cell.id}” needs “${need}”, and there is no such cell on this page.${close ? ` Did you mean “${close}”?` : ""}`,
				cell.place,
			);
		}
	}
}

function quoted(id: unknown): string {
	return typeof id === "string" ? `“${id}”` : "";
}
