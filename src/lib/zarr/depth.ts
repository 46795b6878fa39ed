/** How deep a hierarchy may be. A server that answers every path with the same document has one without an end. */
import { ChunkwiseError } from "../errors.ts";

/** Groups in groups at most; no real hierarchy is as deep. */
const deepest = 32;

/**
 * Refuses a node that lies too deep below another.
 * @throws ChunkwiseError bad-metadata
 */
export function checkDepth(path: string, below = ""): void {
	const parts = (of: string) => (of === "" ? 0 : of.split("/").length);
	if (parts(path) - parts(below) <= deepest) return;
	throw new ChunkwiseError("bad-metadata", `Groups lie in groups more than ${deepest} deep.`, {
		where: path,
		remedy: "See whether the server answers every path with the same document.",
	});
}
