/**
 * What the same wish costs a file system and an object store: which calls or requests go out, how many bytes they
 * move, how long that takes under stated assumptions, and what is refused.
 *
 * Object stores are taken as Amazon S3 describes general-purpose buckets (S3 User Guide, "Amazon S3 data consistency
 * model", "Listing object keys programmatically", "Conditional requests"; API reference, ListObjectsV2, CopyObject,
 * DeleteObjects). Calls on files are POSIX's.
 */
import { ChunkwiseError } from "../errors.ts";
import { counted } from "./figure.ts";
import { fileSide } from "./storage-file.ts";
import {
	defaultAssumptions,
	foldersOf,
	itemsUnder,
	middleRange,
	type SideSteps,
	type StorageAssumptions,
	type StorageCase,
	type StorageOperation,
	type StoragePlan,
	type StorageSide,
	type StorageStep,
	type StoredItem,
} from "./storage-model.ts";
import { objectSide } from "./storage-object.ts";

/**
 * The folder that an example is best about: the deepest that has a file of its own and holds half of all items.
 * For an OME-Zarr that is its largest array.
 */
export function mainFolder(items: readonly StoredItem[]): string {
	const folders = new Set(items.flatMap((item) => foldersOf(item.key)));
	let best = "";
	for (const folder of folders) {
		const inside = itemsUnder(items, folder);
		const own = inside.some((item) => !item.key.slice(folder.length + 1).includes("/"));
		if (own && inside.length * 2 >= items.length && folder.split("/").length >= best.split("/").length)
			best = folder;
	}
	return best !== "" ? best : ([...folders][0] ?? "");
}

function notThere(message: string, where: string): ChunkwiseError {
	return new ChunkwiseError("storage-unknown-key", message, {
		where,
		remedy: "Name a file or folder of the list of keys.",
	});
}

/** The case to plan, with the target filled in and checked. */
function caseOf(
	items: readonly StoredItem[],
	operation: StorageOperation,
	target: { file?: string; folder?: string },
	assumptions: StorageAssumptions,
): StorageCase {
	if (items.length === 0) throw notThere("The list of keys is empty.", "storageComparison");
	const folder = target.folder ?? mainFolder(items);
	const inside = itemsUnder(items, folder);
	if (inside.length === 0) throw notThere(`There is no folder ${folder}.`, folder);
	const largest = inside.reduce((a, b) => (b.size > a.size ? b : a));
	const file = target.file === undefined ? largest : items.find((item) => item.key === target.file);
	if (file === undefined) throw notThere(`There is no key ${target.file}.`, String(target.file));
	const parent = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/") + 1) : "";
	const newFolder = `${parent}${folder === `${parent}raw` ? "renamed" : "raw"}`;
	return { operation, items, file, folder, newFolder, inside, assumptions };
}

function titleOf({ operation, file, folder, inside }: StorageCase): string {
	const where = folder === "" ? "the root" : folder;
	const titles: Record<StorageOperation, string> = {
		"list-folder": `List what is directly in ${where}`,
		"list-all": `List everything under ${where}`,
		read: `Read the whole of ${file.key}`,
		"read-range": `Read ${counted(middleRange(file.size).length, "byte")} from the middle of ${file.key}`,
		overwrite: `Change one byte of ${file.key}`,
		append: `Add 1024 bytes to the end of ${file.key}`,
		"rename-folder": `Rename ${where}, ${counted(inside.length, "file")}`,
		"delete-folder": `Delete ${where}, ${counted(inside.length, "file")}`,
		"two-writers": `Two programs change different bytes of ${file.key} at once`,
	};
	return titles[operation];
}

function timed(side: SideSteps, latency: number, bandwidth: number): StorageSide {
	const steps = side.steps.map((s) => ({
		...s,
		seconds: Math.ceil(s.times / s.atOnce) * latency + (s.bytesDown + s.bytesUp) / bandwidth,
	}));
	const sum = (of: (s: StorageStep & { seconds: number }) => number) => steps.reduce((a, s) => a + of(s), 0);
	return {
		...side,
		steps,
		calls: sum((s) => s.times),
		bytesDown: sum((s) => s.bytesDown),
		bytesUp: sum((s) => s.bytesUp),
		bytesInside: sum((s) => s.bytesInside),
		seconds: sum((s) => s.seconds),
	};
}

/**
 * Plans one operation on both sides. The bandwidth is the client's, so that bytes of requests that go out together
 * share it; each request costs its latency, `parallel` of them at once where nothing orders them.
 * @throws ChunkwiseError `storage-unknown-key` where the target is not among the items
 */
export function planStorage(
	items: readonly StoredItem[],
	operation: StorageOperation,
	target: { file?: string; folder?: string } = {},
	assumptions: Partial<StorageAssumptions> = {},
): StoragePlan {
	const assumed = { ...defaultAssumptions, ...assumptions };
	const given = caseOf(items, operation, target, assumed);
	return {
		operation,
		title: titleOf(given),
		file: given.file.key,
		folder: given.folder,
		newFolder: given.newFolder,
		files: timed(fileSide(given), assumed.fileLatency, assumed.fileBandwidth),
		objects: timed(objectSide(given), assumed.objectLatency, assumed.objectBandwidth),
	};
}
