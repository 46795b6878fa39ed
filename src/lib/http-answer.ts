/**
 * What a web server's answer is worth: its status, the range that it says it sends, its length.
 *
 * A server may ignore `Range` and send the whole file with status 200, or a proxy before it another part than the one
 * asked for. Taking that for the part gives wrong data silently, so that nothing is used before it is checked here
 * (RFC 9110 sections 14 and 15).
 */
import { ChunkwiseError } from "./errors.ts";
import { formatBytes } from "./format.ts";
import { unreachableError } from "./http-unreachable.ts";

/** Bytes from an offset, or the last ones. */
export type WantedRange = { offset: number; length: number } | { suffixLength: number };

/** Content-Range as the server sends it; parts that it leaves open are absent. */
export interface ContentRange {
	first?: number;
	/** The last byte, included. */
	last?: number;
	total?: number;
}

/**
 * Asks, and tells a server that cannot be reached from a request that was aborted.
 * @throws ChunkwiseError http-unreachable; the signal's reason when aborted
 */
export async function ask(fetcher: typeof fetch, address: string, init: RequestInit): Promise<Response> {
	try {
		return await fetcher(address, init);
	} catch (cause) {
		init.signal?.throwIfAborted();
		throw unreachableError(address, cause);
	}
}

export function rangeHeader(wanted: WantedRange): string {
	return "suffixLength" in wanted
		? `bytes=-${wanted.suffixLength}`
		: `bytes=${wanted.offset}-${wanted.offset + wanted.length - 1}`;
}

/** Content-Range, where the server sends it and, across origins, allows it to be seen. */
export function contentRange(response: Response): ContentRange | undefined {
	const header = response.headers.get("content-range");
	const match = header ? /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(header.trim()) : null;
	if (!match) return undefined;
	const number = (text: string | undefined) =>
		text === undefined || text === "*" ? undefined : Number(text);
	return { first: number(match[1]), last: number(match[2]), total: number(match[3]) };
}

/** Content-Length; undefined where the server does not say it, or counts encoded bytes. */
export function contentLength(response: Response): number | undefined {
	const encoding = response.headers.get("content-encoding");
	if (encoding && encoding !== "identity") return undefined;
	const length = Number(response.headers.get("content-length") ?? Number.NaN);
	return Number.isSafeInteger(length) ? length : undefined;
}

/**
 * The bytes of an answer.
 * @throws ChunkwiseError http-interrupted where they are not all there; the signal's reason when aborted
 */
export async function bodyOf(response: Response, address: string, signal?: AbortSignal): Promise<Uint8Array> {
	let bytes: Uint8Array;
	try {
		bytes = new Uint8Array(await response.arrayBuffer());
	} catch (cause) {
		signal?.throwIfAborted();
		throw interrupted(address, "The connection broke off before the answer was whole.", cause);
	}
	const said = contentLength(response);
	if (said !== undefined && said !== bytes.byteLength) {
		throw interrupted(address, `The answer has ${bytes.byteLength} bytes and should have ${said}.`);
	}
	return bytes;
}

/**
 * The bytes of an answer with status 206: those that were asked for, fewer only where the file ends before.
 * @throws ChunkwiseError http-bad-range where the answer is another part, http-interrupted
 */
export async function partOf(
	response: Response,
	wanted: WantedRange,
	address: string,
	signal?: AbortSignal,
): Promise<Uint8Array> {
	const bytes = await bodyOf(response, address, signal);
	const range = contentRange(response);
	const most = "suffixLength" in wanted ? wanted.suffixLength : wanted.length;
	let right = bytes.byteLength <= most;
	// Absent where the server does not let other sites read it (Access-Control-Expose-Headers): then only the length is known.
	if (range?.first !== undefined && range.last !== undefined) {
		const { first, last, total } = range;
		const suffixStart = total === undefined ? first : Math.max(0, total - most);
		const from = "suffixLength" in wanted ? suffixStart : wanted.offset;
		const to = total === undefined ? last : Math.min(total, from + most) - 1;
		right &&= first === from && last === to && bytes.byteLength === last - first + 1;
	}
	if (!right) throw badRange(address, wanted, range, bytes.byteLength);
	return bytes;
}

/** The answer is not the part that was asked for. */
export function badRange(
	address: string,
	wanted: WantedRange,
	got: ContentRange | undefined,
	length: number,
): ChunkwiseError {
	const from = got?.first === undefined ? "" : ` from byte ${got.first}`;
	return new ChunkwiseError(
		"http-bad-range",
		`Asked for ${inWords(wanted)}, the server sent ${length} bytes${from}.`,
		{
			where: address,
			remedy:
				"The server, or a cache before it, handles byte ranges wrongly: download the file and open it from there.",
		},
	);
}

/** The server sends the whole, and the whole is too much to hold. */
export function noRanges(address: string, length: number): ChunkwiseError {
	return new ChunkwiseError(
		"http-no-ranges",
		`The server does not answer byte ranges, and the file is ${formatBytes(length)}.`,
		{
			where: address,
			remedy:
				"Download it and open it from there, or put it on a server that answers ranges with status 206 (object stores do).",
		},
	);
}

/** Another attempt may do better (RFC 9110 section 15, RFC 6585 section 4, RFC 8470 section 5.2). */
export function isBusy(status: number): boolean {
	return status === 408 || status === 425 || status === 429 || status >= 500;
}

/** An answer that is not what was asked for. */
export function statusError(response: Response, address: string): ChunkwiseError {
	const { status } = response;
	if (status === 404 || status === 410) {
		return new ChunkwiseError(
			"http-not-found",
			status === 410
				? "What was at this address has been taken away for good (410)."
				: `There is nothing at this address (${status}).`,
			{ where: address, remedy: "Check the address; it may have moved." },
		);
	}
	if (status === 401 || status === 403) {
		return new ChunkwiseError("http-forbidden", `The server does not allow reading this (${status}).`, {
			where: address,
			remedy: "Check the address, and whether the file is public.",
		});
	}
	return new ChunkwiseError("http-error", `The server answered ${status} ${response.statusText}`.trim(), {
		where: address,
		remedy: isBusy(status) ? "Try again later." : "Check the address.",
	});
}

function interrupted(address: string, message: string, cause?: unknown): ChunkwiseError {
	return new ChunkwiseError("http-interrupted", message, {
		where: address,
		remedy: "Try again; if it stays so, the server or a proxy between is at fault.",
		cause,
	});
}

function inWords(wanted: WantedRange): string {
	return "suffixLength" in wanted
		? `the last ${wanted.suffixLength} bytes`
		: `bytes ${wanted.offset} to ${wanted.offset + wanted.length}`;
}
