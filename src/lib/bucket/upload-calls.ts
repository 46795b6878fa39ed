/** Multipart upload: create, UploadPart, UploadPartCopy, complete, abort, ListParts, ListMultipartUploads. */
import { md5 } from "../md5.ts";
import {
	type Answer,
	broughtBytes,
	broughtXml,
	type Call,
	childrenOf,
	childText,
	encoderOf,
	invalid,
	keptHeaders,
	limitOf,
	malformed,
	versionHeader,
	xmlType,
} from "./call.ts";
import { checkWrite } from "./conditions.ts";
import { BucketError } from "./errors.ts";
import { copySource } from "./object-calls.ts";
import type { Part } from "./uploads.ts";
import { element, xmlDocument } from "./xml-write.ts";

const mostParts = 10_000;
/** All parts but the last have at least this many bytes. */
const smallestPart = 5 * 2 ** 20;

const answer = (root: string): Answer => ({ status: 200, headers: xmlType, body: xmlDocument(root, true) });
const time = (milliseconds: number) => new Date(milliseconds).toISOString();

export async function createUpload({ request, bucket, key, uploads, newId, now }: Call): Promise<Answer> {
	const id = newId();
	await uploads.begin({ id, key, headers: keptHeaders(request.headers), begun: now() });
	return answer(
		element("InitiateMultipartUploadResult", [
			element("Bucket", bucket),
			element("Key", key),
			element("UploadId", id),
		]),
	);
}

export async function uploadPart(call: Call): Promise<Answer> {
	const { request, uploads, query, key } = call;
	const number = partNumber(query.get("partNumber"));
	const { id } = await uploads.find(query.get("uploadId") ?? "", key);
	if (request.headers.has("x-amz-copy-source")) {
		const source = await copySource(call);
		const part = await keep(call, id, number, copiedRange(request.headers, source.value));
		const copied = answer(
			element("CopyPartResult", [
				element("LastModified", time(part.modified)),
				element("ETag", `"${part.etag}"`),
			]),
		);
		return { ...copied, headers: { ...copied.headers, ...source.versionHeader } };
	}
	const part = await keep(call, id, number, await broughtBytes(call));
	return { status: 200, headers: { ETag: `"${part.etag}"` } };
}

async function keep({ uploads, now }: Call, id: string, number: number, value: Uint8Array): Promise<Part> {
	const part = { number, etag: md5(value), size: value.byteLength, modified: now() };
	await uploads.keepPart(id, part, value);
	return part;
}

export async function completeUpload(call: Call): Promise<Answer> {
	const { request, uploads, objects, settings, key, bucket, query } = call;
	const root = await broughtXml(call, "CompleteMultipartUpload");
	const upload = await uploads.find(query.get("uploadId") ?? "", key);
	const parts = chosenParts(
		childrenOf(root, "Part").map((part) => ({
			number: Number(childText(part, "PartNumber") ?? Number.NaN),
			etag: (childText(part, "ETag") ?? "").replace(/"/g, ""),
		})),
		await uploads.parts(upload.id),
	);
	const value = new Uint8Array(parts.reduce((sum, part) => sum + part.size, 0));
	let offset = 0;
	for (const part of parts) {
		value.set(await uploads.partBytes(upload.id, part.number), offset);
		offset += part.size;
	}
	const record = await objects.alone(key, async () => {
		checkWrite(request.headers, key, (await objects.entry(key)).current);
		return objects.write(key, value, { headers: upload.headers, etag: multipartEtag(parts) });
	});
	await uploads.end(upload.id);
	const { versioning } = await settings.read();
	const completed = answer(
		element("CompleteMultipartUploadResult", [
			element("Location", new URL(request.url).href.replace(/\?.*$/, "")),
			element("Bucket", bucket),
			element("Key", key),
			element("ETag", `"${record.etag}"`),
		]),
	);
	return {
		...completed,
		headers: { ...completed.headers, ...versionHeader(record, versioning === "Enabled") },
	};
}

/**
 * The parts that make the object, in the order in which they are listed.
 * @throws BucketError MalformedXML, InvalidPartOrder, InvalidPart, EntityTooSmall
 */
function chosenParts(wanted: { number: number; etag: string }[], stored: Part[]): Part[] {
	if (wanted.length === 0) throw malformed();
	for (let i = 1; i < wanted.length; i++) {
		if (wanted[i].number <= wanted[i - 1].number) {
			throw new BucketError(
				"InvalidPartOrder",
				"The list of parts was not in ascending order. Parts must be ordered by part number.",
			);
		}
	}
	const known = new Map(stored.map((part) => [part.number, part]));
	const parts = wanted.map(({ number, etag }) => {
		const part = known.get(number);
		if (part && part.etag === etag) return part;
		throw new BucketError(
			"InvalidPart",
			"One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.",
			{ PartNumber: String(number), ETag: etag },
		);
	});
	const small = parts.slice(0, -1).find((part) => part.size < smallestPart);
	if (small) {
		throw new BucketError(
			"EntityTooSmall",
			"Your proposed upload is smaller than the minimum allowed object size.",
			{
				ProposedSize: String(small.size),
				MinSizeAllowed: String(smallestPart),
				PartNumber: String(small.number),
			},
		);
	}
	return parts;
}

/** MD5 of the parts' MD5s, a hyphen, and the number of parts: what S3 gives as the ETag of an upload in parts. */
function multipartEtag(parts: readonly Part[]): string {
	const digests = parts.flatMap(({ etag }) => etag.match(/../g) ?? []);
	return `${md5(Uint8Array.from(digests, (pair) => Number.parseInt(pair, 16)))}-${parts.length}`;
}

export async function abortUpload({ uploads, key, query }: Call): Promise<Answer> {
	const { id } = await uploads.find(query.get("uploadId") ?? "", key);
	await uploads.end(id);
	return { status: 204 };
}

export async function listParts({ uploads, key, bucket, query }: Call): Promise<Answer> {
	const upload = await uploads.find(query.get("uploadId") ?? "", key);
	const limit = limitOf(query, "max-parts");
	const marker = Number(query.get("part-number-marker") ?? 0);
	if (!Number.isInteger(marker) || marker < 0) {
		throw invalid(
			"Argument part-number-marker must be an integer between 0 and 2147483647",
			"part-number-marker",
			String(query.get("part-number-marker")),
		);
	}
	const after = (await uploads.parts(upload.id)).filter((part) => part.number > marker);
	const page = after.slice(0, limit);
	return answer(
		element("ListPartsResult", [
			element("Bucket", bucket),
			element("Key", key),
			element("UploadId", upload.id),
			element("PartNumberMarker", marker),
			element("NextPartNumberMarker", page.at(-1)?.number ?? 0),
			element("MaxParts", limit),
			element("IsTruncated", limit > 0 && after.length > page.length),
			...page.map((part) =>
				element("Part", [
					element("PartNumber", part.number),
					element("LastModified", time(part.modified)),
					element("ETag", `"${part.etag}"`),
					element("Size", part.size),
				]),
			),
			element("StorageClass", "STANDARD"),
		]),
	);
}

export async function listUploads({ uploads, bucket, query }: Call): Promise<Answer> {
	const encode = encoderOf(query);
	const prefix = query.get("prefix") ?? "";
	const limit = limitOf(query, "max-uploads");
	const keyMarker = query.get("key-marker") ?? "";
	const idMarker = query.get("upload-id-marker") ?? "";
	const all = await uploads.all(prefix);
	const reached = all.findIndex((upload) => upload.key === keyMarker && upload.id === idMarker);
	const after = reached >= 0 ? all.slice(reached + 1) : all.filter((upload) => upload.key > keyMarker);
	const page = after.slice(0, limit);
	const truncated = limit > 0 && after.length > page.length;
	const last = page.at(-1);
	return answer(
		element("ListMultipartUploadsResult", [
			element("Bucket", bucket),
			element("KeyMarker", encode(keyMarker)),
			element("UploadIdMarker", idMarker),
			...(truncated && last
				? [element("NextKeyMarker", encode(last.key)), element("NextUploadIdMarker", last.id)]
				: []),
			element("Prefix", encode(prefix)),
			element("MaxUploads", limit),
			element("IsTruncated", truncated),
			...page.map((upload) =>
				element("Upload", [
					element("Key", encode(upload.key)),
					element("UploadId", upload.id),
					element("StorageClass", "STANDARD"),
					element("Initiated", time(upload.begun)),
				]),
			),
		]),
	);
}

function partNumber(text: string | null): number {
	const number = Number(text);
	if (text !== null && /^\d{1,5}$/.test(text) && number >= 1 && number <= mostParts) return number;
	throw invalid(
		"Part number must be an integer between 1 and 10000, inclusive",
		"partNumber",
		String(text ?? ""),
	);
}

/** @throws BucketError InvalidArgument */
function copiedRange(headers: Headers, value: Uint8Array): Uint8Array {
	const header = headers.get("x-amz-copy-source-range");
	if (header === null) return value.slice();
	const match = /^bytes=(\d+)-(\d+)$/.exec(header);
	const [first, last] = [Number(match?.[1]), Number(match?.[2])];
	if (!match || last < first || last >= value.byteLength) {
		throw invalid(
			"The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy",
			"x-amz-copy-source-range",
			header,
		);
	}
	return value.slice(first, last + 1);
}
