/** A whole shard as a codec: for shards inside shards, and for those with other codecs around them (Zarr v3). */
import { copyStrided } from "../image/select.ts";
import { allocate, cStrides, type DataType, product } from "../types.ts";
import type { ChunkForm, Elements } from "./array-filters.ts";
import { shardingOf } from "./array-metadata.ts";
import { CodecPipeline } from "./codec-pipeline.ts";
import { storedType } from "./dtypes.ts";
import { absentChunk, shardIndexSize } from "./shard-index.ts";

/**
 * What makes the elements of a shard of its bytes. Chunks that it does not hold are fill value.
 * @throws ChunkwiseError bad-metadata, unknown-codec, unsupported-codec
 */
export async function shardDecoder(
	configuration: Readonly<Record<string, unknown>>,
	{ dtype, shape }: ChunkForm,
	fill: number | bigint,
): Promise<(bytes: Uint8Array) => Promise<Elements>> {
	const { chunks, codecs, indexCodecs, indexLocation } = shardingOf(configuration, shape, "");
	const grid = shape.map((n, axis) => n / chunks[axis]);
	const count = product(grid);
	const indexBytes = shardIndexSize(indexCodecs, count, "");
	const index = await CodecPipeline.of({ codecs: indexCodecs, dtype: "uint64", shape: [...grid, 2] });
	const inner = await CodecPipeline.of({ codecs, dtype, shape: chunks, fill });
	const strides = cStrides(shape);
	const gridStrides = cStrides(grid);
	return async (bytes) => {
		if (bytes.byteLength < indexBytes) {
			throw new RangeError(`the shard is shorter than its index of ${indexBytes} bytes`);
		}
		const table = indexLocation === "start" ? bytes.subarray(0, indexBytes) : bytes.subarray(-indexBytes);
		const { data: entries, strides: steps } = await index.decode(table);
		const out = allocate(storedType(dtype) as DataType, product(shape));
		if (!Object.is(fill, 0) && fill !== 0n) out.fill(fill as never);
		for (let n = 0; n < count; n++) {
			const at = gridStrides.map((step, axis) => Math.floor(n / step) % grid[axis]);
			const entry = at.reduce((sum, i, axis) => sum + i * steps[axis], 0);
			const offset = entries[entry] as bigint;
			const length = entries[entry + (steps.at(-1) as number)] as bigint;
			if (offset === absentChunk && length === absentChunk) continue;
			if (offset + length > BigInt(bytes.byteLength)) {
				throw new RangeError(`its index says ${length} bytes at ${offset} of ${bytes.byteLength}`);
			}
			const chunk = await inner.decode(bytes.subarray(Number(offset), Number(offset + length)));
			const to = at.reduce((sum, i, axis) => sum + i * chunks[axis] * strides[axis], 0);
			copyStrided(chunk.data, 0, chunk.strides, out, to, strides, chunks);
		}
		return { data: out, strides };
	};
}
