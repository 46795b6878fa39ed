/** Where an S3 bucket is, and how its keys are written as addresses. */
import { ChunkwiseError } from "../errors.ts";
import { keyParts, type StoreKey } from "./store.ts";

/** Keys that requests are signed with (AWS Signature Version 4). */
export interface S3Credentials {
	accessKeyId: string;
	secretAccessKey: string;
	/** Of keys that were lent for a time. */
	sessionToken?: string;
}

/** A place in an S3 bucket, and who serves it. */
export interface S3Location {
	bucket: string;
	/** Path in the bucket under which the store's keys are; default its root. */
	prefix?: string;
	/** Address of an S3-compatible service; default Amazon's own. */
	endpoint?: string;
	/** Default us-east-1. */
	region?: string;
	/** Public reading where absent. */
	credentials?: S3Credentials;
	/** `endpoint/bucket/key` in place of `bucket.endpoint/key`. Default: as Amazon wants it there, path style elsewhere. */
	pathStyle?: boolean;
}

export interface S3Address {
	bucket: string;
	/** Without slashes at its ends. */
	prefix: string;
	region: string;
	/** Address of the bucket, with a slash at the end. */
	base: string;
}

/**
 * `s3://bucket/prefix` (Amazon), `gs://bucket/prefix` (Google Cloud Storage), `s3+https://host/bucket/prefix` (another
 * service, as neuroglancer writes it), or the same in parts.
 * @throws ChunkwiseError bad-address
 */
export function s3Address(location: string | S3Location): S3Address {
	const from = typeof location === "string" ? parseS3Url(location) : location;
	const region = from.region ?? "us-east-1";
	const { bucket, endpoint } = from;
	// Amazon's rule is stricter; services before it took capitals and underscores too.
	if (!/^[A-Za-z0-9][A-Za-z0-9._-]{1,62}$/.test(bucket)) throw badAddress(bucket || String(location));
	const pathStyle = from.pathStyle ?? (endpoint !== undefined || bucket.includes("."));
	const url = endpointUrl(endpoint ?? `https://s3.${region}.amazonaws.com`);
	if (pathStyle) url.pathname = `${url.pathname.replace(/\/+$/, "")}/${bucket}/`;
	else {
		url.hostname = `${bucket}.${url.hostname}`;
		url.pathname = `${url.pathname.replace(/\/+$/, "")}/`;
	}
	const prefix = (from.prefix ?? "").replace(/^\/+|\/+$/g, "");
	if (prefix !== "") keyParts(prefix);
	return { bucket, prefix, region, base: url.href };
}

/** The address of a key. Every mark is encoded that a signature counts as encoded. */
export function objectUrl(address: S3Address, key: StoreKey): string {
	return (
		address.base + encodePath([...(address.prefix === "" ? [] : address.prefix.split("/")), ...keyParts(key)])
	);
}

function encodePath(parts: readonly string[]): string {
	return parts
		.map((part) =>
			encodeURIComponent(part).replace(
				/[!'()*]/g,
				(mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
			),
		)
		.join("/");
}

/**
 * The parts of an `s3://`, `gs://`, `s3+https://` or `s3+http://` address.
 * @throws ChunkwiseError bad-address
 */
export function parseS3Url(text: string): S3Location {
	const match = /^(s3|gs|s3\+https?):\/\/([^/?#]+)(?:\/(.*))?$/s.exec(text);
	if (!match) throw badAddress(text);
	const [, scheme, first, rest = ""] = match;
	if (scheme === "s3") return { bucket: first, prefix: rest };
	if (scheme === "gs") return { bucket: first, prefix: rest, endpoint: googleEndpoint, region: "auto" };
	const [bucket, ...prefix] = rest.split("/");
	return { bucket, prefix: prefix.join("/"), endpoint: `${scheme.slice(3)}://${first}` };
}

/** Google Cloud Storage as S3 ("Interoperability with other storage providers" of its documentation). */
const googleEndpoint = "https://storage.googleapis.com";

function endpointUrl(endpoint: string): URL {
	let url: URL | undefined;
	try {
		url = new URL(endpoint);
	} catch {
		// Told below.
	}
	if (!url || !/^https?:$/.test(url.protocol)) throw badAddress(endpoint);
	return url;
}

function badAddress(where: string): ChunkwiseError {
	return new ChunkwiseError("bad-address", "This does not name an S3 bucket.", {
		where,
		remedy:
			'Write s3://bucket/path, gs://bucket/path, s3+https://host/bucket/path, or { endpoint: "https://s3.example.org", bucket, prefix }; a bucket\'s name has 3 to 63 letters, digits, dots and hyphens.',
	});
}
