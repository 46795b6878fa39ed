/** A picture's values as coloured pixels. */
import type { PictureDisplay } from "../../../lib/display.ts";
import { type ColorMap, lookupTable } from "./colours.ts";

/** How intensities become colours. */
export interface Look {
	low: number;
	high: number;
	colorMap: ColorMap;
}

/** Colours all values, one to a pixel of the canvas. */
export function paintPixels(canvas: HTMLCanvasElement, model: PictureDisplay, look: Look): void {
	canvas.width = model.width;
	canvas.height = model.height;
	const context = contextOf(canvas);
	const table = lookupTable(look.colorMap);
	const image = context.createImageData(model.width, model.height);
	const words = new Uint32Array(image.data.buffer);
	const colours = new Uint32Array(256);
	const one = new Uint8Array(colours.buffer);
	for (let level = 0; level < 256; level++)
		one.set([table[level * 3], table[level * 3 + 1], table[level * 3 + 2], 255], level * 4);
	const scale = 255 / Math.max(look.high - look.low, Number.MIN_VALUE);
	for (let i = 0; i < words.length; i++) {
		const level = Math.max(0, Math.min(255, Math.round((Number(model.data[i]) - look.low) * scale))) || 0;
		words[i] = colours[level];
	}
	context.putImageData(image, 0, 0);
}

export function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
	const context = canvas.getContext("2d");
	if (!context) throw new Error("the browser gives no 2-D canvas");
	return context;
}
