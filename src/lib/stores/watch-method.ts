/**
 * A store's method that is told of with the least that it takes: a loop asks a store in memory hundreds of thousands of
 * times, and each call there takes a fraction of a microsecond.
 */
import type { Causes } from "./cause.ts";
import type { StoreRequest } from "./observe.ts";
import type { ByteRange, ReadableStore, StoreOptions } from "./store.ts";
import type { Method, RequestHearer } from "./watch.ts";

/** Methods of which each call is one request. */
type Single = "get" | "getRange" | "size" | "set" | "delete";
const singles: readonly string[] = ["get", "getRange", "size", "set", "delete"] satisfies Single[];

export function isSingle(name: string): name is Single {
	return singles.includes(name);
}

/**
 * A method in place of `original` of a store that does not report by itself. The caller gets the store's own promise.
 * @param otherwise what is called where the caller wants to hear of the request, too
 * @param begins called as a request begins; gives back who hears how it ended
 */
export function tellingMethod(
	operation: Single,
	{
		store,
		original,
		otherwise,
		causes,
		begins,
	}: {
		store: ReadableStore;
		original: Method;
		otherwise: Method;
		causes: Causes;
		begins: () => RequestHearer | undefined;
	},
): Method {
	const isRead = operation === "get" || operation === "getRange";
	const optionsLast = operation === "getRange" || operation === "set";
	return (path, second, third) => {
		const options = (optionsLast ? third : second) as StoreOptions | undefined;
		if (options?.onRequest) return optionsLast ? otherwise(path, second, third) : otherwise(path, second);
		const hear = begins();
		const started = hear && performance.now();
		const answer = original.call(store, path, second, third) as Promise<unknown>;
		if (!hear || started === undefined) return answer;
		const key = (path as string).charCodeAt(0) === 47 ? (path as string).slice(1) : (path as string);
		const given = operation === "set" ? (second as Uint8Array).byteLength : undefined;
		const end = (status: StoreRequest["status"], bytes: number | undefined, error?: unknown) => {
			if (typeof hear !== "function") hear.count(operation, bytes ?? 0);
			else {
				hear({
					operation,
					key,
					range: operation === "getRange" ? (second as ByteRange) : undefined,
					bytes,
					started,
					milliseconds: performance.now() - started,
					status,
					source: "store",
					place: store.place,
					error,
					cause: options?.cause ?? causes.of(operation, key),
				});
			}
			if (bytes !== undefined) causes.found(key);
		};
		answer.then(
			(value) => {
				const isAbsent = value === undefined && (isRead || operation === "size");
				end(isAbsent ? "absent" : "ok", isRead ? (value as Uint8Array | undefined)?.byteLength : given);
			},
			(error) => end(options?.signal?.aborted ? "aborted" : "error", given, error),
		);
		return answer;
	};
}
