/** Bytes of a file on a web server, by HTTP ranges (RFC 9110 section 14). */
import { type ByteSource, bytesSource, checkRange } from "./bytes.ts";
import { ChunkwiseError, isChunkwiseError } from "./errors.ts";
import {
	ask,
	badRange,
	bodyOf,
	contentLength,
	contentRange,
	isBusy,
	noRanges,
	partOf,
	rangeHeader,
	statusError,
	type WantedRange,
} from "./http-answer.ts";
import { backOff, pause } from "./stores/pause.ts";

/** How a file is opened over HTTP. */
export interface HttpSourceOptions {
	/** In place of the platform's fetch: to add headers, to count requests, to test. */
	fetch?: typeof fetch;
	/** Stops the opening request; reads have a signal of their own. */
	signal?: AbortSignal;
	/** Begin with the last 64 KiB in place of the first, as for a zip, whose directory is at its end. */
	fromEnd?: boolean;
	/** Times that a request is made when the server is busy, the network fails or breaks off; default 3. */
	tries?: number;
	/** Waits between tries; default real time. */
	pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** What the first request brings along: enough for most files' headers. */
const firstBytes = 65536;
/** A server without ranges sends the whole file; beyond this that is refused rather than held in memory. */
const wholeFileLimit = 1 << 30;

/**
 * Opens a file on a web server. One request is made at once, for its size and its first 64 KiB
 * (or its last ones). Where the server
 * ignores ranges, the whole body is taken, once, if it is at most 1 GiB.
 * @throws ChunkwiseError http-not-found, http-forbidden, http-error, http-unreachable, http-interrupted,
 * http-no-ranges, http-bad-range, http-no-size; reading also http-changed
 */
export async function httpSource(url: string | URL, options: HttpSourceOptions = {}): Promise<ByteSource> {
	return again(options, options.signal, (attempt) => open(String(url), options, attempt));
}

/** What is to be known of one attempt to judge whether another is worth it. */
interface Attempt {
	/** The server is busy, and what it says of when to come back. */
	busy?: { retryAfter: string | null };
}

/** Makes a request again, after a pause, where the server is busy, cannot be reached or breaks off. */
async function again<T>(
	{ tries = 3, pause: wait = pause }: HttpSourceOptions,
	signal: AbortSignal | undefined,
	request: (attempt: Attempt) => Promise<T>,
): Promise<T> {
	for (let number = 1; ; number++) {
		const attempt: Attempt = {};
		try {
			return await request(attempt);
		} catch (error) {
			const code = isChunkwiseError(error) ? error.code : "";
			const worth = attempt.busy || code === "http-unreachable" || code === "http-interrupted";
			if (!worth || number >= tries) throw error;
			await wait(backOff(number, attempt.busy?.retryAfter), signal);
		}
	}
}

function refused(response: Response, address: string, attempt: Attempt): ChunkwiseError {
	if (isBusy(response.status)) attempt.busy = { retryAfter: response.headers.get("Retry-After") };
	// The rest of the answer is of no use; where it cannot be given up, the connection has ended already.
	response.body?.cancel().catch(() => {});
	return statusError(response, address);
}

async function open(address: string, options: HttpSourceOptions, attempt: Attempt): Promise<ByteSource> {
	const name = fileName(address);
	const fetcher = options.fetch ?? fetch;

	const start: WantedRange = options.fromEnd
		? { suffixLength: firstBytes }
		: { offset: 0, length: firstBytes };
	const response = await ask(fetcher, address, {
		headers: { Range: rangeHeader(start) },
		signal: options.signal,
	});
	if (response.status === 200) return bytesSource(await wholeBody(response, address, options.signal), name);
	if (response.status === 416) {
		const total = contentRange(response)?.total;
		await response.body?.cancel();
		if (total === 0) return bytesSource(new Uint8Array(0), name);
	}
	if (response.status !== 206) throw refused(response, address, attempt);
	const etag = response.headers.get("etag");
	const known = await partOf(response, start, address, options.signal);
	const range = contentRange(response);
	const size = range?.total ?? (await sizeByHead(fetcher, address, known, options.signal));
	if (known.length !== Math.min(firstBytes, size)) throw badRange(address, start, range, known.length);
	const knownFrom = options.fromEnd ? size - known.length : 0;
	const source: ByteSource = {
		name,
		size,
		granule: firstBytes,
		version: etag ?? response.headers.get("last-modified") ?? undefined,
		async read(offset, length, signal) {
			signal?.throwIfAborted();
			checkRange(source, offset, length);
			if (length === 0) return new Uint8Array(0);
			if (offset >= knownFrom && offset + length <= knownFrom + known.length) {
				return known.subarray(offset - knownFrom, offset - knownFrom + length);
			}
			return again(options, signal, (attempt) => readPart({ offset, length }, signal, attempt));
		},
	};
	return source;

	async function readPart(
		wanted: { offset: number; length: number },
		signal: AbortSignal | undefined,
		attempt: Attempt,
	): Promise<Uint8Array> {
		const part = await ask(fetcher, address, { headers: { Range: rangeHeader(wanted) }, signal });
		if (part.status === 200) {
			await part.body?.cancel();
			throw new ChunkwiseError("http-no-ranges", "The server stopped answering byte ranges.", {
				where: address,
				remedy: "Try again, or download the file whole and open it from there.",
			});
		}
		if (part.status !== 206) throw refused(part, address, attempt);
		const got = contentRange(part);
		const changed = etag !== null && part.headers.get("etag") !== etag;
		if (changed || (got?.total !== undefined && got.total !== size)) {
			await part.body?.cancel();
			throw new ChunkwiseError("http-changed", "The file changed on the server while it was being read.", {
				where: address,
				remedy: "Open it again.",
			});
		}
		const bytes = await partOf(part, wanted, address, signal);
		if (bytes.length !== wanted.length) throw badRange(address, wanted, got, bytes.length);
		return bytes;
	}
}

async function wholeBody(response: Response, address: string, signal?: AbortSignal): Promise<Uint8Array> {
	const length = contentLength(response);
	if (length !== undefined && length > wholeFileLimit) {
		await response.body?.cancel();
		throw noRanges(address, length);
	}
	return bodyOf(response, address, signal);
}

/** Content-Length is always visible, Content-Range only where the server exposes it. */
async function sizeByHead(
	fetcher: typeof fetch,
	address: string,
	first: Uint8Array,
	signal?: AbortSignal,
): Promise<number> {
	// Less than was asked for is the whole file.
	if (first.length < firstBytes) return first.length;
	const head = await ask(fetcher, address, { method: "HEAD", signal });
	const length = contentLength(head);
	if (head.ok && length !== undefined && length >= first.length) return length;
	throw new ChunkwiseError("http-no-size", "The server does not say how large the file is.", {
		where: address,
		remedy: "Let it send Content-Range and expose it (Access-Control-Expose-Headers), or download the file.",
	});
}

function fileName(address: string): string {
	try {
		const { pathname } = new URL(address);
		return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1)) || address;
	} catch {
		return address;
	}
}
