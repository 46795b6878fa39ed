/**
 * A store in an S3 bucket, Amazon's or a compatible one, public or with keys of one's own. Requests are made as the
 * Amazon S3 API reference has them; signing (aws4fetch) is loaded only where there are credentials.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { bodyOf, contentLength, noRanges, partOf, rangeHeader } from "../http-answer.ts";
import { objectUrl, type S3Address, type S3Location, s3Address } from "./s3-address.ts";
import { S3Client, type S3ClientOptions } from "./s3-client.ts";
import { type Doomed, deleteMany } from "./s3-delete.ts";
import { listPages, type S3Version, versionPages, withQuery } from "./s3-list.ts";
import { putParts, type Written } from "./s3-multipart.ts";
import { Trace } from "./s3-trace.ts";
import {
	type ByteRange,
	type ListOptions,
	type ListPage,
	normalizePath,
	type StoreKey,
	type StoreOptions,
	sliceRange,
	type WritableStore,
} from "./store.ts";
import { watched } from "./watch.ts";

/** How requests are made and signed, and how large values are uploaded. */
export interface S3StoreOptions extends S3ClientOptions {
	/** Keys on one page of a listing; default 1000, which is also the most that S3 gives. */
	pageSize?: number;
	/** Values of more bytes are written in parts; default 16 MiB. */
	multipartAbove?: number;
	/** Bytes of a part, 5 MiB at least; default 8 MiB, more where a value would have over 10,000 parts. */
	partSize?: number;
	/** Parts of one value on the way at the same time; default 4. */
	parallelParts?: number;
}

/** What is read, where a bucket keeps versions. */
export interface S3ReadOptions extends StoreOptions {
	/** An older version, as `versions` or `set` named it; default the newest. */
	versionId?: string;
}

/** Conditions for a write (If-Match, If-None-Match), and what is stored beside the value. */
export interface S3WriteOptions extends StoreOptions {
	/** Write only over this version: an ETag as `set` returned it. */
	ifMatch?: string;
	/** "*": write only where there is no value. */
	ifNoneMatch?: "*";
	/** Default application/octet-stream; application/json for keys that end so. */
	contentType?: string;
	/** Words of one's own about the value, sent as x-amz-meta-NAME. */
	metadata?: Record<string, string>;
}

/** A whole value larger than this is not fetched in place of a range that the service would not serve. */
const wholeInsteadOfRange = 64 * 2 ** 20;
const defaults = { multipartAbove: 16 * 2 ** 20, partSize: 8 * 2 ** 20, parallelParts: 4 };

export class S3Store implements WritableStore, Displayable {
	readonly abilities = { atomic: true, persistent: true, reports: true };
	readonly bucket: string;
	readonly prefix: string;
	readonly #address: S3Address;
	readonly #client: S3Client;
	readonly #options: S3StoreOptions;

	constructor(location: string | S3Location, options: S3StoreOptions = {}) {
		this.#address = s3Address(location);
		const credentials = typeof location === "string" ? undefined : location.credentials;
		this.#client = new S3Client(this.#address.region, credentials, options);
		this.#options = options;
		this.bucket = this.#address.bucket;
		this.prefix = this.#address.prefix;
		watched(this);
	}

	async get(key: StoreKey, options: S3ReadOptions = {}): Promise<Uint8Array | undefined> {
		return this.#read(key, { method: "GET" }, new Trace("get", key, options), options, bodyOf);
	}

	/** The answer's range is checked before its bytes are used. */
	async getRange(
		key: StoreKey,
		range: ByteRange,
		options: S3ReadOptions = {},
	): Promise<Uint8Array | undefined> {
		if ("length" in range && range.length === 0) return new Uint8Array(0);
		const init = { headers: { Range: rangeHeader(range) } };
		const trace = new Trace("getRange", key, options, range);
		return this.#read(key, init, trace, options, async (response, url, signal) => {
			if (response.status === 206) return partOf(response, range, url, signal);
			if (response.status === 416) {
				await response.body?.cancel();
				return new Uint8Array(0);
			}
			const length = contentLength(response);
			if (length !== undefined && length > wholeInsteadOfRange) {
				await response.body?.cancel();
				throw noRanges(url, length);
			}
			return sliceRange(await bodyOf(response, url, signal), range);
		});
	}

	async size(key: StoreKey, options: S3ReadOptions = {}): Promise<number | undefined> {
		const trace = new Trace("size", key, options);
		return this.#read(key, { method: "HEAD" }, trace, options, async (response) => contentLength(response));
	}

	/**
	 * Writes a value and gives its ETag, and the id of its version where the bucket keeps versions. Large values go in
	 * parts; either way S3 replaces a whole object at once: readers see the old or the new one. The bytes must not change
	 * until the promise is settled.
	 * @throws ChunkwiseError precondition-failed where `ifMatch` or `ifNoneMatch` does not hold, s3-denied, s3-no-bucket
	 */
	async set(key: StoreKey, value: Uint8Array, options: S3WriteOptions = {}): Promise<Written> {
		const url = objectUrl(this.#address, key);
		const { signal } = options;
		const headers: Record<string, string> = {
			"Content-Type":
				options.contentType ?? (key.endsWith(".json") ? "application/json" : "application/octet-stream"),
		};
		for (const [name, text] of Object.entries(options.metadata ?? {})) headers[`x-amz-meta-${name}`] = text;
		const conditions: Record<string, string> = {};
		if (options.ifMatch !== undefined) conditions["If-Match"] = options.ifMatch;
		if (options.ifNoneMatch !== undefined) conditions["If-None-Match"] = options.ifNoneMatch;
		const { multipartAbove, partSize, parallelParts } = { ...defaults, ...this.#options };
		if (value.byteLength > multipartAbove) {
			const traceOf = (bytes: number) => new Trace("set", key, options, undefined, bytes);
			const parts = { partSize, parallel: parallelParts, headers, conditions, signal, traceOf };
			return putParts(this.#client, url, value, parts);
		}
		const init: RequestInit = {
			method: "PUT",
			headers: { ...headers, ...conditions },
			// A view's bytes only, and the same ones each time where the request is made again.
			body: value.slice(),
			signal,
		};
		const trace = new Trace("set", key, options, undefined, value.byteLength);
		const response = await this.#client.must(url, init, trace);
		trace.end({ status: response.status });
		await response.body?.cancel();
		return {
			etag: response.headers.get("etag") ?? undefined,
			versionId: response.headers.get("x-amz-version-id") ?? undefined,
		};
	}

	/**
	 * Deletes a value; in a bucket with versions, the older ones stay. With `versionId`, that version is gone for good.
	 * @throws ChunkwiseError s3-denied, s3-no-bucket
	 */
	async delete(key: StoreKey, options: S3ReadOptions = {}): Promise<void> {
		const trace = new Trace("delete", key, options);
		const init = { method: "DELETE", signal: options.signal };
		const response = await this.#client.must(this.#url(key, options), init, trace);
		trace.end({ status: response.status });
		await response.body?.cancel();
	}

	/** Deletes everything under the store's prefix, a thousand keys a request; older versions stay. */
	async clear(options: StoreOptions = {}): Promise<void> {
		for await (const { keys } of this.#pages(this.#inside(""), "", options)) {
			const doomed = keys.map((key) => this.#doomed(key));
			await deleteMany(this.#client, this.#address.base, doomed, options.signal);
		}
	}

	/** @throws ChunkwiseError s3-denied where listing is not allowed, as in many public buckets; s3-no-bucket */
	async list(prefix = "", options: StoreOptions = {}): Promise<string[]> {
		const keys: string[] = [];
		for await (const page of this.pages(prefix, options)) keys.push(...page.keys);
		return keys;
	}

	/** The same page by page, one request each; with a delimiter only up to the next slash. */
	async *pages(prefix = "", options: ListOptions = {}): AsyncGenerator<ListPage> {
		for await (const page of this.#pages(this.#inside(prefix), options.delimiter ?? "", options)) {
			yield {
				// Empty objects that mark folders are no values.
				keys: page.keys.map((key) => this.#outside(key)).filter((key) => key !== "" && !key.endsWith("/")),
				prefixes: page.prefixes.map((name) => this.#outside(name)),
			};
		}
	}

	/** Names below a path, found with a delimiter: one request for each thousand names, however much lies below them. */
	async children(path = "", options: StoreOptions = {}): Promise<string[]> {
		const at = normalizePath(path);
		const start = this.#inside(at === "" ? "" : `${at}/`);
		const names = new Set<string>();
		for await (const page of this.#pages(start, "/", options)) {
			for (const name of [...page.keys, ...page.prefixes]) {
				const bare = name.slice(start.length).replace(/\/$/, "");
				if (bare !== "") names.add(bare);
			}
		}
		return [...names];
	}

	/**
	 * All versions and delete markers of keys that begin with a prefix: by key, the newest first.
	 * @throws ChunkwiseError s3-denied, s3-no-bucket, s3-error where the service has no versions
	 */
	async versions(prefix = "", options: StoreOptions = {}): Promise<S3Version[]> {
		const { base } = this.#address;
		const { pageSize } = this.#options;
		const query = { base, prefix: this.#inside(prefix), pageSize, options };
		const found: S3Version[] = [];
		for await (const page of versionPages(this.#client, query)) {
			for (const version of page) found.push({ ...version, key: this.#outside(version.key) });
		}
		return found;
	}

	toString(): string {
		return `<S3Store s3://${[this.bucket, this.prefix].filter(Boolean).join("/")}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	/** The bucket's key of a beginning of a key of this store. */
	#inside(prefix: string): string {
		return this.prefix === "" ? prefix : `${this.prefix}/${prefix}`;
	}

	#outside(key: string): string {
		return this.prefix === "" ? key : key.slice(this.prefix.length + 1);
	}

	#url(key: StoreKey, options: S3ReadOptions = {}): string {
		const url = objectUrl(this.#address, key);
		const { versionId } = options;
		return versionId === undefined ? url : withQuery(url, { versionId });
	}

	/** By the bucket's key, which may be one that this store could not have written. */
	#doomed(key: string): Doomed {
		const path = key.split("/").map(encodeURIComponent).join("/");
		return { key, url: this.#address.base + path };
	}

	#pages(prefix: string, delimiter: string, options: StoreOptions) {
		const { pageSize } = this.#options;
		return listPages(this.#client, { base: this.#address.base, prefix, delimiter, pageSize, options });
	}

	/** What `use` makes of the answer; undefined for an absent key. */
	async #read<T extends Uint8Array | number | undefined>(
		key: StoreKey,
		init: RequestInit,
		trace: Trace,
		options: S3ReadOptions,
		use: (response: Response, url: string, signal?: AbortSignal) => Promise<T>,
	): Promise<T | undefined> {
		const url = this.#url(key, options);
		const { signal } = options;
		const response = await this.#client.read(url, { ...init, signal }, trace);
		if (!response) return undefined;
		try {
			const result = await use(response, url, signal);
			const bytes = result instanceof Uint8Array ? result.byteLength : undefined;
			trace.end({ status: response.status, bytes });
			return result;
		} catch (error) {
			trace.fail(error, signal);
			throw error;
		}
	}
}

/**
 * A store in an S3 bucket: `s3Store("s3://bucket/path")` for Amazon's public ones, or the parts by name.
 * @throws ChunkwiseError bad-address
 */
export function s3Store(location: string | S3Location, options?: S3StoreOptions): S3Store {
	return new S3Store(location, options);
}
