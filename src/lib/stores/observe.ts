/** A store that tells what is asked of it: for counting requests, and for showing which keys a cell read and wrote. */
import type { ByteRange, ReadableStore, StoreKey, StoreOptions, WritableStore } from "./store.ts";

export interface StoreRequest {
	operation: "get" | "getRange" | "set" | "delete" | "list" | "size";
	key: string;
	range?: ByteRange;
	/** Bytes given or taken; undefined where there is no value. */
	bytes?: number;
	/** From `performance.now()`. */
	started: number;
	milliseconds: number;
}

/** Wraps a store; the listener hears of each request when it has ended, well or not. */
export function observeStore<S extends ReadableStore>(
	store: S,
	listener: (request: StoreRequest) => void,
): S {
	const target = store as S & Partial<WritableStore>;
	const timed = async <T>(
		request: Omit<StoreRequest, "started" | "milliseconds">,
		run: () => T | Promise<T>,
		bytesOf?: (value: T) => number | undefined,
	): Promise<T> => {
		const started = performance.now();
		let bytes = request.bytes;
		try {
			const value = await run();
			bytes ??= bytesOf?.(value);
			return value;
		} finally {
			listener({ ...request, bytes, started, milliseconds: performance.now() - started });
		}
	};
	const length = (value: Uint8Array | undefined) => value?.byteLength;
	const bare = (key: string) => key.replace(/^\//, "");
	const observed: Partial<WritableStore> = {
		get: (key: StoreKey, options?: StoreOptions) =>
			timed({ operation: "get", key: bare(key) }, () => target.get(key, options), length),
	};
	if (target.getRange) {
		observed.getRange = (key, range, options) =>
			timed(
				{ operation: "getRange", key: bare(key), range },
				() => target.getRange?.(key, range, options),
				length,
			);
	}
	if (target.set) {
		observed.set = (key, value) =>
			timed({ operation: "set", key: bare(key), bytes: value.byteLength }, () => target.set?.(key, value));
	}
	if (target.delete) {
		observed.delete = (key) => timed({ operation: "delete", key: bare(key) }, () => target.delete?.(key));
	}
	if (target.list) {
		observed.list = (prefix = "") =>
			timed({ operation: "list", key: prefix }, async () => (await target.list?.(prefix)) ?? []);
	}
	if (target.children) {
		observed.children = (path = "") =>
			timed({ operation: "list", key: path }, async () => (await target.children?.(path)) ?? []);
	}
	if (target.size) {
		observed.size = (key) => timed({ operation: "size", key: bare(key) }, () => target.size?.(key));
	}
	if (target.clear) observed.clear = () => timed({ operation: "delete", key: "" }, () => target.clear?.());
	return observed as S;
}

/** Wraps a store and counts the requests made of it and the bytes that they gave or took. */
export function countRequests<S extends ReadableStore>(
	store: S,
): { store: S; counts: () => { requests: number; bytes: number } } {
	let requests = 0;
	let bytes = 0;
	const counted = observeStore(store, (request) => {
		requests++;
		bytes += request.bytes ?? 0;
	});
	return { store: counted, counts: () => ({ requests, bytes }) };
}
