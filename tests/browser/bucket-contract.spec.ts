/** The S3 store, its requests made in a real browser, against the bucket behind its service worker. */
import { join } from "node:path";
import { expect, type Page, test } from "playwright/test";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";
import { type S3StoreOptions, s3Store } from "../../src/lib/stores/s3.ts";
import { filledAtOnce } from "../unit/s3-support.ts";
import { storeContract } from "../unit/store-contract.ts";
import { lessonPath } from "./site.ts";

let controlled: Page;
let root = "";
let serial = 0;

let site: ServedFolder;

test.beforeAll(async ({ browser }) => {
	site = await serveFolder(join(import.meta.dirname, "../../dist"), { port: 0 });
	controlled = await browser.newPage();
	await controlled.goto(site.url + lessonPath);
	await controlled.evaluate(async () => {
		const claimed = new Promise((done) =>
			navigator.serviceWorker.addEventListener("controllerchange", done, { once: true }),
		);
		await navigator.serviceWorker.register("/bucket-worker.js");
		await claimed;
		await fetch("/bucket/contract", { method: "PUT" });
	});
	root = `${site.url}bucket/`;
});
test.afterAll(async () => {
	await controlled?.close();
	await site?.close();
});

/** fetch as the page does it: the S3 store runs here, its requests are made in the browser. */
const fetchInPage: typeof fetch = async (input, init) => {
	const request = new Request(input, init);
	const asked = {
		url: request.url,
		method: request.method,
		headers: [...request.headers],
		body: Buffer.from(await request.arrayBuffer()).toString("base64"),
	};
	const answer = await controlled.evaluate(async ({ url, method, headers, body }) => {
		const bytes = Uint8Array.from(atob(body), (mark) => mark.charCodeAt(0));
		const sends = method === "PUT" || method === "POST";
		const response = await fetch(url, {
			method,
			headers: headers as [string, string][],
			body: sends ? bytes : undefined,
		});
		let text = "";
		for (const byte of new Uint8Array(await response.arrayBuffer())) text += String.fromCharCode(byte);
		return { status: response.status, headers: [...response.headers], body: btoa(text) };
	}, asked);
	const bodiless = [204, 304].includes(answer.status);
	return new Response(bodiless ? null : Buffer.from(answer.body, "base64"), {
		status: answer.status,
		headers: answer.headers as [string, string][],
	});
};

const storeAt = (prefix: string, options: S3StoreOptions = {}) =>
	s3Store({ endpoint: root, bucket: "contract", prefix }, { fetch: fetchInPage, ...options });

storeContract("S3, from the bucket behind its service worker", {
	make: (values) => filledAtOnce(storeAt(`test ${serial++}`, { pageSize: 300 }), values),
	offers: { write: true, list: true, children: true },
});

test("a large value goes through the service worker in parts, on condition", async () => {
	const value = Uint8Array.from({ length: 6 * 2 ** 20 }, (_, i) => (i * 7) >> 9);
	const store = storeAt("large", { multipartAbove: 2 ** 20, partSize: 5 * 2 ** 20 });
	const { etag } = await store.set("/v", value, { ifNoneMatch: "*" });
	expect(etag).toMatch(/^"[0-9a-f]{32}-2"$/);
	await expect(store.set("/v", value, { ifNoneMatch: "*" })).rejects.toMatchObject({
		code: "precondition-failed",
	});
	expect(Buffer.compare((await store.get("/v")) as Uint8Array, value)).toBe(0);
	expect(await store.getRange("/v", { suffixLength: 4 })).toEqual(value.subarray(-4));
});
