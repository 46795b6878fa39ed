/** Copies a hierarchy from a store to a store, byte for byte: resumable, some levels on request. */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { crc32 } from "../stores/crc32.ts";
import { canList, listPages } from "../stores/list.ts";
import {
	exclusively,
	keyOf,
	normalizePath,
	type ReadableStore,
	type StoreKey,
	type WritableStore,
} from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import { consolidate } from "../zarr/consolidated.ts";
import { readJson } from "../zarr/json.ts";
import { encodeJson } from "../zarr/metadata.ts";
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
	/** Metadata as they were at the beginning, by key of the source. */
	readonly #documents = new Map<string, Uint8Array>();
	/** Paths at and below which nothing is taken. */
	readonly #leftOut: string[] = [];
	#known = parseJournal([]);
	#there?: Set<string>;
	#total?: number;

	constructor(source: ReadableStore, target: WritableStore, options: DownloadOptions) {
		this.#source = source;
		this.#target = target;
		this.#options = options;
		this.#path = normalizePath(options.path ?? "");
		this.#journal = options.journal ?? memoryJournal();
	}

	async all(): Promise<DownloadReport> {
		this.#known = parseJournal(await this.#journal.read());
		await this.#agree();
		const nodes: StoredNode[] = [];
		const leftOut = this.#leftOut;
		const rewritten = new Map<string, Json>();
		const { levels, signal } = this.#options;
		for await (const node of walkHierarchy(this.#remembering(), this.#path, {
			signal,
			skip: (at) => isLeftOut(at, leftOut),
		})) {
			nodes.push(node);
			const chosen = levels && chooseLevels(node, levels);
			if (!chosen) continue;
			leftOut.push(...chosen.leftOut);
			const key = documentOf(node);
			const document = key && (await readJson(this.#remembering(), `/${key}`));
			if (key && document) rewritten.set(key, withMultiscales(document, chosen.multiscales));
		}
		if (levels && rewritten.size === 0) {
			throw new ChunkwiseError("no-level", "This is no image with scale levels.", {
				where: this.#options.name ?? this.#path,
				remedy: "Leave the levels out, or give the group that holds them.",
			});
		}
		await this.#checkUnchanged();
		this.#there = await this.#alreadyThere();
		this.#total = nodes.reduce((sum, node) => sum + node.chunkCount, 0);
		const chunks = await this.#chunkKeys(nodes);
		await this.#copyAll(chunks);
		const again = [...this.#failed.keys()];
		this.#failed.clear();
		await this.#copyAll(again);
		if (this.#failed.size > 0) throw this.#incomplete();
		await this.#checkStill();
		await this.#writeDocuments(rewritten);
		return this.#report;
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

	/** The source, with metadata documents kept as they were first read. */
	#remembering(): ReadableStore {
		return {
			get: async (key) => {
				const known = this.#documents.get(key.slice(1));
				if (known) return known;
				const bytes = await this.#source.get(key, { signal: this.#options.signal });
				if (bytes) this.#documents.set(key.slice(1), bytes);
				return bytes;
			},
		};
	}

	async #checkUnchanged(): Promise<void> {
		const lines: string[] = [];
		for (const [key, bytes] of this.#documents) {
			const before = this.#known.documents.get(key);
			if (before === undefined) lines.push(journalLine.document(key, bytes));
			else if (before !== crc32(bytes)) throw this.#changed(key);
		}
		await this.#journal.append(lines);
	}

	/** The metadata at the top once more: what was replaced meanwhile is two images mixed. */
	async #checkStill(): Promise<void> {
		for (const [key, bytes] of this.#documents) {
			if (key.includes("/", this.#path.length + 1)) continue;
			const now = await this.#source.get(`/${key}`, { signal: this.#options.signal });
			if (!now || crc32(now) !== crc32(bytes)) throw this.#changed(key);
		}
	}

	#changed(key: string): ChunkwiseError {
		return new ChunkwiseError("download-changed", "The source has changed since the download began.", {
			where: key,
			remedy: "What is there so far belongs to its former state: begin anew (--overwrite).",
		});
	}

	async #alreadyThere(): Promise<Set<string> | undefined> {
		if (!canList(this.#target)) return undefined;
		const there = new Set<string>();
		for await (const { keys } of listPages(this.#target)) for (const key of keys) there.add(key);
		return there;
	}

	/** Values that are no metadata: from a listing where there may be one, else from the arrays' grids. */
	async #chunkKeys(nodes: readonly StoredNode[]): Promise<AsyncIterable<string> | Iterable<string>> {
		const wanted = (key: string) => !isLeftOut(key, this.#leftOut) && !this.#documents.has(key);
		const derived = function* () {
			for (const node of nodes) yield* node.chunkKeys();
		};
		if (!canList(this.#source)) return derived();
		const { signal } = this.#options;
		const pages = listPages(this.#source, this.#path === "" ? "" : `${this.#path}/`, { signal });
		// Many public buckets may be read and not listed.
		const first = await pages.next().catch((error) => {
			if (isChunkwiseError(error) && /^(s3-denied|cannot-list|http-forbidden)$/.test(error.code))
				return undefined;
			throw error;
		});
		if (first === undefined) return derived();
		// A listing names what is there, and not how much of it.
		this.#total = undefined;
		return (async function* () {
			for (let page = first; !page.done; page = await pages.next()) {
				for (const key of page.value.keys) if (wanted(key)) yield key;
			}
		})();
	}

	async #copyAll(keys: AsyncIterable<string> | Iterable<string>): Promise<void> {
		const iterator = Symbol.asyncIterator in keys ? keys[Symbol.asyncIterator]() : keys[Symbol.iterator]();
		const { signal, requestsAtOnce = 8 } = this.#options;
		// Asking a generator again while it still looks for the next key would queue up anyway.
		let turn: Promise<unknown> = Promise.resolve();
		const next = () => {
			const result = turn.then(() => iterator.next());
			turn = result.catch(() => {});
			return result;
		};
		const worker = async () => {
			for (;;) {
				signal?.throwIfAborted();
				if (this.#failed.size >= mostFailures) return;
				const { done, value } = await next();
				if (done) return;
				await this.#copy(value);
			}
		};
		await Promise.all(Array.from({ length: requestsAtOnce }, worker));
	}

	async #copy(key: string): Promise<void> {
		const inside = this.#inside(key);
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
			this.#report.written++;
			this.#report.bytes += bytes.byteLength;
		} else {
			await this.#journal.append([journalLine.absent(inside)]);
			this.#report.absent++;
		}
	}

	#tell(): void {
		const { written, kept, absent, bytes } = this.#report;
		progressOf(this.#options)({
			label: `Downloading ${this.#options.name ?? (this.#path || "store")}, ${formatBytes(bytes)}`,
			done: written + kept + absent,
			total: this.#total && Math.max(this.#total, written + kept + absent),
			unit: "chunks",
		});
	}

	/** The root's documents last: they make a hierarchy of the rest. */
	async #writeDocuments(rewritten: ReadonlyMap<string, Json>): Promise<void> {
		const chosen = this.#options.levels !== undefined;
		const depth = (key: string) => key.split("/").length;
		const documents = [...this.#documents].sort(([a], [b]) => depth(b) - depth(a));
		let consolidated = false;
		for (const [key, bytes] of documents) {
			const isV2 = key.endsWith(".zmetadata");
			const hasCopies = isV2 || (key.endsWith("zarr.json") && consolidatedIn(bytes));
			consolidated ||= hasCopies && depth(this.#inside(key).slice(1)) === 1;
			if (isLeftOut(key, this.#leftOut) || (chosen && isV2)) continue;
			const inside = this.#inside(key);
			const stale = chosen && hasCopies;
			const document =
				rewritten.get(key) ?? (stale ? await readJson(this.#remembering(), `/${key}`) : undefined);
			const value = document ? encodeJson({ ...document, ...(stale ? withoutCopies : {}) }) : bytes;
			await this.#target.set(inside, value);
			this.#report.written++;
			this.#report.bytes += value.byteLength;
		}
		// Copies of the metadata of all levels would be wrong: they are made anew.
		if (chosen && consolidated) await consolidate(this.#target);
	}

	#inside(key: string): StoreKey {
		return keyOf("", this.#path === "" ? key : key.slice(this.#path.length + 1));
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

const withoutCopies = { consolidated_metadata: undefined };

function consolidatedIn(bytes: Uint8Array): boolean {
	return /"consolidated_metadata"\s*:\s*\{/.test(new TextDecoder().decode(bytes));
}

/** The document in which a group's multiscales stand. */
function documentOf({ documents, format }: StoredNode): string | undefined {
	const name = format === 3 ? "zarr.json" : format === 2 ? ".zattrs" : "attributes.json";
	return documents.find((key) => key.split("/").at(-1) === name);
}
