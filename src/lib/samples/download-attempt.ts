/** One request of a download: from the start, or the rest of what an earlier one left. */
import { contentLength, contentRange } from "../http-answer.ts";
import {
	badStatus,
	DownloadFailure,
	interrupted,
	stalled,
	tooLong,
	truncated,
	unreachable,
} from "./download-failure.ts";

/** What has come so far. */
export interface Partial {
	chunks: Uint8Array<ArrayBuffer>[];
	received: number;
	/** Bytes of the whole file, where known. */
	total?: number;
	/** By which the server says that a file is still the same one. */
	validator?: { name: "etag" | "last-modified"; value: string };
	/** The media type that the server gave. */
	type: string;
	/** Some bytes were kept from a request that broke off. */
	resumed: boolean;
}

export interface AttemptOptions {
	fetch: typeof fetch;
	signal: AbortSignal;
	stallTimeout: number;
	expectedBytes?: number;
	onBytes(): void;
}

export function nothingYet(): Partial {
	return { chunks: [], received: 0, type: "", resumed: false };
}

/**
 * Asks once and adds to `partial` until the file is whole.
 * @throws DownloadFailure; the signal's reason when aborted
 */
export async function attempt(url: string, partial: Partial, options: AttemptOptions): Promise<void> {
	// Not called as a method of the options: a browser's fetch refuses that.
	const { fetch, signal, stallTimeout, expectedBytes } = options;
	signal.throwIfAborted();
	// Aborts this request alone: for the caller's signal, or when nothing comes.
	const request = new AbortController();
	const onAbort = () => request.abort(signal.reason);
	signal.addEventListener("abort", onAbort, { once: true });
	let silence: ReturnType<typeof setTimeout> | undefined;
	const expectBytes = () => {
		clearTimeout(silence);
		silence = setTimeout(() => request.abort(stalled(url, partial.received, stallTimeout)), stallTimeout);
	};
	let asked = false;
	try {
		expectBytes();
		const response = await fetch(url, {
			headers: resumeHeaders(url, partial),
			signal: request.signal,
		});
		asked = true;
		await begin(url, partial, response, expectedBytes);
		const reader = response.body?.getReader();
		for (;;) {
			expectBytes();
			const next = await reader?.read();
			if (!next || next.done) break;
			// An abort during the last read need not have ended it.
			request.signal.throwIfAborted();
			partial.chunks.push(next.value as Uint8Array<ArrayBuffer>);
			partial.received += next.value.byteLength;
			options.onBytes();
			if (expectedBytes !== undefined && partial.received > expectedBytes) {
				throw tooLong(url, partial.received, expectedBytes);
			}
		}
	} catch (error) {
		const reason = request.signal.aborted ? request.signal.reason : error;
		request.abort(reason);
		if (signal.aborted) throw signal.reason;
		if (reason instanceof DownloadFailure) throw reason;
		throw asked ? interrupted(url, partial.received, partial.total, reason) : unreachable(url, reason);
	} finally {
		clearTimeout(silence);
		signal.removeEventListener("abort", onAbort);
	}
	const total = expectedBytes ?? partial.total;
	if (total !== undefined && partial.received < total) throw truncated(url, partial.received, total);
}

/** Asks for the rest where there is something to go on from and a way to know that the file has not changed. */
function resumeHeaders(url: string, partial: Partial): Record<string, string> {
	const { received, validator } = partial;
	if (received === 0 || !validator) return {};
	const range = { Range: `bytes=${received}-` };
	// Range alone may go to another site unasked, If-Range needs its leave first (a preflight); the answer is compared anyway.
	return isOtherSite(url) ? range : { ...range, "If-Range": validator.value };
}

/** Takes the head of an answer: what is kept of `partial`, and what is known of the whole file. */
async function begin(
	url: string,
	partial: Partial,
	response: Response,
	expectedBytes: number | undefined,
): Promise<void> {
	const drop = async () => {
		await response.body?.cancel().catch(() => {});
	};
	const resuming = partial.received > 0 && partial.validator !== undefined;
	if (resuming && (response.status === 206 || response.status === 416)) {
		if (response.status === 206 && continues(partial, response)) {
			partial.resumed = true;
			return;
		}
		await drop();
		const received = partial.received;
		const total = partial.total;
		Object.assign(partial, nothingYet(), { total: undefined, validator: undefined });
		throw interrupted(url, received, total);
	}
	if (response.status !== 200) {
		await drop();
		throw badStatus(url, response);
	}
	Object.assign(partial, nothingYet());
	partial.validator = validatorOf(response);
	partial.type = response.headers.get("content-type") ?? "";
	const length = contentLength(response);
	partial.total = length ?? expectedBytes;
	if (length === undefined) partial.validator = undefined;
	else if (expectedBytes !== undefined && length > expectedBytes) {
		await drop();
		throw tooLong(url, length, expectedBytes);
	}
}

/** The answer is the rest of the same file, from the very byte. */
function continues(partial: Partial, response: Response): boolean {
	const range = contentRange(response);
	if (range?.first !== partial.received) return false;
	if (range.total !== undefined && partial.total !== undefined && range.total !== partial.total) return false;
	const { name, value } = partial.validator!;
	return response.headers.get(name) === value;
}

/** A strong ETag, else the date of the last change; a weak ETag does not vouch for each byte. */
function validatorOf(response: Response): Partial["validator"] {
	const etag = response.headers.get("etag");
	if (etag && !etag.startsWith("W/")) return { name: "etag", value: etag };
	const modified = response.headers.get("last-modified");
	return modified ? { name: "last-modified", value: modified } : undefined;
}

function isOtherSite(url: string): boolean {
	const { location } = globalThis as { location?: { origin: string } };
	return location !== undefined && new URL(url).origin !== location.origin;
}
