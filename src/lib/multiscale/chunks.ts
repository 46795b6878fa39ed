/** Chunk shapes: the usual ones, and what a caller asked for. */
import { ChunkwiseError } from "../errors.ts";

/** One edge for all dimensions in space, or an edge by dimension name. */
export type ChunkRequest = number | Readonly<Record<string, number>>;

/**
 * The chunk shape of an array, no longer than the array on any axis. Without a request: 64 on each axis of a volume
 * and 256 of a plane, as the reference chooses; 1 along time and channels.
 * @throws ChunkwiseError bad-chunks
 */
export function chunkShape(
	dims: readonly string[],
	shape: readonly number[],
	request?: ChunkRequest,
): number[] {
	const usual = dims.includes("z") ? 64 : 256;
	if (typeof request === "object") {
		for (const dim of Object.keys(request)) {
			if (!dims.includes(dim)) {
				throw new ChunkwiseError("bad-chunks", `Chunks are asked for along ${JSON.stringify(dim)}.`, {
					remedy: `The dimensions are ${dims.join(", ")}.`,
				});
			}
		}
	}
	return dims.map((dim, axis) => {
		const apart = dim === "t" || dim === "c";
		const whole =
			typeof request === "number" ? (apart ? 1 : request) : (request?.[dim] ?? (apart ? 1 : usual));
		if (!Number.isInteger(whole) || whole < 1) {
			throw new ChunkwiseError("bad-chunks", `A chunk cannot be ${whole} long along ${dim}.`, {
				remedy: "Give a whole number of elements, 1 or more.",
			});
		}
		return Math.max(1, Math.min(whole, shape[axis]));
	});
}

/**
 * The shard shape of an array: whole chunks along each axis, and no more of them than the array has. Along an axis that
 * one chunk covers, and along time and channels where one edge is given for all, a shard is one chunk long.
 * @throws ChunkwiseError bad-shards
 */
export function shardShape(
	dims: readonly string[],
	shape: readonly number[],
	chunks: readonly number[],
	request: ChunkRequest,
): number[] {
	const unknown = typeof request === "object" && Object.keys(request).find((dim) => !dims.includes(dim));
	if (unknown) {
		throw new ChunkwiseError("bad-shards", `Shards are asked for along ${JSON.stringify(unknown)}.`, {
			remedy: `The dimensions are ${dims.join(", ")}.`,
		});
	}
	return dims.map((dim, axis) => {
		const chunk = chunks[axis];
		const apart = dim === "t" || dim === "c";
		const wanted = typeof request === "number" ? (apart ? chunk : request) : (request[dim] ?? chunk);
		if (!Number.isInteger(wanted) || wanted < 1) {
			throw new ChunkwiseError("bad-shards", `A shard cannot be ${wanted} long along ${dim}.`, {
				remedy: "Give a whole number of elements, 1 or more.",
			});
		}
		if (chunk >= shape[axis]) return chunk;
		if (wanted % chunk !== 0) {
			throw new ChunkwiseError(
				"bad-shards",
				`A shard of ${wanted} along ${dim} is not a whole number of chunks of ${chunk}.`,
				{ remedy: `Give a multiple of ${chunk}, for example ${Math.ceil(wanted / chunk) * chunk}.` },
			);
		}
		return Math.min(wanted, Math.ceil(shape[axis] / chunk) * chunk);
	});
}
