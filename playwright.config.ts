import { defineConfig } from "playwright/test";
import { findChromium, launchArgs } from "./scripts/chromium.ts";

/** Without a language Chromium reads no file whose name goes beyond ASCII; the tests drop and choose such files. */
const language = process.env.LC_ALL || process.env.LANG || "C.UTF-8";

export default defineConfig({
	testDir: "tests/browser",
	outputDir: "test-results/browser",
	timeout: 120_000,
	expect: { timeout: 20_000 },
	workers: 2,
	fullyParallel: true,
	forbidOnly: !!process.env.CI,
	// A busy machine can make one of some hundred tests late. What passes only the second time is named at the end.
	retries: 1,
	reporter: [
		["list"],
		["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? "test-results/browser.json" }],
	],
	use: {
		browserName: "chromium",
		launchOptions: {
			executablePath: findChromium(),
			args: launchArgs,
			env: { ...process.env, LC_ALL: language } as Record<string, string>,
		},
		screenshot: "only-on-failure",
		serviceWorkers: "allow",
	},
});
