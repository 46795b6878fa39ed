/** Operations on objects: each is what a client would send, request by request, to a real bucket. */
import { counted } from "./figure.ts";
import { appended, type SideSteps } from "./storage-file.ts";
import { middleRange, type StorageCase } from "./storage-model.ts";
import { ObjectWork } from "./storage-object-work.ts";
import type { BucketClient } from "./storage-record.ts";

type Told = Omit<SideSteps, "steps">;

const consistent = "A GET that begins after the answer gets the new object (strong consistency).";

const operations: Record<StorageCase["operation"], (work: ObjectWork) => Promise<Told>> = {
	"list-folder": async (work) => {
		const { folder } = work.given;
		const asked =
			folder === ""
				? undefined
				: await work.attempt(
						"GET",
						folder,
						"There is no object of that name: it is only what keys begin with.",
					);
		const { keys, prefixes } = await work.list("/");
		return {
			refused: asked && `Opening the folder: ${asked.status} ${asked.code}.`,
			outcome:
				"There is no folder to open. The store searches its sorted keys for a prefix and cuts them at the next slash, so " +
				`that the answer looks like a folder: ${counted(keys.length, "key")} and ${counted(prefixes.length, "common prefix", "common prefixes")}.`,
		};
	},
	"list-all": async (work) => {
		await work.list("");
		return {
			outcome:
				"All keys with the prefix, in order, without walking: the slash in a key is a letter like any other.",
		};
	},
	read: async (work) => {
		await work.get();
		return { outcome: "One request, one answer with the whole object. Nothing is opened or closed." };
	},
	"read-range": async (work) => {
		const { file } = work.given;
		const size = await sizeOf(work);
		const { start, length } = middleRange(size);
		const range = `bytes=${start}-${start + Math.max(length, 1) - 1}`;
		const into = work.step(`GET ${file} Range: ${range}`, "read", "read", { keys: [file] });
		const { status } = await work.client.send(into, { method: "GET", key: file, headers: { range } });
		if (status === 416) into.effect = "refused";
		return {
			...(status === 416
				? { refused: "A range of an object without bytes: 416 Range Not Satisfiable." }
				: {}),
			outcome:
				"An object can be read in part. A server that does not know Range answers 200 with the whole object, so " +
				"a client looks for 206.",
		};
	},
	overwrite: async (work) => {
		const tried = await work.attempt("PATCH", work.given.file, "No request changes a part of an object.", {
			body: Uint8Array.of(work.given.bytes[0]),
		});
		const read = await work.get();
		await work.put(withByte(read.bytes, middleRange(read.bytes.length).start, work.given.bytes[0]), read);
		return {
			refused: `Writing into an object: ${tried.status} ${tried.code}.`,
			outcome: `The object is replaced as a whole, for one byte. ${consistent}`,
		};
	},
	append: async (work) => {
		const tried = await work.attempt("PATCH", work.given.file, "No request adds to an object.", {
			body: appended(),
		});
		const read = await work.get();
		const longer = new Uint8Array(read.bytes.length + 1024);
		longer.set(read.bytes);
		longer.set(appended(), read.bytes.length);
		await work.put(longer, read);
		return {
			refused: `Adding to an object: ${tried.status} ${tried.code}. Some services have a request of their own for it.`,
			outcome: `The object is replaced by a longer one. ${consistent} Chunked formats write a new object instead.`,
		};
	},
	"two-writers": twoWriters,
	"copy-folder": async (work) => {
		const { folder, newFolder } = work.given;
		const source = `/${work.client.bucket}/${folder}`;
		const tried =
			folder === ""
				? undefined
				: await work.attempt("PUT", newFolder, "x-amz-copy-source names one object, and a prefix is none.", {
						headers: { "x-amz-copy-source": source },
					});
		await work.copyAll(await work.list(""));
		return {
			refused: tried && `Copying a prefix: ${tried.status} ${tried.code}.`,
			outcome:
				"Every object is copied by a request of its own, in the store. Nothing had to be made larger: a bucket has no " +
				"capacity, only a bill.",
		};
	},
	"rename-folder": async (work) => {
		const { folder } = work.given;
		const tried = await work.attempt("MOVE", folder, "No request gives an object another key.");
		await work.remove(await work.copyAll(await work.list("")));
		return {
			refused: `Renaming: ${tried.status} ${tried.code}. A key is an object’s identity, and a folder is only what keys begin with.`,
			outcome:
				"Every object is copied to a new key and deleted. Who reads in the meantime finds some of both.",
		};
	},
	"delete-folder": async (work) => {
		const { folder } = work.given;
		if (folder !== "") {
			await work.attempt("DELETE", folder, "204 means that no object of that name is left; there was none.");
		}
		const listed = await work.list("");
		await work.remove(listed.keys.map(({ key }) => key));
		return {
			outcome: "Every object is deleted. When no key has the prefix any more, the “folder” is gone too.",
		};
	},
	"add-capacity": async () => ({
		outcome: "Nothing to do: a bucket has no size to choose. What its objects hold is paid for, and no more.",
	}),
};

async function twoWriters(work: ObjectWork): Promise<Told> {
	const { given, client } = work;
	const keys = [given.file];
	const gets = work.step(`A and B: GET ${given.file}`, "read", "read", { atOnce: 2, keys });
	const read = await Promise.all(["A", "B"].map(() => client.send(gets, { method: "GET", key: given.file })));
	const middle = middleRange(read[0].bytes.length).start;
	const change = (bytes: Uint8Array, writer: number) => withByte(bytes, middle + writer, given.bytes[writer]);
	const kept = async () => {
		const { bytes } = await client.send(undefined, { method: "GET", key: given.file });
		return [0, 1].map((writer) => bytes[middle + writer] === given.bytes[writer]);
	};
	if (!given.ways.ifMatch) {
		const puts = work.step(`A and B: PUT ${given.file}`, "write", "write", { atOnce: 2, keys });
		await Promise.all(read.map((got, writer) => work.putInto(puts, change(got.bytes, writer), got)));
		const there = await kept();
		const gone = ["A", "B"].filter((_, writer) => !there[writer]);
		return {
			outcome:
				gone.length === 0
					? "Both changes are there."
					: `Both got 200, and the change of ${gone.join(" and ")} is lost without a word: the last PUT to ` +
						"arrive replaced the whole object. A reader sees one version or the other, never a mixture. If-Match protects.",
		};
	}
	const answers = await Promise.all(
		["A", "B"].map((who, writer) => work.put(change(read[writer].bytes, writer), read[writer], `${who}: `)),
	);
	const late = answers.findIndex(({ status }) => status === 412);
	if (late >= 0) {
		const who = `${"AB"[late]}: `;
		const again = await work.get(who);
		await work.put(change(again.bytes, late), again, who);
	}
	const both = (await kept()).every(Boolean);
	return {
		...(late < 0
			? {}
			: {
					refused: `The first PUT of ${"AB"[late]}: 412 PreconditionFailed, because the object is no longer the one that it read.`,
				}),
		outcome: both
			? `${"AB"[late] ?? "Nobody"} reads again, makes its change again and writes again. Both changes are there.`
			: "One of the changes is lost.",
	};
}

/** The bytes with one changed, or added at the end. */
function withByte(bytes: Uint8Array, at: number, byte: number): Uint8Array {
	const changed = new Uint8Array(Math.max(bytes.length, at + 1));
	changed.set(bytes);
	changed[at] = byte;
	return changed;
}

/** The object's size; not a part of the operation. */
async function sizeOf({ client, given }: ObjectWork): Promise<number> {
	const { headers } = await client.send(undefined, { method: "HEAD", key: given.file });
	return Number(headers.get("content-length") ?? 0);
}

/** Performs an operation on a bucket. */
export async function objectSide(client: BucketClient, given: StorageCase): Promise<SideSteps> {
	const work = new ObjectWork(client, given);
	const told = await operations[given.operation](work);
	return { steps: work.steps, ...told };
}
