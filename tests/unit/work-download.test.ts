import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { afterAll, expect, test } from "vitest";
import { notebook } from "../../src/components/work/notebook.ts";
import { type CodeBlock, type LessonBlock, lessonBlocks } from "../../src/components/work/page-text.ts";
import { scriptFile } from "../../src/components/work/script-file.ts";
import { libraryFolder } from "../support/library-folder.ts";

const address = "https://course.example/lessons/x/";
const head = { title: "A lesson", address, package: "https://course.example/chunkwise.tgz" };
const temporary = mkdtempSync(join(tmpdir(), "chunkwise script "));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

function runScript(blocks: readonly LessonBlock[]): {
	text: string;
	stdout: string;
	stderr: string;
	place: string;
} {
	const place = libraryFolder(temporary);
	const text = scriptFile(blocks, { ...head, file: "lesson.ts" });
	writeFileSync(join(place, "lesson.ts"), text);
	const transform = text.includes("--experimental-transform-types") ? ["--experimental-transform-types"] : [];
	const { stdout, stderr } = spawnSync(process.execPath, [...transform, "lesson.ts"], {
		cwd: place,
		encoding: "utf8",
	});
	return { text, stdout, stderr, place };
}

const cell = (id: string, source: string, exercise = false): CodeBlock => ({
	kind: "cell",
	id,
	title: id,
	source,
	exercise,
});

test("cells that a page shares become one module that Node runs", () => {
	const { text, stdout, stderr } = runScript([
		{ kind: "text", markdown: "# Prose\n\nwith `code` */ and more" },
		cell(
			"a",
			'import { memoryStore, listKeys } from "chunkwise";\nconst store = memoryStore();\nconst x: number = 1, only = 5;\nx',
		),
		cell(
			"b",
			'import { memoryStore } from "chunkwise";\nimport * as lib from "chunkwise";\nconst x = 2;\nfunction twice(n: number) { return 2 * n }\ntwice(x) + only;',
		),
		cell(
			"c",
			"const { x, y: [z] } = { x: 3, y: [4] };\nfunction twice(n: number) { return `${n}${n}` }\ndisplay(twice(x)); z",
		),
		cell(
			"solved",
			'import { listKeys } from "chunkwise";\nvar store = memoryStore();\nconst x = 40;\n(await listKeys(store)).length + x',
			true,
		),
		cell("open-exercise", "const n = ______;\nn", true),
		cell("broken", "const n = ;"),
		cell(
			"last",
			"let later: string | undefined;\nexport const kept = store === undefined;\ntypeof lib.openZarr + x",
		),
	]);
	expect(stderr).toBe("");
	expect(stdout.trim().split("\n")).toEqual(["1", "9", "33", "4", "40", "function3"]);
	expect(text).toContain("// with `code` */ and more");
	expect(text).toContain("// const n = ______;");
	expect(text).toMatch(/cannot be read/);
});

test("enums and parameter properties say what Node needs", () => {
	const { text, stdout } = runScript([
		cell("a", "enum Axis { z, y, x }\nclass P { constructor(readonly n: number) {} }\nnew P(Axis.x).n"),
	]);
	expect(text).toContain("node --experimental-transform-types lesson.ts");
	expect(stdout.trim()).toBe("2");
});

test("displays of the library are printed, the private file system is a folder, Plot has a document", () => {
	const { stdout, stderr, place, text } = runScript([
		cell(
			"a",
			'import { opfsStore, toMultiscale, toNgffZarr, toSpatialImage } from "chunkwise";\nconst image = toSpatialImage({ data: new Uint16Array(64), shape: [8, 8] }, { name: "cells" });\nimage',
		),
		cell(
			"b",
			"const kept = await opfsStore('kept.ome.zarr');\nawait toNgffZarr(kept, await toMultiscale(image, [2]));",
		),
		cell("c", 'import * as Plot from "@observablehq/plot";\nPlot.barY([1, 2, 3]).plot({ width: 300 })'),
	]);
	expect(stderr).toBe("");
	expect(stdout).toContain("SpatialImage");
	expect(stdout).toContain(`Saved as ${join("lesson pictures", "1.svg")}`);
	const drawing = readFileSync(join(place, "lesson pictures/1.svg"), "utf8");
	expect(parseHTML(drawing).document.querySelectorAll("svg rect")).toHaveLength(3);
	expect(drawing).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
	expect(readFileSync(join(place, "opfs/kept.ome.zarr/zarr.json"), "utf8")).toContain("multiscales");
	expect(text).toContain("npm install https://course.example/chunkwise.tgz @observablehq/plot linkedom");
});

test("a page's text becomes Markdown, its cells stay cells", () => {
	const { document } = parseHTML(`<main>
		<section class="cw-lesson-head">left out</section><chunkwise-controls>left out</chunkwise-controls>
		<p>Some <strong>bold</strong>, <em>slanted</em>, <code>a*b</code> and 2 * 3 * 4 &lt;b&gt;, a <a href="https://a.example/x(1)">link</a>.</p>
		<div class="sl-heading-wrapper level-h2"><h2 id="x">A title</h2><a class="sl-anchor-link" href="#x"><span class="sr-only">Section</span></a></div>
		<ul><li>one</li><li><p>two</p><ul><li>inner</li></ul></li></ul>
		<ol start="3"><li>three</li></ol>
		<chunkwise-cell data-cell="open"><div data-part="code">x</div></chunkwise-cell>
		<table><thead><tr><th>a</th><th>b|c</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody></table>
		<div class="expressive-code"><figure><pre data-language="sh"><code><div class="ec-line"><div class="code">npm i</div></div><div class="ec-line"><div class="code">go</div></div></code></pre></figure></div>
		<aside class="starlight-aside"><p class="starlight-aside__title">Note</p><section class="starlight-aside__content"><p>Mind this.</p></section></aside>
		<section class="cw-exercise"><p class="cw-exercise-label">Exercise</p><h3 class="cw-exercise-title">Count</h3><p>How many?</p>
			<chunkwise-cell data-cell="count"></chunkwise-cell><details class="cw-hint"><summary>Hint 1</summary>no</details></section>
		<cw-figure aria-label="The chunk grid"><svg></svg></cw-figure>
	</main>`);
	const blocks = lessonBlocks(
		document.querySelector("main") as unknown as Element,
		(id) => ({ title: id, source: `// ${id}`, exercise: id === "count" }),
		address,
	);
	expect(blocks.map((block) => (block.kind === "cell" ? block.id : block.markdown))).toEqual([
		"Some **bold**, *slanted*, `a*b` and 2 \\* 3 \\* 4 \\<b>, a [link](https://a.example/x%281%29).\n\n## A title\n\n- one\n- two\n  - inner\n\n3. three",
		"open",
		"| a | b\\|c |\n| --- | --- |\n| 1 | 2 |\n\n```sh\nnpm i\ngo\n```\n\n> **Note**\n>\n> Mind this.\n\n### Exercise: Count\n\nHow many?",
		"count",
		`*On the lesson’s page stands something to use here: The chunk grid. [Open the page](${address})*`,
	]);
});

test("a notebook keeps to nbformat 4.5", () => {
	const made = notebook(
		[
			{ kind: "text", markdown: "One\n\ntwo" },
			cell("open", 'import { openZarr } from "chunkwise";\nimport * as d3 from "d3";\n\nopenZarr;\n'),
			cell("about", "1"),
			cell("broken", 'import { from "chunkwise'),
		],
		head,
	);
	expect(Object.keys(made).sort()).toEqual(["cells", "metadata", "nbformat", "nbformat_minor"]);
	expect([made.nbformat, made.nbformat_minor]).toEqual([4, 5]);
	expect(made.metadata.kernelspec).toEqual({ display_name: "Deno", language: "typescript", name: "deno" });
	expect((made.metadata.language_info as { name: string }).name).toBe("typescript");
	const ids = made.cells.map((one) => one.id);
	expect(new Set(ids).size).toBe(ids.length);
	for (const one of made.cells) {
		// The schema: additionalProperties is false, and the two kinds have these and no others.
		const keys = ["cell_type", "id", "metadata", "source"];
		if (one.cell_type === "code") keys.push("execution_count", "outputs");
		expect(Object.keys(one).sort()).toEqual(keys.sort());
		expect(one.id).toMatch(/^[a-zA-Z0-9\-_]{1,64}$/);
		expect(
			one.source.every((line, i) => line.endsWith("\n") === i < one.source.length - 1 || line.endsWith("\n")),
		).toBe(true);
		if (one.cell_type === "code") expect([one.execution_count, one.outputs]).toEqual([null, []]);
	}
	const source = (id: string) => made.cells.find((one) => one.id === id)?.source.join("");
	expect(source("open")).toBe(
		'import { openZarr } from "chunkwise/node";\nimport * as d3 from "d3";\n\ndisplay(openZarr);\nawait display.sent();',
	);
	expect(source("broken")).toBe('import { from "chunkwise');
	expect(source("about")).toContain("deno jupyter --install");
	expect(source("about-2")).toBe("display(1);\nawait display.sent();");
});

test("a notebook keeps an exercise's names apart where cells have them too, and shows an error that is its answer", () => {
	const made = notebook(
		[
			cell("a", "const store = 1;\nexport const kept = store;"),
			cell("own", 'import { listKeys } from "chunkwise";\nvar store = 2;\nstore', true),
			cell("free", "const other = store;", true),
			{
				...cell("fails", 'import { openGroup } from "chunkwise";\nawait openGroup(store);', true),
				mayFail: true,
			},
			cell("draws", 'import { create, document as page } from "d3";\ndisplay(page, create("svg"))'),
		],
		head,
	);
	const source = (id: string) => made.cells.find((one) => one.id === id)?.source.join("");
	expect(source("a")).toBe("const store = 1;\nconst kept = store;");
	expect(source("own")).toBe(
		'import { listKeys } from "chunkwise/node";\n{\nlet store = 2;\ndisplay(store);\n}\nawait display.sent();',
	);
	expect(source("free")).toBe("const other = store;");
	expect(source("fails")).toBe(
		'import { openGroup } from "chunkwise/node";\ntry {\ndisplay(await openGroup(store));\n} catch (error) {\ndisplay(error);\n}\nawait display.sent();',
	);
	expect(source("draws")).toBe(
		'import { create } from "d3";\nconst page = document;\ndisplay(page, create("svg"))\nawait display.sent();',
	);
	expect(source("display")).toContain('import { parseHTML } from "linkedom";');
	expect(source("about")).toContain("npm install https://course.example/chunkwise.tgz d3 linkedom");
});
