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

export interface PictureControls {
	element: HTMLElement;
	/** Sliders for another plane's values, at the look as it is. */
	refresh(model: PictureDisplay): void;
}

export function pictureControls(model: PictureDisplay, look: Look, actions: Actions): PictureControls {
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
	const { element: chosen, refresh } = lookControls(model, look, actions);
	return { element: element("div", { class: "cw-picture-controls" }, zoom, chosen), refresh };
}

function lookControls(model: PictureDisplay, look: Look, { paint }: Actions): PictureControls {
	let { range, window } = model;
	const ends = ["low", "high"] as const;
	const inputs = ends.map(() => element("input", { type: "range" }));
	const shown = ends.map(() => element("output", {}));
	const show = () => {
		const isWhole = range.every(Number.isInteger);
		ends.forEach((end, i) => {
			// A window given by the author may reach beyond the values.
			inputs[i].min = String(Math.min(range[0], look[end]));
			inputs[i].max = String(Math.max(range[1], look[end]));
			inputs[i].step = isWhole && Number.isInteger(look[end]) ? "1" : "any";
			inputs[i].value = String(look[end]);
			shown[i].textContent = short(look[end]);
		});
	};
	ends.forEach((end, i) => {
		inputs[i].addEventListener("input", () => {
			look[end] = inputs[i].valueAsNumber;
			shown[i].textContent = short(look[end]);
			paint();
		});
	});
	const label = (name: string, i: number) =>
		element("label", {}, element("span", {}, name), inputs[i], shown[i]);
	const select = element("select", {});
	for (const name of colorMaps)
		select.append(element("option", name === look.colorMap ? { selected: "" } : {}, name));
	select.addEventListener("change", () => {
		look.colorMap = select.value as ColorMap;
		paint();
	});
	const preset = (name: string, wanted: () => readonly [number, number]) => {
		const made = element("button", { type: "button", class: "cw-small-button" }, name);
		made.addEventListener("click", () => {
			const [low, high] = wanted();
			Object.assign(look, { low, high });
			show();
			paint();
		});
		return made;
	};
	const details = element(
		"details",
		{ class: "cw-picture-look" },
		element("summary", {}, "Contrast and colours"),
		label("darkest", 0),
		label("brightest", 1),
		element(
			"p",
			{ class: "cw-picture-presets" },
			preset("As drawn at first", () => window),
			" ",
			preset("Whole range", () => range),
		),
		element("label", {}, element("span", {}, "colours"), select),
	);
	show();
	return {
		element: details,
		refresh(next) {
			({ range, window } = next);
			show();
		},
	};
}

/** An intensity as it is read beside a slider. */
function short(value: number): string {
	return String(Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4)));
}
