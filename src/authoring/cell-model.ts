/** A cell as its author wrote it, and the exercise that is a cell to complete. */
import { type CellOptions, cellOptions, fenceRole, type Place } from "./fence.ts";
import {
	asides,
	attributesOf,
	isDirective,
	type MarkdownNode,
	placeOf,
	quoted,
	unknownDirective,
	wordsOf,
} from "./markdown.ts";
import { AuthoringProblem } from "./problem.ts";

export interface CellModel extends CellOptions {
	title: string;
	source: string;
	language: "ts";
	/** The check's code, for an exercise. */
	check?: string;
	solution?: string;
	/** How many hints an exercise has. */
	hints?: number;
	place: Place;
}

const cellLanguages = ["ts", "typescript"];
/** The parts of an exercise that are directives. */
export const exerciseParts = ["hint", "solution"];

/** The cell of a fence; undefined for an ordinary code block. */
export function cellOfFence(node: MarkdownNode): CellModel | undefined {
	const fence = fenceRole(node.meta);
	if (!fence) return undefined;
	const place = placeOf(node);
	if (fence.role !== "cell") {
		throw new AuthoringProblem(
			`A ${fence.role} stands outside an exercise. Put it between ::::exercise and ::::.`,
			place,
		);
	}
	const words = wordsOf(fence.rest, node);
	const options = cellOptions(words, `The cell ${quoted(words.id)}`.trim(), place);
	return { ...options, title: options.title ?? options.id, source: codeOf(node), language: "ts", place };
}

/** An exercise and the node of its starter, where its cell will stand. */
export function cellOfExercise(node: MarkdownNode): { cell: CellModel; starter: MarkdownNode } {
	const place = placeOf(node);
	const given = attributesOf(node);
	const what = `The exercise ${quoted(given.id)}`.trim();
	const options = cellOptions(given, what, place);
	const fences = fencesOf(node, what);
	const { solution, hints } = directivesOf(node, what);
	const solutionFence = solution?.children?.find((child) => child.type === "code");
	const parts = { starter: fences.starter, check: fences.check, solution: solutionFence };
	for (const [part, found] of Object.entries(parts)) {
		if (found) continue;
		const how = part === "solution" ? ":::solution with a ```ts fence in it" : `a \`\`\`ts ${part} fence`;
		throw new AuthoringProblem(`${what} has no ${part}. Add ${how}.`, place);
	}
	const starter = fences.starter as MarkdownNode;
	const cell: CellModel = {
		...options,
		title: options.title ?? options.id,
		source: codeOf(starter),
		language: "ts",
		check: codeOf(fences.check as MarkdownNode),
		solution: codeOf(solutionFence as MarkdownNode),
		hints,
		place,
	};
	return { cell, starter };
}

function fencesOf(node: MarkdownNode, what: string): { starter?: MarkdownNode; check?: MarkdownNode } {
	const fences: { starter?: MarkdownNode; check?: MarkdownNode } = {};
	for (const child of node.children ?? []) {
		const role = child.type === "code" ? fenceRole(child.meta)?.role : undefined;
		if (!role) continue;
		if (role === "cell") {
			throw new AuthoringProblem(
				`${what} holds a cell. Its code goes into a starter: \`\`\`ts starter.`,
				placeOf(child),
			);
		}
		if (fences[role]) throw new AuthoringProblem(`${what} has two ${role} fences.`, placeOf(child));
		fences[role] = child;
	}
	return fences;
}

function directivesOf(node: MarkdownNode, what: string): { solution?: MarkdownNode; hints: number } {
	let solution: MarkdownNode | undefined;
	let hints = 0;
	for (const child of node.children ?? []) {
		if (!isDirective(child)) continue;
		if (child.name === "hint") hints++;
		else if (child.name === "solution") {
			if (solution) throw new AuthoringProblem(`${what} has two solutions.`, placeOf(child));
			solution = child;
		} else if (!asides.includes(child.name ?? "")) unknownDirective(child, exerciseParts, `${what} holds `);
	}
	return { solution, hints };
}

function codeOf(node: MarkdownNode): string {
	if (!cellLanguages.includes(node.lang ?? "")) {
		throw new AuthoringProblem(
			`Cells are TypeScript: write \`\`\`ts instead of \`\`\`${node.lang ?? ""}.`,
			placeOf(node),
		);
	}
	return node.value ?? "";
}
