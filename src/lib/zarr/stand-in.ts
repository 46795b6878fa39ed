/** What the document of an array says that cannot be opened, and one in its place that can be. */
import { type ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { arrayFieldsV3, arrayMetadataV3, type Json } from "./array-metadata.ts";

/** What a document states, as far as it makes sense. */
export interface StatedArray {
	/** Slowest axis first. */
	shape?: number[];
	/** Undefined where chunks have no common shape. */
	chunks?: number[];
	dtype?: string;
}

/** A document of Zarr v3, sound or not. */
export function statedV3(document: Readonly<Json>): StatedArray {
	const type = document.data_type as string | { name?: unknown } | undefined;
	const grid = document.chunk_grid as
		| { name?: unknown; configuration?: { chunk_shape?: unknown } }
		| undefined;
	const name = typeof type === "string" ? type : type?.name;
	return {
		shape: lengths(document.shape),
		chunks: grid?.name === "regular" ? lengths(grid.configuration?.chunk_shape) : undefined,
		dtype: typeof name === "string" ? name : undefined,
	};
}

/** A list of lengths, or undefined where the value is none. */
export function lengths(value: unknown): number[] | undefined {
	const are = Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
	return are ? (value as number[]) : undefined;
}

/** A document that can be read in place of one that cannot. */
export interface StandIn {
	document: Json;
	/** By field of the former document, what is said of it. */
	complaints: ReadonlyMap<string, ChunkwiseError>;
}

/**
 * As much of a document as can be read: into a plain one its fields are put one by one, and those that reading refuses
 * are left out.
 * @param plain the document with everything replaced that may be refused
 * @returns undefined where the plain one is refused too: the document makes no sense
 */
export function standIn(
	document: Readonly<Json>,
	plain: Readonly<Json>,
	read: (document: Json) => unknown,
): StandIn | undefined {
	const refusal = (one: Json): ChunkwiseError | undefined => {
		try {
			read(structuredClone(one));
			return undefined;
		} catch (error) {
			if (isChunkwiseError(error)) return error;
			throw error;
		}
	};
	let current = { ...plain };
	if (refusal(current)) return undefined;
	const complaints = new Map<string, ChunkwiseError>();
	for (const [key, value] of Object.entries(document)) {
		if (JSON.stringify(value) === JSON.stringify(current[key])) continue;
		const tried = { ...current, [key]: value };
		const error = refusal(tried);
		if (error) complaints.set(key, error);
		else current = tried;
	}
	return { document: current, complaints };
}

/**
 * The same for an array of Zarr v3: grids, key encodings, storage transformers and fields that are not known here. Where
 * chunks have no common shape, the whole array is one chunk of the stand-in.
 */
export function standInV3(document: Readonly<Json>, where: string): StandIn | undefined {
	const { shape, chunks } = statedV3(document);
	if (!shape) return undefined;
	const known = Object.entries(document).filter(([key]) => arrayFieldsV3.has(key));
	const chunkShape = chunks ?? shape.map((length) => Math.max(1, length));
	const plain = {
		...Object.fromEntries(known),
		chunk_grid: { name: "regular", configuration: { chunk_shape: chunkShape } },
		chunk_key_encoding: { name: "default" },
		storage_transformers: [],
	};
	return standIn(document, plain, (one) => arrayMetadataV3(one, where));
}
