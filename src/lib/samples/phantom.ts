/**
 * A digital phantom of HL60 nuclei: a synthetic stand-in for the course's sample image, the same on every machine.
 *
 * It follows the three steps of Svoboda, Kozubek and Stejskal, Cytometry A 75A:494–509 (2009): an object
 * (nuclei.ts), its image in a fluorescence microscope (blur by the point spread function), and detection by a camera
 * (photon noise, read noise, offset). The parameters are ours, set so that intensities, noise and compressibility
 * are near those of the sample, not fitted to any microscope.
 */
import { type LongTask, progressOf } from "../progress.ts";
import { blur } from "./blur.ts";
import { placeNuclei, sceneSize } from "./nuclei.ts";
import { random } from "./random.ts";

/** Goes up whenever the voxels of a seed change. */
export const phantomVersion = 1;
export const phantomSeed = 94;

export interface PhantomOptions extends LongTask {
	/** Which scene, and which noise: an integer. Default {@link phantomSeed}. */
	seed?: number;
	/** Voxels along z, y, x; default [129, 212, 363]. Another shape samples the same scene more coarsely or finely. */
	shape?: readonly [number, number, number];
}

export interface Phantom {
	/** C order, x fastest. */
	data: Uint16Array<ArrayBuffer>;
	shape: [number, number, number];
	dtype: "uint16";
	seed: number;
	version: number;
}

type Shape = readonly [number, number, number];

/** Standard deviations of the point spread function's parts along z, y, x, in the scene's units, and their shares. */
const focus = { share: 0.4, sigma: [5.4, 1.65, 1.65] } as const;
const haze = [
	{ share: 0.36, sigma: [9.5, 4.5, 4.5] },
	{ share: 0.24, sigma: [19, 8.5, 8.5] },
] as const;

const camera = {
	/** Grey level without light. */
	offset: 91.3,
	/** Photoelectrons for one grey level. */
	electrons: 6,
	/** Read noise in grey levels, standard deviation. */
	readNoise: 4.15,
};

/**
 * Makes the phantom. For the default shape about 2.5 s, and 80 MB beyond what Node itself takes.
 * @throws the signal's reason when aborted
 */
export async function hl60Phantom(options: PhantomOptions = {}): Promise<Phantom> {
	const { seed = phantomSeed, shape = sceneSize } = options;
	const [depth] = shape;
	const report = progressOf(options);
	// Painting, blurring and detection take about a third each.
	const step = async (done: number) => {
		report({ label: "Making the synthetic phantom", done: Math.round(done), total: depth, unit: "pages" });
		await new Promise((resolve) => setTimeout(resolve));
		options.signal?.throwIfAborted();
	};
	await step(0);
	const nuclei = placeNuclei(seed);
	const light = new Float32Array(shape[0] * shape[1] * shape[2]);
	for (const [i, nucleus] of nuclei.entries()) {
		paint(light, shape, nucleus);
		await step((depth / 3) * ((i + 1) / nuclei.length));
	}
	formImage(light, shape);
	await step((depth * 2) / 3);
	const data = new Uint16Array(light.length);
	const plane = shape[1] * shape[2];
	const noise = random(seed, 2);
	for (let z = 0; z < depth; z++) {
		detect(light, data, z * plane, (z + 1) * plane, noise);
		if (z % 16 === 15) await step((depth * 2) / 3 + (z + 1) / 3);
	}
	await step(depth);
	return { data, shape: [...shape], dtype: "uint16", seed, version: phantomVersion };
}

/** Adds a nucleus to the light; where two meet, the brighter one is seen. */
function paint(light: Float32Array, shape: Shape, nucleus: ReturnType<typeof placeNuclei>[number]): void {
	const units = sceneSize.map((size, axis) => size / shape[axis]);
	const range = (axis: number): [number, number] => [
		Math.max(0, Math.floor((nucleus.centre[axis] - nucleus.reach) / units[axis])),
		Math.min(shape[axis], Math.ceil((nucleus.centre[axis] + nucleus.reach) / units[axis])),
	];
	const place = (index: number, axis: number) => (index + 0.5) * units[axis] - 0.5 - nucleus.centre[axis];
	const [firstZ, lastZ] = range(0);
	const [firstY, lastY] = range(1);
	const [firstX, lastX] = range(2);
	for (let z = firstZ; z < lastZ; z++) {
		for (let y = firstY; y < lastY; y++) {
			const row = (z * shape[1] + y) * shape[2];
			for (let x = firstX; x < lastX; x++) {
				const stain = nucleus.stain(place(z, 0), place(y, 1), place(x, 2));
				if (stain > light[row + x]) light[row + x] = stain;
			}
		}
	}
}

/**
 * The microscope: light in focus, sharper across than along the optical axis, and light out of focus, which spreads
 * the wider the further it is from its source. The latter has no detail, so it is made at half the resolution.
 */
function formImage(light: Float32Array, shape: Shape): void {
	const units = sceneSize.map((size, axis) => size / shape[axis]);
	const sigmas = (sigma: readonly number[], factor: number): [number, number, number] => [
		sigma[0] / units[0] / factor,
		sigma[1] / units[1] / factor,
		sigma[2] / units[2] / factor,
	];
	const coarse = halve(light, shape);
	const spread = new Float32Array(coarse.data.length);
	for (const { share, sigma } of haze) {
		const part = coarse.data.slice();
		blur(part, coarse.shape, sigmas(sigma, 2));
		for (let i = 0; i < part.length; i++) spread[i] += share * part[i];
	}
	blur(light, shape, sigmas(focus.sigma, 1));
	addDoubled(light, shape, focus.share, spread, coarse.shape);
}

/** Means of 2 × 2 × 2 voxels, of fewer at the far edges. */
function halve(light: Float32Array, shape: Shape): { data: Float32Array; shape: [number, number, number] } {
	const [depth, height, width] = shape.map((size) => Math.ceil(size / 2));
	const data = new Float32Array(depth * height * width);
	for (let z = 0; z < shape[0]; z++) {
		for (let y = 0; y < shape[1]; y++) {
			const from = (z * shape[1] + y) * shape[2];
			const to = ((z >> 1) * height + (y >> 1)) * width;
			for (let x = 0; x < shape[2]; x++) data[to + (x >> 1)] += light[from + x];
		}
	}
	const inBlock = (index: number, size: number) => Math.min(2, size - 2 * index);
	for (let z = 0; z < depth; z++) {
		for (let y = 0; y < height; y++) {
			const rows = inBlock(z, shape[0]) * inBlock(y, shape[1]);
			const row = (z * height + y) * width;
			for (let x = 0; x < width; x++) data[row + x] /= rows * inBlock(x, shape[2]);
		}
	}
	return { data, shape: [depth, height, width] };
}

/** light = share · light + coarse, the latter interpolated between the centres of its voxels. */
function addDoubled(
	light: Float32Array,
	shape: Shape,
	share: number,
	coarse: Float32Array,
	coarseShape: Shape,
): void {
	const [depth, height, width] = coarseShape;
	const row = new Float64Array(width);
	// The nearer neighbour has three quarters, the other one a quarter.
	const other = (index: number, size: number) =>
		Math.min(size - 1, Math.max(0, (index >> 1) + ((index & 1) === 0 ? -1 : 1)));
	for (let z = 0; z < shape[0]; z++) {
		const nearZ = (z >> 1) * height;
		const farZ = other(z, depth) * height;
		for (let y = 0; y < shape[1]; y++) {
			const near = y >> 1;
			const far = other(y, height);
			const a = (nearZ + near) * width;
			const b = (nearZ + far) * width;
			const c = (farZ + near) * width;
			const d = (farZ + far) * width;
			for (let x = 0; x < width; x++) {
				row[x] = 0.5625 * coarse[a + x] + 0.1875 * (coarse[b + x] + coarse[c + x]) + 0.0625 * coarse[d + x];
			}
			const to = (z * shape[1] + y) * shape[2];
			for (let x = 0; x < shape[2]; x++) {
				light[to + x] = share * light[to + x] + 0.75 * row[x >> 1] + 0.25 * row[other(x, width)];
			}
		}
	}
}

/** The camera: photons arrive at random, and reading them out adds noise. */
function detect(
	light: Float32Array,
	data: Uint16Array,
	from: number,
	to: number,
	noise: ReturnType<typeof random>,
): void {
	const { offset, electrons, readNoise } = camera;
	for (let i = from; i < to; i++) {
		const photoelectrons = noise.poisson(light[i] * electrons);
		const level = Math.round(offset + photoelectrons / electrons + readNoise * noise.gaussian());
		data[i] = Math.min(65535, Math.max(0, level));
	}
}
