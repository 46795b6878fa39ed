/** ListObjectVersions: all versions and delete markers, key by key, the newest first. */
import { type Answer, type Call, encoderOf, limitOf, xmlType } from "./call.ts";
import { afterMarker, compareUtf8, pageOf } from "./list-objects.ts";
import { type ObjectRecord, versionName } from "./objects.ts";
import { element, xmlDocument } from "./xml-write.ts";

interface Found {
	name: string;
	/** Absent for a common prefix. */
	record?: ObjectRecord;
	isLatest: boolean;
}

/** GET ?versions. */
export async function listVersions(call: Call): Promise<Answer> {
	const { bucket, query } = call;
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const keyMarker = query.get("key-marker") ?? "";
	const versionMarker = query.get("version-id-marker") ?? "";
	const limit = limitOf(query, "max-keys");
	const encode = encoderOf(query);
	const found = limit === 0 ? [] : await versionsFrom(call, limit + 1);
	const page = found.slice(0, limit);
	const truncated = found.length > page.length;
	const last = page.at(-1);
	return {
		status: 200,
		headers: xmlType,
		body: xmlDocument(
			element("ListVersionsResult", [
				element("Name", bucket),
				element("Prefix", encode(prefix)),
				element("KeyMarker", encode(keyMarker)),
				element("VersionIdMarker", versionMarker),
				...(truncated && last
					? [
							element("NextKeyMarker", encode(last.name)),
							...(last.record ? [element("NextVersionIdMarker", versionName(last.record))] : []),
						]
					: []),
				...(delimiter === "" ? [] : [element("Delimiter", encode(delimiter))]),
				element("MaxKeys", limit),
				...(query.has("encoding-type") ? [element("EncodingType", "url")] : []),
				element("IsTruncated", truncated),
				...page.flatMap(({ name, record, isLatest }) =>
					record ? [versionElement(encode(name), record, isLatest)] : [],
				),
				...page.flatMap(({ name, record }) =>
					record ? [] : [element("CommonPrefixes", [element("Prefix", encode(name))])],
				),
			]),
			true,
		),
	};
}

/** As many versions and common prefixes as are wanted, after the markers of the query. */
async function versionsFrom({ objects, query }: Call, wanted: number): Promise<Found[]> {
	const prefix = query.get("prefix") ?? "";
	const delimiter = query.get("delimiter") ?? "";
	const keyMarker = query.get("key-marker") ?? "";
	const versionMarker = query.get("version-id-marker") ?? "";
	const keys = (await objects.keysOfVersions(prefix)).sort(compareUtf8);
	const after = versionMarker === "" ? afterMarker(keyMarker, delimiter) : undefined;
	const { items } = pageOf(keys, prefix, delimiter, Number.POSITIVE_INFINITY, after);
	const found: Found[] = [];
	for (const { kind, name } of items) {
		if (found.length >= wanted) break;
		if (versionMarker !== "" && compareUtf8(name, keyMarker) < 0) continue;
		if (kind === "prefix") {
			found.push({ name, isLatest: false });
			continue;
		}
		const { current, older } = await objects.peek(name);
		let versions = current ? [current, ...older] : older;
		const latest = versions[0];
		// The page before ended in the midst of this key's versions.
		if (versionMarker !== "" && name === keyMarker) {
			versions = versions.slice(versions.findIndex((version) => versionName(version) === versionMarker) + 1);
		}
		for (const record of versions) found.push({ name, record, isLatest: record === latest });
	}
	return found.slice(0, wanted);
}

function versionElement(key: string, record: ObjectRecord, isLatest: boolean): string {
	const shared = [
		element("Key", key),
		element("VersionId", versionName(record)),
		element("IsLatest", isLatest),
		element("LastModified", new Date(record.modified).toISOString()),
	];
	if (record.isMarker) return element("DeleteMarker", shared);
	return element("Version", [
		...shared,
		element("ETag", `"${record.etag}"`),
		element("Size", record.size),
		element("StorageClass", "STANDARD"),
	]);
}
