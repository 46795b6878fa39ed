/** What the calls of a bucket's API share: what is asked, what it is asked of, and what an answer is made of. */

import { md5 } from "../md5.ts";
import { childText, parseXml, type XmlElement } from "../stores/s3-xml.ts";
import { BucketError } from "./errors.ts";
import type { ObjectRecord, Objects } from "./objects.ts";
import type { Settings } from "./settings.ts";
import type { Weather } from "./simulate.ts";
import type { Uploads } from "./uploads.ts";

/** One bucket. */
export interface BucketParts {
	bucket: string;
	objects: Objects;
	uploads: Uploads;
	settings: Settings;
	weather: Weather;
	now(): number;
	newId(): string;
}

export interface Call extends BucketParts {
	request: Request;
	/** "" for the bucket itself. */
	key: string;
	query: URLSearchParams;
}

export interface Answer {
	status: number;
	headers?: Record<string, string>;
	body?: Uint8Array | string;
	/** Of the object, where the body is left out. */
	length?: number;
}

export const xmlType = { "Content-Type": "application/xml" };

/** Headers of an object that come back as they were given. */
const kept = [
	"content-type",
	"cache-control",
	"content-disposition",
	"content-encoding",
	"content-language",
	"expires",
];
export const metaPrefix = "x-amz-meta-";

export function keptHeaders(headers: Headers): Record<string, string> {
	const found: Record<string, string> = {};
	for (const [name, value] of headers) {
		if (kept.includes(name) || name.startsWith(metaPrefix)) found[name] = value;
	}
	return found;
}

/** The header that names a version, where the bucket has versions. */
export function versionHeader(record: ObjectRecord, versioned: boolean): Record<string, string> {
	return versioned ? { "x-amz-version-id": record.versionId ?? "null" } : {};
}

/**
 * The bytes that a request brings, after the time that they take on the way.
 * @throws BucketError NotImplemented, BadDigest
 */
export async function broughtBytes({ request, weather }: Call): Promise<Uint8Array> {
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
	return value;
}

/**
 * The document that a request brings.
 * @throws BucketError MalformedXML where it is not one of that name
 */
export async function broughtXml(call: Call, name: string): Promise<XmlElement> {
	const root = parseXml(new TextDecoder().decode(await broughtBytes(call)));
	if (root?.name !== name) throw malformed();
	return root;
}

/** The children of that name. */
export const childrenOf = (element: XmlElement, name: string): XmlElement[] =>
	element.children.filter((child) => child.name === name);

export { childText };

export function malformed(): BucketError {
	return new BucketError(
		"MalformedXML",
		"The XML you provided was not well-formed or did not validate against our published schema",
	);
}

export function invalid(message: string, name: string, value: string): BucketError {
	return new BucketError("InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });
}

/** A number of things on a page, 1000 at most: what S3 calls max-keys, max-parts and max-uploads. */
export function limitOf(query: URLSearchParams, name: string): number {
	const text = query.get(name);
	if (text === null || text === "") return 1000;
	if (!/^\d{1,10}$/.test(text)) {
		throw invalid(`Argument ${name} must be an integer between 0 and 2147483647`, name, text);
	}
	return Math.min(1000, Number(text));
}

/** How a listing writes keys. */
export function encoderOf(query: URLSearchParams): (key: string) => string {
	const encoding = query.get("encoding-type");
	if (encoding === null) return (key) => key;
	if (encoding !== "url") {
		throw invalid("Invalid Encoding Method specified in Request", "encoding-type", encoding);
	}
	// Spaces as "+", slashes left alone, as S3 does it.
	return (key) =>
		encodeURIComponent(key)
			.replace(/%2F/g, "/")
			.replace(/%20/g, "+")
			.replace(/[!'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** As a Content-MD5 header has a digest. */
export function base64OfHex(hex: string): string {
	return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
