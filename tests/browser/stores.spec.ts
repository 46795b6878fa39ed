/** Stores that only a browser has, in a real one: the contract, several tabs at one store, cleared and full storage. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test as base, expect, type Page } from "playwright/test";
import { drop, dropped, StoresWorker, serveStoresWorker } from "../support/stores-page.ts";
import type { StoreCalls } from "../support/stores-worker.ts";

const test = base.extend<{ open: () => Promise<Page>; worker: StoresWorker }, { served: { url: string } }>({
	served: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
		async ({}, use) => {
			const served = await serveStoresWorker();
			await use(served);
			await served.close();
		},
		{ scope: "worker" },
	],
	/** A tab of one browser: its tabs share the storage. */
	open: async ({ context, served }, use) => {
		await use(async () => {
			const page = await context.newPage();
			await page.goto(served.url);
			return page;
		});
	},
	worker: async ({ open }, use) => use(await StoresWorker.start(await open())),
});

test("the contract of a store holds in a worker", async ({ worker }) => {
	const results = await worker.call("contract");
	expect(results.filter(({ error }) => error)).toEqual([]);
	expect(results.length).toBeGreaterThan(90);
});

test("one tab writes, another waits, or is told; readers are not held up", async ({ open }) => {
	const [a, b] = [await StoresWorker.start(await open()), await StoresWorker.start(await open())];
	await a.call("write", "shared", "v", [1]);
	await a.call("hold", "shared");
	await expect(b.call("write", "shared", "v", [2], 50)).rejects.toThrow("storage-busy");
	expect(await b.call("read", "shared", "v")).toEqual([1]);
	await b.call("write", "other", "v", [3]);
	const waiting = b.call("write", "shared", "v", [4], 30_000);
	await a.call("letGo");
	await waiting;
	expect(await a.call("read", "shared", "v")).toEqual([4]);
});

test("a worker that is stopped gives the store back, with whole values only", async ({ open }) => {
	const page = await open();
	const [a, b] = [await StoresWorker.start(page), await StoresWorker.start(await open())];
	const never = a.call("rewrite", "crash", 100_000);
	never.catch(() => {});
	await expect.poll(async () => (await b.call("list", "crash").catch(() => [])).length).toBeGreaterThan(5);
	await a.terminate();
	await b.call("write", "crash", "after", [...new Uint8Array(200_000)], 30_000);
	const { keys, torn } = await b.call("inspect", "crash");
	expect(keys).toBeGreaterThan(5);
	expect(torn).toBe(0);
	expect(await b.call("leftovers", "crash")).toBe(0);
});

test("a reader never meets a part of a value, new or replaced", async ({ open }) => {
	const [a, b] = [await StoresWorker.start(await open()), await StoresWorker.start(await open())];
	await a.call("rewrite", "torn", 1);
	const [, { reads, torn }] = await Promise.all([
		a.call("rewrite", "torn", 60),
		b.call("readWhile", "torn", 100),
	]);
	expect(reads).toBe(100);
	expect(torn).toBe(0);
});

test("cleared storage is told from empty storage", async ({ worker }) => {
	expect(await worker.call("cleared", "cleared")).toEqual({
		never: "store-absent",
		new: "false",
		absentBefore: "fine",
		get: "store-gone",
		list: "store-gone",
		set: "store-gone",
		open: "store-evicted",
		again: "true",
		removed: "store-absent",
	});
});

test("no room left, in numbers", async ({ open, context }) => {
	const page = await open();
	const worker = await StoresWorker.start(page);
	expect(await worker.call("storage")).toMatchObject({ persisted: false, kept: false });
	const session = await context.newCDPSession(page);
	const origin = new URL(page.url()).origin;
	await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 8 * 2 ** 20 });
	const full = await worker.call("fill", "full", 20);
	expect(full).toMatchObject({ code: "storage-full", sizes: [2 ** 20] });
	// The estimate goes on telling the quota without the override.
	expect(full?.remedy).toMatch(/This site uses 7\.\d\d MiB of \d.* [MG]iB\.$/);
});

test.describe("a long listing", () => {
	const count = 6000;
	const all = Array.from({ length: count }, (_, i) => `c/0/${Math.floor(i / 1000)}/${i % 1000}`);
	const found = {
		keys: all,
		same: true,
		rows: expect.arrayContaining([0, 1, 2, 3, 4, 5].map((row) => `c/0/${row}/`)),
		part: all.filter((key) => key.startsWith("c/0/3/9")),
		stopped: "enough",
		pages: 3,
	};

	test("goes on in a worker of its own, in a worker and in a page, which ends with it", async ({ open }) => {
		const page = await open();
		const worker = await StoresWorker.start(page);
		await worker.call("makeMany", "many", count);
		const said = [
			[1, 1],
			[2, 2],
			[3, 3],
			[5, 5],
		];
		expect(await worker.call("listLarge", "many", "made")).toEqual({ ...found, said });
		const inPage = await page.evaluate(async () => {
			const script = "/worker.js";
			await import(script);
			return (globalThis as never as { storeCalls: StoreCalls }).storeCalls.listLarge("many", "made");
		});
		expect(inPage).toEqual({ ...found, said });
	});

	test("gives the same where no worker can be made", async ({ open }) => {
		const page = await open();
		await (await StoresWorker.start(page)).call("makeMany", "many", count);
		for (const [how, made] of [
			["absent", 0],
			["refused", 0],
			["not found", 1],
		] as const) {
			const result = await (await StoresWorker.start(page)).call("listLarge", "many", how);
			expect(result, how).toEqual({ ...found, said: Array.from({ length: 4 }, () => [made, made]) });
		}
	});
});

test("a folder chosen by an input element", async ({ open }, info) => {
	const page = await open();
	const folder = info.outputPath("image.zarr");
	mkdirSync(join(folder, "c/0"), { recursive: true });
	writeFileSync(join(folder, "zarr.json"), "{}");
	writeFileSync(join(folder, "c/0/10"), "12345");
	await page.setContent("<input type=file webkitdirectory>");
	await page.setInputFiles("input", folder);
	const paths = await page.evaluate(() =>
		[...(document.querySelector("input")?.files ?? [])].map((file) => file.webkitRelativePath).sort(),
	);
	// The form that fileListStore takes; the contract runs over files with such paths.
	expect(paths).toEqual(["image.zarr/c/0/10", "image.zarr/zarr.json"]);
});

test("a folder of this computer that is dropped on the page, read in a worker", async ({ open }, info) => {
	const folder = info.outputPath("image µ.zarr");
	mkdirSync(join(folder, "c/0"), { recursive: true });
	writeFileSync(join(folder, "zarr.json"), "{}");
	writeFileSync(join(folder, "c/0/10"), "12345");
	const page = await open();
	const worker = await StoresWorker.start(page);
	await drop(page, folder);
	expect(await worker.call("openFolder", dropped)).toBe("<DirectoryReader 'image µ.zarr'>");
	expect(await worker.call("readFolder", "/c/0/10")).toEqual({
		keys: ["c/0/10", "zarr.json"],
		names: ["c", "zarr.json"],
		value: "12345",
		part: "23",
		end: "45",
		size: 5,
	});
	expect(await worker.call("readFolder", "/c/0/9")).toMatchObject({ keys: ["c/0/10", "zarr.json"] });
	// Another program writes to it.
	writeFileSync(join(folder, "c/0/10"), "678");
	writeFileSync(join(folder, "c/0/9"), "9");
	expect(await worker.call("readFolder", "/c/0/10")).toMatchObject({
		keys: ["c/0/9", "c/0/10", "zarr.json"],
		value: "678",
		end: "78",
		size: 3,
	});
	expect(await worker.call("writeFolder", dropped)).toBe("storage-denied");
	rmSync(folder, { recursive: true });
	// A value's absence is believed for a moment, since the last look at the folder itself.
	await expect
		.poll(() => worker.call("failureOfFolder", "/c/0/10"))
		.toEqual({ get: "store-gone", list: "store-gone" });
});

test("writes end, however often the garbage collector runs meanwhile", async ({ worker }) => {
	expect(await worker.call("pressure", "pressure")).toBe(90);
});

test("an address that another site may not read, one that is empty, and one where nobody answers", async ({
	worker,
}) => {
	const node = '{"zarr_format":3,"node_type":"group","attributes":{}}';
	const server = createServer((request, response) => {
		if (request.url?.startsWith("/open/")) response.setHeader("Access-Control-Allow-Origin", "*");
		const found = request.url?.endsWith(".zarr/zarr.json");
		response.writeHead(found ? 200 : 404).end(found ? node : "");
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
	expect(await worker.call("infoAt", `${root}/open/a.zarr`)).toMatchObject({ format: "zarr" });
	expect(await worker.call("infoAt", `${root}/open/nothing`)).toMatchObject({ code: "not-zarr" });
	const closed = await worker.call("infoAt", `${root}/a.zarr`);
	expect(closed).toMatchObject({ code: "http-unreachable" });
	server.closeAllConnections();
	await new Promise((done) => server.close(done));
	const gone = await worker.call("infoAt", `${root}/open/a.zarr`);
	expect(gone).toMatchObject({ code: "http-unreachable" });
	// A browser does not tell the two apart: both causes are named, with what to do.
	for (const found of [closed, gone]) expect(JSON.stringify(found)).toMatch(/CORS/);
});
