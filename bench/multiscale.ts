/** Computing scale levels: toMultiscale against a plain loop, as multiples of one copy of the image. */
import { type SpatialImage, toMultiscale } from "../src/lib/index.ts";
import { product } from "../src/lib/types.ts";
import { measure, printTable, type Times } from "./measure.ts";

/** Six nested loops and no thought. */
function plainLoops(image: SpatialImage, factor: number): Uint16Array {
	const [depth, height, width] = image.shape;
	const shape = image.shape.map((n) => Math.floor(n / factor));
	const [z0, y0, x0] = image.shape.map((n) => n % factor);
	const source = image.data as Uint16Array;
	const out = new Uint16Array(product(shape));
	let at = 0;
	for (let z = z0; z < depth; z += factor) {
		for (let y = y0; y < height; y += factor) {
			for (let x = x0; x < width; x += factor) {
				let sum = 0;
				for (let i = 0; i < factor; i++) {
					for (let j = 0; j < factor; j++) {
						for (let k = 0; k < factor; k++) sum += source[((z + i) * height + y + j) * width + x + k];
					}
				}
				out[at++] = sum / factor ** 3;
			}
		}
	}
	return out;
}

export async function measureMultiscale(image: SpatialImage, copy: Times): Promise<void> {
	const { levels } = await toMultiscale(image, [2]);
	if (Buffer.compare(Buffer.from(plainLoops(image, 2).buffer), Buffer.from(levels[1].data.buffer)) !== 0) {
		throw new Error("the two ways disagree");
	}
	const measured: [string, Times][] = [
		["copy the image", copy],
		["toMultiscale [2, 4]", await measure(() => toMultiscale(image, [2, 4]))],
		["toMultiscale [3]", await measure(() => toMultiscale(image, [3]))],
		["toMultiscale [2], z as it is", await measure(() => toMultiscale(image, [{ y: 2, x: 2 }]))],
		["plain loops, 2 only", await measure(() => plainLoops(image, 2))],
	];
	printTable(
		"Scale levels",
		["", "median ms", "× copy", "best ms", "× best copy"],
		measured.map(([name, { median, best }]) => [name, median, median / copy.median, best, best / copy.best]),
	);
}
