/** Zstandard is written in browsers by WebAssembly that is fetched; where it cannot be had, at once by another. */
import { mkdtempSync, rmSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test as base, expect } from "playwright/test";
import { bundleInto } from "./bundle.ts";

const test = base.extend<object, { folder: string }>({
	folder: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
		async ({}, use) => {
			const folder = mkdtempSync(join(tmpdir(), "chunkwise-zstd-"));
			await bundleInto(folder, "page", "zstd-page.ts");
			await use(folder);
			rmSync(folder, { recursive: true, force: true });
		},
		{ scope: "worker" },
	],
});

const types: Readonly<Record<string, string>> = { js: "text/javascript", wasm: "application/wasm" };

for (const [what, answer, encoder] of [
	["is there", "whole", true],
	["has the wrong type", "untyped", true],
	["is absent", "absent", false],
	["is a page of the server", "page", false],
	["cannot be reached", "unreachable", false],
	["is forbidden by the page's policy", "forbidden", false],
] as const) {
	test(`where its WebAssembly ${what}`, async ({ page, folder }) => {
		// The loader's own patience is 20 s: it must not be needed.
		test.setTimeout(18_000);
		const complaints: string[] = [];
		page.on("pageerror", (error) => complaints.push(String(error)));
		await page.route("http://zstd.test/**", async (route) => {
			const name = new URL(route.request().url()).pathname.slice(1);
			const type = types[name.split(".").at(-1) ?? ""];
			if (!name) {
				const policy =
					answer === "forbidden" ? { "content-security-policy": "script-src 'self'" } : undefined;
				await route.fulfill({ contentType: "text/html", body: "<!doctype html>", headers: policy });
			} else if (type !== types.wasm || answer === "whole" || answer === "forbidden") {
				await route.fulfill({ contentType: type, body: await readFile(join(folder, name)) });
			} else if (answer === "untyped") {
				await route.fulfill({ contentType: "text/plain", body: await readFile(join(folder, name)) });
			} else if (answer === "absent") await route.fulfill({ status: 404, body: "no such file" });
			else if (answer === "page") await route.fulfill({ contentType: "text/html", body: "<!doctype html>" });
			else await route.abort();
		});
		await page.goto("http://zstd.test/");
		const findings = await page.evaluate(async () => {
			const script = "/page.js";
			const { tryZstd } = await import(script);
			return tryZstd();
		});
		expect(findings).toEqual({
			encoder,
			...(answer === "forbidden" ? { refused: "unsupported-codec" } : { same: true }),
		});
		expect(complaints).toEqual([]);
	});
}
