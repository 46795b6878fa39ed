/** Requests as they are recorded, shown and reckoned with: plain data, and what it says of itself. */
import { formatBytes, formatCount, formatDuration } from "../format.ts";
import type { StoreRequest } from "../stores/observe.ts";
import type { StoreOperation, StorePlace } from "../stores/store.ts";

/** A request of a store, or of the network, that has ended: plain data that can cross to a page or stand in one. */
export interface RecordedRequest {
	/** The store's name: an address, a folder, "memory". */
	store?: string;
	key: string;
	op: StoreOperation;
	/** Bytes asked for: `[first, last]`, both included; counted from the end where negative. */
	range?: [first: number, last: number];
	/** Bytes moved. */
	bytes: number;
	from: "cache" | "network" | "store";
	/** What kind of store, where it was no network. */
	place?: StorePlace;
	/** The address, over a network. */
	url?: string;
	/** The HTTP status; without HTTP whether there was a value. */
	status?: number | "ok" | "absent" | "error" | "aborted";
	/** Why it was made: "metadata", "chunk 0/1/2". */
	cause?: string;
	/** Milliseconds after the recording began. */
	started?: number;
	milliseconds?: number;
	/** Counted from 1; larger where it had to be asked again. */
	attempt?: number;
	/** How many calls this one request answers, where more than one. */
	serves?: number;
	/** Why it failed. */
	error?: string;
}

/** A request of the library's recorder as plain data, `started` on the clock of `performance.now()`. */
export function recordedRequest(request: StoreRequest): RecordedRequest {
	const { operation, key, range, bytes = 0, source, place, url, status, cause } = request;
	const { started, milliseconds, attempt, serves, error } = request;
	const record: RecordedRequest = {
		key,
		op: operation,
		bytes,
		from: source,
		place,
		status,
		cause,
		started,
		milliseconds,
	};
	// What most requests do not have is not kept for each of them.
	if (range) {
		record.range =
			"suffixLength" in range ? [-range.suffixLength, -1] : [range.offset, range.offset + range.length - 1];
	}
	if (url !== undefined) Object.assign(record, { url, attempt, serves });
	if (error !== undefined) record.error = error instanceof Error ? error.message : String(error);
	return record;
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

export function lookOf({ from, place, status }: RecordedRequest): Look {
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
export function sourceOf(request: RecordedRequest): string {
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

export function verbOf({ op }: RecordedRequest): string {
	return verbs[op];
}

/** Bytes as HTTP counts them, the last one included. */
export function rangeText({ range }: RecordedRequest): string {
	if (!range) return "";
	const [first, last] = range;
	if (first < 0) return `last ${formatCount(-first)} bytes`;
	return `bytes ${formatCount(first)}–${Number.isFinite(last) ? formatCount(last) : "end"}`;
}

/** `12 requests, 1.43 MiB in 0.3 s`. */
export function totalOf(requests: readonly RecordedRequest[], all: number): string {
	const { from, to } = spanOf(requests);
	const number =
		requests.length === all ? formatCount(all) : `${formatCount(requests.length)} of ${formatCount(all)}`;
	return `${number} ${all === 1 ? "request" : "requests"}, ${formatBytes(bytesOf(requests))} in ${formatDuration(to - from)}`;
}

export function bytesOf(requests: readonly RecordedRequest[]): number {
	return requests.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** First start and last end, in milliseconds after the run began. */
export function spanOf(requests: readonly RecordedRequest[]): { from: number; to: number } {
	let from = Number.POSITIVE_INFINITY;
	let to = 0;
	for (const { started = 0, milliseconds = 0 } of requests) {
		from = Math.min(from, started);
		to = Math.max(to, started + milliseconds);
	}
	return { from: Math.min(from, to), to };
}

/** Those in which every word is found: in key, store, cause, source or status. */
export function matching<T extends RecordedRequest>(requests: readonly T[], words: string): T[] {
	const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
	return requests.filter((request) => {
		const { key, store = "", cause = "", status = "" } = request;
		const text = `${key} ${store} ${cause} ${status} ${sourceOf(request)} ${verbOf(request)}`.toLowerCase();
		return wanted.every((word) => text.includes(word));
	});
}
