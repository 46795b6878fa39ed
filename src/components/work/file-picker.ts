/** A button by which the reader chooses files of exported work. */
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";

/**
 * The button, and the browser's own field behind it, which is not seen. Calls back with what was chosen; the same file
 * can be chosen again.
 */
export function filePicker(
	label: string,
	options: { name: string; several?: boolean },
	chosen: (files: File[]) => unknown,
): [HTMLButtonElement, HTMLInputElement] {
	const button = smallButton(label);
	const field = element("input", {
		type: "file",
		accept: ".json,application/json",
		class: "cw-visually-hidden",
		tabindex: "-1",
		"aria-label": options.name,
	});
	field.multiple = options.several === true;
	button.addEventListener("click", () => field.click());
	field.addEventListener("change", async () => {
		const files = [...(field.files ?? [])];
		if (files.length > 0) await chosen(files);
		field.value = "";
	});
	return [button, field];
}
