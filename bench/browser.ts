/** Runs measurements in a worker of Chromium. The library is bundled as the site bundles it and served from here. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright";
import { build } from "vite";
import { findChromium, launchArgs } from "../scripts/chromium.ts";
import { root } from "../scripts/paths.ts";
import { serveFolder } from "../src/cli/serve.ts";
import type { SpatialImage } from "../src/lib/index.ts";
import type { BigTimes } from "./big-here.ts";
import type { Question } from "./browser-worker.ts";
import type { Steps } from "./steps.ts";

/** Milliseconds that one measurement may take in the browser. */
const longest = 240_000;

export class BrowserBench {
	readonly version: string;
	readonly #ask: (question: Question) => Promise<unknown>;
	readonly #close: () => Promise<void>;

	private constructor(
		version: string,
		ask: (question: Question) => Promise<unknown>,
		close: () => Promise<void>,
	) {
		this.version = version;
		this.#ask = ask;
		this.#close = close;
	}

	/** A Chromium with the bundle ready; undefined where there is no Chromium. */
	static async start(image: SpatialImage, tiff: Uint8Array): Promise<BrowserBench | undefined> {
		const executablePath = findChromium();
		if (!executablePath) return undefined;
		const folder = mkdtempSync(join(tmpdir(), "chunkwise-bench-"));
		await bundle(folder);
		writeFileSync(join(folder, "sample.tif"), tiff);
		writeFileSync(join(folder, "sample.raw"), image.data);
		writeFileSync(join(folder, "index.html"), "<!doctype html><title>Measurements</title>");
		const served = await serveFolder(folder, { port: 0 });
		const browser = await chromium.launch({
			executablePath,
			args: [...launchArgs, "--js-flags=--expose-gc"],
		});
		const ask = async (question: Question) => {
			const page = await browser.newPage();
			try {
				await page.goto(served.url);
				const answer = await page.evaluate(inWorker, { question, longest });
				if (answer.error) throw new Error(`In Chromium: ${answer.error}`);
				return answer.result;
			} finally {
				await page.close();
			}
		};
		return new BrowserBench(browser.version(), ask, async () => {
			await browser.close();
			await served.close();
			rmSync(folder, { recursive: true, force: true });
		});
	}

	steps(rounds: number): Promise<Steps | undefined> {
		return this.#tried<Steps>({ part: "steps", tiff: "sample.tif", rounds });
	}

	big(shape: readonly number[]): Promise<BigTimes | undefined> {
		return this.#tried<BigTimes>({ part: "big", raw: "sample.raw", shape: [...shape] });
	}

	/** What Node measured is worth showing where Chromium fails, which is said. */
	async #tried<Result>(question: Question): Promise<Result | undefined> {
		try {
			return (await this.#ask(question)) as Result;
		} catch (error) {
			console.error((error as Error).message);
			return undefined;
		}
	}

	close(): Promise<void> {
		return this.#close();
	}
}

/** In the page: a new worker for each question. */
function inWorker({ question, longest }: { question: Question; longest: number }) {
	return new Promise<{ result?: unknown; error?: string }>((resolve) => {
		const worker = new Worker("worker.js", { type: "module" });
		let step = "the start";
		setTimeout(() => resolve({ error: `no end after ${longest} ms, in: ${step}` }), longest);
		worker.onmessage = ({ data }) => {
			if (data.begins) step = data.begins;
			else resolve(data);
		};
		worker.onerror = ({ message }) => resolve({ error: message || "the worker did not start" });
		worker.postMessage(question);
	});
}

async function bundle(folder: string): Promise<void> {
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
}
