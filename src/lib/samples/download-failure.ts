/** What can go wrong with a download, in plain words, and whether trying again may help. */
import { ChunkwiseError } from "../errors.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { isBusy, statusError } from "../http-answer.ts";
import { hostOf, systemReason, unreachableError } from "../http-unreachable.ts";

/** One attempt failed. Caught by the loop of download.ts; readers meet `error`. */
export class DownloadFailure extends Error {
	readonly error: ChunkwiseError;
	/** Another attempt may do better. */
	readonly again: boolean;
	/** How long the server asks to wait, in milliseconds. */
	readonly after?: number;

	constructor(error: ChunkwiseError, again: boolean, after?: number) {
		super(error.message);
		this.error = error;
		this.again = again;
		this.after = after;
	}
}

/** True where the platform knows that there is no network to reach this address by. Not knowing is false. */
export function isOffline(url: string): boolean {
	const { navigator } = globalThis as { navigator?: { onLine?: boolean } };
	// A server on this very machine needs no network.
	return navigator?.onLine === false && !/^https?:\/\/(localhost|127\.|\[::1\])/.test(url);
}

export function offline(url: string, cause?: unknown): DownloadFailure {
	return failure("offline", "This machine is not connected to a network.", url, "Connect it and try again.", {
		again: true,
		cause,
	});
}

/** No answer came. A browser does not tell a script why; Node does. */
export function unreachable(url: string, cause: unknown): DownloadFailure {
	if (isOffline(url)) return offline(url, cause);
	const again = systemReason(cause)?.again ?? true;
	return new DownloadFailure(unreachableError(url, cause), again);
}

/** The answer stopped before its end. */
export function interrupted(
	url: string,
	received: number,
	total: number | undefined,
	cause?: unknown,
): DownloadFailure {
	const of = total === undefined ? "" : ` of ${formatBytes(total)}`;
	return failure(
		"http-interrupted",
		`The connection broke off after ${formatBytes(received)}${of}.`,
		url,
		"Try again.",
		{ again: true, cause },
	);
}

/** The answer ended as if whole, and is not. */
export function truncated(url: string, received: number, total: number): DownloadFailure {
	return failure(
		"download-truncated",
		`The file ended after ${received} bytes; it should have ${total}.`,
		url,
		"Try again. If it stays so, the server or something between (a proxy, a filter) cuts it short.",
		{ again: true },
	);
}

export function tooLong(url: string, received: number, expected: number): DownloadFailure {
	return failure(
		"download-size",
		`The file has at least ${received} bytes; it should have ${expected}.`,
		url,
		"Check the address: this is another file.",
		{ again: false },
	);
}

export function stalled(url: string, received: number, milliseconds: number): DownloadFailure {
	return failure(
		"download-stalled",
		`Nothing came for ${formatDuration(milliseconds)}, after ${formatBytes(received)}.`,
		url,
		"Try again, on a better connection if there is one.",
		{ again: true },
	);
}

/** A limit on the whole download has passed. */
export function timedOut(
	url: string,
	what: "first" | "all",
	milliseconds: number,
	last?: ChunkwiseError,
): DownloadFailure {
	const happened =
		what === "first"
			? `${hostOf(url)} sent nothing within ${formatDuration(milliseconds)}.`
			: `The download was not complete after ${formatDuration(milliseconds)}.`;
	return failure(
		"download-timeout",
		last ? `${happened} Before that: ${last.message}` : happened,
		url,
		"Try again, on a better connection if there is one.",
		{ again: false },
	);
}

/** An answer that is not the file. */
export function badStatus(url: string, response: Response): DownloadFailure {
	return new DownloadFailure(statusError(response, url), isBusy(response.status), retryAfter(response));
}

/** The server's Retry-After (RFC 9110 section 10.2.3) in milliseconds. */
function retryAfter(response: Response): number | undefined {
	const value = response.headers.get("retry-after")?.trim();
	if (!value) return undefined;
	if (/^\d+$/.test(value)) return Number(value) * 1000;
	const date = Date.parse(value);
	return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}

function failure(
	code: string,
	message: string,
	where: string,
	remedy: string,
	details: { again: boolean; cause?: unknown },
): DownloadFailure {
	const { again, cause } = details;
	return new DownloadFailure(new ChunkwiseError(code, message, { where, remedy, cause }), again);
}
