import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Page } from "playwright/test";
import type { PoolFindings } from "../support/parallel-page.ts";
import { bundleInto } from "./bundle.ts";
import { test as base, expect } from "./site.ts";

/** Library code bundled by Vite, on a server of its own; under /strict/ with a policy that forbids workers. */
const test = base.extend<object, { bundle: string }>({
	bundle: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
		async ({}, use) => {
			const folder = mkdtempSync(join(tmpdir(), "chunkwise-parallel-"));
			await bundleInto(folder, "page", "parallel-page.ts");
			const server = createServer(async ({ url = "/" }, response) => {
				const { pathname } = new URL(url, "http://localhost");
				const strict = pathname.startsWith("/strict/");
				if (strict) response.setHeader("content-security-policy", "worker-src 'none'");
				if (pathname.endsWith("/")) {
					response.setHeader("content-type", "text/html");
					response.end("<!doctype html><title>A pool of workers</title>");
					return;
				}
				response.setHeader("content-type", "text/javascript");
				const name = pathname.replace(/^\/(strict\/)?/, "");
				const file = name.startsWith("assets/") ? join("assets", basename(name)) : basename(name);
				readFile(join(folder, file)).then(
					(body) => response.end(body),
					() => response.writeHead(404).end(),
				);
			});
			await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
			await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
			server.closeAllConnections();
			server.close();
			rmSync(folder, { recursive: true, force: true });
		},
		{ scope: "worker" },
	],
});

async function inPage(page: Page, address: string): Promise<PoolFindings> {
	await page.goto(address);
	return page.evaluate(async () => {
		const script = "./page.js";
		const { tryPool } = await import(new URL(script, location.href).href).then(
			() => globalThis as unknown as { tryPool(): Promise<PoolFindings> },
		);
		return tryPool();
	});
}

const asExpected = {
	same: true,
	error: expect.objectContaining({ name: "ChunkwiseError", code: "unknown-codec" }),
	aborted: true,
	choice: expect.stringMatching(/^2 workers on 2 cores: gzip takes about/),
	closed: ["pool-closed", "pool-closed", "pool-closed"],
};

test("a page's own workers compute and encode the same bytes", async ({ page, bundle }) => {
	expect(await inPage(page, bundle)).toMatchObject({
		...asExpected,
		workers: 2,
		why: "2 workers, as asked",
		used: [1, 2],
	});
});

test("so do workers of a worker", async ({ page, bundle }) => {
	await page.goto(bundle);
	const findings = await page.evaluate(
		() =>
			new Promise<PoolFindings>((resolve, reject) => {
				const worker = new Worker("page.js", { type: "module" });
				worker.onmessage = ({ data }) => resolve(data);
				worker.onerror = ({ message }) => reject(new Error(message || "the worker did not start"));
				worker.postMessage("begin");
			}),
	);
	expect(findings).toMatchObject({ ...asExpected, workers: 2, used: [1, 2] });
});

test("where the page's policy forbids workers, the work is done by the page", async ({ page, bundle }) => {
	const findings = await inPage(page, `${bundle}strict/`);
	expect(findings).toMatchObject({ ...asExpected, workers: 0, used: [0] });
	expect(findings.why).toMatch(/^No worker: none could be started/);
});

test("a cell of a lesson has workers of its own", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		[
			'import { openPool } from "chunkwise";',
			"const pool = await openPool({ workers: 2 });",
			"const data = new Uint16Array(32768).map((_, i) => i % 97);",
			'const input = { spec: { format: "zarr", codec: "gzip" }, data, shape: [32768], dtype: "uint16" } as const;',
			'const results = await Promise.all([1, 2, 3, 4, 5, 6].map(() => pool.run("encodeChunk", input)));',
			"const used = new Set(results.map(({ worker }) => worker));",
			"const found = `$" + "{pool.why}: $" + '{[...used].sort().join(" and ")}`;',
			"await pool.close();",
			"found",
		].join("\n"),
	);
	await lesson.run("download", 60_000);
	await expect(lesson.output("download")).toContainText("2 workers, as asked: 1 and 2");
});
