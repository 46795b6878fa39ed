/** Downloads a file whole: with progress, retried with back-off, resumed where the server can, stopped at any time. */
import { ChunkwiseError } from "../errors.ts";
import { formatDuration } from "../format.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { attempt, nothingYet } from "./download-attempt.ts";
import { DownloadFailure, timedOut } from "./download-failure.ts";

export interface DownloadOptions extends LongTask {
	/** What is downloaded, for the progress bar; default the last part of the address. */
	name?: string;
	/** Attempts after the first one, on network errors, 408, 425, 429 and 5xx. Default 4. */
	retries?: number;
	/** The pause before attempt n + 1 is random between half of and all of first · 2^n, at most `most`; milliseconds. */
	backoff?: { first?: number; most?: number };
	/** Give an attempt up when nothing came for so long; milliseconds, default 20,000. */
	stallTimeout?: number;
	/** Give up when no byte has come by then, all attempts together; milliseconds. */
	firstByteTimeout?: number;
	/** Give up when the file is not whole by then; milliseconds. */
	totalTimeout?: number;
	/** Bytes that the file must have. */
	expectedBytes?: number;
	/** In place of the platform's fetch. */
	fetch?: typeof fetch;
}

/** A file that was downloaded whole, and what that took. */
export interface Download {
	blob: Blob;
	bytes: number;
	milliseconds: number;
	/** Requests made. */
	attempts: number;
	/** Whether a request went on where an earlier one had broken off. */
	resumed: boolean;
	url: string;
}

/** A server that asks for a longer pause than this is not waited for. */
const longestWait = 60_000;
/** Progress is told at most so often; milliseconds. */
const progressInterval = 60;

/**
 * Downloads `url`. Progress is in bytes, with the total where the server tells it; a listener with a clock has the speed.
 * A download that broke off is resumed by a range where the server gave an ETag or a date, says in its answer (206,
 * Content-Range) that it sends the rest, and the file has not changed; else it begins again.
 * @throws ChunkwiseError offline, http-unreachable, http-interrupted, http-not-found, http-forbidden, http-error,
 * download-stalled, download-timeout, download-truncated, download-size, bad-address; the signal's reason when aborted
 */
export async function download(url: string | URL, options: DownloadOptions = {}): Promise<Download> {
	const address = absoluteUrl(url);
	const { retries = 4, signal, firstByteTimeout, totalTimeout } = options;
	const started = performance.now();
	const partial = nothingYet();
	let last: ChunkwiseError | undefined;

	const stop = new AbortController();
	const onAbort = () => stop.abort(signal?.reason);
	if (signal?.aborted) onAbort();
	signal?.addEventListener("abort", onAbort, { once: true });
	const limit = (what: "first" | "all", milliseconds: number | undefined) =>
		milliseconds === undefined
			? undefined
			: setTimeout(() => stop.abort(timedOut(address, what, milliseconds, last)), milliseconds);
	const firstLimit = limit("first", firstByteTimeout);
	const totalLimit = limit("all", totalTimeout);

	const report = progressOf(options);
	const label = `Downloading ${options.name ?? fileName(address)}`;
	let waiting: ReturnType<typeof setTimeout> | undefined;
	const tell = () => {
		clearTimeout(waiting);
		waiting = undefined;
		report({ label, done: partial.received, total: partial.total, unit: "bytes" });
	};

	try {
		for (let attempts = 1; ; attempts++) {
			try {
				tell();
				await attempt(address, partial, {
					// A browser refuses its own fetch as a method of another object.
					fetch: options.fetch ?? ((...request) => fetch(...request)),
					signal: stop.signal,
					stallTimeout: options.stallTimeout ?? 20_000,
					expectedBytes: options.expectedBytes,
					onBytes() {
						clearTimeout(firstLimit);
						waiting ??= setTimeout(tell, progressInterval);
					},
				});
				partial.total = partial.received;
				tell();
				return {
					blob: new Blob(partial.chunks, { type: partial.type }),
					bytes: partial.received,
					milliseconds: performance.now() - started,
					attempts,
					resumed: partial.resumed,
					url: address,
				};
			} catch (error) {
				if (stop.signal.aborted || !(error instanceof DownloadFailure) || !error.again) throw error;
				last = error.error;
				if (attempts > retries) throw afterAttempts(error, attempts);
				const wait = Math.max(pauseBefore(attempts, options.backoff), error.after ?? 0);
				if (wait > longestWait) throw tooBusy(error, wait);
				await pause(wait, stop.signal);
			}
		}
	} catch (error) {
		throw error instanceof DownloadFailure ? error.error : error;
	} finally {
		clearTimeout(waiting);
		clearTimeout(firstLimit);
		clearTimeout(totalLimit);
		signal?.removeEventListener("abort", onAbort);
	}
}

/** Exponential back-off with jitter, so that a class of thirty does not come back all at once. */
function pauseBefore(attempts: number, backoff: DownloadOptions["backoff"] = {}): number {
	const { first = 500, most = 8000 } = backoff;
	return Math.min(most, first * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2);
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		const onAbort = () => {
			clearTimeout(timer);
			reject(signal.reason);
		};
		const timer = setTimeout(() => {
			signal.removeEventListener("abort", onAbort);
			resolve();
		}, milliseconds);
		signal.addEventListener("abort", onAbort, { once: true });
	});
}

function afterAttempts({ error }: DownloadFailure, attempts: number): ChunkwiseError {
	if (attempts === 1) return error;
	const message = `${error.message.replace(/\.?$/, ".")} Tried ${attempts} times.`;
	return new ChunkwiseError(error.code, message, { where: error.where, remedy: error.remedy, cause: error });
}

function tooBusy({ error }: DownloadFailure, wait: number): ChunkwiseError {
	return new ChunkwiseError(error.code, `${error.message}, and asks to wait ${formatDuration(wait)}.`, {
		where: error.where,
		remedy: "Try again then.",
		cause: error,
	});
}

/** Addresses without a host are relative to the page, where there is one. */
export function absoluteUrl(url: string | URL): string {
	const { location } = globalThis as { location?: { href: string } };
	try {
		return new URL(url, location?.href).href;
	} catch (cause) {
		throw new ChunkwiseError("bad-address", `This is not an address: ${url}`, {
			where: String(url),
			remedy: "Give a whole one, such as https://example.org/image.tif.",
			cause,
		});
	}
}

function fileName(address: string): string {
	const path = address.replace(/[?#].*$/, "");
	return path.slice(path.lastIndexOf("/") + 1) || address;
}
