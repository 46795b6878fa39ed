/** A slice as a picture: pixels on a canvas, axes in coordinates, colour bar, contrast window, read-out, scale bar. */
import type { PictureDisplay } from "../../../lib/display.ts";
import { type ColorMap, colorMaps, lookupTable } from "./colours.ts";
import { element } from "./element.ts";
import { drawFrame } from "./picture-frame.ts";

export function drawPicture(host: HTMLElement, model: PictureDisplay): void {
	let [low, high] = model.window;
	let colorMap: ColorMap = model.colorMap;
	const pixels = element("canvas", { class: "cw-picture-pixels", role: "img", "aria-label": model.alt });
	pixels.width = model.width;
	pixels.height = model.height;
	const readOut = element("output", { class: "cw-picture-readout" }, " ");
	const frame = element("div", { class: "cw-picture-frame" });

	const paint = () => {
		paintPixels(pixels, model, low, high, colorMap);
		drawFrame(frame, pixels, model, { low, high, colorMap });
	};
	host.replaceChildren();
	if (model.title) host.append(element("p", { class: "cw-picture-title" }, model.title));
	host.append(frame, controls(), readOut);
	paint();
	// Axis labels must stay legible at any width, so the frame is laid out anew when it changes.
	let width = 0;
	new ResizeObserver(([entry]) => {
		const next = Math.round(entry.contentRect.width);
		if (next === width || next === 0) return;
		width = next;
		drawFrame(frame, pixels, model, { low, high, colorMap });
	}).observe(frame);

	pixels.addEventListener("pointermove", (event) => {
		const box = pixels.getBoundingClientRect();
		const column = Math.floor(((event.clientX - box.left) / box.width) * model.width);
		const row = Math.floor(((event.clientY - box.top) / box.height) * model.height);
		if (column < 0 || row < 0 || column >= model.width || row >= model.height) return;
		const at = ({ name, first, step, unit }: PictureDisplay["horizontal"], i: number) =>
			`${name} ${Number((first + i * step).toPrecision(6))}${unit ? ` ${unit}` : ""}`;
		readOut.textContent = `${at(model.vertical, row)}, ${at(model.horizontal, column)}: ${model.data[row * model.width + column]}`;
	});
	pixels.addEventListener("pointerleave", () => {
		readOut.textContent = " ";
	});

	function controls(): HTMLElement {
		const [min, max] = model.range;
		const step = Number.isInteger(min) && Number.isInteger(max) ? "1" : String((max - min) / 500 || 1);
		const range = (label: string, value: number, set: (value: number) => void) => {
			const input = element("input", {
				type: "range",
				min: String(min),
				max: String(max),
				step,
				value: String(value),
			});
			const shown = element("output", {}, String(Math.round(value * 100) / 100));
			input.addEventListener("input", () => {
				set(input.valueAsNumber);
				shown.textContent = input.value;
				paint();
			});
			return element("label", {}, element("span", {}, label), input, shown);
		};
		const select = element("select", {});
		for (const name of colorMaps)
			select.append(element("option", name === colorMap ? { selected: "" } : {}, name));
		select.addEventListener("change", () => {
			colorMap = select.value as ColorMap;
			paint();
		});
		return element(
			"details",
			{ class: "cw-picture-controls" },
			element("summary", {}, "Contrast and colours"),
			range("darkest", low, (value) => {
				low = value;
			}),
			range("brightest", high, (value) => {
				high = value;
			}),
			element("label", {}, element("span", {}, "colours"), select),
		);
	}
}

function paintPixels(
	canvas: HTMLCanvasElement,
	model: PictureDisplay,
	low: number,
	high: number,
	colorMap: ColorMap,
): void {
	const context = canvas.getContext("2d");
	if (!context) throw new Error("the browser gives no 2-D canvas");
	const table = lookupTable(colorMap);
	const image = context.createImageData(model.width, model.height);
	const scale = 255 / Math.max(high - low, Number.MIN_VALUE);
	for (let i = 0; i < model.width * model.height; i++) {
		const level = Math.max(0, Math.min(255, Math.round((Number(model.data[i]) - low) * scale))) || 0;
		image.data[i * 4] = table[level * 3];
		image.data[i * 4 + 1] = table[level * 3 + 1];
		image.data[i * 4 + 2] = table[level * 3 + 2];
		image.data[i * 4 + 3] = 255;
	}
	context.putImageData(image, 0, 0);
}
