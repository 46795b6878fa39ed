/** The notebooks with the lessons' Python, in the folder notebooks, are those that the lessons give now. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { notebookFiles, publishedSite, pythonLessons, surroundings } from "../../scripts/notebooks.ts";
import { root } from "../../scripts/paths.ts";
import { type PythonLesson, pythonNotebook, requirementsOf } from "../../scripts/python-notebook.ts";
import type { Notebook } from "../../src/components/work/notebook-cells.ts";

const folder = join(root, "notebooks");
const remedy = "Run npm run notebooks, and commit the folder notebooks with the lesson.";

/** What nbformat's schema for 4.5 asks for of the cells that are here. */
function formProblems(notebook: Notebook): string[] {
	const problems: string[] = [];
	if (notebook.nbformat !== 4 || notebook.nbformat_minor !== 5) problems.push("not nbformat 4.5");
	const ids = notebook.cells.map(({ id }) => id);
	if (new Set(ids).size !== ids.length) problems.push("two cells have one id");
	for (const { id, cell_type, source, outputs, execution_count } of notebook.cells) {
		if (!/^[a-zA-Z0-9-_]{1,64}$/.test(id)) problems.push(`${id} is no id`);
		if (cell_type === "code" && (outputs?.length !== 0 || execution_count !== null))
			problems.push(`${id} has outputs`);
		if (source.some((line, i) => line.endsWith("\n") !== i < source.length - 1))
			problems.push(`${id} has lines that are joined or broken`);
	}
	return problems;
}

describe("notebooks", async () => {
	const lessons = await pythonLessons();
	const files = await notebookFiles(publishedSite());

	it("are there for every lesson with Python, and no others", () => {
		expect(lessons.map(({ name }) => name)).toContain("zarr");
		expect(
			readdirSync(folder).filter((name) => name.endsWith(".ipynb")),
			remedy,
		).toEqual([...files.keys()]);
	});

	it.each([...files])("%s is up to date", (name, text) => {
		const path = join(folder, name);
		expect(existsSync(path) && readFileSync(path, "utf8") === text, `${name}: ${remedy}`).toBe(true);
		expect(formProblems(JSON.parse(text))).toEqual([]);
	});

	it.each(lessons)("$name has its steps in their order below the lesson's headings", (lesson) => {
		const { cells } = JSON.parse(files.get(`${lesson.name}.ipynb`) as string) as Notebook;
		const code = cells.filter(({ cell_type }) => cell_type === "code").map(({ source }) => source.join(""));
		expect(code.slice(-lesson.steps.length)).toEqual(lesson.steps.map((step) => step.code));
		const headings = cells.flatMap(({ source }) => source.filter((line) => line.startsWith("## ")));
		expect(headings.length).toBeGreaterThan(0);
		expect(headings).toEqual(
			lesson.steps
				.flatMap(({ section }) => (section === undefined ? [] : [`## ${section}`]))
				.filter((heading, i, all) => heading !== all[i - 1]),
		);
	});
});

describe("a notebook", () => {
	const lesson = (...codes: string[]): PythonLesson => ({
		name: "x",
		title: "X",
		description: "About x.",
		steps: codes.map((code, i) => ({ cell: `step-${i}`, code })),
	});
	const text = (notebook: Notebook) => notebook.cells.map(({ source }) => source.join("")).join("\n\n");

	it("links to the lesson on the site, else to its source", () => {
		const on = text(pythonNotebook(lesson("1"), surroundings("https://example.org/course/")));
		expect(on).toContain("(https://example.org/course/lessons/x/)");
		expect(text(pythonNotebook(lesson("1"), surroundings()))).toContain(
			"(../src/content/docs/lessons/x.mdx)",
		);
	});

	it("installs what the steps import, in the versions of the interoperability tests", () => {
		const requirements = ["zarr==3.1.6", "distributed==2026.8.0", "numpy==2.4.6"];
		const code =
			"import json, pathlib\nimport numpy as np\nfrom dask.distributed import Client\n    import zarr.codecs\n";
		expect(requirementsOf(code, requirements, "x")).toEqual([
			"distributed==2026.8.0",
			"numpy==2.4.6",
			"zarr==3.1.6",
		]);
		expect(() => requirementsOf("import scipyy", requirements, "x")).toThrow(
			/The Python of the lesson “x” imports scipyy, and tests\/interop\/requirements\.txt has no package for it/,
		);
		// Nothing to install: no such cell.
		expect(text(pythonNotebook(lesson("import json"), surroundings()))).not.toContain("pip");
	});

	it("brings the samples that the steps name, and says that they are synthetic and where the originals are", () => {
		const plain = text(pythonNotebook(lesson("1"), surroundings("https://example.org/")));
		expect(plain).not.toContain("synthetic");
		expect(plain).not.toContain("urlretrieve");
		const tiff = text(
			pythonNotebook(lesson('open("hl60-phantom.tif")'), surroundings("https://example.org/")),
		);
		expect(tiff).toMatch(/`hl60-phantom\.tif` is \*\*synthetic\*\*.*\[the original\]\(https:\/\/\S+\)/);
		expect(tiff).toContain('site = "https://example.org/"');
		const image = text(pythonNotebook(lesson('Path("6001240.zarr")'), surroundings()));
		expect(image).toMatch(/`6001240\.zarr` is \*\*synthetic\*\*: a stand-in/);
		expect(image).toContain("fetch_image(name)");
	});
});
