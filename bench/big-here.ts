/** 1 GiB: levels and writing, where this runs. Runs in Node and in a worker. */
import { Multiscale, memoryStore, toMultiscale, toNgffZarr, toSpatialImage } from "../src/lib/index.ts";
import { measureTogether, type Run, type Times } from "./measure.ts";

export const bigShape = [512, 1024, 1024] as const;

/** The sample again and again along each axis, cut to 1 GiB of uint16. */
export function bigImage(sample: Uint16Array, shape: readonly number[]): Uint16Array {
	const [depth, height, width] = bigShape;
	const out = new Uint16Array(depth * height * width);
	for (let z = 0; z < depth; z++) {
		for (let y = 0; y < height; y++) {
			const from = ((z % shape[0]) * shape[1] + (y % shape[1])) * shape[2];
			const to = (z * height + y) * width;
			for (let x = 0; x < width; x += shape[2]) {
				out.set(sample.subarray(from, from + Math.min(shape[2], width - x)), to + x);
			}
		}
	}
	return out;
}

export interface BigTimes {
	copy: Times;
	pyramid: Times;
	write: Times;
	[peer: string]: Times;
}

/** @param peers more runs, in turn with ours */
export async function measureBigHere(
	sample: Uint16Array,
	shape: readonly number[],
	peers: (data: Uint16Array) => Promise<Record<string, Run>> = async () => ({}),
): Promise<BigTimes> {
	const data = bigImage(sample, shape);
	const image = toSpatialImage({ data, shape: [...bigShape] });
	const target = new Uint16Array(data.length);
	const finest = new Multiscale([image]);
	const runs = {
		copy: () => target.set(data),
		pyramid: () => toMultiscale(image, [2, 4]),
		write: () => toNgffZarr(memoryStore(), finest, { codec: "blosc-lz4" }),
		...(await peers(data)),
	};
	return (await measureTogether(runs, { rounds: 3 })) as BigTimes;
}
