/**
 * The scene of the phantom: a cluster of nuclei, each a deformed ellipsoid with chromatin and nucleoli, after
 * D. Svoboda, M. Kozubek, S. Stejskal, "Generation of digital phantoms of cell nuclei and simulation of image formation
 * in 3D image cytometry", Cytometry A 75A:494–509 (2009). Lengths are in voxels of the full image, positions z, y, x.
 */
import { gradientNoise, type Noise } from "./gradient-noise.ts";
import { type Random, random } from "./random.ts";

export type Vector = readonly [z: number, y: number, x: number];

/** Extent of the scene, which the sample image covers with one voxel for each unit. */
export const sceneSize: Vector = [129, 212, 363];

export interface Nucleus {
	centre: Vector;
	/** Half axes of the ellipsoid before it is deformed. */
	radii: Vector;
	/** Half the side of a cube around `centre` that holds all of it. */
	reach: number;
	/** Stain at a position relative to the centre, in grey levels before blurring; 0 outside. */
	stain(z: number, y: number, x: number): number;
}

interface Nucleolus {
	centre: Vector;
	radius: number;
	/** Stain that is left in it. */
	left: number;
}

/** The nuclei of a seed: as many as `count`, the last one reaching in over the edge. */
export function placeNuclei(seed: number, count = 6): Nucleus[] {
	const placing = random(seed, 1);
	const nuclei: Nucleus[] = [];
	for (let tries = 0; nuclei.length < count && tries < 2000; tries++) {
		const inside = nuclei.length < count - 1;
		const radii = halfAxes(placing);
		const largest = Math.max(...radii);
		const [depth, height, width] = sceneSize;
		const centre: Vector = [
			depth * 0.5 + placing.between(-8, 8),
			inside ? placing.between(0.95 * largest, height - 0.95 * largest) : height + 0.78 * largest,
			placing.between(0.95 * largest, width - 0.95 * largest),
		];
		// Cells of a cluster touch: their nuclei come as near to each other as a little cytoplasm.
		const apart = nuclei.every(
			(other) => distance(other.centre, centre) > 0.94 * (largest + Math.max(...other.radii)),
		);
		if (apart) nuclei.push(makeNucleus(random(seed, 100 + nuclei.length), centre, radii));
	}
	return nuclei;
}

function halfAxes(placing: Random): Vector {
	const size = placing.between(36, 42);
	const longer = placing.between(1, 1.18);
	return [size * placing.between(0.9, 1), size * longer, size / longer];
}

function makeNucleus(own: Random, centre: Vector, radii: Vector): Nucleus {
	const [[a0, a1, a2], [b0, b1, b2], [c0, c1, c2]] = rotationFrom(own);
	const mean = (radii[0] + radii[1] + radii[2]) / 3;
	const outline = gradientNoise(own);
	const chromatin = gradientNoise(own);
	const offset: Vector = [own.between(0, 200), own.between(0, 200), own.between(0, 200)];
	const brightness = own.between(850, 1460);
	// Distance between strands, and how much they stand out: nuclei differ, with the phase of the cell cycle.
	const grain = own.between(13, 25);
	const contrast = own.between(1.2, 2);
	const nucleoli = makeNucleoli(own, mean);

	/** Distance to the membrane, positive inside. */
	const depthAt = (z: number, y: number, x: number): number => {
		const q0 = (a0 * z + a1 * y + a2 * x) / radii[0];
		const q1 = (b0 * z + b1 * y + b2 * x) / radii[1];
		const q2 = (c0 * z + c1 * y + c2 * x) / radii[2];
		const r = Math.sqrt(q0 * q0 + q1 * q1 + q2 * q2);
		if (r > 1.3) return -mean;
		const dents =
			0.2 * outline(q0 * 1.1 + offset[0], q1 * 1.1 + offset[1], q2 * 1.1 + offset[2]) +
			0.09 * outline(q0 * 3.1 + offset[2], q1 * 3.1 + offset[0], q2 * 3.1 + offset[1]);
		return (1 + dents - r) * mean;
	};

	return {
		centre,
		radii,
		reach: 1.3 * Math.max(...radii),
		stain(z, y, x) {
			const depth = depthAt(z, y, x);
			if (depth <= -1) return 0;
			const texture = strands(chromatin, offset, grain, z, y, x);
			// Chromatin lines the membrane.
			const rim = depth < 7 ? 0.12 * (1 - Math.max(0, depth) / 7) : 0;
			let level = 0.62 + contrast * texture + rim;
			for (const nucleolus of nucleoli) {
				level *= 1 - (1 - nucleolus.left) * within(nucleolus, texture, z, y, x);
			}
			const cover = depth < 1 ? (depth + 1) / 2 : 1;
			return cover * brightness * Math.min(2, Math.max(0.08, level));
		},
	};
}

function makeNucleoli(own: Random, size: number): Nucleolus[] {
	const count = 1 + Math.floor(own.between(0, 2.999));
	return Array.from({ length: count }, () => {
		const [z, y, x] = own.direction(3);
		const out = size * own.between(0.1, 0.6);
		return {
			centre: [z * out, y * out, x * out],
			radius: size * own.between(0.17, 0.3),
			left: own.between(0.12, 0.4),
		};
	});
}

/** How far a position is inside a nucleolus, 0 to 1; its border follows the chromatin around it. */
function within(nucleolus: Nucleolus, texture: number, z: number, y: number, x: number): number {
	const { centre, radius } = nucleolus;
	const square = (z - centre[0]) ** 2 + (y - centre[1]) ** 2 + (x - centre[2]) ** 2;
	if (square > 2.3 * radius * radius) return 0;
	const depth = radius * (1 - 0.3 * texture) - Math.sqrt(square);
	return Math.min(1, Math.max(0, depth / 4 + 0.5));
}

/** Four octaves of noise, the first one folded: folds are strands, where plain noise would be blobs. */
function strands(noise: Noise, offset: Vector, grain: number, z: number, y: number, x: number): number {
	const a = z / grain + offset[0];
	const b = y / grain + offset[1];
	const c = x / grain + offset[2];
	const coarse = noise(a, b, c);
	const folded = noise(1.7 * b + 31.4, 1.7 * c + 31.4, 1.7 * a + 31.4);
	const fine = noise(3.1 * c + 67.7, 3.1 * a + 67.7, 3.1 * b + 67.7);
	const finest = noise(5.9 * a + 13.1, 5.9 * b + 13.1, 5.9 * c + 13.1);
	return 0.7 * coarse + 0.55 * (0.26 - Math.abs(folded)) + 0.4 * fine + 0.25 * finest;
}

/** A rotation, all being equally likely, from a unit quaternion; its rows are the axes of the ellipsoid. */
function rotationFrom(own: Random): [Vector, Vector, Vector] {
	const [a, b, c, d] = own.direction(4);
	return [
		[1 - 2 * (c * c + d * d), 2 * (b * c - a * d), 2 * (b * d + a * c)],
		[2 * (b * c + a * d), 1 - 2 * (b * b + d * d), 2 * (c * d - a * b)],
		[2 * (b * d - a * c), 2 * (c * d + a * b), 1 - 2 * (b * b + c * c)],
	];
}

function distance(a: Vector, b: Vector): number {
	return Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
}
