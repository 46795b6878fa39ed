/**
 * Bytes of a file on a web server, by HTTP ranges (RFC 9110 section 14).
 *
 * A server may ignore `Range` and send the whole file with status 200. Taking that for the part asked for gives wrong
 * data silently, so each answer's status, Content-Range and length are checked.
 */
import { type ByteSource, bytesSource, checkRange } from "./bytes.ts";
import { ChunkwiseError } from "./errors.ts";
import { formatBytes } from "./format.ts";

export interface HttpSourceOptions {
	/** In place of the platform's fetch: to add headers, to count requests, to test. */
	fetch?: typeof fetch;
	/** Stops the opening request; reads have a signal of their own. */
	signal?: AbortSignal;
}

/** What the first request brings along: enough for most files' headers. */
const firstBytes = 65536;
/** A server without ranges sends the whole file; beyond this that is refused rather than held in memory. */
const wholeFileLimit = 1 << 30;

/**
 * Opens a file on a web server. One request is made at once, for its size and its first 64 KiB. Where the server
 * ignores ranges, the whole body is taken, once, if it is at most 1 GiB.
 * @throws ChunkwiseError http-not-found, http-forbidden, http-error, http-unreachable, http-no-ranges, http-bad-range
 */
export async function httpSource(url: string | URL, options: HttpSourceOptions = {}): Promise<ByteSource> {
	const address = String(url);
	const name = fileName(address);
	const ask = (headers: Record<string, string>, signal?: AbortSignal, method = "GET") =>
		request(options.fetch ?? fetch, address, { method, headers, signal });

	const response = await ask({ Range: `bytes=0-${firstBytes - 1}` }, options.signal);
	if (response.status === 200) return bytesSource(await wholeBody(response, address, options.signal), name);
	if (response.status === 416) {
		const total = contentRange(response)?.total;
		await response.body?.cancel();
		if (total === 0) return bytesSource(new Uint8Array(0), name);
	}
	if (response.status !== 206) throw statusError(response, address);
	const etag = response.headers.get("etag");
	const first = await bodyOf(response, address, options.signal);
	const range = contentRange(response);
	const size = range?.total ?? (await sizeByHead(ask, address, first, options.signal));
	const expected = Math.min(firstBytes, size);
	if (first.length !== expected || (range && range.first !== 0)) {
		throw badRange(address, `bytes 0 to ${expected}`, range, first.length);
	}
	const source: ByteSource = {
		name,
		size,
		granule: firstBytes,
		async read(offset, length, signal) {
			signal?.throwIfAborted();
			checkRange(source, offset, length);
			if (length === 0) return new Uint8Array(0);
			if (offset + length <= first.length) return first.subarray(offset, offset + length);
			const last = offset + length - 1;
			const part = await ask({ Range: `bytes=${offset}-${last}` }, signal);
			if (part.status === 200) {
				await part.body?.cancel();
				throw new ChunkwiseError("http-no-ranges", "The server stopped answering byte ranges.", {
					where: address,
					remedy: "Try again, or download the file whole and open it from there.",
				});
			}
			if (part.status !== 206) throw statusError(part, address);
			const got = contentRange(part);
			const changed = etag !== null && part.headers.get("etag") !== etag;
			if (changed || (got?.total !== undefined && got.total !== size)) {
				await part.body?.cancel();
				throw new ChunkwiseError("http-changed", "The file changed on the server while it was being read.", {
					where: address,
					remedy: "Open it again.",
				});
			}
			const bytes = await bodyOf(part, address, signal);
			if (bytes.length !== length || (got && (got.first !== offset || got.last !== last))) {
				throw badRange(address, `bytes ${offset} to ${last + 1}`, got, bytes.length);
			}
			return bytes;
		},
	};
	return source;
}

async function request(fetcher: typeof fetch, address: string, init: RequestInit): Promise<Response> {
	try {
		return await fetcher(address, init);
	} catch (cause) {
		init.signal?.throwIfAborted();
		throw new ChunkwiseError("http-unreachable", `No answer from ${host(address)}.`, {
			where: address,
			remedy:
				"Check the address and the network. From a web page, the server must also allow other sites to read it (CORS).",
			cause,
		});
	}
}

async function bodyOf(response: Response, address: string, signal?: AbortSignal): Promise<Uint8Array> {
	try {
		return new Uint8Array(await response.arrayBuffer());
	} catch (cause) {
		signal?.throwIfAborted();
		throw new ChunkwiseError("http-interrupted", "The connection broke off before the answer was whole.", {
			where: address,
			remedy: "Try again.",
			cause,
		});
	}
}

async function wholeBody(response: Response, address: string, signal?: AbortSignal): Promise<Uint8Array> {
	const length = Number(response.headers.get("content-length") ?? Number.NaN);
	if (length > wholeFileLimit) {
		await response.body?.cancel();
		throw new ChunkwiseError(
			"http-no-ranges",
			`The server does not answer byte ranges, and the file is ${formatBytes(length)}.`,
			{
				where: address,
				remedy:
					"Download it and open it from there, or put it on a server that answers ranges (object stores do).",
			},
		);
	}
	return bodyOf(response, address, signal);
}

/** Content-Range, where the server sends it and, across origins, allows it to be seen. */
function contentRange(response: Response): { first?: number; last?: number; total?: number } | undefined {
	const header = response.headers.get("content-range");
	const match = header ? /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(header.trim()) : null;
	if (!match) return undefined;
	const number = (text: string | undefined) =>
		text === undefined || text === "*" ? undefined : Number(text);
	return { first: number(match[1]), last: number(match[2]), total: number(match[3]) };
}

/** Content-Length is always visible, Content-Range only where the server exposes it. */
async function sizeByHead(
	ask: (headers: Record<string, string>, signal?: AbortSignal, method?: string) => Promise<Response>,
	address: string,
	first: Uint8Array,
	signal?: AbortSignal,
): Promise<number> {
	// Less than was asked for is the whole file.
	if (first.length < firstBytes) return first.length;
	const head = await ask({}, signal, "HEAD");
	const length = Number(head.headers.get("content-length") ?? Number.NaN);
	if (head.ok && Number.isSafeInteger(length) && length >= first.length) return length;
	throw new ChunkwiseError("http-no-size", "The server does not say how large the file is.", {
		where: address,
		remedy: "Let it send Content-Range and expose it (Access-Control-Expose-Headers), or download the file.",
	});
}

function badRange(
	address: string,
	wanted: string,
	got: { first?: number; last?: number } | undefined,
	length: number,
): ChunkwiseError {
	const where = got?.first === undefined ? "" : ` from byte ${got.first}`;
	return new ChunkwiseError(
		"http-bad-range",
		`Asked for ${wanted}, the server sent ${length} bytes${where}.`,
		{
			where: address,
			remedy:
				"The server, or a cache before it, handles byte ranges wrongly: download the file and open it from there.",
		},
	);
}

function statusError(response: Response, address: string): ChunkwiseError {
	const { status } = response;
	if (status === 404 || status === 410) {
		return new ChunkwiseError("http-not-found", `There is nothing at this address (${status}).`, {
			where: address,
			remedy: "Check the address.",
		});
	}
	if (status === 401 || status === 403) {
		return new ChunkwiseError("http-forbidden", `The server does not allow reading this (${status}).`, {
			where: address,
			remedy: "Check the address, and whether the file is public.",
		});
	}
	return new ChunkwiseError("http-error", `The server answered ${status} ${response.statusText}`.trim(), {
		where: address,
		remedy: status >= 500 ? "Try again later." : "Check the address.",
	});
}

function host(address: string): string {
	try {
		return new URL(address).host || address;
	} catch {
		return address;
	}
}

function fileName(address: string): string {
	try {
		const { pathname } = new URL(address);
		return decodeURIComponent(pathname.slice(pathname.lastIndexOf("/") + 1)) || address;
	} catch {
		return address;
	}
}
