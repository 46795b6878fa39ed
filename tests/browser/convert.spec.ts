/** A conversion in a browser's worker into the private file system, against the same one in Node. */
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "playwright/test";
import { serveFolder } from "../../src/cli/serve.ts";
import { openNodePool } from "../../src/lib/parallel/node-pool.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { type ConversionFindings, convertInto } from "../support/convert-page.ts";
import { bundleInto } from "./bundle.ts";

const root = join(import.meta.dirname, "../..");
/** The digital phantom, which every build makes. */
const phantom = join(root, "public/data/hl60-phantom.tif");

const test = base.extend<object, { served: string }>({
	served: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
		async ({}, use) => {
			const folder = mkdtempSync(join(tmpdir(), "chunkwise-convert-"));
			await bundleInto(folder, "worker", "convert-page.ts");
			writeFileSync(join(folder, "index.html"), "<!doctype html><title>A conversion</title>");
			copyFileSync(phantom, join(folder, "phantom.tif"));
			const served = await serveFolder(folder, { port: 0 });
			await use(served.url);
			await served.close();
			rmSync(folder, { recursive: true, force: true });
		},
		{ scope: "worker" },
	],
});

for (const codec of ["none", "blosc-lz4"] as const) {
	test(`a TIFF becomes an OME-Zarr with ${codec}, byte for byte as in Node, part by part`, async ({
		page,
		served,
	}) => {
		await page.goto(served);
		const here = await page.evaluate(
			(codec) =>
				new Promise<ConversionFindings>((resolve, reject) => {
					const worker = new Worker("worker.js", { type: "module" });
					worker.onmessage = ({ data }) => (data.failed ? reject(new Error(data.failed)) : resolve(data));
					worker.onerror = ({ message }) => reject(new Error(message || "the worker did not start"));
					worker.postMessage(codec);
				}),
			codec,
		);
		const pool = await openNodePool({ workers: 0 });
		const there = await convertInto(memoryStore(), readFileSync(phantom), pool, codec);
		expect(here.workers).toBe(2);
		expect(here.parts).toBeGreaterThan(3);
		expect(here.largest).toBeLessThanOrEqual(4 << 20);
		expect(Object.keys(here.hashes).length).toBeGreaterThan(20);
		expect(here.hashes).toEqual(there.hashes);
	});
}
