/** Gradient noise (Perlin, "Improving noise", SIGGRAPH 2002): smooth and band-limited, about one feature a unit. */
import type { Random } from "./random.ts";

export type Noise = (x: number, y: number, z: number) => number;

/** Noise in about [-1, 1], zero at whole coordinates, repeating every 256. */
export function gradientNoise(random: Random): Noise {
	const order = permutation(random);
	return (x, y, z) => {
		const cellX = Math.floor(x);
		const cellY = Math.floor(y);
		const cellZ = Math.floor(z);
		const u = x - cellX;
		const v = y - cellY;
		const w = z - cellZ;
		const fadeX = fade(u);
		const fadeY = fade(v);
		const fadeZ = fade(w);
		const a = order[cellX & 255] + (cellY & 255);
		const b = order[(cellX & 255) + 1] + (cellY & 255);
		const layer = cellZ & 255;
		const aa = order[a] + layer;
		const ab = order[a + 1] + layer;
		const ba = order[b] + layer;
		const bb = order[b + 1] + layer;
		const near = mix(
			fadeY,
			mix(fadeX, slope(order[aa], u, v, w), slope(order[ba], u - 1, v, w)),
			mix(fadeX, slope(order[ab], u, v - 1, w), slope(order[bb], u - 1, v - 1, w)),
		);
		const far = mix(
			fadeY,
			mix(fadeX, slope(order[aa + 1], u, v, w - 1), slope(order[ba + 1], u - 1, v, w - 1)),
			mix(fadeX, slope(order[ab + 1], u, v - 1, w - 1), slope(order[bb + 1], u - 1, v - 1, w - 1)),
		);
		return mix(fadeZ, near, far);
	};
}

/** The numbers 0 to 255 in a random order, twice and a bit, so that sums of two need no wrapping. */
function permutation(random: Random): Uint8Array {
	const order = new Uint8Array(514);
	for (let i = 0; i < 256; i++) order[i] = i;
	for (let i = 255; i > 0; i--) {
		const j = random.bits() % (i + 1);
		const kept = order[i];
		order[i] = order[j];
		order[j] = kept;
	}
	for (let i = 256; i < order.length; i++) order[i] = order[i - 256];
	return order;
}

const fade = (t: number) => t * t * t * (t * (t * 6 - 15) + 10);
const mix = (t: number, a: number, b: number) => a + t * (b - a);

/** The scalar product with one of the twelve directions to the edges of a cube. */
function slope(hash: number, x: number, y: number, z: number): number {
	const direction = hash & 15;
	const first = direction < 8 ? x : y;
	const second = direction < 4 ? y : direction === 12 || direction === 14 ? x : z;
	return ((direction & 1) === 0 ? first : -first) + ((direction & 2) === 0 ? second : -second);
}
