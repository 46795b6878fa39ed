/** Operations on objects: each is what a client would send, request by request, to a real bucket. */
import { md5 } from "../md5.ts";
import { childText, parseXml } from "../stores/s3-xml.ts";
import { counted } from "./figure.ts";
import { appended, type SideSteps, writersByte } from "./storage-file.ts";
import { middleRange, type StorageCase, type StorageEffect, type StorageStep } from "./storage-model.ts";
import { type BucketClient, type Received, requests, type StepRest } from "./storage-record.ts";

/** Keys in one answer to a LIST (ListObjectsV2, max-keys), and in one DeleteObjects. */
export const pageSize = 1000;

interface Listed {
	keys: { key: string; size: number }[];
	prefixes: string[];
}

/** One operation under way: the client, and the steps so far. */
class Work {
	readonly steps: StorageStep[] = [];
	readonly client: BucketClient;
	readonly given: StorageCase;

	constructor(client: BucketClient, given: StorageCase) {
		this.client = client;
		this.given = given;
	}

	get prefix(): string {
		return this.given.folder === "" ? "" : `${this.given.folder}/`;
	}

	step(call: string, effect: StorageEffect, tier: "write" | "read" | "free", rest: StepRest = {}) {
		const made = requests(call, effect, tier, rest);
		this.steps.push(made);
		return made;
	}

	/** A request made as one would treat a file, to see what the store says. */
	attempt(
		method: string,
		key: string,
		note: string,
		more: { headers?: Record<string, string>; body?: Uint8Array } = {},
	) {
		const into = this.step(`${method} ${key}`, "refused", "read", { attempt: true, note });
		return this.client.send(into, { method, key, ...more });
	}

	/** All pages of a listing: each page gives the token for the next, so they follow each other. */
	async list(delimiter: string): Promise<Listed> {
		const { client, prefix } = this;
		const base = `?list-type=2&prefix=${encodeURIComponent(prefix).replaceAll("%2F", "/")}${delimiter ? `&delimiter=${delimiter}` : ""}`;
		const into = this.step(`GET ${base}`, "list", "write");
		const found: Listed = { keys: [], prefixes: [] };
		for (let token = ""; ; ) {
			const query = token === "" ? base : `${base}&continuation-token=${encodeURIComponent(token)}`;
			const { bytes } = await client.send(into, { method: "GET", query });
			const root = parseXml(new TextDecoder().decode(bytes));
			for (const child of root?.children ?? []) {
				if (child.name === "Contents") {
					found.keys.push({ key: childText(child, "Key") ?? "", size: Number(childText(child, "Size")) });
				}
				if (child.name === "CommonPrefixes") found.prefixes.push(childText(child, "Prefix") ?? "");
			}
			token = (root && childText(root, "NextContinuationToken")) ?? "";
			if (token === "") break;
		}
		into.keys = found.keys.map(({ key }) => key);
		if (into.exchanges.length > 1) into.note = `${pageSize} keys a page; each page names the next.`;
		return found;
	}

	get(who = ""): Promise<Received> {
		const { file } = this.given;
		const into = this.step(`${who}GET ${file}`, "read", "read", { keys: [file] });
		return this.client.send(into, { method: "GET", key: file });
	}

	/** Replaces the object, if it is still the one that was read where writes are guarded. */
	async put(body: Uint8Array, read: Received, who = ""): Promise<Received> {
		const into = this.step("", "write", "write", { keys: [this.given.file] });
		const got = await this.putInto(into, body, read);
		into.call = `${who}PUT ${this.given.file}`;
		if (got.status === 412) into.effect = "refused";
		return got;
	}

	putInto(into: StorageStep, body: Uint8Array, read: Received): Promise<Received> {
		const headers: Record<string, string> = {
			"content-type": read.headers.get("content-type") ?? "application/octet-stream",
		};
		for (const [name, value] of read.headers) if (name.startsWith("x-amz-meta-")) headers[name] = value;
		if (this.given.ways.ifMatch) headers["if-match"] = read.headers.get("etag") ?? "";
		return this.client.send(into, { method: "PUT", key: this.given.file, headers, body });
	}

	async remove(keys: readonly string[]): Promise<void> {
		const { batchDelete, parallel } = this.given.ways;
		if (!batchDelete) {
			const into = this.step("DELETE each key", "delete", "free", { atOnce: "parallel", keys: [...keys] });
			await this.client.sendEach(into, keys, parallel, (key) => ({ method: "DELETE", key }));
			return;
		}
		const into = this.step("POST ?delete with up to 1000 keys", "delete", "write", {
			atOnce: "parallel",
			keys: [...keys],
		});
		const pages: string[][] = [];
		for (let at = 0; at < keys.length; at += pageSize) pages.push(keys.slice(at, at + pageSize));
		await this.client.sendEach(into, pages, parallel, (page) => {
			const body = `<Delete><Quiet>true</Quiet>${page.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join("")}</Delete>`;
			return { method: "POST", query: "?delete", body, headers: { "content-md5": base64Md5(body) } };
		});
	}

	async copyAll(listed: Listed): Promise<string[]> {
		const { folder, newFolder, ways } = this.given;
		const moved = (key: string) =>
			folder === "" ? `${newFolder}/${key}` : newFolder + key.slice(folder.length);
		const keys = listed.keys.map(({ key }) => key);
		const into = this.step(`PUT each key as ${newFolder}/…`, "copy", "write", {
			atOnce: "parallel",
			keys,
			note: "With x-amz-copy-source: the bytes are copied in the store and do not pass through the client.",
		});
		await this.client.sendEach(into, listed.keys, ways.parallel, ({ key, size }) => ({
			method: "PUT",
			key: moved(key),
			headers: {
				"x-amz-copy-source": `/${this.client.bucket}/${key.split("/").map(encodeURIComponent).join("/")}`,
			},
			copies: size,
		}));
		return keys;
	}
}

type Told = Omit<SideSteps, "steps">;

const consistent = "A GET that begins after the answer gets the new object (strong consistency).";

const operations: Record<StorageCase["operation"], (work: Work) => Promise<Told>> = {
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
			body: Uint8Array.of(writersByte(0)),
		});
		const read = await work.get();
		await work.put(withByte(read.bytes, middleRange(read.bytes.length).start, writersByte(0)), read);
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

async function twoWriters(work: Work): Promise<Told> {
	const { given, client } = work;
	const keys = [given.file];
	const gets = work.step(`A and B: GET ${given.file}`, "read", "read", { atOnce: 2, keys });
	const read = await Promise.all(["A", "B"].map(() => client.send(gets, { method: "GET", key: given.file })));
	const middle = middleRange(read[0].bytes.length).start;
	const change = (bytes: Uint8Array, writer: number) => withByte(bytes, middle + writer, writersByte(writer));
	const kept = async () => {
		const { bytes } = await client.send(undefined, { method: "GET", key: given.file });
		return [0, 1].map((writer) => bytes[middle + writer] === writersByte(writer));
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
async function sizeOf({ client, given }: Work): Promise<number> {
	const { headers } = await client.send(undefined, { method: "HEAD", key: given.file });
	return Number(headers.get("content-length") ?? 0);
}

function escapeXml(text: string): string {
	return text.replace(/[&<>]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;" })[c] as string);
}

function base64Md5(text: string): string {
	const hex = md5(new TextEncoder().encode(text));
	return btoa(hex.replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16))));
}

/** Performs an operation on a bucket. */
export async function objectSide(client: BucketClient, given: StorageCase): Promise<SideSteps> {
	const work = new Work(client, given);
	const told = await operations[given.operation](work);
	return { steps: work.steps, ...told };
}
