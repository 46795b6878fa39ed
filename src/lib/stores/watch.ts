/**
 * Hearing of every request that this library's own stores get, without the reader wrapping each: a page's request log.
 * One listener for all stores that are made after it was registered; where there is none, stores are as they are.
 */
import { Causes } from "./cause.ts";
import { observeCalls, type StoreRequest, tells } from "./observe.ts";
import {
	can,
	type ReadableStore,
	type StoreOperation,
	type StoreOptions,
	type WritableStore,
} from "./store.ts";
import { isSingle, tellingMethod } from "./watch-method.ts";

/** Hears how a request ended; or, where nobody wants its details any more, what it was and the bytes that it moved. */
export type RequestHearer =
	| ((request: StoreRequest) => void)
	| { count(operation: StoreOperation, bytes: number): void };

/** Called when a request begins, with the store that it is made of; what it gives back hears how it ended. */
export type StoreWatcher = (store: ReadableStore) => RequestHearer;

let watcher: StoreWatcher | undefined;
let quiet = 0;

const names = ["get", "getRange", "size", "list", "pages", "children", "set", "delete", "clear"] as const;
export type Method = (...args: unknown[]) => unknown;

/** Has every store of this library that is made from now on tell the listener; gives back what ends that. */
export function watchStores(listener: StoreWatcher): () => void {
	watcher = listener;
	return () => {
		if (watcher === listener) watcher = undefined;
	};
}

/**
 * A store that tells the watcher, where there is one: the same object, whose methods are replaced. A store over
 * another one tells for both, since it knows why it asks, and the other is then silent; `over` is that other one,
 * under whose name the requests are.
 */
export function watched<S extends ReadableStore>(store: S, over: ReadableStore = store): S {
	if (!watcher) return store;
	const plain: Record<string, unknown> = { abilities: store.abilities, place: store.place };
	for (const name of names) {
		const method = (store as Record<string, unknown>)[name];
		if (typeof method !== "function") continue;
		plain[name] = (...args: unknown[]) => {
			const options = optionsOf(args);
			if (options?.onRequest) tells.add(options.onRequest);
			return (method as Method).apply(store, args);
		};
	}
	const observed = observeCalls(plain as unknown as ReadableStore & Partial<WritableStore>, () =>
		whole(watcher?.(over)),
	) as unknown as Record<string, Method>;
	const causes = can(store).reports ? undefined : new Causes();
	for (const name of names) {
		const original = (store as Record<string, unknown>)[name] as Method | undefined;
		if (!original) continue;
		const method: Method = (...args) => {
			const tell = optionsOf(args)?.onRequest;
			return tell && tells.has(tell) ? original.apply(store, args) : observed[name](...args);
		};
		Object.defineProperty(store, name, {
			configurable: true,
			writable: true,
			// As methods of a class; a store that is an object with functions is copied with them.
			enumerable: Object.hasOwn(store, name),
			value:
				causes && isSingle(name)
					? tellingMethod(name, { store, original, otherwise: method, causes, begins: () => watcher?.(over) })
					: method,
		});
	}
	return store;
}

/** A store that is a part of something else, which tells in its place: it is as if nobody listened. */
export function unwatched<S extends ReadableStore>(store: S): S {
	for (const name of names) {
		if (Object.hasOwn(store, name) && Object.getPrototypeOf(store)?.[name]) {
			delete (store as Record<string, unknown>)[name];
		}
	}
	return store;
}

/** Asks the platform for what a store tells of itself: whoever watches `fetch` need not count it again. */
export function told<T>(ask: () => T): T {
	quiet++;
	try {
		return ask();
	} finally {
		quiet--;
	}
}

/** True while a call of `fetch` is a store's, which tells of it. */
export function isTold(): boolean {
	return quiet > 0;
}

/** A listener that wants whole requests, for who counts them, too. */
function whole(hearer: RequestHearer = () => {}): (request: StoreRequest) => void {
	if (typeof hearer === "function") return hearer;
	return ({ operation, bytes = 0 }) => hearer.count(operation, bytes);
}

function optionsOf(args: unknown[]): StoreOptions | undefined {
	const last = args.at(-1);
	return typeof last === "object" && last !== null && "onRequest" in last
		? (last as StoreOptions)
		: undefined;
}
