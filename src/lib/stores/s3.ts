/**
 * A store in an S3 bucket, Amazon's or a compatible one, public or with keys of one's own. Requests are made as the
 * Amazon S3 API reference has them; signing (aws4fetch) is loaded only where there are credentials.
 */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
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
import { objectUrl, type S3Address, type S3Credentials, type S3Location, s3Address } from "./s3-address.ts";
import { absentCodes, errorOf, type S3Failure, s3Error } from "./s3-errors.ts";
import { childText, parseXml } from "./s3-xml.ts";
import {
	type ByteRange,
	normalizePath,
	type StoreKey,
	type StoreOptions,
	sliceRange,
	type WritableStore,
} from "./store.ts";

export interface S3StoreOptions {
	/** In place of the platform's fetch. */
	fetch?: typeof fetch;
	/** Times that a request is made when the service is busy or the network fails; default 5. */
	tries?: number;
	/** Waits between tries; default real time. */
	pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
	/** Keys on one page of a listing; default 1000, which is also the most that S3 gives. */
	pageSize?: number;
}

export interface S3WriteOptions extends StoreOptions {
	/** Write only over this version: an ETag as `set` returned it. */
	ifMatch?: string;
	/** "*": write only where there is no value. */
	ifNoneMatch?: "*";
	/** Default application/octet-stream; application/json for keys that end so. */
	contentType?: string;
}

/** A whole value larger than this is not fetched in place of a range that the service would not serve. */
const wholeInsteadOfRange = 64 * 2 ** 20;
/** No pause is longer, whatever the service asks for. */
const longestPause = 20_000;

export class S3Store implements WritableStore, Displayable {
	readonly bucket: string;
	readonly prefix: string;
	readonly #address: S3Address;
	readonly #credentials?: S3Credentials;
	readonly #options: S3StoreOptions;

	constructor(location: string | S3Location, options: S3StoreOptions = {}) {
		this.#address = s3Address(location);
		this.#credentials = typeof location === "string" ? undefined : location.credentials;
		this.#options = options;
		this.bucket = this.#address.bucket;
		this.prefix = this.#address.prefix;
	}

	async get(key: StoreKey, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const url = objectUrl(this.#address, key);
		const response = await this.#request(url, { signal: options?.signal });
		return response && bodyOf(response, url, options?.signal);
	}

	/** The answer's range is checked before its bytes are used. */
	async getRange(key: StoreKey, range: ByteRange, options?: StoreOptions): Promise<Uint8Array | undefined> {
		const url = objectUrl(this.#address, key);
		if ("length" in range && range.length === 0) return new Uint8Array(0);
		const response = await this.#request(url, {
			signal: options?.signal,
			headers: { Range: rangeHeader(range) },
		});
		if (!response) return undefined;
		if (response.status === 206) return partOf(response, range, url, options?.signal);
		if (response.status === 416) {
			await response.body?.cancel();
			return new Uint8Array(0);
		}
		const length = contentLength(response);
		if (length !== undefined && length > wholeInsteadOfRange) {
			await response.body?.cancel();
			throw noRanges(url, length);
		}
		return sliceRange(await bodyOf(response, url, options?.signal), range);
	}

	async size(key: StoreKey): Promise<number | undefined> {
		const response = await this.#request(objectUrl(this.#address, key), { method: "HEAD" });
		return response && contentLength(response);
	}

	/**
	 * Writes a value and gives its ETag. S3 replaces a whole object at once: readers see the old or the new one.
	 * @throws ChunkwiseError precondition-failed where `ifMatch` or `ifNoneMatch` does not hold, s3-denied, s3-no-bucket
	 */
	async set(key: StoreKey, value: Uint8Array, options: S3WriteOptions = {}): Promise<{ etag?: string }> {
		const type =
			options.contentType ?? (key.endsWith(".json") ? "application/json" : "application/octet-stream");
		const headers: Record<string, string> = { "Content-Type": type };
		if (options.ifMatch !== undefined) headers["If-Match"] = options.ifMatch;
		if (options.ifNoneMatch !== undefined) headers["If-None-Match"] = options.ifNoneMatch;
		const response = await this.#write(objectUrl(this.#address, key), {
			method: "PUT",
			headers,
			// The bytes of a view only, and unchanged by what its owner does while they are sent.
			body: value.slice(),
			signal: options.signal,
		});
		await response.body?.cancel();
		return { etag: response.headers.get("etag") ?? undefined };
	}

	/** @throws ChunkwiseError s3-denied, s3-no-bucket */
	async delete(key: StoreKey): Promise<void> {
		const response = await this.#write(objectUrl(this.#address, key), { method: "DELETE" });
		await response.body?.cancel();
	}

	/** @throws ChunkwiseError s3-denied where listing is not allowed, as in many public buckets; s3-no-bucket */
	async list(prefix = ""): Promise<string[]> {
		const keys: string[] = [];
		for await (const page of this.#pages(this.#inside(prefix), "")) keys.push(...page.keys);
		return keys.map((key) => this.#outside(key)).filter((key) => key !== "" && !key.endsWith("/"));
	}

	/** Names below a path, found with a delimiter: one request for each thousand names, however much lies below them. */
	async children(path = ""): Promise<string[]> {
		const at = normalizePath(path);
		const start = this.#inside(at === "" ? "" : `${at}/`);
		const names = new Set<string>();
		for await (const page of this.#pages(start, "/")) {
			for (const name of [...page.keys, ...page.prefixes]) {
				const bare = name.slice(start.length).replace(/\/$/, "");
				if (bare !== "") names.add(bare);
			}
		}
		return [...names];
	}

	toString(): string {
		return `<S3Store s3://${[this.bucket, this.prefix].filter(Boolean).join("/")}>`;
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}

	/** The bucket's key of a beginning of a key of this store. */
	#inside(prefix: string): string {
		return this.prefix === "" ? prefix : `${this.prefix}/${prefix}`;
	}

	#outside(key: string): string {
		return this.prefix === "" ? key : key.slice(this.prefix.length + 1);
	}

	/** ListObjectsV2, page by page. */
	async *#pages(prefix: string, delimiter: string): AsyncGenerator<{ keys: string[]; prefixes: string[] }> {
		let token: string | undefined;
		do {
			const url = new URL(this.#address.base);
			const query = new URLSearchParams({ "list-type": "2", "encoding-type": "url", prefix });
			if (delimiter !== "") query.set("delimiter", delimiter);
			if (this.#options.pageSize !== undefined) query.set("max-keys", String(this.#options.pageSize));
			if (token !== undefined) query.set("continuation-token", token);
			// A signature counts spaces as %20.
			url.search = query.toString().replace(/\+/g, "%20");
			const response = await this.#write(url.href, {});
			const page = parseListing(new TextDecoder().decode(await bodyOf(response, url.href)), url.href);
			yield page;
			if (page.next !== undefined && page.next === token) throw badListing(url.href);
			token = page.next;
		} while (token !== undefined);
	}

	/** The answer to reading, undefined for an absent key. */
	async #request(url: string, init: RequestInit): Promise<Response | undefined> {
		const answer = await this.#send(url, init);
		if (answer instanceof Response) return answer;
		if (absentCodes.has(answer.code) || (answer.code === "" && [403, 404].includes(answer.status))) {
			return undefined;
		}
		throw s3Error(answer, url, this.#credentials !== undefined);
	}

	/** The answer to what must succeed. */
	async #write(url: string, init: RequestInit): Promise<Response> {
		const answer = await this.#send(url, init);
		if (answer instanceof Response) return answer;
		throw s3Error(answer, url, this.#credentials !== undefined);
	}

	/** Asks until the service answers for good; a refusal is given back as what it says. */
	async #send(url: string, init: RequestInit): Promise<Response | S3Failure> {
		const wait = this.#options.pause ?? pause;
		const tries = this.#options.tries ?? 5;
		const headers = new Headers(init.headers);
		// A network that fails leaves open whether a condition was met: trying again could refuse one's own write.
		const once = headers.has("If-Match") || headers.has("If-None-Match");
		for (let attempt = 1; ; attempt++) {
			init.signal?.throwIfAborted();
			const last = attempt >= tries;
			let response: Response;
			try {
				const signed = await this.#sign(url, init);
				response = await ask(this.#options.fetch ?? fetch, url, { ...init, headers: signed });
			} catch (error) {
				if (last || once || !(isChunkwiseError(error) && error.code === "http-unreachable")) throw error;
				await wait(backOff(attempt), init.signal ?? undefined);
				continue;
			}
			if (response.ok || response.status === 416) return response;
			const failure = await errorOf(response);
			const again = isBusy(response.status) && !(once && response.status !== 503 && response.status !== 429);
			if (!again) return failure;
			if (last) throw statusError(response, url);
			// Seconds; the other form, a date, is rare and passed over.
			const asked = Number(response.headers.get("Retry-After")) * 1000 || 0;
			await wait(Math.min(longestPause, Math.max(backOff(attempt), asked)), init.signal ?? undefined);
		}
	}

	async #sign(url: string, init: RequestInit): Promise<Headers> {
		const headers = new Headers(init.headers);
		if (!this.#credentials) return headers;
		const { AwsV4Signer } = await import("aws4fetch");
		const signed = await new AwsV4Signer({
			...this.#credentials,
			method: init.method ?? "GET",
			url,
			headers,
			body: init.body,
			service: "s3",
			region: this.#address.region,
		}).sign();
		// A host header is the platform's to set.
		signed.headers.delete("host");
		return signed.headers;
	}
}

/**
 * A store in an S3 bucket: `s3Store("s3://bucket/path")` for Amazon's public ones, or the parts by name.
 * @throws ChunkwiseError bad-address
 */
export function s3Store(location: string | S3Location, options?: S3StoreOptions): S3Store {
	return new S3Store(location, options);
}

/** Twice as long at each try, and not all clients at the same moment. */
function backOff(attempt: number): number {
	return Math.min(longestPause, 100 * 2 ** attempt * (0.5 + Math.random() / 2));
}

function parseListing(text: string, where: string): { keys: string[]; prefixes: string[]; next?: string } {
	const root = parseXml(text);
	if (root?.name !== "ListBucketResult") throw badListing(where);
	const encoded = childText(root, "EncodingType") === "url";
	const name = (value: string | undefined): string => {
		if (value === undefined) throw badListing(where);
		if (!encoded) return value;
		try {
			return decodeURIComponent(value.replace(/\+/g, " "));
		} catch {
			throw badListing(where);
		}
	};
	const inside = (element: string, child: string) =>
		root.children.filter((found) => found.name === element).map((found) => name(childText(found, child)));
	const truncated = childText(root, "IsTruncated") === "true";
	const next = childText(root, "NextContinuationToken");
	if (truncated && !next) throw badListing(where);
	return {
		keys: inside("Contents", "Key"),
		prefixes: inside("CommonPrefixes", "Prefix"),
		next: truncated ? next : undefined,
	};
}

function badListing(where: string): ChunkwiseError {
	return new ChunkwiseError("s3-bad-listing", "The service's list of keys cannot be understood.", {
		where,
		remedy: "Check that the endpoint is an S3 service, and that it knows ListObjectsV2.",
	});
}
