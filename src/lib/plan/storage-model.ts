/** The words in which storage is planned: operations, assumptions, steps, and the two sides. */

/** A file's path, or an object's key, and its size in bytes. */
export interface StoredItem {
	key: string;
	size: number;
}

/** What can be wished of storage, as {@link planStorage} takes it. */
export const storageOperations = [
	"list-folder",
	"list-all",
	"read",
	"read-range",
	"overwrite",
	"append",
	"rename-folder",
	"delete-folder",
	"two-writers",
] as const;

/** One of {@link storageOperations}. */
export type StorageOperation = (typeof storageOperations)[number];

/** What the estimates take for granted. Seconds and bytes a second. */
export interface StorageAssumptions {
	/** From a call to its answer: a local disk, or a network share. */
	fileLatency: number;
	fileBandwidth: number;
	/** From a request to the first byte of its answer. */
	objectLatency: number;
	objectBandwidth: number;
	/** Requests that the client keeps under way at once. */
	parallel: number;
	/** Delete up to 1000 objects a request (DeleteObjects). */
	batchDelete: boolean;
	/** Guard writes with `If-Match`: write only if the object is still the one that was read. */
	ifMatch: boolean;
}

/** Chosen for arithmetic that is easy to follow, of the order that a reader meets; not measured. */
export const defaultAssumptions: Readonly<StorageAssumptions> = {
	fileLatency: 0.0001,
	fileBandwidth: 500e6,
	objectLatency: 0.05,
	objectBandwidth: 12.5e6,
	parallel: 6,
	batchDelete: false,
	ifMatch: false,
};

export type StorageEffect = "open" | "list" | "read" | "write" | "copy" | "delete" | "rename" | "refused";

/** Calls or requests of one kind that follow each other or go out together. */
export interface StorageStep {
	call: string;
	effect: StorageEffect;
	times: number;
	/** How many of them are under way at once. */
	atOnce: number;
	/** Bytes from the storage to the client, from the client to the storage, and copied within the storage, in all. */
	bytesDown: number;
	bytesUp: number;
	bytesInside: number;
	/** Files or objects concerned. */
	keys: string[];
	/** Folders concerned, on the side that has folders; "" is the root. */
	folders: string[];
	/** HTTP status, where it teaches something. */
	status?: number;
	note?: string;
}

export interface StorageSide {
	steps: (StorageStep & { seconds: number })[];
	/** Calls or requests in all. */
	calls: number;
	bytesDown: number;
	bytesUp: number;
	bytesInside: number;
	/** Estimate; bytes copied within the storage cost no time in it. */
	seconds: number;
	/** What happened, for a reader. */
	outcome: string;
	/** What cannot be had on this side, if anything. */
	refused?: string;
}

/** The same wish on a file system and on an object store: the calls and requests, bytes and time of each. */
export interface StoragePlan {
	operation: StorageOperation;
	/** The wish: "Rename the folder scale0/image, 73 files". */
	title: string;
	file: string;
	folder: string;
	/** The folder's new path, where it is renamed. */
	newFolder: string;
	files: StorageSide;
	objects: StorageSide;
}

/** What both sides are told. */
export interface StorageCase {
	operation: StorageOperation;
	items: readonly StoredItem[];
	file: StoredItem;
	/** "" is the root. */
	folder: string;
	newFolder: string;
	/** Everything under the folder. */
	inside: StoredItem[];
	assumptions: StorageAssumptions;
}

/** What one side answers: steps without their times. */
export interface SideSteps {
	steps: StorageStep[];
	outcome: string;
	refused?: string;
}

/** A step with everything that it does not say at nothing. */
export function step(
	call: string,
	effect: StorageEffect,
	rest: Partial<Omit<StorageStep, "call" | "effect">> = {},
): StorageStep {
	return {
		call,
		effect,
		times: 1,
		atOnce: 1,
		bytesDown: 0,
		bytesUp: 0,
		bytesInside: 0,
		keys: [],
		folders: [],
		...rest,
	};
}

/** Folders that contain a key, outermost first: `a/b/c` is in `a` and `a/b`. */
export function foldersOf(key: string): string[] {
	const folders: string[] = [];
	for (let slash = key.indexOf("/"); slash >= 0; slash = key.indexOf("/", slash + 1)) {
		folders.push(key.slice(0, slash));
	}
	return folders;
}

/** Items under a folder, however deep. */
export function itemsUnder(items: readonly StoredItem[], folder: string): StoredItem[] {
	return folder === "" ? [...items] : items.filter((item) => item.key.startsWith(`${folder}/`));
}

/** The part that a read of 1024 bytes from the middle of a file returns: no further than its end. */
export function middleRange(size: number): { start: number; length: number } {
	const start = Math.floor(size / 2);
	return { start, length: Math.min(1024, size - start) };
}
