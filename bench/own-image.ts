/**
 * The tool "Your own image" of the built site on 1 GiB: a BigTIFF of synthetic noise on slopes, chosen in Chromium,
 * converted into the browser's private files, validated, and saved as one zip file. Seconds, and the peak of resident
 * memory of the page's process (its workers are in it) and of all of the browser's processes, before and during.
 *
 *   npm run build && npm run bench -- own-image
 *
 * Run by itself: node bench/own-image.ts [pages] [site folder]. Each page is 2 MiB; default 512.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium, type Page } from "playwright";
import { findChromium, launchArgs } from "../scripts/chromium.ts";
import { serveFolder } from "../src/cli/serve.ts";
import { formatBytes } from "../src/lib/format.ts";
import { writeBigTiff } from "./big-tiff.ts";

const numbers = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const pages = Number(numbers[0] ?? 512);
const dist = numbers[1] ?? join(import.meta.dirname, "../dist");

interface Resident {
	/** Of the page with its workers. */
	page: number;
	/** Of all processes of the browser: what they share is counted for each. */
	all: number;
}

/** Resident memory of the processes that were started with this profile, as Linux counts it. */
function resident(profile: string): Resident {
	const found: Resident = { page: 0, all: 0 };
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			const call = readFileSync(`/proc/${pid}/cmdline`, "utf8");
			if (!call.includes(profile)) continue;
			const kibibytes = Number(
				/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0,
			);
			found.all += kibibytes * 1024;
			if (call.includes("--type=renderer")) found.page = Math.max(found.page, kibibytes * 1024);
		} catch {
			// It ended meanwhile.
		}
	}
	return found;
}

class Peak {
	peak: Resident = { page: 0, all: 0 };
	readonly #timer: NodeJS.Timeout;

	constructor(profile: string) {
		this.#timer = setInterval(() => {
			const now = resident(profile);
			this.peak = { page: Math.max(this.peak.page, now.page), all: Math.max(this.peak.all, now.all) };
		}, 100);
	}

	end(): Resident {
		clearInterval(this.#timer);
		return this.peak;
	}
}

if (!existsSync("/proc/self/status")) {
	console.log("Resident memory is read from /proc, which this system has not: skipped.");
	process.exit(0);
}
const executablePath = findChromium();
if (!executablePath || !existsSync(join(dist, "lessons/your-image/index.html"))) {
	console.log("Skipped: there is no Chromium, or no built site (npm run build).");
	process.exit(0);
}
const folder = mkdtempSync(join(tmpdir(), "chunkwise-own-image-"));
const profile = join(folder, "profile");
const tiff = join(folder, "stack.tif");
const site = await serveFolder(dist, { port: 0 });
// A profile on disk: in a private window the browser keeps its private files in memory.
const context = await chromium.launchPersistentContext(profile, { executablePath, args: launchArgs });
try {
	await writeBigTiff(tiff, pages, false);
	const page = await context.newPage();
	await page.addInitScript(() => {
		delete (window as { showSaveFilePicker?: unknown }).showSaveFilePicker;
	});
	await page.goto(`${site.url}lessons/your-image/`);
	await measure(page);
} finally {
	await context.close();
	await site.close();
	rmSync(folder, { recursive: true, force: true });
}

async function measure(page: Page): Promise<void> {
	const rows: string[] = [];
	const row = (what: string, seconds: number | undefined, { page: own, all }: Resident) =>
		rows.push(
			`| ${what} | ${seconds === undefined ? "" : seconds.toFixed(1)} | ${formatBytes(own)} | ${formatBytes(all)} |`,
		);
	const timed = async (what: string, work: () => Promise<unknown>) => {
		const peak = new Peak(profile);
		const started = performance.now();
		await work();
		row(what, (performance.now() - started) / 1000, peak.end());
	};
	const atMost = { timeout: 1_200_000 };
	row("the page, nothing open", undefined, resident(profile));
	await timed("open, and show the middle plane", async () => {
		await page.locator("input[name=file]").setInputFiles(tiff);
		await page.locator("[data-step=seen] .cw-picture canvas").first().waitFor(atMost);
		// The advice is measured on a chunk.
		await page.locator("[data-part=totals]").getByText("Stored").waitFor(atMost);
	});
	await timed("convert", async () => {
		await page.getByRole("button", { name: "Convert", exact: true }).click();
		const done = page.locator("[data-part=convert-said]").filter({ hasText: "Done in" });
		const failed = page.locator("[data-part=convert-error]:not([hidden])");
		await done.or(failed).first().waitFor(atMost);
		if (await failed.isVisible()) throw new Error((await failed.textContent()) ?? "");
	});
	await timed("view and validate", async () => {
		await page.locator("[data-opened=stack]").waitFor(atMost);
		await page.getByText("Is it valid?").click();
		await page.locator(".cw-own-valid").waitFor(atMost);
	});
	let saved = 0;
	await timed("save as one file", async () => {
		const download = page.waitForEvent("download", atMost);
		await page.getByRole("button", { name: "Save as one file" }).click();
		saved = statSync(await (await download).path()).size;
	});
	const made = await page
		.locator("[data-part=made] > div")
		.evaluateAll((pairs) => pairs.map((pair) => [...pair.children].map((one) => one.textContent).join(": ")));
	const size = formatBytes(statSync(tiff).size);
	console.log(
		`A TIFF of ${size} (${pages} × 1024 × 1024 uint16, uncompressed, synthetic), Chromium ${context.browser()?.version() ?? (await version(page))}, by the advice for volumes on the web; saved ${formatBytes(saved)}.\n`,
	);
	console.log(
		`| step | s | page and workers, peak | all processes, peak |\n| --- | ---: | ---: | ---: |\n${rows.join("\n")}\n`,
	);
	console.log(made.join("; "));
}

async function version(page: Page): Promise<string> {
	return page.evaluate(() => /Chrome\/(\S+)/.exec(navigator.userAgent)?.[1] ?? "");
}
