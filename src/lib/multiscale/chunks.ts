/** Chunk shapes: the usual ones, and what a caller asked for. */
import { ChunkwiseError } from "../errors.ts";

/** One edge for all dimensions in space, an edge for each dimension in their order, or edges by dimension name. */
export type ChunkRequest = number | readonly number[] | Readonly<Record<string, number>>;

/**
 * What is asked for along each dimension; undefined where nothing is, and along time and channels where one edge is
 * given for all.
 */
function requested(
	dims: readonly string[],
	request: ChunkRequest | undefined,
	{ code, what }: { code: "bad-chunks" | "bad-shards"; what: "Chunks" | "Shards" },
): (number | undefined)[] {
	const remedy = `The dimensions are ${dims.join(", ")}.`;
	if (Array.isArray(request)) {
		if (request.length === dims.length) return [...request];
		throw new ChunkwiseError(code, `${what} are asked for along ${request.length} dimensions.`, { remedy });
	}
	if (typeof request === "object") {
		const unknown = Object.keys(request).find((dim) => !dims.includes(dim));
		if (unknown === undefined) return dims.map((dim) => (request as Readonly<Record<string, number>>)[dim]);
		throw new ChunkwiseError(code, `${what} are asked for along ${JSON.stringify(unknown)}.`, { remedy });
	}
	return dims.map((dim) => (dim === "t" || dim === "c" ? undefined : request));
}

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
	const asked = requested(dims, request, { code: "bad-chunks", what: "Chunks" });
	return dims.map((dim, axis) => {
		const whole = asked[axis] ?? (dim === "t" || dim === "c" ? 1 : usual);
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
	const asked = requested(dims, request, { code: "bad-shards", what: "Shards" });
	return dims.map((dim, axis) => {
		const chunk = chunks[axis];
		const wanted = asked[axis] ?? chunk;
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
