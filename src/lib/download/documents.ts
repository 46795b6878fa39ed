/** The metadata documents of a source as they were first read: known again by a later run, and written last. */
import { ChunkwiseError } from "../errors.ts";
import { crc32 } from "../stores/crc32.ts";
import { rootLast } from "../stores/metadata-keys.ts";
import { keyOf, type ReadableStore, type StoreKey, type WritableStore } from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import { consolidate } from "../zarr/consolidated.ts";
import { readJson } from "../zarr/json.ts";
import { encodeJson } from "../zarr/metadata.ts";
import type { StoredNode } from "./hierarchy.ts";
import { type Journal, type JournalState, journalLine } from "./journal.ts";

/** How documents are written. */
export interface DocumentWriting {
	/** Documents of which other levels are named than in the source, by key of the source. */
	rewritten: ReadonlyMap<string, Json>;
	/** Only some levels are taken: copies of the metadata of all would be wrong. */
	chosen: boolean;
	isLeftOut: (key: string) => boolean;
	onWritten: (bytes: number) => void;
}

export class SourceDocuments {
	readonly #source: ReadableStore;
	readonly #path: string;
	readonly #signal?: AbortSignal;
	/** By key of the source, without leading slash. */
	readonly #read = new Map<string, Uint8Array>();

	/** @param path of the node that is downloaded */
	constructor(source: ReadableStore, path: string, signal?: AbortSignal) {
		this.#source = source;
		this.#path = path;
		this.#signal = signal;
	}

	/** The source, with documents kept as they were first read. */
	readonly store: ReadableStore = {
		get: async (key) => {
			const known = this.#read.get(key.slice(1));
			if (known) return known;
			const bytes = await this.#source.get(key, { signal: this.#signal });
			if (bytes) this.#read.set(key.slice(1), bytes);
			return bytes;
		},
	};

	has(key: string): boolean {
		return this.#read.has(key);
	}

	/** The key in the target of a key of the source. */
	inside(key: string): StoreKey {
		return keyOf("", this.#path === "" ? key : key.slice(this.#path.length + 1));
	}

	/** The document in which a group's multiscales stand. */
	async multiscalesOf({ documents, format }: StoredNode): Promise<[key: string, document: Json] | undefined> {
		const name = format === 3 ? "zarr.json" : format === 2 ? ".zattrs" : "attributes.json";
		const key = documents.find((one) => one.split("/").at(-1) === name);
		const document = key && (await readJson(this.store, `/${key}`));
		return key && document ? [key, document] : undefined;
	}

	/**
	 * Holds what was read against what an earlier run had read, and notes what is new.
	 * @throws ChunkwiseError download-changed
	 */
	async agree(known: JournalState, journal: Journal): Promise<void> {
		const lines: string[] = [];
		for (const [key, bytes] of this.#read) {
			const before = known.documents.get(key);
			if (before === undefined) lines.push(journalLine.document(key, bytes));
			else if (before !== crc32(bytes)) throw changed(key);
		}
		await journal.append(lines);
	}

	/**
	 * Asks for the metadata at the top once more: what was replaced meanwhile is two images mixed.
	 * @throws ChunkwiseError download-changed
	 */
	async checkStill(): Promise<void> {
		for (const [key, bytes] of this.#read) {
			if (key.includes("/", this.#path.length + 1)) continue;
			const now = await this.#source.get(`/${key}`, { signal: this.#signal });
			if (!now || crc32(now) !== crc32(bytes)) throw changed(key);
		}
	}

	/** Writes the documents, the root's last: they make a hierarchy of the rest. */
	async write(target: WritableStore, writing: DocumentWriting): Promise<void> {
		const { rewritten, chosen, isLeftOut, onWritten } = writing;
		const documents = [...this.#read].sort(([a], [b]) => rootLast(a, b));
		let consolidated = false;
		for (const [key, bytes] of documents) {
			const isV2 = key.endsWith(".zmetadata");
			const hasCopies = isV2 || (key.endsWith("zarr.json") && consolidatedIn(bytes));
			consolidated ||= hasCopies && !this.inside(key).slice(1).includes("/");
			if (isLeftOut(key) || (chosen && isV2)) continue;
			const stale = chosen && hasCopies;
			const document = rewritten.get(key) ?? (stale ? await readJson(this.store, `/${key}`) : undefined);
			const value = document ? encodeJson({ ...document, ...(stale ? withoutCopies : {}) }) : bytes;
			await target.set(this.inside(key), value);
			onWritten(value.byteLength);
		}
		// Copies of the metadata of all levels would be wrong: they are made anew.
		if (chosen && consolidated) await consolidate(target);
	}
}

function changed(key: string): ChunkwiseError {
	return new ChunkwiseError("download-changed", "The source has changed since the download began.", {
		where: key,
		remedy: "What is there so far belongs to its former state: begin anew (--overwrite).",
	});
}

const withoutCopies = { consolidated_metadata: undefined };

function consolidatedIn(bytes: Uint8Array): boolean {
	return /"consolidated_metadata"\s*:\s*\{/.test(new TextDecoder().decode(bytes));
}
