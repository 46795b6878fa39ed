/** Displays that need to read something first: bytes of a Blob, the stored metadata of an array of zarrita. */
import { type DisplayModel, isDisplayable } from "../display.ts";
import { describeBytes, mostShown } from "./bytes.ts";
import { blobText } from "./describe.ts";
import { isZarritaNode } from "./zarrita-node.ts";

/**
 * A fuller display of a value than can be had at once, or undefined where there is none. `quietly` makes the calls
 * that read from a store, so that whoever counts requests need not count those of a display.
 */
export async function describeLater(
	value: unknown,
	quietly: <T>(read: () => T) => T = (read) => read(),
): Promise<DisplayModel | undefined> {
	if (value instanceof Blob && value.size > 0) {
		const bytes = await value.slice(0, mostShown).arrayBuffer();
		return { ...describeBytes(bytes, blobText(value)), total: value.size };
	}
	// The library's own arrays have what zarrita's have, and say themselves how they are shown.
	if (typeof value === "object" && value !== null && !isDisplayable(value) && isZarritaNode(value)) {
		const { describeStored } = await import("./zarrita-stored.ts");
		return describeStored(value, quietly);
	}
	return undefined;
}
