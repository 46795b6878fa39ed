import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { mdxToJs } from "satteri";
import { afterAll, describe, expect, it } from "vitest";
import { skeleton, steady, whatDiffers } from "../../scripts/recording/compare.ts";
import { roomOf, usesOf, writeRecord } from "../../scripts/recording/files.ts";
import { authoringPlugin, type Components } from "../../src/authoring/plugin.ts";
import { readPage } from "../../src/authoring/read-lessons.ts";
import { checkMarkup, RecordedMarkupError } from "../../src/authoring/recorded/markup.ts";
import {
	fitOf,
	type RecordFile,
	readRecord,
	recordable,
	recordFolder,
	recordFor,
	recordName,
	sampleUsed,
} from "../../src/authoring/recorded/record.ts";
import { dayText, withPictures } from "../../src/components/cell/recorded-text.ts";
import { lessons } from "../support/lessons.ts";

const fence = (meta: string, code = "1") => `\`\`\`ts ${meta}\n${code}\n\`\`\`\n`;
const quiz = (head: string) => `::::quiz{${head}}\nWhat?\n\n- [ ] 1\n  > No.\n- [x] 2\n  > Yes.\n::::\n`;
const exercise = `::::exercise{#sum}\n${fence("starter", "const a = ______;")}\n${fence("check", "expect(a).toBe(1);")}\n:::solution\n${fence("", "const a = 1;")}:::\n::::\n`;
const page = (first = "const a = 1;") =>
	readPage(
		[
			fence("cell id=first", first),
			fence("cell id=other", "const other = 2;"),
			fence("cell id=second", "a + 1"),
			fence("cell id=silent record=no", "Math.random()"),
			exercise,
			quiz("#guess predict=predicted"),
			fence("cell id=predicted", "2"),
		].join("\n"),
	);

describe("what may be in a recorded output", () => {
	it.each([
		'<p class="cw-notice">2 &lt; 3 &amp; more</p>',
		'<img class="a" src="slice-1.webp" width="3" height="2" loading="lazy" alt="A slice">',
		'<svg viewBox="0 0 2 1"><defs><linearGradient id="a"><stop offset="1"></stop></linearGradient></defs><rect style="fill: url(#a)" width="2"></rect></svg>',
		'<div><template shadowrootmode="open"><style>:host { color: red; } a > b { fill: url(#x) }</style><svg></svg></template></div>',
		'<details open=""><summary>Axes <span>3</span></summary><table><tbody><tr><th scope="row">z</th></tr></tbody></table></details>',
	])("%s", (html) => {
		expect(() => checkMarkup(html)).not.toThrow();
	});

	it("names the pictures", () => {
		expect(checkMarkup('<img src="a-1.webp"><p><img src="b.webp"></p>')).toEqual(["a-1.webp", "b.webp"]);
	});

	it.each([
		["a script", "<script>alert(1)</script>"],
		["a script in a drawing", "<svg><script>alert(1)</script></svg>"],
		["a handler", '<p onclick="alert(1)">a</p>'],
		["a handler on a picture", '<img src="a.webp" onerror="alert(1)">'],
		["an address elsewhere", '<img src="https://example.org/a.webp">'],
		["an address of data", '<img src="data:image/webp;base64,AAAA">'],
		["a path out of the folder", '<img src="../a.webp">'],
		["a link", '<a href="javascript:alert(1)">a</a>'],
		["a frame", '<iframe src="a.webp"></iframe>'],
		["a form", "<form></form>"],
		["foreign content in a drawing", "<svg><foreignObject><p>a</p></foreignObject></svg>"],
		["HTML in a drawing", "<svg><p>a</p></svg>"],
		["a drawing's part outside of one", "<path></path>"],
		["a style that loads", '<p style="--a:url(https://example.org)">a</p>'],
		["a style that covers the page", '<p style="position:fixed;top:0">a</p>'],
		["a fill that loads", '<svg><rect fill="url(https://example.org/#a)"></rect></svg>'],
		["a style sheet outside of a box", "<style>p { color: red }</style>"],
		["a style sheet that loads", '<template shadowrootmode="open"><style>@import "a";</style></template>'],
		[
			"a style sheet with escapes",
			'<template shadowrootmode="open"><style>a { b: \\75rl(x) }</style></template>',
		],
		["a box that is closed", '<template shadowrootmode="closed"></template>'],
		["a comment", "<!-- a -->"],
		["an unquoted attribute", "<p class=a>a</p>"],
		["an attribute without a value", "<details open></details>"],
		["an unescaped <", "<p>1 < 2</p>"],
		["an unescaped &", "<p>&copy;</p>"],
		["an element that is not closed", "<p><b>a</p>"],
		["an element that is never closed", "<p>"],
		["a role that takes keys", '<div role="application"></div>'],
		["a place in the order of keys", '<div tabindex="1"></div>'],
		["an element of its own", "<chunkwise-cell></chunkwise-cell>"],
	])("not %s", (_, html) => {
		expect(() => checkMarkup(html)).toThrow(RecordedMarkupError);
	});
});

describe("which cells are recorded", () => {
	it("those that give no answer away and that the author does not leave out", async () => {
		expect(recordable(await page()).map(({ id }) => id)).toEqual(["first", "other", "second"]);
	});

	it("with the cells that they need", async () => {
		const { cells } = await page();
		expect(usesOf("second", cells)).toBe("first");
		expect(usesOf("first", cells)).toBe("");
	});

	it("and say whether the sample is in them", async () => {
		const used = async (source: string) => {
			const { cells } = await page(source);
			return ["first", "second", "other"].map((id) => sampleUsed(id, usesOf(id, cells), cells));
		};
		expect(await used("const a = await samples.hl60();")).toEqual(["hl60", "hl60", false]);
		expect(await used("const a = await samples.publicImage();")).toEqual(["public", "public", false]);
	});
});

describe("a record fits", () => {
	const recordOf = async (source?: string): Promise<RecordFile> => {
		const { cells } = await page(source);
		const entry = (id: string) => {
			const uses = usesOf(id, cells);
			return { recorded: "2026-11-23", fit: fitOf(id, uses, cells) ?? "", uses, html: "<p>2</p>" };
		};
		return {
			sample: "synthetic phantom",
			cells: {
				first: entry("first"),
				second: entry("second"),
				predicted: entry("predicted"),
				sum: entry("sum"),
			},
		};
	};
	const fitting = async (source: string | undefined, file: RecordFile) => {
		const now = await page(source);
		return now.cells.filter((cell) => recordFor(cell, now, file)).map(({ id }) => id);
	};

	it("as long as the code is the same, and never an exercise or a predicted cell", async () => {
		expect(await fitting(undefined, await recordOf())).toEqual(["first", "second"]);
	});

	it("not when the code of a cell that it depends on is another", async () => {
		expect(await fitting("const a = 2;", await recordOf())).toEqual([]);
	});

	it("still when another cell is changed", async () => {
		const file = await recordOf();
		const source = [fence("cell id=first", "const a = 1;"), fence("cell id=second", "a + 1")].join("\n");
		const now = await readPage(source);
		expect(now.cells.filter((cell) => recordFor(cell, now, file)).map(({ id }) => id)).toEqual([
			"first",
			"second",
		]);
	});

	it("not when a cell that it used is gone", async () => {
		const now = await readPage(fence("cell id=second", "a + 1"));
		expect(recordFor(now.cells[0], now, await recordOf())).toBeUndefined();
	});

	it("whatever the line ends of the checkout are", async () => {
		const { cells } = await page("const a =\n1;");
		const windows = cells.map((cell) => ({ ...cell, source: cell.source.replaceAll("\n", "\r\n") }));
		expect(fitOf("second", "first", windows)).toBe(fitOf("second", "first", cells));
	});
});

describe("the page of a lesson with a record", () => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-recorded-"));
	afterAll(() => rmSync(folder, { recursive: true }));
	const components = new Proxy({} as Components, { get: (_, name) => `/${String(name)}` });
	const lesson = join(folder, "a.mdx");

	const compiled = async (source: string, warnings: string[] = []) => {
		const { code } = await mdxToJs(source, {
			mdastPlugins: [authoringPlugin(components, (message) => warnings.push(message))],
			features: { directive: true, frontmatter: true },
			fileURL: pathToFileURL(lesson),
			jsx: true,
		} as never);
		return code;
	};
	const write = async (source: string, html: string) => {
		const { cells } = await readPage(source);
		const fit = fitOf("one", "", cells) as string;
		const file = {
			sample: "synthetic phantom",
			cells: { one: { recorded: "2026-11-23", fit, uses: "", html } },
		};
		writeRecord(recordFolder(lesson), file, new Map([["one-1.webp", "data:image/webp;base64,AAAA"]]));
	};

	it("has the output under its cell and imports its pictures", async () => {
		const source = fence("cell id=one", "await samples.hl60()");
		await write(source, '<img src="one-1.webp" alt="A slice">');
		const warnings: string[] = [];
		const code = await compiled(source, warnings);
		expect(code).toContain('import ChunkwiseRecorded from "/recorded"');
		expect(code).toContain('import ChunkwisePicture0 from "./a.recorded/one-1.webp?url&no-inline"');
		expect(code).toMatch(/slot="recorded"/);
		expect(code).toMatch(/"synthetic phantom"/);
		expect(code).toMatch(/"one-1.webp": ChunkwisePicture0/);
		expect(code).not.toContain("ChunkwiseRecordedFigure");
		expect(warnings).toEqual([]);
	});

	it("has none where the code is another, and the author is told", async () => {
		await write(fence("cell id=one", "1"), "<p>1</p>");
		const warnings: string[] = [];
		const code = await compiled(fence("cell id=one", "2"), warnings);
		expect(code).not.toContain("ChunkwiseRecorded");
		expect(warnings).toEqual([expect.stringMatching(/no recorded output fits one\. Run npm run record/)]);
	});

	it("is not built where the record holds what it may not", async () => {
		await write(fence("cell id=one", "1"), "<p>1</p>");
		const path = join(recordFolder(lesson), recordName);
		const file = readRecord(recordFolder(lesson)) as RecordFile;
		file.cells.one.html = "<script>alert(1)</script>";
		writeFileSync(path, JSON.stringify(file));
		await expect(compiled(fence("cell id=one", "1"))).rejects.toThrow(/<script>/);
	});

	it("loses pictures that nothing shows any more", async () => {
		await write(fence("cell id=one", "1"), "<p>1</p>");
		expect(readdirSync(recordFolder(lesson))).toEqual([recordName]);
	});
});

describe("two runs of a cell", () => {
	const same = async () => 0;

	it.each([
		["Written in 312 ms at 8.31 MiB/s", "Written in 1.2 s at 91 MiB/s"],
		["Taken 2026-11-23T08:00:01.123Z", "Taken 2027-01-02T11:59:59.000Z"],
	])("are one but for times and rates: %s", async (a, b) => {
		expect(await whatDiffers({ html: a }, { html: b, pictures: {} }, same)).toBeUndefined();
	});

	it.each([
		["79 chunks", "80 chunks"],
		["129 slices", "130 slices"],
		["18.93 MiB", "18.94 MiB"],
	])("differ in what is counted: %s, %s", async (a, b) => {
		expect(await whatDiffers({ html: a }, { html: b, pictures: {} }, same)).toContain(b);
	});

	it("differ in their pictures", async () => {
		const now = { html: "", pictures: { "a-1.webp": "data:" } };
		expect(await whatDiffers({ html: "" }, now, async () => 3)).toBeUndefined();
		expect(await whatDiffers({ html: "" }, now, async () => 9)).toMatch(/a-1\.webp differs by 9/);
	});

	it("of a cell that varies are compared by their kinds of display", async () => {
		const varies = { html: '<pre class="cw-text">0.123</pre>', varies: true as const };
		expect(
			await whatDiffers(varies, { html: '<pre class="cw-text">0.9</pre>', pictures: {} }, same),
		).toBeUndefined();
		expect(
			await whatDiffers(varies, { html: '<div class="cw-error">0.9</div>', pictures: {} }, same),
		).toBeDefined();
		expect(skeleton('<div class="a b"><p>x</p><p>y</p></div>')).toBe("div.a p");
	});

	it("keeps a drawing's numbers", () => {
		const path = '<path d="M10 20.5S3 4 5 6"></path>';
		expect(steady(path)).toBe(path);
	});
});

describe("the words of a recorded output", () => {
	it("tell the day and the addresses", () => {
		expect(dayText("2026-11-23")).toBe("23 November 2026");
		expect(
			withPictures('<p>src="b"</p><img class="c" src="a.webp" alt="b">', { "a.webp": "/x/a.1&2.webp" }),
		).toBe('<p>src="b"</p><img class="c" src="/x/a.1&amp;2.webp" alt="b">');
		expect(() => withPictures('<img src="a.webp">', {})).toThrow(/npm run record/);
	});
});

describe("the records of the course", () => {
	it("hold nothing that may run or load, name no picture that is absent, and stay small", async () => {
		const docs = join(import.meta.dirname, "../../src/content/docs");
		let records = 0;
		for (const { name } of await lessons()) {
			const folder = recordFolder(join(docs, name));
			const file = readRecord(folder);
			if (!file) continue;
			records++;
			const html = Object.values(file.cells).map((cell) => cell.html);
			const pictures = html.flatMap(checkMarkup);
			expect(readdirSync(folder).sort(), name).toEqual([...new Set([...pictures, recordName])].sort());
			expect(html.join("").length, name).toBeLessThanOrEqual(roomOf.page);
		}
		expect(records).toBeGreaterThan(0);
	});
});
