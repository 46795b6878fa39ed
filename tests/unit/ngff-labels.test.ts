/** Channels and labels of an image: written, judged well by the validator, and read back. */
import { describe, expect, test } from "vitest";
import { SpatialImage } from "../../src/lib/image/spatial-image.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { channelsOf, omeroMetadata } from "../../src/lib/ngff/channels.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { imageLabelMetadata, readLabels, writeLabels } from "../../src/lib/ngff/labels.ts";
import { omeOf, readLevel } from "../../src/lib/ngff/multiscales.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { staleDocuments } from "../../src/lib/zarr/consolidated.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";

const versions = ["0.4", "0.5"] as const;
const units = { z: "um", y: "um", x: "um" };

const cells = () =>
	toMultiscale(
		new SpatialImage({
			dims: ["c", "z", "y", "x"],
			shape: [2, 4, 16, 16],
			data: Uint16Array.from({ length: 2048 }, (_, i) => (i < 1024 ? 100 + (i % 16) : 3000)),
			units,
			name: "cells",
		}),
		[2],
		{ chunks: 8 },
	);
const nuclei = (method = "mode" as const, dtype: "uint32" | "float32" = "uint32", factors = [2]) => {
	const values = Array.from({ length: 1024 }, (_, i) => (i % 16 < 8 ? 1 : 2));
	const data = dtype === "uint32" ? Uint32Array.from(values) : Float32Array.from(values);
	return toMultiscale(toSpatialImage({ data, shape: [4, 16, 16] }, { units, name: "nuclei" }), factors, {
		method,
	});
};

describe("channels", () => {
	test.each(versions)("names, colours and windows are written in %s", async (version) => {
		const store = memoryStore();
		const channels = [
			{ label: "DAPI", color: "#0000ff", window: { end: 900 } },
			{ label: "actin", active: false },
		];
		await toNgffZarr(store, await cells(), { version, channels });
		const { omero } = omeOf((await openGroup(store)).attrs);
		expect(omero).toEqual({
			...(version === "0.4" ? { version } : {}),
			name: "cells",
			channels: [
				{
					active: true,
					coefficient: 1,
					color: "0000FF",
					family: "linear",
					inverted: false,
					label: "DAPI",
					// The coarsest level has means of 100 to 115.
					window: { min: 0, max: 65535, start: 100, end: 900 },
				},
				expect.objectContaining({
					active: false,
					color: "FF00FF",
					window: { min: 0, max: 65535, start: 3000, end: 3000 },
				}),
			],
			rdefs: { model: "color" },
		});
		expect((await validateStore(store, { strict: true })).findings).toEqual([]);
		const [image] = (await info(store)).images;
		expect(image.channels).toEqual([
			{ label: "DAPI", color: "0000FF", window: { min: 0, max: 65535, start: 100, end: 900 }, active: true },
			{
				label: "actin",
				color: "FF00FF",
				window: { min: 0, max: 65535, start: 3000, end: 3000 },
				active: false,
			},
		]);
	});

	test("are counted, and their colours and windows looked at, before anything is written", async () => {
		const store = memoryStore();
		const write = async (channels: object[]) => toNgffZarr(store, await cells(), { channels });
		for (const channels of [[{}], [{ color: "blue" }, {}], [{ window: { min: Number.NaN } }, {}]]) {
			await expect(write(channels)).rejects.toMatchObject({ code: "bad-channels", remedy: /./ });
		}
		expect(store.count).toBe(0);
	});

	test("of floats have the values found as their window", () => {
		expect(channelsOf({ omero: omeroMetadata([{}], "float32", { found: [[-1, 2.5]] }) })[0]).toMatchObject({
			color: "FFFFFF",
			window: { min: -1, max: 2.5, start: -1, end: 2.5 },
		});
		expect(channelsOf({ omero: omeroMetadata([{}], "int8") })[0].window).toEqual({
			min: -128,
			max: 127,
			start: -128,
			end: 127,
		});
	});

	test("that are damaged are read as far as they go", () => {
		expect(channelsOf({ omero: { channels: [null, { color: 3, label: "a", window: { min: 0 } }] } })).toEqual(
			[{}, { label: "a" }],
		);
		for (const omero of [undefined, null, 3, [], { channels: {} }]) expect(channelsOf({ omero })).toEqual([]);
	});
});

describe("labels", () => {
	const label = {
		colors: [{ value: 1, rgba: [255, 0, 0, 255] as const }, { value: 2 }],
		properties: [{ value: 1, area: 12, class: "round" }],
	};

	test.each(versions)("are written into an image of %s, listed there, and read back", async (version) => {
		const store = memoryStore();
		await toNgffZarr(store, await cells(), { version, path: "a", channels: [{}, {}], consolidated: true });
		const multiscale = await nuclei();
		await writeLabels(store, multiscale, { path: "a", ...label });
		await writeLabels(store, multiscale, { path: "a", name: "other", colors: [{ value: 7 }] });
		expect((await validateStore(store, { path: "a", strict: true })).findings).toEqual([]);
		expect(await staleDocuments(store, "a")).toEqual([]);
		expect((await info(store, "a")).labels).toEqual(["nuclei", "other"]);
		const [read, other] = await readLabels(await openGroup(store, "a"));
		expect(read).toMatchObject({ name: "nuclei", path: "a/labels/nuclei", source: "../../", ...label });
		expect(other.colors).toEqual([{ value: 7 }]);
		for (const [i, level] of multiscale.levels.entries()) {
			expect((await readLevel(read.image, i)).data).toEqual(level.data);
		}
		await expect(writeLabels(store, multiscale, { path: "a" })).rejects.toMatchObject({
			code: "store-not-empty",
		});
		await writeLabels(store, multiscale, { path: "a", overwrite: true });
		expect((await info(store, "a")).labels).toEqual(["nuclei", "other"]);
	});

	test("that do not fit their image are refused before anything is written", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await cells());
		const before = store.count;
		const small = await toMultiscale(
			toSpatialImage({ data: new Uint8Array(4 * 8 * 16), shape: [4, 8, 16] }, { name: "n" }),
			[2],
			{ method: "mode" },
		);
		for (const [labels, options] of [
			[await nuclei("mode", "float32"), {}],
			[await nuclei("mode", "uint32", []), {}],
			[await nuclei("mean" as "mode"), {}],
			[small, {}],
			[await nuclei(), { name: "a/b" }],
			[await nuclei(), { colors: [{ value: 1 }, { value: 1 }] }],
			[await nuclei(), { colors: [{ value: 1, rgba: [1, 2, 3, 256] as const }] }],
			[await nuclei(), { properties: [{ value: 1.5 }] }],
		] as const) {
			await expect(writeLabels(store, labels, options)).rejects.toMatchObject({
				code: "bad-labels",
				remedy: /./,
			});
		}
		expect(store.count).toBe(before);
	});

	test("of an image without labels are none", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await cells());
		expect(await readLabels(await openGroup(store))).toEqual([]);
	});

	test("metadata of them has label-value", () => {
		expect(imageLabelMetadata({ colors: [{ value: 1 }], source: "../.." })).toEqual({
			colors: [{ "label-value": 1 }],
			source: { image: "../.." },
		});
	});
});
