/** The handbook: its links lead somewhere; the citation is the same everywhere; what can be tried of the formats is so. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { bibtex, citation, reference } from "../../src/components/site/citation.ts";
import { codecSupport, ngffVersions, pixelFormats } from "../../src/components/site/format-facts.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { n5CodecNames } from "../../src/lib/n5/compression.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { type MemoryStore, memoryStore } from "../../src/lib/stores/memory.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";
import { deadLinks, docsFolder } from "../support/handbook.ts";

const root = join(import.meta.dirname, "../..");
const text = (path: string) => readFileSync(join(root, path), "utf8");

const pages = readdirSync(join(docsFolder, "handbook")).map(
	(name) => `handbook/${name.replace(/\.mdx$/, "")}`,
);

describe("pages", () => {
	it("are the glossary, the cheat sheet, the formats, further reading and how to cite", () => {
		expect(pages.map((page) => page.split("/")[1]).sort()).toEqual([
			"cheat-sheet",
			"cite",
			"formats",
			"further-reading",
			"glossary",
		]);
	});

	it.each([...pages, "syllabus"])("%s links within the site to what is there", async (page) => {
		expect(await deadLinks(page)).toEqual([]);
	});

	it("would see a page and a heading that are not there", async () => {
		const links = [
			"[a](../../lessons/no-such-lesson/)",
			"[b](../../lessons/zarr/#no-such-heading)",
			"[c](../../lessons/zarr/#one-array-by-hand)",
			"[d](../glossary/#chunk)",
			"[e](https://example.org/)",
		];
		const dead = await deadLinks("handbook/cite", links.join(" "));
		expect(dead).toEqual([
			"../../lessons/no-such-lesson/: there is no such page",
			"../../lessons/zarr/#no-such-heading: there is no such heading",
		]);
	});
});

describe("the citation", () => {
	const field = (name: string) => new RegExp(`^${name}: "?(.*?)"?$`, "m").exec(text("CITATION.cff"))?.[1];
	const { name, version, license, description } = JSON.parse(text("package.json"));

	it("says the same in CITATION.cff, package.json, LICENSE and on the page", () => {
		expect(field("cff-version")).toBe("1.2.0");
		expect(field("title")).toBe(citation.title);
		expect(field("version")).toBe(version);
		expect(citation.version).toBe(version);
		expect(field("license")).toBe(license);
		expect(citation.license).toBe(license);
		expect(citation.title.toLowerCase()).toBe(`${name}: ${description.split(":")[0]}`.toLowerCase());
		expect(text("CITATION.cff")).toContain(`\nauthors:\n  - name: "${citation.authors}"\n`);
		expect(text("LICENSE")).toContain(`Copyright (c) ${citation.year} ${citation.authors}`);
	});

	it("is the one of the landing page", () => {
		expect(text("src/content/docs/index.mdx")).toContain(`> ${citation.title}. Version ${version}.`);
		expect(reference).toContain(`${citation.title}. Version ${version}, ${citation.year}.`);
		expect(bibtex).toContain(`version = {${version}}`);
	});
});

describe("formats at a glance", async () => {
	const column = (formats: { name: string }[] | readonly { name: string }[], name: string) =>
		formats.findIndex((format) => format.name === name);
	const fact = (what: string, format: string) => {
		const row = pixelFormats.rows.find((one) => one.what.startsWith(what));
		return row?.cells[column(pixelFormats.formats, format)] ?? "";
	};
	const code = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, inside]) => inside);

	/** 3 × 4 × 5 chunks of 2³, so that chunk (1, 2, 3) is there. */
	const shape = [5, 7, 9];
	const data = Uint16Array.from({ length: 5 * 7 * 9 }, (_, i) => i + 1);
	const array = { data, shape, chunks: [2, 2, 2], dtype: "uint16", codec: "none" } as const;
	const stored = async (write: (store: MemoryStore) => Promise<unknown>) => {
		const store = memoryStore();
		await write(store);
		return { store, keys: await listKeys(store) };
	};
	const multiscale = await toMultiscale(toSpatialImage({ data, shape }), [], { chunks: 2 });
	const stores = {
		N5: await stored((store) => toN5(store, multiscale, { codec: "raw" })),
		"Zarr 2": await stored((store) => toNgffZarr(store, multiscale, { version: "0.4" })),
		"Zarr 3": await stored((store) => toNgffZarr(store, multiscale)),
		"Zarr 3 with shards": await stored((store) => toNgffZarr(store, multiscale, { shards: 4 })),
	};

	it("has a cell for each format in each row", () => {
		for (const { formats, rows } of [pixelFormats, ngffVersions, codecSupport])
			for (const { what, cells } of rows) expect(cells, what).toHaveLength(formats.length);
	});

	it.each(Object.entries(stores))("%s has the documents that the table says", (format, { keys }) => {
		const names = new Set(
			keys.map((key) => key.split("/").at(-1)).filter((name) => /[a-z]/.test(name ?? "")),
		);
		expect([...names].sort()).toEqual(code(fact("Documents", format)).sort());
	});

	it("has the keys that the table says", async () => {
		const dots = await stored((store) => writeArray(store, "", { ...array, zarrFormat: 2, separator: "." }));
		const ends = (keys: string[], end: string) =>
			keys.filter((key) => key === end || key.endsWith(`/${end}`));
		const said = (format: string) => code(fact("Key of chunk 1", format));
		expect(ends(stores.N5.keys, said("N5")[0])).toHaveLength(1);
		expect(ends(dots.keys, said("Zarr 2")[0])).toHaveLength(1);
		expect(ends(stores["Zarr 2"].keys, said("Zarr 2")[1])).toHaveLength(1);
		expect(ends(stores["Zarr 3"].keys, said("Zarr 3")[0])).toHaveLength(1);
		expect(ends(stores["Zarr 3 with shards"].keys, "c/1/2/3")).toEqual([]);
		expect(ends(stores["Zarr 3 with shards"].keys, "c/0/1/1")).toHaveLength(1);
	});

	it("pads chunks at the edge in Zarr, and not in N5, and lists axes as it says", async () => {
		const size = async (store: MemoryStore, end: string) => {
			const key = (await listKeys(store)).find((one) => one.endsWith(end));
			return key === undefined ? undefined : await store.size(`/${key}`);
		};
		const raw = await stored((store) => writeArray(store, "", { ...array, zarrFormat: 3 }));
		expect(fact("Chunk at the edge", "Zarr 3")).toBe("padded");
		expect(await size(raw.store, "c/2/3/4")).toBe(2 ** 3 * 2);
		expect(fact("Chunk at the edge", "N5")).toContain("cropped");
		expect(await size(stores.N5.store, "4/3/2")).toBe(16 + 2);
		const document = async (store: MemoryStore, key: string) =>
			JSON.parse(new TextDecoder().decode(await store.get(`/${key}`)));
		expect(fact("Axes are listed", "N5")).toBe("fastest first");
		expect((await document(stores.N5.store, "s0/attributes.json")).dimensions).toEqual([9, 7, 5]);
		expect(fact("Axes are listed", "Zarr 3")).toBe("slowest first");
		expect((await document(raw.store, "zarr.json")).shape).toEqual([5, 7, 9]);
	});

	it("has the metadata of OME-NGFF where the table says", async () => {
		const group = async (format: "Zarr 2" | "Zarr 3", key: string) =>
			JSON.parse(new TextDecoder().decode(await stores[format].store.get(`/${key}`)));
		const [, where, version] = ngffVersions.rows;
		expect(code(where.cells[0])).toEqual([".zattrs"]);
		expect((await group("Zarr 2", ".zattrs")).multiscales[0].version).toBe("0.4");
		expect(code(version.cells[0])).toEqual(["multiscales[].version"]);
		expect(code(where.cells[1])).toEqual(["zarr.json", "attributes.ome"]);
		expect((await group("Zarr 3", "zarr.json")).attributes.ome.version).toBe("0.5");
		expect(code(version.cells[1])).toEqual(["ome.version"]);
	});

	it("says of the codecs that are written what the library writes", () => {
		const written = (format: string) =>
			codecSupport.rows
				.filter(({ cells }) => cells[column(codecSupport.formats, format)].startsWith("R W"))
				.map(({ what }) => what);
		const names: Record<string, string> = {
			raw: "none",
			none: "none",
			gzip: "gzip",
			zlib: "zlib",
			bzip2: "bzip2",
			lz4: "LZ4",
			xz: "xz",
			zstd: "Zstandard",
			"blosc-lz4": "Blosc with LZ4 or Zstandard",
			"blosc-zstd": "Blosc with LZ4 or Zstandard",
		};
		const asRows = (codecs: readonly string[]) => [...new Set(codecs.map((codec) => names[codec]))].sort();
		expect(written("Zarr 3").sort()).toEqual(asRows(codecNames));
		expect(written("Zarr 2").sort()).toEqual(asRows([...codecNames, "zlib"]));
		expect(written("N5").sort()).toEqual(asRows(n5CodecNames));
	});
});
