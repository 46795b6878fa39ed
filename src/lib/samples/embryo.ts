/**
 * A synthetic embryo of two channels: the stand-in for the public image of the course, the same on every machine.
 *
 * It has the shape and type of IDR image 6001240 (Blin et al., PLOS Biology 17:e3000388, 2019, a mouse blastocyst with
 * lamin B1 and DAPI), and none of its voxels: nuclei are ellipsoids, placed at random in a shell and a cluster
 * inside it, with photon noise and no background.
 */

import type { LongTask } from "../progress.ts";
import { progressOf } from "../progress.ts";
import { gradientNoise } from "./gradient-noise.ts";
import { type Random, random } from "./random.ts";

/** Goes up whenever the voxels change. */
export const embryoVersion = 1;
const seed = 6001240;

/** Voxels along c, z, y, x. */
export const embryoShape = [2, 236, 275, 271] as const;
/** What each channel shows, in order, with the colours and windows of the real image. */
export const embryoChannels = [
	{ label: "LaminB1", color: "0000FF" },
	{ label: "Dapi", color: "FFFF00" },
] as const;

type Vector = readonly [z: number, y: number, x: number];

interface Nucleus {
	centre: Vector;
	/** Half axes. */
	radii: Vector;
	brightness: number;
}

/**
 * The voxels, C order (c, z, y, x), uint16. About 1.5 s and 160 MB.
 * @throws the signal's reason when aborted
 */
export async function embryo(task: LongTask = {}): Promise<Uint16Array<ArrayBuffer>> {
	const [channels, depth, height, width] = embryoShape;
	const report = progressOf(task);
	const data = new Uint16Array(channels * depth * height * width);
	const light = [new Float32Array(data.length / channels), new Float32Array(data.length / channels)];
	const chromatin = gradientNoise(random(seed, 3));
	const nuclei = placeNuclei(random(seed, 1));
	const step = async (done: number) => {
		report({ label: "Making the synthetic embryo", done: Math.round(done), total: depth, unit: "pages" });
		await new Promise((resolve) => setTimeout(resolve));
		task.signal?.throwIfAborted();
	};
	// Detection takes about as long as the painting.
	for (const [i, nucleus] of nuclei.entries()) {
		paint(light, nucleus, chromatin);
		await step(((depth / 2) * (i + 1)) / nuclei.length);
	}
	const noise = random(seed, 2);
	for (const [c, seen] of light.entries()) {
		const at = c * seen.length;
		for (let i = 0; i < seen.length; i++) if (seen[i] > 0) data[at + i] = noise.poisson(seen[i] * 2) / 2;
		await step((depth / 2) * (1 + (c + 1) / channels));
	}
	return data;
}

/** A shell of flat nuclei, and rounder ones in a cluster at one side of it. */
function placeNuclei(placing: Random): Nucleus[] {
	const centre: Vector = [118, 138, 136];
	const nuclei: Nucleus[] = [];
	const add = (place: Vector, radii: Vector) => {
		const size = Math.max(...radii);
		const apart = nuclei.every(
			(other) => distance(other.centre, place) > 0.9 * (size + Math.max(...other.radii)),
		);
		if (apart) nuclei.push({ centre: place, radii, brightness: placing.between(0.75, 1.2) });
	};
	for (let tries = 0; tries < 3000; tries++) {
		const [z, y, x] = placing.direction(3);
		const shell = nuclei.length < 44;
		const out = shell ? 92 : placing.between(0, 36);
		// The cluster lies against the shell, where z is large.
		const [dz, dy, dx] = shell ? [0, 0, 0] : [36, 0, 0];
		const size = shell ? placing.between(18, 25) : placing.between(15, 19);
		add(
			[centre[0] + z * out + dz, centre[1] + y * out + dy, centre[2] + x * out + dx],
			[size * placing.between(0.8, 1), size * placing.between(0.85, 1), size],
		);
		if (nuclei.length >= 62) break;
	}
	return nuclei;
}

/** Adds a nucleus: its membrane to the first channel, its chromatin to the second. Deep ones are dimmer. */
function paint(
	[lamin, dapi]: Float32Array[],
	{ centre, radii, brightness }: Nucleus,
	chromatin: ReturnType<typeof gradientNoise>,
): void {
	const [, depth, height, width] = embryoShape;
	const sizes = [depth, height, width];
	const range = (axis: number) => [
		Math.max(0, Math.floor(centre[axis] - 1.3 * radii[axis])),
		Math.min(sizes[axis], Math.ceil(centre[axis] + 1.3 * radii[axis])),
	];
	const [firstZ, lastZ] = range(0);
	const [firstY, lastY] = range(1);
	const [firstX, lastX] = range(2);
	for (let z = firstZ; z < lastZ; z++) {
		const seen = brightness * (1 - (0.4 * z) / depth);
		for (let y = firstY; y < lastY; y++) {
			for (let x = firstX; x < lastX; x++) {
				const q0 = (z - centre[0]) / radii[0];
				const q1 = (y - centre[1]) / radii[1];
				const q2 = (x - centre[2]) / radii[2];
				const r = Math.sqrt(q0 * q0 + q1 * q1 + q2 * q2);
				if (r > 1.25) continue;
				const i = (z * height + y) * width + x;
				lamin[i] += 900 * seen * hump((r - 1) / 0.22);
				dapi[i] += 800 * seen * smooth((1.05 - r) / 0.2) * (1 + 0.7 * chromatin(z / 7, y / 7, x / 7));
			}
		}
	}
}

/** 1 at 0, 0 from −1 and 1 on. */
const hump = (t: number) => (Math.abs(t) >= 1 ? 0 : (1 - t * t) ** 2);
/** From 0 at 0 to 1 at 1. */
const smooth = (t: number) => (t <= 0 ? 0 : t >= 1 ? 1 : t * t * (3 - 2 * t));
const distance = (a: Vector, b: Vector) =>
	Math.sqrt((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2);
