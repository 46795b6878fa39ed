/** The lessons of the course, as the build reads them. */
import { join } from "node:path";
import { type LessonFile, pythonSteps, readLessons } from "../../src/authoring/read-lessons.ts";

export type { LessonFile };

const folder = join(import.meta.dirname, "../../src/content/docs");

/** Every page that has cells or quizzes. */
export function lessons(): Promise<LessonFile[]> {
	return readLessons(folder);
}

/** The Python beside cells: real code, for the interoperability tests to run. */
export const pythonOfLessons = () => pythonSteps(folder);
