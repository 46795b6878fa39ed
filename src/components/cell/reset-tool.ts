/** The way back to the author's code, and from there to the reader's own again. */
import type { CellPart } from "./cell-parts.ts";
import { element } from "./displays/element.ts";

export const resetTool: CellPart = (cell) => {
	const tool = (label: string) =>
		element("button", { type: "button", class: "cw-small-button", hidden: "" }, label);
	const reset = tool("Put back the original code");
	const undo = tool("Undo: bring back my code");
	let mine: string | undefined;
	reset.addEventListener("click", () => {
		mine = cell.source;
		cell.setSource(cell.data.source);
		undo.focus();
	});
	undo.addEventListener("click", () => {
		if (mine !== undefined) cell.setSource(mine);
		reset.focus();
	});
	cell.on("edit", (source) => {
		const edited = source !== cell.data.source;
		cell.element.classList.toggle("cw-cell-edited", edited);
		reset.hidden = !edited;
		if (edited) mine = undefined;
		undo.hidden = mine === undefined;
	});
	cell.addTool(reset);
	cell.addTool(undo);
};
