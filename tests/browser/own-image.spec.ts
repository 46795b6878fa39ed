/** "Your own image": a TIFF seen, converted, validated, viewed and saved, all in the browser. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright/test";
import { bucketEngine } from "../../src/lib/bucket/engine.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { s3Store } from "../../src/lib/stores/s3.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { zipStore } from "../../src/lib/stores/zip.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { cli } from "../support/cli.ts";
import { serveBucket } from "../unit/bucket-server.ts";
import { violations } from "./axe.ts";
import { path, press, privateFiles, said, step, withoutDialogs } from "./own-image-page.ts";
import { expect, test } from "./site.ts";

async function openSample(page: Page, root: string): Promise<void> {
	await page.goto(root + path);
	await press(page, "Use the sample");
	await expect(said(page, "facts")).toContainText("129 × 212 × 363");
}

async function convertSample(page: Page, root: string): Promise<void> {
	await openSample(page, root);
	await page.getByLabel("Name", { exact: true }).fill("cells");
	await press(page, "Convert");
	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 60_000 });
}

/** The saved zip file. */
async function save(page: Page): Promise<{ name: string; store: ReadableStore }> {
	const download = page.waitForEvent("download");
	await press(page, "Save as one file");
	const saved = await download;
	return {
		name: saved.suggestedFilename(),
		store: await zipStore(new Blob([readFileSync(await saved.path())])),
	};
}

/** Every value by its key. */
async function values(store: ReadableStore): Promise<Record<string, string>> {
	const found: Record<string, string> = {};
	for (const key of await listKeys(store)) {
		found[key] = Buffer.from((await store.get(`/${key}`)) as Uint8Array).toString("base64");
	}
	return found;
}

test("the sample is seen, converted, validated, viewed and saved as one file", async ({ page, site }) => {
	await withoutDialogs(page);
	await convertSample(page, site.url);
	await expect(step(page, "seen").locator(".cw-picture canvas").first()).toBeVisible();
	const result = step(page, "result");
	await expect(result.locator("[data-opened=cells]")).toBeVisible({ timeout: 20_000 });
	await result.getByText("Is it valid?").click();
	await expect(result.locator(".cw-own-valid")).toContainText("It follows OME-NGFF 0.5");
	await result.getByText("What was written").click();
	await expect(said(page, "inspect")).toContainText("zarr.json");
	expect(await violations(page)).toEqual([]);

	const { name, store } = await save(page);
	expect(name).toBe("cells.ozx");
	expect((await validateStore(store)).valid).toBe(true);
	const { data } = await (await openArray(store, "scale0/cells")).read();
	const tiff = await openTiff(readFileSync("public/data/hl60-phantom.tif"));
	const pixels = (await tiff.readStack()).data;
	expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(pixels.buffer))).toBe(0);

	// Still there on another day, and gone when it is removed.
	await page.reload();
	await expect(said(page, "kept")).toContainText("cells.ome.zarr");
	await press(page, "Show the result");
	await expect(result.locator("[data-opened=cells]")).toBeVisible({ timeout: 20_000 });
	await press(page, "Remove it from this browser");
	await expect(said(page, "file-said")).toContainText("Removed");
	expect(await privateFiles(page)).toEqual([]);
});

test("a stack of 64 MiB is paused, gone on with after a reload, and is what its command makes", async ({
	page,
	site,
}) => {
	test.setTimeout(240_000);
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-own-"));
	const file = join(folder, "stack.tif");
	const shape = [32, 1024, 1024];
	const data = Uint16Array.from(
		{ length: 32 << 20 },
		(_, i) => 90 + (i >> 14) + (Math.imul(i, 2654435761) >>> 27),
	);
	writeFileSync(file, await writeTiff({ data, shape, dtype: "uint16" }, { deflate: false }));
	await withoutDialogs(page);
	await page.goto(site.url + path);
	await page.locator("input[name=file]").setInputFiles(file);
	await expect(said(page, "unsized")).toContainText("No unit is known along z, y, x");
	for (const [dim, size] of [
		["z", "0.5"],
		["y", "0.325"],
		["x", "0.325"],
	]) {
		await page.locator(`input[name=scale-${dim}]`).fill(size);
		await page.locator(`select[name=unit-${dim}]`).selectOption("micrometer");
	}
	await expect(said(page, "unsized")).toBeHidden();
	await page.locator("input[name=chunk-z]").fill("16");
	await expect(step(page, "store").locator("[data-act=advise]")).toBeVisible();
	await page.locator("input[name=shards]").check();
	await press(page, "Convert");
	const progress = said(page, "progress");
	await expect(progress).toContainText(/Chunks[1-9]/, { timeout: 60_000 });
	await press(page, "Pause");
	await expect(said(page, "convert-said")).toContainText("Paused");

	await page.reload();
	await expect(said(page, "kept")).toContainText("The conversion of stack.tif was interrupted");
	await press(page, "Go on");
	await expect(said(page, "file-said")).toContainText("Choose stack.tif again");
	await page.locator("input[name=file]").setInputFiles(file);
	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 120_000 });
	const { store } = await save(page);

	// The page's own command, run by Node.
	await page.locator("summary", { hasText: "The same on the command line" }).click();
	const call = await said(page, "commands").locator("code").first().textContent();
	const words = (call ?? "").replace(/\\\n/g, " ").split(/\s+/).slice(2);
	expect(words).toContain("--shards");
	expect(words).toContain("0.5,0.325,0.325");
	const { code, stderr } = await cli(folder, ...words);
	expect(stderr.replace(/[^\n]*\r/g, "").trim()).toBe("");
	expect(code).toBe(0);
	const [out] = readdirSync(folder).filter((name) => name.endsWith(".ome.zarr"));
	expect(await values(store)).toEqual(await values(folderStore(join(folder, out))));

	// Another one, cancelled: nothing is left of it.
	await page.locator("select[name=codec]").selectOption("gzip");
	await press(page, "Convert");
	await expect(said(page, "convert-said")).toContainText("This replaces stack.ome.zarr");
	await press(page, "Convert");
	await expect(progress).toContainText(/Chunks[1-9]/, { timeout: 60_000 });
	await press(page, "Cancel and remove");
	await expect(said(page, "convert-said")).toContainText("Cancelled");
	expect(await privateFiles(page)).toEqual([]);
	rmSync(folder, { recursive: true, force: true });
});

test("a file that is dropped is the tool's, not the cells'", async ({ page, site }) => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-"));
	try {
		const file = join(folder, "dropped.tif");
		const data = Uint16Array.from({ length: 4 * 32 * 32 }, (_, i) => i);
		writeFileSync(file, await writeTiff({ data, shape: [4, 32, 32], dtype: "uint16" }));
		await page.goto(site.url + path);
		const place = page.locator(".cw-own-drop");
		await place.scrollIntoViewIfNeeded();
		const { x, y } = (await place.boundingBox()) as { x: number; y: number };
		const session = await page.context().newCDPSession(page);
		const dropped = { items: [], files: [file], dragOperationsMask: 1 };
		for (const type of ["dragEnter", "dragOver", "drop"] as const)
			await session.send("Input.dispatchDragEvent", { type, x: x + 30, y: y + 30, data: dropped });
		await expect(said(page, "facts")).toContainText("4 × 32 × 32");
		await expect(page.locator("chunkwise-sample")).toHaveCount(0);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});

test("a full storage is told with numbers, nothing is lost, and it goes on when there is room", async ({
	page,
	site,
}) => {
	await openSample(page, site.url);
	const session = await page.context().newCDPSession(page);
	const { origin } = new URL(site.url);
	const quota = (quotaSize?: number) => session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize });
	await quota(3 * 2 ** 20);
	await press(page, "Convert");
	const error = said(page, "convert-error");
	await expect(error).toContainText(/The storage is full after .*MiB of a result of at most 21\.28 MiB/, {
		timeout: 60_000,
	});
	await expect(error).toContainText(/The browser gives this site .*iB, of which .*iB are used/);
	await expect(error).toContainText("What is done is kept");
	await quota();
	await press(page, "Convert");
	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 60_000 });
});

test("the result goes into folders and a bucket, and what does not work says why", async ({ page, site }) => {
	// Folders of the private file system stand for picked ones: a browser's dialog cannot be answered.
	await page.addInitScript(() => {
		const pick = async () =>
			(await navigator.storage.getDirectory()).getDirectoryHandle("picked", { create: true });
		Object.assign(window, { showDirectoryPicker: pick });
	});
	await page.goto(site.url + path);
	const input = page.locator("input[name=file]");
	await input.setInputFiles({ name: "scan.czi", mimeType: "", buffer: Buffer.from("ZISRAWFILE and more") });
	await expect(said(page, "file-said")).toContainText(
		"“scan.czi” is in Zeiss’s format, and this page reads TIFF.",
	);
	await expect(said(page, "file-said")).toContainText("bioformats2raw");
	await expect(step(page, "convert")).toBeHidden();

	// Straight into a folder.
	await press(page, "Use the sample");
	await page.getByLabel("Name", { exact: true }).fill("straight");
	await page.getByLabel("Write to").selectOption("folder");
	await press(page, "Convert");
	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 60_000 });
	await expect(step(page, "result").locator("[data-opened=straight]")).toBeVisible({ timeout: 20_000 });
	const inside = () =>
		page.evaluate(async () => {
			const picked = await (await navigator.storage.getDirectory()).getDirectoryHandle("picked");
			const names: string[] = [];
			for await (const name of picked.keys()) names.push(name);
			return names;
		});
	expect(await inside()).toEqual(["straight.ome.zarr"]);
	// A second one of that name is refused before anything is written.
	await page.locator("select[name=codec]").selectOption("gzip");
	await press(page, "Convert");
	await expect(said(page, "convert-error")).toContainText(
		"There is a folder “straight.ome.zarr” already in “picked”.",
	);

	// Converted here, then copied.
	await page.getByLabel("Write to").selectOption("browser");
	await page.getByLabel("Name", { exact: true }).fill("copied");
	await page.locator("select[name=format]").selectOption("ome-zarr-0.4");
	await press(page, "Convert");
	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 60_000 });
	await press(page, "Save as a folder…");
	await expect(said(page, "save-said")).toContainText(/Saved \d+ files, .* in the folder “picked”/, {
		timeout: 60_000,
	});
	expect((await inside()).sort()).toEqual(["copied.ome.zarr", "straight.ome.zarr"]);

	// Into a bucket: first one that does not answer pages of other sites.
	const objects = memoryStore();
	const engine = bucketEngine(objects, { name: "images" });
	const closed = await serveBucket(async (request) => {
		const { status, body } = await engine(request);
		return new Response(body, { status });
	});
	const open = await serveBucket(engine);
	await page.getByText("Put it into an S3 bucket").click();
	const form = page.locator("[data-part=bucket-form]");
	const fill = (name: string, value: string) => form.locator(`input[name=${name}]`).fill(value);
	await fill("endpoint", closed.url);
	await fill("bucket", "images");
	await fill("prefix", "lab/2026");
	await fill("accessKeyId", "reader");
	await fill("secretAccessKey", "a-secret-of-a-test");
	await press(page, "Put it there");
	await expect(said(page, "save-error")).toContainText(
		"does not allow pages of other sites to write to it (CORS)",
		{ timeout: 60_000 },
	);
	await expect(said(page, "save-error")).toContainText(new URL(site.url).origin);
	await fill("endpoint", open.url);
	await press(page, "Put it there");
	await expect(said(page, "save-said")).toContainText(
		`objects are at ${open.url}/images/lab/2026/copied.ome.zarr`,
		{ timeout: 60_000 },
	);
	expect(
		open.requests
			.filter(({ method }) => method === "PUT")
			.every(({ headers }) => /Signature=/.test(headers.authorization)),
	).toBe(true);
	expect(JSON.stringify(await page.evaluate(() => ({ ...localStorage })))).not.toContain(
		"a-secret-of-a-test",
	);
	const there = s3Store({ endpoint: open.url, bucket: "images", prefix: "lab/2026/copied.ome.zarr" });
	expect(await validateStore(there)).toMatchObject({ valid: true, version: "0.4" });
	expect((await (await openArray(there, "scale0/copied")).read()).shape).toEqual([129, 212, 363]);
	// Metadata of the root came last.
	const puts = open.requests.filter(({ method }) => method === "PUT").map(({ url }) => url);
	expect(puts.at(-1)).toMatch(/copied\.ome\.zarr\/\.z(group|attrs)$/);
	await press(page, "Put it there");
	await expect(said(page, "save-error")).toContainText("There is an image at", { timeout: 60_000 });
	closed.close();
	open.close();
});
