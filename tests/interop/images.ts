/** Images as the readers of OME-NGFF see them, consolidated metadata, and the pyramid against xarray. */
import { join } from "node:path";
import {
	type Multiscale,
	type NgffWriteOptions,
	openConsolidated,
	SpatialImage,
	staleDocuments,
	toMultiscale,
	toNgffZarr,
	writeArray,
} from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { allocate, dataTypes, type TypedArray } from "../../src/lib/types.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";
import { canonical, sha256Of, waves } from "./values.ts";

interface PeerImage {
	version?: string;
	axes: string[];
	levels: { shape: number[]; sha256: string; scale: number[]; translation: number[] }[];
}

type Seen = PeerImage | { error: string };

async function someImages(): Promise<Record<string, [Multiscale, NgffWriteOptions]>> {
	const cell = waves("uint16", [23, 40, 37]);
	const images: Record<string, [Multiscale, NgffWriteOptions]> = {};
	for (const version of ["0.4", "0.5"] as const) {
		images[`volume ${version}`] = [await toMultiscale(cell, [2, 3], { chunks: 16 }), { version }];
		images[`plane ${version}`] = [await toMultiscale(waves("uint8", [90, 70]), [2]), { version }];
		const five = await toMultiscale(waves("float32", [2, 3, 9, 20, 21]), [2], { method: "gaussian" });
		images[`five axes ${version}`] = [five, { version, codec: "zstd" }];
		images[`labels ${version}`] = [
			await toMultiscale(waves("int32", [24, 31]), { absoluteFactors: [2, 4] }, { method: "mode" }),
			{ version, codec: "gzip", consolidated: true },
		];
	}
	images["shards 0.5"] = [await toMultiscale(cell, [2], { chunks: 8 }), { shards: 16 }];
	return images;
}

/** Axes, coordinates, values and what `ome_zarr info` prints. */
export async function checkImages(report: Report, python: string, folder: string): Promise<void> {
	const images = await someImages();
	const paths: string[] = [];
	for (const [name, [multiscale, options]] of Object.entries(images)) {
		const path = join(folder, `image ${name}.ome.zarr`);
		await toNgffZarr(folderStore(path), multiscale, options);
		paths.push(path);
	}
	const answer = askPeers<{
		versions: Record<string, string>;
		images: ({ info: string[] | { error: string } } & { readers: Record<string, Seen> })[];
	}>(python, "images", { paths });
	for (const [name, version] of Object.entries(answer.versions)) report.versions.set(name, version);
	for (const [i, [name, [{ levels }, { version = "0.5" }]]] of Object.entries(images).entries()) {
		const wanted: PeerImage = {
			version,
			axes: [...levels[0].dims],
			levels: levels.map((level) => ({
				shape: [...level.shape],
				sha256: sha256Of(level.data),
				scale: level.dims.map((dim) => level.scale[dim]),
				translation: level.dims.map((dim) => level.translation[dim]),
			})),
		};
		const { info, readers } = answer.images[i];
		for (const [peer, seen] of Object.entries(readers)) {
			// ngff-zarr does not tell which version it found.
			const expected =
				"error" in seen || seen.version ? wanted : { axes: wanted.axes, levels: wanted.levels };
			const equal = canonical(seen) === canonical(expected);
			const problem =
				"error" in seen ? seen.error : `${canonical(seen)} where ${canonical(expected)} was written`;
			report.check(`image ${name} in ${peer}`, equal ? [] : [problem]);
		}
		report.check(`ome_zarr info of ${name}`, infoProblems(info, version, wanted));
	}
}

/** `ome_zarr info`: the version, the specifications it recognises, the shape of each level. */
function infoProblems(lines: string[] | { error: string }, version: string, wanted: PeerImage): string[] {
	if ("error" in lines) return [lines.error];
	const expected = [
		` - version: ${version}`,
		"   - Multiscales",
		...wanted.levels.map(({ shape }) => `   - (${shape.join(", ")})`),
	];
	const missing = expected.filter((line) => !lines.includes(line));
	return missing.map((line) => `it does not say ${JSON.stringify(line)} but ${JSON.stringify(lines)}`);
}

/** Consolidated metadata: ours read by zarr-python, and theirs by us, also once it has gone stale. */
export async function checkConsolidated(report: Report, python: string, folder: string): Promise<void> {
	const image = await toMultiscale(waves("int64", [20, 30]), [2], { chunks: 16 });
	const members = ["scale0", "scale0/image", "scale1", "scale1/image"];
	for (const version of ["0.4", "0.5"] as const) {
		const ours = join(folder, `consolidated by us ${version}`);
		const theirs = join(folder, `consolidated by zarr-python ${version}`);
		await toNgffZarr(folderStore(ours), image, { version, consolidated: true });
		await toNgffZarr(folderStore(theirs), image, { version });
		const answer = askPeers<{ read: unknown[]; made: unknown[] }>(python, "consolidated", {
			paths: [ours],
			make: [theirs],
		});
		const same = (seen: unknown) =>
			canonical(seen) === canonical(members) ? [] : [`members ${canonical(seen)}`];
		report.check(`our consolidated metadata ${version} in zarr-python`, same(answer.read[0]));
		const problems = same(answer.made[0]);
		const store = folderStore(theirs);
		const fresh = await staleDocuments(store);
		if (fresh?.length !== 0) problems.push(`new copies count as stale: ${canonical(fresh)}`);
		const array = await (await openConsolidated(store)).openArray("scale1/image");
		if (array.shape.join() !== image.levels[1].shape.join()) problems.push(`shape ${array.shape}`);
		await writeArray(store, "scale0/image", {
			data: new Uint8Array(4),
			shape: [2, 2],
			chunks: [2, 2],
			dtype: "uint8",
			codec: "none",
			zarrFormat: version === "0.4" ? 2 : 3,
		});
		const stale = (await staleDocuments(store))?.map(({ what }) => what);
		if (!stale?.length || stale.some((what) => what !== "changed")) {
			problems.push(`what has changed is not found: ${canonical(stale)}`);
		}
		report.check(`zarr-python's consolidated metadata ${version}, read by us`, problems);
	}
}

interface CoarsenCase {
	dtype: string;
	dims: string[];
	shape: number[];
	factors: Record<string, number>[];
	/** Little-endian, C order, as base64. */
	data: string;
}

/** Our levels and coordinates against `coarsen(boundary="trim", side="right").mean().astype(dtype)`. */
export async function checkPyramid(report: Report, python: string): Promise<void> {
	const random = generator(20261123);
	const cases: CoarsenCase[] = [];
	const ours: Multiscale[] = [];
	for (let i = 0; i < 120; i++) {
		const dtype = dataTypes[i % dataTypes.length];
		const dims = ["t", "c", "z", "y", "x"].slice(-1 - Math.floor(random() * 4));
		const shape = dims.map((dim) => (dim === "t" || dim === "c" ? 2 : 8) + Math.floor(random() * 12));
		const space = dims.filter((dim) => dim !== "t" && dim !== "c");
		const factors = [1, 2].map(() =>
			Object.fromEntries(space.map((dim) => [dim, 1 + Math.floor(random() * 2.99)])),
		);
		if (space.some((dim) => factors[0][dim] * factors[1][dim] > shape[dims.indexOf(dim)])) continue;
		const data = allocate(
			dtype,
			shape.reduce((a, b) => a * b, 1),
		);
		const [low, span] = dtype.startsWith("uint") ? [0, 250] : [-120, 247];
		for (let j = 0; j < data.length; j++) {
			const value = low + random() * span;
			// xarray computes in float64, so 64-bit integers stay within what it holds exactly.
			data[j] = dtype.endsWith("int64")
				? BigInt(Math.trunc(value)) * 1000003n
				: dtype.startsWith("float")
					? value
					: Math.trunc(value);
		}
		const scale = Object.fromEntries(dims.map((dim, k) => [dim, 0.25 * (k + 1)]));
		const image = new SpatialImage({ dims, shape, data, scale, translation: { x: -3 } });
		ours.push(await toMultiscale(image, factors));
		const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
		cases.push({ dtype, dims, shape, factors, data: bytes.toString("base64") });
	}
	const answer = askPeers<{
		version: string;
		cases: ({ data: string; shape: number[]; first: Record<string, number> }[] | { error: string })[];
	}>(python, "coarsen", {
		cases: cases.map((one, i) => ({
			...one,
			scale: ours[i].levels[0].scale,
			translation: ours[i].levels[0].translation,
		})),
	});
	report.versions.set("xarray", answer.version);
	for (const [i, theirs] of answer.cases.entries()) {
		const { dtype, shape, factors } = cases[i];
		const problems: string[] = [];
		if ("error" in theirs) problems.push(theirs.error);
		else
			for (const [level, wanted] of theirs.entries()) {
				const mine = ours[i].levels[level + 1];
				if (mine.shape.join() !== wanted.shape.join())
					problems.push(`level ${level + 1}: shape ${mine.shape}`);
				else if (!sameValues(mine.data, Buffer.from(wanted.data, "base64")))
					problems.push(`level ${level + 1}: other values`);
				for (const [dim, first] of Object.entries(wanted.first)) {
					if (Math.abs(mine.translation[dim] - first) > 1e-9) {
						problems.push(
							`level ${level + 1} begins at ${dim} ${mine.translation[dim]} where xarray has ${first}`,
						);
					}
				}
			}
		report.check(
			`pyramid of ${dtype} ${shape.join(" × ")} by ${canonical(factors)} against xarray`,
			problems,
		);
	}
}

/**
 * Integers to the last bit. Floats to a few units in the last place: xarray adds float32 in float32, in an order that
 * its memory layout decides, where ours adds in float64.
 */
function sameValues(mine: TypedArray, theirs: Buffer): boolean {
	const bytes = new Uint8Array(theirs);
	if (!(mine instanceof Float32Array || mine instanceof Float64Array)) {
		return Buffer.from(mine.buffer, mine.byteOffset, mine.byteLength).equals(theirs);
	}
	const wanted =
		mine instanceof Float32Array ? new Float32Array(bytes.buffer) : new Float64Array(bytes.buffer);
	const unit = (mine instanceof Float32Array ? 2 ** -23 : 2 ** -52) * 128;
	return mine.every((value, i) => Math.abs(value - wanted[i]) <= 8 * unit);
}

/** Pseudorandom numbers in [0, 1): Marsaglia's xorshift32. */
function generator(seed: number): () => number {
	let state = seed;
	return () => {
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		return (state >>> 0) / 2 ** 32;
	};
}
