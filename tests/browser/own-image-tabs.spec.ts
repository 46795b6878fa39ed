/** "Your own image" in two tabs at once: one conversion is kept in a browser, and neither tab loses or mixes it. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright/test";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { zipStore } from "../../src/lib/stores/zip.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { path, press, privateFiles, said, step, withoutDialogs } from "./own-image-page.ts";
import { expect, test } from "./site.ts";

/** Values that say which of the two files they are of. */
async function tiff(name: string, planes: number, value: (i: number) => number) {
	const shape = [planes, 512, 512];
	const data = Uint16Array.from({ length: planes << 18 }, (_, i) => value(i));
	return {
		data,
		file: {
			name,
			mimeType: "image/tiff",
			buffer: Buffer.from(await writeTiff({ data, shape, dtype: "uint16" }, { deflate: false })),
		},
	};
}

async function open(page: Page, root: string): Promise<void> {
	await withoutDialogs(page);
	await page.goto(root + path);
}

async function choose(page: Page, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
	await page.locator("input[name=file]").setInputFiles(file);
	await expect(said(page, "file-said")).toContainText(`${file.name} is open`);
}

test("while one tab converts, the other is told, and changes nothing", async ({ page, site }) => {
	test.setTimeout(180_000);
	const long = await tiff("long.tif", 96, (i) => 500 + (Math.imul(i, 2654435761) >>> 22));
	const short = await tiff("short.tif", 2, (i) => i & 255);
	await open(page, site.url);
	await choose(page, long.file);
	await page.locator("select[name=codec]").selectOption("gzip");
	await press(page, "Convert");
	await expect(said(page, "progress")).toContainText(/Chunks[1-9]/, { timeout: 60_000 });
	// What the other tab does is not to be overtaken by the end of this conversion.
	await press(page, "Pause");
	await expect(said(page, "convert-said")).toContainText("Paused");

	const other = await page.context().newPage();
	await open(other, site.url);
	await expect(said(other, "kept")).toContainText("The conversion of long.tif was interrupted");
	await choose(other, short.file);
	await press(page, "Convert");
	await expect(said(other, "kept")).toContainText("long.tif is being converted in another tab");
	await expect(said(other, "kept").getByRole("button", { name: "Go on" })).toBeHidden();
	await press(other, "Convert");
	await expect(said(other, "convert-said")).toContainText("is being converted in another tab");

	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 120_000 });
	await expect(said(other, "kept")).toContainText("long.ome.zarr");
	const download = page.waitForEvent("download");
	await press(page, "Save as one file");
	const store = await zipStore(new Blob([readFileSync(await (await download).path())]));
	expect((await validateStore(store)).valid).toBe(true);
	const { data } = await (await openArray(store, "scale0/long")).read();
	expect(Buffer.compare(Buffer.from(data.buffer), Buffer.from(long.data.buffer))).toBe(0);

	// The other tab puts another image in its place, after it was asked; the first one does not show what is gone.
	await press(other, "Convert");
	await expect(said(other, "convert-said")).toContainText("This replaces long.ome.zarr");
	await press(other, "Convert");
	await expect(said(other, "convert-said")).toContainText("Done in", { timeout: 60_000 });
	await expect(said(page, "file-said")).toContainText("long.ome.zarr was removed or replaced in another tab");
	await expect(step(page, "result")).toBeHidden();
	await expect(said(page, "kept")).toContainText("short.ome.zarr");
	await press(page, "Show the result");
	await expect(step(page, "result").locator("[data-opened=short]")).toBeVisible({ timeout: 20_000 });

	// Removed there, gone here.
	await press(other, "Remove it from this browser");
	await expect(said(page, "file-said")).toContainText(
		"short.ome.zarr was removed or replaced in another tab",
	);
	expect(await privateFiles(page)).toEqual([]);
});

test("a result that is being saved is not removed, in either tab", async ({ page, site }) => {
	await open(page, site.url);
	const { file } = await tiff("short.tif", 2, (i) => i & 255);
	await choose(page, file);
	await press(page, "Convert");
	await expect(said(page, "convert-said")).toContainText("Done in", { timeout: 60_000 });
	const other = await page.context().newPage();
	await open(other, site.url);
	await press(other, "Show the result");
	await expect(step(other, "result")).toBeVisible();

	// A bucket that does not answer until it is let.
	let answer = () => {};
	const waiting = new Promise<void>((resolve) => {
		answer = resolve;
	});
	await page.context().route("http://127.0.0.1:9/**", async (route) => {
		await waiting;
		await route.abort();
	});
	await page.getByText("Put it into an S3 bucket").click();
	await page.locator("input[name=endpoint]").fill("http://127.0.0.1:9");
	await page.locator("input[name=bucket]").fill("images");
	await press(page, "Put it there");
	await expect(said(page, "saving")).toBeVisible();
	for (const tab of [other, page]) {
		await press(tab, "Remove it from this browser");
		await expect(said(tab, "save-error")).toContainText("The result is being saved or looked at");
	}
	await press(page, "Stop");
	answer();
	await expect(said(page, "save-said")).toContainText("Stopped");
	await press(other, "Remove it from this browser");
	await expect(said(other, "file-said")).toContainText("Removed from this browser");
	expect(await privateFiles(page)).toEqual([]);
});
