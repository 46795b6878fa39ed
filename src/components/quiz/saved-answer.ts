/** A reader's answer to a quiz, kept as code in a cell is: by lesson and id, with a hash of the author's version. */
import { fingerprint } from "../work/fingerprint.ts";
import { thisLesson } from "../work/keys.ts";
import { readCell, writeCell } from "../work/saved-work.ts";

export interface SavedAnswer {
	/** As {@link AnswerInput.read} gives it. */
	answer: string;
	/** True once it was checked, or, of a prediction, kept. */
	checked: boolean;
}

/** The answer; undefined where there is none, or the author has changed the quiz since. */
export function readAnswer(quiz: string, spec: string): SavedAnswer | undefined {
	const saved = readCell(thisLesson(), quiz);
	if (!saved || saved.of !== fingerprint(spec)) return undefined;
	try {
		const { answer, checked } = JSON.parse(saved.source) as Partial<SavedAnswer>;
		return typeof answer === "string" ? { answer, checked: checked === true } : undefined;
	} catch {
		return undefined;
	}
}

export function writeAnswer(quiz: string, spec: string, answer: SavedAnswer): void {
	writeCell(thisLesson(), quiz, {
		v: 1,
		source: JSON.stringify(answer),
		of: fingerprint(spec),
		at: new Date().toISOString(),
		by: "quiz",
	});
}
