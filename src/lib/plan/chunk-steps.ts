/** What is inside a chunk: its bytes after each step on the way to the store, computed by the library's own codecs. */
import { formatElement } from "../format.ts";
import { copyBlock } from "../image/select.ts";
import { encodeBlock } from "../n5/block.ts";
import { n5Compression } from "../n5/compression.ts";
import { itemSize, product, type TypedArray } from "../types.ts";
import { bitshuffle } from "../zarr/codecs/bitshuffle.ts";
import { filterOf } from "../zarr/codecs/block-space.ts";
import { readBloscHeader } from "../zarr/codecs/blosc-header.ts";
import { shuffle } from "../zarr/codecs/shuffle.ts";
import { littleEndianBytes } from "../zarr/dtypes.ts";
import { applyFilters } from "../zarr/write-filters.ts";
import { assembleShard } from "../zarr/write-shard.ts";
import {
	type ByteField,
	bloscFields,
	gzipFields,
	n5Fields,
	shardIndexFields,
	zstdFields,
} from "./byte-fields.ts";
import { type BytePicture, bytePictures } from "./byte-pictures.ts";
import { chunkCodec, filtersOf } from "./chunk-codec.ts";
import type { ChunkValues } from "./chunk-sample.ts";
import { type ChunkSettings, type StoredFormName, shuffles } from "./inside-chunk.ts";

/** Some bytes from within a step, to be shown as hexadecimal numbers. */
export interface ByteRow {
	/** Of the first, from the beginning of the step's bytes. */
	offset: number;
	bytes: Uint8Array;
	/** Of each byte: which of its element's bytes it is, 0 the lowest; absent where bytes belong to no element. */
	places?: number[];
}

/** One step on the way to the store. */
export interface ChunkStep {
	name: "values" | "filter" | "shuffle" | "compressor";
	/** Whether it changes the bytes with the chosen settings. */
	active: boolean;
	/** Bytes after it. */
	bytes: number;
	/** Bits of information in a byte, by how often each value comes (Shannon's entropy): 8 cannot be compressed. */
	entropy: number;
	rows: ByteRow[];
	/** The first elements, where the step gives elements. */
	numbers?: string[];
}

/** The same values as one object of a store. */
export interface StoredForm {
	name: StoredFormName;
	/** Of the whole object. */
	bytes: number;
	/** The part that is decoded. */
	row: ByteRow;
	/** Offsets from the beginning of that part. */
	fields: ByteField[];
}

/** A chunk taken apart. */
export interface ChunkSteps {
	settings: ChunkSettings;
	shape: number[];
	dtype: string;
	steps: ChunkStep[];
	/** The bytes of a plane side by side, then each byte plane. */
	pictures: BytePicture[];
	forms: StoredForm[];
	/** Whether decoding what is stored gave the same values. */
	restored: boolean;
}

/** Bytes of a line of hexadecimal numbers. */
const perRow = 16;

/** Takes a chunk apart. @throws ChunkwiseError unknown-codec, bad-level, unsupported-codec */
export async function chunkSteps(chunk: ChunkValues, settings: ChunkSettings): Promise<ChunkSteps> {
	const { values, shape, dtype } = chunk;
	const codec = await chunkCodec(settings, dtype, shape);
	const size = itemSize(dtype);
	const plain = littleEndianBytes(values);
	const filtered = applyFilters(values, filtersOf(settings));
	const laidOut = littleEndianBytes(filtered);
	const stored = await codec.encode(values);
	const grouped = regroup(laidOut, stored, settings, size);
	const byElement = (offset: number) => Array.from({ length: perRow }, (_, i) => (offset + i) % size);
	const elementRows = (bytes: Uint8Array) => rowsAt(bytes, [0, perRow], byElement);
	const steps: ChunkStep[] = [
		{ ...stepOf("values", true, plain, elementRows(plain)), numbers: firstNumbers(values, dtype) },
		{
			...stepOf("filter", settings.filter !== "none", laidOut, elementRows(laidOut)),
			numbers: firstNumbers(filtered, dtype),
		},
		stepOf(
			"shuffle",
			settings.shuffle !== "noshuffle",
			grouped.bytes,
			shuffledRows(grouped, size, byElement),
		),
		stepOf("compressor", settings.codec !== "none", stored, rowsAt(stored, [0, perRow])),
	];
	return {
		settings,
		shape: [...shape],
		dtype,
		steps,
		pictures: await bytePictures({ ...chunk, values: filtered }),
		forms: [zarrForm(stored, settings), await n5Form(chunk, settings), await shardForm(chunk, settings)],
		restored: sameBytes(littleEndianBytes(await codec.decode(stored)), plain),
	};
}

function stepOf(name: ChunkStep["name"], active: boolean, bytes: Uint8Array, rows: ByteRow[]): ChunkStep {
	return { name, active, bytes: bytes.byteLength, entropy: entropyOf(bytes), rows };
}

/** Shannon's entropy of the bytes' frequencies, in bits a byte. */
export function entropyOf(bytes: Uint8Array): number {
	const counts = new Uint32Array(256);
	for (const byte of bytes) counts[byte]++;
	let bits = 0;
	for (const count of counts) if (count > 0) bits -= (count / bytes.length) * Math.log2(count / bytes.length);
	return bits;
}

function rowsAt(
	bytes: Uint8Array,
	offsets: readonly number[],
	places?: (offset: number) => number[],
): ByteRow[] {
	return [...new Set(offsets)]
		.filter((offset) => offset < bytes.length)
		.map((offset) => {
			const row = bytes.slice(offset, offset + perRow);
			return { offset, bytes: row, ...(places ? { places: places(offset).slice(0, row.length) } : {}) };
		});
}

interface Grouped {
	bytes: Uint8Array;
	/** What was really done, and to how many bytes at a time. */
	kind: ChunkSettings["shuffle"];
	block: number;
}

/** The bytes as Blosc groups them before it compresses: block by block, as the frame says. */
function regroup(bytes: Uint8Array, stored: Uint8Array, settings: ChunkSettings, size: number): Grouped {
	if (!shuffles(settings.codec)) return { bytes, kind: "noshuffle", block: bytes.length };
	const block = Math.min(readBloscHeader(stored).blocksize, bytes.length);
	const out = bytes.slice();
	for (let start = 0; start < bytes.length; start += block) {
		const length = Math.min(block, bytes.length - start);
		const kind = filterOf(settings.shuffle, length, size);
		if (kind === "shuffle") shuffle(bytes, start, length, out.subarray(start, start + length), size);
		else if (kind === "bitshuffle") {
			bitshuffle(bytes.subarray(start, start + length), out.subarray(start, start + length), size);
		}
	}
	return { bytes: out, kind: filterOf(settings.shuffle, block, size), block };
}

/** The beginnings of the first and the last byte plane. */
function shuffledRows(grouped: Grouped, size: number, byElement: (offset: number) => number[]): ByteRow[] {
	const { bytes, kind, block } = grouped;
	if (kind === "noshuffle" || size === 1) return rowsAt(bytes, [0, perRow], size > 1 ? byElement : undefined);
	const plane = Math.floor(block / size);
	const last = (size - 1) * plane;
	return rowsAt(bytes, [0, last], (offset) => Array(perRow).fill(Math.floor(offset / plane)));
}

function firstNumbers(values: TypedArray, dtype: string): string[] {
	const first = values.subarray(0, 8) as ArrayLike<number | bigint>;
	return Array.from(first, (value) => formatElement(value, dtype.startsWith("float")));
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
	return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function zarrForm(stored: Uint8Array, { codec }: ChunkSettings): StoredForm {
	const decoders: Partial<Record<string, (bytes: Uint8Array) => ByteField[]>> = {
		"blosc-lz4": bloscFields,
		"blosc-zstd": bloscFields,
		zstd: zstdFields,
		gzip: gzipFields,
	};
	const fields = decoders[codec]?.(stored) ?? [];
	return { name: "zarr", bytes: stored.length, row: { offset: 0, bytes: stored.slice(0, 32) }, fields };
}

/** Names of the axes, for fields. */
export function axisNames(rank: number): string[] {
	const usual = ["t", "c", "z", "y", "x"];
	return rank <= 5 ? usual.slice(5 - rank) : Array.from({ length: rank }, (_, axis) => `axis ${axis}`);
}

/** N5 has no filters, its elements are big-endian, and its Blosc blocks are written here with bytes shuffled or not. */
async function n5Form({ values, shape }: ChunkValues, settings: ChunkSettings): Promise<StoredForm> {
	const { codec, level, shuffle: grouping } = settings;
	const named = n5Compression(
		codec === "none" ? "raw" : codec,
		values.BYTES_PER_ELEMENT,
		codec === "none" ? undefined : level,
	);
	const compression = named.type === "blosc" && grouping === "noshuffle" ? { ...named, shuffle: 0 } : named;
	const block = await encodeBlock(values, shape, { compression });
	const row = { offset: 0, bytes: block.slice(0, 32) };
	return { name: "n5", bytes: block.length, row, fields: n5Fields(block, axisNames(shape.length)) };
}

/** The chunk as a shard of smaller ones: its axes halved where they can be. */
async function shardForm(
	{ values, shape, dtype }: ChunkValues,
	settings: ChunkSettings,
): Promise<StoredForm> {
	// The last three axes: more would make an index that nobody reads.
	const grid = shape.map((n, axis) => (axis >= shape.length - 3 && n > 1 && n % 2 === 0 ? 2 : 1));
	const inner = shape.map((n, axis) => n / grid[axis]);
	const codec = await chunkCodec(settings, dtype, inner);
	const parts: Uint8Array[] = [];
	for (let i = 0; i < product(grid); i++) {
		const coords = grid.map((n, axis) => Math.floor(i / product(grid.slice(axis + 1))) % n);
		const box = coords.map((c, axis): [number, number] => [c * inner[axis], (c + 1) * inner[axis]]);
		parts.push(await codec.encode(copyBlock(values, shape, box)));
	}
	const shard = assembleShard(parts, "end") as Uint8Array;
	const offset = shard.length - (16 * parts.length + 4);
	const index = shard.slice(offset);
	return {
		name: "shard",
		bytes: shard.length,
		row: { offset, bytes: index },
		fields: shardIndexFields(index, grid),
	};
}
