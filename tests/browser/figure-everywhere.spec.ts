/** What all figures have in common: they wake in place, by touch, without motion where it is unwanted, and from a cell. */
import type { Locator, Page } from "playwright/test";
import { crowded } from "./crowded.ts";
import { expect, test } from "./site.ts";

const gallery = "guide/figures/";
const names = [
	"chunk-grid",
	"key-path",
	"viewport",
	"bin-diagram",
	"pyramid",
	"parallel-work",
	"shared-chunk",
	"storage-comparison",
	"inside-chunk",
	"compression-lab",
	"request-waterfall",
	"ngff-explorer",
];

const figure = (page: Page, name: string): Locator =>
	page.locator(`cw-figure[data-figure="${name}"]`).first();

async function awake(page: Page, name: string): Promise<Locator> {
	const found = figure(page, name);
	await found.scrollIntoViewIfNeeded();
	await found.dispatchEvent("pointerenter");
	await expect(found).toHaveAttribute("data-ready", "", { timeout: 30_000 });
	return found;
}

for (const width of [360, 1280]) {
	test(`each comes to life in its place, without an error or crowded words, ${width} px`, async ({
		page,
		site,
	}) => {
		test.slow();
		const errors: string[] = [];
		page.on("pageerror", (error) => errors.push(error.message));
		page.on("console", (message) => {
			if (message.type() === "error") errors.push(message.text());
		});
		await page.setViewportSize({ width, height: 800 });
		await page.goto(site.url + gallery);
		expect(await page.locator("cw-figure").evaluateAll((all) => all.map((e) => e.dataset.figure))).toEqual(
			expect.arrayContaining(names),
		);
		await page.evaluate(() => document.fonts.ready);
		for (const name of names) {
			const host = figure(page, name);
			const height = async () => (await host.boundingBox())?.height ?? 0;
			await host.scrollIntoViewIfNeeded();
			const before = await height();
			await awake(page, name);
			await page.waitForTimeout(300);
			expect.soft(Math.abs((await height()) - before), `${name} grew or shrank`).toBeLessThan(2);
			expect
				.soft(await page.evaluate(() => document.documentElement.scrollWidth), `${name} overflows`)
				.toBeLessThanOrEqual(width);
			// In words, and as a table that a reader may open.
			await expect.soft(host.locator(".cw-fig-status").first(), name).not.toBeEmpty();
			await expect.soft(host.locator(".cw-fig-twin tbody tr").first(), name).toBeAttached();
			expect.soft(await crowded(host), name).toEqual([]);
		}
		// All of them, the viewers too, with what unfolds open, and then with letters twice as large.
		const devtools = await page.context().newCDPSession(page);
		await devtools.send("Page.enable");
		for (const standard of [16, 32]) {
			await devtools.send("Page.setFontSizes", { fontSizes: { standard, fixed: 0.8125 * standard } });
			for (const host of await page.locator("cw-figure").all()) {
				const name = `${await host.getAttribute("data-figure")}, letters of ${standard} px`;
				await host.evaluate((element) => {
					for (const part of element.querySelectorAll("details")) part.open = true;
				});
				await host.scrollIntoViewIfNeeded();
				// What draws itself anew for its width has done so.
				await page.evaluate(
					() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))),
				);
				expect.soft(await crowded(host), name).toEqual([]);
			}
			expect.soft(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
		}
		expect(errors).toEqual([]);
	});
}

test("a figure in a cell: keys, work, writers, requests, metadata of what was computed", async ({
	lesson,
}) => {
	test.slow();
	await lesson.open();
	await lesson.write(
		"attribute-keys",
		`import { keyPath, memoryStore, ngffExplorer, openZarr, parallelWork, recordStore } from "chunkwise";
import { requestWaterfall, sharedChunk, toMultiscale, toNgffZarr, toSpatialImage } from "chunkwise";
const image = toSpatialImage({ data: new Uint16Array(40 * 50), shape: [40, 50] }, { dims: ["y", "x"] });
const kept = memoryStore();
await toNgffZarr(kept, await toMultiscale(image, [2], { chunks: 16 }), { version: "0.5" });
const { store, log } = recordStore(kept);
const group = await openZarr(store);
const array = await openZarr(store, "scale0/image");
await array.read([7]);
display(keyPath(array, { index: [33, 20] }));
display(requestWaterfall(log, { line: "conference", whole: { bytes: 4000, name: "mine.tif" } }));
display(ngffExplorer(group, { title: "My image" }));
display(sharedChunk({ shape: [4, 8], chunks: [4, 4], border: 2 }));
parallelWork({ shape: [16, 16, 16], chunk: 16, factors: [2], codec: "zstd" })`,
	);
	await lesson.run("attribute-keys", 60_000);
	const shown = (name: string) => lesson.output("attribute-keys").locator(`[data-figure="${name}"]`);
	for (const name of ["key-path", "request-waterfall", "ngff-explorer", "shared-chunk", "parallel-work"]) {
		await expect(shown(name), name).toHaveAttribute("data-ready", "", { timeout: 30_000 });
	}
	await expect(shown("key-path").locator('[data-layout="zarr-v3"] .cw-fig-kp-key')).toHaveText(/c\/2\/1$/);
	const falls = shown("request-waterfall");
	// zarr.json of the array, and the row of four chunks of 16.
	await expect(falls.locator(".cw-request").filter({ hasText: "c/0/" })).toHaveCount(4);
	await expect(falls.getByRole("radio", { name: "conference" })).toBeChecked();
	await expect(falls.locator(".cw-fig-status")).toContainText("Computed, not measured");
	await expect(falls).toContainText("mine.tif");
	const explorer = shown("ngff-explorer");
	await expect(explorer.locator(".cw-ngff-verdict")).toContainText("by OME-NGFF 0.5");
	await expect(explorer.locator("rect.cw-ngff-level")).toHaveCount(2);
	await shown("shared-chunk").getByRole("button", { name: "Write" }).click();
	await expect(shown("shared-chunk").locator(".cw-fig-status")).toContainText("of 32 are lost");
	const work = shown("parallel-work");
	await work.getByRole("button", { name: "Run" }).click();
	await expect(work.locator('[data-reading="stored"] dd')).toContainText("2 of 2", { timeout: 60_000 });
});

test("a wrong prop in a cell: the figure, the prop, what is allowed", async ({ lesson }) => {
	await lesson.open();
	const refused = async (code: string, said: string[]) => {
		await lesson.write("attribute-keys", `import * as figures from "chunkwise";\n(figures as any).${code}`);
		await lesson.press("attribute-keys");
		await lesson.expectState("attribute-keys", "failed");
		for (const words of said) await expect(lesson.output("attribute-keys")).toContainText(words);
	};
	await refused("pyramid({ shape: [8, 8], factors: 2 })", [
		'The prop "factors" of the figure Pyramid cannot be 2.',
		"a list of factors",
	]);
	await refused('insideChunk({}, { kodec: "gzip" })', ['has no prop "kodec"', 'Did you mean "codec"?']);
});

test("what moves stands still where motion is unwanted", async ({ page, site }) => {
	await page.goto(site.url + gallery);
	/** Pictures of the chunk grid, frame by frame, after layers were told to come apart along another axis. */
	const frames = async (axis: string) => {
		const host = await awake(page, "chunk-grid");
		await host.getByRole("radio", { name: axis, exact: true }).scrollIntoViewIfNeeded();
		return host.evaluate(async (element, name) => {
			const radio = [...element.querySelectorAll<HTMLInputElement>("input[type=radio]")].find(
				(input) => input.labels?.[0].textContent?.trim() === name,
			);
			radio?.click();
			const seen: string[] = [];
			for (let i = 0; i < 12; i++) {
				await new Promise(requestAnimationFrame);
				const box = element.querySelector("svg .cw-fig-box, svg .cw-fig-boxes path");
				seen.push(box?.outerHTML ?? "");
			}
			return new Set(seen).size;
		}, axis);
	};
	expect(await frames("y")).toBeGreaterThan(1);
	await page.emulateMedia({ reducedMotion: "reduce" });
	await page.waitForTimeout(800);
	expect(await frames("x")).toBe(1);

	const falls = await awake(page, "request-waterfall");
	await falls.getByRole("radio", { name: "4G" }).check();
	const ends = await falls.evaluate(async (element) => {
		const at = () =>
			[...element.querySelectorAll(".cw-request-bar")].map((bar) => bar.getBoundingClientRect().right);
		await new Promise(requestAnimationFrame);
		const soon = at();
		await new Promise((resolve) => setTimeout(resolve, 700));
		return [soon, at()];
	});
	expect(ends[0]).toEqual(ends[1]);
	expect(ends[0].length).toBeGreaterThan(10);
	for (const name of names) await awake(page, name);
	const moving = await page.evaluate(() =>
		document
			.getAnimations()
			.filter((animation) => animation.playState === "running")
			.map((animation) => (animation.effect as KeyframeEffect | null)?.target?.outerHTML.slice(0, 90)),
	);
	expect(moving).toEqual([]);
});

test.describe("by touch", () => {
	test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 800 } });

	/** A finger that goes from one place to another. */
	async function swipe(page: Page, from: { x: number; y: number }, to: { x: number; y: number }) {
		const client = await page.context().newCDPSession(page);
		const send = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
			client.send("Input.dispatchTouchEvent", { type, touchPoints: points });
		await send("touchStart", [from]);
		for (let i = 1; i <= 6; i++) {
			await send("touchMove", [
				{ x: from.x + ((to.x - from.x) * i) / 6, y: from.y + ((to.y - from.y) * i) / 6 },
			]);
		}
		await send("touchEnd", []);
		await client.detach();
	}
	const placeOf = async (what: Locator) => {
		await what.evaluate((element) => element.scrollIntoView({ block: "center", behavior: "instant" }));
		const box = await what.boundingBox();
		if (!box) throw new Error("it is not drawn");
		return { ...box, middle: { x: box.x + box.width / 2, y: box.y + box.height / 2 } };
	};

	test("a tap wakes a figure and is not lost; taps light chunks and keys", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const keys = figure(page, "key-path");
		const last = keys.locator('[data-layout="zarr-v2"] .cw-fig-kp-key button').last();
		await last.tap();
		await expect(keys).toHaveAttribute("data-ready", "");
		await last.tap();
		await expect(keys.locator(".cw-fig-kp-key .cw-fig-lit")).toHaveText(["3", "3", "1", "3"]);
		const grid = figure(page, "chunk-grid");
		const canvas = grid.locator(".cw-fig-canvas");
		const { middle } = await placeOf(canvas);
		await page.touchscreen.tap(middle.x, middle.y);
		await expect(grid).toHaveAttribute("data-ready", "");
		await page.touchscreen.tap(middle.x, middle.y);
		await expect(grid.locator('[data-reading="key"] dd')).toHaveText(/^scale0\/image\/c\/\d\/\d\/\d$/);
		const levels = await awake(page, "pyramid");
		const front = await placeOf(levels.locator('[data-level="1"][data-face="front"]'));
		await page.touchscreen.tap(front.middle.x, front.middle.y);
		await expect(levels.getByRole("radio", { name: "scale1" })).toBeChecked();
	});

	test("taps carry out, choose, run and explain; a swipe moves a window", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		/** Presses what is in a figure, in the middle of the screen, where nothing lies over it. */
		const tap = async (what: Locator) => {
			await placeOf(what);
			await what.tap();
		};
		const storage = await awake(page, "storage-comparison");
		await tap(storage.getByRole("button", { name: "Add capacity" }));
		await expect(storage.locator(".cw-fig-block-words")).toContainText(/of 32\.00.MiB taken/);

		const inside = await awake(page, "inside-chunk");
		await tap(inside.locator("label", { hasText: /^gzip$/ }));
		await expect(inside.locator('[data-step="compressor"] .cw-inside-name')).toHaveText("gzip 5", {
			timeout: 60_000,
		});

		const lab = await awake(page, "compression-lab");
		await tap(lab.locator("label", { hasText: /^4 a side$/ }));
		await expect(lab.locator(".cw-lab-sizes .cw-fig-status")).toContainText("shards");

		const explorer = await awake(page, "ngff-explorer");
		await tap(explorer.locator(".cw-ngff-channels").getByRole("button", { name: /Actin/ }));
		await expect(explorer.locator(".cw-ngff-meaning")).toContainText("/omero/channels/1");

		const parallel = await awake(page, "parallel-work");
		await tap(parallel.getByRole("button", { name: "Run" }));
		await expect(parallel.locator(".cw-fig-status")).toContainText("Running: 2 workers");
		await tap(parallel.getByRole("button", { name: "Stop" }));
		await expect(parallel.locator(".cw-fig-status")).toContainText("Stopped");

		const window = await awake(page, "viewport");
		const frame = window.locator(".cw-fig-window");
		const at = async () => Number(await frame.getAttribute("x"));
		await expect.poll(at).toBeGreaterThan(0);
		const before = await at();
		const { middle } = await placeOf(window.locator(".cw-fig-port"));
		await swipe(page, { x: middle.x - 60, y: middle.y }, { x: middle.x + 60, y: middle.y });
		await expect.poll(at).toBeLessThan(before);
	});

	test("grips are dragged by a finger", async ({ page, site }) => {
		await page.goto(site.url + gallery);
		const bins = await awake(page, "bin-diagram");
		const grip = await placeOf(bins.locator('.cw-fig-bin-row[data-level="1"] [data-grip="factor"]'));
		const element = (await bins.locator('.cw-fig-bin-row[data-level="0"] .cw-fig-bin').first().boundingBox())
			?.width;
		await swipe(page, grip.middle, { x: grip.middle.x + (element ?? 0), y: grip.middle.y });
		await expect(bins.getByLabel("Elements in a bin of scale1")).toHaveValue("3");

		const shared = await awake(page, "shared-chunk");
		const border = await placeOf(shared.locator(".cw-fig-writers-grip"));
		const array = await shared.locator(".cw-fig-array > svg").boundingBox();
		const y = (array?.y ?? 0) + (array?.height ?? 0) / 2;
		await swipe(page, { x: border.middle.x, y }, { x: border.middle.x + (4 * border.width) / 1.6, y });
		await expect(shared.getByLabel("B begins at column")).toHaveValue("16");

		const falls = await awake(page, "request-waterfall");
		const all = await falls.locator(".cw-request").count();
		const strip = await placeOf(falls.locator(".cw-fall-overview"));
		await swipe(
			page,
			{ x: strip.x + 2, y: strip.middle.y },
			{ x: strip.x + strip.width * 0.3, y: strip.middle.y },
		);
		await expect.poll(() => falls.locator(".cw-request").count()).toBeLessThan(all);
	});
});
