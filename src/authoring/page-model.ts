/** What is on a lesson's page: its cells, exercises, quizzes and Python, checked as a whole. */
import { type CellModel, cellOfExercise, cellOfFence, exerciseParts } from "./cell-model.ts";
import {
	asides,
	didYouMean,
	isDirective,
	type MarkdownNode,
	nodeKey,
	placeOf,
	unknownDirective,
} from "./markdown.ts";
import { AuthoringProblem } from "./problem.ts";
import { isPython, type PythonModel, pythonModel } from "./python-model.ts";
import { type QuizModel, quizModel } from "./quiz-model.ts";

export type { CellModel } from "./cell-model.ts";
export { attributesOf, type MarkdownNode, nodeKey, placeOf } from "./markdown.ts";
export type { PythonModel } from "./python-model.ts";
export type { QuizModel, QuizSpec } from "./quiz-model.ts";

export interface PageModel {
	cells: CellModel[];
	/** The cell of a fence, for whoever replaces that node. */
	cellOf: Map<string, CellModel>;
	quizzes: QuizModel[];
	quizOf: Map<string, QuizModel>;
	python: PythonModel[];
	/** Whether the page has notes for instructors. */
	hasInstructorNotes: boolean;
}

export function emptyPage(): PageModel {
	return {
		cells: [],
		cellOf: new Map(),
		quizzes: [],
		quizOf: new Map(),
		python: [],
		hasInstructorNotes: false,
	};
}

const directives: readonly string[] = ["exercise", "quiz", "instructor", "python"];

/** Reads the page. @throws AuthoringProblem at the first mistake. */
export function pageModel(root: MarkdownNode): PageModel {
	const model = emptyPage();
	collect(root, undefined, model);
	checkTogether(model);
	return model;
}

function collect(node: MarkdownNode, before: MarkdownNode | undefined, model: PageModel): void {
	if (node.type === "code") {
		const cell = cellOfFence(node);
		if (cell) add(model, node, cell);
		return;
	}
	if (isDirective(node)) {
		if (node.name === "exercise") {
			const { cell, starter } = cellOfExercise(node);
			return add(model, starter, cell);
		}
		if (node.name === "quiz") {
			const quiz = quizModel(node);
			model.quizzes.push(quiz);
			model.quizOf.set(nodeKey(node), quiz);
			return;
		}
		if (isPython(node)) {
			model.python.push(pythonModel(node, before));
			return;
		}
		if (node.name === "instructor") model.hasInstructorNotes = true;
		else checkDirective(node);
	}
	const children = node.children ?? [];
	children.forEach((child, i) => {
		collect(child, children[i - 1], model);
	});
}

function checkDirective(node: MarkdownNode): void {
	const name = node.name ?? "";
	if (exerciseParts.includes(name)) {
		throw new AuthoringProblem(
			`“:::${name}” stands outside an exercise. Put it between ::::exercise and ::::.`,
			placeOf(node),
		);
	}
	const known = [...directives, ...exerciseParts, ...asides];
	if (!asides.includes(name) && didYouMean(name, known)) unknownDirective(node, known);
}

function add(model: PageModel, node: MarkdownNode, cell: CellModel): void {
	model.cells.push(cell);
	model.cellOf.set(nodeKey(node), cell);
}

function checkTogether({ cells, quizzes, python }: PageModel): void {
	const first = new Map<string, { place: { line: number } }>();
	for (const item of [...cells, ...quizzes].sort((a, b) => a.place.line - b.place.line)) {
		const other = first.get(item.id);
		if (other) {
			throw new AuthoringProblem(
				`The id “${item.id}” is used twice: here and on line ${other.place.line}.`,
				item.place,
			);
		}
		first.set(item.id, item);
	}
	const ids = new Set(cells.map(({ id }) => id));
	for (const cell of cells) {
		for (const need of cell.needs) {
			if (need === cell.id) throw new AuthoringProblem(`The cell “${cell.id}” needs itself.`, cell.place);
			if (ids.has(need)) continue;
			throw new AuthoringProblem(
				`“${cell.id}” needs “${need}”, and there is no such cell on this page.${didYouMean(need, ids)}`,
				cell.place,
			);
		}
	}
	for (const { id, predict, place } of quizzes) {
		if (predict === undefined || ids.has(predict)) continue;
		throw new AuthoringProblem(
			`The quiz “${id}” predicts “${predict}”, and there is no such cell on this page.${didYouMean(predict, ids)}`,
			place,
		);
	}
	const withPython = new Set<string>();
	for (const { cell, place } of python) {
		if (withPython.has(cell)) throw new AuthoringProblem(`The cell “${cell}” has two “:::python”.`, place);
		withPython.add(cell);
	}
}
