/** The head of a cell in the playground: its title to be changed, and what can be done with the cell. */
import { element } from "../cell/displays/element.ts";

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
			element("span", { "aria-hidden": "true" }, sign),
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
			button("Add a cell above (A)", "+↑", actions.above),
			button("Add a cell below (B)", "+↓", actions.below),
			button("Move up (Alt and arrow up)", "↑", actions.up),
			button("Move down (Alt and arrow down)", "↓", actions.down),
			button("Delete this cell", "✕", actions.remove),
		),
	);
}
