/**
 * Does what we write read the same elsewhere, and do we read what others write? `npm run test:interop [-- FOLDER…]`:
 * each FOLDER is a further OME-Zarr to check, for example one exported from the browser; our own reading of it is
 * compared with theirs. `--write` keeps the matrix in docs/interop.md.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { checkCheatSheet } from "./cheat-sheet.ts";
import { checkConverted } from "./converted.ts";
import { checkConsolidated, checkImages, checkPyramid } from "./images.ts";
import { checkJava } from "./java.ts";
import { checkLessons } from "./lessons.ts";
import { checkN5, ourN5 } from "./n5.ts";
import { pythonWithPeers } from "./python.ts";
import { Report } from "./report.ts";
import { checkS3 } from "./s3.ts";
import { checkTiffSeries } from "./tiff-series.ts";
import { checkWholeImages } from "./whole-images.ts";
import { checkPythonReading, checkPythonWriting, exportedCase, ourStores } from "./zarr.ts";

const arguments_ = process.argv.slice(2);
const report = new Report();
const folder = mkdtempSync(join(tmpdir(), "chunkwise interop "));
try {
	const stores = await ourStores(join(folder, "ours"), report);
	for (const path of arguments_.filter((one) => !one.startsWith("-")).map((one) => resolve(one))) {
		try {
			stores.push(await exportedCase(path));
		} catch (error) {
			report.check(`${path}, read by us`, [String(error)]);
		}
	}
	const found = pythonWithPeers();
	if ("missing" in found) report.skip(`all of Python: ${found.missing}`);
	else {
		const { python } = found;
		checkPythonReading(report, python, stores);
		await checkPythonWriting(report, python, join(folder, "theirs"));
		await checkN5(report, python, join(folder, "n5"));
		await checkImages(report, python, join(folder, "images"));
		await checkConsolidated(report, python, join(folder, "consolidated"));
		await checkWholeImages(report, python, join(folder, "whole"));
		await checkPyramid(report, python);
		await checkConverted(report, python, join(folder, "converted"));
		await checkTiffSeries(report, python, join(folder, "tiff"));
		await checkLessons(report, python, join(folder, "lessons"));
		await checkCheatSheet(report, python, join(folder, "cheat sheet"));
	}
	checkS3(report);
	await checkJava(report, stores, await ourN5(join(folder, "n5 for Java")), join(folder, "java"));
} finally {
	rmSync(folder, { recursive: true, force: true });
}

console.log(`\nArrays read equal, of those tried:\n\n${report.tables()}\n`);
for (const why of report.skipped) console.log(`skipped ${why}`);
if (arguments_.includes("--write")) report.writePage();
console.log(report.summary());
process.exitCode = report.failed > 0 ? 1 : 0;
