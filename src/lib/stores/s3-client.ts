/** Requests to an S3 service: signed where there are credentials, and made again where it is busy or out of reach. */
import { isChunkwiseError } from "../errors.ts";
import { ask, isBusy, statusError } from "../http-answer.ts";
import { pause } from "./pause.ts";
import type { S3Credentials } from "./s3-address.ts";
import { absentCodes, errorOf, type S3Failure, s3Error } from "./s3-errors.ts";
import type { Trace } from "./s3-trace.ts";
import { told } from "./watch.ts";

export interface S3ClientOptions {
	/** In place of the platform's fetch. */
	fetch?: typeof fetch;
	/** Times that a request is made when the service is busy or the network fails; default 5. */
	tries?: number;
	/** Waits between tries; default real time. */
	pause?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
}

/** No pause is longer, whatever the service asks for. */
const longestPause = 20_000;

export class S3Client {
	readonly #region: string;
	readonly #credentials?: S3Credentials;
	readonly #options: S3ClientOptions;

	constructor(region: string, credentials: S3Credentials | undefined, options: S3ClientOptions) {
		this.#region = region;
		this.#credentials = credentials;
		this.#options = options;
	}

	/** The answer to reading, undefined for an absent key. */
	async read(url: string, init: RequestInit, trace?: Trace): Promise<Response | undefined> {
		const answer = await this.send(url, init, trace);
		if (answer instanceof Response) return answer;
		// A delete marker, asked for by its version.
		const isMarker = answer.status === 405 && answer.response.headers.get("x-amz-delete-marker") === "true";
		if (
			absentCodes.has(answer.code) ||
			isMarker ||
			(answer.code === "" && [403, 404].includes(answer.status))
		) {
			return undefined;
		}
		throw this.refusal(answer, url);
	}

	/** The answer to what must succeed. */
	async must(url: string, init: RequestInit = {}, trace?: Trace): Promise<Response> {
		const answer = await this.send(url, init, trace);
		if (answer instanceof Response) return answer;
		throw this.refusal(answer, url);
	}

	refusal(failure: S3Failure, url: string): Error {
		return s3Error(failure, url, this.#credentials !== undefined);
	}

	/**
	 * Asks until the service answers for good; a refusal is given back as what it says. The trace of an answer that is
	 * given back is left open: its bytes are still on the way.
	 */
	async send(url: string, init: RequestInit, trace?: Trace): Promise<Response | S3Failure> {
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
				trace?.begin(url);
				const fetcher = this.#options.fetch ?? fetch;
				response = await told(() => ask(fetcher, url, { ...init, headers: signed }));
			} catch (error) {
				trace?.fail(error, init.signal);
				if (last || once || !(isChunkwiseError(error) && error.code === "http-unreachable")) throw error;
				await wait(backOff(attempt), init.signal ?? undefined);
				continue;
			}
			if (response.ok || response.status === 416) return response;
			const failure = await errorOf(response);
			trace?.end({ status: response.status });
			const again = isBusy(response.status) && !(once && response.status !== 503 && response.status !== 429);
			if (!again || response.status === 501) return failure;
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
			region: this.#region,
		}).sign();
		// A host header is the platform's to set.
		signed.headers.delete("host");
		return signed.headers;
	}
}

/** Twice as long at each try, and not all clients at the same moment. */
function backOff(attempt: number): number {
	return Math.min(longestPause, 100 * 2 ** attempt * (0.5 + Math.random() / 2));
}
