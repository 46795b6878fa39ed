/**
 * `npm test`: lint, types, unit tests, site build, and the browser tests in a real Chromium. Every stage runs, so that
 * one run shows all that is wrong; the exit code is 1 if any failed.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ensureChromium } from "./chromium.ts";
import { root } from "./paths.ts";

const reports = join(root, "test-results");
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const unitReport = join(reports, "unit.json");
const browserReport = join(reports, "browser.json");
const failed: string[] = [];

function bin(...path: string[]): string {
	return join(root, "node_modules", ...path);
}

function stage(name: string, args: string[], env: Record<string, string> = {}): boolean {
	console.log(`\n── ${name} ──`);
	const started = Date.now();
	const { status } = spawnSync(process.execPath, args, {
		cwd: root,
		stdio: "inherit",
		env: { ...process.env, ASTRO_TELEMETRY_DISABLED: "1", ...env },
	});
	console.log(
		`${name}: ${status === 0 ? "ok" : "FAILED"} after ${((Date.now() - started) / 1000).toFixed(1)} s`,
	);
	if (status !== 0) failed.push(name);
	return status === 0;
}

const chromium = tryChromium();

stage("Lint", [bin("@biomejs", "biome", "bin", "biome"), "check", "."]);
stage("Types", [bin("typescript", "bin", "tsc"), "--noEmit"]);
stage("Types of src/lib without a DOM", [
	bin("typescript", "bin", "tsc"),
	"--noEmit",
	"-p",
	"tsconfig.lib.json",
]);
stage("Types of the pages", [bin("astro", "bin", "astro.mjs"), "check", "--minimumSeverity", "error"]);
stage("Unit tests", [
	bin("vitest", "vitest.mjs"),
	"run",
	"--reporter=default",
	"--reporter=json",
	`--outputFile.json=${unitReport}`,
]);
const built = stage("Site", ["scripts/build.ts", "--silent"]);
if (built && chromium) {
	stage("Browser tests", [bin("playwright", "cli.js"), "test"], {
		CHROMIUM_PATH: chromium,
		PLAYWRIGHT_JSON_OUTPUT_NAME: browserReport,
	});
}

const counts = sum(counted(unitReport, vitestCounts), counted(browserReport, playwrightCounts));
if (counts.flaky > 0) console.log(`\n${counts.flaky} passed only when tried again; "flaky" above names them`);
if (failed.length > 0) console.log(`\nFailed: ${failed.join(", ")}`);
console.log(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
process.exit(failed.length > 0 ? 1 : 0);

function tryChromium(): string | undefined {
	try {
		return ensureChromium();
	} catch (error) {
		console.error((error as Error).message);
		failed.push("Browser tests");
		return undefined;
	}
}

interface Counts {
	passed: number;
	failed: number;
	skipped: number;
	/** Of those that passed, the ones that had failed at first. */
	flaky: number;
}

function counted(file: string, read: (report: never) => Counts): Counts {
	try {
		return read(JSON.parse(readFileSync(file, "utf8")) as never);
	} catch {
		// The stage ended before it wrote its report, and is in `failed` already.
		return { passed: 0, failed: 0, skipped: 0, flaky: 0 };
	}
}

function vitestCounts(report: {
	numPassedTests: number;
	numFailedTests: number;
	numPendingTests: number;
}): Counts {
	return {
		passed: report.numPassedTests,
		failed: report.numFailedTests,
		skipped: report.numPendingTests,
		flaky: 0,
	};
}

function playwrightCounts({
	stats,
}: {
	stats: { expected: number; unexpected: number; flaky: number; skipped: number };
}): Counts {
	const { expected, unexpected, flaky, skipped } = stats;
	return { passed: expected + flaky, failed: unexpected, skipped, flaky };
}

function sum(a: Counts, b: Counts): Counts {
	return {
		passed: a.passed + b.passed,
		failed: a.failed + b.failed,
		skipped: a.skipped + b.skipped,
		flaky: a.flaky + b.flaky,
	};
}
