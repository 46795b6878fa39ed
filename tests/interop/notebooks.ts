/** Notebooks of lessons, run by Jupyter's own client in an empty folder: they bring what they need, and print what the Python beside the cells prints. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pythonLessons, surroundings } from "../../scripts/notebooks.ts";
import { notebookText, pythonNotebook } from "../../scripts/python-notebook.ts";
import { addressToCome } from "../../src/components/work/python-address.ts";
import type { PythonFacts } from "./lessons.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";

/** One that needs no sample, one with the TIFF, one with the public image; the others differ in their steps only. */
const tried = ["zarr", "visualization", "public-image"];

/** What stands below a cell of a notebook. */
interface Shown {
	printed: string;
	/** As text. */
	value: string | null;
}

/**
 * @param publicFolder where the notebook gets its samples, as from the published course
 * @param facts what the steps gave when they were run by themselves
 */
export async function checkNotebook(
	report: Report,
	python: string,
	name: string,
	{ folder, publicFolder, facts }: { folder: string; publicFolder: string; facts: readonly PythonFacts[] },
): Promise<void> {
	const lesson = (await pythonLessons()).find((one) => one.name === name);
	if (!lesson || !tried.includes(name)) return;
	const empty = join(folder, "notebook");
	mkdirSync(empty, { recursive: true });
	const path = join(folder, `${name}.ipynb`);
	writeFileSync(path, notebookText(pythonNotebook(lesson, surroundings(addressToCome))));
	const ran = askPeers<{ error?: string; cells?: Record<string, Shown> }>(python, "notebook", {
		...{ path, folder: empty, public: publicFolder, addressToCome },
	});
	const what = `notebooks/${name}.ipynb, run by nbclient`;
	if (!ran.cells) {
		report.check(what, [ran.error ?? "it gave nothing"]);
		return;
	}
	const problems = lesson.steps.flatMap(({ cell }, i) => {
		const { printed, value } = ran.cells?.[cell] ?? {
			printed: "nothing: there is no such cell",
			value: null,
		};
		const alone = facts[i];
		if (alone.error) return [];
		const found = [];
		if (printed !== (alone.printed ?? ""))
			found.push(`${cell} prints ${JSON.stringify(printed)}, and by itself ${JSON.stringify(alone.printed)}`);
		if (
			typeof alone.value === "number" &&
			alone.printed === "" &&
			Number(value?.replace(/^.*\((.*)\)$/, "$1")) !== alone.value
		)
			found.push(`${cell} shows ${value}, and by itself ${alone.value}`);
		return found;
	});
	report.check(what, problems);
}
