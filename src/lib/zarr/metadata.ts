/** Zarr v3 metadata documents as this library writes them (zarr-specs, core v3.0). */
import type { DataType } from "../types.ts";
import type { CodecMetadata } from "./codecs.ts";

/** A number of a fill value as JSON says it. */
export type JsonScalar = number | string | boolean | null;

export interface ArrayDocument {
	zarr_format: 3;
	node_type: "array";
	shape: number[];
	data_type: string;
	chunk_grid: { name: "regular"; configuration: { chunk_shape: number[] } };
	chunk_key_encoding: { name: "default" | "v2"; configuration?: { separator?: "/" | "." } };
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

export interface ArraySpec {
	shape: readonly number[];
	chunks: readonly number[];
	dtype: DataType;
	codecs: CodecMetadata[];
	dimensionNames?: readonly string[];
	attributes?: Record<string, unknown>;
}

export function arrayDocument(spec: ArraySpec): ArrayDocument {
	return {
		zarr_format: 3,
		node_type: "array",
		shape: [...spec.shape],
		data_type: spec.dtype,
		chunk_grid: { name: "regular", configuration: { chunk_shape: [...spec.chunks] } },
		chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
		fill_value: spec.dtype.startsWith("float") ? 0.0 : 0,
		codecs: spec.codecs,
		attributes: { ...spec.attributes },
		...(spec.dimensionNames ? { dimension_names: [...spec.dimensionNames] } : {}),
	};
}

export function groupDocument(attributes: Record<string, unknown> = {}): GroupDocument {
	return { zarr_format: 3, node_type: "group", attributes };
}

/** A document as stored: two spaces deep, so that a person can read it. Big integers become numbers. */
export function encodeJson(document: unknown): Uint8Array {
	return new TextEncoder().encode(
		JSON.stringify(document, (_, value) => (typeof value === "bigint" ? Number(value) : value), 2),
	);
}
