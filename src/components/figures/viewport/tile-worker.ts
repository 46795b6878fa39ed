/** Computes pieces of the synthetic image off the page's thread. */
import { intensities, type Specimen, specimen } from "./nuclei.ts";

export interface TileSetup {
	width: number;
	height: number;
	seed: number;
	/** 256 colours as RGBA bytes. */
	colors: Uint8ClampedArray;
}

export interface TileRequest {
	id: string;
	factor: number;
	left: number;
	top: number;
	width: number;
	height: number;
}

export interface TileAnswer {
	id: string;
	bitmap: ImageBitmap;
}

let sample: Specimen | undefined;
let colors = new Uint8ClampedArray(1024);

self.onmessage = async ({ data }: MessageEvent<TileSetup | TileRequest>) => {
	if ("colors" in data) {
		sample = specimen(data.width, data.height, data.seed);
		colors = new Uint8ClampedArray(data.colors);
		return;
	}
	if (!sample) return;
	const { id, factor, left, top, width, height } = data;
	const values = intensities(sample, factor, left, top, width, height);
	const image = new ImageData(width, height);
	for (let i = 0; i < values.length; i++) {
		const color = 4 * Math.min(255, Math.round(243 * values[i]));
		image.data[4 * i] = colors[color];
		image.data[4 * i + 1] = colors[color + 1];
		image.data[4 * i + 2] = colors[color + 2];
		image.data[4 * i + 3] = 255;
	}
	const bitmap = await createImageBitmap(image);
	(self as unknown as Worker).postMessage({ id, bitmap } satisfies TileAnswer, [bitmap]);
};
