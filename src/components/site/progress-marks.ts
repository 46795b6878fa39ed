/** Marks in the sidebar: a ring that fills, a check mark when all is done, and words for screen readers. */
import { isLesson, lessonOf, progressEvent, progressKey } from "../work/keys.ts";

function showMarks(): void {
	for (const link of document.querySelectorAll<HTMLAnchorElement>("#starlight__sidebar a[href]")) {
		const lesson = lessonOf(link.pathname);
		if (!isLesson(lesson)) continue;
		let [done, of] = [0, 0];
		try {
			({ done, of } = JSON.parse(localStorage.getItem(progressKey(lesson)) ?? '{"done":0,"of":0}'));
		} catch {
			// Blocked storage, or not ours: no mark.
		}
		link.querySelector(".cw-mark")?.remove();
		if (!(done > 0 && of > 0)) continue;
		const mark = document.createElement("span");
		mark.className = done < of ? "cw-mark" : "cw-mark cw-mark-all";
		mark.title = `${done} of ${of} done`;
		mark.style.setProperty("--cw-done", `${Math.round((100 * done) / of)}%`);
		const words = document.createElement("span");
		words.className = "sr-only";
		words.textContent = ` (${done < of ? `${done} of ${of}` : "all"} done)`;
		mark.append(words);
		link.append(mark);
	}
}

showMarks();
addEventListener("storage", showMarks);
document.addEventListener(progressEvent, showMarks);
