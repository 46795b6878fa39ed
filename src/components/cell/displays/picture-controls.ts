/** Buttons and sliders of a picture: zoom, intensities drawn darkest and brightest, colours. */
import type { PictureDisplay } from "../../../lib/display.ts";
import { type ColorMap, colorMaps } from "./colours.ts";
import { element } from "./element.ts";
import type { Look } from "./picture-pixels.ts";

interface Actions {
	/** The look has changed. */
	paint(): void;
	zoom(factor: number): void;
	reset(): void;
}

export function pictureControls(model: PictureDisplay, look: Look, actions: Actions): HTMLElement {
	const button = (label: string, press: () => void, name = label) => {
		const made = element("button", { type: "button", class: "cw-small-button", "aria-label": name }, label);
		made.addEventListener("click", press);
		return made;
	};
	const zoom = element(
		"div",
		{ class: "cw-picture-zoom", role: "group", "aria-label": "Zoom" },
		button("+", () => actions.zoom(1.5), "Zoom in"),
		button("−", () => actions.zoom(1 / 1.5), "Zoom out"),
		button("All", () => actions.reset(), "All of the picture"),
	);
	return element("div", { class: "cw-picture-controls" }, zoom, lookControls(model, look, actions));
}

function lookControls(model: PictureDisplay, look: Look, { paint }: Actions): HTMLElement {
	const [min, max] = model.range;
	const step = Number.isInteger(min) && Number.isInteger(max) ? "1" : String((max - min) / 500 || 1);
	const show: (() => void)[] = [];
	const range = (label: string, end: "low" | "high") => {
		const input = element("input", { type: "range", min: String(min), max: String(max), step });
		const shown = element("output", {});
		show.push(() => {
			input.value = String(look[end]);
			shown.textContent = String(Math.round(look[end] * 100) / 100);
		});
		input.addEventListener("input", () => {
			look[end] = input.valueAsNumber;
			shown.textContent = String(Math.round(look[end] * 100) / 100);
			paint();
		});
		return element("label", {}, element("span", {}, label), input, shown);
	};
	const select = element("select", {});
	for (const name of colorMaps)
		select.append(element("option", name === look.colorMap ? { selected: "" } : {}, name));
	select.addEventListener("change", () => {
		look.colorMap = select.value as ColorMap;
		paint();
	});
	const preset = (label: string, [low, high]: readonly [number, number]) => {
		const made = element("button", { type: "button", class: "cw-small-button" }, label);
		made.addEventListener("click", () => {
			Object.assign(look, { low, high });
			for (const refresh of show) refresh();
			paint();
		});
		return made;
	};
	const details = element(
		"details",
		{ class: "cw-picture-look" },
		element("summary", {}, "Contrast and colours"),
		range("darkest", "low"),
		range("brightest", "high"),
		element(
			"p",
			{ class: "cw-picture-presets" },
			preset("As drawn at first", model.window),
			" ",
			preset("Whole range", model.range),
		),
		element("label", {}, element("span", {}, "colours"), select),
	);
	for (const refresh of show) refresh();
	return details;
}
