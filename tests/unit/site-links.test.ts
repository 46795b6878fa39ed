import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { root } from "../../scripts/paths.ts";
import { builtPages, headingProblems, linkProblems, placeInSource } from "../support/site-links.ts";

const folder = mkdtempSync(join(tmpdir(), "chunkwise links "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string): void {
	mkdirSync(dirname(join(folder, name)), { recursive: true });
	writeFileSync(join(folder, name), content);
}

it("tells pages, places and files that are not there, and addresses that cannot be right", () => {
	write("a.css", "");
	write("data/x.tif", "");
	write(
		"index.html",
		'<link rel="stylesheet" href="/a.css"><script src="/b.js"></script><main><h1>Home</h1><a href="lessons/zarr/#index">Zarr</a> <a href="/lessons/zar/">Typed wrong</a> <a href="data/x.tif">File</a> <a href="#code=1d.abc">Shared</a> <a href="#_top">Top</a></main>',
	);
	write(
		"lessons/zarr/index.html",
		'<main id="_top"><h1>Zarr</h1><h2 id="the-index">The index</h2><a href="../../#home">Home</a> <a href="http://example.org/">Old</a> <a href="https://example.org/">New</a> <a href="../n5/#x">N5</a></main>',
	);
	expect(linkProblems(folder).sort()).toEqual(
		[
			"/: the link “Typed wrong” → /lessons/zar/: there is no such page. Did you mean /lessons/zarr/?",
			"/: the link “Zarr” → lessons/zarr/#index: no place “index” is on that page.",
			"/: the link “Top” → #_top: no place “_top” is on that page.",
			"/: <script> → /b.js: there is no such file.",
			"/lessons/zarr/: the link “Home” → ../../#home: no place “home” is on that page.",
			"/lessons/zarr/: the link “Old” → http://example.org/: “http://example.org/” does not begin with https://. Sites that matter can be reached so; try it in a browser.",
			"/lessons/zarr/: the link “N5” → ../n5/#x: there is no such page.",
		].sort(),
	);
});

it("tells headings that skip a level, are empty, or are two titles", () => {
	write("index.html", "<main><h1>A</h1><h3>B</h3><h2></h2></main>");
	write("lessons/zarr/index.html", "<main><h2>A</h2><h1>B</h1><h1>C</h1></main>");
	expect(headingProblems(builtPages(folder))).toEqual([
		"/: “B” has level 3, and the heading before it 1.",
		"/: an empty heading of level 2.",
		"/lessons/zarr/: 2 headings of level 1.",
	]);
});

it("finds the line of the source that an address stands in", () => {
	expect(placeInSource(root, "lessons/zarr/", "../n5/")).toMatch(
		/^src\/content\/docs\/lessons\/zarr\.mdx:\d+$/,
	);
	expect(placeInSource(root, "lessons/zarr/", "../n6/")).toBeUndefined();
});
