/** The way back to the author's code. */
import type { CellPart } from "./cell-parts.ts";
import { element } from "./displays/element.ts";

export const resetTool: CellPart = (cell) => {
	const reset = element(
		"button",
		{ type: "button", class: "cw-small-button", hidden: "" },
		"Put back the original code",
	);
	reset.addEventListener("click", () => cell.setSource(cell.data.source));
	cell.on("edit", (source) => {
		const edited = source !== cell.data.source;
		cell.element.classList.toggle("cw-cell-edited", edited);
		reset.hidden = !edited;
	});
	cell.addTool(reset);
};
