/**
 * The first run on a page that nothing has been kept of: from the press on Run to the first output on the screen, and
 * what that moves. Every run has a browser of its own, so that neither the page's cache nor compiled code is there; the
 * site comes from this machine. `npm run bench -- first-run`, after `npm run build`.
 */
import { join } from "node:path";
import { median } from "d3";
import { type Browser, chromium, type Page } from "playwright";
import { findChromium, launchArgs } from "../scripts/chromium.ts";
import { serveFolder } from "../src/cli/serve.ts";

const lesson = "lessons/tiff-to-ome-zarr/";
const rounds = 7;

const cells: [what: string, source: string][] = [
	["6 * 7", "6 * 7"],
	["a store of chunkwise", 'import { memoryStore } from "chunkwise";\nString(memoryStore())'],
	["an array of zarrita", 'import * as zarr from "zarrita";\nObject.keys(zarr).length'],
	["a scale of D3", 'import { scaleLinear } from "d3";\nscaleLinear([0, 1], [0, 10])(0.5)'],
	["a plot", 'import * as Plot from "@observablehq/plot";\nPlot.lineY([1, 3, 2]).plot()'],
];

interface Run {
	milliseconds: number;
	requests: number;
}

async function measure(): Promise<void> {
	const executablePath = findChromium();
	if (!executablePath) throw new Error("No Chromium was found.");
	let requests = 0;
	const site = await serveFolder(join(import.meta.dirname, "../dist"), {
		port: 0,
		onRequest: () => requests++,
	});
	console.log(
		"| the first cell | ms, median | best | worst | requests |\n| --- | ---: | ---: | ---: | ---: |",
	);
	try {
		for (const [what, source] of cells) {
			const runs: Run[] = [];
			for (let round = 0; round < rounds; round++) {
				const browser = await chromium.launch({ executablePath, args: launchArgs });
				try {
					const page = await openWith(browser, site.url, source);
					requests = 0;
					runs.push({ milliseconds: await press(page), requests });
				} finally {
					await browser.close();
				}
			}
			const times = runs.map(({ milliseconds }) => milliseconds);
			const [middle, best, worst] = [median(times) ?? 0, Math.min(...times), Math.max(...times)].map((ms) =>
				ms.toFixed(0),
			);
			console.log(`| ${what} | ${middle} | ${best} | ${worst} | ${runs[0].requests} |`);
		}
	} finally {
		await site.close();
	}
}

/** Opens the lesson with another code in its first cell. */
async function openWith(browser: Browser, url: string, source: string): Promise<Page> {
	const page = await browser.newPage();
	await page.route(`**/${lesson}`, async (route) => {
		const response = await route.fetch();
		const body = await response.text();
		const start = body.indexOf(">", body.indexOf('data-part="spec"')) + 1;
		const end = body.indexOf("</script>", start);
		const spec = { ...JSON.parse(body.slice(start, end)), source, needs: [] };
		await route.fulfill({
			response,
			body: body.slice(0, start) + JSON.stringify(spec).replaceAll("<", "\\u003c") + body.slice(end),
		});
	});
	await page.goto(url + lesson, { waitUntil: "networkidle" });
	return page;
}

/** Presses Run without a pointer that comes near before, which would warm the kernel; to the frame that shows the output. */
function press(page: Page): Promise<number> {
	return page
		.locator("chunkwise-cell")
		.first()
		.evaluate(
			(cell) =>
				new Promise<number>((resolve, reject) => {
					const output = cell.querySelector("[data-part=output]") as HTMLElement;
					const started = performance.now();
					const look = () => {
						const state = (cell as HTMLElement).dataset.state;
						if (state === "failed") reject(new Error(output.textContent ?? "failed"));
						else if (state === "done" && output.querySelector(":scope *"))
							resolve(performance.now() - started);
						else requestAnimationFrame(look);
					};
					(cell.querySelector("[data-part=run]") as HTMLElement).click();
					requestAnimationFrame(look);
				}),
		);
}

await measure();
