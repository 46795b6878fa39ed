/** `convert IN OUT --format …` and nothing else: another version of OME-NGFF around the very same chunks. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { convertText } from "../../src/cli/convert-text.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { readLabels, writeLabels } from "../../src/lib/ngff/labels.ts";
import { readPlate, readWell, writePlate } from "../../src/lib/ngff/plate.ts";
import { readSeries, writeSeries } from "../../src/lib/ngff/series.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { contents } from "./killable.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const image = toSpatialImage(
	{ data: Uint16Array.from({ length: 2 * 8 * 24 * 40 }, (_, i) => (i * 31) % 5003), shape: [2, 8, 24, 40] },
	{ dims: ["c", "z", "y", "x"], scale: { z: 2, y: 0.5, x: 0.5 }, name: "cells" },
);
const channels = [{ label: "DAPI", color: "0000FF" }, { label: "GFP" }];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise version "));
	const made = await toMultiscale(image, [2], { chunks: 8 });
	const nuclei = await toMultiscale(
		toSpatialImage(
			{ data: Uint32Array.from({ length: 8 * 24 * 40 }, (_, i) => i % 7), shape: [8, 24, 40] },
			{ name: "nuclei" },
		),
		[2],
		{ chunks: 8, method: "nearest" },
	);
	for (const version of ["0.4", "0.5"] as const) {
		const store = folderStore(at(`in ${version}.zarr`));
		await toNgffZarr(store, made, { version, codec: "blosc-zstd", channels });
		await writeLabels(store, nuclei, { version, name: "nuclei" } as never);
	}
	await toNgffZarr(folderStore(at("sharded.zarr")), made, { shards: 16 });
	const plate = {
		rows: ["A", "B"],
		columns: ["1", "2"],
		wells: [
			{ row: "A", column: "1", fields: [{ path: "0" }, { path: "1" }] },
			{ row: "B", column: "2", fields: [{ path: "0" }] },
		],
	};
	const paths = await writePlate(folderStore(at("plate.zarr")), plate, { version: "0.4" });
	for (const path of paths) await toNgffZarr(folderStore(at("plate.zarr")), made, { version: "0.4", path });
	await writeSeries(folderStore(at("series.zarr")), ["0", "1"], { version: "0.4", omeXml: "<OME/>" });
	for (const path of ["0", "1"]) {
		await toNgffZarr(folderStore(at("series.zarr")), made, { version: "0.4", path });
	}
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Chunks by their indices below each array, whatever a version calls them: "scale0/cells 0.0.1.2". */
function chunksOf(name: string): Map<string, string> {
	const files = (readdirSync(at(name), { recursive: true }) as string[]).filter((file) =>
		statSync(at(join(name, file))).isFile(),
	);
	const chunks = files.flatMap((file): [string, string][] => {
		const match = /^(.*?)\/(?:c\/)?(\d+(?:\/\d+){2,})$/.exec(file);
		return match ? [[`${match[1]} ${match[2]}`, readFileSync(at(join(name, file)), "base64")]] : [];
	});
	return new Map(chunks.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const errorsIn = async (name: string) =>
	(await validateStore(folderStore(at(name)))).findings.filter(({ severity }) => severity === "error");

describe("another version alone", () => {
	it.each([
		["0.4", "0.5"],
		["0.5", "0.4"],
	] as const)("%s to %s: chunks are the same bytes; channels and labels go along", async (from, to) => {
		const [input, out] = [`in ${from}.zarr`, `${from} as ${to}.zarr`];
		const result = await convert(at(input), at(out), { format: `ome-zarr-${to}` });
		expect(result).toMatchObject({ codec: null, labels: ["nuclei"], format: `ome-zarr-${to}` });
		expect(convertText(result)).toContain("of chunks copied as they are");
		expect(chunksOf(out).size).toBeGreaterThan(20);
		expect(chunksOf(out)).toEqual(chunksOf(input));
		expect(await errorsIn(out)).toEqual([]);
		const group = await openGroup(folderStore(at(out)));
		expect((group.attrs.ome as { omero?: object } | undefined)?.omero ?? group.attrs.omero).toMatchObject({
			channels,
		});
		expect(await readLabels(group)).toHaveLength(1);
		expect(existsSync(at(`${out}.unfinished`))).toBe(false);
	});

	it("a plate goes along whole", async () => {
		await convert(at("plate.zarr"), at("plate 5.zarr"), { format: "ome-zarr-0.5" });
		expect(chunksOf("plate 5.zarr")).toEqual(chunksOf("plate.zarr"));
		expect(chunksOf("plate 5.zarr").size).toBeGreaterThan(20);
		const group = await openGroup(folderStore(at("plate 5.zarr")));
		expect(readPlate(group)).toMatchObject({ version: "0.5", wells: [{ path: "A/1" }, { path: "B/2" }] });
		const well = await openGroup(folderStore(at("plate 5.zarr")), "A/1");
		expect(readWell(well).fields).toHaveLength(2);
		expect(await errorsIn("plate 5.zarr")).toEqual([]);
	});

	it("so does a set of images, with its OME-XML", async () => {
		await convert(at("series.zarr"), at("series 5.ozx"), { format: "ome-zarr-0.5" });
		await convert(at("series.zarr"), at("series 5.zarr"), { format: "ome-zarr-0.5" });
		expect(chunksOf("series 5.zarr")).toEqual(chunksOf("series.zarr"));
		expect(await readSeries(await openGroup(folderStore(at("series 5.zarr"))))).toEqual(["0", "1"]);
		expect(readFileSync(at("series 5.zarr/OME/METADATA.ome.xml"), "utf8")).toBe("<OME/>");
		expect(statSync(at("series 5.ozx")).isFile()).toBe(true);
	});

	it("decodes where the version has no way to say how chunks are stored", async () => {
		const result = await convert(at("sharded.zarr"), at("unsharded.zarr"), { format: "ome-zarr-0.4" });
		expect(result.codec).toBe("blosc-lz4");
		expect(await errorsIn("unsharded.zarr")).toEqual([]);
	});

	it("decodes where anything else is asked for, and where the version is the same", async () => {
		const to = { format: "ome-zarr-0.5" } as const;
		expect(await convert(at("in 0.4.zarr"), at("z.zarr"), { ...to, codec: "zstd" })).toMatchObject({
			codec: "zstd",
		});
		expect(await convert(at("in 0.5.zarr"), at("same.zarr"), to)).toMatchObject({ codec: "blosc-lz4" });
	});

	it("stopped half way, the same call goes on, nothing copied twice", async () => {
		const stop = new AbortController();
		const call = { format: "ome-zarr-0.5" } as const;
		const whole = await convert(at("in 0.4.zarr"), at("undisturbed.zarr"), call);
		await expect(
			convert(at("in 0.4.zarr"), at("stopped.zarr"), {
				...call,
				signal: stop.signal,
				onProgress: ({ done }) => {
					if (done > 10) stop.abort(new Error("stopped"));
				},
			}),
		).rejects.toThrow("stopped");
		expect(readdirSync(folder).filter((name) => name.startsWith("stopped"))).toEqual([
			"stopped.zarr.unfinished",
		]);
		const left = chunksOf("stopped.zarr.unfinished");
		expect(left.size).toBeGreaterThan(10);
		const copied: number[] = [];
		const result = await convert(at("in 0.4.zarr"), at("stopped.zarr"), {
			...call,
			onProgress: ({ done, unit }) => unit === "chunks" && copied.push(done),
		});
		expect(result).toMatchObject({ resumed: left.size, parts: whole.parts, stored: whole.stored });
		expect([result.objects, result.levels]).toEqual([whole.objects, whole.levels]);
		expect(contents(at("stopped.zarr"))).toEqual(contents(at("undisturbed.zarr")));
	});

	it("does not go on with a copy of another input, nor with a call that asks for more", async () => {
		const stop = new AbortController();
		const call = { format: "ome-zarr-0.5" } as const;
		const copying = convert(at("in 0.4.zarr"), at("differs.zarr"), {
			...call,
			signal: stop.signal,
			onProgress: ({ done }) => {
				if (done > 10) stop.abort(new Error("stopped"));
			},
		});
		await expect(copying).rejects.toThrow("stopped");
		await expect(convert(at("plate.zarr"), at("differs.zarr"), call)).rejects.toMatchObject({
			code: "resume-differs",
		});
		await expect(
			convert(at("in 0.4.zarr"), at("differs.zarr"), { ...call, codec: "zstd" }),
		).rejects.toMatchObject({
			code: "resume-differs",
			message:
				'An interrupted call left its part here, and it had way "every chunk as it is" where this one has "part by part".',
		});
		await convert(at("plate.zarr"), at("differs.zarr"), { ...call, restart: true });
		expect(chunksOf("differs.zarr")).toEqual(chunksOf("plate.zarr"));
	});
});
