/**
 * Does what we write read the same elsewhere, and do we read what others write? zarr-python 3, tensorstore, ome-zarr-py
 * and ngff-zarr are the others. `npm run test:interop [FOLDER…]`: each FOLDER is a further OME-Zarr to check, for example one exported from
 * the browser; our own reading of it is compared with theirs.
 */
import { createHash } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import {
	type ArrayToWrite,
	type CodecName,
	codecNames,
	type DataType,
	Multiscale,
	type NgffWriteOptions,
	openArray,
	openConsolidated,
	openGroup,
	readMultiscales,
	SpatialImage,
	staleDocuments,
	toMultiscale,
	toNgffZarr,
	writeArray,
} from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { allocate, dataTypes } from "../../src/lib/types.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";
import { askPeers, pythonWithPeers } from "./python.ts";

interface Values {
	shape: number[];
	dtype: string;
	sha256: string;
	dims?: string[] | null;
	attributes?: Record<string, unknown>;
}

type Answer = Values | { error: string } | null;

interface ReadAnswer {
	versions: Record<string, string>;
	tensorstore: boolean;
	stores: {
		path: string;
		attributes: Record<string, unknown>;
		members: string[];
		arrays: { array: string; "zarr-python": Answer; tensorstore: Answer }[];
	}[];
}

/** A store and what must be read from it. */
interface Case {
	name: string;
	path: string;
	attributes: Record<string, unknown>;
	arrays: Map<string, Values>;
}

let passed = 0;
let failed = 0;
let skipped = 0;

function check(name: string, problems: string[]): void {
	if (problems.length === 0) {
		passed++;
		return;
	}
	failed++;
	console.error(`FAILED ${name}\n  ${problems.join("\n  ")}`);
}

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
/** Waves with some noise: compressible, and different everywhere. */
function waves(dtype: DataType, shape: readonly number[]): SpatialImage {
	const length = shape.reduce((a, b) => a * b, 1);
	const data = allocate(dtype, length);
	for (let i = 0; i < length; i++) {
		const value = Math.round(50 + 40 * Math.sin(i / 97)) + ((Math.imul(i, 2654435761) >>> 28) & 7);
		data[i] = dtype.endsWith("int64") ? BigInt(value) << 40n : dtype.startsWith("float") ? value / 3 : value;
	}
	return new SpatialImage({
		dims: ["t", "c", "z", "y", "x"].slice(-shape.length),
		shape,
		data,
		scale: { z: 0.5, y: 0.2, x: 0.2 },
		translation: { x: -3 },
		units: { z: "micrometer", y: "micrometer", x: "micrometer" },
		attrs: { Software: "chunkwise", note: "µ" },
	});
}

async function writeCase(
	folder: string,
	name: string,
	multiscale: Multiscale,
	options: NgffWriteOptions,
): Promise<Case> {
	const path = join(folder, name);
	const store = folderStore(path);
	await toNgffZarr(store, multiscale, options);
	// Zarr 2 has names for axes only among the attributes.
	const v2 = options.version === "0.4";
	const arrays = new Map<string, Values>();
	for (const [i, level] of multiscale.levels.entries()) {
		arrays.set(multiscale.paths[i], {
			shape: [...level.shape],
			dtype: level.dtype,
			sha256: sha256(new Uint8Array(level.data.buffer, level.data.byteOffset, level.data.byteLength)),
			dims: v2 ? null : [...level.dims],
			attributes: { ...level.attrs, ...(v2 ? { _ARRAY_DIMENSIONS: [...level.dims] } : {}) },
		});
	}
	return { name, path, attributes: { ...(await openGroup(store)).attrs }, arrays };
}

/** What our own library reads from a folder: for stores that were written elsewhere, such as in the browser. */
async function exportedCase(path: string): Promise<Case> {
	const group = await openGroup(folderStore(path));
	const arrays = new Map<string, Values>();
	for (const image of await readMultiscales(group)) {
		for (const { array } of image.levels) {
			const values = await array.read();
			arrays.set(array.path, {
				shape: [...values.shape],
				dtype: array.dtype,
				sha256: sha256(values.toBytes()),
				dims: array.metadata.dimensionNames?.map(String) ?? null,
				attributes: { ...array.attrs },
			});
		}
	}
	return { name: path, path, attributes: { ...group.attrs }, arrays };
}

/** Shards of several chunks and of one, with the index at either end: half of the cases each. */
function formOf(dtype: DataType, codec: CodecName): Pick<NgffWriteOptions, "shards" | "indexLocation"> {
	const even = (dataTypes.indexOf(dtype) + codecNames.indexOf(codec)) % 2 === 0;
	return even
		? { shards: { z: 16, y: 32, x: 40 }, indexLocation: "end" }
		: { shards: { z: 24, y: 16, x: 20 }, indexLocation: "start" };
}

/** Arrays as the library writes them outside of OME-NGFF: other keys, codecs and fill values, chunks that are absent. */
async function ourArrays(folder: string): Promise<Case[]> {
	const shape = [13, 21];
	const data = Int16Array.from({ length: 13 * 21 }, (_, i) => (i % 21 < 9 ? -7 : (i * 31) % 1009));
	const forms: Record<string, Partial<ArrayToWrite>> = {
		"v2 zlib dots": { zarrFormat: 2, codec: "zlib", separator: "." },
		"v2 no fill value": { zarrFormat: 2, fillValue: null },
		"v2 fill value": { zarrFormat: 2, fillValue: -7 },
		"v3 dots": { separator: "." },
		"v3 shards, absent chunks": { shards: [8, 12], fillValue: -7 },
		"v3 shards, index at the start": { shards: [4, 6], fillValue: -7, indexLocation: "start" },
	};
	const path = join(folder, "arrays");
	const store = folderStore(path);
	await store.set(
		"/zarr.json",
		new TextEncoder().encode('{"zarr_format":3,"node_type":"group","attributes":{}}'),
	);
	const pathV2 = join(folder, "arrays of Zarr 2");
	const storeV2 = folderStore(pathV2);
	await storeV2.set("/.zgroup", new TextEncoder().encode('{"zarr_format":2}'));
	const cases: [Case, Case] = [
		{ name: "arrays", path, attributes: {}, arrays: new Map() },
		{ name: "arrays of Zarr 2", path: pathV2, attributes: {}, arrays: new Map() },
	];
	for (const [name, form] of Object.entries(forms)) {
		const v2 = form.zarrFormat === 2;
		const array: ArrayToWrite = { data, shape, chunks: [4, 6], dtype: "int16", codec: "blosc-lz4", ...form };
		await writeArray(v2 ? storeV2 : store, name, array);
		cases[v2 ? 1 : 0].arrays.set(name, {
			shape,
			dtype: "int16",
			sha256: sha256(new Uint8Array(data.buffer)),
			dims: null,
			attributes: {},
		});
	}
	return cases;
}

async function ourStores(folder: string): Promise<Case[]> {
	const cases: Case[] = [];
	for (const dtype of dataTypes) {
		const multiscale = await toMultiscale(waves(dtype, [23, 40, 37]), [2, 3], {
			chunks: { z: 8, y: 16, x: 20 },
		});
		for (const codec of codecNames) {
			const form = formOf(dtype, codec);
			cases.push(await writeCase(folder, `${dtype} ${codec}`, multiscale, { codec }));
			cases.push(await writeCase(folder, `${dtype} ${codec} 0.4`, multiscale, { codec, version: "0.4" }));
			cases.push(
				await writeCase(folder, `${dtype} ${codec} shards ${form.indexLocation}`, multiscale, {
					codec,
					...form,
				}),
			);
		}
	}
	const five = await toMultiscale(waves("uint16", [2, 3, 9, 20, 21]), [2]);
	cases.push(await writeCase(folder, "five axes", five, { codec: "blosc-lz4" }));
	const plane = await toMultiscale(waves("uint8", [300, 260]), [2, 2]);
	cases.push(await writeCase(folder, "plane", plane, { codec: "blosc-zstd" }));
	// Chunks of several Blosc blocks, the last one shorter.
	const large = new Multiscale([waves("uint16", [70, 100, 100])], { chunks: { z: 64, y: 100, x: 99 } });
	for (const codec of codecNames)
		cases.push(await writeCase(folder, `large chunks ${codec}`, large, { codec }));
	if (fixturesDir) {
		const array = await openArray(
			folderStore(fixture("ome-zarr/hl50_cell/HL50_cell.zarr")),
			"scale0/HL50_cell",
		);
		const { data, shape } = await array.read();
		const cell = new SpatialImage({ dims: ["z", "y", "x"], shape, data });
		cases.push(
			await writeCase(folder, "HL50 cell", await toMultiscale(cell, [2, 4]), { codec: "blosc-lz4" }),
		);
	} else {
		skipped++;
		console.log("skipped the HL50 cell: its file is not beside this checkout");
	}
	return cases;
}

const canonical = (value: unknown): string =>
	JSON.stringify(value, (_, v) =>
		v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v,
	);

function differences(wanted: Values, got: Answer): string[] {
	if (got === null) return ["no answer"];
	if ("error" in got) return [got.error];
	const problems: string[] = [];
	for (const key of ["shape", "dtype", "sha256", "dims", "attributes"] as const) {
		if (!(key in got)) continue;
		if (canonical(wanted[key]) !== canonical(got[key])) {
			problems.push(`${key}: ${canonical(got[key])} where ${canonical(wanted[key])} was written`);
		}
	}
	return problems;
}

/** What they read of our stores. */
function checkReading(python: string, cases: Case[]): void {
	const answer = askPeers<ReadAnswer>(python, "read", {
		stores: cases.map(({ path, arrays }) => ({ path, arrays: [...arrays.keys()] })),
	});
	console.log(`Python ${answer.versions.python}, zarr-python ${answer.versions["zarr-python"]}`);
	for (const [i, found] of answer.stores.entries()) {
		const { name, attributes, arrays } = cases[i];
		const problems =
			canonical(found.attributes) === canonical(attributes)
				? []
				: [`attributes: ${canonical(found.attributes)} where ${canonical(attributes)} was written`];
		for (const path of arrays.keys()) {
			if (!Array.isArray(found.members) || !found.members.includes(path))
				problems.push(`${path} is no member`);
		}
		check(`${name}: the group in zarr-python`, problems);
		for (const array of found.arrays) {
			const wanted = arrays.get(array.array) as Values;
			check(`${name} ${array.array} in zarr-python`, differences(wanted, array["zarr-python"]));
			if (answer.tensorstore)
				check(`${name} ${array.array} in tensorstore`, differences(wanted, array.tensorstore));
			else skipped++;
		}
	}
	if (!answer.tensorstore) console.log("skipped tensorstore: it is not installed");
}

/** What we read of theirs. */
async function checkTheirs(python: string, folder: string): Promise<void> {
	const { arrays } = askPeers<{ arrays: (Values & { path: string })[] }>(python, "write", { folder });
	for (const wanted of arrays) {
		const problems: string[] = [];
		try {
			const array = await openArray(folderStore(join(folder, wanted.path)));
			const values = await array.read();
			problems.push(
				...differences(
					{ shape: wanted.shape, dtype: wanted.dtype.replace(/^>i4$/, "int32"), sha256: wanted.sha256 },
					{ shape: [...values.shape], dtype: array.dtype, sha256: sha256(values.toBytes()) },
				),
			);
			if (array.attrs.case !== wanted.path) problems.push(`attributes: ${canonical(array.attrs)}`);
		} catch (error) {
			problems.push(String(error));
		}
		check(`${wanted.path} by zarr-python, read by us`, problems);
	}
}

interface PeerImage {
	version?: string;
	axes: string[];
	levels: { shape: number[]; sha256: string; scale: number[]; translation: number[] }[];
}

/** Images as the readers of OME-NGFF see them: axes, coordinates, values. */
async function checkImages(python: string, folder: string): Promise<void> {
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
	const paths: string[] = [];
	for (const [name, [multiscale, options]] of Object.entries(images)) {
		const path = join(folder, `image ${name}.ome.zarr`);
		await toNgffZarr(folderStore(path), multiscale, options);
		paths.push(path);
	}
	type Seen = PeerImage | { error: string };
	const answer = askPeers<{
		versions: Record<string, string>;
		images: { "ome-zarr-py": Seen; "ngff-zarr": Seen }[];
	}>(python, "images", { paths });
	console.log(`ome-zarr-py ${answer.versions["ome-zarr-py"]}, ngff-zarr ${answer.versions["ngff-zarr"]}`);
	for (const [i, [name, [{ levels }, { version = "0.5" }]]] of Object.entries(images).entries()) {
		const wanted: PeerImage = {
			version,
			axes: [...levels[0].dims],
			levels: levels.map((level) => ({
				shape: [...level.shape],
				sha256: sha256(new Uint8Array(level.data.buffer, level.data.byteOffset, level.data.byteLength)),
				scale: level.dims.map((dim) => level.scale[dim]),
				translation: level.dims.map((dim) => level.translation[dim]),
			})),
		};
		for (const [peer, seen] of Object.entries(answer.images[i])) {
			// ngff-zarr does not tell which version it found.
			const expected =
				"error" in seen || seen.version ? wanted : { axes: wanted.axes, levels: wanted.levels };
			const equal = canonical(seen) === canonical(expected);
			const problem =
				"error" in seen ? seen.error : `${canonical(seen)} where ${canonical(expected)} was written`;
			check(`image ${name} in ${peer}`, equal ? [] : [problem]);
		}
	}
}

/** Consolidated metadata: ours read by zarr-python, and theirs by us, also once it has gone stale. */
async function checkConsolidated(python: string, folder: string): Promise<void> {
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
		check(`our consolidated metadata ${version} in zarr-python`, same(answer.read[0]));
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
		check(`zarr-python's consolidated metadata ${version}, read by us`, problems);
	}
}

async function main(): Promise<void> {
	const exported = process.argv.slice(2).map((path) => resolve(path));
	const found = pythonWithPeers();
	if ("missing" in found) {
		console.log(`skipped everything: ${found.missing}`);
		skipped++;
		return;
	}
	const folder = mkdtempSync(join(tmpdir(), "chunkwise interop "));
	try {
		const cases = [...(await ourStores(join(folder, "ours"))), ...(await ourArrays(join(folder, "ours")))];
		for (const path of exported) {
			try {
				cases.push(await exportedCase(path));
			} catch (error) {
				check(`${path}, read by us`, [String(error)]);
			}
		}
		checkReading(found.python, cases);
		await checkTheirs(found.python, join(folder, "theirs"));
		await checkImages(found.python, join(folder, "images"));
		await checkConsolidated(found.python, join(folder, "consolidated"));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

await main();
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exitCode = failed > 0 ? 1 : 0;
