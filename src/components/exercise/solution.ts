/** An open solution: beside the learner's own code with what differs, and into the cell on request, with a way back. */
import type { CellHandle } from "../cell/cell-parts.ts";
import { element } from "../cell/displays/element.ts";
import { controllerOf } from "../cell/lazy.ts";
import { diffView } from "../work/diff-view.ts";
import { prefix, thisLesson } from "../work/keys.ts";
import { store } from "../work/storage.ts";

const opened = new WeakMap<HTMLElement, () => void>();

/** Shows what differs, as the code is now. */
export async function openSolution(details: HTMLElement): Promise<void> {
	const show = opened.get(details) ?? (await prepare(details));
	if (!show) return;
	opened.set(details, show);
	show();
}

async function prepare(details: HTMLElement): Promise<(() => void) | undefined> {
	const place = details.querySelector<HTMLElement>("[data-part=compare]");
	const host = document.getElementById(`cell-${details.dataset.solutionOf}`);
	if (!place || !host) return undefined;
	const cell: CellHandle = await controllerOf(host);
	const { id, solution = "" } = cell.data;
	/** The learner's own code, kept while the solution stands in its place: over a reload, too. */
	const key = `${prefix}before-solution ${thisLesson()} ${id}`;
	const attempt = element("button", { type: "button", class: "cw-small-button" }, "Try the solution");
	const undo = element("button", { type: "button", class: "cw-small-button" }, "Undo: put my code back");
	const said = element("p", { class: "cw-solution-said", role: "status" });
	const difference = element("div");
	attempt.addEventListener("click", () => {
		store.set(key, cell.source);
		cell.setSource(solution);
		said.textContent = "The solution is in the cell. Your own code is kept.";
		undo.focus();
	});
	undo.addEventListener("click", () => {
		const own = store.get(key);
		if (own !== undefined) cell.setSource(own);
		store.remove(key);
		show();
		said.textContent = "Your own code is back in the cell.";
		attempt.focus();
	});
	const show = () => {
		const isIn = cell.source === solution;
		const own = isIn ? (store.get(key) ?? cell.source) : cell.source;
		attempt.hidden = isIn;
		undo.hidden = !isIn || store.get(key) === undefined;
		difference.replaceChildren(
			own === solution
				? element("p", {}, "Your code is the same as this solution.")
				: diffView(own, solution, { before: "Your code", after: "The solution" }),
		);
	};
	let waiting: ReturnType<typeof setTimeout> | undefined;
	cell.on("edit", () => {
		clearTimeout(waiting);
		// The buttons at once, the comparison when the typing pauses.
		if (cell.source === solution || !undo.hidden) show();
		else waiting = setTimeout(show, 300);
	});
	place.append(difference, element("p", { class: "cw-solution-tools" }, attempt, " ", undo), said);
	place.hidden = false;
	return show;
}
