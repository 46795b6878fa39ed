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
import { type GatherOptions, RangeGatherer } from "./gather.ts";
import { startsAsPage } from "./page.ts";
import { backOff, pause } from "./pause.ts";
import { Shared } from "./share.ts";
import {
	type ByteRange,
	keyParts,
	type ReadableStore,
	type SourceRequest,
	type StoreKey,
	type StoreOptions,
	sliceRange,
} from "./store.ts";
import { told, watched } from "./watch.ts";

/** How requests are made, tried again and joined. */
export interface HttpStoreOptions {
	/** In place of the platform's fetch. */
	fetch?: typeof fetch;
	/**
	 * Sent with every request. In a browser, ones of your own make it ask the server first (CORS preflight).
	 */
	headers?: Record<string, string>;
	/** Times that a request is made when the server is busy, the network fails or breaks off; default 3. */
	tries?: number;
	/** Waits between tries; default real time. */
	pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
	/** How ranges of one key become one request; false: each its own. */
	join?: GatherOptions | false;
}

/** A whole value larger than this is not fetched in place of a range that the server would not serve. */
const wholeInsteadOfRange = 64 * 2 ** 20;

/** What is asked for, as a recorder shows it. */
type Asked = Pick<SourceRequest, "operation" | "range" | "serves">;

export class HttpStore implements ReadableStore, Displayable {
	readonly url: string;
	readonly abilities = { persistent: true, reports: true };
	readonly #base: URL;
	readonly #options: HttpStoreOptions;
	readonly #gatherer?: RangeGatherer;
	/** Whole values on their way. */
	readonly #fetching = new Map<StoreKey, Shared<Uint8Array | undefined>>();

	constructor(url: string | URL, options: HttpStoreOptions = {}) {
		this.#base = new URL(url);
		this.#options = options;
		this.url = this.#base.href;
		if (options.join !== false) {
			this.#gatherer = new RangeGatherer(
				(key, range, own, serves) => this.#getRange(key, range, own, serves),
				options.join,
			);
		}
		watched(this);
	}

	/** A value that is on its way already is not asked for again. */
	async get(key: StoreKey, options: StoreOptions = {}): Promise<Uint8Array | undefined> {
		options.signal?.throwIfAborted();
		const known = this.#fetching.get(key);
		if (known && !known.stopped) return (await known.join(options.signal))?.slice();
		const value = new Shared((signal) =>
			this.#request(key, {}, { operation: "get" }, { ...options, signal }, async (response) =>
				unlessPage(await bodyOf(response, this.#address(key), signal), isHtml(response)),
			).finally(() => {
				if (this.#fetching.get(key) === value) this.#fetching.delete(key);
			}),
		);
		this.#fetching.set(key, value);
		return value.join(options.signal);
	}

	/** Ranges of one key that lie near each other and are asked for at the same moment are one request. */
	async getRange(
		key: StoreKey,
		range: ByteRange,
		options: StoreOptions = {},
	): Promise<Uint8Array | undefined> {
		if ("length" in range && range.length === 0) return new Uint8Array(0);
		return this.#gatherer
			? this.#gatherer.getRange(key, range, options)
			: this.#getRange(key, range, options, 1);
	}

	async size(key: StoreKey, options: StoreOptions = {}): Promise<number | undefined> {
		return this.#request(key, { method: "HEAD" }, { operation: "size" }, options, async (response) =>
			isHtml(response) ? (await this.get(key, options))?.byteLength : contentLength(response),
		);
	}

	toString(): string {
		return `<HttpStore ${this.url}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	async #getRange(key: StoreKey, range: ByteRange, options: StoreOptions, serves: number) {
		const address = this.#address(key);
		const { signal } = options;
		const asked: Asked = { operation: "getRange", range, serves: serves > 1 ? serves : undefined };
		const init = { headers: { Range: rangeHeader(range) } };
		const part = await this.#request(key, init, asked, options, async (response) => {
			if (response.status === 206) {
				return { bytes: await partOf(response, range, address, signal), page: isHtml(response) };
			}
			if (response.status === 416) {
				await response.body?.cancel();
				return { bytes: new Uint8Array(0), page: false };
			}
			const length = contentLength(response);
			if (length !== undefined && length > wholeInsteadOfRange) {
				await response.body?.cancel();
				throw noRanges(address, length);
			}
			const whole = unlessPage(await bodyOf(response, address, signal), isHtml(response));
			return { bytes: whole && sliceRange(whole, range), page: false };
		});
		// Is it a part of a page, or of a value that the server mistakes for one? Its beginning tells.
		if (part?.page && (await this.get(key, options)) === undefined) return undefined;
		return part?.bytes;
	}

	#address(key: StoreKey): string {
		const url = new URL(this.#base);
		url.pathname = [url.pathname.replace(/\/+$/, ""), ...keyParts(key).map(encodeURIComponent)].join("/");
		return url.href;
	}

	/** What `use` makes of the answer; undefined for an absent key. */
	async #request<T extends Uint8Array | { bytes?: Uint8Array } | number | undefined>(
		key: StoreKey,
		init: RequestInit,
		asked: Asked,
		options: StoreOptions,
		use: (response: Response) => Promise<T>,
	): Promise<T | undefined> {
		const address = this.#address(key);
		const headers = { ...this.#options.headers, ...(init.headers as Record<string, string>) };
		const tries = this.#options.tries ?? 3;
		const wait = this.#options.pause ?? pause;
		const signal = options.signal ?? null;
		for (let attempt = 1; ; attempt++) {
			signal?.throwIfAborted();
			const last = attempt >= tries;
			const started = performance.now();
			const report = (result: Pick<SourceRequest, "status" | "bytes" | "error">) =>
				options.onRequest?.({
					...asked,
					key: key.replace(/^\//, ""),
					url: address,
					started,
					milliseconds: performance.now() - started,
					source: "network",
					attempt,
					...result,
				});
			let status: number | undefined;
			let retryAfter: string | null = null;
			try {
				const fetcher = this.#options.fetch ?? fetch;
				const response = await told(() => ask(fetcher, address, { ...init, headers, signal }));
				status = response.status;
				if (response.ok || status === 416) {
					const result = await use(response);
					report({ status, bytes: bytesOf(result) });
					return result;
				}
				await response.body?.cancel();
				retryAfter = response.headers.get("Retry-After");
				// S3 without list permission answers 403 for a key that does not exist.
				const absent = [403, 404, 410].includes(status);
				const error = absent ? undefined : statusError(response, address);
				report({ status, error });
				if (absent) return undefined;
				if (last || !isBusy(status)) throw error;
			} catch (error) {
				const code = isChunkwiseError(error) ? error.code : "";
				const failed = code === "http-unreachable" || code === "http-interrupted";
				// An answer with an error status has been told already.
				if (code !== "http-error" && code !== "http-forbidden" && code !== "http-not-found") {
					report({ status: status ?? (signal?.aborted ? "aborted" : "error"), error });
				}
				if (last || !failed) throw error;
			}
			await wait(backOff(attempt, retryAfter), signal ?? undefined);
		}
	}
}

/** A read-only store: keys are joined to the address. */
export function httpStore(url: string | URL, options?: HttpStoreOptions): HttpStore {
	return new HttpStore(url, options);
}

function bytesOf(result: Uint8Array | { bytes?: Uint8Array } | number | undefined): number | undefined {
	if (result instanceof Uint8Array) return result.byteLength;
	return typeof result === "object" ? result.bytes?.byteLength : undefined;
}

/** A web page is no value: single-page sites answer 200 with their start page for keys that do not exist. */
function unlessPage(bytes: Uint8Array, html: boolean): Uint8Array | undefined {
	return startsAsPage(bytes, html) ? undefined : bytes;
}

/** Some servers call so whatever they do not know: alone it does not make a page. */
function isHtml(response: Response): boolean {
	return /^text\/html\b/i.test(response.headers.get("Content-Type") ?? "");
}
