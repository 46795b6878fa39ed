/** Copies a hierarchy from a store to a store, byte for byte: resumable, some levels on request. */
import { ChunkwiseError } from "../errors.ts";
import { forEachInFlight } from "../parallel/in-flight.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { canList, listPages } from "../stores/list.ts";
import {
	exclusively,
	normalizePath,
	type ReadableStore,
	type StoreKey,
	type WritableStore,
} from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import { chunkKeys } from "./chunk-keys.ts";
import { SourceDocuments } from "./documents.ts";
import { type StoredNode, walkHierarchy } from "./hierarchy.ts";
import { type Journal, journalLine, memoryJournal, parseJournal } from "./journal.ts";
import { chooseLevels, isLeftOut, withMultiscales } from "./levels.ts";

export interface DownloadOptions extends LongTask {
	/** The node to download; default the store's root. It becomes the root of the target. */
	path?: string;
	/** Scale levels to take, counted from 0, the finest; default all. The metadata written name only these. */
	levels?: readonly number[];
	/** Values on their way at one time; default 8. */
	requestsAtOnce?: number;
	/** Where another run finds what this one did; default forgotten. */
	journal?: Journal;
	/** For progress and messages. */
	name?: string;
}

/** What a download came to. */
export interface DownloadReport {
	/** Values written by this run, metadata among them, and their bytes. */
	written: number;
	bytes: number;
	/** Values that an earlier run had written. */
	kept: number;
	/** Chunks that the source does not have: they stand for the fill value. */
	absent: number;
}

/** Failures that are named one by one. */
const shownFailures = 5;
/** A source that fails so often in a row is not asked for the rest. */
const mostFailures = 100;

/**
 * Downloads the Zarr or N5 hierarchy at a path of a store into a target that is empty, or holds what an earlier run with
 * the same journal left. Where the source cannot list, its metadata tell the keys, and chunks that it does not have are
 * passed over. Chunks come first and metadata last, so that what is half downloaded does not look whole. (For one file
 * from an address see `downloadFile`.)
 * @throws ChunkwiseError not-zarr, no-level, download-incomplete where some values could not be had, download-changed
 * where the source is not what it was, and what the target throws
 */
export async function download(
	source: ReadableStore,
	target: WritableStore,
	options: DownloadOptions = {},
): Promise<DownloadReport> {
	const run = new Run(source, target, options);
	return exclusively(target, () => run.all());
}

class Run {
	readonly #source: ReadableStore;
	readonly #target: WritableStore;
	readonly #options: DownloadOptions;
	readonly #path: string;
	readonly #journal: Journal;
	readonly #report: DownloadReport = { written: 0, bytes: 0, kept: 0, absent: 0 };
	readonly #failed = new Map<string, unknown>();
	readonly #documents: SourceDocuments;
	#known = parseJournal([]);
	#there?: Set<string>;
	#total?: number;

	constructor(source: ReadableStore, target: WritableStore, options: DownloadOptions) {
		this.#source = source;
		this.#target = target;
		this.#options = options;
		this.#path = normalizePath(options.path ?? "");
		this.#journal = options.journal ?? memoryJournal();
		this.#documents = new SourceDocuments(source, this.#path, options.signal);
	}

	async all(): Promise<DownloadReport> {
		this.#known = parseJournal(await this.#journal.read());
		await this.#agree();
		const { nodes, leftOut, rewritten } = await this.#look();
		await this.#documents.agree(this.#known, this.#journal);
		this.#there = await this.#alreadyThere();
		const without = (key: string) => isLeftOut(key, leftOut);
		const { keys, total } = await chunkKeys(this.#source, {
			path: this.#path,
			nodes,
			wanted: (key) => !without(key) && !this.#documents.has(key),
			signal: this.#options.signal,
		});
		this.#total = total;
		await this.#copyAll(keys);
		const again = [...this.#failed.keys()];
		this.#failed.clear();
		await this.#copyAll(again);
		if (this.#failed.size > 0) throw this.#incomplete();
		await this.#documents.checkStill();
		await this.#documents.write(this.#target, {
			rewritten,
			chosen: this.#options.levels !== undefined,
			isLeftOut: without,
			onWritten: (bytes) => this.#wrote(bytes),
		});
		return this.#report;
	}

	/** The nodes; paths at and below which nothing is taken, and what their groups' documents then say. */
	async #look() {
		const nodes: StoredNode[] = [];
		const leftOut: string[] = [];
		const rewritten = new Map<string, Json>();
		const { levels, signal } = this.#options;
		const skip = (at: string) => isLeftOut(at, leftOut);
		for await (const node of walkHierarchy(this.#documents.store, this.#path, { signal, skip })) {
			nodes.push(node);
			const chosen = levels && chooseLevels(node, levels);
			if (!chosen) continue;
			leftOut.push(...chosen.leftOut);
			const [key, document] = (await this.#documents.multiscalesOf(node)) ?? [];
			if (key && document) rewritten.set(key, withMultiscales(document, chosen.multiscales));
		}
		if (levels && rewritten.size === 0) {
			throw new ChunkwiseError("no-level", "This is no image with scale levels.", {
				where: this.#options.name ?? this.#path,
				remedy: "Leave the levels out, or give the group that holds them.",
			});
		}
		return { nodes, leftOut, rewritten };
	}

	/** A journal of another wish belongs to other values. */
	async #agree(): Promise<void> {
		const { levels = "all" } = this.#options;
		const wish = JSON.stringify({ source: this.#options.name ?? "", path: this.#path, levels });
		if (this.#known.wish === undefined) await this.#journal.append([journalLine.wish(wish)]);
		else if (this.#known.wish !== wish) {
			throw new ChunkwiseError(
				"download-other",
				"An unfinished download of something else is at this place.",
				{
					where: this.#options.name,
					remedy: "Finish it with the same address and levels, or begin anew (--overwrite).",
				},
			);
		}
	}

	async #alreadyThere(): Promise<Set<string> | undefined> {
		if (!canList(this.#target)) return undefined;
		const there = new Set<string>();
		for await (const { keys } of listPages(this.#target)) for (const key of keys) there.add(key);
		return there;
	}

	async #copyAll(keys: AsyncIterable<string> | Iterable<string>): Promise<void> {
		const { signal, requestsAtOnce = 8 } = this.#options;
		const failed = this.#failed;
		const whileItWorks = async function* () {
			for await (const key of keys) {
				if (failed.size >= mostFailures) return;
				yield key;
			}
		};
		await forEachInFlight(whileItWorks(), requestsAtOnce, (key) => this.#copy(key), signal);
	}

	async #copy(key: string): Promise<void> {
		const inside = this.#documents.inside(key);
		if (this.#known.absent.has(inside)) this.#report.absent++;
		else if (this.#there ? this.#there.has(inside.slice(1)) : await this.#target.get(inside)) {
			this.#report.kept++;
		} else await this.#fetch(key, inside);
		this.#tell();
	}

	async #fetch(key: string, inside: StoreKey): Promise<void> {
		const { signal } = this.#options;
		let bytes: Uint8Array | undefined;
		try {
			bytes = await this.#source.get(`/${key}`, { signal });
		} catch (error) {
			signal?.throwIfAborted();
			this.#failed.set(key, error);
			return;
		}
		if (bytes) {
			await this.#target.set(inside, bytes);
			this.#wrote(bytes.byteLength);
		} else {
			await this.#journal.append([journalLine.absent(inside)]);
			this.#report.absent++;
		}
	}

	#wrote(bytes: number): void {
		this.#report.written++;
		this.#report.bytes += bytes;
	}

	#tell(): void {
		const { written, kept, absent } = this.#report;
		progressOf(this.#options)({
			label: `Downloading ${this.#options.name ?? (this.#path || "store")}`,
			done: written + kept + absent,
			total: this.#total && Math.max(this.#total, written + kept + absent),
			unit: "chunks",
		});
	}

	#incomplete(): ChunkwiseError {
		const keys = [...this.#failed.keys()];
		const [error] = this.#failed.values();
		const more = keys.length > shownFailures ? `, and ${keys.length - shownFailures} more` : "";
		return new ChunkwiseError(
			"download-incomplete",
			`${keys.length} ${keys.length === 1 ? "value" : "values"} could not be had, twice: ${keys.slice(0, shownFailures).join(", ")}${more}. The first said: ${(error as Error).message}`,
			{
				where: this.#options.name,
				remedy: "Run the same again: what has come is kept, and only the rest is asked for.",
				cause: error,
			},
		);
	}
}
