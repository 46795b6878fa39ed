/**
 * A store in front of one that is far away, for reading metadata with as few requests as it takes. `openZarr` asks for
 * the documents of both Zarr versions at once, which is the quickest; here each question waits for the answer that may
 * make it needless:
 *
 * - a hierarchy has one Zarr version, known from the first document found;
 * - an array is no group, and attributes of OME-NGFF make a group;
 * - consolidated metadata answer for all that lies below them (also for what is not there);
 * - a document is asked for once.
 *
 * Keys that name no metadata document go through as they are.
 */
import { getRange, keyOf, type ReadableStore, type StoreKey, type StoreOptions } from "../stores/store.ts";
import type { Json } from "./array-metadata.ts";

/** Levels whose documents cost no more one by one than it costs to look for consolidated metadata. */
const fewLevels = 3;
const documentName = /^\/(?:(.*)\/)?(zarr\.json|\.zarray|\.zgroup|\.zattrs|\.zmetadata|attributes\.json)$/;
const emptyGroup = new TextEncoder().encode('{"zarr_format":2}');

type Bytes = Uint8Array | undefined;

/** A store that answers for metadata documents as above. */
export function sparingStore(store: ReadableStore): ReadableStore {
	const asked = new Map<string, Promise<Bytes>>();
	const sparing = new Sparing((key, options) => {
		let answer = asked.get(key);
		if (!answer) {
			answer = Promise.resolve(store.get(key, options));
			asked.set(key, answer);
			answer.catch(() => asked.delete(key));
		}
		return answer;
	});
	const wrapped: ReadableStore = {
		get(key, options) {
			const match = documentName.exec(key);
			return match ? sparing.document(match[1] ?? "", match[2], options) : store.get(key, options);
		},
		getRange: (key, range, options) => getRange(store, key, range, options),
	};
	if (store.size) wrapped.size = (key, options) => store.size?.(key, options);
	if (store.list) wrapped.list = (prefix, options) => store.list?.(prefix, options) ?? [];
	if (store.children) wrapped.children = (path, options) => store.children?.(path, options) ?? [];
	return wrapped;
}

class Sparing {
	readonly #ask: (key: StoreKey, options?: StoreOptions) => Promise<Bytes>;
	#format?: 2 | 3 | "n5";
	/** Copies of documents by key, and the paths that they answer for. */
	readonly #copies = new Map<string, Uint8Array>();
	readonly #answered: string[] = [];
	/** Arrays that the metadata of an image names: their attributes say nothing more. */
	readonly #levels = new Set<string>();
	/** Where the metadata above say that there is nothing. */
	readonly #absent = new Set<string>();
	readonly #consolidated = new Map<string, Promise<void>>();

	constructor(ask: (key: StoreKey, options?: StoreOptions) => Promise<Bytes>) {
		this.#ask = ask;
	}

	async document(path: string, name: string, options?: StoreOptions): Promise<Bytes> {
		const key = keyOf(path, name);
		const copy = this.#copies.get(key);
		if (copy) return copy;
		if (name !== "attributes.json" && this.#answered.some((at) => isBelow(path, at))) return undefined;
		if (name === "zarr.json") return this.#v3(path, options);
		if (name === "attributes.json") return this.#n5(path, options);
		if (this.#format === 3 || this.#format === "n5") return undefined;
		if (this.#format === undefined && (await this.#v3(path, options))) return undefined;
		if (name === ".zmetadata") return this.#ask(key, options);
		if (name === ".zattrs") return this.#attributes(path, options);
		if (await this.#isOmeGroup(path, options)) return name === ".zgroup" ? emptyGroup : undefined;
		if (this.#copies.has(key)) return this.#copies.get(key);
		if (this.#format === undefined && (await this.#n5(path, options))) return undefined;
		if (name === ".zarray") return this.#found(2, this.#ask(key, options));
		if (await this.document(path, ".zarray", options)) return undefined;
		return this.#found(2, this.#ask(key, options));
	}

	async #found(format: 2 | 3 | "n5", answer: Promise<Bytes>): Promise<Bytes> {
		const bytes = await answer;
		if (bytes) this.#format ??= format;
		return bytes;
	}

	async #v3(path: string, options?: StoreOptions): Promise<Bytes> {
		if (this.#format !== undefined && this.#format !== 3) return undefined;
		const bytes = await this.#found(3, this.#ask(keyOf(path, "zarr.json"), options));
		const inline = (bytes && parsed(bytes)?.consolidated_metadata) as { metadata?: Json } | undefined;
		if (inline?.metadata) this.#take(path, inline.metadata, "/zarr.json");
		return bytes;
	}

	async #n5(path: string, options?: StoreOptions): Promise<Bytes> {
		if (this.#format === 2 || this.#format === 3 || this.#absent.has(path)) return undefined;
		const bytes = await this.#found("n5", this.#ask(keyOf(path, "attributes.json"), options));
		// n5-viewer lists the factors of all levels, so that none beyond them need be looked for.
		const { scales } = (bytes && parsed(bytes)) ?? {};
		if (Array.isArray(scales)) this.#absent.add(keyOf(path, `s${scales.length}`).slice(1));
		return bytes;
	}

	async #attributes(path: string, options?: StoreOptions): Promise<Bytes> {
		if (this.#levels.has(path)) return undefined;
		const bytes = await this.#found(2, this.#ask(keyOf(path, ".zattrs"), options));
		const { multiscales } = (bytes && parsed(bytes)) ?? {};
		const paths = (Array.isArray(multiscales) ? multiscales : []).flatMap((image) =>
			Array.isArray(image?.datasets) ? image.datasets.map((dataset: Json) => dataset?.path) : [],
		);
		for (const level of paths) if (typeof level === "string") this.#levels.add(keyOf(path, level).slice(1));
		if (paths.length > fewLevels) await this.#look(path, options);
		return bytes;
	}

	/** Attributes of OME-NGFF are a group's: its .zgroup need not be asked for. */
	async #isOmeGroup(path: string, options?: StoreOptions): Promise<boolean> {
		if (this.#levels.has(path)) return false;
		const bytes = await this.#attributes(path, options);
		const attributes = (bytes && parsed(bytes)) ?? {};
		return ["multiscales", "plate", "well", "bioformats2raw.layout"].some((name) => name in attributes);
	}

	/** Looks for the consolidated metadata of a Zarr 2 group, once. */
	#look(path: string, options?: StoreOptions): Promise<void> {
		let looking = this.#consolidated.get(path);
		if (!looking) {
			looking = this.#ask(keyOf(path, ".zmetadata"), options).then((bytes) => {
				const { metadata } = (bytes && parsed(bytes)) ?? {};
				if (metadata) this.#take(path, metadata as Json, "");
			});
			this.#consolidated.set(path, looking);
		}
		return looking;
	}

	#take(path: string, documents: Json, ending: string): void {
		if (this.#answered.includes(path)) return;
		for (const [key, document] of Object.entries(documents)) {
			this.#copies.set(keyOf(path, `${key}${ending}`), new TextEncoder().encode(JSON.stringify(document)));
		}
		this.#answered.push(path);
	}
}

function isBelow(path: string, at: string): boolean {
	return at === "" ? path !== "" : path.startsWith(`${at}/`);
}

/** The object in a document; undefined where it is none, which the reader of the document will say. */
function parsed(bytes: Uint8Array): Json | undefined {
	try {
		const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
		return typeof value === "object" && value !== null ? (value as Json) : undefined;
	} catch {
		return undefined;
	}
}
