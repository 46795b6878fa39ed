/**
 * Text in arrays: fixed lengths (v2 "S" and "U"), vlen-utf8 and JSON of v2, "string" of v3, read by zarrita;
 * "fixed_length_utf32" and "null_terminated_bytes" of v3.
 */
import * as zarr from "zarrita";
import { ChunkwiseError } from "../errors.ts";
import { progressOf } from "../progress.ts";
import { stoppable } from "../stores/stoppable.ts";
import type { ReadableStore } from "../stores/store.ts";
import { product } from "../types.ts";
import type { ArrayReadOptions, ZarrArray } from "./array.ts";
import { installCodecs } from "./codecs.ts";
import { isText } from "./dtypes.ts";
import { partsOf, readParts } from "./parts.ts";

/** The elements of an array of text. */
export interface StringArray {
	/** C order. */
	data: string[];
	shape: readonly number[];
}

/**
 * Reads a whole array of text.
 * @throws ChunkwiseError unsupported-dtype, where its elements are no text that can be read; bad-chunk; the signal's
 *   reason when aborted
 */
export async function readStrings(array: ZarrArray, task: ArrayReadOptions = {}): Promise<StringArray> {
	const { path, dtype, shape } = array;
	if (!isText(dtype)) {
		throw new ChunkwiseError("unsupported-dtype", `Elements of type ${dtype} are no text that can be read.`, {
			where: path || "/",
			remedy: "Numbers and bool are read by read(); of text, string, S, U, vlen-utf8 and json2 can be read.",
		});
	}
	const parts = partsOf(array.metadata);
	if (parts) {
		const { data } = await readParts(array, [], task);
		const texts = Array.from({ length: product(shape) }, (_, i) => {
			const element = data.subarray(i * parts.count, (i + 1) * parts.count) as Uint8Array | Uint32Array;
			return parts.kind === "utf32" ? textOfCodes(element, path) : textOfBytes(element as Uint8Array);
		});
		return { data: texts, shape };
	}
	installCodecs();
	try {
		const store = withTask(array, task);
		const location = zarr.root(store as zarr.Readable).resolve(path);
		const opened =
			array.zarrFormat === 2
				? await zarr.open.v2(location, { kind: "array", attrs: false })
				: await zarr.open.v3(location, { kind: "array" });
		const read = await zarr.get(opened as zarr.Array<"string", zarr.Readable>);
		const values = typeof read === "object" && read !== null && "data" in read ? read.data : [read];
		const data = Array.from(values as Iterable<unknown>, (value) => {
			if (value === null || value === undefined) return "";
			if (typeof value === "string") return value;
			throw new TypeError(`it holds ${JSON.stringify(value)}, which is no text`);
		});
		if (data.length !== product(shape)) throw new RangeError(`${data.length} strings were found`);
		return { data, shape };
	} catch (cause) {
		task.signal?.throwIfAborted();
		throw new ChunkwiseError(
			"bad-chunk",
			`The text cannot be decoded: ${cause instanceof Error ? cause.message : String(cause)}`,
			{
				where: path || "/",
				remedy: "The array is damaged, or its text is coded in a way that is not known here.",
				cause,
			},
		);
	}
}

/** The array's store, which ends with the signal and tells of each chunk, or range of a shard, that is read. */
function withTask({ store, path }: ZarrArray, { signal, cause, ...task }: ArrayReadOptions): ReadableStore {
	const inner = stoppable(store, signal);
	const report = progressOf(task);
	const label = `Reading ${path || "the array"}`;
	let done = 0;
	const count = <T>(value: T, key: string): T => {
		if (!/\/(zarr\.json|\.z\w+)$/.test(key)) report({ label, done: ++done, unit: "chunks" });
		return value;
	};
	return {
		get: async (key, options) => count(await inner.get(key, { cause, ...options }), key),
		...(inner.getRange
			? {
					getRange: async (key, range, options) =>
						count(await inner.getRange?.(key, range, { cause, ...options }), key),
				}
			: {}),
	};
}

/** Text of a fixed number of code points, filled up with NUL. */
function textOfCodes(codes: ArrayLike<number>, path: string): string {
	let length = codes.length;
	while (length > 0 && codes[length - 1] === 0) length--;
	let text = "";
	for (let i = 0; i < length; i++) {
		if (codes[i] > 0x10ffff) {
			throw new ChunkwiseError("bad-chunk", `The text holds ${codes[i]}, which is no character.`, {
				where: path || "/",
				remedy: "The chunk is damaged: get it again.",
			});
		}
		text += String.fromCodePoint(codes[i]);
	}
	return text;
}

/** UTF-8, else a character a byte. */
function textOfBytes(bytes: Uint8Array): string {
	let length = bytes.length;
	while (length > 0 && bytes[length - 1] === 0) length--;
	const stored = bytes.subarray(0, length);
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(stored);
	} catch {
		return String.fromCharCode(...stored);
	}
}
