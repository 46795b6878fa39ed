/**
 * Point 2 of the notebook: how much is moved, as gzip would move it. The server that the test starts keeps the ledger,
 * so that workers, fonts and preloads count as well. Only bytes are bounded, never time.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright/test";
import { serveFolder } from "../../src/cli/serve.ts";
import { dist, sitePages } from "./pages.ts";
import { test as base, expect, lessonPath, nowhere } from "./site.ts";

/** Script that reading a page may move. */
const readingScript = 30_000;
/** Everything that reading a page may move: its text, styles, faces and scripts. */
const readingAll = 300_000;
/** Everything that the first run may move, beyond the page itself. */
const firstRun = 500_000;

interface Moved {
	path: string;
	bytes: number;
}

interface Ledger {
	url: string;
	/** The files asked for since the ledger was cleared, with their size in gzip. */
	moved(): Moved[];
	clear(): void;
}

async function openLedger(): Promise<Ledger & { close(): Promise<void> }> {
	let log: Moved[] = [];
	const site = await serveFolder(dist, {
		port: 0,
		onRequest: ({ url, status }) => {
			if (status >= 400 || status === 304) return;
			const path = decodeURIComponent(new URL(url, "http://site").pathname).slice(1);
			log.push({ path, bytes: sizeOf(path) });
		},
	});
	return {
		url: site.url,
		moved: () => log.toSorted((a, b) => b.bytes - a.bytes),
		clear: () => {
			log = [];
		},
		close: site.close,
	};
}

const test = base.extend<{ ledger: Ledger }>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
	ledger: async ({}, use) => {
		const ledger = await openLedger();
		await use(ledger);
		await ledger.close();
	},
});

const sizes = new Map<string, number>();

function sizeOf(path: string): number {
	const known = sizes.get(path);
	if (known !== undefined) return known;
	const body = readFileSync(join(dist, path === "" || path.endsWith("/") ? `${path}index.html` : path));
	// What is compressed in itself is sent as it is.
	const bytes = /\.(woff2|png|jpg|webp)$/.test(path) ? body.length : gzipSync(body).length;
	sizes.set(path, bytes);
	return bytes;
}

const isScript = ({ path }: Moved) => /\.(js|mjs|wasm)$/.test(path);
const sum = (files: Moved[]) => files.reduce((total, { bytes }) => total + bytes, 0);
const list = (files: Moved[]) => files.map(({ path, bytes }) => `${bytes} ${path}`).join("\n");

/** Opens a page and reads it to its end, which brings what waits for being seen. */
async function read(page: Page, url: string): Promise<void> {
	await page.goto(url, { waitUntil: "networkidle" });
	const height = await page.evaluate(() => document.documentElement.scrollHeight);
	const screen = page.viewportSize()?.height ?? 900;
	for (let y = 0; y < height; y += screen) {
		await page.evaluate((top) => {
			scrollTo({ top, behavior: "instant" });
			return new Promise(requestAnimationFrame);
		}, y);
	}
	await page.waitForLoadState("networkidle");
}

/** Opens the lesson with another code in its first cell, and reads nothing but what is on the screen. */
async function openWith(page: Page, ledger: Ledger, source: string): Promise<void> {
	await page.route("**/chunkwise.json", (route) =>
		route.fulfill({ json: { samples: { hl60Url: nowhere, prefer: "phantom" } } }),
	);
	await page.route(`**/${lessonPath}`, async (route) => {
		const response = await route.fetch();
		const body = await response.text();
		const first = body.indexOf('data-part="spec"');
		const start = body.indexOf(">", first) + 1;
		const end = body.indexOf("</script>", start);
		const spec = { ...JSON.parse(body.slice(start, end)), source, needs: [] };
		await route.fulfill({
			response,
			body: body.slice(0, start) + JSON.stringify(spec).replaceAll("<", "\\u003c") + body.slice(end),
		});
	});
	await page.goto(ledger.url + lessonPath, { waitUntil: "networkidle" });
	ledger.clear();
}

/** Runs the first cell of a page opened with {@link openWith}; gives what that moved. */
async function runFirst(page: Page, ledger: Ledger): Promise<Moved[]> {
	const cell = page.locator("chunkwise-cell").first();
	await cell.locator("[data-part=run]").click();
	await expect(cell).toHaveAttribute("data-state", /done|failed/, { timeout: 60_000 });
	await expect(cell).toHaveAttribute("data-state", "done");
	await page.waitForLoadState("networkidle");
	return ledger.moved();
}

/** Pages that are read side by side, each by its own ledger: most of the time of one is waiting for silence. */
const sideBySide = 4;

test(`2: reading a page moves at most ${readingScript / 1000} kB of script, every page of the site`, async ({
	browser,
}, info) => {
	test.slow();
	const report: string[] = [];
	const check = (path: string, moved: Moved[]) => {
		const script = moved.filter(isScript);
		report.push(`${path || "/"}: ${sum(moved)} in all, ${sum(script)} of script\n${list(moved)}\n`);
		expect.soft(sum(script), `script of /${path}, gzip:\n${list(script)}`).toBeLessThanOrEqual(readingScript);
		expect.soft(heavyIn(moved), `moved by /${path} before any intent`).toEqual([]);
		expect.soft(sum(moved), `all of /${path}:\n${list(moved)}`).toBeLessThanOrEqual(readingAll);
		const twice = moved.filter(({ path }, i) => moved.findIndex((other) => other.path === path) !== i);
		expect.soft(twice, `moved twice by /${path}`).toEqual([]);
	};
	const pages = sitePages();
	const waiting = pages.values();
	const reader = async () => {
		const ledger = await openLedger();
		for (const path of waiting) {
			const context = await browser.newContext({ viewport: { width: 1280, height: 2400 } });
			ledger.clear();
			await read(await context.newPage(), ledger.url + path);
			await context.close();
			check(path, ledger.moved());
		}
		await ledger.close();
	};
	await Promise.all(Array.from({ length: sideBySide }, reader));
	expect(report).toHaveLength(pages.length);
	await info.attach("page-weights.txt", { body: report.sort().join("\n"), contentType: "text/plain" });
});

test("2: nothing that a page preloads goes unused", async ({ browser, ledger }) => {
	const warnings: string[] = [];
	for (const path of ["", lessonPath, "start-here/"]) {
		const context = await browser.newContext();
		const page = await context.newPage();
		await page.goto(ledger.url + path, { waitUntil: "networkidle" });
		const preloaded = await page
			.locator("link[rel=preload][as=font]")
			.evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
		expect(preloaded.length).toBeGreaterThan(0);
		// A face that is loaded for a reason is used by something that is drawn.
		const used = await page.evaluate(() => {
			const sources = [...document.styleSheets].flatMap((sheet) =>
				[...sheet.cssRules].flatMap((rule) => (rule instanceof CSSImportRule ? [] : [rule])),
			);
			const faces = [...document.fonts]
				.filter(({ status }) => status === "loaded")
				.map(({ family }) => family);
			return sources
				.filter((rule): rule is CSSFontFaceRule => rule instanceof CSSFontFaceRule)
				.filter((rule) => faces.includes(rule.style.getPropertyValue("font-family").replaceAll('"', "")))
				.map((rule) => rule.cssText)
				.join("\n");
		});
		for (const href of preloaded) {
			if (!used.includes(href.slice(href.lastIndexOf("/") + 1))) warnings.push(`${path}: ${href}`);
		}
		await context.close();
	}
	expect(warnings).toEqual([]);
});

/** What must not come unless a cell imports it. */
const heavy = {
	chunkwise: /\/lib-[^/]*\.js$/,
	codecs: /\/(blosc|zstd|zstddec|lz4|gzip|zlib|pako)[^/]*\.(js|wasm)$/,
	d3: /\/d3-[\w-]{8}\.js$/,
	plot: /\/plot-[^/]*\.js$/,
	"the DOM for plots": /\/document-[^/]*\.js$/,
	"the editor": /\/(monaco|ts\.worker|editor\.worker)[^/]*\.(js|css)$/,
};

function heavyIn(moved: Moved[]): string[] {
	return Object.entries(heavy)
		.filter(([, pattern]) => moved.some(({ path }) => pattern.test(`/${path}`)))
		.map(([name]) => name);
}

const cases = [
	{ imports: "nothing", source: "6 * 7", brings: [] },
	{
		imports: "chunkwise",
		source: 'import { formatBytes } from "chunkwise";\nformatBytes(19_848_192)',
		brings: ["chunkwise"],
	},
	{ imports: "d3", source: 'import { max } from "d3";\nmax([1, 2])', brings: ["d3", "the DOM for plots"] },
	{
		imports: "Plot",
		source: 'import * as Plot from "@observablehq/plot";\nPlot.barY([1, 2]).plot()',
		brings: ["plot", "the DOM for plots"],
	},
	{ imports: "a codec", source: 'import Zlib from "numcodecs/zlib";\ntypeof Zlib', brings: ["codecs"] },
];

for (const { imports, source, brings } of cases) {
	test(`2: the first run of a cell that imports ${imports} moves under ${firstRun / 1000} kB, and only that`, async ({
		page,
		ledger,
	}, info) => {
		await openWith(page, ledger, source);
		const moved = await runFirst(page, ledger);
		await info.attach("first-run.txt", { body: list(moved), contentType: "text/plain" });
		expect(sum(moved), list(moved)).toBeLessThan(firstRun);
		expect(heavyIn(moved), list(moved)).toEqual(brings);
	});
}

test("2: editing a cell brings the editor, and running it none of the codecs", async ({ page, ledger }) => {
	await openWith(page, ledger, "6 * 7");
	await page.locator("chunkwise-cell [data-part=code]").first().focus();
	await page.keyboard.press("Enter");
	await expect(page.locator(".monaco-editor .view-line").first()).toBeVisible();
	await page.waitForLoadState("networkidle");
	expect(heavyIn(ledger.moved())).toEqual(["the editor"]);
	ledger.clear();
	expect(heavyIn(await runFirst(page, ledger))).toEqual([]);
});
