/**
 * Point 9 of the notebook: a lesson that was downloaded as TypeScript is run whole by Node, and prints what its page
 * shows. `npm run try-package` does it with the package as readers install it.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { scriptFile } from "../../src/components/work/script-file.ts";
import { folderStore, openZarr, samples } from "../../src/lib/node.ts";
import { shownOnPage, solvedCells } from "../support/downloaded.ts";
import { libraryFolder } from "../support/library-folder.ts";
import { fakeDisk } from "../support/opfs.ts";

const temporary = mkdtempSync(join(tmpdir(), "chunkwise lesson "));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function runWhole(cells: Awaited<ReturnType<typeof solvedCells>>): { lines: string[]; place: string } {
	const place = libraryFolder(temporary);
	const head = { title: "A lesson", address: "https://course.example/", package: "chunkwise.tgz" };
	const text = scriptFile(cells, { ...head, file: "lesson.ts", samples: { prefer: "phantom" } });
	writeFileSync(join(place, "lesson.ts"), text);
	const { status, stdout, stderr } = spawnSync(process.execPath, ["lesson.ts"], {
		cwd: place,
		encoding: "utf8",
	});
	expect(stderr).toBe("");
	expect(status).toBe(0);
	return { lines: stdout.trimEnd().split("\n"), place };
}

const picture = (number: number) => `Saved as ${join("lesson pictures", `${number}.png`)}`;

test("the first lesson, run by Node, prints what its page shows", async () => {
	const cells = await solvedCells("lessons/tiff-to-ome-zarr");
	expect(cells.length).toBeGreaterThan(20);
	// The page's own file system, which this process has not.
	Object.defineProperty(navigator, "storage", {
		configurable: true,
		value: { getDirectory: async () => fakeDisk().root },
	});
	samples.configure({ prefer: "phantom" });
	const shown = await shownOnPage(cells, picture);
	const { lines, place } = runWhole(cells);
	expect(lines).toEqual(shown);
	expect(lines).toContain("15");
	expect(readdirSync(join(place, "lesson pictures")).sort()).toEqual(["1.png", "2.png", "3.png", "4.png"]);
	// What the page keeps in the browser's file system is an OME-Zarr in a folder.
	const kept = await openZarr(folderStore(join(place, "opfs", "hl60.ome.zarr")), "scale2/image");
	expect(kept.kind === "array" && kept.shape).toEqual([16, 26, 45]);
});

test("the page for authors, with exercises of which one ends in an error, runs to its end", async () => {
	const cells = await solvedCells("guide/elements");
	expect(cells.some(({ mayFail }) => mayFail)).toBe(true);
	const shown = await shownOnPage(cells, picture);
	const { lines } = runWhole(cells);
	expect(lines.slice(0, shown.length)).toEqual(shown);
	expect(lines.at(-1)).toContain("No Zarr array or group is here");
});
