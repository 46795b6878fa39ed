/** ListObjectsV2 of the S3 API: keys in the order of their UTF-8 bytes, page by page, rolled up at a delimiter. */
import { BucketError } from "./errors.ts";
import type { Objects } from "./objects.ts";
import { element, xmlDocument } from "./xml-write.ts";

const mostKeys = 1000;

/** Order of UTF-8 bytes, which is that of code points: surrogates come after all other code units. */
export function compareUtf8(a: string, b: string): number {
	const length = Math.min(a.length, b.length);
	for (let i = 0; i < length; i++) {
		const x = a.charCodeAt(i);
		const y = b.charCodeAt(i);
		if (x === y) continue;
		const surrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff;
		if (surrogate(x) !== surrogate(y)) return surrogate(x) ? 1 : -1;
		return x - y;
	}
	return a.length - b.length;
}

/** What a page holds: keys, and common prefixes in place of the keys that begin with them. */
export interface ListPage {
	items: { kind: "key" | "prefix"; name: string }[];
	/** The last item, where more follow. */
	next?: { kind: "key" | "prefix"; name: string };
}

/** One page of sorted keys. `after` is a key, or the item that the page before ended with. */
export function pageOf(
	sorted: readonly string[],
	prefix: string,
	delimiter: string,
	limit: number,
	after?: { kind: "key" | "prefix"; name: string },
): ListPage {
	const items: ListPage["items"] = [];
	if (limit === 0) return { items };
	for (const key of sorted) {
		if (!key.startsWith(prefix)) continue;
		if (after && compareUtf8(key, after.name) <= 0) continue;
		if (after?.kind === "prefix" && key.startsWith(after.name)) continue;
		const cut = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
		const item =
			cut < 0
				? ({ kind: "key", name: key } as const)
				: ({ kind: "prefix", name: key.slice(0, cut + delimiter.length) } as const);
		const last = items[items.length - 1];
		if (item.kind === "prefix" && last?.kind === "prefix" && last.name === item.name) continue;
		if (items.length === limit) return { items, next: last };
		items.push(item);
	}
	return { items };
}

/** The answer to `GET /bucket?list-type=2`. */
export async function listObjects(objects: Objects, bucket: string, query: URLSearchParams): Promise<string> {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const startAfter = query.get("start-after");
	const token = query.get("continuation-token");
	const limit = limitOf(query.get("max-keys"));
	const encoding = query.get("encoding-type");
	if (encoding !== null && encoding !== "url") {
		throw invalid("Invalid Encoding Method specified in Request", "encoding-type", encoding);
	}
	const encode = encoding === "url" ? encodeKey : (text: string) => text;
	const after =
		token !== null ? readToken(token) : startAfter ? { kind: "key" as const, name: startAfter } : undefined;

	const keys = (await objects.keys(prefix)).sort(compareUtf8);
	const page = pageOf(keys, prefix, delimiter, limit, after);
	const contents: string[] = [];
	const prefixes: string[] = [];
	for (const { kind, name } of page.items) {
		if (kind === "prefix") prefixes.push(element("CommonPrefixes", [element("Prefix", encode(name))]));
		else {
			const record = await objects.record(name);
			// Removed between the listing and now.
			if (!record) continue;
			contents.push(
				element("Contents", [
					element("Key", encode(name)),
					element("LastModified", new Date(record.modified).toISOString()),
					element("ETag", `"${record.etag}"`),
					element("Size", record.size),
					element("StorageClass", "STANDARD"),
				]),
			);
		}
	}
	return xmlDocument(
		element("ListBucketResult", [
			element("Name", bucket),
			element("Prefix", encode(prefix)),
			...(delimiter === "" ? [] : [element("Delimiter", encode(delimiter))]),
			element("MaxKeys", limit),
			...(encoding === null ? [] : [element("EncodingType", encoding)]),
			element("KeyCount", contents.length + prefixes.length),
			element("IsTruncated", page.next !== undefined),
			...(token === null ? [] : [element("ContinuationToken", token)]),
			...(page.next ? [element("NextContinuationToken", writeToken(page.next))] : []),
			...(startAfter === null ? [] : [element("StartAfter", encode(startAfter))]),
			...contents,
			...prefixes,
		]),
		true,
	);
}

/** As S3 encodes names in a listing: spaces as "+", slashes left alone. */
function encodeKey(key: string): string {
	return encodeURIComponent(key)
		.replace(/%2F/g, "/")
		.replace(/%20/g, "+")
		.replace(/[!'()]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
}

function limitOf(text: string | null): number {
	if (text === null || text === "") return mostKeys;
	if (!/^\d{1,10}$/.test(text)) {
		throw invalid("Argument maxKeys must be an integer between 0 and 2147483647", "max-keys", text);
	}
	return Math.min(mostKeys, Number(text));
}

function writeToken({ kind, name }: NonNullable<ListPage["next"]>): string {
	const bytes = new TextEncoder().encode(JSON.stringify([kind, name]));
	return btoa(String.fromCharCode(...bytes));
}

function readToken(token: string): NonNullable<ListPage["next"]> {
	try {
		const bytes = Uint8Array.from(atob(token), (mark) => mark.charCodeAt(0));
		const [kind, name] = JSON.parse(new TextDecoder().decode(bytes)) as [unknown, unknown];
		if ((kind === "key" || kind === "prefix") && typeof name === "string") return { kind, name };
	} catch {
		// Told below, as any other token that is not ours.
	}
	throw invalid("The continuation token provided is incorrect", "continuation-token", token);
}

function invalid(message: string, name: string, value: string): BucketError {
	return new BucketError("InvalidArgument", message, { ArgumentName: name, ArgumentValue: value });
}
