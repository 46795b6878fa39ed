/** Answers that learners might give to the exercises of a lesson: `tests/lessons/answers/LESSON.ts`, by exercise. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

export interface ExerciseAnswers {
	/** At least two likely mistakes, each with words of the feedback that fits it. */
	wrong: { answer: string; told: RegExp }[];
	/** At least one right answer that is unlike the solution. */
	right: string[];
}

/** By the id of the exercise. */
export type Answers = Record<string, ExerciseAnswers>;

const folder = join(import.meta.dirname, "../lessons/answers");

/** Those of a lesson. @throws Error where the lesson has exercises and no such file */
export async function answersOf(lesson: string): Promise<Answers> {
	const file = join(folder, `${lesson}.ts`);
	if (!existsSync(file))
		throw new Error(`tests/lessons/answers/${lesson}.ts is absent: write answers to its exercises`);
	return ((await import(pathToFileURL(file).href)) as { answers: Answers }).answers;
}
