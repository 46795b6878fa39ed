/** `convert` of plates, wells, sets of images and labels with other chunks and codecs: image by image, gone on with when stopped. */
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { convertText } from "../../src/cli/convert-text.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { readLabels, writeLabels } from "../../src/lib/ngff/labels.ts";
import { omeOf, readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { readPlate, readWell, writePlate } from "../../src/lib/ngff/plate.ts";
import { readSeries, writeSeries } from "../../src/lib/ngff/series.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { consolidate, readConsolidated } from "../../src/lib/zarr/consolidated.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { contents, killAtRandom, partsDone, printedSeed } from "./killable.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const shape = [2, 8, 24, 40];
const channels = [{ label: "DAPI", color: "0000FF" }, { label: "GFP" }];
const fields = ["A/1/0", "A/1/1", "B/2/0"];

/** Another image for each number. */
function made(seed: number) {
	const data = Uint16Array.from({ length: 2 * 8 * 24 * 40 }, (_, i) => (i * (31 + seed)) % 5003);
	const image = toSpatialImage(
		{ data, shape },
		{ dims: ["c", "z", "y", "x"], scale: { z: 2, y: 0.5, x: 0.5 } },
	);
	return toMultiscale(image, [2], { chunks: 8 });
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise plate "));
	const plate = {
		rows: ["A", "B"],
		columns: ["1", "2"],
		acquisitions: [{ id: 3, name: "first" }],
		wells: [
			{
				row: "A",
				column: "1",
				fields: [
					{ path: "0", acquisition: 3 },
					{ path: "1", acquisition: 3 },
				],
			},
			{ row: "B", column: "2", fields: [{ path: "0", acquisition: 3 }] },
		],
	};
	const store = folderStore(at("plate.zarr"));
	await writePlate(store, plate, { version: "0.4" });
	for (const [seed, path] of fields.entries()) {
		await toNgffZarr(store, await made(seed), { version: "0.4", path, codec: "zstd", channels });
	}
	const data = Uint32Array.from({ length: 8 * 24 * 40 }, (_, i) => i % 7);
	const nuclei = toSpatialImage({ data, shape: shape.slice(1) }, { name: "nuclei" });
	await writeLabels(store, await toMultiscale(nuclei, [2], { chunks: 8, method: "mode" }), {
		path: "A/1/0",
		colors: [{ value: 1, rgba: [255, 0, 0, 255] }],
	});
	const attributes = JSON.parse(readFileSync(at("plate.zarr/A/1/0/.zattrs"), "utf8"));
	writeFileSync(at("plate.zarr/A/1/0/.zattrs"), JSON.stringify({ ...attributes, microscope: "Bumblebee" }));
	writeFileSync(at("plate.zarr/notes.txt"), "read me");
	mkdirSync(at("plate.zarr/tables"));
	writeFileSync(at("plate.zarr/tables/.zgroup"), '{"zarr_format":2}');
	await consolidate(store);

	await writeSeries(folderStore(at("series.zarr")), ["0", "1"], { version: "0.5", omeXml: "<OME/>" });
	for (const path of ["0", "1"]) {
		await toNgffZarr(folderStore(at("series.zarr")), await made(Number(path)), { path });
	}
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const groupAt = (name: string, path = "") => openGroup(folderStore(at(name)), path);
const errorsIn = async (name: string) =>
	(await validateStore(folderStore(at(name)))).findings.filter(({ severity }) => severity === "error");

/** Levels of an image: shapes, coordinates and values. */
async function levelsOf(name: string, path: string) {
	const [image] = await readMultiscales(await groupAt(name, path));
	return Promise.all(
		image.levels.map(async ({ array, scale, translation }) => ({
			...{ shape: array.shape, scale, translation },
			values: Buffer.from((await array.read()).data.buffer as ArrayBuffer).toString("base64"),
		})),
	);
}
const chunksOf = async (name: string, path: string) =>
	(await readMultiscales(await groupAt(name, path)))[0].levels[0].array.chunks;

describe("a plate with other chunks", () => {
	it.each(["ome-zarr-0.5", "ome-zarr-0.4"] as const)(
		"to %s keeps wells, fields, channels, labels, other attributes and files",
		async (format) => {
			const [out, version] = [`plate ${format}.zarr`, format.slice(9)];
			const told: [label: string, done: number, total?: number][] = [];
			const result = await convert(at("plate.zarr"), at(out), {
				...{ format, codec: "gzip", chunks: [16] },
				onProgress: ({ label, done, total }) => told.push([label, done, total]),
			});
			expect(result).toMatchObject({ images: fields, others: ["tables"], codec: "gzip", resumed: 0 });
			expect(convertText(result)).toContain("3 images");
			expect(await errorsIn(out)).toEqual([]);
			const group = await groupAt(out);
			expect(readPlate(group)).toMatchObject({
				...{ version, rows: ["A", "B"], columns: ["1", "2"], fieldCount: 2 },
				wells: [{ path: "A/1" }, { path: "B/2" }],
				acquisitions: [{ id: 3, name: "first" }],
			});
			expect(readWell(await groupAt(out, "A/1")).fields).toEqual([
				{ path: "0", acquisition: 3 },
				{ path: "1", acquisition: 3 },
			]);
			for (const path of fields) {
				expect(await levelsOf(out, path)).toEqual(await levelsOf("plate.zarr", path));
				expect(await chunksOf(out, path)).toEqual([1, 8, 16, 16]);
				expect(omeOf((await groupAt(out, path)).attrs).omero).toMatchObject({ channels });
			}
			const image = await groupAt(out, "A/1/0");
			expect(image.attrs.microscope).toBe("Bumblebee");
			expect(await readLabels(image)).toMatchObject([{ name: "nuclei", colors: [{ value: 1 }] }]);
			expect(await levelsOf(out, "A/1/0/labels/nuclei")).toEqual(
				await levelsOf("plate.zarr", "A/1/0/labels/nuclei"),
			);
			expect(readFileSync(at(`${out}/notes.txt`), "utf8")).toBe("read me");
			expect((await readConsolidated(folderStore(at(out))))?.documents.size).toBeGreaterThan(20);
			// One count over all images, that ends where it should.
			const writing = told.filter(([label]) => label.startsWith("Writing"));
			const total = writing[0][2];
			expect(new Set(writing.map((one) => one[2]))).toEqual(new Set([total]));
			expect(writing.every(([, done], i) => i === 0 || done >= writing[i - 1][1])).toBe(true);
			expect(writing.at(-1)).toEqual(["Writing B/2/0", total, total]);
			expect(new Set(writing.map(([label]) => label.slice(8)))).toEqual(new Set(fields));
		},
	);

	it("makes other levels of every image, of labels by mode", async () => {
		await convert(at("plate.zarr"), at("levels.zarr"), { scaleFactors: [2, 2], shards: [16], chunks: [8] });
		expect(await errorsIn("levels.zarr")).toEqual([]);
		for (const path of [...fields, "A/1/0/labels/nuclei"]) {
			const [image] = await readMultiscales(await groupAt("levels.zarr", path));
			expect(image.levels.map(({ array }) => array.shape.slice(-3))).toEqual([
				[8, 24, 40],
				[4, 12, 20],
				[2, 6, 10],
			]);
			expect(image.levels[0].array.shards?.slice(-3)).toEqual([8, 16, 16]);
		}
		const [, label] = await levelsOf("levels.zarr", "A/1/0/labels/nuclei");
		expect(label.values).toBe((await levelsOf("plate.zarr", "A/1/0/labels/nuclei"))[1].values);
	});

	it("comes the same from an address, where nothing can be listed", async () => {
		const server = createServer((request, response) => {
			const file = at(decodeURIComponent(request.url ?? "").slice(1));
			if (existsSync(file) && statSync(file).isFile()) response.end(readFileSync(file));
			else response.writeHead(404).end();
		});
		await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
		try {
			const { port } = server.address() as AddressInfo;
			const call = { codec: "gzip" as const, chunks: [16] };
			const result = await convert(`http://127.0.0.1:${port}/series.zarr`, at("far series.zarr"), call);
			expect(result.images).toEqual(["0", "1"]);
			await convert(at("series.zarr"), at("near series.zarr"), call);
			expect(contents(at("far series.zarr"))).toEqual(contents(at("near series.zarr")));
		} finally {
			server.close();
		}
	});

	it("a well and the labels of an image are collections too, and one label image is labels", async () => {
		const well = await convert(`${at("plate.zarr")}#A/1`, at("well.zarr"), { chunks: [16] });
		expect(well.images).toEqual(["0", "1"]);
		expect(readWell(await groupAt("well.zarr")).fields).toHaveLength(2);
		expect(await levelsOf("well.zarr", "1")).toEqual(await levelsOf("plate.zarr", "A/1/1"));
		const labels = await convert(`${at("plate.zarr")}#A/1/0/labels`, at("labels.zarr"), { codec: "zstd" });
		expect(labels).toMatchObject({ images: ["nuclei"], labels: ["nuclei"] });
		expect(omeOf((await groupAt("labels.zarr")).attrs).labels).toEqual(["nuclei"]);
		await convert(`${at("plate.zarr")}#A/1/0/labels/nuclei`, at("nuclei.zarr"), { scaleFactors: [2] });
		for (const [name, path] of [
			["labels.zarr", "nuclei"],
			["nuclei.zarr", ""],
		]) {
			expect(omeOf((await groupAt(name, path)).attrs)["image-label"]).toEqual({
				colors: [{ "label-value": 1, rgba: [255, 0, 0, 255] }],
			});
			expect(await levelsOf(name, path)).toEqual(await levelsOf("plate.zarr", "A/1/0/labels/nuclei"));
		}
	});
});

describe("a set of images", () => {
	it.each(["set.zarr", "set.ozx"])("with another codec to %s, with its OME-XML", async (out) => {
		const result = await convert(at("series.zarr"), at(out), { codec: "zstd" });
		expect(result).toMatchObject({ images: ["0", "1"], codec: "zstd" });
		if (out.endsWith(".ozx")) return;
		expect(await readSeries(await groupAt(out))).toEqual(["0", "1"]);
		expect(readFileSync(at(`${out}/OME/METADATA.ome.xml`), "utf8")).toBe("<OME/>");
		for (const path of ["0", "1"]) {
			expect(await levelsOf(out, path)).toEqual(await levelsOf("series.zarr", path));
		}
	});
});

describe("stopped", () => {
	const options = { codec: "gzip" as const, chunks: [8], memory: 16 << 20 };
	const words = [
		"convert",
		"plate.zarr",
		"killed.zarr",
		"--codec",
		"gzip",
		"--chunks",
		"8",
		"--memory",
		"16",
	];

	it("in the second image, it goes on there", async () => {
		const stop = new AbortController();
		const stopping = convert(at("plate.zarr"), at("half.zarr"), {
			...options,
			signal: stop.signal,
			onProgress: ({ label, done, total = 0 }) => {
				if (label === "Writing A/1/1" && done > total / 2) stop.abort(new Error("stopped"));
			},
		});
		await expect(stopping).rejects.toThrow("stopped");
		expect(readdirSync(folder).filter((name) => name.startsWith("half"))).toEqual(["half.zarr.unfinished"]);
		expect(partsDone(at("half.zarr"))).toBe(1);
		const other = { ...options, chunks: [4] };
		await expect(convert(at("plate.zarr"), at("half.zarr"), other)).rejects.toMatchObject({
			code: "resume-differs",
		});
		const seen = new Set<string>();
		const result = await convert(at("plate.zarr"), at("half.zarr"), {
			...options,
			onProgress: ({ label }) => seen.add(label),
		});
		const whole = await convert(at("plate.zarr"), at("whole.zarr"), options);
		expect(seen.has("Writing A/1/0")).toBe(false);
		// Labels and levels of the first image.
		expect(result.resumed).toBeGreaterThanOrEqual(4);
		const { milliseconds: _, path: __, out: ___, resumed: ____, ...same } = whole;
		expect(result).toMatchObject(same);
		expect(contents(at("half.zarr"))).toEqual(contents(at("whole.zarr")));
	});

	it("by kills at random moments, it comes out byte for byte as undisturbed", async () => {
		const whole = await convert(at("plate.zarr"), at("calm.zarr"), options);
		expect(whole.parts).toBeGreaterThan(4);
		await killAtRandom(folder, words, "killed.zarr", { seed: printedSeed("plate"), turns: 3, most: 120 });
		expect(contents(at("killed.zarr"))).toEqual(contents(at("calm.zarr")));
		expect(readdirSync(folder).filter((name) => name.startsWith("killed"))).toEqual(["killed.zarr"]);
	}, 60_000);

	it("leaves nothing where an image that the plate names is not there", async () => {
		const store = folderStore(at("gap.zarr"));
		const wells = [{ row: "A", column: "1", fields: [{ path: "0" }, { path: "1" }] }];
		await writePlate(store, { rows: ["A"], columns: ["1"], wells });
		await toNgffZarr(store, await made(1), { path: "A/1/0" });
		await expect(convert(at("gap.zarr"), at("gapless.zarr"), options)).rejects.toMatchObject({
			code: "not-zarr",
		});
		expect(readdirSync(folder).filter((name) => name.startsWith("gapless"))).toEqual([]);
	});
});
