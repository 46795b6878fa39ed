/** GetObject, HeadObject, PutObject, CopyObject, DeleteObject. */
import {
	type Answer,
	broughtBytes,
	type Call,
	invalid,
	keptHeaders,
	versionHeader,
	xmlType,
} from "./call.ts";
import { checkWrite, isUnchanged, rangeOf } from "./conditions.ts";
import { BucketError, noSuchKey, preconditionFailed } from "./errors.ts";
import { type ObjectRecord, versionName } from "./objects.ts";
import { element, xmlDocument } from "./xml-write.ts";

export async function read(call: Call): Promise<Answer> {
	const { request, key, objects, query } = call;
	return objects.alone(key, async () => {
		const { record, versioned } = await recordToRead(call, key, query.get("versionId"));
		const headers = { ...headersOf(record), ...versionHeader(record, versioned) };
		if (isUnchanged(request.headers, record)) return { status: 304, headers };
		const range = rangeOf(request.headers, record.size, record);
		const length = range ? range[1] - range[0] : record.size;
		const body = request.method === "HEAD" ? undefined : await objects.read(key, record, range);
		if (!range) return { status: 200, headers, body, length };
		const sent = { ...headers, "Content-Range": `bytes ${range[0]}-${range[1] - 1}/${record.size}` };
		return { status: 206, headers: sent, body, length };
	});
}

export async function put(call: Call): Promise<Answer> {
	const { request, key, objects, settings } = call;
	const value = await broughtBytes(call);
	return objects.alone(key, async () => {
		checkWrite(request.headers, key, (await objects.entry(key)).current);
		const record = await objects.write(key, value, { headers: keptHeaders(request.headers) });
		const { versioning } = await settings.read();
		const headers = { ETag: `"${record.etag}"`, ...versionHeader(record, versioning === "Enabled") };
		return { status: 200, headers };
	});
}

export async function copy(call: Call): Promise<Answer> {
	const { request, key, objects, settings } = call;
	const replaces = request.headers.get("x-amz-metadata-directive")?.toUpperCase() === "REPLACE";
	const source = await copySource(call);
	if (source.key === key && source.isCurrent && !replaces) {
		throw new BucketError(
			"InvalidRequest",
			"This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
		);
	}
	return objects.alone(key, async () => {
		checkWrite(request.headers, key, (await objects.entry(key)).current);
		const headers = replaces ? keptHeaders(request.headers) : source.record.headers;
		const record = await objects.write(key, source.value.slice(), { headers });
		const { versioning } = await settings.read();
		const body = xmlDocument(
			element("CopyObjectResult", [
				element("LastModified", new Date(record.modified).toISOString()),
				element("ETag", `"${record.etag}"`),
			]),
			true,
		);
		return {
			status: 200,
			headers: { ...xmlType, ...versionHeader(record, versioning === "Enabled"), ...source.versionHeader },
			body,
		};
	});
}

export async function remove(call: Call): Promise<Answer> {
	const { request, key, objects, query } = call;
	return objects.alone(key, async () => {
		const ifMatch = request.headers.has("if-match");
		if (ifMatch) checkWrite(request.headers, key, (await objects.entry(key)).current);
		const removed = await removeOne(call, key, query.get("versionId"));
		const headers: Record<string, string> = {};
		if (removed.versionId !== undefined) headers["x-amz-version-id"] = removed.versionId;
		if (removed.isMarker) headers["x-amz-delete-marker"] = "true";
		return { status: 204, headers };
	});
}

/** Deletes an object, or one version of it; call it alone with the key. */
export async function removeOne(
	{ objects }: Call,
	key: string,
	versionId: string | null,
): Promise<{ versionId?: string; isMarker?: boolean }> {
	if (versionId !== null) {
		const record = await objects.removeVersion(key, versionId);
		return { versionId, isMarker: record?.isMarker };
	}
	const marker = await objects.remove(key);
	return marker ? { versionId: versionName(marker), isMarker: true } : {};
}

/** What a copy reads. */
export interface CopySource {
	key: string;
	record: ObjectRecord;
	value: Uint8Array;
	isCurrent: boolean;
	versionHeader: Record<string, string>;
}

/** @throws BucketError InvalidArgument, NoSuchBucket, NoSuchKey, NoSuchVersion, PreconditionFailed */
export async function copySource(call: Call): Promise<CopySource> {
	const { request, objects, bucket } = call;
	const header = request.headers.get("x-amz-copy-source") ?? "";
	const { key, versionId } = sourceOf(header, bucket);
	return objects.alone(key, async () => {
		const { record, versioned } = await recordToRead(call, key, versionId);
		if (isUnchanged(request.headers, record, "x-amz-copy-source-")) throw preconditionFailed("If-None-Match");
		const versionHeader: Record<string, string> = {};
		if (versioned) versionHeader["x-amz-copy-source-version-id"] = versionName(record);
		const value = await objects.read(key, record);
		return { key, record, value, isCurrent: record.blob === undefined, versionHeader };
	});
}

/**
 * The version that is asked for; call it alone with the key.
 * @throws BucketError NoSuchKey, NoSuchVersion, MethodNotAllowed for a delete marker
 */
async function recordToRead(
	{ objects, settings }: Call,
	key: string,
	versionId: string | null,
): Promise<{ record: ObjectRecord; versioned: boolean }> {
	const { current, older } = await objects.entry(key);
	const versioned = (await settings.read()).versioning !== undefined;
	if (versionId === null) {
		if (current) return { record: current, versioned };
		const marker = older[0]?.isMarker ? older[0] : undefined;
		throw noSuchKey(key, marker ? markerHeaders(marker) : {});
	}
	if (versionId === "") throw invalid("Version id cannot be the empty string", "versionId", "");
	const record = [current, ...older].find((version) => version && versionName(version) === versionId);
	if (!record) {
		throw new BucketError("NoSuchVersion", "The specified version does not exist.", {
			Key: key,
			VersionId: versionId,
		});
	}
	if (record.isMarker) {
		throw new BucketError(
			"MethodNotAllowed",
			"The specified method is not allowed against this resource.",
			{ Method: "GET", ResourceType: "DeleteMarker" },
			markerHeaders(record),
		);
	}
	return { record, versioned };
}

const markerHeaders = (marker: ObjectRecord): Record<string, string> => ({
	"x-amz-delete-marker": "true",
	"x-amz-version-id": versionName(marker),
});

/** "bucket/key" or "/bucket/key", encoded as in an address, and perhaps "?versionId=ID". */
function sourceOf(header: string, bucket: string): { key: string; versionId: string | null } {
	const [encoded, query] = header.split("?versionId=");
	let path: string;
	try {
		path = decodeURIComponent(encoded.replace(/^\//, ""));
	} catch {
		path = "";
	}
	const slash = path.indexOf("/");
	if (slash <= 0 || slash === path.length - 1) {
		throw invalid("Invalid copy source object key", "x-amz-copy-source", header);
	}
	if (path.slice(0, slash) !== bucket) {
		throw new BucketError("NoSuchBucket", "The specified bucket does not exist", {
			BucketName: path.slice(0, slash),
		});
	}
	return { key: path.slice(slash + 1), versionId: query ?? null };
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
