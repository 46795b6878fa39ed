/**
 * Random numbers that are the same on every machine and engine: 32-bit integer arithmetic and the IEEE operations
 * + − × ÷ √ only, which JavaScript defines to the last bit. Math.exp, Math.log and Math.cos are not so defined.
 */

export interface Random {
	/** A 32-bit unsigned integer. */
	bits(): number;
	/** Uniform in [0, 1), with 32 bits. */
	uniform(): number;
	/** Uniform in [low, high). */
	between(low: number, high: number): number;
	/** Normal with mean 0 and standard deviation 1. */
	gaussian(): number;
	/** Poisson with this mean. */
	poisson(mean: number): number;
	/** A unit vector of 2 to 4 components, uniform on the sphere. */
	direction(components: number): number[];
}

/** A generator for a seed: small fast counter 32 (C. Doty-Humphrey, PractRand). Each `stream` is independent. */
export function random(seed: number, stream = 0): Random {
	let a = seed | 0;
	let b = stream | 0;
	let c = 0x9e3779b9 | 0;
	let counter = 1;
	const quantiles = normalQuantiles();

	const next = (): number => {
		const sum = (((a + b) | 0) + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (((c << 21) | (c >>> 11)) + sum) | 0;
		return sum;
	};
	// The first outputs still resemble the seed.
	for (let i = 0; i < 15; i++) next();

	const uniform = () => (next() >>> 0) / 4294967296;
	const gaussian = (): number => {
		const value = next();
		const cell = value >>> cellShift;
		const fraction = (value & cellMask) / (cellMask + 1);
		return quantiles[cell] + fraction * (quantiles[cell + 1] - quantiles[cell]);
	};
	return {
		bits: () => next() >>> 0,
		uniform,
		between: (low, high) => low + (high - low) * uniform(),
		gaussian,
		poisson(mean) {
			if (mean <= 0) return 0;
			if (mean < 16) {
				// By inversion: walk up the distribution until it passes a uniform number.
				let probability = expMinus(mean);
				let rest = uniform();
				let count = 0;
				while (rest >= probability && count < 100) {
					rest -= probability;
					count++;
					probability *= mean / count;
				}
				return count;
			}
			// Cornish and Fisher's expansion with the skewness of the Poisson distribution.
			const z = gaussian();
			return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
		},
		direction(components) {
			for (;;) {
				const vector = Array.from({ length: components }, () => 2 * uniform() - 1);
				const square = vector.reduce((sum, x) => sum + x * x, 0);
				if (square > 1 || square < 1e-4) continue;
				const length = Math.sqrt(square);
				return vector.map((x) => x / length);
			}
		},
	};
}

const cells = 1 << 14;
const cellShift = 18;
const cellMask = (1 << cellShift) - 1;
let table: Float64Array | undefined;

/**
 * Quantiles of the normal distribution at i / 16384, read by linear interpolation. From the integral of its density by
 * Simpson's rule; the outermost two are where 2^-20 lies beyond, since the true ones are infinite.
 */
function normalQuantiles(): Float64Array {
	if (table) return table;
	const quantiles = new Float64Array(cells + 1);
	const step = 1 / 2048;
	const density = (x: number) => 0.3989422804014327 * expMinus((x * x) / 2);
	const end = 4.763;
	let at = 0;
	let below = 0.5;
	let cell = cells / 2;
	while (cell < cells) {
		const above = below + (step / 6) * (density(at) + 4 * density(at + step / 2) + density(at + step));
		for (; cell < cells && cell / cells < above; cell++) {
			quantiles[cell] = at + (step * (cell / cells - below)) / (above - below);
			quantiles[cells - cell] = -quantiles[cell];
		}
		at += step;
		below = above;
	}
	quantiles[cells] = end;
	quantiles[0] = -end;
	table = quantiles;
	return quantiles;
}

/** 1/n: dividing in the loop costs more than the rest of it. */
const reciprocals = Float64Array.from({ length: 10 }, (_, n) => 1 / n);

/** e^-x for x ≥ 0, to about 1e-15, by halving the argument, Taylor's series and squaring back. */
export function expMinus(x: number): number {
	let halvings = 0;
	let small = x;
	while (small > 0.125) {
		small /= 2;
		halvings++;
	}
	// Innermost first, so that the smallest terms are added first.
	let sum = 1;
	for (let n = reciprocals.length - 1; n > 0; n--) sum = 1 - small * reciprocals[n] * sum;
	for (; halvings > 0; halvings--) sum *= sum;
	return sum;
}
