/** Inside a chunk, and the compression lab: the library's codecs in a worker, by mouse, keys and on a phone. */
import type { Locator, Page } from "playwright/test";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { writeZip } from "../../src/lib/stores/zip-write.ts";
import { buildTiff, testValues } from "../unit/tiff-builder.ts";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const path = "guide/figures/";
/** One page of 70 rows. */
const page90 = { width: 90, height: 70, dtype: "uint16", values: testValues("uint16", 6300) } as const;
const figure = (page: Page, name: string): Locator => page.locator(`cw-figure[data-figure="${name}"]`);

async function said(place: Locator): Promise<string> {
	return ((await place.textContent()) ?? "").replace(/\s+/g, " ").trim();
}

/** Turns to a figure, as a reader does, and waits until it is alive. */
async function awake(page: Page, name: string): Promise<Locator> {
	const found = figure(page, name);
	await found.scrollIntoViewIfNeeded();
	await found.dispatchEvent("pointerenter");
	await expect(found).toHaveAttribute("data-ready", "");
	return found;
}

const bytesOf = (text: string) => {
	const [, number, unit] = /([\d.]+) (B|KiB|MiB)/.exec(text) ?? [];
	return Number(number) * { B: 1, KiB: 1024, MiB: 1024 ** 2 }[unit as "B"];
};

test.describe("inside a chunk", () => {
	const stored = (host: Locator) => host.locator('[data-step="compressor"] .cw-inside-size b');
	const ready = async (host: Locator) => {
		await expect(host).toHaveAttribute("data-measured", /./, { timeout: 60_000 });
		await expect(host).not.toHaveAttribute("aria-busy", "true", { timeout: 60_000 });
	};

	test("changes codec, shuffle and level, and says the same in words", async ({ page, site }) => {
		await page.goto(site.url + path);
		const host = await awake(page, "inside-chunk");
		const before = await said(stored(host));
		await ready(host);
		// The worker's bytes are those of the build.
		expect(await said(stored(host))).toBe(before);
		await expect(host.locator('[data-reading="encode"] dd')).toContainText("MiB/s");

		const [, kept, plain] = /([\d.]+ \w+) of ([\d.]+ \w+)/.exec(
			await said(host.locator('[data-reading="stored"] dd')),
		) as RegExpExecArray;
		expect(plain).toBe("256.00 KiB");
		const ratio = await said(host.locator('[data-reading="ratio"] dd'));
		expect(Number.parseFloat(ratio)).toBeCloseTo(bytesOf(plain) / bytesOf(kept), 1);
		// All bytes of the plane, twice as wide, and each byte plane by itself.
		const pictures = host.locator(".cw-inside-pictures img");
		const drawn = await pictures.evaluateAll((images) =>
			images.map((image) => {
				const { naturalWidth, naturalHeight, src } = image as HTMLImageElement;
				return { size: [naturalWidth, naturalHeight], src };
			}),
		);
		expect(drawn.map(({ size }) => size)).toEqual([
			[128, 64],
			[64, 64],
			[64, 64],
		]);
		expect(new Set(drawn.map(({ src }) => src)).size).toBe(3);
		const hex = () => said(host.locator('[data-step="compressor"]'));
		const firstBytes = await hex();

		await host.getByRole("radio", { name: "none" }).nth(1).check({ force: true });
		await expect(host.locator('[data-step="shuffle"] .cw-inside-name')).toHaveText("Shuffle: none");
		const unshuffled = await said(stored(host));
		expect(bytesOf(unshuffled)).toBeGreaterThan(bytesOf(before));
		expect(await hex()).not.toBe(firstBytes);

		await host.getByRole("radio", { name: "gzip" }).check({ force: true });
		await expect(host.locator('[data-step="compressor"] .cw-inside-name')).toHaveText("gzip 5");
		await expect(host.locator(".cw-inside-note")).toContainText("has no shuffle");
		await expect(host.getByRole("group", { name: "Shuffle" }).getByRole("radio").first()).toBeDisabled();
		await expect(host.locator('.cw-inside-form[data-form="zarr"]')).toContainText("magic number");
		const status = await said(host.locator(".cw-fig-status"));
		expect(status).toContain("With gzip, level 5");
		expect(status).toContain(await said(stored(host)));
		expect(status).toContain("On this machine:");
		await expect(host.locator("tbody tr", { hasText: "gzip 5" })).toContainText(await said(stored(host)));

		const bytes = await pictures.nth(1).getAttribute("src");
		await host.getByRole("radio", { name: "differences" }).check({ force: true });
		await expect(host.locator('[data-step="filter"] .cw-inside-name')).toContainText(/differences|delta/i);
		await expect(pictures.nth(1)).not.toHaveAttribute("src", bytes ?? "");
	});

	test("goes by keyboard, and decodes N5's header and a shard's index", async ({ page, site }) => {
		await page.goto(site.url + path);
		const host = figure(page, "inside-chunk");
		await host.getByRole("slider", { name: "Level" }).focus();
		await expect(host).toHaveAttribute("data-ready", "");
		await page.keyboard.press("End");
		await expect(host.locator('[data-step="compressor"] .cw-inside-name')).toHaveText("Blosc LZ4 9", {
			timeout: 60_000,
		});
		const forms = host.locator(".cw-inside-form");
		await expect(forms.nth(0)).toBeVisible();
		await expect(forms.nth(1)).toBeHidden();
		await host.getByRole("radio", { name: "Zarr chunk" }).focus();
		await page.keyboard.press("ArrowRight");
		await expect(forms.nth(1)).toBeVisible();
		await expect(forms.nth(0)).toBeHidden();
		await expect(forms.nth(1).getByRole("row", { name: /size along z/ })).toContainText("00 00 00 20");
		await page.keyboard.press("ArrowRight");
		await expect(forms.nth(2).locator(".cw-hex-fields tbody tr")).toHaveCount(9);
		await expect(forms.nth(2)).toContainText("it fits");
	});

	test("is whole without a script, and on a phone", async ({ site, browser }) => {
		const page = await browser.newPage({ javaScriptEnabled: false, viewport: { width: 360, height: 800 } });
		await page.goto(site.url + path);
		const host = figure(page, "inside-chunk");
		await expect(host.locator(".cw-inside-step")).toHaveCount(4);
		for (const form of await host.locator(".cw-inside-form").all()) await expect(form).toBeVisible();
		expect(await host.evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(
			0,
		);
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
		await page.close();
	});
});

test.describe("compression lab", () => {
	test("measures each codec in a worker, and stops when the reader says so", async ({ page, site }) => {
		await page.goto(site.url + path);
		const host = await awake(page, "compression-lab");
		const start = host.getByRole("button", { name: "Measure on this machine" });
		await start.click();
		await expect(host.locator('[data-part="points"] svg')).toBeVisible({ timeout: 60_000 });
		await host.getByRole("button", { name: "Stop" }).click();
		await expect(host).toHaveAttribute("data-state", "stopped");
		await expect(host.locator('[data-part="progress"]')).toContainText(/Stopped: \d+ of 12 measured/);
		const halted = await said(host.locator('[data-part="progress"]'));
		await page.waitForTimeout(600);
		expect(await said(host.locator('[data-part="progress"]'))).toBe(halted);

		await start.click();
		await expect(host).toHaveAttribute("data-state", "done", { timeout: 120_000 });
		await expect(host.locator('[data-part="progress"]')).toHaveText("All 12 measured.");
		const rows = host.locator(".cw-lab-codecs tbody tr");
		await expect(rows).toHaveCount(12);
		for (const row of await rows.all()) await expect(row).toContainText("MiB/s");
		await expect(host.locator(".cw-lab-codecs .cw-fig-status")).toContainText(
			"12 of 12 measured on this machine",
		);

		// By keyboard, point by point, each named as in the table.
		await host.locator('[data-part="points"]').focus();
		await page.keyboard.press("ArrowRight");
		await expect(host.locator('[data-part="point"]')).toHaveText(
			/^Blosc LZ4 1: .* smaller, .* to write, .* to read\.$/,
		);
		// The table says the same numbers.
		const numbers = [
			...(await said(host.locator('[data-part="point"]'))).matchAll(/: (\S+×)|([\d.]+ [KMG]iB\/s)/g),
		];
		expect(numbers).toHaveLength(3);
		for (const [, ratio, rate] of numbers)
			expect(await said(rows.filter({ hasText: "Blosc LZ4 1" }))).toContain(ratio ?? rate);
		await page.keyboard.press("ArrowLeft");
		await expect(host.locator('[data-part="point"]')).toHaveText(/^gzip 9: /);
		await host.getByRole("radio", { name: "to read" }).check({ force: true });
		await expect(host.locator('[data-part="points"]')).toContainText("read in a second");
	});

	test("measures the reader's own TIFF, and says what is wrong with another file", async ({ page, site }) => {
		await page.goto(site.url + path);
		const host = await awake(page, "compression-lab");
		const file = host.locator("input[type=file]");
		await file.setInputFiles({
			name: "notes.tif",
			mimeType: "image/tiff",
			buffer: Buffer.from("no TIFF at all"),
		});
		await expect(host.locator(".cw-lab-problem")).toBeVisible({ timeout: 60_000 });
		await expect(host.locator(".cw-lab-problem")).toContainText("TIFF");
		await file.setInputFiles({
			name: "mine.tif",
			mimeType: "image/tiff",
			buffer: Buffer.from(buildTiff({ pages: [page90] })),
		});
		await expect(host.locator('[data-part="source"]')).toContainText("of mine.tif", { timeout: 60_000 });
		await expect(host.locator('[data-part="source"]')).toContainText("64 × 64");
		await host.getByRole("button", { name: "Stop" }).click();
	});

	test("measures the reader's own OME-Zarr from a zip, or what is dropped", async ({ page, site }) => {
		await page.goto(`${site.url}lessons/chunks-and-compression/`);
		const host = await awake(page, "compression-lab");
		const data = Uint16Array.from({ length: 70 * 80 }, (_, i) => i % 251);
		const image = toSpatialImage({ data, shape: [70, 80] }, { dims: ["y", "x"] });
		const store = memoryStore();
		await toNgffZarr(store, await toMultiscale(image, [2]), { version: "0.5" });
		const zip = Buffer.from(await (await writeZip(store)).arrayBuffer());
		await host
			.locator("input[type=file]")
			.setInputFiles({ name: "mine.ozx", mimeType: "application/zip", buffer: zip });
		const source = host.locator('[data-part="source"]');
		await expect(source).toContainText("64 × 64 uint16 from the middle of mine.ozx", { timeout: 60_000 });
		await host.getByRole("button", { name: "Stop" }).click();
		await expect(host.locator(".cw-lab-sizes .cw-fig-status")).toContainText("chunks");

		const tiff = [...buildTiff({ pages: [page90] })];
		await host.locator(".cw-lab-codecs").evaluate((figure, bytes) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([new Uint8Array(bytes)], "dropped.tif", { type: "image/tiff" }));
			const init = { dataTransfer: transfer, bubbles: true, cancelable: true };
			const over = new DragEvent("dragover", init);
			figure.dispatchEvent(over);
			if (!over.defaultPrevented) throw new Error("nothing can be dropped here");
			figure.dispatchEvent(new DragEvent("drop", init));
		}, tiff);
		await expect(source).toContainText("of dropped.tif", { timeout: 60_000 });
		// The page's own choice of an image for its cells has not taken it.
		await expect(page.getByRole("radio", { name: "Automatic" })).toBeChecked();
		await host.getByRole("button", { name: "Stop" }).click();
	});

	test("counts files for the chunk size that a slider gives", async ({ page, site }) => {
		await page.goto(site.url + path);
		const host = await awake(page, "compression-lab");
		const sizes = host.locator(".cw-lab-sizes");
		await expect(sizes.locator(".cw-fig-status")).toContainText("72 chunks");
		await sizes.getByRole("slider", { name: "Side of a chunk" }).focus();
		await page.keyboard.press("Home");
		await expect(sizes.locator("output")).toHaveText("8");
		await expect(sizes.locator(".cw-fig-status")).toHaveText(/21\s114 chunks\..* 1\s242 requests/);
		await expect(sizes.locator('[data-part="files"] svg circle')).toHaveCount(7);
		await sizes.getByRole("radio", { name: "4 a side" }).check({ force: true });
		await expect(sizes.locator(".cw-fig-status")).toContainText("shards");
		await sizes.getByRole("radio", { name: "x", exact: true }).check({ force: true });
		await expect(sizes.locator(".cw-fig-status")).toContainText("459 requests");
	});

	test("fits a phone", async ({ page, site }) => {
		await page.setViewportSize({ width: 360, height: 800 });
		await page.goto(site.url + path);
		const host = await awake(page, "compression-lab");
		expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
		await expect(host.locator('[data-part="files"] svg')).toBeVisible();
	});
});

test("a cell shows both of what it computed", async ({ lesson }) => {
	await lesson.open();
	await lesson.write(
		"attribute-keys",
		`import { compressionLab, insideChunk } from "chunkwise";
const data = Float32Array.from({ length: 20 * 64 * 64 }, (_, i) => Math.sin(i / 50));
display(insideChunk({ data, shape: [20, 64, 64] }, { codec: "gzip" }));
compressionLab({ data, shape: [20, 64, 64] }, { settings: [{ codec: "zstd", level: 2 }] })`,
	);
	await lesson.run("attribute-keys", 60_000);
	const inside = lesson.output("attribute-keys").locator('[data-figure="inside-chunk"]');
	await expect(inside.locator('[data-step="compressor"] .cw-inside-name')).toHaveText("gzip 5", {
		timeout: 60_000,
	});
	await expect(inside.locator(".cw-fig-summary")).toContainText("20 × 64 × 64 float32 values, 320.00");
	await expect(inside.locator(".cw-inside-tag")).toHaveCount(0);
	// Floats have no differences without loss.
	await expect(inside.getByRole("radio", { name: "differences" })).toBeDisabled();
	const lab = lesson.output("attribute-keys").locator('[data-figure="compression-lab"]');
	await lab.getByRole("button", { name: "Measure on this machine" }).click();
	await expect(lab).toHaveAttribute("data-state", "done", { timeout: 60_000 });
	await expect(lab.locator('[data-part="points"]')).toContainText("Zstd 2");
	await expect(lab.locator('[data-part="source"]')).toContainText("20 × 64 × 64 float32");
});

for (const theme of ["light", "dark"] as const) {
	test(`axe finds nothing wrong in the codec figures, ${theme}`, async ({ page, site }) => {
		await page.emulateMedia({ colorScheme: theme });
		await page.goto(site.url + path);
		await awake(page, "inside-chunk");
		await awake(page, "compression-lab");
		const found = JSON.stringify(await violations(page), null, 1);
		expect(found).not.toMatch(/cw-inside|cw-lab|cw-hex|inside-chunk|compression-lab/);
	});
}
