/** Computing scale levels otherwise: other factors, a plain loop, and ngff-zarr's bin shrink, in turn. */
import { type SpatialImage, toMultiscale } from "../src/lib/index.ts";
import { product } from "../src/lib/types.ts";
import { measureTogether, type Run, showTable } from "./measure.ts";
import type { PythonRun } from "./steps.ts";

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

export async function measureMultiscale(image: SpatialImage, python: PythonRun): Promise<void> {
	const { levels } = await toMultiscale(image, [2]);
	if (Buffer.compare(Buffer.from(plainLoops(image, 2).buffer), Buffer.from(levels[1].data.buffer)) !== 0) {
		throw new Error("the two ways disagree");
	}
	const target = image.data.slice();
	const runs: Record<string, Run | undefined> = {
		"copy the image": () => target.set(image.data as never),
		"toMultiscale [2, 4]": () => toMultiscale(image, [2, 4]),
		"toMultiscale [3]": () => toMultiscale(image, [3]),
		"toMultiscale [2], z as it is": () => toMultiscale(image, [{ y: 2, x: 2 }]),
		"plain loops, 2 only": () => plainLoops(image, 2),
		"xarray coarsen [2, 4]": python("pyramid", "xarray"),
		"ngff-zarr ITK bin shrink [2, 4]": python("pyramid ngff", "ngff_zarr"),
	};
	const present = Object.entries(runs).filter((entry): entry is [string, Run] => entry[1] !== undefined);
	const times = await measureTogether(Object.fromEntries(present), { rounds: 5 });
	const copy = times["copy the image"];
	showTable({
		name: "multiscale",
		title: "Scale levels, in Node",
		columns: ["", "median ms", "× copy", "best ms"],
		rows: present.map(([name]) => [
			name,
			times[name].median,
			times[name].median / copy.median,
			times[name].best,
		]),
	});
}
