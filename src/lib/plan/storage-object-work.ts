/** Requests to a bucket, one by one, as a client sends them in the course of one operation; each is written down. */
import { base64OfHex } from "../bucket/call.ts";
import { element, xmlDocument } from "../bucket/xml-write.ts";
import { md5 } from "../md5.ts";
import { childText, parseXml } from "../stores/s3-xml.ts";
import type { StorageCase, StorageEffect, StorageStep } from "./storage-model.ts";
import { type BucketClient, type Received, requests, type StepRest } from "./storage-record.ts";

/** Keys in one answer to a LIST (ListObjectsV2, max-keys), and in one DeleteObjects. */
export const pageSize = 1000;

interface Listed {
	keys: { key: string; size: number }[];
	prefixes: string[];
}

/** One operation under way: the client, and the steps so far. */
export class ObjectWork {
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
			const objects = page.map((key) => element("Object", [element("Key", key)]));
			const body = xmlDocument(element("Delete", [element("Quiet", true), ...objects]), true);
			const digest = base64OfHex(md5(new TextEncoder().encode(body)));
			return { method: "POST", query: "?delete", body, headers: { "content-md5": digest } };
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
