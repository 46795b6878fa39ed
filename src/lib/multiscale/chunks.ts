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
