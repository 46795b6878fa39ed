/** The S3 store, its requests made in a real browser, against the bucket behind its service worker. */
import { join } from "node:path";
import { expect, type Page, test } from "playwright/test";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";
import { type S3StoreOptions, s3Store } from "../../src/lib/stores/s3.ts";
import { filled, storeContract } from "../unit/store-contract.ts";
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
	make: (values) => filled(storeAt(`test ${serial++}`, { pageSize: 300 }), values),
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

test("plain fetch gets ranges, conditions, metadata, errors in XML and a busy service, as from S3", async () => {
	const said = await controlled.evaluate(async () => {
		const url = "/bucket/contract/plain/v";
		const put = await fetch(url, {
			method: "PUT",
			body: "0123456789",
			headers: { "x-amz-meta-made-by": "a test", "Content-Type": "text/plain" },
		});
		const etag = put.headers.get("etag") as string;
		const asked = async (headers: Record<string, string>, method = "GET", path = url) => {
			const answer = await fetch(path, { method, headers });
			const code = /<Error><Code>(.*?)<\/Code>/.exec(await answer.clone().text())?.[1];
			return [
				answer.status,
				code ?? (await answer.text()),
				answer.headers.get("content-range") ?? answer.headers.get("retry-after"),
			];
		};
		const part = { Range: "bytes=2-4" };
		const weather = (simulation: object) =>
			fetch("/bucket/contract?simulation", { method: "PUT", body: JSON.stringify(simulation) });
		const head = await fetch(url, { method: "HEAD" });
		const answers = {
			head: ["etag", "content-length", "content-type", "x-amz-meta-made-by"].map((name) =>
				name === "etag" ? head.headers.get(name) === etag : head.headers.get(name),
			),
			part: await asked(part),
			end: await asked({ Range: "bytes=-3" }),
			beyond: await asked({ Range: "bytes=10-" }),
			same: await asked({ ...part, "If-Range": etag }),
			other: await asked({ ...part, "If-Range": '"other"' }),
			refused: await asked({ "If-Match": '"other"' }),
			taken: await asked({ "If-None-Match": "*" }, "PUT"),
			absent: await asked({}, "GET", `${url}/none`),
			busy: [] as unknown[],
			failing: [] as unknown[],
		};
		await weather({ slowDownRate: 1 });
		answers.busy = await asked({});
		await weather({ failureRate: 1 });
		answers.failing = await asked({});
		await weather({});
		return answers;
	});
	expect(said).toEqual({
		head: [true, "10", "text/plain", "a test"],
		part: [206, "234", "bytes 2-4/10"],
		end: [206, "789", "bytes 7-9/10"],
		beyond: [416, "InvalidRange", "bytes */10"],
		same: [206, "234", "bytes 2-4/10"],
		other: [200, "0123456789", null],
		refused: [412, "PreconditionFailed", null],
		taken: [412, "PreconditionFailed", null],
		absent: [404, "NoSuchKey", null],
		busy: [503, "SlowDown", "1"],
		failing: [500, "InternalError", null],
	});
});
