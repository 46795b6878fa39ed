/**
 * An object store over any store, as a function from Request to Response: the part of the Amazon S3 API that images
 * need, without a network, so that a service worker, a Node server or a test can stand before it. Addresses are in
 * path style: `<base>/<bucket>/<key>`. Nothing is signed or secret here: an Authorization header is not looked at.
 */
import type { ReadableStore, WritableStore } from "../stores/store.ts";
import { checkWrite, isUnchanged, rangeOf } from "./conditions.ts";
import { BucketError, noSuchKey, preconditionFailed } from "./errors.ts";
import { listObjects } from "./list-objects.ts";
import { md5 } from "./md5.ts";
import { type ObjectRecord, Objects } from "./objects.ts";
import { type Clock, type Simulation, systemClock, Weather } from "./simulate.ts";
import { element, xmlDocument } from "./xml-write.ts";

export interface BucketOptions {
	/** The bucket's name, first part of every address; default "bucket". */
	name?: string;
	/** Path before the bucket's name; default "/". */
	base?: string;
	/** Where ETags, times, types and user metadata are kept; default memory, gone with the engine. */
	records?: WritableStore;
	/** Latency, bandwidth, failures. Read at every request: change its fields and the next request feels it. */
	simulation?: Simulation;
	/** In place of the platform's clock. */
	clock?: Clock;
	/** In place of Math.random: numbers from 0 to 1, for what fails. */
	random?: () => number;
}

export type BucketEngine = (request: Request) => Promise<Response>;

interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: Uint8Array | string;
	/** Of the object, where the body is left out. */
	length?: number;
}

interface Call {
	request: Request;
	key: string;
	query: URLSearchParams;
	bucket: string;
	objects: Objects;
	weather: Weather;
	now: () => number;
}

/** Parts of the S3 API that are told apart by a query parameter and are not here. */
const absent = (
	"acl attributes cors delete encryption legal-hold lifecycle location logging notification object-lock partNumber " +
	"policy replication restore retention select tagging torrent uploadId uploads versionId versioning versions website"
).split(" ");

/** Headers of an object that come back as they were given. */
const kept = [
	"content-type",
	"cache-control",
	"content-disposition",
	"content-encoding",
	"content-language",
	"expires",
];
const metaPrefix = "x-amz-meta-";
const longestKey = 1024;
const xmlType = { "Content-Type": "application/xml" };

/** A bucket over a store. A store that cannot be written is a bucket that can only be read. */
export function bucketEngine(store: ReadableStore, options: BucketOptions = {}): BucketEngine {
	const clock = options.clock ?? systemClock;
	const bucket = options.name ?? "bucket";
	const base = ["", ...(options.base ?? "").split("/").filter(Boolean), ""].join("/");
	const objects = new Objects(store, options.records, () => clock.now());
	const weather = new Weather(options.simulation ?? {}, clock, options.random ?? Math.random);
	let requests = 0;

	return async (request) => {
		const id = (++requests).toString(16).toUpperCase().padStart(16, "0");
		const url = new URL(request.url);
		let answer: Answer;
		try {
			if (request.method === "OPTIONS") answer = preflight(request);
			else {
				await weather.begin(request.signal);
				const key = keyOf(url.pathname, base, bucket);
				answer = await respond({
					request,
					key,
					query: url.searchParams,
					bucket,
					objects,
					weather,
					now: () => clock.now(),
				});
			}
		} catch (error) {
			if (request.signal.aborted) throw request.signal.reason;
			const told =
				error instanceof BucketError
					? error
					: new BucketError("InternalError", `The store of this bucket failed: ${(error as Error).message}`);
			answer = {
				status: told.status,
				headers: { ...xmlType, ...told.headers },
				body: told.document(url.pathname, id),
			};
		}
		const isHead = request.method === "HEAD";
		if (!isHead) await weather.carry(sizeOf(answer), request.signal);
		return toResponse(answer, isHead, id);
	};
}

/** The key in an address: "" for the bucket itself. */
function keyOf(pathname: string, base: string, bucket: string): string {
	let path: string;
	try {
		path = pathname
			.split("/")
			.map((part) => decodeURIComponent(part))
			.join("/");
	} catch {
		throw new BucketError("InvalidArgument", "The address is not valid: a % is not followed by two digits.");
	}
	const [name, ...rest] = path.startsWith(base) ? path.slice(base.length).split("/") : [""];
	if (name === "") {
		throw new BucketError("MethodNotAllowed", "The specified method is not allowed against this resource.");
	}
	if (name !== bucket) {
		throw new BucketError("NoSuchBucket", "The specified bucket does not exist", { BucketName: name });
	}
	const key = rest.join("/");
	if (new TextEncoder().encode(key).length > longestKey) {
		throw new BucketError("KeyTooLongError", "Your key is too long", { MaxSizeAllowed: String(longestKey) });
	}
	return key;
}

async function respond(call: Call): Promise<Answer> {
	const { request, key, query, objects } = call;
	const part = absent.find((name) => query.has(name));
	if (part !== undefined) {
		throw new BucketError("NotImplemented", `This bucket has no part of the S3 API called "${part}".`);
	}
	const reads = request.method === "GET" || request.method === "HEAD";
	if (!reads && !(objects.writable && key !== "" && ["PUT", "DELETE"].includes(request.method))) {
		if (key === "" && request.method === "PUT") {
			throw new BucketError(
				"BucketAlreadyOwnedByYou",
				"The bucket that you tried to create already exists, and you own it.",
			);
		}
		throw new BucketError("MethodNotAllowed", "The specified method is not allowed against this resource.", {
			Method: request.method,
		});
	}
	if (key === "") return aboutBucket(call);
	if (reads) return objects.alone(key, () => read(call));
	if (request.method === "DELETE") return objects.alone(key, () => remove(call));
	return request.headers.has("x-amz-copy-source") ? copy(call) : put(call);
}

async function aboutBucket({ request, query, bucket, objects }: Call): Promise<Answer> {
	if (request.method === "HEAD") return { status: 200 };
	if (query.get("list-type") !== "2") {
		throw new BucketError("NotImplemented", "Listings are made with list-type=2 (ListObjectsV2).");
	}
	return { status: 200, headers: xmlType, body: await listObjects(objects, bucket, query) };
}

async function read({ request, key, objects }: Call): Promise<Answer> {
	const record = await objects.record(key);
	if (!record) throw noSuchKey(key);
	const headers = headersOf(record);
	if (isUnchanged(request.headers, record)) return { status: 304, headers };
	const range = rangeOf(request.headers, record.size, record);
	const length = range ? range[1] - range[0] : record.size;
	const body = request.method === "HEAD" ? undefined : await objects.read(key, range);
	if (!range) return { status: 200, headers, body, length };
	const sent = { ...headers, "Content-Range": `bytes ${range[0]}-${range[1] - 1}/${record.size}` };
	return { status: 206, headers: sent, body, length };
}

async function put({ request, key, objects, weather }: Call): Promise<Answer> {
	if (
		/^STREAMING-/.test(request.headers.get("x-amz-content-sha256") ?? "") ||
		/\baws-chunked\b/.test(request.headers.get("content-encoding") ?? "")
	) {
		throw new BucketError("NotImplemented", "Bodies in signed pieces (aws-chunked) are not taken.");
	}
	const value = new Uint8Array(await request.arrayBuffer());
	await weather.carry(value.byteLength, request.signal);
	const digest = request.headers.get("content-md5");
	if (digest !== null && digest !== base64OfHex(md5(value))) {
		throw new BucketError(
			"BadDigest",
			"The Content-MD5 or checksum value that you specified did not match what the server received.",
		);
	}
	return objects.alone(key, async () => {
		checkWrite(request.headers, key, await objects.record(key));
		const record = await objects.write(key, value, keptHeaders(request.headers));
		return { status: 200, headers: { ETag: `"${record.etag}"` } };
	});
}

async function copy({ request, key, objects, bucket }: Call): Promise<Answer> {
	const from = sourceKey(request.headers.get("x-amz-copy-source") ?? "", bucket);
	const replaces = request.headers.get("x-amz-metadata-directive")?.toUpperCase() === "REPLACE";
	if (from === key && !replaces) {
		throw new BucketError(
			"InvalidRequest",
			"This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
		);
	}
	const source = await objects.alone(from, async () => {
		const record = await objects.record(from);
		if (!record) throw noSuchKey(from);
		if (isUnchanged(request.headers, record, "x-amz-copy-source-")) throw preconditionFailed("If-None-Match");
		return { record, value: await objects.read(from) };
	});
	return objects.alone(key, async () => {
		checkWrite(request.headers, key, await objects.record(key));
		const headers = replaces ? keptHeaders(request.headers) : source.record.headers;
		const record = await objects.write(key, source.value.slice(), headers);
		const body = xmlDocument(
			element("CopyObjectResult", [
				element("LastModified", new Date(record.modified).toISOString()),
				element("ETag", `"${record.etag}"`),
			]),
			true,
		);
		return { status: 200, headers: xmlType, body };
	});
}

async function remove({ request, key, objects }: Call): Promise<Answer> {
	if (request.headers.has("if-match")) checkWrite(request.headers, key, await objects.record(key));
	await objects.remove(key);
	return { status: 204 };
}

/** "bucket/key" or "/bucket/key", encoded as in an address. */
function sourceKey(header: string, bucket: string): string {
	let path: string;
	try {
		path = decodeURIComponent(header.replace(/^\//, ""));
	} catch {
		path = "";
	}
	const slash = path.indexOf("/");
	if (slash <= 0 || slash === path.length - 1) {
		throw new BucketError("InvalidArgument", "Invalid copy source object key", {
			ArgumentName: "x-amz-copy-source",
			ArgumentValue: header,
		});
	}
	if (path.slice(0, slash) !== bucket) {
		throw new BucketError("NoSuchBucket", "The specified bucket does not exist", {
			BucketName: path.slice(0, slash),
		});
	}
	return path.slice(slash + 1);
}

function keptHeaders(headers: Headers): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, value] of headers) {
		if (kept.includes(name) || name.startsWith(metaPrefix)) found[name] = value;
	}
	return found;
}

function headersOf(record: ObjectRecord): Record<string, string> {
	return {
		"content-type": "binary/octet-stream",
		...record.headers,
		"Accept-Ranges": "bytes",
		ETag: `"${record.etag}"`,
		"Last-Modified": new Date(record.modified).toUTCString(),
	};
}

/** Any page may read and write, as far as the browser is concerned: the bucket holds nothing secret. */
function preflight(request: Request): Answer {
	return {
		status: 200,
		headers: {
			"Access-Control-Allow-Methods": "GET, HEAD, PUT, DELETE",
			"Access-Control-Allow-Headers": request.headers.get("access-control-request-headers") ?? "*",
			"Access-Control-Max-Age": "3000",
		},
	};
}

function sizeOf(answer: Answer): number {
	if (answer.body === undefined) return 0;
	return typeof answer.body === "string"
		? new TextEncoder().encode(answer.body).length
		: answer.body.byteLength;
}

function toResponse(answer: Answer, isHead: boolean, id: string): Response {
	const headers = new Headers(answer.headers);
	const meta = [...headers.keys()].filter((name) => name.startsWith(metaPrefix));
	headers.set("Access-Control-Allow-Origin", "*");
	headers.set(
		"Access-Control-Expose-Headers",
		[
			"Accept-Ranges",
			"Content-Length",
			"Content-Range",
			"ETag",
			"Last-Modified",
			"x-amz-request-id",
			...meta,
		].join(", "),
	);
	headers.set("x-amz-request-id", id);
	const bodiless = answer.status === 204 || answer.status === 304;
	// What was asked for with HEAD is described, not sent; an error's page has no length worth telling.
	const length = isHead ? answer.length : sizeOf(answer);
	if (!bodiless && length !== undefined) headers.set("Content-Length", String(length));
	if (bodiless || isHead) return new Response(null, { status: answer.status, headers });
	return new Response((answer.body ?? null) as BodyInit | null, { status: answer.status, headers });
}

function base64OfHex(hex: string): string {
	return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
