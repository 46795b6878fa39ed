/**
 * A store behind a web address, read only. A key is the address followed by the key. Servers differ in how they say
 * that a key is absent, and some ignore ranges: every answer is checked before its bytes are used.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatBytes } from "../format.ts";
import {
	type ByteRange,
	keyParts,
	type ReadableStore,
	type StoreKey,
	type StoreOptions,
	sliceRange,
} from "./store.ts";

export interface HttpStoreOptions {
	/** In place of the platform's fetch. */
	fetch?: typeof fetch;
	headers?: Record<string, string>;
	/** Times that a request is made when the server is busy or the network fails; default 3. */
	tries?: number;
}

/** A whole value larger than this is not fetched in place of a range that the server would not serve. */
const wholeInsteadOfRange = 64 * 2 ** 20;

export class HttpStore implements ReadableStore, Displayable {
	readonly url: string;
	readonly #base: URL;
	readonly #options: HttpStoreOptions;

	constructor(url: string | URL, options: HttpStoreOptions = {}) {
		this.#base = new URL(url);
		this.#options = options;
		this.url = this.#base.href;
	}

	async get(key: StoreKey, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const response = await this.#request(key, { signal: options?.signal });
		if (!response) return undefined;
		return withoutPage(await body(response), response);
	}

	async getRange(key: StoreKey, range: ByteRange, options?: StoreOptions): Promise<Uint8Array | undefined> {
		if ("length" in range && range.length === 0) return new Uint8Array(0);
		const wanted =
			"suffixLength" in range
				? `bytes=-${range.suffixLength}`
				: `bytes=${range.offset}-${range.offset + range.length - 1}`;
		const response = await this.#request(key, { signal: options?.signal, headers: { Range: wanted } });
		if (!response) return undefined;
		if (response.status === 206) return checkedPart(response, range, wanted);
		if (response.status === 416) return new Uint8Array(0);
		const length = Number(response.headers.get("Content-Length") ?? Number.NaN);
		if (length > wholeInsteadOfRange) {
			await response.body?.cancel();
			throw new ChunkwiseError(
				"no-ranges",
				`The server ignores ranges and would send ${formatBytes(length)} in place of ${wanted.slice(6)}.`,
				{ where: response.url, remedy: "Use a server that answers byte ranges (status 206)." },
			);
		}
		const whole = withoutPage(await body(response), response);
		return whole && sliceRange(whole, range);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		const response = await this.#request(key, { method: "HEAD" });
		const length = response?.headers.get("Content-Length");
		return length == null || isPage(response as Response) ? undefined : Number(length);
	}

	toString(): string {
		return `<HttpStore ${this.url}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	/** The answer, undefined for an absent key. */
	async #request(key: StoreKey, init: RequestInit): Promise<Response | undefined> {
		const url = new URL(this.#base);
		url.pathname = [url.pathname.replace(/\/+$/, ""), ...keyParts(key).map(encodeURIComponent)].join("/");
		const request = this.#options.fetch ?? fetch;
		const headers = { ...this.#options.headers, ...(init.headers as Record<string, string>) };
		const tries = this.#options.tries ?? 3;
		for (let attempt = 1; ; attempt++) {
			init.signal?.throwIfAborted();
			let response: Response;
			try {
				response = await request(url, { ...init, headers });
			} catch (cause) {
				init.signal?.throwIfAborted();
				if (attempt < tries) {
					await pause(attempt);
					continue;
				}
				throw new ChunkwiseError("network", "The server gave no answer that this page may read.", {
					where: url.href,
					remedy:
						"Check the address and the connection. Another site's server must also allow this one (CORS headers, on errors as well).",
					cause,
				});
			}
			// S3 without list permission answers 403 for a key that does not exist.
			if ([403, 404, 410].includes(response.status)) {
				await response.body?.cancel();
				return undefined;
			}
			if (response.ok || response.status === 416) return response;
			await response.body?.cancel();
			const busy = response.status === 429 || response.status >= 500;
			if (busy && attempt < tries) {
				await pause(attempt);
				continue;
			}
			throw new ChunkwiseError(
				"http-error",
				`The server answered ${response.status} ${response.statusText}`.trim(),
				{
					where: url.href,
					remedy: busy ? "Try again later." : "Check the address and whether you may read it.",
				},
			);
		}
	}
}

/** A read-only store: keys are joined to the address. */
export function httpStore(url: string | URL, options?: HttpStoreOptions): HttpStore {
	return new HttpStore(url, options);
}

function pause(attempt: number): Promise<void> {
	return new Promise((resolve) => setTimeout(resolve, 150 * 2 ** attempt));
}

async function body(response: Response): Promise<Uint8Array> {
	const bytes = new Uint8Array(await response.arrayBuffer());
	const encoded = response.headers.get("Content-Encoding");
	const length = response.headers.get("Content-Length");
	if (length !== null && !encoded && Number(length) !== bytes.byteLength) {
		throw cutShort(response, Number(length), bytes.byteLength);
	}
	return bytes;
}

function cutShort(response: Response, wanted: number, got: number): ChunkwiseError {
	return new ChunkwiseError("cut-short", `The answer has ${got} bytes and should have ${wanted}.`, {
		where: response.url,
		remedy: "Try again; if it stays so, the server or a proxy between is at fault.",
	});
}

/** A web page is no value: single-page sites answer 200 with their start page for keys that do not exist. */
function withoutPage(bytes: Uint8Array, response: Response): Uint8Array | undefined {
	if (isPage(response)) return undefined;
	if (bytes[0] !== 0x3c) return bytes;
	const start = new TextDecoder().decode(bytes.subarray(0, 64)).toLowerCase();
	return /^<(!doctype html|html|head)/.test(start) ? undefined : bytes;
}

function isPage(response: Response): boolean {
	return /^text\/html\b/i.test(response.headers.get("Content-Type") ?? "");
}

async function checkedPart(response: Response, range: ByteRange, wanted: string): Promise<Uint8Array> {
	const bytes = await body(response);
	// Absent where the server does not let other sites read it (Access-Control-Expose-Headers): then only the length is known.
	const said = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(response.headers.get("Content-Range") ?? "");
	const expectedStart = "suffixLength" in range ? undefined : range.offset;
	const limit = "suffixLength" in range ? range.suffixLength : range.length;
	if (said) {
		const [start, end] = [Number(said[1]), Number(said[2])];
		const total = said[3] === "*" ? undefined : Number(said[3]);
		const from = expectedStart ?? (total === undefined ? start : Math.max(0, total - limit));
		const to = total === undefined ? end : Math.min(total, from + limit) - 1;
		if (start !== from || end !== to || bytes.byteLength !== end - start + 1) {
			throw new ChunkwiseError(
				"wrong-range",
				`Asked for ${wanted.slice(6)}, the server answered ${said[0]} with ${bytes.byteLength} bytes.`,
				{ where: response.url, remedy: "The server or a proxy between mishandles ranges: use another one." },
			);
		}
	} else if (bytes.byteLength > limit) {
		throw cutShort(response, limit, bytes.byteLength);
	}
	return bytes;
}
