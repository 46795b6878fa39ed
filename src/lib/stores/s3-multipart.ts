/** Writing a large value in parts (S3's multipart upload): several on the way at once, each tried again by itself. */
import { ChunkwiseError } from "../errors.ts";
import { bodyOf, contentLength } from "../http-answer.ts";
import type { S3Client } from "./s3-client.ts";
import type { S3Failure } from "./s3-errors.ts";
import { withQuery } from "./s3-list.ts";
import type { Trace } from "./s3-trace.ts";
import { childText, parseXml } from "./s3-xml.ts";

/** S3 takes no more parts. */
const mostParts = 10_000;
/** S3 takes no smaller parts but the last. */
const smallestPart = 5 * 2 ** 20;

export interface PartsOptions {
	/** Bytes of a part. */
	partSize: number;
	/** Parts on the way at the same time. */
	parallel: number;
	/** Of the object, as a whole put would have them; conditions apart. */
	headers: Record<string, string>;
	/** If-Match or If-None-Match, held when the parts are put together. */
	conditions: Record<string, string>;
	signal?: AbortSignal;
	/** For a request that carries so many bytes. */
	traceOf(bytes: number): Trace;
}

export interface Written {
	etag?: string;
	versionId?: string;
}

/**
 * Writes a value in parts; readers see nothing of it before the last step. Where one fails, the upload is aborted, so
 * that the service keeps (and charges) nothing. The value must not change until this ends.
 */
export async function putParts(
	client: S3Client,
	address: string,
	value: Uint8Array,
	options: PartsOptions,
): Promise<Written> {
	const id = await begin(client, address, options);
	try {
		const etags = await sendParts(client, address, id, value, options);
		return await complete(client, address, id, etags, value.byteLength, options);
	} catch (error) {
		// Not with the reader's signal, which may be what ended it; and nothing that fails here matters more.
		await client.send(withQuery(address, { uploadId: id }), { method: "DELETE" }).catch(() => {});
		throw error;
	}
}

/** Bytes of each part: as asked, but neither more parts nor smaller ones than S3 takes. */
export function partSizeFor(bytes: number, wanted: number): number {
	return Math.max(smallestPart, Math.floor(wanted), Math.ceil(bytes / mostParts));
}

async function begin(
	client: S3Client,
	address: string,
	{ headers, signal, traceOf }: PartsOptions,
): Promise<string> {
	const where = withQuery(address, { uploads: "" });
	const trace = traceOf(0);
	const response = await client.must(where, { method: "POST", headers, signal }, trace);
	trace.end({ status: response.status });
	const root = parseXml(new TextDecoder().decode(await bodyOf(response, where, signal)));
	const id = root?.name === "InitiateMultipartUploadResult" ? childText(root, "UploadId") : undefined;
	if (!id) throw badUpload(where);
	return id;
}

async function sendParts(
	client: S3Client,
	address: string,
	id: string,
	value: Uint8Array,
	{ partSize, parallel, signal, traceOf }: PartsOptions,
): Promise<string[]> {
	const size = partSizeFor(value.byteLength, partSize);
	const count = Math.ceil(value.byteLength / size);
	const etags = new Array<string>(count);
	const stop = new AbortController();
	const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
	let next = 0;
	const sender = async () => {
		for (let i = next++; i < count; i = next++) {
			const where = withQuery(address, { partNumber: String(i + 1), uploadId: id });
			// fetch copies what it is given: at most `parallel` parts are held besides the value itself.
			const body = value.subarray(i * size, (i + 1) * size) as Uint8Array<ArrayBuffer>;
			const trace = traceOf(body.byteLength);
			const response = await client.must(where, { method: "PUT", body, signal: either }, trace);
			trace.end({ status: response.status });
			await response.body?.cancel();
			const etag = response.headers.get("etag");
			if (!etag) throw badUpload(where);
			etags[i] = etag;
		}
	};
	const senders = Array.from({ length: Math.min(parallel, count) }, async () => {
		try {
			await sender();
		} catch (error) {
			// The others' parts are of no use any more.
			stop.abort(error);
			throw error;
		}
	});
	const ends = await Promise.allSettled(senders);
	signal?.throwIfAborted();
	if (stop.signal.aborted) throw stop.signal.reason;
	for (const end of ends) if (end.status === "rejected") throw end.reason;
	return etags;
}

async function complete(
	client: S3Client,
	address: string,
	id: string,
	etags: string[],
	bytes: number,
	{ conditions, signal, traceOf }: PartsOptions,
): Promise<Written> {
	const where = withQuery(address, { uploadId: id });
	const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
	const body = `<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.join("")}</CompleteMultipartUpload>`;
	const headers = { "Content-Type": "application/xml", ...conditions };
	const trace = traceOf(0);
	const answer = await client.send(where, { method: "POST", headers, body, signal }, trace);
	trace.end({ status: answer.status });
	if (!(answer instanceof Response)) {
		const done = answer.code === "NoSuchUpload" && (await isWritten(client, address, etags.length, bytes));
		if (done) return done;
		throw client.refusal(answer, where);
	}
	// The service may begin to answer before it knows how it ends: status 200 with an error inside.
	const root = parseXml(new TextDecoder().decode(await bodyOf(answer, where, signal)));
	if (root?.name === "CompleteMultipartUploadResult") {
		const etag = childText(root, "ETag") ?? answer.headers.get("etag") ?? undefined;
		return { etag, versionId: answer.headers.get("x-amz-version-id") ?? undefined };
	}
	if (root?.name !== "Error") throw badUpload(where);
	const code = childText(root, "Code") ?? "";
	const failure: S3Failure = {
		response: answer,
		status: code === "PreconditionFailed" ? 412 : 500,
		code,
		message: childText(root, "Message") ?? "",
	};
	throw client.refusal(failure, where);
}

/** Whether an upload that is not known any more has ended well: a first answer was lost, and the request repeated. */
async function isWritten(
	client: S3Client,
	address: string,
	parts: number,
	bytes: number,
): Promise<Written | undefined> {
	const head = await client.read(address, { method: "HEAD" });
	const etag = head?.headers.get("etag");
	if (!head || !etag || contentLength(head) !== bytes || !etag.includes(`-${parts}`)) return undefined;
	return { etag, versionId: head.headers.get("x-amz-version-id") ?? undefined };
}

function badUpload(where: string): ChunkwiseError {
	return new ChunkwiseError(
		"s3-bad-upload",
		"The service's answer to an upload in parts cannot be understood.",
		{
			where,
			remedy:
				"Check that the endpoint is an S3 service that takes multipart uploads, or write in one piece with { multipartAbove: Infinity }.",
		},
	);
}
