/** Gaussian blur of a volume in memory, separable, edges repeated. */
import { expMinus } from "./random.ts";

/** Weights from the middle outwards, so that w[0] + 2 (w[1] + …) is 1; reaches to 3 sigma. */
export function gaussianWeights(sigma: number): Float64Array {
	const reach = Math.max(0, Math.ceil(3 * sigma));
	const weights = new Float64Array(reach + 1);
	let sum = 0;
	for (let i = 0; i <= reach; i++) {
		weights[i] = i === 0 ? 1 : expMinus((i * i) / (2 * sigma * sigma));
		sum += i === 0 ? weights[i] : 2 * weights[i];
	}
	return weights.map((weight) => weight / sum);
}

/**
 * Blurs `volume` ([z, y, x], C order) in place along each axis with a Gaussian of `sigma` voxels.
 * Needs memory for one (z, x) plane beyond it.
 */
export function blur(
	volume: Float32Array,
	shape: readonly [number, number, number],
	sigma: readonly [number, number, number],
): void {
	const [depth, height, width] = shape;
	const plane = height * width;
	const [along, down, across] = sigma.map(gaussianWeights);
	const scratch = new Float32Array(Math.max(depth, height) * width);
	for (let z = 0; z < depth; z++) {
		blurRows(volume, z * plane, height, width, width, down, scratch);
		blurWithinRows(volume, z * plane, height, width, across);
	}
	for (let y = 0; y < height; y++) blurRows(volume, y * width, depth, plane, width, along, scratch);
}

/** Replaces each of `count` rows of `width` values, `step` apart, by the weighted sum of its neighbours. */
function blurRows(
	volume: Float32Array,
	start: number,
	count: number,
	step: number,
	width: number,
	weights: Float64Array,
	rows: Float32Array,
): void {
	const reach = weights.length - 1;
	if (reach === 0) return;
	for (let row = 0; row < count; row++) {
		rows.set(volume.subarray(start + row * step, start + row * step + width), row * width);
	}
	const sum = new Float64Array(width);
	for (let row = 0; row < count; row++) {
		const middle = row * width;
		for (let x = 0; x < width; x++) sum[x] = weights[0] * rows[middle + x];
		// Two neighbours on each side at a time: the sums are read and written half as often.
		for (let i = 1; i <= reach; i += 2) {
			const near = weights[i];
			const far = i < reach ? weights[i + 1] : 0;
			const before = Math.max(0, row - i) * width;
			const after = Math.min(count - 1, row + i) * width;
			const earlier = Math.max(0, row - i - 1) * width;
			const later = Math.min(count - 1, row + i + 1) * width;
			for (let x = 0; x < width; x++) {
				sum[x] += near * (rows[before + x] + rows[after + x]) + far * (rows[earlier + x] + rows[later + x]);
			}
		}
		volume.set(sum, start + row * step);
	}
}

function blurWithinRows(
	volume: Float32Array,
	start: number,
	count: number,
	width: number,
	weights: Float64Array,
): void {
	const reach = weights.length - 1;
	if (reach === 0) return;
	const padded = new Float64Array(width + 2 * reach);
	for (let row = 0; row < count; row++) {
		const at = start + row * width;
		padded.fill(volume[at], 0, reach);
		padded.set(volume.subarray(at, at + width), reach);
		padded.fill(volume[at + width - 1], reach + width);
		for (let x = 0; x < width; x++) {
			const middle = x + reach;
			let sum = weights[0] * padded[middle];
			for (let i = 1; i <= reach; i++) sum += weights[i] * (padded[middle - i] + padded[middle + i]);
			volume[at + x] = sum;
		}
	}
}
