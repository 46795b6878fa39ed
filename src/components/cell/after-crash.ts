/** Tells which cell ran when the browser ended the page. Loaded only where such a note was left. */
import "./after-crash.css";
import { element } from "./displays/element.ts";
import { marksOfEndedPages } from "./run-mark.ts";

const why =
	"the browser ended the page, most likely because memory ran out. The cell does not run again by itself; what you wrote is kept.";

/** Says it under the cell, until it runs again; above all cells where it is not on the page yet. */
export async function tellEndedPages(): Promise<void> {
	for (const [, id] of await marksOfEndedPages()) {
		const notice = element("p", { class: "cw-ended not-content", role: "status" });
		const cell = document.querySelector<HTMLElement>(`chunkwise-cell[data-cell="${CSS.escape(id)}"]`);
		if (cell) untilItRuns(cell, notice);
		else document.querySelector("chunkwise-controls")?.after(notice);
		const what = cell ? "this cell" : "a cell";
		// A live region says what comes into it.
		requestAnimationFrame(() => {
			notice.textContent = `When ${what} ran last, ${why}`;
		});
	}
}

function untilItRuns(cell: HTMLElement, notice: HTMLElement): void {
	cell.dataset.run = "manual";
	cell.querySelector("[data-part=output]")?.before(notice);
	const watch = new MutationObserver(() => {
		if (cell.dataset.state !== "running") return;
		watch.disconnect();
		notice.remove();
	});
	watch.observe(cell, { attributeFilter: ["data-state"] });
}
