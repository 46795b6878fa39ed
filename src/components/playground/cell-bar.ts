/** The head of a cell in the playground: its title to be changed, and what can be done with the cell. */
import { element, svgElement } from "../cell/displays/element.ts";

export interface CellActions {
	/** Gives back the title as it is kept. */
	rename(title: string): Promise<string>;
	above(): unknown;
	below(): unknown;
	up(): unknown;
	down(): unknown;
	remove(): unknown;
}

export function cellBar(title: string, actions: CellActions): HTMLElement {
	const field = element("input", {
		class: "cw-cell-title cw-playground-title",
		"aria-label": "Title of this cell",
		maxlength: "120",
		value: title,
		autocomplete: "off",
	});
	let kept = title;
	field.addEventListener("change", async () => {
		kept = await actions.rename(field.value);
		field.value = kept;
	});
	field.addEventListener("keydown", (event) => {
		if (event.key === "Enter") field.blur();
		else if (event.key === "Escape") field.value = kept;
	});
	const button = (label: string, sign: string, act: () => unknown) => {
		const made = element(
			"button",
			{ type: "button", class: "cw-small-button", "aria-label": label, title: label },
			icon(sign),
		);
		made.addEventListener("click", () => void act());
		return made;
	};
	return element(
		"span",
		{ class: "cw-playground-bar" },
		field,
		element(
			"span",
			{ class: "cw-playground-actions", role: "group", "aria-label": "This cell" },
			button("Add a cell above (A)", signs.above, actions.above),
			button("Add a cell below (B)", signs.below, actions.below),
			button("Move up (Alt and arrow up)", signs.up, actions.up),
			button("Move down (Alt and arrow down)", signs.down, actions.down),
			button("Delete this cell", signs.remove, actions.remove),
		),
	);
}

/** Drawn in a square of 16, a plus above or below a line: signs of the faces differ in height from one system to the next. */
const signs = {
	above: "M2.5 13.5h11M8 2.5v7M4.5 6h7",
	below: "M2.5 2.5h11M8 6.5v7M4.5 10h7",
	up: "M8 13.5v-11M3.5 7L8 2.5 12.5 7",
	down: "M8 2.5v11M3.5 9L8 13.5 12.5 9",
	remove: "M3.5 3.5l9 9M12.5 3.5l-9 9",
};

function icon(path: string): SVGElement {
	return svgElement("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, svgElement("path", { d: path }));
}
