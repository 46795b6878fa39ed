/** A chunk's codecs as they are chosen in a figure: encoded and decoded by the library's own, and measured. */
import { type DataType, itemSize, type TypedArray } from "../types.ts";
import { CodecPipeline } from "../zarr/codec-pipeline.ts";
import { bloscEncode } from "../zarr/codecs/blosc.ts";
import { type CodecMetadata, codecChain } from "../zarr/codecs.ts";
import { littleEndianBytes } from "../zarr/dtypes.ts";
import { applyFilters, filterMetadata, type WriteFilter } from "../zarr/write-filters.ts";
import type { ChunkValues } from "./chunk-sample.ts";
import type { ChunkSettings } from "./inside-chunk.ts";

/** What turns the elements of a chunk into bytes to store, and back. */
export interface ChunkCodec {
	/** Of Zarr v3. */
	metadata: CodecMetadata[];
	encode(values: TypedArray): Promise<Uint8Array>;
	/** @throws CodecError */
	decode(bytes: Uint8Array): Promise<TypedArray>;
}

/** The filters of some settings. */
export function filtersOf({ filter }: Pick<ChunkSettings, "filter">): WriteFilter[] {
	return filter === "delta" ? [{ name: "delta" }] : [];
}

/**
 * The codec of chunks of this type and shape.
 * @throws ChunkwiseError unknown-codec, bad-level, unsupported-codec
 */
export async function chunkCodec(
	settings: ChunkSettings,
	dtype: DataType,
	shape: readonly number[],
): Promise<ChunkCodec> {
	const { codec, level, shuffle } = settings;
	const filters = filtersOf(settings);
	const chain = codecChain(codec, dtype, 3, codec === "none" ? undefined : level);
	const typesize = itemSize(dtype);
	const bytesCodecs = chain.metadata.map(
		(named): CodecMetadata =>
			named.name === "blosc" ? { ...named, configuration: { ...named.configuration, shuffle } } : named,
	);
	const metadata = [...filterMetadata(filters, dtype, 3, "little"), ...bytesCodecs];
	const pipeline = await CodecPipeline.of({ codecs: metadata, dtype, shape });
	const cname = codec === "blosc-lz4" ? "lz4" : "zstd";
	return {
		metadata,
		async encode(values) {
			const bytes = littleEndianBytes(applyFilters(values, filters));
			return codec.startsWith("blosc")
				? bloscEncode(bytes, { cname, clevel: level, shuffle, typesize })
				: chain.encode(bytes);
		},
		async decode(bytes) {
			return (await pipeline.decode(bytes)).data;
		},
	};
}

/** What encoding and decoding some chunks took. */
export interface CodecMeasurement {
	/** Of the chunks in memory, and as stored. */
	bytes: number;
	stored: number;
	/** Milliseconds for all the chunks: the mean of the quickest of three turns of runs. */
	encode: number;
	decode: number;
}

/** How thoroughly is measured. */
export interface MeasureOptions {
	/** Runs go on for so many milliseconds, for encoding and for decoding. */
	least?: number;
	/** Milliseconds; `performance.now` where absent. */
	now?: () => number;
}

/** Measures a codec on chunks of one shape and type, in the thread that asks. */
export async function measureCodec(
	chunks: readonly ChunkValues[],
	settings: ChunkSettings,
	{ least = 60, now = () => performance.now() }: MeasureOptions = {},
): Promise<CodecMeasurement> {
	const [{ dtype, shape }] = chunks;
	const codec = await chunkCodec(settings, dtype, shape);
	let stored: Uint8Array[] = [];
	const encode = await bestMean(least, now, async () => {
		stored = [];
		for (const { values } of chunks) stored.push(await codec.encode(values));
	});
	const decode = await bestMean(least, now, async () => {
		for (const bytes of stored) await codec.decode(bytes);
	});
	const sum = (sizes: number[]) => sizes.reduce((a, b) => a + b, 0);
	return {
		bytes: sum(chunks.map(({ values }) => values.byteLength)),
		stored: sum(stored.map(({ byteLength }) => byteLength)),
		encode,
		decode,
	};
}

/** Turns of runs, of which the quickest counts: in the others, other programs had the processor. */
const turns = 3;

/** Clocks of browsers may be as coarse as a millisecond, so many runs are timed together. */
async function bestMean(least: number, now: () => number, run: () => Promise<void>): Promise<number> {
	const start = now();
	await run();
	const first = now() - start;
	// The first run warms up (compiles, loads what the codec needs), and counts only where another would take long.
	if (first > 4 * least) return first;
	let best = Number.POSITIVE_INFINITY;
	for (let turn = 0; turn < turns; turn++) {
		const begin = now();
		let runs = 0;
		let end = begin;
		do {
			await run();
			runs++;
			end = now();
		} while (end - begin < least / turns);
		best = Math.min(best, (end - begin) / runs);
	}
	return best;
}
