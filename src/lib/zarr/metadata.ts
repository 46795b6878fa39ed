/** Zarr metadata documents as this library writes them (zarr-specs: core v3.0, and v2). */
import { ChunkwiseError } from "../errors.ts";
import type { DataType } from "../types.ts";
import type { CodecMetadata } from "./codecs.ts";
import { halfToNumber, numberToHalf } from "./half.ts";

/** A number of a fill value as JSON says it. */
export type JsonScalar = number | string | boolean | null;

/** An element type that can be written. The elements of bool arrive as 0 and 1 in uint8, those of float16 as float32. */
export type WritableType = DataType | "bool" | "float16";

/** Names of chunk keys in the store: `c/0/0/0` and `0.0.0` among them. */
export type KeySeparator = "/" | ".";

export interface ArrayDocument {
	zarr_format: 3;
	node_type: "array";
	shape: number[];
	data_type: string;
	chunk_grid: { name: "regular"; configuration: { chunk_shape: number[] } };
	chunk_key_encoding: { name: "default" | "v2"; configuration?: { separator?: KeySeparator } };
	fill_value: JsonScalar;
	codecs: CodecMetadata[];
	attributes: Record<string, unknown>;
	dimension_names?: (string | null)[];
	storage_transformers?: unknown[];
}

export interface GroupDocument {
	zarr_format: 3;
	node_type: "group";
	attributes: Record<string, unknown>;
	consolidated_metadata?: { kind: string; metadata: Record<string, unknown> } | null;
}

/** `.zarray` of Zarr v2. */
export interface ArrayDocumentV2 {
	zarr_format: 2;
	shape: number[];
	chunks: number[];
	dtype: string;
	compressor: Record<string, unknown> | null;
	fill_value: JsonScalar;
	order: "C" | "F";
	filters: Record<string, unknown>[] | null;
	dimension_separator: KeySeparator;
}

export interface ArraySpec {
	shape: readonly number[];
	/** Shape of a stored object: a shard where there are shards. */
	chunks: readonly number[];
	dtype: WritableType;
	/** Default 0. */
	fillValue?: FillValue;
	separator?: KeySeparator;
}

/** Null, where an element that is not stored has no value, is for Zarr v2 alone. */
export type FillValue = number | bigint | boolean | null;

export function arrayDocument(
	spec: ArraySpec & {
		codecs: CodecMetadata[];
		dimensionNames?: readonly string[];
		attributes?: Record<string, unknown>;
	},
): ArrayDocument {
	return {
		zarr_format: 3,
		node_type: "array",
		shape: [...spec.shape],
		data_type: spec.dtype,
		chunk_grid: { name: "regular", configuration: { chunk_shape: [...spec.chunks] } },
		chunk_key_encoding: { name: "default", configuration: { separator: spec.separator ?? "/" } },
		fill_value: fillValueJson(spec),
		codecs: spec.codecs,
		attributes: { ...spec.attributes },
		...(spec.dimensionNames ? { dimension_names: [...spec.dimensionNames] } : {}),
	};
}

export function arrayDocumentV2(
	spec: ArraySpec & {
		compressor: Record<string, unknown> | null;
		/** Default "C". */
		order?: "C" | "F";
		/** Default little-endian. */
		byteOrder?: "little" | "big";
		filters?: CodecMetadata[];
	},
): ArrayDocumentV2 {
	return {
		zarr_format: 2,
		shape: [...spec.shape],
		chunks: [...spec.chunks],
		dtype: v2Type(spec.dtype, spec.byteOrder),
		compressor: spec.compressor,
		fill_value: fillValueJson(spec),
		order: spec.order ?? "C",
		filters: spec.filters?.length
			? spec.filters.map(({ name, configuration }) => ({ id: name, ...configuration }))
			: null,
		dimension_separator: spec.separator ?? "/",
	};
}

/** "<u2" for uint16, "|b1" for bool. */
export function v2Type(dtype: WritableType, byteOrder: "little" | "big" = "little"): string {
	if (dtype === "bool") return "|b1";
	const [, kind, bits] = /^(int|uint|float)(\d+)$/.exec(dtype) as RegExpExecArray;
	return `${bits === "8" ? "|" : byteOrder === "big" ? ">" : "<"}${{ int: "i", uint: "u", float: "f" }[kind]}${Number(bits) / 8}`;
}

function fillValueJson({ fillValue = 0, dtype }: ArraySpec): JsonScalar {
	if (dtype === "bool") return fillValue === null ? null : Boolean(fillValue);
	if (typeof fillValue === "boolean") return Number(fillValue);
	// encodeJson writes a bigint with all its digits.
	if (typeof fillValue === "bigint") return fillValue as unknown as number;
	if (fillValue === null || Number.isFinite(fillValue)) return fillValue;
	return String(fillValue);
}

/**
 * The fill value as an element of the array.
 * @throws ChunkwiseError bad-fill-value, where an array of this type cannot hold it
 */
export function checkedFill(fillValue: FillValue | undefined, dtype: WritableType): number | bigint {
	const value = fillValue ?? 0;
	if (dtype.startsWith("float")) {
		if (typeof value !== "bigint") {
			return dtype === "float16" ? halfToNumber(numberToHalf(Number(value))) : Number(value);
		}
	} else if (typeof value !== "number" || Number.isInteger(value)) {
		const [least, most] = rangeOf(dtype);
		const whole = BigInt(value);
		if (whole >= least && whole <= most) return dtype.endsWith("int64") ? whole : Number(whole);
	}
	throw new ChunkwiseError("bad-fill-value", `${value} is no ${dtype}.`, {
		remedy: "Give a fill value that an element of the array can have, such as 0.",
	});
}

function rangeOf(dtype: WritableType): [least: bigint, most: bigint] {
	if (dtype === "bool") return [0n, 1n];
	const bits = BigInt(/\d+$/.exec(dtype)?.[0] ?? 64);
	return dtype.startsWith("uint") ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

export function groupDocument(attributes: Record<string, unknown> = {}): GroupDocument {
	return { zarr_format: 3, node_type: "group", attributes };
}

/** Marks digits that JSON.stringify cannot write as a number; no attribute will hold it by chance. */
const digits = "chunkwise:digits:";

/** A document as stored: two spaces deep, so that a person can read it. Big integers are written with all digits. */
export function encodeJson(document: unknown): Uint8Array {
	const text: string | undefined = JSON.stringify(
		document,
		(_, value) => (typeof value === "bigint" ? `${digits}${value}` : value),
		2,
	);
	return new TextEncoder().encode((text ?? "").replace(new RegExp(`"${digits}(-?\\d+)"`, "g"), "$1"));
}
