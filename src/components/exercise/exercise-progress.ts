/** How far the learner is, at an exercise's head. */
import { thisLesson } from "../work/keys.ts";
import { readProgress } from "../work/progress.ts";
import { progressText } from "./progress-text.ts";

export function showProgress(exercise: HTMLElement): void {
	const item = readProgress(thisLesson()).items[exercise.dataset.exercise ?? ""];
	exercise.toggleAttribute("data-tried", item !== undefined);
	exercise.toggleAttribute("data-solved", item?.state === "done");
	const line = exercise.querySelector("[data-part=progress]");
	if (line) line.textContent = progressText(item);
}
