/**
 * Listing a store of very many keys: how long it takes, and how long at most nobody else gets a turn meanwhile, measured
 * as the longest time between two ticks of a 1 ms timer. `npm run bench -- listing`.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { findChromium, launchArgs } from "../scripts/chromium.ts";
import { listKeys, listPages } from "../src/lib/index.ts";
import { folderStore } from "../src/lib/node.ts";
import { StoresWorker, serveStoresWorker } from "../tests/support/stores-page.ts";
import { timed } from "../tests/support/timed.ts";

const inFolder = 100_000;
const inBrowser = 100_000;

type Row = [what: string, keys: string, milliseconds: number, longest: number];

async function measureListing(): Promise<void> {
	const rows: Row[] = [];
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-listing-"));
	try {
		for (let at = 0; at < inFolder; at += 1000) {
			mkdirSync(join(folder, "c", `${at / 1000}`), { recursive: true });
			for (let i = 0; i < 1000; i++) writeFileSync(join(folder, "c", `${at / 1000}`, `${i}`), "");
		}
		const store = folderStore(folder);
		rows.push(
			// What the timer shows of the machine's other work.
			await row("nothing, for comparison", async () => {
				await new Promise((resolve) => setTimeout(resolve, 1000));
				return 0;
			}),
			await row(`a folder, page by page (Node ${process.version})`, async () => {
				let keys = 0;
				for await (const page of listPages(store)) keys += page.keys.length;
				return keys;
			}),
			await row("a folder, all keys sorted", async () => (await listKeys(store)).length),
		);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	rows.push(...(await inChromium()));
	console.log("| listing | keys | ms | longest time that others wait, ms |\n| --- | ---: | ---: | ---: |");
	for (const [what, keys, milliseconds, longest] of rows) {
		console.log(`| ${what} | ${keys} | ${milliseconds.toFixed(0)} | ${longest.toFixed(1)} |`);
	}
}

async function row(what: string, list: () => Promise<number>): Promise<Row> {
	const { result, milliseconds, longest } = await timed(list);
	return [what, String(result), milliseconds, longest];
}

async function inChromium(): Promise<Row[]> {
	const executablePath = findChromium();
	if (!executablePath) return [];
	const served = await serveStoresWorker();
	const browser = await chromium.launch({ executablePath, args: launchArgs });
	try {
		const page = await browser.newPage();
		await page.goto(served.url);
		const maker = await StoresWorker.start(page);
		const making = await maker.call("makeMany", "listing", inBrowser);
		await maker.terminate();
		console.error(
			`Making ${inBrowser} files in the private file system took ${(making / 1000).toFixed(0)} s.`,
		);
		const where = `the private file system of Chromium ${browser.version()}, in a worker`;
		// Handles of the files that were made would be collected while the listing is timed.
		const worker = await StoresWorker.start(page);
		const listings = await worker.call("listMany", "listing");
		return listings.map(({ what, keys, milliseconds, longest }) => [
			`${where}: ${what}`,
			String(keys),
			milliseconds,
			longest,
		]);
	} finally {
		await browser.close();
		await served.close();
	}
}

await measureListing();
