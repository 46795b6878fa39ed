/** The Python of the cheat sheet is real code: it is run from top to bottom, and compared with the TypeScript beside it. */
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { folderStore, samples } from "../../src/lib/node.ts";
import { embryoName, writeEmbryo } from "../../src/lib/samples/embryo-zarr.ts";
import { phantomTiff } from "../../src/lib/samples/phantom-tiff.ts";
import { cheatSheet, withPlaces } from "../support/cheat-sheet.ts";
import { runCells } from "../support/run-cells.ts";
import { differs, type PythonFacts } from "./lessons.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";

export async function checkCheatSheet(report: Report, python: string, folder: string): Promise<void> {
	mkdirSync(folder, { recursive: true });
	await folderStore(folder).set("/cells.tif", (await phantomTiff()).bytes);
	const made = join(import.meta.dirname, "../../public/data", embryoName);
	if (existsSync(made)) cpSync(made, join(folder, embryoName), { recursive: true });
	else await writeEmbryo(folderStore(join(folder, embryoName)));
	const rows = await cheatSheet();
	// This process waits for Python, so the places answer from another.
	const { child, places } = await startPlaces(folder);
	try {
		const told = rows.filter((row) => row.python !== undefined);
		const steps = told.map((row) => withPlaces(row.python ?? "", places));
		const found = askPeers<{ steps: PythonFacts[] }>(python, "lessons", { folder, steps });
		samples.configure({ prefer: "phantom" });
		const mine = await runCells(rows.map(({ ts }) => withPlaces(ts ?? "", places)));
		let compared = 0;
		for (const [i, row] of told.entries()) {
			const facts = found.steps[i];
			const difference = facts.error ?? differs(mine[rows.indexOf(row)], facts);
			if (facts.error === undefined && difference !== undefined) compared++;
			report.check(`cheat sheet: the Python of “${row.task}”`, difference ? [difference] : []);
		}
		report.check(
			"cheat sheet: Python and TypeScript give the same where they can be compared",
			compared >= 6 ? [] : [`only ${compared} rows were compared`],
		);
	} finally {
		child.stdin?.end();
	}
}

async function startPlaces(
	folder: string,
): Promise<{ child: ChildProcess; places: { image: string; service: string } }> {
	const child = spawn(process.execPath, [join(import.meta.dirname, "../support/sheet-places.ts"), folder], {
		stdio: ["pipe", "pipe", "inherit"],
	});
	const line = await new Promise<string>((done, fail) => {
		child.stdout?.once("data", (data: Buffer) => done(data.toString()));
		child.once("exit", () => fail(new Error("The places of the cheat sheet did not start.")));
	});
	return { child, places: JSON.parse(line) };
}
