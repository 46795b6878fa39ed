/** Deleting many keys with one request (DeleteObjects), or one by one where the service has no such request. */
import { ChunkwiseError } from "../errors.ts";
import { bodyOf } from "../http-answer.ts";
import { md5 } from "../md5.ts";
import type { S3Client } from "./s3-client.ts";
import { childrenNamed, withQuery } from "./s3-list.ts";
import { childText, parseXml } from "./s3-xml.ts";

/** S3 takes no more in one request. */
const most = 1000;

export interface Doomed {
	/** The bucket's key. */
	key: string;
	versionId?: string;
	/** Its own address, for a service that deletes one by one. */
	url: string;
}

/** @throws ChunkwiseError s3-denied, s3-no-bucket, s3-not-deleted */
export async function deleteMany(
	client: S3Client,
	base: string,
	all: readonly Doomed[],
	signal?: AbortSignal,
): Promise<void> {
	for (let i = 0; i < all.length; i += most) {
		const some = all.slice(i, i + most);
		if (!(await deleteTogether(client, base, some, signal))) await deleteEach(client, some, signal);
	}
}

/** False where the service does not know the request (Google Cloud Storage did not for long). */
async function deleteTogether(
	client: S3Client,
	base: string,
	some: readonly Doomed[],
	signal?: AbortSignal,
): Promise<boolean> {
	const where = withQuery(base, { delete: "" });
	const objects = some.map(
		({ key, versionId }) =>
			`<Object><Key>${escapeXml(key)}</Key>${versionId === undefined ? "" : `<VersionId>${escapeXml(versionId)}</VersionId>`}</Object>`,
	);
	const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${objects.join("")}</Delete>`;
	const headers = { "Content-Type": "application/xml", "Content-MD5": base64Md5(body) };
	const answer = await client.send(where, { method: "POST", headers, body, signal });
	if (!(answer instanceof Response)) {
		if (["NotImplemented", "MethodNotAllowed"].includes(answer.code) || [405, 501].includes(answer.status)) {
			return false;
		}
		throw client.refusal(answer, where);
	}
	const root = parseXml(new TextDecoder().decode(await bodyOf(answer, where, signal)));
	const errors = root?.name === "DeleteResult" ? childrenNamed(root, "Error") : undefined;
	if (!errors || errors.length > 0) {
		const first = errors?.[0];
		const what =
			first && `${childText(first, "Key")}: ${childText(first, "Message") ?? childText(first, "Code")}`;
		throw new ChunkwiseError("s3-not-deleted", `Not all keys were deleted${what ? `; ${what}` : ""}.`, {
			where,
			remedy: "Check the rights to this bucket, and try again.",
		});
	}
	return true;
}

async function deleteEach(client: S3Client, some: readonly Doomed[], signal?: AbortSignal): Promise<void> {
	let next = 0;
	const worker = async () => {
		for (let doomed = some[next++]; doomed; doomed = some[next++]) {
			const { url, versionId } = doomed;
			const where = versionId === undefined ? url : withQuery(url, { versionId });
			await (await client.must(where, { method: "DELETE", signal })).body?.cancel();
		}
	};
	await Promise.all(Array.from({ length: 8 }, worker));
}

function escapeXml(text: string): string {
	const marks: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };
	return text.replace(/[&<>\r]/g, (mark) => marks[mark]);
}

function base64Md5(text: string): string {
	const hex = md5(new TextEncoder().encode(text));
	return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}
