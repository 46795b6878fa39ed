/** `::::quiz`: a question with answers, read from ordinary Markdown lists. */
import { z } from "astro/zod";
import { identifier, type Place, schemaOptions } from "./fence.ts";
import {
	asides,
	attributesOf,
	isDirective,
	type MarkdownNode,
	placeOf,
	quoted,
	textOf,
	unknownDirective,
} from "./markdown.ts";
import { AuthoringProblem } from "./problem.ts";

/** `prediction`: words of the reader's own, compared with what a cell shows. */
export type QuizKind = "one" | "several" | "order" | "number" | "prediction";

/** What goes to the page as data. */
export interface QuizSpec {
	id: string;
	title: string;
	kind: QuizKind;
	/** The cell whose output is predicted. */
	predict?: string;
	/** Of each answer, in the order of the page: whether it is right, or its place in the right order from 0. */
	right: number[];
	number?: { answer: number; within: number; unit?: string; replies: (number | null)[] };
}

/** One answer: what is chosen, and what its chooser is told. */
export interface AnswerModel {
	label: MarkdownNode[];
	feedback: MarkdownNode[];
}

export interface QuizModel extends QuizSpec {
	question: MarkdownNode[];
	answers: AnswerModel[];
	place: Place;
}

const options = z.strictObject({
	id: identifier,
	title: z.string().min(1).optional(),
	/** Several may be chosen, although one is right. */
	choose: z.enum(["one", "several"]).optional(),
	predict: identifier.optional(),
	answer: z.string().optional(),
	within: z.string().optional(),
	unit: z.string().optional(),
});

export function quizModel(node: MarkdownNode): QuizModel {
	const place = placeOf(node);
	const given = attributesOf(node);
	const what = `The quiz ${quoted(given.id)}`.trim();
	const { id, title, choose, predict, answer, within, unit } = schemaOptions(options, given, what, place);
	const children = [...(node.children ?? [])];
	for (const child of children) {
		if (isDirective(child) && !asides.includes(child.name ?? ""))
			unknownDirective(child, asides, `${what} holds `);
	}
	const base = { id, title: title ?? "Check yourself", predict, place, right: [], answers: [] };
	if (answer !== undefined) {
		const number = numberOptions(answer, within, unit, what, place);
		const { list, rest } = listOf(children, (found) => !found.ordered);
		const { replies, answers } = repliesOf(list, what);
		return { ...base, kind: "number", question: rest, answers, number: { ...number, replies } };
	}
	for (const [name, value] of Object.entries({ within, unit })) {
		if (value !== undefined)
			throw new AuthoringProblem(`${what} has “${name}” without “answer”: the number that is right.`, place);
	}
	const tasks = listOf(children, (found) => (found.children ?? []).some(isTask));
	if (tasks.list) {
		const { answers, right } = choicesOf(tasks.list, what, predict === undefined);
		const count = right.filter(Boolean).length;
		if (choose === "one" && count > 1)
			throw new AuthoringProblem(`${what} lets one answer be chosen, and ${count} are marked right.`, place);
		const kind = choose ?? (count > 1 ? "several" : "one");
		return { ...base, kind, question: tasks.rest, answers, right };
	}
	const ordered = listOf(children, (found) => found.ordered === true);
	if (ordered.list) {
		const answers = (ordered.list.children ?? []).map(answerOf);
		if (answers.length < 3)
			throw new AuthoringProblem(
				`${what} needs three steps or more to be put in order.`,
				placeOf(ordered.list),
			);
		const right = shuffled(answers.length, id);
		return { ...base, kind: "order", question: ordered.rest, answers: right.map((i) => answers[i]), right };
	}
	if (predict !== undefined) return { ...base, kind: "prediction", question: children };
	throw new AuthoringProblem(
		`${what} has no answers. Write a list with - [x] for right and - [ ] for wrong ones, a numbered list to put in order, or answer=NUMBER.`,
		place,
	);
}

function isTask(item: MarkdownNode): boolean {
	return typeof item.checked === "boolean";
}

/** The last list that fits, and everything else. */
function listOf(
	children: readonly MarkdownNode[],
	fits: (list: MarkdownNode) => boolean,
): { list?: MarkdownNode; rest: MarkdownNode[] } {
	const list = children.findLast((child) => child.type === "list" && fits(child));
	return { list, rest: children.filter((child) => child !== list) };
}

function choicesOf(
	list: MarkdownNode,
	what: string,
	needsRight: boolean,
): { answers: AnswerModel[]; right: number[] } {
	const items = list.children ?? [];
	for (const item of items) {
		const text = textOf(item).trim();
		if (!isTask(item))
			throw new AuthoringProblem(
				`${what}: the answer “${start(text)}” is not marked. Begin it with [x] or [ ].`,
				placeOf(item),
			);
	}
	const answers = items.map(answerOf);
	if (answers.length < 2) throw new AuthoringProblem(`${what} needs two answers or more.`, placeOf(list));
	answers.forEach((answer, i) => {
		if (answer.feedback.length > 0) return;
		throw new AuthoringProblem(
			`${what}: the answer “${start(textOf(items[i]).trim())}” has no feedback. Below it, indented, write a line that begins with > and says why.`,
			placeOf(items[i]),
		);
	});
	const right = items.map((item) => Number(item.checked === true));
	if (needsRight && !right.includes(1))
		throw new AuthoringProblem(`${what} has no right answer. Mark one with [x].`, placeOf(list));
	return { answers, right };
}

/** The first paragraph is the answer; what follows, a quotation as a rule, is told to whoever chooses it. */
function answerOf(item: MarkdownNode): AnswerModel {
	const [first, ...rest] = item.children ?? [];
	const label = first?.type === "paragraph" ? [...(first.children ?? [])] : first ? [first] : [];
	const feedback = rest.flatMap((node) => (node.type === "blockquote" ? [...(node.children ?? [])] : [node]));
	return { label, feedback };
}

function numberOptions(
	answer: string,
	within: string | undefined,
	unit: string | undefined,
	what: string,
	place: Place,
): { answer: number; within: number; unit?: string } {
	const read = (name: string, text: string): number => {
		const value = Number(text);
		if (text.trim() !== "" && Number.isFinite(value)) return value;
		throw new AuthoringProblem(
			`${what}: the option “${name}” must be a number, and “${text}” is none.`,
			place,
		);
	};
	const value = read("answer", answer);
	if (within === undefined) return { answer: value, within: 0, unit };
	const share = /^(.*)%$/.exec(within.trim());
	const distance = share ? (Math.abs(value) * read("within", share[1])) / 100 : read("within", within);
	if (distance < 0) throw new AuthoringProblem(`${what}: the option “within” must not be negative.`, place);
	return { answer: value, within: distance, unit };
}

/** `- 72: That is every chunk.` and `- other: …`: what is told of a number. */
function repliesOf(
	list: MarkdownNode | undefined,
	what: string,
): { replies: (number | null)[]; answers: AnswerModel[] } {
	const replies: (number | null)[] = [];
	const answers: AnswerModel[] = [];
	for (const item of list?.children ?? []) {
		const [first, ...rest] = item.children ?? [];
		const [head, ...inline] = first?.children ?? [];
		const found = /^\s*([^\s:]+):\s*/.exec(head?.value ?? "");
		const number = found?.[1] === "other" ? null : Number(found?.[1]);
		if (!found || Number.isNaN(number)) {
			throw new AuthoringProblem(
				`${what}: cannot read “${start(textOf(item).trim())}”. Write - 72: what to say to that number, or - other: for any other.`,
				placeOf(item),
			);
		}
		if (replies.includes(number))
			throw new AuthoringProblem(`${what} has two replies to ${found[1]}.`, placeOf(item));
		replies.push(number);
		const text = { type: "text", value: (head.value ?? "").slice(found[0].length) };
		answers.push({ label: [], feedback: [{ type: "paragraph", children: [text, ...inline] }, ...rest] });
	}
	return { replies, answers };
}

/** An order that is the same at each build and never the right one. */
function shuffled(length: number, seed: string): number[] {
	let state = [...seed].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7);
	const random = (below: number) => {
		state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
		return Math.floor((state / 2 ** 32) * below);
	};
	const order = Array.from({ length }, (_, i) => i);
	for (let i = length - 1; i > 0; i--) {
		const j = random(i + 1);
		[order[i], order[j]] = [order[j], order[i]];
	}
	return order.every((at, i) => at === i) ? [...order.slice(1), order[0]] : order;
}

function start(text: string): string {
	const line = text.split("\n")[0];
	return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
