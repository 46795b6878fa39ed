/** Listings of an S3 service: keys (ListObjectsV2) and versions (ListObjectVersions), page by page. */
import { ChunkwiseError } from "../errors.ts";
import { bodyOf } from "../http-answer.ts";
import type { S3Client } from "./s3-client.ts";
import { Trace } from "./s3-trace.ts";
import { childText, parseXml, type XmlElement } from "./s3-xml.ts";
import type { StoreOptions } from "./store.ts";

export interface ListQuery {
	/** Address of the bucket. */
	base: string;
	prefix: string;
	delimiter?: string;
	/** Entries on one page. */
	pageSize?: number;
	/** Whoever hears of each request. */
	options?: StoreOptions;
}

/** A version of a value, or the mark that it was deleted. */
export interface S3Version {
	/** The store's key, without leading slash. */
	key: string;
	/** "null" for what was written while the bucket kept no versions. */
	versionId: string;
	isLatest: boolean;
	/** Whether this marks a deletion: it has no bytes. */
	isDeleteMarker: boolean;
	/** Bytes. */
	size: number;
	etag?: string;
	modified: Date;
}

/** Pages of keys and, where there is a delimiter, common prefixes. */
export async function* listPages(
	client: S3Client,
	{ base, prefix, delimiter = "", pageSize, options }: ListQuery,
): AsyncGenerator<{ keys: string[]; prefixes: string[] }> {
	let token: string | undefined;
	do {
		const query: Record<string, string> = { "list-type": "2", "encoding-type": "url", prefix };
		if (delimiter !== "") query.delimiter = delimiter;
		if (pageSize !== undefined) query["max-keys"] = String(pageSize);
		if (token !== undefined) query["continuation-token"] = token;
		const { root, where, name } = await page(client, base, query, "ListBucketResult", options);
		const inside = (element: string, child: string) =>
			childrenNamed(root, element).map((found) => name(childText(found, child)));
		const next = childText(root, "NextContinuationToken");
		const truncated = childText(root, "IsTruncated") === "true";
		if (truncated && !next) throw badListing(where);
		yield { keys: inside("Contents", "Key"), prefixes: inside("CommonPrefixes", "Prefix") };
		if (truncated && next === token) throw badListing(where);
		token = truncated ? next : undefined;
	} while (token !== undefined);
}

/** Pages of versions and delete markers, with the bucket's keys. */
export async function* versionPages(
	client: S3Client,
	{ base, prefix, pageSize, options }: ListQuery,
): AsyncGenerator<S3Version[]> {
	let markers: Record<string, string> | undefined;
	for (;;) {
		const query: Record<string, string> = { versions: "", "encoding-type": "url", prefix, ...markers };
		if (pageSize !== undefined) query["max-keys"] = String(pageSize);
		const { root, where, name } = await page(client, base, query, "ListVersionsResult", options);
		yield root.children
			.filter((child) => child.name === "Version" || child.name === "DeleteMarker")
			.map((child) => ({
				key: name(childText(child, "Key")),
				versionId: childText(child, "VersionId") ?? "null",
				isLatest: childText(child, "IsLatest") === "true",
				isDeleteMarker: child.name === "DeleteMarker",
				size: Number(childText(child, "Size") ?? 0),
				etag: childText(child, "ETag"),
				modified: new Date(childText(child, "LastModified") ?? Number.NaN),
			}));
		if (childText(root, "IsTruncated") !== "true") return;
		const next: Record<string, string> = { "key-marker": name(childText(root, "NextKeyMarker")) };
		const version = childText(root, "NextVersionIdMarker");
		if (version) next["version-id-marker"] = version;
		if (JSON.stringify(next) === JSON.stringify(markers)) throw badListing(where);
		markers = next;
	}
}

/** One page, and how it writes names. */
async function page(
	client: S3Client,
	base: string,
	query: Record<string, string>,
	rootName: string,
	options: StoreOptions = {},
): Promise<{ root: XmlElement; where: string; name(text: string | undefined): string }> {
	const where = withQuery(base, query);
	const { signal } = options;
	const trace = new Trace("list", query.prefix, options);
	const response = await client.must(where, { signal }, trace);
	const body = await bodyOf(response, where, signal).catch((error) => {
		trace.fail(error, signal);
		throw error;
	});
	trace.end({ status: response.status, bytes: body.byteLength });
	const root = parseXml(new TextDecoder().decode(body));
	if (root?.name !== rootName) throw badListing(where);
	const encoded = childText(root, "EncodingType") === "url";
	const name = (text: string | undefined): string => {
		if (text === undefined) throw badListing(where);
		if (!encoded) return text;
		try {
			return decodeURIComponent(text.replace(/\+/g, " "));
		} catch {
			throw badListing(where);
		}
	};
	return { root, where, name };
}

/** An address with a query as a signature counts it: spaces are %20. */
export function withQuery(address: string, query: Record<string, string>): string {
	const url = new URL(address);
	url.search = new URLSearchParams(query).toString().replace(/\+/g, "%20");
	return url.href;
}

export const childrenNamed = (element: XmlElement, name: string): XmlElement[] =>
	element.children.filter((child) => child.name === name);

function badListing(where: string): ChunkwiseError {
	return new ChunkwiseError("s3-bad-listing", "The service's list of keys cannot be understood.", {
		where,
		remedy: "Check that the endpoint is an S3 service, and that it knows ListObjectsV2.",
	});
}
