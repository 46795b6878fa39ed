/**
 * Measures the library against its peers on this machine, in turn with them:
 *
 *   npm run bench -- [--write] [--rounds=5] [PART …]
 *
 * Parts: steps (the lesson's steps, in Node and in a worker of Chromium, against a copy, zarrita and Python), tiff,
 * multiscale, big (1 GiB), and those of bench/parallel.ts, bench/convert.ts, bench/listing.ts, bench/watch.ts and
 * bench/first-run.ts and bench/own-image.ts (of the built site), and of bench/viewer.ts, whose flags go along. All of them without a name.
 * --write puts the tables into docs/benchmarks.md. Medians; compare the ratios, the times are this machine's.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { formatBytes } from "../src/lib/index.ts";
import { measureBig } from "./big.ts";
import { BrowserBench } from "./browser.ts";
import { showSteps } from "./compare.ts";
import { writeTables } from "./document.ts";
import { showText, tables } from "./measure.ts";
import { measureMultiscale } from "./multiscale.ts";
import { PythonPeers } from "./python.ts";
import { measureSteps } from "./steps.ts";
import { sampleImage, sampleTiff } from "./support.ts";
import { measureTiff } from "./tiff.ts";

/** Measurements with a process of their own: what they print is shown and kept as it is. */
const others = ["parallel", "convert", "listing", "watch", "first-run", "viewer", "own-image"];
const own = ["steps", "tiff", "multiscale", "big"];
const rounds = Number(process.argv.find((word) => word.startsWith("--rounds="))?.slice(9) ?? 5);

const wanted = process.argv.slice(2).filter((word) => !word.startsWith("--"));
const unknown = wanted.filter((name) => ![...own, ...others].includes(name));
if (unknown.length > 0) {
	console.error(`There is no part ${unknown.join(", ")}: use ${[...own, ...others].join(", ")}.`);
	process.exit(2);
}
const chosen = (name: string) => wanted.length === 0 || wanted.includes(name);

// Garbage is collected between two runs (bench/measure.ts).
setFlagsFromString("--expose-gc");
(globalThis as { gc?: () => void }).gc = runInNewContext("gc");

const { image, what } = await sampleImage();
const { bytes: tiff } = sampleTiff();
console.log(
	`${what}: ${image.shape.join(" × ")} ${image.dtype}, ${formatBytes(image.bytes)}. Node ${process.version}.`,
);
const python = own.some(chosen) ? await PythonPeers.start(image, tiff) : "not asked for";
if (typeof python === "string") console.log(`Python's peers are skipped: ${python}.`);
else {
	const { versions } = python;
	console.log(
		`Python's peers: ${Object.entries(versions)
			.map((pair) => pair.join(" "))
			.join(", ")}.`,
	);
	if (!versions.xarray) {
		console.log("xarray is skipped: .venv/bin/pip install -r bench/requirements.txt");
	}
}
const onStep = (name: string) => console.error(`… ${name}`);
const pythonRun = (task: string, needs: string) =>
	typeof python === "string" ? undefined : python.run(task, needs);
const browser = chosen("steps") || chosen("big") ? await BrowserBench.start(image, tiff) : undefined;
try {
	if (chosen("steps")) {
		const node = await measureSteps(new Blob([tiff]), { python: pythonRun, rounds, onStep });
		const chromium = await browser?.steps(rounds);
		const where = browser ? `Chromium ${browser.version} (a worker)` : "no Chromium found";
		showSteps(what, node, chromium, `Node ${process.version}, ${where}`);
	}
	if (chosen("tiff")) await measureTiff(tiff, pythonRun);
	if (chosen("multiscale")) await measureMultiscale(image, pythonRun);
	if (typeof python !== "string") python.close();
	if (chosen("big")) await measureBig(image, browser);
	for (const name of others) {
		const path = join(import.meta.dirname, `${name}.ts`);
		if (!chosen(name) || !existsSync(path)) continue;
		// Others take folders and numbers there.
		const flags = name === "viewer" ? process.argv.filter((word) => word.startsWith("--")) : [];
		const { stdout, status } = spawnSync(process.execPath, [path, ...flags], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "inherit"],
			timeout: 1_800_000,
		});
		if (status === 0) showText(name, stdout);
		else console.error(`bench/${name}.ts did not end well (${status}).`);
	}
} finally {
	if (typeof python !== "string") python.close();
	await browser?.close();
}
if (process.argv.includes("--write")) writeTables(tables());
