/** Operations on an object store, as requests of the S3 API. */
import { counted } from "./figure.ts";
import {
	middleRange,
	type SideSteps,
	type StorageCase,
	type StorageStep,
	type StoredItem,
	step,
} from "./storage-model.ts";

/** Keys in one answer to a LIST (ListObjectsV2, max-keys), and in one DeleteObjects. */
export const pageSize = 1000;

/** Bytes of one object in the XML answer of ListObjectsV2, of one common prefix, and of what is around them. */
const listed = (item: StoredItem) =>
	`<Contents><Key>${item.key}</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified>` +
	`<ETag>&quot;0123456789abcdef0123456789abcdef&quot;</ETag><Size>${item.size}</Size>` +
	"<StorageClass>STANDARD</StorageClass></Contents>";
const listedPrefix = (prefix: string) => `<CommonPrefixes><Prefix>${prefix}</Prefix></CommonPrefixes>`;
const envelope =
	'<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
	"<Name>bucket</Name><Prefix></Prefix><KeyCount>1000</KeyCount><MaxKeys>1000</MaxKeys>" +
	"<IsTruncated>false</IsTruncated></ListBucketResult>";

const bytes = (text: string) => new TextEncoder().encode(text).length;

/** A LIST of everything under the prefix: a page gives the token for the next, so pages follow each other. */
function listAll({ folder, inside }: StorageCase): StorageStep {
	const pages = Math.max(1, Math.ceil(inside.length / pageSize));
	return step(`LIST ?list-type=2&prefix=${prefixOf(folder)}`, "list", {
		times: pages,
		keys: inside.map((item) => item.key),
		bytesDown: inside.reduce((sum, item) => sum + bytes(listed(item)), pages * bytes(envelope)),
		note: pages > 1 ? `${pageSize} keys a page; each page names the next.` : undefined,
	});
}

/** A LIST of one "level": keys are cut at the next slash, and what is left of it is grouped. */
function listLevel({ folder, inside }: StorageCase): StorageStep {
	const prefix = prefixOf(folder);
	const direct = inside.filter((item) => !item.key.slice(prefix.length).includes("/"));
	const deeper = inside.filter((item) => item.key.slice(prefix.length).includes("/"));
	const common = [...new Set(deeper.map((i) => i.key.slice(0, i.key.indexOf("/", prefix.length) + 1)))];
	const pages = Math.max(1, Math.ceil((direct.length + common.length) / pageSize));
	return step(`LIST ?list-type=2&prefix=${prefix}&delimiter=/`, "list", {
		times: pages,
		keys: inside.map((item) => item.key),
		bytesDown:
			direct.reduce((sum, item) => sum + bytes(listed(item)), pages * bytes(envelope)) +
			common.reduce((sum, p) => sum + bytes(listedPrefix(p)), 0),
		note: `${counted(direct.length, "key")} and ${counted(common.length, "common prefix", "common prefixes")} in the answer.`,
	});
}

function prefixOf(folder: string): string {
	return folder === "" ? "" : `${folder}/`;
}

function get({ file }: StorageCase): StorageStep {
	return step(`GET /${file.key}`, "read", { keys: [file.key], bytesDown: file.size, status: 200 });
}

/** A PUT of a whole object; bytes of the body beyond the object's present size in `more`. */
function put({ file, assumptions }: StorageCase, more = 0): StorageStep {
	const guard = assumptions.ifMatch ? ' If-Match: "v1"' : "";
	return step(`PUT /${file.key}${guard}`, "write", {
		keys: [file.key],
		bytesUp: file.size + more,
		status: 200,
		note: assumptions.ifMatch
			? "Refused with 412 if anybody has replaced the object since the GET."
			: undefined,
	});
}

function deletes({ inside, assumptions }: StorageCase): StorageStep {
	const keys = inside.map((item) => item.key);
	if (!assumptions.batchDelete) {
		return step("DELETE /each key", "delete", {
			times: keys.length,
			atOnce: assumptions.parallel,
			keys,
			status: 204,
		});
	}
	return step("POST ?delete with up to 1000 keys", "delete", {
		times: Math.ceil(keys.length / pageSize),
		atOnce: assumptions.parallel,
		keys,
		bytesUp: keys.reduce((sum, key) => sum + bytes(`<Object><Key>${key}</Key></Object>`), 0),
		status: 200,
	});
}

const consistent = "A GET that begins after the answer gets the new object (strong consistency).";

const plans: Record<StorageCase["operation"], (given: StorageCase) => SideSteps> = {
	"list-folder": (given) => ({
		steps: [listLevel(given)],
		outcome:
			"There is no folder to open. The store searches its sorted keys for a prefix and cuts them at the next slash, " +
			"so that the answer looks like a folder.",
	}),
	"list-all": (given) => ({
		steps: [listAll(given)],
		outcome:
			"All keys with the prefix, in order, without walking: the slash in a key is a letter like any other.",
	}),
	read: (given) => ({
		steps: [get(given)],
		outcome: "One request, one answer with the whole object. Nothing is opened or closed.",
	}),
	"read-range": (given) => {
		const { key, size } = given.file;
		const { start, length } = middleRange(size);
		return {
			steps: [
				step(`GET /${key} Range: bytes=${start}-${start + Math.max(length, 1) - 1}`, "read", {
					keys: [key],
					bytesDown: length,
					status: length === 0 ? 416 : 206,
				}),
			],
			refused: length === 0 ? "A range of an object without bytes: 416 Range Not Satisfiable." : undefined,
			outcome:
				"An object can be read in part. A server that does not know Range answers 200 with the whole object, so " +
				"a client looks for 206.",
		};
	},
	overwrite: (given) => ({
		steps: [get(given), put(given)],
		refused: "Writing into an object. No request does it.",
		outcome: `The object is replaced as a whole. ${consistent}`,
	}),
	append: (given) => ({
		steps: [get(given), put(given, 1024)],
		refused:
			"Adding to an object. Some services have a request of their own for it; S3's general buckets do not.",
		outcome: `The object is replaced by a longer one. ${consistent} Chunked formats write a new object instead.`,
	}),
	"rename-folder": (given) => ({
		steps: [
			listAll(given),
			step(`COPY each key to ${given.newFolder}/…`, "copy", {
				times: given.inside.length,
				atOnce: given.assumptions.parallel,
				keys: given.inside.map((item) => item.key),
				bytesInside: given.inside.reduce((sum, item) => sum + item.size, 0),
				status: 200,
				note: "PUT with x-amz-copy-source: the bytes are copied in the store and do not pass through the client.",
			}),
			deletes(given),
		],
		refused: "Renaming. A key is an object's identity, and a folder is only what keys begin with.",
		outcome: "Every object is copied to a new key and deleted. Who reads in the meantime finds some of both.",
	}),
	"delete-folder": (given) => ({
		steps: [listAll(given), deletes(given)],
		outcome: "Every object is deleted. When no key has the prefix any more, the “folder” is gone too.",
	}),
	"two-writers": twoWriters,
};

function twoWriters(given: StorageCase): SideSteps {
	const { file, assumptions } = given;
	const keys = [file.key];
	const both = { times: 2, atOnce: 2, keys };
	const reads = step(`A and B: GET /${file.key}`, "read", { ...both, bytesDown: 2 * file.size, status: 200 });
	if (!assumptions.ifMatch) {
		return {
			steps: [
				reads,
				step(`A and B: PUT /${file.key}`, "write", { ...both, bytesUp: 2 * file.size, status: 200 }),
			],
			outcome:
				"Both get 200. The last PUT to arrive replaces the whole object, and the other change is lost without a " +
				"word. A reader sees one version or the other, never a mixture. If-Match protects.",
		};
	}
	const one = (call: string, status: number, effect: StorageStep["effect"], down: number, up: number) =>
		step(call, effect, { keys, bytesDown: down, bytesUp: up, status });
	return {
		steps: [
			reads,
			one(`A: PUT /${file.key} If-Match: "v1"`, 200, "write", 0, file.size),
			one(`B: PUT /${file.key} If-Match: "v1"`, 412, "refused", 0, file.size),
			one(`B: GET /${file.key}`, 200, "read", file.size, 0),
			one(`B: PUT /${file.key} If-Match: "v2"`, 200, "write", 0, file.size),
		],
		refused: "B's first PUT: 412 Precondition Failed, because the object is no longer the one that B read.",
		outcome: "B reads again, makes its change again and writes again. Both changes remain.",
	};
}

export function objectSide(given: StorageCase): SideSteps {
	return plans[given.operation](given);
}
