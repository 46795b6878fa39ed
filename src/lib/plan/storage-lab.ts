/**
 * The same data twice, on a file system and in a bucket, to work on: each operation is carried out on both, and what it
 * gives is what went out and came back. The bucket is the library's own engine, which answers requests of the S3 API in
 * memory; the file system is a volume of 4 KiB blocks. Both hold the same bytes, which are made up.
 *
 * Object stores are taken as Amazon S3 describes general-purpose buckets (S3 User Guide, "Amazon S3 data consistency
 * model", "Listing object keys programmatically", "Conditional requests"; API reference, ListObjectsV2, CopyObject,
 * DeleteObjects).
 */
import { bucketEngine } from "../bucket/engine.ts";
import { compareUtf8 } from "../bucket/list-objects.ts";
import { md5 } from "../md5.ts";
import { type MemoryStore, memoryStore } from "../stores/memory.ts";
import { unwatched } from "../stores/watch.ts";
import { blockSize } from "./storage-blocks.ts";
import { checkItems, targetOf, titleOf } from "./storage-case.ts";
import { fileSide } from "./storage-file.ts";
import {
	defaultAssumptions,
	foldersOf,
	itemsUnder,
	middleRange,
	type StorageOperation,
	type StorageRun,
	type StorageWays,
	type StoredItem,
	storageOperations,
} from "./storage-model.ts";
import { objectSide } from "./storage-object.ts";
import { BucketClient } from "./storage-record.ts";
import { Volume } from "./storage-volume.ts";

/** How data are stored for {@link StorageLab}. */
export interface StorageLabOptions {
	/** The bucket's name; "bucket" where it is none that S3 allows. */
	name?: string;
	/** Bytes of the volume; the next power of two that leaves an eighth free where absent. */
	capacity?: number;
}

/** Data on a volume and in a bucket, on which operations are carried out. */
export class StorageLab {
	readonly #volume: Volume;
	readonly #values: Map<string, Uint8Array>;
	readonly #records: Map<string, Uint8Array>;
	readonly #client: BucketClient;
	readonly #bucket: string;
	/** The bucket's time, milliseconds since 1970. */
	#now: number;

	private constructor(
		volume: Volume,
		bucket: string,
		values: Map<string, Uint8Array>,
		records: Map<string, Uint8Array>,
		now: number,
	) {
		this.#volume = volume;
		this.#bucket = bucket;
		this.#values = values;
		this.#records = records;
		const store: MemoryStore = unwatched(memoryStore(values));
		this.#now = now;
		const engine = bucketEngine(store, {
			name: bucket,
			records: unwatched(memoryStore(records)),
			// A second a look, so that what is written later is later, and the same operations give the same times.
			clock: { now: () => (this.#now += 1000), sleep: async () => {} },
		});
		this.#client = new BucketClient(engine, bucket);
	}

	/**
	 * Puts items on a new volume and into a new bucket.
	 * @throws ChunkwiseError `storage-unknown-key` without items, `storage-bad-key` where a key cannot be a file's path,
	 * `storage-too-large` beyond 64 MiB or 5000 keys
	 */
	static async create(items: readonly StoredItem[], options: StorageLabOptions = {}): Promise<StorageLab> {
		checkItems(items);
		const name = options.name ?? "bucket";
		const bucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) ? name : "bucket";
		const volume = new Volume(options.capacity ?? roomFor(items));
		const lab = new StorageLab(volume, bucket, new Map(), new Map(), Date.UTC(2026, 0, 1));
		const made = new Set<string>();
		for (const { key, size } of items) {
			const bytes = madeUpBytes(key, size);
			for (const folder of foldersOf(key)) {
				if (!made.has(folder)) volume.mkdir(folder);
				made.add(folder);
			}
			const number = volume.open(key, { create: true });
			volume.write(number, bytes);
			volume.close(number);
			const type = key.endsWith(".json") ? "application/json" : "application/octet-stream";
			const headers = { "content-type": type, "x-amz-meta-dataset": bucket };
			await lab.#client.send(undefined, { method: "PUT", key, headers, body: bytes });
		}
		return lab;
	}

	/** The same data once more, as it is now, to work on by itself. */
	fork(): StorageLab {
		return new StorageLab(
			this.#volume.copy(),
			this.#bucket,
			new Map(this.#values),
			new Map(this.#records),
			this.#now,
		);
	}

	/** What is on the volume, in the order of a listing. */
	get files(): StoredItem[] {
		return this.#volume.files().sort((a, b) => compareUtf8(a.key, b.key));
	}

	/** What is in the bucket, in the order of a listing. */
	get objects(): StoredItem[] {
		return [...this.#values]
			.map(([key, value]) => ({ key: key.slice(1), size: value.length }))
			.sort((a, b) => compareUtf8(a.key, b.key));
	}

	/**
	 * Carries out one operation on both sides.
	 * @param target what it is about; the largest array and its largest file where absent
	 * @throws ChunkwiseError `storage-unknown-key` where the target is not there
	 */
	async perform(
		operation: StorageOperation,
		target: { file?: string; folder?: string } = {},
		ways: Partial<StorageWays> = {},
	): Promise<StorageRun> {
		const { parallel, batchDelete, ifMatch } = { ...defaultAssumptions, ...ways };
		const before = { files: this.files, objects: this.objects };
		const aim = targetOf(before.objects, operation, target);
		const given = {
			operation,
			...aim,
			bytes: this.#newBytes(aim.file),
			ways: { parallel, batchDelete, ifMatch },
		};
		const title = titleOf(given, before.objects);
		this.#volume.settle();
		const fileSteps = fileSide(this.#volume, given);
		const volume = this.#volume.map();
		const objectSteps = await objectSide(this.#client, given);
		const after = { files: this.files, objects: this.objects };
		const next = nextTarget(aim, operation, after.objects);
		const about = await this.look(next.file ?? aim.file);
		return {
			operation,
			title,
			...aim,
			files: {
				...fileSteps,
				before: before.files,
				after: after.files,
				about: about.file,
				paid: this.#volume.capacity,
				volume,
			},
			objects: {
				...objectSteps,
				before: before.objects,
				after: after.objects,
				about: about.object,
				paid: after.objects.reduce((sum, { size }) => sum + size, 0),
			},
			next,
		};
	}

	/** What each side knows of a file or object besides its bytes; nothing where it is not there. */
	async look(key: string): Promise<{ file: [string, string][]; object: [string, string][] }> {
		const { headers, status } = await this.#client.send(undefined, { method: "HEAD", key });
		const shown = ["content-length", "etag", "last-modified", "content-type", "x-amz-meta-dataset"];
		const object: [string, string][] =
			status === 200
				? shown.flatMap((name): [string, string][] => {
						const value = headers.get(name);
						return value === null ? [] : [[name, value]];
					})
				: [];
		try {
			const { size, blocks } = this.#volume.stat(key);
			const file: [string, string][] = [
				["size", `${size} B`],
				["blocks", `${blocks} of ${blockSize / 1024} KiB`],
				["unused in the last", `${blocks * blockSize - size} B`],
			];
			return { file, object };
		} catch {
			return { file: [], object };
		}
	}

	/** Bytes that are not yet where two writers put theirs, so that what is lost can be told from what was there. */
	#newBytes(key: string): [number, number] {
		const held: Uint8Array[] = [this.#values.get(`/${key}`) ?? new Uint8Array()];
		if (this.files.some((item) => item.key === key)) {
			const number = this.#volume.open(key);
			held.push(this.#volume.pread(number, this.#volume.stat(key).size, 0));
			this.#volume.close(number);
		}
		const unlike = (offset: number, first: number) => {
			const there = held.map((bytes) => bytes[middleRange(bytes.length).start + offset]);
			let byte = first;
			while (there.includes(byte)) byte++;
			return byte;
		};
		return [unlike(0, 0xa0), unlike(1, 0xb0)];
	}

	/** MD5 of what each side holds of a key, for showing that they agree; undefined where it is not there. */
	async digests(key: string): Promise<{ file?: string; object?: string }> {
		const object = this.#values.get(`/${key}`);
		const found = this.files.some((item) => item.key === key);
		let file: string | undefined;
		if (found) {
			const number = this.#volume.open(key);
			file = md5(this.#volume.pread(number, this.#volume.stat(key).size, 0));
			this.#volume.close(number);
		}
		return { file, object: object && md5(object) };
	}
}

/** What the next operation is about: the same under its new name, or nothing where it is gone. */
function nextTarget(
	{ file, folder, newFolder }: { file: string; folder: string; newFolder: string },
	operation: StorageOperation,
	items: readonly StoredItem[],
): { file?: string; folder?: string } {
	const moves = operation === "rename-folder";
	const inside = folder === "" || file.startsWith(`${folder}/`);
	const moved = folder === "" ? `${newFolder}/${file}` : newFolder + file.slice(folder.length);
	const nextFile = moves && inside ? moved : file;
	const nextFolder = moves ? newFolder : folder;
	return {
		...(items.some(({ key }) => key === nextFile) ? { file: nextFile } : {}),
		...(itemsUnder(items, nextFolder).length > 0 ? { folder: nextFolder } : {}),
	};
}

/** The next power of two that holds the items, and folders, and leaves an eighth of them free. */
function roomFor(items: readonly StoredItem[]): number {
	const files = items.reduce((sum, { size }) => sum + Math.ceil(size / blockSize) * blockSize, 0);
	const folders = new Set(items.flatMap(({ key }) => foldersOf(key))).size + 1;
	const entries = items.length * 64;
	const need = (files + folders * blockSize + entries) * 1.125;
	return Math.max(16 * blockSize, 2 ** Math.ceil(Math.log2(need)));
}

/** Bytes that a key decides, without pattern: every file has its own. */
function madeUpBytes(key: string, size: number): Uint8Array {
	let state = 0x811c9dc5;
	for (const unit of key) state = Math.imul(state ^ (unit.codePointAt(0) ?? 0), 0x01000193);
	const words = new Uint32Array(Math.ceil(size / 4));
	for (let i = 0; i < words.length; i++) {
		// xorshift32 (Marsaglia, "Xorshift RNGs", 2003); never zero.
		state ^= state << 13;
		state ^= state >>> 17;
		state ^= state << 5;
		if (state === 0) state = 1;
		words[i] = state;
	}
	return new Uint8Array(words.buffer).slice(0, size);
}

/** Every operation, each on the data as they are, which stay so. */
export async function runEach(
	lab: StorageLab,
	target: { file?: string; folder?: string } = {},
	ways: Partial<StorageWays> = {},
): Promise<StorageRun[]> {
	const runs: StorageRun[] = [];
	for (const operation of storageOperations) runs.push(await lab.fork().perform(operation, target, ways));
	return runs;
}
