import { createHash } from "node:crypto";
import Blosc from "numcodecs/blosc";
import { beforeAll, describe, expect, test } from "vitest";
import type { Progress } from "../../src/lib/progress.ts";
import { hl60Phantom, type Phantom, phantomSeed, phantomVersion } from "../../src/lib/samples/phantom.ts";
import { phantomDescription, phantomTiff } from "../../src/lib/samples/phantom-tiff.ts";
import { expMinus, random } from "../../src/lib/samples/random.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";

const small = [16, 26, 45] as const;
const sha256 = (data: Uint16Array) => createHash("sha256").update(data).digest("hex");

describe("the phantom is the same on every machine", () => {
	test("for the default seed", async () => {
		const { data, shape, dtype, seed, version } = await hl60Phantom({ shape: small });
		expect({ shape, dtype, seed, version }).toEqual({
			shape: [16, 26, 45],
			dtype: "uint16",
			seed: phantomSeed,
			version: phantomVersion,
		});
		// A change here is a change of the voxels: raise phantomVersion with it.
		expect(sha256(data)).toBe("0da278b019be9b1dd938799b32db3d1aaab3c984a7292bce2b2e5f40980dd3be");
	});

	test("and differs between seeds", async () => {
		const first = await hl60Phantom({ shape: small, seed: 1 });
		const again = await hl60Phantom({ shape: small, seed: 1 });
		const second = await hl60Phantom({ shape: small, seed: 2 });
		expect(again.data).toEqual(first.data);
		expect(second.data).not.toEqual(first.data);
	});

	test("its random numbers have the moments they should", () => {
		const numbers = random(7, 3);
		const moments = (draw: () => number, n = 200_000) => {
			let sum = 0;
			let squares = 0;
			for (let i = 0; i < n; i++) {
				const value = draw();
				sum += value;
				squares += value * value;
			}
			return { mean: sum / n, variance: squares / n - (sum / n) ** 2 };
		};
		const uniform = moments(() => numbers.uniform());
		expect(uniform.mean).toBeCloseTo(1 / 2, 2);
		expect(uniform.variance).toBeCloseTo(1 / 12, 2);
		const gaussian = moments(() => numbers.gaussian());
		expect(gaussian.mean).toBeCloseTo(0, 1);
		expect(gaussian.variance).toBeCloseTo(1, 1);
		for (const mean of [0.3, 4, 15.9, 16.1, 400]) {
			const poisson = moments(() => numbers.poisson(mean));
			expect(poisson.mean / mean).toBeCloseTo(1, 1);
			expect(poisson.variance / mean).toBeCloseTo(1, 1);
		}
		for (const x of [0, 0.01, 0.7, 3, 15.99]) expect(expMinus(x) / Math.exp(-x)).toBeCloseTo(1, 12);
	});
});

describe("the whole phantom is like the sample", () => {
	let phantom: Phantom;
	beforeAll(async () => {
		phantom = await hl60Phantom();
	}, 120_000);

	test("in shape and voxels", () => {
		expect(phantom.shape).toEqual([129, 212, 363]);
		expect(phantom.data).toBeInstanceOf(Uint16Array);
		expect(sha256(phantom.data)).toBe("003afff90e82189ef4e712f91fbfdb0a4db1aed00a53dfd6bc3af2ed75f7285b");
	});

	test("in its intensities", () => {
		// The sample's: min 68, max 1383, mean 171; median 96; 89 % below 400.
		const counts = new Float64Array(65536);
		let sum = 0;
		for (const value of phantom.data) {
			counts[value]++;
			sum += value;
		}
		const n = phantom.data.length;
		const quantile = (fraction: number) => {
			let below = 0;
			return counts.findIndex((count) => {
				below += count;
				return below >= fraction * n;
			});
		};
		expect(sum / n).toBeGreaterThan(150);
		expect(sum / n).toBeLessThan(190);
		expect(counts.findIndex((count) => count > 0)).toBeGreaterThan(60);
		expect(quantile(0.5)).toBeGreaterThan(88);
		expect(quantile(0.5)).toBeLessThan(100);
		expect(counts.subarray(0, 400).reduce((a, b) => a + b) / n).toBeGreaterThan(0.85);
		expect(counts.findLastIndex((count) => count > 0)).toBeGreaterThan(1100);
		expect(counts.findLastIndex((count) => count > 0)).toBeLessThan(1800);
	});

	test("in its background: 90 grey levels, with noise that neighbours do not share", () => {
		const corner: number[][] = [];
		for (let z = 0; z < 10; z++) {
			for (let y = 0; y < 15; y++) {
				const at = (z * 212 + y) * 363;
				corner.push(Array.from(phantom.data.subarray(at, at + 30)));
			}
		}
		const all = corner.flat();
		const mean = all.reduce((a, b) => a + b) / all.length;
		const variance = all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length;
		const pairs = corner.flatMap((row) => row.slice(1).map((v, i) => (v - mean) * (row[i] - mean)));
		expect(mean).toBeGreaterThan(89);
		expect(mean).toBeLessThan(93);
		expect(Math.sqrt(variance)).toBeGreaterThan(3.5);
		expect(Math.sqrt(variance)).toBeLessThan(5);
		expect(Math.abs(pairs.reduce((a, b) => a + b) / pairs.length / variance)).toBeLessThan(0.05);
	});

	test("in how far chunks of 64³ compress with blosc-lz4", async () => {
		const { data } = phantom;
		// numcodecs' Blosc shuffles as if every element had four bytes: the bytes are sorted here, as typesize 2 does.
		const codec = Blosc.fromConfig({ id: "blosc", cname: "lz4", clevel: 5, shuffle: 0, blocksize: 0 });
		const length = 64 ** 3;
		let stored = 0;
		let chunks = 0;
		for (let z = 0; z < 129; z += 64) {
			for (let y = 0; y < 212; y += 64) {
				for (let x = 0; x < 363; x += 64) {
					const shuffled = new Uint8Array(2 * length);
					for (let k = 0; k < Math.min(64, 129 - z); k++) {
						for (let j = 0; j < Math.min(64, 212 - y); j++) {
							for (let i = 0; i < Math.min(64, 363 - x); i++) {
								const value = data[((z + k) * 212 + y + j) * 363 + x + i];
								const at = (k * 64 + j) * 64 + i;
								shuffled[at] = value & 255;
								shuffled[length + at] = value >> 8;
							}
						}
					}
					stored += (await codec.encode(shuffled)).byteLength;
					chunks++;
				}
			}
		}
		expect(chunks).toBe(72);
		expect(data.byteLength / stored).toBeGreaterThan(1.7);
		expect(data.byteLength / stored).toBeLessThan(2.1);
	});

	test("in having bright nuclei apart from each other, in the slices that the lesson shows", () => {
		const bright = (at: (i: number) => number, n: number) => {
			let count = 0;
			for (let i = 0; i < n; i++) if (phantom.data[at(i)] > 300) count++;
			return count / n;
		};
		const plane = 212 * 363;
		const slices = {
			z100: bright((i) => 100 * plane + i, plane),
			y100: bright((i) => Math.floor(i / 363) * plane + 100 * 363 + (i % 363), 129 * 363),
			x150: bright((i) => i * 363 + 150, 129 * 212),
		};
		for (const [name, share] of Object.entries(slices)) {
			expect(share, name).toBeGreaterThan(0.03);
			expect(share, name).toBeLessThan(0.5);
		}
	});
});

test("making it tells its progress and can be stopped", async () => {
	const progress: Progress[] = [];
	await hl60Phantom({ shape: small, onProgress: (p) => progress.push(p) });
	expect(progress[0]).toMatchObject({ done: 0, total: 16, unit: "pages" });
	expect(progress.at(-1)).toMatchObject({ done: 16, total: 16 });
	expect(progress.length).toBeGreaterThan(5);
	const controller = new AbortController();
	const reason = new Error("stopped");
	const stopped = hl60Phantom({
		shape: small,
		signal: controller.signal,
		onProgress: () => controller.abort(reason),
	});
	await expect(stopped).rejects.toBe(reason);
});

test("its TIFF says that it is synthetic, by whom and from which seed", async () => {
	const { bytes, phantom } = await phantomTiff({ shape: small, seed: 5 });
	const tiff = await openTiff(bytes);
	expect(tiff.metadata.ImageDescription).toBe(phantomDescription({ seed: 5, version: phantomVersion }));
	expect(tiff.metadata.ImageDescription).toMatch(
		/^Synthetic .* generated by Chunkwise, version \d+, seed 5\./,
	);
	expect(await tiff.readStack()).toEqual({ data: phantom.data, shape: phantom.shape, dtype: "uint16" });
	expect(tiff.pages[0]).toMatchObject({ compression: "deflate", predictor: 2 });
	expect(tiff.spacing).toEqual({ x: 1, y: 1, z: 1 });
});
