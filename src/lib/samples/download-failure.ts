/** What can go wrong with a download, in plain words, and whether trying again may help. */
import { ChunkwiseError } from "../errors.ts";
import { formatBytes, formatDuration } from "../format.ts";
import { hostOf, isBusy, statusError } from "../http-answer.ts";

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
	const reason = systemReason(cause);
	const host = hostOf(url);
	if (reason) {
		const again = reason.again;
		return failure("http-unreachable", `${reason.words(host)} (${reason.code}).`, url, reason.remedy, {
			again,
			cause,
		});
	}
	return failure(
		"http-unreachable",
		`No answer from ${host}. Either it was not found or not reached, or it does not let other sites read it (CORS); a browser does not say which.`,
		url,
		"Check the network, and open the address in a tab of its own: if that works, it is CORS, and the server has to allow it.",
		{ again: true, cause },
	);
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

interface SystemReason {
	code: string;
	words: (host: string) => string;
	remedy: string;
	again: boolean;
}

const network = "Check the network.";
const systemReasons: Record<string, Omit<SystemReason, "code">> = {
	ENOTFOUND: {
		words: (host) => `${host} was not found`,
		remedy: `${network} Check the address.`,
		again: true,
	},
	EAI_AGAIN: { words: (host) => `${host} could not be looked up`, remedy: network, again: true },
	ECONNREFUSED: {
		words: (host) => `${host} refused the connection`,
		remedy: "Check the address: nothing answers there at the moment.",
		again: true,
	},
	ECONNRESET: { words: (host) => `${host} closed the connection`, remedy: "Try again.", again: true },
	ETIMEDOUT: { words: (host) => `${host} did not answer`, remedy: network, again: true },
	ENETUNREACH: { words: (host) => `The network of ${host} is not reachable`, remedy: network, again: true },
};

/** The operating system's error behind Node's "fetch failed". */
function systemReason(error: unknown): SystemReason | undefined {
	for (let cause = error; cause instanceof Error; cause = cause.cause) {
		const code = (cause as { code?: unknown }).code;
		if (typeof code !== "string") continue;
		if (systemReasons[code]) return { code, ...systemReasons[code] };
		if (/^(CERT_|ERR_TLS|DEPTH_ZERO|UNABLE_TO|SELF_SIGNED)/.test(code)) {
			return {
				code,
				words: (host) => `The certificate of ${host} is not trusted`,
				remedy: "Check the address, and this machine's clock and certificates.",
				again: false,
			};
		}
	}
	return undefined;
}
