import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { bucketEngine } from "../../src/lib/bucket/engine.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { type S3StoreOptions, s3Store } from "../../src/lib/stores/s3.ts";
import { partSizeFor } from "../../src/lib/stores/s3-multipart.ts";
import type { SourceRequest } from "../../src/lib/stores/store.ts";

const mebibyte = 2 ** 20;
const value = Uint8Array.from({ length: 17 * mebibyte }, (_, i) => (i * 11) >> 10);

type Meddler = (request: Request, answer: () => Promise<Response>) => Promise<Response>;

/** A store on an engine, with someone between who may answer in its place. */
function between(meddle: Meddler = (_, answer) => answer(), options: S3StoreOptions = {}) {
	const records = memoryStore();
	const engine = bucketEngine(memoryStore(), { name: "images", records });
	const requests: string[] = [];
	let underway = 0;
	let most = 0;
	const store = s3Store(
		{ endpoint: "http://s3.test", bucket: "images" },
		{
			multipartAbove: mebibyte,
			partSize: 5 * mebibyte,
			parallelParts: 2,
			pause: async () => {},
			...options,
			fetch: async (input, init) => {
				const request = new Request(input, init);
				const { search } = new URL(request.url);
				requests.push(`${request.method} ${search.replace(/uploadId=\w+/, "id")}`);
				most = Math.max(most, ++underway);
				try {
					return await meddle(request, () => engine(request));
				} finally {
					underway--;
				}
			},
		},
	);
	return { store, records, requests, most: () => most };
}

const isPart = (request: Request) => request.url.includes("partNumber=");
const isCompletion = (request: Request) => request.method === "POST" && request.url.includes("uploadId=");
const refusal = (status: number, code: string) =>
	new Response(`<Error><Code>${code}</Code><Message>no</Message></Error>`, { status });

describe("a large value is written in parts", () => {
	test("a few at the same time, with S3's ETag, and read back equal", async () => {
		const { store, requests, most, records } = between();
		const told: SourceRequest[] = [];
		const { etag } = await store.set("/v", value, { onRequest: (request) => told.push(request) });
		const digests = [0, 5, 10, 15].map((start) =>
			createHash("md5")
				.update(value.subarray(start * mebibyte, (start + 5) * mebibyte))
				.digest(),
		);
		expect(etag).toBe(`"${createHash("md5").update(Buffer.concat(digests)).digest("hex")}-4"`);
		expect(Buffer.compare((await store.get("/v")) as Uint8Array, value)).toBe(0);
		expect(most()).toBe(2);
		expect(requests.filter((request) => request.startsWith("PUT")).sort()).toEqual(
			[1, 2, 3, 4].map((number) => `PUT ?partNumber=${number}&id`),
		);
		expect(await records.list()).toEqual(["objects/v"]);
		expect(told.map(({ operation, status }) => [operation, status])).toEqual(
			Array.from({ length: 6 }, () => ["set", 200]),
		);
		expect(told.reduce((sum, { bytes = 0 }) => sum + bytes, 0)).toBe(value.length);
	});

	test("and a small one in one piece", async () => {
		const { store, requests } = between();
		await store.set("/v", value.subarray(0, mebibyte));
		expect(requests).toEqual(["PUT "]);
	});

	test("a part that the service puts off is sent again, by itself", async () => {
		let refused = 0;
		const { store, requests } = between((request, answer) =>
			isPart(request) && request.url.includes("partNumber=2") && refused++ < 2
				? Promise.resolve(refusal(503, "SlowDown"))
				: answer(),
		);
		await store.set("/v", value);
		expect(requests.filter((request) => request.includes("partNumber"))).toHaveLength(6);
		expect(Buffer.compare((await store.get("/v")) as Uint8Array, value)).toBe(0);
	});

	test("a failure aborts the upload, and nothing of it stays", async () => {
		const { store, records, requests } = between((request, answer) =>
			request.url.includes("partNumber=3") ? Promise.resolve(refusal(403, "AccessDenied")) : answer(),
		);
		await expect(store.set("/v", value)).rejects.toMatchObject({ code: "s3-denied" });
		expect(requests.at(-1)).toBe("DELETE ?id");
		expect(await records.list()).toEqual([]);
		expect(await store.get("/v")).toBeUndefined();
	});

	test("a reader who leaves ends it, and the upload is aborted all the same", async () => {
		const controller = new AbortController();
		const { store, records } = between(async (request, answer) => {
			if (request.url.includes("partNumber=2")) controller.abort(new Error("left"));
			request.signal.throwIfAborted();
			return answer();
		});
		await expect(store.set("/v", value, { signal: controller.signal })).rejects.toThrow("left");
		expect(await records.list()).toEqual([]);
	});

	test("an answer that begins well and ends badly is a failure", async () => {
		const { store, records } = between((request, answer) =>
			isCompletion(request) ? Promise.resolve(refusal(200, "InternalError")) : answer(),
		);
		await expect(store.set("/v", value)).rejects.toMatchObject({ code: "s3-error" });
		expect(await records.list()).toEqual([]);
	});

	test("a last answer that is lost does not make a written value a failure", async () => {
		let lost = false;
		const { store } = between(async (request, answer) => {
			const response = await answer();
			if (!isCompletion(request) || lost) return response;
			lost = true;
			throw new TypeError("connection reset");
		});
		const { etag } = await store.set("/v", value);
		expect(etag).toMatch(/-4"$/);
	});

	test("a condition holds when it is put together", async () => {
		const { store, records } = between();
		const { etag } = await store.set("/v", value, { ifNoneMatch: "*" });
		await expect(store.set("/v", value, { ifNoneMatch: "*" })).rejects.toMatchObject({
			code: "precondition-failed",
		});
		await store.set("/v", value, { ifMatch: etag });
		expect(await records.list()).toEqual(["objects/v"]);
	});

	test("parts are no smaller and no more than S3 takes", () => {
		expect(partSizeFor(20 * mebibyte, 1)).toBe(5 * mebibyte);
		expect(partSizeFor(20 * mebibyte, 8 * mebibyte)).toBe(8 * mebibyte);
		const large = 200 * 2 ** 30;
		expect(Math.ceil(large / partSizeFor(large, 8 * mebibyte))).toBeLessThanOrEqual(10_000);
	});
});

describe("many keys are deleted", () => {
	test("a thousand a request, and one by one where the service cannot", async () => {
		for (const knows of [true, false]) {
			const { store, requests } = between((request, answer) =>
				!knows && request.url.includes("?delete")
					? Promise.resolve(refusal(501, "NotImplemented"))
					: answer(),
			);
			for (const key of ["a/1", "a&<b>", "µ"]) await store.set(`/${key}`, Uint8Array.of(1));
			requests.length = 0;
			await store.clear();
			expect(await store.list()).toEqual([]);
			expect(requests.filter((request) => request === "DELETE ")).toHaveLength(knows ? 0 : 3);
		}
	});

	test("one that stays is told", async () => {
		const { store } = between((request, answer) =>
			request.url.includes("?delete")
				? Promise.resolve(
						new Response(
							"<DeleteResult><Error><Key>v</Key><Message>kept by law</Message></Error></DeleteResult>",
						),
					)
				: answer(),
		);
		await store.set("/v", Uint8Array.of(1));
		await expect(store.clear()).rejects.toMatchObject({
			code: "s3-not-deleted",
			message: expect.stringContaining("v: kept by law"),
		});
	});
});
