/** Shows saved code in the page's cells before the reader does anything. Loaded only where something is saved. */
import { fingerprint } from "./fingerprint.ts";
import { thisLesson } from "./keys.ts";
import { savedCells } from "./saved-work.ts";
import { showCode } from "./shown-code.ts";

/** Cells that the loaded half of the page already looks after are left to it. */
export async function restore(): Promise<void> {
	let undecided = false;
	for (const [id, saved] of savedCells(thisLesson())) {
		const cell = document.querySelector<HTMLElement>(`chunkwise-cell[data-cell="${CSS.escape(id)}"]`);
		const spec = cell?.querySelector("[data-part=spec]")?.textContent;
		if (!cell || !spec || cell.dataset.work) continue;
		const { source: author, readonly } = JSON.parse(spec) as { source: string; readonly?: true };
		if (readonly) continue;
		showCode(cell, saved.source, author);
		if (saved.held) cell.dataset.run = "manual";
		undecided ||= !!saved.others || (saved.source !== author && saved.of !== fingerprint(author));
	}
	// Questions to the reader come with the half of the page that can act on the answers.
	if (undecided) await import("../cell/lazy.ts").then(({ page }) => page());
}
