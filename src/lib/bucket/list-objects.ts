/** ListObjects and ListObjectsV2: keys in the order of their UTF-8 bytes, page by page, rolled up at a delimiter. */
import { type Answer, type Call, encoderOf, invalid, limitOf, xmlType } from "./call.ts";
import type { Objects } from "./objects.ts";
import { element, xmlDocument } from "./xml-write.ts";

/** Records that a listing asks for at the same time. */
const atOnce = 32;

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

/** GET ?list-type=2. */
export async function listObjectsV2({ objects, bucket, query }: Call): Promise<Answer> {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const startAfter = query.get("start-after");
	const token = query.get("continuation-token");
	const limit = limitOf(query, "max-keys");
	const encode = encoderOf(query);
	const after =
		token !== null ? readToken(token) : startAfter ? { kind: "key" as const, name: startAfter } : undefined;
	const page = pageOf(await sortedKeys(objects, prefix), prefix, delimiter, limit, after);
	const { contents, prefixes } = await described(objects, page, encode);
	return answer([
		element("Name", bucket),
		element("Prefix", encode(prefix)),
		...(delimiter === "" ? [] : [element("Delimiter", encode(delimiter))]),
		element("MaxKeys", limit),
		...(query.has("encoding-type") ? [element("EncodingType", "url")] : []),
		element("KeyCount", contents.length + prefixes.length),
		element("IsTruncated", page.next !== undefined),
		...(token === null ? [] : [element("ContinuationToken", token)]),
		...(page.next ? [element("NextContinuationToken", writeToken(page.next))] : []),
		...(startAfter === null ? [] : [element("StartAfter", encode(startAfter))]),
		...contents,
		...prefixes,
	]);
}

/** GET without list-type: the first version of the listing, which goes on from a key. */
export async function listObjectsV1({ objects, bucket, query }: Call): Promise<Answer> {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const marker = query.get("marker") ?? "";
	const limit = limitOf(query, "max-keys");
	const encode = encoderOf(query);
	const page = pageOf(
		await sortedKeys(objects, prefix),
		prefix,
		delimiter,
		limit,
		afterMarker(marker, delimiter),
	);
	const { contents, prefixes } = await described(objects, page, encode);
	return answer([
		element("Name", bucket),
		element("Prefix", encode(prefix)),
		element("Marker", encode(marker)),
		...(delimiter === "" ? [] : [element("Delimiter", encode(delimiter))]),
		element("MaxKeys", limit),
		...(query.has("encoding-type") ? [element("EncodingType", "url")] : []),
		element("IsTruncated", page.next !== undefined),
		// Only with a delimiter: without one, the last key is where to go on.
		...(page.next && delimiter !== "" ? [element("NextMarker", encode(page.next.name))] : []),
		...contents,
		...prefixes,
	]);
}

/** A marker that ends with the delimiter is the common prefix that the page before ended with. */
export function afterMarker(marker: string, delimiter: string): ListPage["next"] {
	if (marker === "") return undefined;
	const isPrefix = delimiter !== "" && marker.endsWith(delimiter);
	return { kind: isPrefix ? "prefix" : "key", name: marker };
}

async function sortedKeys(objects: Objects, prefix: string): Promise<string[]> {
	return (await objects.keys(prefix)).sort(compareUtf8);
}

/** What a page says of its keys; those that were removed meanwhile are left out. */
async function described(
	objects: Objects,
	page: ListPage,
	encode: (key: string) => string,
): Promise<{ contents: string[]; prefixes: string[] }> {
	const named = (kind: "key" | "prefix") =>
		page.items.flatMap((item) => (item.kind === kind ? [item.name] : []));
	const contents: string[] = [];
	const keys = named("key");
	for (let i = 0; i < keys.length; i += atOnce) {
		const some = keys.slice(i, i + atOnce);
		const entries = await Promise.all(some.map((key) => objects.peek(key)));
		for (const [j, { current }] of entries.entries()) {
			if (!current) continue;
			contents.push(
				element("Contents", [
					element("Key", encode(some[j])),
					element("LastModified", new Date(current.modified).toISOString()),
					element("ETag", `"${current.etag}"`),
					element("Size", current.size),
					element("StorageClass", "STANDARD"),
				]),
			);
		}
	}
	const prefixes = named("prefix").map((name) =>
		element("CommonPrefixes", [element("Prefix", encode(name))]),
	);
	return { contents, prefixes };
}

function answer(elements: string[]): Answer {
	return { status: 200, headers: xmlType, body: xmlDocument(element("ListBucketResult", elements), true) };
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
