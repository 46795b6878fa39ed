/**
 * The lesson's steps in Node and in a worker of Chromium, side by side: `npm run bench -- steps`. The library is
 * bundled as the site bundles it and served from this machine.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build } from "vite";
import { findChromium, launchArgs } from "../scripts/chromium.ts";
import { root } from "../scripts/paths.ts";
import { serveFolder } from "../src/cli/serve.ts";
import { formatBytes } from "../src/lib/index.ts";
import { printTable } from "./measure.ts";
import { measureSteps, type Steps } from "./steps.ts";
import { sampleTiff } from "./support.ts";

/** Milliseconds that all steps together may take in the browser. */
const longest = 180_000;

export async function measureInBoth(): Promise<void> {
	const { bytes, what } = sampleTiff();
	const node = await measureSteps(new Blob([bytes]));
	const browser = await inChromium(bytes);
	const [copyNode, copyBrowser] = [node, browser?.result].map((steps) => steps?.steps[0].times.median ?? 1);
	const rows = (browser?.result ?? node).steps.map(({ name, times, stored }) => {
		const other = node.steps.find((step) => step.name === name)?.times;
		const own = browser ? times : undefined;
		return [
			name,
			other?.median ?? "",
			other ? other.median / copyNode : "",
			own?.median ?? "",
			own ? own.median / copyBrowser : "",
			own?.best ?? "",
			stored === undefined ? "" : formatBytes(stored),
		];
	});
	printTable(
		`The lesson's steps on ${what}: ${node.shape.join(" × ")} ${node.dtype}, ${formatBytes(node.bytes)}; ` +
			`Node ${process.version}, ${browser ? `Chromium ${browser.version} (a worker)` : "no Chromium found"}`,
		["", "Node ms", "× copy", "Chromium ms", "× copy", "best ms", "stored"],
		rows,
	);
}

async function inChromium(tiff: Uint8Array): Promise<{ version: string; result: Steps } | undefined> {
	const executablePath = findChromium();
	if (!executablePath) return undefined;
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-bench-"));
	let stop: (() => Promise<void>) | undefined;
	try {
		await build({
			configFile: false,
			root,
			logLevel: "error",
			publicDir: false,
			build: {
				outDir: folder,
				emptyOutDir: true,
				chunkSizeWarningLimit: 4096,
				target: "es2022",
				modulePreload: false,
				rollupOptions: {
					input: { worker: join(import.meta.dirname, "browser-worker.ts") },
					output: { entryFileNames: "[name].js" },
				},
			},
		});
		writeFileSync(join(folder, "sample.tif"), tiff);
		writeFileSync(join(folder, "index.html"), "<!doctype html><title>Measurements</title>");
		const served = await serveFolder(folder, { port: 0 });
		stop = served.close;
		const browser = await chromium.launch({ executablePath, args: launchArgs });
		try {
			const page = await browser.newPage();
			await page.goto(served.url);
			const answer = await page.evaluate(
				(patience) =>
					new Promise<{ result?: unknown; error?: string }>((resolve) => {
						const worker = new Worker("worker.js", { type: "module" });
						let step = "the start";
						setTimeout(() => resolve({ error: `no end after ${patience} ms, in: ${step}` }), patience);
						worker.onmessage = ({ data }) => {
							if (data.begins) step = data.begins;
							else resolve(data);
						};
						worker.onerror = ({ message }) => resolve({ error: message || "the worker did not start" });
						worker.postMessage("sample.tif");
					}),
				longest,
			);
			if (answer.error) throw new Error(`In Chromium: ${answer.error}`);
			return { version: browser.version(), result: answer.result as Steps };
		} finally {
			await browser.close();
		}
	} finally {
		await stop?.();
		rmSync(folder, { recursive: true, force: true });
	}
}
