/** Zarr v2 and v3: what we write is read by zarr-python, tensorstore, z5py and Java, and what they write by us. */
import { join } from "node:path";
import {
	type ArrayToWrite,
	type CodecName,
	codecNames,
	type DataType,
	Multiscale,
	type NgffWriteOptions,
	openArray,
	openGroup,
	readByteStrings,
	readMultiscales,
	SpatialImage,
	toMultiscale,
	toNgffZarr,
	writeArray,
} from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { dataTypes } from "../../src/lib/types.ts";
import { floatsToHalves } from "../../src/lib/zarr/half.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";
import { askPeers } from "./python.ts";
import type { ExchangedType, Report } from "./report.ts";
import { type Answer, canonical, differences, sha256, sha256Of, type Values, waves } from "./values.ts";

interface ReadAnswer {
	versions: Record<string, string>;
	stores: {
		path: string;
		attributes: Record<string, unknown>;
		members: string[];
		arrays: ({ array: string } & Record<string, Answer>)[];
	}[];
}

/** Where an array is counted in the matrix. */
interface InMatrix {
	codec?: string;
	format?: "Zarr v2" | "Zarr v3" | "Zarr v3, shards";
}

/** A store and what must be read from it. */
export interface Case {
	name: string;
	path: string;
	attributes: Record<string, unknown>;
	arrays: Map<string, Values & InMatrix>;
	/** For the matrix, where its arrays do not say it themselves. */
	codec?: string;
	format?: InMatrix["format"];
	/** Written elsewhere with our library, by name: "the browser". */
	writer?: string;
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
			sha256: sha256Of(level.data),
			dims: v2 ? null : [...level.dims],
			attributes: { ...level.attrs, ...(v2 ? { _ARRAY_DIMENSIONS: [...level.dims] } : {}) },
		});
	}
	const format = v2 ? "Zarr v2" : options.shards ? "Zarr v3, shards" : "Zarr v3";
	const attributes = { ...(await openGroup(store)).attrs };
	return { name, path, attributes, arrays, codec: options.codec ?? "blosc-lz4", format };
}

/** What our own library reads from a folder: for stores that were written elsewhere, such as in the browser. */
export async function exportedCase(path: string): Promise<Case> {
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
			sha256: sha256Of(data),
			dims: null,
			attributes: {},
		});
	}
	const halves = Float32Array.from({ length: 13 * 21 }, (_, i) => Math.sin(i) * 2 ** ((i % 40) - 24));
	for (const codec of codecNames) {
		for (const zarrFormat of [2, 3] as const) {
			const name = `v${zarrFormat} float16 ${codec}`;
			const more =
				codec === "zstd" && zarrFormat === 3 ? { byteOrder: "big" as const, order: "F" as const } : {};
			const form = {
				shape,
				chunks: [4, 6],
				dtype: "float16" as const,
				codec,
				zarrFormat,
				fillValue: 0.1,
				...more,
			};
			await writeArray(zarrFormat === 2 ? storeV2 : store, name, { ...form, data: halves });
			cases[zarrFormat === 2 ? 1 : 0].arrays.set(name, {
				shape,
				dtype: "float16",
				sha256: sha256Of(floatsToHalves(halves)),
				dims: null,
				attributes: {},
				codec,
				format: zarrFormat === 2 ? "Zarr v2" : "Zarr v3",
			});
		}
	}
	return cases;
}

/** Every codec with every type, as Zarr v2, v3 and v3 with shards; more axes; large chunks; the real cell. */
export async function ourStores(folder: string, report: Report): Promise<Case[]> {
	const cases: Case[] = await ourArrays(folder);
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
	} else report.skip("the HL50 cell: its file is not beside this checkout");
	return cases;
}

/** What Python's readers see of our stores. */
export function checkPythonReading(report: Report, python: string, cases: readonly Case[]): void {
	const answer = askPeers<ReadAnswer>(python, "read", {
		stores: cases.map(({ path, arrays }) => ({ path, arrays: [...arrays.keys()] })),
	});
	for (const [name, version] of Object.entries(answer.versions)) report.versions.set(name, version);
	for (const [i, found] of answer.stores.entries()) {
		const { name, attributes, arrays, codec, format } = cases[i];
		const problems =
			canonical(found.attributes) === canonical(attributes)
				? []
				: [`attributes: ${canonical(found.attributes)} where ${canonical(attributes)} was written`];
		for (const path of arrays.keys()) {
			if (!Array.isArray(found.members) || !found.members.includes(path))
				problems.push(`${path} is no member`);
		}
		report.check(`${name}: the group in zarr-python`, problems);
		for (const { array, ...readers } of found.arrays) {
			const wanted = arrays.get(array) as Values & InMatrix;
			const counted = { codec, format, ...wanted };
			for (const [reader, seen] of Object.entries(readers)) {
				// What a reader does not have is not asked of it.
				if (seen === null) continue;
				report.check(
					`${name} ${array} in ${reader}`,
					differences(wanted, seen),
					counted.codec && counted.format
						? {
								writer: "chunkwise",
								reader,
								format: counted.format,
								codec: counted.codec,
								dtype: wanted.dtype as ExchangedType,
							}
						: undefined,
				);
			}
		}
	}
}

/** Elements that are bytes of any length. */
interface WrittenBytes {
	path: string;
	format: string;
	codec: string;
	shape: number[];
	/** Base64, C order. */
	values: string[];
}

interface Written extends Values {
	path: string;
	writer: string;
	format: string;
	codec: string;
}

/** What we read of arrays that Python wrote. */
export async function checkPythonWriting(report: Report, python: string, folder: string): Promise<void> {
	const { arrays, byteStrings } = askPeers<{ arrays: Written[]; byteStrings: WrittenBytes[] }>(
		python,
		"write",
		{
			folder,
		},
	);
	for (const wanted of arrays) await checkOurReading(report, folder, wanted);
	for (const { path, codec, format, shape, values } of byteStrings) {
		const problems: string[] = [];
		try {
			const read = await readByteStrings(await openArray(folderStore(join(folder, path))));
			const found = read.data.map((bytes) => Buffer.from(bytes).toString("base64"));
			if (canonical(read.shape) !== canonical(shape)) problems.push(`shape: ${read.shape.join(" × ")}`);
			if (canonical(found) !== canonical(values)) problems.push("other bytes than were written");
		} catch (error) {
			problems.push(String(error));
		}
		report.check(`${path} by zarr-python, read by us`, problems, {
			writer: "zarr-python",
			reader: "chunkwise",
			format,
			codec,
			dtype: "bytes",
		});
	}
}

/** What we read of an array that somebody else wrote. */
export async function checkOurReading(report: Report, folder: string, wanted: Written): Promise<void> {
	const problems: string[] = [];
	try {
		const array = await openArray(folderStore(join(folder, wanted.path)));
		const values = await array.read();
		problems.push(
			...differences(wanted, {
				shape: [...values.shape],
				dtype: array.dtype,
				sha256: sha256(values.toBytes()),
				...(wanted.attributes ? { attributes: { ...array.attrs } } : {}),
			}),
		);
	} catch (error) {
		problems.push(String(error));
	}
	const { writer, format, codec } = wanted;
	const dtype = wanted.dtype as ExchangedType;
	report.check(`${wanted.path} by ${writer}, read by us`, problems, {
		writer,
		reader: "chunkwise",
		format,
		codec,
		dtype,
	});
}
