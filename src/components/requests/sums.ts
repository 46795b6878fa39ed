/** A run's requests in numbers: what its one line says, and where each bar of the waterfall stands. */
import type { RequestRest, StoreRequest } from "../../kernel/worker/requests.ts";
import { formatBytes, formatCount, formatDuration } from "../../lib/format.ts";

export interface RunRequests {
	requests: StoreRequest[];
	rest: RequestRest;
}

/** What a bar's colour and pattern stand for. */
export type Look = "memory" | "disk" | "network" | "cache" | "absent" | "failed";

export const looks: Record<Look, string> = {
	memory: "memory",
	disk: "this browser’s or computer’s files",
	network: "network",
	cache: "cache",
	absent: "no such key",
	failed: "failed",
};

export function lookOf({ from, place, status }: StoreRequest): Look {
	if (status === "error" || status === "aborted") return "failed";
	if (typeof status === "number" && status >= 400) {
		// S3 without list permission answers 403 for a key that does not exist.
		return status === 404 || status === 403 || status === 410 ? "absent" : "failed";
	}
	if (status === "absent") return "absent";
	if (from === "network" || from === "cache") return from;
	return place === undefined || place === "memory" ? "memory" : "disk";
}

/** Where it came from or went to, in words. */
export function sourceOf(request: StoreRequest): string {
	if (request.from !== "store") return request.from;
	return request.place === "private files" ? "private file system" : (request.place ?? "store");
}

const verbs = {
	get: "read",
	getRange: "read a part",
	set: "write",
	delete: "delete",
	list: "list",
	size: "ask the size",
};

export function verbOf({ op }: StoreRequest): string {
	return verbs[op];
}

/** Bytes as HTTP counts them, the last one included. */
export function rangeText({ range }: StoreRequest): string {
	if (!range) return "";
	const [first, last] = range;
	if (first < 0) return `last ${formatCount(-first)} bytes`;
	return `bytes ${formatCount(first)}–${Number.isFinite(last) ? formatCount(last) : "end"}`;
}

/** `read 12 keys, 1.43 MiB · wrote 3 keys, 64.00 KiB · 2 from cache`. */
export function lineOf({ requests, rest }: RunRequests): string {
	// What is read of a zip file over a network is told twice: as the keys in it, and as the ranges fetched of it.
	const archives = new Set(requests.filter(({ place }) => place === "zip").map(({ store }) => store));
	const own = requests.filter(
		({ cause, key }) => !(cause === "fetch" && archives.has(key.slice(key.lastIndexOf("/") + 1))),
	);
	const reads = own.filter(({ op }) => op === "get" || op === "getRange");
	const given = reads.filter((request) => !["absent", "failed"].includes(lookOf(request)));
	const written = own.filter((request) => request.op === "set" && lookOf(request) !== "failed");
	const count = (look: Look) => own.filter((request) => lookOf(request) === look).length;
	const deleted = own.filter(({ op }) => op === "delete").length;
	const asked = own.filter(({ op }) => op === "list" || op === "size").length;
	const parts = [
		given.length > 0 ? `read ${keys(given)}, ${formatBytes(bytesOf(given))}` : "",
		written.length > 0 ? `wrote ${keys(written)}, ${formatBytes(bytesOf(written))}` : "",
		deleted > 0 ? `deleted ${keys(own.filter(({ op }) => op === "delete"))}` : "",
		count("cache") > 0 ? `${formatCount(count("cache"))} from cache` : "",
		count("absent") > 0 ? `${formatCount(count("absent"))} not there` : "",
		count("failed") > 0 ? `${formatCount(count("failed"))} failed` : "",
		given.length + written.length + deleted === 0 && asked > 0
			? `asked ${formatCount(asked)} ${asked === 1 ? "time" : "times"} what there is`
			: "",
		rest.requests > 0
			? `and ${formatCount(rest.requests)} more requests, ${formatBytes(rest.read + rest.written)}`
			: "",
	];
	return parts.filter(Boolean).join(" · ");
}

/** `12 requests, 1.43 MiB in 0.3 s`. */
export function totalOf(requests: readonly StoreRequest[], all: number): string {
	const { from, to } = spanOf(requests);
	const number =
		requests.length === all ? formatCount(all) : `${formatCount(requests.length)} of ${formatCount(all)}`;
	return `${number} ${all === 1 ? "request" : "requests"}, ${formatBytes(bytesOf(requests))} in ${formatDuration(to - from)}`;
}

export function bytesOf(requests: readonly StoreRequest[]): number {
	return requests.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** First start and last end, in milliseconds after the run began. */
export function spanOf(requests: readonly StoreRequest[]): { from: number; to: number } {
	let from = Number.POSITIVE_INFINITY;
	let to = 0;
	for (const { started = 0, milliseconds = 0 } of requests) {
		from = Math.min(from, started);
		to = Math.max(to, started + milliseconds);
	}
	return { from: Math.min(from, to), to };
}

/** Those in which every word is found: in key, store, cause, source or status. */
export function matching(requests: readonly StoreRequest[], words: string): StoreRequest[] {
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	return requests.filter((request) => {
		const { key, store, cause, status } = request;
		const text = `${key} ${store} ${cause} ${status} ${sourceOf(request)} ${verbOf(request)}`.toLowerCase();
		return wanted.every((word) => text.includes(word));
	});
}

function keys(requests: readonly StoreRequest[]): string {
	const number = new Set(requests.map(({ store, key }) => `${store} ${key}`)).size;
	return `${formatCount(number)} ${number === 1 ? "key" : "keys"}`;
}
