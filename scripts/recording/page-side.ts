/** What is put into a page that is recorded. */
import { type Frozen, freeze } from "./freeze.ts";

declare global {
	/** Made by the recorder in the pages that it opens. */
	var chunkwiseRecording: {
		freeze(cell: string): Promise<Frozen>;
		difference(a: string, b: string): Promise<number>;
	};
}

globalThis.chunkwiseRecording = {
	freeze: (cell) => {
		const host = document.querySelector<HTMLElement>(`#cell-${cell} [data-part=output]`);
		if (!host) throw new Error(`There is no cell ${cell}`);
		return freeze(host, cell);
	},
	difference,
};

/** Pictures are compared at this size. */
const side = 64;

/** How much two pictures differ on average, from 0 to 255; infinite where their sizes do. */
async function difference(a: string, b: string): Promise<number> {
	const [one, other] = await Promise.all([a, b].map(picture));
	if (one.naturalWidth !== other.naturalWidth || one.naturalHeight !== other.naturalHeight) return Infinity;
	const [p, q] = [one, other].map(pixels);
	return p.reduce((sum, value, i) => sum + Math.abs(value - q[i]), 0) / p.length;
}

async function picture(address: string): Promise<HTMLImageElement> {
	const image = new Image();
	image.src = address;
	await image.decode();
	return image;
}

function pixels(image: HTMLImageElement): Uint8ClampedArray {
	const canvas = document.createElement("canvas");
	canvas.width = canvas.height = side;
	const context = canvas.getContext("2d") as CanvasRenderingContext2D;
	context.drawImage(image, 0, 0, side, side);
	return context.getImageData(0, 0, side, side).data;
}
