/** Uploads in parts that have begun and not ended, kept among a bucket's records. */
import type { StoreKey, WritableStore } from "../stores/store.ts";
import { BucketError } from "./errors.ts";
import { readJson, writeJson } from "./records.ts";

export interface Upload {
	id: string;
	key: string;
	/** Headers of the object to come. */
	headers: Record<string, string>;
	/** Milliseconds since 1970. */
	begun: number;
}

export interface Part {
	number: number;
	/** MD5 in hexadecimal digits, without quotes. */
	etag: string;
	/** Bytes. */
	size: number;
	/** Milliseconds since 1970. */
	modified: number;
}

export class Uploads {
	readonly #records: WritableStore;

	constructor(records: WritableStore) {
		this.#records = records;
	}

	async begin(upload: Upload): Promise<void> {
		await writeJson(this.#records, place(upload.id, "upload.json"), upload);
	}

	/** @throws BucketError NoSuchUpload, also where it is the upload of another key */
	async find(id: string, key: string): Promise<Upload> {
		const upload = /^[\w-]{1,128}$/.test(id)
			? await readJson<Upload>(this.#records, place(id, "upload.json"))
			: undefined;
		if (upload?.key === key) return upload;
		throw new BucketError(
			"NoSuchUpload",
			"The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.",
			{ UploadId: id },
		);
	}

	/** A part of the same number is replaced. */
	async keepPart(id: string, part: Part, value: Uint8Array): Promise<void> {
		await this.#records.delete?.(place(id, `${part.number}.json`));
		await this.#records.set(place(id, String(part.number)), value);
		await writeJson(this.#records, place(id, `${part.number}.json`), part);
	}

	/** In the order of their numbers. */
	async parts(id: string): Promise<Part[]> {
		const keys = (await this.#records.list?.(`uploads/${id}/`)) ?? [];
		const found: Part[] = [];
		for (const key of keys) {
			if (!/\/\d+\.json$/.test(key)) continue;
			const part = await readJson<Part>(this.#records, `/${key}`);
			if (part) found.push(part);
		}
		return found.sort((a, b) => a.number - b.number);
	}

	async partBytes(id: string, number: number): Promise<Uint8Array> {
		const bytes = await this.#records.get(place(id, String(number)));
		if (!bytes) throw new BucketError("InternalError", "A part went away while it was read.");
		return bytes;
	}

	/** Forgets an upload and its parts. */
	async end(id: string): Promise<void> {
		await this.#records.delete?.(place(id, "upload.json"));
		for (const key of (await this.#records.list?.(`uploads/${id}/`)) ?? []) {
			await this.#records.delete?.(`/${key}`);
		}
	}

	/** By key, then by the time when they began. */
	async all(prefix: string): Promise<Upload[]> {
		const keys = (await this.#records.list?.("uploads/")) ?? [];
		const found: Upload[] = [];
		for (const key of keys) {
			if (!key.endsWith("/upload.json")) continue;
			const upload = await readJson<Upload>(this.#records, `/${key}`);
			if (upload?.key.startsWith(prefix)) found.push(upload);
		}
		return found.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.begun - b.begun));
	}
}

const place = (id: string, name: string): StoreKey => `/uploads/${id}/${name}`;
