/**
 * The scene of the computed image: a block of tissue without end, nuclei in cubes of 80 voxels, dense in some places
 * and none in others. Values of any chunk of any scale level come from positions alone. Synthetic.
 */
import { seededRandom } from "../bucket/simulate.ts";
import { gradientNoise, type Noise } from "./gradient-noise.ts";
import { random } from "./random.ts";

/** Edge of the cube in which at most one nucleus has its centre, in voxels of the finest level. */
const cube = 80;
const largestRadius = 42;
/** Grey levels: of nothing, and of a nucleus in the densest tissue. */
const background = 110;
const brightest = 2600;
/** From this step on single nuclei are not told apart: their mean is drawn. */
const blurred = 16;
/** Part of a cube that its nucleus fills, about. */
const filled = 0.3;

/** A box of voxels of a scale level. */
export interface TissueBox {
	/** First voxel: z, y, x. */
	start: readonly number[];
	/** Voxels along z, y, x. */
	extent: readonly number[];
	/** Voxels of the finest level along the edge of one voxel. */
	step: number;
}

export class Tissue {
	readonly #seed: number;
	readonly #noise: Noise;

	constructor(seed: number) {
		this.#seed = seed;
		this.#noise = gradientNoise(random(seed, 7));
	}

	/** The values of a box, C order. */
	values({ start, extent, step }: TissueBox): Uint16Array {
		const out = new Uint16Array(extent[0] * extent[1] * extent[2]);
		// The centre of the first voxel, in voxels of the finest level.
		const origin = start.map((at) => at * step + (step - 1) / 2);
		if (step >= blurred) this.#means(out, origin, extent, step);
		else this.#nuclei(out, origin, extent, step);
		return out;
	}

	/** Share of the cubes with a nucleus, and its brightness: 0 where there is no tissue. */
	#density(z: number, y: number, x: number, step: number): number {
		let sum = 0.22 + 0.75 * this.#noise(x / 1900, y / 1900, z / 1900);
		// Detail finer than a voxel is noise.
		if (step < 260) sum += 0.45 * this.#noise(x / 610 + 31, y / 610, z / 610);
		return Math.min(1, Math.max(0, 1.25 * sum));
	}

	#means(out: Uint16Array, origin: readonly number[], extent: readonly number[], step: number): void {
		let to = 0;
		for (let k = 0; k < extent[0]; k++) {
			for (let j = 0; j < extent[1]; j++) {
				for (let i = 0; i < extent[2]; i++) {
					const density = this.#density(
						origin[0] + k * step,
						origin[1] + j * step,
						origin[2] + i * step,
						step,
					);
					out[to++] = background + brightest * filled * density * density;
				}
			}
		}
	}

	#nuclei(out: Uint16Array, origin: readonly number[], extent: readonly number[], step: number): void {
		out.fill(background);
		const cubes = origin.map((at, axis) => [
			Math.floor((at - largestRadius) / cube),
			Math.floor((at + (extent[axis] - 1) * step + largestRadius) / cube),
		]);
		for (let cz = cubes[0][0]; cz <= cubes[0][1]; cz++) {
			for (let cy = cubes[1][0]; cy <= cubes[1][1]; cy++) {
				for (let cx = cubes[2][0]; cx <= cubes[2][1]; cx++)
					this.#nucleus(out, [cz, cy, cx], origin, extent, step);
			}
		}
	}

	#nucleus(
		out: Uint16Array,
		at: readonly [number, number, number],
		origin: readonly number[],
		extent: readonly number[],
		step: number,
	): void {
		const chance = this.#chances(at);
		const centre = at.map((c, axis) => c * cube + cube * (0.3 + 0.4 * chance[axis]));
		const density = this.#density(centre[0], centre[1], centre[2], 1);
		if (chance[3] >= density) return;
		const radii = [26, 30, 34].map((radius, axis) => radius + 8 * chance[4 + axis]);
		const stain = brightest * density * (0.7 + 0.3 * chance[7]);
		const range = (axis: number): [number, number] => [
			Math.max(0, Math.ceil((centre[axis] - radii[axis] - origin[axis]) / step)),
			Math.min(extent[axis] - 1, Math.floor((centre[axis] + radii[axis] - origin[axis]) / step)),
		];
		const [zs, ys, xs] = [range(0), range(1), range(2)];
		for (let k = zs[0]; k <= zs[1]; k++) {
			const dz = (origin[0] + k * step - centre[0]) / radii[0];
			for (let j = ys[0]; j <= ys[1]; j++) {
				const dy = (origin[1] + j * step - centre[1]) / radii[1];
				const row = (k * extent[1] + j) * extent[2];
				for (let i = xs[0]; i <= xs[1]; i++) {
					const x = origin[2] + i * step;
					const dx = (x - centre[2]) / radii[2];
					const inside = 1 - (dx * dx + dy * dy + dz * dz);
					if (inside <= 0) continue;
					const texture =
						step < 8
							? 0.3 * this.#noise(x / 9, (centre[1] + dy * radii[1]) / 9, (centre[0] + dz * radii[0]) / 9)
							: 0;
					out[row + i] += stain * Math.min(1, inside * 5) * (0.75 + texture);
				}
			}
		}
	}

	/** Eight numbers from 0 to 1 that a cube decides. */
	#chances(at: readonly number[]): number[] {
		let state = this.#seed | 0;
		for (const c of at) state = Math.imul(state ^ (c + 0x9e3779b9), 0x85ebca6b) ^ (state >>> 13);
		return Array.from({ length: 8 }, seededRandom(state));
	}
}
