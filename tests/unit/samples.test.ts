import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import { ChunkwiseError } from "../../src/lib/errors.ts";
import { readImage } from "../../src/lib/image/image.ts";
import type { Progress } from "../../src/lib/progress.ts";
import { type FileCache, memoryFileCache } from "../../src/lib/samples/file-cache.ts";
import { type SampleSettings, Samples } from "../../src/lib/samples/hl60.ts";
import { phantomTiff } from "../../src/lib/samples/phantom-tiff.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";
import { nowhere, serve } from "./download-server.ts";

/** A TIFF like the original in shape and type. Empty, so that no test needs the original. */
let original: Uint8Array<ArrayBuffer>;
let phantom: Uint8Array<ArrayBuffer>;
beforeAll(async () => {
	const data = new Uint16Array(129 * 212 * 363).fill(91);
	original = await writeTiff({ data, shape: [129, 212, 363], dtype: "uint16" });
	phantom = (await phantomTiff()).bytes;
}, 120_000);

/** Serves the files by the last part of their address. */
async function site(files: Record<string, Uint8Array | string | undefined>) {
	const server = await serve((request, response) => {
		const name = new URL(request.url ?? "", "http://site").pathname.slice(1);
		const file = files[name];
		if (file === undefined) response.writeHead(404).end();
		else response.writeHead(200, { "Content-Length": Buffer.byteLength(file) }).end(file);
	});
	const root = new URL("/", server.url).href;
	const asked = () => server.requests.map((r) => new URL(r.url ?? "", root).pathname.slice(1));
	return { root, asked };
}

function make(settings: SampleSettings): Samples {
	return new Samples({
		cache: memoryFileCache(),
		download: { retries: 1, backoff: { first: 2, most: 4 } },
		...settings,
	});
}

async function failing(promise: Promise<unknown>): Promise<ChunkwiseError> {
	const error = await promise.then(
		() => undefined,
		(reason) => reason,
	);
	expect(error).toBeInstanceOf(ChunkwiseError);
	expect(error.remedy).toBeTruthy();
	return error;
}

/** Quicker than comparing millions of elements one by one. */
async function holds(blob: Blob, bytes: Uint8Array): Promise<boolean> {
	return Buffer.from(await blob.arrayBuffer()).equals(bytes);
}

async function smallTiff(): Promise<Blob> {
	const data = Uint16Array.from({ length: 24 }, (_, i) => i);
	return new Blob([await writeTiff({ data, shape: [2, 3, 4], dtype: "uint16" })]);
}

describe("the original", () => {
	test("is downloaded with progress, and named", async () => {
		const { root } = await site({ original });
		const samples = make({ hl60Url: `${root}original` });
		const progress: Progress[] = [];
		const sample = await samples.hl60({ onProgress: (p) => progress.push(p) });
		expect(sample).toMatchObject({
			source: "original",
			synthetic: false,
			bytes: original.length,
			note: undefined,
		});
		expect(sample.attribution).toContain("BBBC024");
		expect(sample.attribution).toContain("Ljosa");
		expect(sample.origin).toContain(root);
		expect(new Set(progress.map((p) => p.unit))).toEqual(new Set(["bytes"]));
		expect(progress.at(-1)).toMatchObject({ done: original.length, total: original.length });
	});

	test("is kept: a second call asks nothing, until it is forgotten", async () => {
		const { root, asked } = await site({ original });
		const cache = memoryFileCache();
		const settings = { hl60Url: `${root}original`, cache };
		await make(settings).hl60();
		const again = await make(settings).hl60();
		expect(asked()).toEqual(["original"]);
		expect(again).toMatchObject({ source: "original", bytes: original.length });
		expect(again.origin).toMatch(/^kept/);
		expect(await holds(again.blob, original)).toBe(true);
		const samples = make(settings);
		await samples.forget();
		await samples.hl60();
		expect(asked()).toEqual(["original", "original"]);
	});

	test("is downloaded anew where the kept copy is damaged", async () => {
		const { root, asked } = await site({ original });
		const cache = memoryFileCache();
		const hl60Url = `${root}original`;
		await cache.put(hl60Url, new Response(original.slice(0, original.length - 100)));
		const sample = await make({ hl60Url, cache }).hl60();
		expect(sample.source).toBe("original");
		expect(asked()).toEqual(["original"]);
		expect((await (await cache.match(hl60Url))?.blob())?.size).toBe(original.length);
	});

	test("answers also where nothing can be kept", async () => {
		const { root } = await site({ original });
		const refuse = () => Promise.reject(new DOMException("no room", "QuotaExceededError"));
		const cache: FileCache = { lasting: true, match: refuse, put: refuse, delete: refuse, clear: refuse };
		const samples = make({ hl60Url: `${root}original`, cache });
		const sample = await samples.hl60();
		expect(sample.source).toBe("original");
		expect(sample.origin).toContain("not kept");
		expect((await failing(samples.forget())).code).toBe("storage-denied");
	});

	test("can be read as an image", async () => {
		const { root } = await site({ original });
		const image = await readImage(await make({ hl60Url: `${root}original` }).hl60());
		expect(image).toMatchObject({ size: [363, 212, 129], spacing: [1, 1, 1] });
		expect(image.imageType.componentType).toBe("uint16");
	});

	test.skipIf(!fixturesDir)("as other software wrote it passes the check", async () => {
		const { root } = await site({ original: readFileSync(fixture("derived/HL50_cell.tif")) });
		const sample = await make({ hl60Url: `${root}original` }).hl60();
		expect(sample.source).toBe("original");
	});
});

describe("where the original cannot be used, the phantom answers and says why", () => {
	const data = () => ({ "data/hl60-phantom.tif": phantom });

	async function expectPhantom(settings: SampleSettings, why: RegExp) {
		const sample = await make(settings).hl60();
		expect(sample).toMatchObject({ source: "phantom", synthetic: true, name: "hl60-phantom.tif" });
		expect(sample.note).toMatch(/original could not be used/);
		expect(sample.note).toMatch(why);
		expect(sample.attribution).toContain("Generated by Chunkwise");
		return sample;
	}

	test("nothing listens there", async () => {
		const { root } = await site(data());
		const hl60Url = await nowhere();
		const sample = await expectPhantom({ hl60Url, dataUrl: `${root}data/` }, /refused the connection/);
		expect(sample.note).toContain(hl60Url);
		expect(sample.bytes).toBe(phantom.length);
		expect(sample.origin).toContain(`${root}data/hl60-phantom.tif`);
	});

	test("it is not there", async () => {
		const { root } = await site(data());
		await expectPhantom(
			{ hl60Url: `${root}gone`, dataUrl: `${root}data` },
			/nothing at this address \(404\)/,
		);
	});

	test("a web page comes in its place", async () => {
		const { root } = await site({ ...data(), login: "<!doctype html><title>Log in</title>" });
		await expectPhantom({ hl60Url: `${root}login`, dataUrl: `${root}data/` }, /web page/);
	});

	test("what comes is no TIFF", async () => {
		const { root } = await site({ ...data(), text: "this is no image at all" });
		await expectPhantom({ hl60Url: `${root}text`, dataUrl: `${root}data/` }, /not the sample image/);
	});

	test("it is another TIFF", async () => {
		const other = new Uint8Array(await (await smallTiff()).arrayBuffer());
		const { root } = await site({ ...data(), other });
		await expectPhantom(
			{ hl60Url: `${root}other`, dataUrl: `${root}data/` },
			/129 pages of 363 × 212 uint16; page 0 is 4 × 3 uint16/,
		);
	});

	test("it has too few pages", async () => {
		const data16 = new Uint16Array(2 * 212 * 363);
		const short = await writeTiff({ data: data16, shape: [2, 212, 363], dtype: "uint16" });
		const { root } = await site({ ...data(), short });
		await expectPhantom({ hl60Url: `${root}short`, dataUrl: `${root}data/` }, /has 2\./);
	});

	test("it is cut off within its last page, and the answer does not show it", async () => {
		const cut = original.slice(0, original.length - 100);
		const { root } = await site({ ...data(), cut });
		await expectPhantom({ hl60Url: `${root}cut`, dataUrl: `${root}data/` }, /not the sample image/);
	});

	test("nothing comes in time, although it would be tried for longer", async () => {
		const slow = await serve(() => {});
		const { root } = await site(data());
		await expectPhantom(
			{ hl60Url: slow.url, dataUrl: `${root}data/`, firstByteTimeout: 80 },
			/sent nothing within 80 ms/,
		);
	});

	test("the machine has no network: nothing is tried, the phantom is made here", async () => {
		vi.stubGlobal("navigator", { onLine: false });
		onTestFinished(() => {
			vi.unstubAllGlobals();
		});
		let requests = 0;
		const fetch = () => {
			requests++;
			return Promise.reject(new TypeError("Failed to fetch"));
		};
		const dataUrl = "https://course.example/data/";
		const sample = await expectPhantom({ dataUrl, fetch }, /not connected to a network/);
		expect(requests).toBe(0);
		expect(sample.origin).toContain("generated on this machine");
		expect(sample.bytes).toBe(phantom.length);
	});

	test("a copy kept from before answers without a network", async () => {
		const { root } = await site({ original });
		const cache = memoryFileCache();
		const hl60Url = `${root}original`;
		await make({ hl60Url, cache }).hl60();
		vi.stubGlobal("navigator", { onLine: false });
		onTestFinished(() => {
			vi.unstubAllGlobals();
		});
		expect((await make({ hl60Url, cache }).hl60()).source).toBe("original");
	});
});

describe("the phantom", () => {
	test("that is preferred comes without asking for the original, and is kept", async () => {
		const { root, asked } = await site({ original, "data/hl60-phantom.tif": phantom });
		const samples = make({ hl60Url: `${root}original`, dataUrl: `${root}data/`, prefer: "phantom" });
		const first = await samples.hl60();
		const second = await samples.hl60();
		expect(first.note).toBeUndefined();
		expect(second).toMatchObject({ source: "phantom", bytes: phantom.length });
		expect(asked()).toEqual(["data/hl60-phantom.tif"]);
	});

	test("is made here, once, where the site does not serve it", async () => {
		const { root } = await site({});
		const progress: Progress[] = [];
		const samples = make({ dataUrl: `${root}data/`, prefer: "phantom" });
		const sample = await samples.hl60({ onProgress: (p) => progress.push(p) });
		expect(await holds(sample.blob, phantom)).toBe(true);
		expect(progress.some((p) => p.label.includes("synthetic phantom"))).toBe(true);
		expect(sample.origin).toContain("generated");
		expect((await samples.hl60()).origin).toMatch(/^kept/);
	});

	test("is made here where the site serves something else by its name", async () => {
		const { root } = await site({ "data/hl60-phantom.tif": original });
		const sample = await make({ dataUrl: `${root}data/`, prefer: "phantom" }).hl60();
		expect(sample.origin).toContain("generated");
	});
});

describe("a TIFF of the reader's own", () => {
	test("takes the sample's place, and leaves it again", async () => {
		const { root, asked } = await site({ original });
		const samples = make({ hl60Url: `${root}original` });
		const blob = await smallTiff();
		const used = await samples.use(blob, "mine.tif");
		const sample = await samples.hl60();
		expect(used).toEqual(sample);
		expect(sample).toMatchObject({ source: "own", synthetic: false, name: "mine.tif", bytes: blob.size });
		expect(asked()).toEqual([]);
		expect((await samples.hl60({ prefer: "auto" })).source).toBe("original");
		samples.configure({ prefer: "auto" });
		expect((await samples.hl60()).source).toBe("original");
	});

	test("is preferred when it is configured without a preference, and not when another one is given", async () => {
		const { root } = await site({ original });
		const own = { blob: await smallTiff(), name: "mine.tif" };
		const samples = make({ hl60Url: `${root}original`, prefer: "phantom" });
		samples.configure({ own });
		expect((await samples.hl60()).source).toBe("own");
		samples.configure({ own, prefer: "auto" });
		expect((await samples.hl60()).source).toBe("original");
	});

	test("that is no TIFF is refused by name, and nothing changes", async () => {
		const { root } = await site({ original });
		const samples = make({ hl60Url: `${root}original` });
		const error = await failing(samples.use(new Blob(["<html>"]), "page.tif"));
		expect(error.code).toBe("not-a-tiff");
		expect(error.where).toContain("page.tif");
		expect((await samples.hl60()).source).toBe("original");
	});

	test("that is no TIFF and was configured fails where it is asked for", async () => {
		const samples = make({ own: { blob: new Blob(["text"]), name: "notes.txt" }, prefer: "own" });
		expect((await failing(samples.hl60())).code).toBe("not-a-tiff");
	});

	test.skipIf(!fixturesDir)("in colour is refused", async () => {
		const blob = new Blob([readFileSync(fixture("tiff/pillow/tiff_16bit_RGB.tiff"))]);
		expect((await failing(make({}).use(blob, "colour.tif"))).code).toBe("own-not-grey");
	});

	test("that is wanted before it was chosen says what to do", async () => {
		expect((await failing(make({ prefer: "own" }).hl60())).code).toBe("no-own-image");
	});
});

test("an abort ends the call and does not bring the phantom", async () => {
	const server = await serve((_, response) => {
		response.writeHead(200, { "Content-Length": original.length });
		response.write(original.subarray(0, 1000));
	});
	const controller = new AbortController();
	const reason = new Error("stopped by the reader");
	const call = make({ hl60Url: server.url }).hl60({
		signal: controller.signal,
		onProgress: ({ done }) => done > 0 && controller.abort(reason),
	});
	await expect(call).rejects.toBe(reason);
});

describe("a sample's display", () => {
	test("says which image answered, that it is synthetic, and why", async () => {
		const { root } = await site({ "data/hl60-phantom.tif": phantom });
		const sample = await make({ hl60Url: `${root}gone`, dataUrl: `${root}data/` }).hl60();
		const model = sample[displaySymbol]();
		expect(model.title).toBe("<Sample 'hl60-phantom.tif'> synthetic phantom");
		const rows = new Map(model.sections[0].rows.map(([label, text]) => [label, text]));
		expect(rows.get("what")).toContain("synthetic");
		expect(rows.get("why")).toContain("404");
		expect(rows.get("size")).toBe("8.29 MiB, TIFF");
		expect(rows.get("attribution")).toContain("Svoboda");
		expect(model.text).toContain("404");
		expect(sample.toString()).toBe(model.text);
	});

	test("of the original names BBBC024 and claims no reality", async () => {
		const { root } = await site({ original });
		const { text } = (await make({ hl60Url: `${root}original` }).hl60())[displaySymbol]();
		expect(text).toContain("BBBC024");
		expect(text).toContain("simulation");
		expect(text).not.toContain("why");
	});
});
