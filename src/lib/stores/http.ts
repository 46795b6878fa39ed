/**
 * A store behind a web address, read only. A key is the address followed by the key. Servers differ in how they say
 * that a key is absent, and some ignore ranges: every answer is checked before its bytes are used.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { isChunkwiseError } from "../errors.ts";
import {
	ask,
	bodyOf,
	contentLength,
	isBusy,
	noRanges,
	partOf,
	rangeHeader,
	statusError,
} from "../http-answer.ts";
import { pause } from "./pause.ts";
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
		return response && this.#value(key, response, options?.signal);
	}

	async getRange(key: StoreKey, range: ByteRange, options?: StoreOptions): Promise<Uint8Array | undefined> {
		if ("length" in range && range.length === 0) return new Uint8Array(0);
		const response = await this.#request(key, {
			signal: options?.signal,
			headers: { Range: rangeHeader(range) },
		});
		if (!response) return undefined;
		if (response.status === 206) return partOf(response, range, this.#address(key), options?.signal);
		if (response.status === 416) {
			await response.body?.cancel();
			return new Uint8Array(0);
		}
		const length = contentLength(response);
		if (length !== undefined && length > wholeInsteadOfRange) {
			await response.body?.cancel();
			throw noRanges(this.#address(key), length);
		}
		const whole = await this.#value(key, response, options?.signal);
		return whole && sliceRange(whole, range);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		const response = await this.#request(key, { method: "HEAD" });
		return response && !isPage(response) ? contentLength(response) : undefined;
	}

	toString(): string {
		return `<HttpStore ${this.url}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	#address(key: StoreKey): string {
		const url = new URL(this.#base);
		url.pathname = [url.pathname.replace(/\/+$/, ""), ...keyParts(key).map(encodeURIComponent)].join("/");
		return url.href;
	}

	/** The whole value; undefined where the answer is a page in place of it. */
	async #value(key: StoreKey, response: Response, signal?: AbortSignal): Promise<Uint8Array | undefined> {
		const bytes = await bodyOf(response, this.#address(key), signal);
		return isPage(response) || startsAsPage(bytes) ? undefined : bytes;
	}

	/** The answer, undefined for an absent key. */
	async #request(key: StoreKey, init: RequestInit): Promise<Response | undefined> {
		const address = this.#address(key);
		const headers = { ...this.#options.headers, ...(init.headers as Record<string, string>) };
		const tries = this.#options.tries ?? 3;
		for (let attempt = 1; ; attempt++) {
			init.signal?.throwIfAborted();
			const last = attempt >= tries;
			let response: Response;
			try {
				response = await ask(this.#options.fetch ?? fetch, address, { ...init, headers });
			} catch (error) {
				if (last || !(isChunkwiseError(error) && error.code === "http-unreachable")) throw error;
				await pause(pauseAfter(attempt), init.signal ?? undefined);
				continue;
			}
			if (response.ok || response.status === 416) return response;
			await response.body?.cancel();
			// S3 without list permission answers 403 for a key that does not exist.
			if ([403, 404, 410].includes(response.status)) return undefined;
			if (last || !isBusy(response.status)) throw statusError(response, address);
			await pause(pauseAfter(attempt), init.signal ?? undefined);
		}
	}
}

/** A read-only store: keys are joined to the address. */
export function httpStore(url: string | URL, options?: HttpStoreOptions): HttpStore {
	return new HttpStore(url, options);
}

/** Milliseconds after an attempt that failed. */
function pauseAfter(attempt: number): number {
	return 150 * 2 ** attempt;
}

/** A web page is no value: single-page sites answer 200 with their start page for keys that do not exist. */
function isPage(response: Response): boolean {
	return /^text\/html\b/i.test(response.headers.get("Content-Type") ?? "");
}

/** The same where the server does not say what it sends. */
function startsAsPage(bytes: Uint8Array): boolean {
	if (bytes[0] !== 0x3c) return false;
	const start = new TextDecoder().decode(bytes.subarray(0, 64)).toLowerCase();
	return /^<(!doctype html|html|head)/.test(start);
}
