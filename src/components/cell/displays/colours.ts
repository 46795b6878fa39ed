/** Colour maps for intensities: 256 steps as RGB bytes. */
import { interpolateMagma, interpolateViridis, rgb } from "d3";
import type { PictureDisplay } from "../../../lib/display.ts";

export type ColorMap = PictureDisplay["colorMap"];
export const colorMaps: readonly ColorMap[] = ["gray", "viridis", "magma"];

/** 256 × 3 bytes. */
export function lookupTable(name: ColorMap): Uint8Array {
	const table = new Uint8Array(256 * 3);
	for (let i = 0; i < 256; i++) {
		if (name === "gray") {
			table.fill(i, i * 3, i * 3 + 3);
			continue;
		}
		const colour = rgb(name === "viridis" ? interpolateViridis(i / 255) : interpolateMagma(i / 255));
		table.set([colour.r, colour.g, colour.b], i * 3);
	}
	return table;
}
