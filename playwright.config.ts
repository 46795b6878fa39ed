import { defineConfig } from "playwright/test";
import { findChromium, launchArgs } from "./scripts/chromium.ts";

export default defineConfig({
	testDir: "tests/browser",
	outputDir: "test-results/browser",
	timeout: 120_000,
	expect: { timeout: 20_000 },
	workers: 2,
	fullyParallel: true,
	forbidOnly: !!process.env.CI,
	retries: 0,
	reporter: [
		["list"],
		["json", { outputFile: process.env.PLAYWRIGHT_JSON_OUTPUT_NAME ?? "test-results/browser.json" }],
	],
	use: {
		browserName: "chromium",
		launchOptions: { executablePath: findChromium(), args: launchArgs },
		screenshot: "only-on-failure",
		serviceWorkers: "allow",
	},
});
