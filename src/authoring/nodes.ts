/** From the page model to the nodes that the page's components draw. */
import type { CellModel } from "./cell-model.ts";
import { isDirective, type MarkdownNode, nodeKey } from "./markdown.ts";
import type { PageModel } from "./page-model.ts";
import type { QuizModel } from "./quiz-model.ts";

/** Where the components are that a page model is drawn with. */
export interface Components {
	/** Stands above the lesson: what it answers, and the controls of its cells. */
	lessonHead: string;
	cell: string;
	/** What a cell gave when its author recorded it. */
	recorded: string;
	/** The same, with the styles of the course's figures. */
	recordedFigure: string;
	python: string;
	exercise: string;
	hint: string;
	solution: string;
	quiz: string;
	answer: string;
	instructor: string;
	/** Shows and hides the notes for instructors. */
	instructorSwitch: string;
	/** The folder of the figures, which an author uses by name without an import. */
	figures: string;
}

// biome-ignore lint/suspicious/noExplicitAny: nodes are made as plain data; the engine checks them
export type NewNode = any;

/** The name under which a component stands in the page. */
export function tag(name: string): string {
	return `Chunkwise${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A component with properties, in a named slot of its parent where one is given. */
export function element(
	name: keyof Components,
	props: Record<string, unknown>,
	children: NewNode[],
	slot?: string,
): NewNode {
	return {
		type: "mdxJsxFlowElement",
		name: tag(name),
		attributes: [
			...Object.entries(props).map(([key, value]) => ({
				type: "mdxJsxAttribute",
				name: key,
				value: { type: "mdxJsxAttributeValueExpression", value: JSON.stringify(value ?? null) },
			})),
			...slotAttribute(slot),
		],
		children,
	};
}

/** A plain element around nodes for a named slot. */
function inSlot(slot: string, children: NewNode[], name = "div"): NewNode {
	return { type: "mdxJsxFlowElement", name, attributes: slotAttribute(slot), children };
}

function slotAttribute(slot: string | undefined): NewNode[] {
	return slot === undefined ? [] : [{ type: "mdxJsxAttribute", name: "slot", value: slot }];
}

/**
 * A cell's element, with its code block inside: highlighted, readable and searchable without any script. `recorded` is
 * what stands under it before it has run.
 */
export function cellNode(cell: CellModel, recorded?: NewNode): NewNode {
	const { place: _place, record: _record, ...spec } = cell;
	const code = { type: "code", lang: "ts", meta: null, value: cell.source };
	return element("cell", { spec }, recorded ? [code, recorded] : [code]);
}

export function exerciseNode(node: MarkdownNode, model: PageModel): NewNode {
	const children: NewNode[] = [];
	const cell = (node.children ?? []).map((child) => model.cellOf.get(nodeKey(child))).find(Boolean);
	let hints = 0;
	for (const child of node.children ?? []) {
		const found = child.type === "code" ? model.cellOf.get(nodeKey(child)) : undefined;
		if (found) {
			children.push(cellNode(found));
		} else if (child.type === "code" && child.meta?.trim().startsWith("check")) {
			// The check goes with the cell's data; a reader need not see it.
		} else if (isDirective(child, "hint")) {
			hints++;
			children.push(element("hint", { number: hints, of: cell?.hints }, [...(child.children ?? [])]));
		} else if (isDirective(child, "solution")) {
			children.push(element("solution", { of: cell?.id }, [...(child.children ?? [])]));
		} else {
			children.push(child);
		}
	}
	return element("exercise", { id: cell?.id, title: cell?.title }, children);
}

export function pythonNode(node: MarkdownNode, cell: string | undefined): NewNode {
	return element("python", { cell }, [...(node.children ?? [])]);
}

export function instructorNode(node: MarkdownNode): NewNode {
	return element("instructor", {}, [...(node.children ?? [])]);
}

export function quizNode(quiz: QuizModel): NewNode {
	const { id, title, kind, predict, right, number, question, answers } = quiz;
	const children: NewNode[] = [inSlot("question", question)];
	answers.forEach(({ label, feedback }, index) => {
		const parts: NewNode[] = [];
		if (label.length > 0) parts.push(inSlot("label", label, "span"));
		if (feedback.length > 0) parts.push(inSlot("feedback", feedback));
		children.push(element("answer", { quiz: id, kind, index }, parts, "answers"));
	});
	for (const index of rightOnes(quiz)) {
		const { label, feedback } = answers[index];
		const shown = [...(label.length > 0 ? [{ type: "paragraph", children: label }] : []), ...feedback];
		children.push(inSlot("right", shown.map(copied)));
	}
	return element("quiz", { spec: { id, title, kind, predict, right, number } }, children);
}

/** The answers that are right, in the order in which they are told. */
function rightOnes({ kind, right, number }: QuizModel): number[] {
	if (kind === "order") return right.map((_, i) => right.indexOf(i));
	if (kind === "number") {
		const reply = number?.replies.indexOf(number.answer) ?? -1;
		return reply < 0 ? [] : [reply];
	}
	return right.flatMap((is, i) => (is ? [i] : []));
}

/** A node once more, for a second place on the page: a node of the tree can stand in one only. */
function copied(node: MarkdownNode): NewNode {
	const copy: Record<string, unknown> = {};
	const names = [
		...["type", "value", "lang", "meta", "name", "attributes", "ordered", "start", "spread", "checked"],
		...["url", "title", "alt", "depth"],
	];
	for (const name of names) {
		const value = (node as unknown as Record<string, unknown>)[name];
		if (value !== undefined) copy[name] = value;
	}
	if (node.children) copy.children = node.children.map(copied);
	return copy;
}
