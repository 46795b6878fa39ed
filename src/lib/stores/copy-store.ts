/** All values of a store put into another one: metadata last, so that what is half copied does not look whole. */
import { forEachInFlight } from "../parallel/in-flight.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { listKeys } from "./list.ts";
import { isMetadataKey, rootLast } from "./metadata-keys.ts";
import { sourceChanged } from "./source-changed.ts";
import type { ReadableStore, StoreKey, WritableStore } from "./store.ts";

export interface CopyOptions extends LongTask {
	/** Values on their way at one time; default 6. */
	atOnce?: number;
	/** Keys that a copy before this one had done; added to. */
	done?: Set<string>;
	/** For progress. */
	label?: string;
	/** Told of the bytes of each value that is there. */
	onBytes?: (bytes: number) => void;
}

export interface CopyReport {
	/** Values written now, and those that were there. */
	written: number;
	kept: number;
	/** Of the values written now. */
	bytes: number;
}

/**
 * Copies what a store lists, of any format, and nothing else is asked of either side: a bucket that may be written and not
 * listed will do. For a source that cannot list, some levels, or a journal that outlives the process there is `download`.
 * @throws ChunkwiseError cannot-list, source-changed, and what the stores throw; the signal's reason when aborted
 */
export async function copyStore(
	source: ReadableStore,
	target: WritableStore,
	options: CopyOptions = {},
): Promise<CopyReport> {
	const { atOnce = 6, done = new Set(), label = "Copying", signal, onBytes } = options;
	const report = progressOf(options);
	const keys = await listKeys(source);
	const documents = keys.filter(isMetadataKey).sort(rootLast);
	const rest = keys.filter((key) => !isMetadataKey(key));
	const result: CopyReport = { written: 0, kept: 0, bytes: 0 };
	const tell = () =>
		report({ label, done: result.written + result.kept, total: keys.length, unit: "chunks" });
	tell();
	const copy = async (key: string) => {
		if (done.has(key)) result.kept++;
		else {
			const value = await source.get(`/${key}` as StoreKey, { signal });
			if (!value) throw sourceChanged(key);
			await target.set(`/${key}` as StoreKey, value, { signal });
			result.bytes += value.byteLength;
			onBytes?.(value.byteLength);
			done.add(key);
			result.written++;
		}
		tell();
	};
	await forEachInFlight(rest, atOnce, copy, signal);
	// One after the other, the root's at the very end.
	await forEachInFlight(documents, 1, copy, signal);
	return result;
}
