import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

const writes = `import { memoryStore } from "chunkwise";
const sample = memoryStore();
for (let i = 0; i < 3; i++) await sample.set(\`/a/c/\${i}\`, new Uint8Array(1024));
await sample.get("/a/c/0");
await sample.getRange("/a/c/1", { offset: 10, length: 100 });
await sample.get("/a/c/9");`;

test("11: request log: a cell shows in one line what it read and wrote, and unfolds to a waterfall", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await expect(lesson.page.locator(".cw-requests")).toHaveCount(0);
	await lesson.write("download", writes);
	await lesson.run("download");
	const log = lesson.cell("download").locator("[data-part=requests]");
	await expect(log.locator("summary")).toHaveText(
		"Requests read 2 keys, 1.10 KiB · wrote 3 keys, 3.00 KiB · 1 not there",
	);
	// By the keyboard alone.
	await log.locator("summary").focus();
	await lesson.page.keyboard.press("Enter");
	const rows = log.getByRole("list", { name: "Requests of “Get the TIFF”" }).getByRole("listitem");
	await expect(rows).toHaveCount(6);
	await expect(rows.nth(0)).toContainText("a/c/0");
	await expect(rows.nth(0)).toContainText("write · to memory · chunk 0");
	await expect(rows.nth(4)).toContainText("read a part · bytes 10–109 · from memory · chunk 1");
	await expect(rows.nth(5).locator(".cw-request-bar")).toHaveAttribute("data-look", "absent");
	await lesson.page.keyboard.press("Tab");
	await lesson.page.keyboard.type("c/0 read");
	await expect(rows).toHaveCount(1);
	await expect(log.getByRole("status")).toHaveText(/^1 of 6 requests, 1\.00 KiB in /);
	await log.getByRole("searchbox").fill("");
	await log.getByRole("button", { name: "Table" }).click();
	await expect(log.locator("tbody tr")).toHaveCount(6);
	await log.getByRole("button", { name: "bytes" }).click();
	await log.getByRole("button", { name: "bytes" }).click();
	await expect(log.locator("tbody tr").first()).toContainText("1024");
	await expect(log.locator("tbody tr").last()).toContainText("a/c/9");
	expect(await violations(lesson.page)).toEqual([]);
});

test("11: request log: the line belongs to the last run, late requests included; outdated ones are dropped", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write("download", writes);
	await lesson.run("download");
	const line = lesson.cell("download").locator("[data-part=requests] summary");
	await expect(line).toContainText("wrote 3 keys");
	await lesson.write(
		"download",
		`import { memoryStore } from "chunkwise";
const sample = memoryStore();
await sample.set("/one", new Uint8Array(5));
setTimeout(() => sample.set("/late", new Uint8Array(7)), 300);
1`,
	);
	await lesson.run("download");
	await expect(line).toHaveText("Requests wrote 2 keys, 12 B");
	await lesson.write("download", "const sample = 1; sample");
	await lesson.run("download");
	await expect(line).toBeHidden();
});

test("11: request log: network requests are told with range and status, of stores and of plain fetch", async ({
	lesson,
	site,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		`import { httpStore } from "chunkwise";
// The page has the file in the browser's cache.
const anew = (url: string, init?: RequestInit) => fetch(url, { ...init, cache: "no-store" });
const sample = httpStore("${site.url}", { fetch: anew as typeof fetch });
await sample.get("/favicon.svg");
await sample.getRange("/favicon.svg", { offset: 2, length: 20 });
await sample.get("/none.bin");
const whole = await fetch("${site.url}chunkwise.json?1", { headers: { Range: "bytes=0-9" } });
await whole.arrayBuffer();`,
	);
	await lesson.run("download");
	const log = lesson.cell("download").locator("[data-part=requests]");
	await log.locator("summary").click();
	const rows = log.locator(".cw-request");
	await expect(rows).toHaveCount(4);
	await expect(rows.nth(0)).toContainText("read · from network · 200 · value");
	await expect(rows.nth(1)).toContainText("bytes 2–21 · from network · 206");
	await expect(rows.nth(2)).toContainText("not there · 404");
	await expect(rows.nth(3)).toContainText("chunkwise.json");
	await expect(rows.nth(3)).toContainText("fetch");
	await expect(log.locator("summary")).toContainText("read 2 keys");
});

test("11: request log: the private file system is told, and a cache before a store", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		`import { cacheStore, opfsStore } from "chunkwise";
const sample = cacheStore(await opfsStore("log-test"), { bytes: 10000 });
await sample.set("/k", new Uint8Array(2048));
await sample.get("/k");
await sample.get("/k");`,
	);
	await lesson.run("download");
	const log = lesson.cell("download").locator("[data-part=requests]");
	await expect(log.locator("summary")).toHaveText(
		"Requests read 1 key, 4.00 KiB · wrote 1 key, 2.00 KiB · 1 from cache",
	);
	await log.locator("summary").click();
	await expect(log.locator(".cw-request").nth(0)).toContainText("write · to private file system");
	await expect(log.locator(".cw-request").nth(2)).toContainText("from cache");
	await expect(log.getByRole("list", { name: "Colours of the bars" })).toContainText("cache");
});

test("11: request log: thousands of requests are bounded and drawn in parts, on a phone too", async ({
	lesson,
}) => {
	await lesson.page.setViewportSize({ width: 390, height: 800 });
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		`import { memoryStore } from "chunkwise";
const sample = memoryStore();
for (let i = 0; i < 2500; i++) await sample.set(\`/c/\${i}\`, new Uint8Array(10));`,
	);
	await lesson.run("download");
	const log = lesson.cell("download").locator("[data-part=requests]");
	await expect(log.locator("summary")).toContainText("and 500 more requests, 4.88 KiB");
	await log.locator("summary").click();
	await expect(log.locator(".cw-request")).toHaveCount(200);
	await log.getByRole("button", { name: /Show 200 more/ }).click();
	await expect(log.locator(".cw-request")).toHaveCount(400);
	await expect(log.locator(".cw-request").nth(200)).toBeFocused();
	const wide = await lesson.page.evaluate(() => document.documentElement.scrollWidth);
	expect(wide).toBeLessThanOrEqual(390);
});
