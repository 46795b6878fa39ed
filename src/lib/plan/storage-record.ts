/** Writes down what goes out on either side: calls on a volume, requests to a bucket, and their answers. */
import type { BucketEngine } from "../bucket/engine.ts";
import { forEachInFlight } from "../parallel/in-flight.ts";
import { childText, parseXml } from "../stores/s3-xml.ts";
import { counted } from "./figure.ts";
import type { RequestTier, StorageEffect, StorageExchange, StorageStep } from "./storage-model.ts";
import { VolumeError } from "./storage-volume.ts";

/** What is said of a step besides its call and effect. */
export type StepRest = Partial<
	Pick<StorageStep, "atOnce" | "keys" | "folders" | "tier" | "note" | "attempt">
>;

/** A step to fill with exchanges. */
export function step(call: string, effect: StorageEffect, rest: StepRest = {}): StorageStep {
	return { call, effect, exchanges: [], atOnce: 1, keys: [], folders: [], tier: "free", ...rest };
}

const reasons: Record<string, string> = {
	ENOENT: "No such file or directory",
	ENOSPC: "No space left on device",
	ENOTEMPTY: "Directory not empty",
	EISDIR: "Is a directory",
	ENOTDIR: "Not a directory",
	EEXIST: "File exists",
	EBUSY: "Device or resource busy",
	EBADF: "Bad file descriptor",
};

/** What a call on files gave: what a tracer such as strace(1) writes behind the equals sign, and bytes moved. */
export interface CallResult<T> {
	value: T;
	answer: number | string;
	bytesDown?: number;
	bytesUp?: number;
}

/** Makes a call and writes it down. @throws VolumeError which is written down too */
export function called<T>(into: StorageStep, call: string, act: () => CallResult<T>): T {
	const exchange: StorageExchange = { call, answer: "", ok: true, bytesDown: 0, bytesUp: 0, bytesInside: 0 };
	into.exchanges.push(exchange);
	try {
		const { value, answer, bytesDown = 0, bytesUp = 0 } = act();
		Object.assign(exchange, { answer: `= ${answer}`, bytesDown, bytesUp });
		return value;
	} catch (error) {
		if (!(error instanceof VolumeError)) throw error;
		exchange.ok = false;
		exchange.answer = `= -1 ${error.errno} (${reasons[error.errno]})`;
		throw error;
	}
}

/** A request to send. The bucket and the slash before the key are added. */
export interface Sent {
	method: string;
	/** "" for the bucket. */
	key?: string;
	/** With its question mark. */
	query?: string;
	headers?: Record<string, string>;
	body?: Uint8Array | string;
	/** Bytes that the store copies by itself where it does what is asked. */
	copies?: number;
}

/** What came back. */
export interface Received {
	status: number;
	headers: Headers;
	bytes: Uint8Array;
	/** S3's code of an error, or "". */
	code: string;
}

/** Standard names of the answers that a bucket gives here (RFC 9110). */
const phrases: Record<number, string> = {
	200: "OK",
	204: "No Content",
	206: "Partial Content",
	404: "Not Found",
	405: "Method Not Allowed",
	412: "Precondition Failed",
	416: "Range Not Satisfiable",
};

/** Headers of a request or an answer that the figure shows; the others are about browsers and other origins. */
const shown = /^(range|content-|etag|last-modified|accept-ranges|if-|x-amz-(?!request-id))/;

/** As much of a body that is text as is kept. */
const mostText = 900;

/** Sends requests to a bucket's engine and writes down what it answers. */
export class BucketClient {
	readonly #engine: BucketEngine;
	readonly bucket: string;

	constructor(engine: BucketEngine, bucket: string) {
		this.#engine = engine;
		this.bucket = bucket;
	}

	async send(into: StorageStep | undefined, sent: Sent): Promise<Received> {
		const { method, key = "", query = "", headers = {}, body, copies = 0 } = sent;
		const path = `/${this.bucket}/${key.split("/").map(encodeURIComponent).join("/")}${query}`;
		const bytesUp = typeof body === "string" ? new TextEncoder().encode(body).length : (body?.length ?? 0);
		const request = new Request(`https://bucket.example${path}`, {
			method,
			headers,
			body: body as BodyInit | undefined,
		});
		// The place in the record is the one in which requests go out.
		const exchange: StorageExchange = {
			call: `${method} ${path}`,
			answer: "",
			ok: false,
			bytesUp,
			bytesDown: 0,
			bytesInside: 0,
		};
		into?.exchanges.push(exchange);
		const response = await this.#engine(request);
		const bytes = new Uint8Array(await response.arrayBuffer());
		const isText = /xml|json/.test(response.headers.get("content-type") ?? "");
		const root = response.ok || !isText ? undefined : parseXml(new TextDecoder().decode(bytes));
		const code = (root && childText(root, "Code")) ?? "";
		Object.assign(exchange, {
			ok: response.ok,
			status: response.status,
			answer: `${response.status} ${code || phrases[response.status] || ""}`.trim(),
			bytesDown: bytes.length,
			bytesInside: response.ok ? copies : 0,
			raw: [
				exchange.call,
				...headerLines(request.headers),
				...(bytesUp > 0 ? [bodyText(body ?? "", bytesUp)] : []),
				"",
				`${response.status} ${phrases[response.status] ?? ""}`.trim(),
				...headerLines(response.headers),
				...(bytes.length > 0 ? [bodyText(isText ? new TextDecoder().decode(bytes) : "", bytes.length)] : []),
			].join("\n"),
		});
		return { status: response.status, headers: response.headers, bytes, code };
	}

	/** One request for each item, as many at once as said. */
	async sendEach<T>(into: StorageStep, items: readonly T[], atOnce: number, make: (item: T) => Sent) {
		await forEachInFlight(items, Math.max(1, atOnce), async (item) => {
			await this.send(into, make(item));
		});
	}
}

/** A step of requests. */
export function requests(
	call: string,
	effect: StorageEffect,
	tier: RequestTier,
	rest: StepRest = {},
): StorageStep {
	return step(call, effect, { tier, ...rest });
}

function headerLines(headers: Headers): string[] {
	return [...headers]
		.filter(([name]) => shown.test(name))
		.map(
			([name, value]) =>
				`${name === "etag" ? "ETag" : name.replace(/(^|-)([a-z])/g, (m) => m.toUpperCase())}: ${value}`,
		);
}

function bodyText(body: Uint8Array | string, length: number): string {
	if (typeof body !== "string" || body === "") return `(${counted(length, "byte")})`;
	return body.length > mostText ? `${body.slice(0, mostText)}… (${length} bytes in all)` : body;
}
