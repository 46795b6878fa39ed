/** The words in which storage is compared: operations, assumptions, steps with what really went out, and the two sides. */

/** A file's path, or an object's key, and its size in bytes. */
export interface StoredItem {
	key: string;
	size: number;
}

/** What can be done with storage, as {@link StorageLab} performs it. */
export const storageOperations = [
	"list-folder",
	"list-all",
	"read",
	"read-range",
	"overwrite",
	"append",
	"two-writers",
	"copy-folder",
	"rename-folder",
	"delete-folder",
	"add-capacity",
] as const;

/** One of {@link storageOperations}. */
export type StorageOperation = (typeof storageOperations)[number];

/** How a client works with a store: what goes out depends on it. */
export interface StorageWays {
	/** Requests that the client keeps under way at once. */
	parallel: number;
	/** Delete up to 1000 objects a request (DeleteObjects). */
	batchDelete: boolean;
	/** Guard writes with `If-Match`: write only if the object is still the one that was read. */
	ifMatch: boolean;
}

/** What times and money are computed from. Seconds, bytes a second, US dollars; a GB is 1024³ bytes, as it is billed. */
export interface StorageAssumptions extends StorageWays {
	/** From a call to its answer: a local disk, or a network share. */
	fileLatency: number;
	fileBandwidth: number;
	/** From a request to the first byte of its answer. */
	objectLatency: number;
	objectBandwidth: number;
	/** Dollars for a GB of a volume a month, used or not. */
	volumeMonth: number;
	/** Dollars for a GB of objects a month. */
	objectMonth: number;
	/** Dollars for a thousand PUT, COPY, POST or LIST requests. */
	writeRequests: number;
	/** Dollars for a thousand GET or HEAD requests. DELETE is free. */
	readRequests: number;
	/** Dollars for a GB that leaves the store for the internet. */
	egress: number;
	/** Money is for so many data sets like this one, because one alone costs next to nothing. */
	datasets: number;
}

/**
 * The order of size that a reader meets, each with its source in {@link assumptionSources}. None was measured here.
 */
export const defaultAssumptions: Readonly<StorageAssumptions> = {
	fileLatency: 0.001,
	fileBandwidth: 125 * 2 ** 20,
	objectLatency: 0.05,
	objectBandwidth: 12.5e6,
	parallel: 6,
	batchDelete: false,
	ifMatch: false,
	volumeMonth: 0.08,
	objectMonth: 0.023,
	writeRequests: 0.005,
	readRequests: 0.0004,
	egress: 0.09,
	datasets: 1000,
};

/** Where the numbers of {@link defaultAssumptions} are from, and of when. */
export const assumptionSources: readonly { about: string; source: string; date: string }[] = [
	{
		about: "Prices",
		source:
			"Amazon's list prices for S3 Standard and EBS gp3 volumes, US East (N. Virginia), without free tiers " +
			"(aws.amazon.com/s3/pricing, aws.amazon.com/ebs/pricing)",
		date: "March 2026",
	},
	{
		about: "A request, 50 ms",
		source:
			"Amazon, “Optimizing Amazon S3 Performance”: below 512 KB the median is often some tens of milliseconds",
		date: "June 2019",
	},
	{
		about: "A call, 1 ms, and 125 MiB/s",
		source:
			"Amazon EBS User Guide, General Purpose SSD volumes: latencies of single-digit milliseconds, baseline throughput",
		date: "March 2026",
	},
	{
		about: "The connection, 100 Mbit/s, and 6 requests at once",
		source: "chosen: a good line at home, and what a browser opens to one HTTP/1.1 server",
		date: "2026",
	},
];

/** What a step does to the files, folders or objects that it concerns. */
export type StorageEffect = "open" | "list" | "read" | "write" | "copy" | "delete" | "rename" | "refused";

/** One call or request, and its answer, as they were. */
export interface StorageExchange {
	/** `pwrite(3, 1 byte, at 157992)`, `GET /cells/zarr.json`. */
	call: string;
	/** `= 1`, `= -1 ENOSPC`, `206 Partial Content`, `412 PreconditionFailed`. */
	answer: string;
	ok: boolean;
	/** HTTP status. */
	status?: number;
	/** From the storage to the client, from the client to the storage, and copied within the storage. */
	bytesDown: number;
	bytesUp: number;
	bytesInside: number;
	/** The request and its answer as text: lines, headers, the beginning of a body that is text. */
	raw?: string;
}

/** What a request is billed as. */
export type RequestTier = "write" | "read" | "free";

/** Calls or requests of one kind that follow each other or go out together. */
export interface StorageStep {
	/** What they have in common. */
	call: string;
	effect: StorageEffect;
	exchanges: StorageExchange[];
	/** How many may be under way at once: a number, or as many as the client keeps. */
	atOnce: number | "parallel";
	/** Files or objects concerned. */
	keys: string[];
	/** Folders concerned, on the side that has folders; "" is the root. */
	folders: string[];
	tier: RequestTier;
	note?: string;
	/** Tried as one would on the other side, and in vain; a client who knows the storage leaves it out. */
	attempt?: true;
}

/** What one side did. */
export interface StorageSide {
	steps: StorageStep[];
	/** What is stored, in the order of a listing. */
	before: StoredItem[];
	after: StoredItem[];
	/** What happened, for a reader. */
	outcome: string;
	/** What cannot be had on this side, if anything. */
	refused?: string;
	/** What the storage knows of the file or object that the operation was about, if it is still there. */
	about: [name: string, value: string][];
	/** Bytes that are paid for: a volume's capacity, or what the objects hold. */
	paid: number;
}

/** Runs of neighbouring blocks: first block, and how many. */
export type BlockRuns = [first: number, count: number][];

/** A volume's blocks, and what an operation did with them. */
export interface VolumeView {
	/** Blocks of the volume. */
	blocks: number;
	/** Bytes of a block. */
	blockSize: number;
	used: BlockRuns;
	read: BlockRuns;
	written: BlockRuns;
	freed: BlockRuns;
}

/** One operation, carried out on a file system and on an object store. */
export interface StorageRun {
	operation: StorageOperation;
	/** The wish: "Rename the folder scale0/image, 73 files". */
	title: string;
	file: string;
	folder: string;
	/** The folder's new path, where it is renamed or copied. */
	newFolder: string;
	files: StorageSide & { volume: VolumeView };
	objects: StorageSide;
	/** What the next operation is about; absent where it is gone. */
	next: { file?: string; folder?: string };
}

/** What both sides are told. */
export interface StorageCase {
	operation: StorageOperation;
	file: string;
	/** "" is the root. */
	folder: string;
	newFolder: string;
	/** What two writers put in the middle of the file and behind it: bytes that are not there yet on either side. */
	bytes: [a: number, b: number];
	ways: StorageWays;
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

/** Bytes of all exchanges of a step. */
export function stepBytes(step: StorageStep): { bytesDown: number; bytesUp: number; bytesInside: number } {
	const sum = { bytesDown: 0, bytesUp: 0, bytesInside: 0 };
	for (const { bytesDown, bytesUp, bytesInside } of step.exchanges) {
		sum.bytesDown += bytesDown;
		sum.bytesUp += bytesUp;
		sum.bytesInside += bytesInside;
	}
	return sum;
}
