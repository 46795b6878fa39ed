/**
 * What an exercise's cell does beside running: the answer is looked at in steps (blanks, syntax, types, run, check),
 * the first thing found is told, and attempts are noted. Blanks and syntax are found here, so that nothing has to run
 * first, neither the answer nor the cells that it needs.
 */
import type { Feedback } from "../../kernel/protocol.ts";
import type { CellHandle, CellPart } from "../cell/cell-parts.ts";
import { recordProgress } from "../work/progress.ts";
import { feedbackBox, praiseBox } from "./feedback.ts";
import { type Problem, typeProblems } from "./type-problems.ts";

export const exercisePart: CellPart = (cell) => {
	if (cell.data.check === undefined) return;
	let problems: Promise<Problem[]> = Promise.resolve([]);
	cell.beforeRun(async () => {
		const early = await inspectAnswer(cell.source);
		if (early) {
			cell.output.clear();
			tell(cell, early);
			return false;
		}
		problems = typeProblems(cell.element, cell.data.id, cell.source);
		return true;
	});
	cell.on("verdict", async (verdict) => {
		if (verdict.passed) {
			cell.output.append(praiseBox(verdict));
			return;
		}
		const type = await typeFeedback(problems);
		// What does not fit is the likelier cause, and has a place.
		if (type) show(cell, type);
		show(cell, verdict);
	});
	cell.on("state", async (state) => {
		if (state.name === "failed" && state.ms > 0) {
			noteTry(cell);
			const type = await typeFeedback(problems);
			if (type) show(cell, type);
		}
		if (state.name === "stopped" && state.by === "deadline") {
			tell(cell, {
				kind: "deadline",
				message: `Your answer did not end within ${cell.data.timeout} s.`,
				next: "Is there a loop that never ends, or is more read than the question needs?",
			});
		}
	});
};

/** The parser is loaded with the first answer: reading a lesson needs none. */
async function inspectAnswer(source: string): Promise<Feedback | undefined> {
	try {
		return (await import("../../kernel/compile/inspect.ts")).inspect(source);
	} catch {
		// Not loaded: the kernel looks at the same things itself.
		return undefined;
	}
}

function show(cell: CellHandle, feedback: Feedback): void {
	cell.output.append(feedbackBox(feedback, (place) => void cell.edit(place)));
}

/** Feedback that does not come from the check; of that, the reader's work keeps account. */
function tell(cell: CellHandle, feedback: Feedback): void {
	show(cell, feedback);
	cell.element.dataset.verdict = "failed";
	cell.say(feedback.kind === "blank" ? "not complete yet" : "not solved yet");
	// Pressing Check on what the author left is no try.
	if (feedback.kind !== "blank") noteTry(cell);
}

function noteTry({ data }: CellHandle): void {
	recordProgress({ item: data.id, kind: "exercise", state: "tried", title: data.title });
}

async function typeFeedback(asked: Promise<Problem[]>): Promise<Feedback | undefined> {
	const [first] = await asked;
	if (!first) return undefined;
	const { message, line, column } = first;
	return { kind: "type", message, place: { line, column } };
}
