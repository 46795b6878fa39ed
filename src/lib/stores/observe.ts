/**
 * A store that tells what is asked of it: for counting requests, and for showing which keys a cell read and wrote.
 * A store that reports its own requests (HTTP: retries, joined ranges, answers from a cache) is believed; of any other
 * store each call counts as one request.
 */
import { type Displayable, displaySymbol, type TableDisplay } from "../display.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { Causes } from "./cause.ts";
import {
	can,
	type ListOptions,
	type ListPage,
	type ReadableStore,
	type SourceRequest,
	type StoreKey,
	type StoreOperation,
	type StoreOptions,
	type WritableStore,
} from "./store.ts";

/** A request, and why it was made: what the caller said, else what the key tells ("metadata", "chunk 0/1/2"). */
export interface StoreRequest extends SourceRequest {
	cause: string;
}

interface Asked {
	operation: StoreOperation;
	key: string;
	range?: StoreRequest["range"];
	bytes?: number;
}

/** Those who hear of requests that are told to a watcher already (see watch.ts): one request is told once. */
export const tells = new WeakSet<object>();

/** Wraps a store; the listener hears of each request when it has ended, well or not. */
export function observeStore<S extends ReadableStore>(
	store: S,
	listener: (request: StoreRequest) => void,
): S {
	return observeCalls(store, () => listener);
}

/** Wraps a store; `begins` is called as each call begins and gives back who hears of its requests. */
export function observeCalls<S extends ReadableStore>(
	store: S,
	begins: () => (request: StoreRequest) => void,
): S {
	const target = store as S & Partial<WritableStore>;
	const { reports } = can(store);
	const causes = new Causes();
	const bare = (key: string) => key.replace(/^\//, "");

	/** Begins one call: the options to pass on, and what to say when it ends. */
	const begin = (asked: Asked, options: StoreOptions | undefined) => {
		const started = performance.now();
		const listener = begins();
		const cause = options?.cause ?? causes.of(asked.operation, asked.key);
		let told = reports;
		const tell = (request: SourceRequest) => {
			told = true;
			if (request.bytes !== undefined) causes.found(request.key);
			listener({ ...request, cause });
			options?.onRequest?.(request);
		};
		if (options?.onRequest && tells.has(options.onRequest)) tells.add(tell);
		const end = (result: Pick<SourceRequest, "status" | "bytes" | "error">) => {
			if (told) return;
			const milliseconds = performance.now() - started;
			tell({ ...asked, started, milliseconds, source: "store", place: store.place, ...result });
		};
		const failed = (error: unknown) =>
			end({ status: options?.signal?.aborted ? "aborted" : "error", bytes: asked.bytes, error });
		return { options: { ...options, onRequest: tell }, end, failed };
	};
	const call = async <T>(
		asked: Asked,
		given: StoreOptions | undefined,
		run: (options: StoreOptions) => T | Promise<T>,
		result: (value: T) => { absent?: boolean; bytes?: number } = () => ({}),
	): Promise<T> => {
		const { options, end, failed } = begin(asked, given);
		let value: T;
		try {
			value = await run(options);
		} catch (error) {
			failed(error);
			throw error;
		}
		const { absent, bytes } = result(value);
		end({ status: absent ? "absent" : "ok", bytes: bytes ?? asked.bytes });
		return value;
	};
	const read = (value: Uint8Array | undefined) => ({ absent: value === undefined, bytes: value?.byteLength });

	const observed: { -readonly [K in keyof WritableStore]?: WritableStore[K] } = {
		abilities: { ...store.abilities, reports: true },
		get: (key, options) =>
			call({ operation: "get", key: bare(key) }, options, (own) => target.get(key, own), read),
	};
	if (target.getRange) {
		observed.getRange = (key, range, options) =>
			call(
				{ operation: "getRange", key: bare(key), range },
				options,
				(own) => target.getRange?.(key, range, own),
				read,
			);
	}
	if (target.set) {
		observed.set = (key, value, options) =>
			call({ operation: "set", key: bare(key), bytes: value.byteLength }, options, (own) =>
				target.set?.(key, value, own),
			);
	}
	if (target.delete) {
		observed.delete = (key, options) =>
			call({ operation: "delete", key: bare(key) }, options, (own) => target.delete?.(key, own));
	}
	if (target.list) {
		observed.list = (prefix = "", options) =>
			call(
				{ operation: "list", key: prefix },
				options,
				async (own) => (await target.list?.(prefix, own)) ?? [],
			);
	}
	if (target.children) {
		observed.children = (path = "", options) =>
			call(
				{ operation: "list", key: path },
				options,
				async (own) => (await target.children?.(path, own)) ?? [],
			);
	}
	if (target.pages) {
		observed.pages = async function* (prefix = "", given?: ListOptions): AsyncGenerator<ListPage> {
			const { options, end, failed } = begin({ operation: "list", key: prefix }, given);
			try {
				yield* target.pages?.(prefix, options) ?? [];
			} catch (error) {
				failed(error);
				throw error;
			} finally {
				// Also where the listing was left before its end.
				end({ status: "ok" });
			}
		};
	}
	if (target.size) {
		observed.size = (key: StoreKey, options) =>
			call(
				{ operation: "size", key: bare(key) },
				options,
				(own) => target.size?.(key, own),
				(size) => ({ absent: size === undefined }),
			);
	}
	if (target.clear)
		observed.clear = () => call({ operation: "delete", key: "" }, undefined, () => target.clear?.());
	if (target.exclusive) observed.exclusive = (action) => (target as WritableStore).exclusive!(action);
	return observed as S;
}

/**
 * Wraps a store and counts the requests made of it and the bytes that they gave or took. Over HTTP these are the
 * requests that were really made, retries included; answers from a cache do not count.
 */
export function countRequests<S extends ReadableStore>(
	store: S,
): { store: S; counts: () => { requests: number; bytes: number } } {
	let requests = 0;
	let bytes = 0;
	const counted = observeStore(store, (request) => {
		if (request.source === "cache") return;
		requests++;
		bytes += request.bytes ?? 0;
	});
	return { store: counted, counts: () => ({ requests, bytes }) };
}

/** What was asked of a store, in the order in which the requests ended. */
export class RequestLog implements Displayable {
	readonly requests: StoreRequest[] = [];
	/** Requests that were dropped from the beginning, because the log was full. */
	dropped = 0;
	readonly #limit: number;

	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Adds a request at the end; where the log is full, the oldest is dropped. */
	add(request: StoreRequest): void {
		this.requests.push(request);
		if (this.requests.length > this.#limit) {
			this.requests.shift();
			this.dropped++;
		}
	}

	/** Forgets all requests. */
	clear(): void {
		this.requests.length = 0;
		this.dropped = 0;
	}

	/** Bytes read or written, answers from a cache left out. */
	get bytes(): number {
		return this.requests.reduce((sum, { bytes, source }) => sum + (source === "cache" ? 0 : (bytes ?? 0)), 0);
	}

	toString(): string {
		return `<RequestLog ${this.requests.length + this.dropped} requests, ${formatBytes(this.bytes)}>`;
	}

	[displaySymbol](): TableDisplay {
		return {
			kind: "table",
			caption: this.toString(),
			columns: [
				{ name: "operation" },
				{ name: "key" },
				{ name: "range" },
				{ name: "cause" },
				{ name: "source" },
				{ name: "status" },
				{ name: "bytes", align: "right" },
				{ name: "time", align: "right" },
			],
			rows: this.requests.map((request) => [
				request.operation,
				request.key,
				rangeText(request.range),
				request.cause,
				request.source,
				request.status,
				request.bytes ?? null,
				formatDuration(request.milliseconds),
			]),
		};
	}
}

/**
 * Wraps a store and keeps a log of its requests.
 * @param options.limit requests that are kept, the newest ones; default 10,000
 */
export function recordStore<S extends ReadableStore>(
	store: S,
	options: { limit?: number } = {},
): { store: S; log: RequestLog } {
	const log = new RequestLog(options.limit ?? 10_000);
	return { store: observeStore(store, (request) => log.add(request)), log };
}

/** Bytes as HTTP counts them, the last one included. */
function rangeText(range: StoreRequest["range"]): string {
	if (!range) return "";
	if ("suffixLength" in range) return `last ${range.suffixLength}`;
	return `${range.offset}-${range.offset + range.length - 1}`;
}
