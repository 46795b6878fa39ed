/**
 * Elements that are bytes of any length: the codec vlen-bytes (numcodecs: vlen-bytes; zarr-extensions:
 * codecs/vlen-bytes). A chunk is the number of its elements, then for each its length and its bytes, all numbers being
 * little-endian of 32 bits.
 */
import { registry } from "zarrita";
import { ChunkwiseError, isChunkwiseError, throwIfAborted } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import { cStrides, product } from "../types.ts";
import type { ZarrArray } from "./array.ts";
import { byteFilter } from "./byte-filters.ts";
import { chunkSource } from "./chunk-source.ts";
import { type CodecMetadata, installCodecs } from "./codecs.ts";
import { gridIndices } from "./write-array.ts";

/** The elements of an array of bytes. */
export interface ByteStringArray {
	/** C order. */
	data: Uint8Array[];
	shape: readonly number[];
}

/** Bytes that a chunk may become: elements have no stated size, and a damaged chunk must not take all memory. */
const mostOfChunk = 2 ** 30;

/**
 * Reads a whole array of bytes of any length: Zarr v2 objects with the filter vlen-bytes, v3 "bytes" and
 * "variable_length_bytes". Elements that are not stored are the fill value, or empty.
 * @throws ChunkwiseError unsupported-dtype for other elements, unsupported-codec, unknown-codec, bad-chunk, and what the
 * store throws
 */
export async function readByteStrings(
	array: ZarrArray,
	task: Pick<LongTask, "signal"> = {},
): Promise<ByteStringArray> {
	const { store, path, shape, chunks, metadata } = array;
	const [first, ...compression] = array.codecs;
	const where = path || "/";
	const named = array.zarrFormat === 2 ? "|O" : /^(variable_length_)?bytes$/.exec(array.dtype)?.[0];
	if (array.dtype !== named || first?.name !== "vlen-bytes") {
		throw new ChunkwiseError(
			"unsupported-dtype",
			`Elements of type ${array.dtype} are no bytes of any length.`,
			{
				where,
				remedy: "Numbers and bool are read by read(), text by readStrings(), raw bits by readParts().",
			},
		);
	}
	const undo = await Promise.all(compression.reverse().map((codec) => byteDecoder(codec, where)));
	const source = chunkSource(store, path, metadata);
	const fill = fillBytes(metadata.fillValue);
	const data = new Array<Uint8Array>(product(shape)).fill(fill);
	const strides = cStrides(shape);
	const order =
		metadata.document.order === "F" ? cStrides([...chunks].reverse()).reverse() : cStrides(chunks);
	for (const index of gridIndices(array.chunkGrid)) {
		throwIfAborted(task.signal);
		let bytes = await source.fetch(index, { signal: task.signal });
		if (!bytes) continue;
		const start = index.map((i, axis) => i * chunks[axis]);
		const extent = start.map((from, axis) => Math.min(chunks[axis], shape[axis] - from));
		try {
			for (const decode of undo) bytes = await decode(bytes);
			const elements = splitElements(bytes, product(chunks));
			for (const inside of gridIndices(extent)) {
				const at = inside.reduce((sum, i, axis) => sum + (start[axis] + i) * strides[axis], 0);
				data[at] = elements[inside.reduce((sum, i, axis) => sum + i * order[axis], 0)];
			}
		} catch (cause) {
			if (isChunkwiseError(cause)) throw cause;
			throw new ChunkwiseError(
				"bad-chunk",
				`The bytes of this chunk cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`,
				{ where: array.chunkKey(index), remedy: "The chunk is damaged or cut short: get it again.", cause },
			);
		}
	}
	return { data, shape };
}

/** What vlen-bytes made of the elements of a chunk; each in memory of its own. */
function splitElements(bytes: Uint8Array, count: number): Uint8Array[] {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const told = view.getUint32(0, true);
	if (told !== count) throw new RangeError(`it says that it holds ${told} elements, in place of ${count}`);
	const elements: Uint8Array[] = [];
	let at = 4;
	for (let i = 0; i < count; i++) {
		const length = view.getUint32(at, true);
		if (at + 4 + length > bytes.length) throw new RangeError(`element ${i} ends beyond the chunk`);
		elements.push(bytes.slice(at + 4, at + 4 + length));
		at += 4 + length;
	}
	return elements;
}

async function byteDecoder(
	{ name, configuration = {} }: CodecMetadata,
	where: string,
): Promise<(bytes: Uint8Array) => Uint8Array | Promise<Uint8Array>> {
	const own = byteFilter(name.replace(/^numcodecs\./, ""), configuration);
	if (own) return (bytes) => own(bytes, mostOfChunk, 4 * bytes.length);
	installCodecs();
	const found = await registry.get(name as never)?.();
	if (!found) {
		throw new ChunkwiseError("unknown-codec", `No codec is called ${JSON.stringify(name)} here.`, {
			where,
			remedy: "Write the array again with a usual compression, such as zstd.",
		});
	}
	const codec = (
		found as unknown as { fromConfig(configuration: unknown, meta: unknown): ByteCodec }
	).fromConfig(configuration, { dataType: "uint8", codecs: [] });
	if (codec.kind !== undefined && codec.kind !== "bytes_to_bytes") {
		throw new ChunkwiseError(
			"unsupported-codec",
			`The codec ${JSON.stringify(name)} is not for bytes of any length.`,
			{
				where,
				remedy: "Write the array again with compression alone.",
			},
		);
	}
	// numcodecs' own state no kind, and take another second argument.
	return (bytes) => (codec.kind ? codec.decode(bytes, mostOfChunk) : codec.decode(bytes));
}

interface ByteCodec {
	kind?: string;
	decode(bytes: Uint8Array, most?: number): Uint8Array | Promise<Uint8Array>;
}

/** Base64 in metadata; empty where there is none. */
function fillBytes(fill: unknown): Uint8Array {
	if (typeof fill !== "string") return new Uint8Array(0);
	try {
		return Uint8Array.from(atob(fill), (character) => character.charCodeAt(0));
	} catch {
		return new Uint8Array(0);
	}
}
