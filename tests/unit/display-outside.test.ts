/** What displays are outside of a page: text in a terminal, PNG files, a notebook's bundles. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { colorMaps, lookupTable } from "../../src/components/cell/displays/colours.ts";
import type { PictureDisplay } from "../../src/lib/display.ts";
import { toSpatialImage } from "../../src/lib/node.ts";
import { crc32 } from "../../src/lib/stores/crc32.ts";
import { opfsStore, removeOpfsStore } from "../../src/lib/stores/node-opfs.ts";
import { displayText } from "../../src/lib/view/as-text.ts";
import { describe } from "../../src/lib/view/describe.ts";
import { notebookBundle, openDisplay } from "../../src/lib/view/node-display.ts";
import { palette } from "../../src/lib/view/png.ts";

const temporary = mkdtempSync(join(tmpdir(), "chunkwise display "));
afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const text = (value: unknown) => displayText(describe(value) ?? { kind: "text", text: "undefined" });

test("trees, tables and bytes are written so that they can be read", () => {
	expect(text({ a: [1, 2], "b c": { d: null, e: Number.NaN } })).toBe(
		'{ "a": [1, 2], "b c": { "d": null, "e": NaN } }',
	);
	const long = Array.from({ length: 130 }, (_, i) => [`key ${i}`]);
	expect(text(long).split("\n").slice(0, 2)).toEqual(["[", '  ["key 0"],']);
	expect(text(long)).toContain("  … 30 more\n]");
	expect(
		text([
			{ name: "z", length: 129 },
			{ name: "level", length: 7 },
		]),
	).toBe("name   length\n─────  ──────\nz         129\nlevel       7");
	expect(
		text(Uint8Array.from({ length: 200 }, (_, i) => i))
			.split("\n")
			.slice(1, 4),
	).toEqual([
		"00000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  ················",
		"00000010  10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f  ················",
		"00000020  20 21 22 23 24 25 26 27 28 29 2a 2b 2c 2d 2e 2f   !\"#$%&'()*+,-./",
	]);
	expect(text(new Uint8Array(200))).toMatch(/\n… 72 more bytes$/);
});

/** The chunks of a PNG file, each with its checksum looked at. */
function chunksOf(file: Uint8Array): Map<string, Uint8Array> {
	expect([...file.subarray(0, 8)]).toEqual([137, 80, 78, 71, 13, 10, 26, 10]);
	const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
	const chunks = new Map<string, Uint8Array>();
	for (let at = 8; at < file.length; ) {
		const length = view.getUint32(at);
		const name = String.fromCharCode(...file.subarray(at + 4, at + 8));
		chunks.set(name, file.subarray(at + 8, at + 8 + length));
		expect(view.getUint32(at + 8 + length)).toBe(crc32(file.subarray(at + 4, at + 8 + length)));
		at += length + 12;
	}
	return chunks;
}

test("a picture becomes a PNG of its pixels over its window, also when it is shown again", () => {
	const lines: string[] = [];
	const folder = join(temporary, "pictures");
	const display = openDisplay({ folder, write: (line) => lines.push(line) });
	const image = toSpatialImage(
		{ data: Uint16Array.of(0, 100, 200, 300, 400, 1000), shape: [2, 3] },
		{ name: "six" },
	);
	const shown = display("first", image.plot({ window: [100, 300] }));
	expect(lines[0]).toBe("first");
	expect(lines[1]).toContain("Picture of six: 2 rows down");
	expect(lines[2]).toBe(`Saved as ${join(folder, "1.png")}`);
	const chunks = chunksOf(readFileSync(join(folder, "1.png")));
	expect([...chunks.keys()]).toEqual(["IHDR", "PLTE", "IDAT", "IEND"]);
	expect([...(chunks.get("IHDR") as Uint8Array)]).toEqual([0, 0, 0, 3, 0, 0, 0, 2, 8, 3, 0, 0, 0]);
	expect([...inflateSync(chunks.get("IDAT") as Uint8Array)]).toEqual([0, 0, 0, 127, 0, 255, 255, 255]);
	shown.update(image.plot({ window: [0, 1000] }));
	expect(lines.at(-1)).toBe(`Saved as ${join(folder, "1.png")}`);
	const again = chunksOf(readFileSync(join(folder, "1.png")));
	expect([...inflateSync(again.get("IDAT") as Uint8Array)]).toEqual([0, 0, 26, 51, 0, 77, 102, 255]);
	display(image.plot());
	expect(lines.at(-1)).toBe(`Saved as ${join(folder, "2.png")}`);
});

test("the colours are those of the page", () => {
	for (const name of colorMaps) {
		const theirs = lookupTable(name);
		const worst = Math.max(...palette(name).map((value, i) => Math.abs(value - theirs[i])));
		expect(worst, name).toBeLessThanOrEqual(6);
	}
});

test("what cannot be saved or shown is told, and the program goes on", () => {
	writeFileSync(join(temporary, "taken"), "");
	const lines: string[] = [];
	const display = openDisplay({ folder: join(temporary, "taken"), write: (line) => lines.push(line) });
	display(toSpatialImage({ data: new Uint8Array(4), shape: [2, 2] }).plot());
	expect(lines.at(-1)).toMatch(/^It could not be saved as .*1\.png: /);
	display({
		get outerHTML(): string {
			throw new Error("no");
		},
		nodeType: 1,
	});
	expect(lines.at(-1)).toBe("This value cannot be shown: no");
});

test("a notebook gets text, and a picture or a table where it is one; text in tables stays text", () => {
	const picture = describe(
		toSpatialImage({ data: new Uint8Array(4), shape: [2, 2] }).plot(),
	) as PictureDisplay;
	const bundle = notebookBundle(picture);
	expect(bundle["text/plain"]).toContain("2 rows down");
	chunksOf(Buffer.from(bundle["image/png"] as string, "base64"));
	const table = notebookBundle({
		kind: "table",
		columns: [{ name: "<b>" }],
		rows: [["a & b"], [null]],
	});
	expect(table["text/html"]).toBe(
		"<table><thead><tr><th>&#60;b&#62;</th></tr></thead><tbody><tr><td>a &#38; b</td></tr><tr><td></td></tr></tbody></table>",
	);
	const svg = notebookBundle({ kind: "markup", markup: "<svg viewBox='0 0 1 1'></svg>" });
	expect(svg["image/svg+xml"]).toContain('<svg xmlns="http://www.w3.org/2000/svg"');
	expect(notebookBundle({ kind: "markup", markup: "<b>x</b>" })["text/html"]).toBe("<b>x</b>");
});

test("the browser's file system is a folder of its own, and no name leads out of it", async () => {
	const before = process.cwd();
	process.chdir(temporary);
	try {
		writeFileSync("precious", "");
		const store = await opfsStore("a/b.zarr");
		await store.set("/zarr.json", new Uint8Array(2));
		expect(readFileSync(join(temporary, "opfs/a/b.zarr/zarr.json"))).toHaveLength(2);
		await removeOpfsStore("a/b.zarr");
		expect(await (await opfsStore("a/b.zarr")).get("/zarr.json")).toBeUndefined();
		await expect(removeOpfsStore("../precious")).rejects.toMatchObject({ code: "bad-key" });
		expect(readFileSync("precious")).toHaveLength(0);
	} finally {
		process.chdir(before);
	}
});
