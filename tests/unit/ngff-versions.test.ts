/** Reading what each version of OME-NGFF may say of an image, 0.1 to the candidate of 0.6. */
import { describe, expect, test } from "vitest";
import { info } from "../../src/lib/ngff/info.ts";
import { readLevel, readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

/** A group with arrays "0", "1" of these shapes. */
async function image(attributes: object, shapes: number[][], zarrFormat: 2 | 3 = 2) {
	const store = memoryStore();
	for (const [i, shape] of shapes.entries()) {
		const data = Uint8Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => k % 251);
		await writeArray(store, String(i), {
			data,
			shape,
			chunks: shape,
			dtype: "uint8",
			codec: "none",
			zarrFormat,
		});
	}
	if (zarrFormat === 3) {
		await store.set("/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes }));
	} else {
		await store.set("/.zgroup", encodeJson({ zarr_format: 2 }));
		await store.set("/.zattrs", encodeJson(attributes));
	}
	return store;
}
const levels = [{ path: "0" }, { path: "1" }];
const five = [
	[1, 2, 3, 4, 5],
	[1, 2, 3, 2, 2],
];

describe("versions without coordinates", () => {
	test.each([
		["0.1", { version: "0.1" }],
		["0.2", { version: "0.2" }],
		["0.3", { version: "0.3", axes: ["t", "c", "z", "y", "x"] }],
	])("%s: five axes, no scale, no name", async (version, more) => {
		const store = await image({ multiscales: [{ datasets: levels, ...more }] }, five);
		const [read] = await readMultiscales(await openGroup(store));
		expect(read).toMatchObject({
			version,
			name: "",
			axes: [{ type: "time" }, { type: "channel" }, {}, {}, {}],
		});
		expect(read.axes.map((axis) => axis.name)).toEqual(["t", "c", "z", "y", "x"]);
		expect(read.levels.map(({ scale, translation }) => [scale, translation])).toEqual([
			[undefined, undefined],
			[undefined, undefined],
		]);
		expect((await readLevel(read, 1)).dims).toEqual(["t", "c", "z", "y", "x"]);
		expect((await info(store)).images[0].levels[0].scale).toBeNull();
	});

	test("0.3 with two axes", async () => {
		const store = await image({ multiscales: [{ datasets: [{ path: "0" }], axes: ["y", "x"] }] }, [[4, 5]]);
		const [read] = await readMultiscales(await openGroup(store));
		expect(read.axes).toEqual(["y", "x"].map((name) => ({ name, type: "space" })));
	});
});

const axes = ["y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
const step = (scale: number[], translation?: number[]) => [
	{ type: "scale", scale },
	...(translation ? [{ type: "translation", translation }] : []),
];
const flat = [
	[8, 8],
	[4, 4],
];

describe("0.4 and 0.5", () => {
	test("several images in one group; those of the whole image are applied after a level's own", async () => {
		const datasets = [
			{ path: "0", coordinateTransformations: step([1, 1], [1, 2]) },
			{ path: "1", coordinateTransformations: step([2, 2], [1.5, 2.5]) },
		];
		const common = step([0.5, 0.25], [10, 20]);
		const store = await image(
			{
				multiscales: [
					{ axes, datasets, coordinateTransformations: common, version: "0.4", name: "a" },
					{ axes, datasets: datasets.slice(1), version: "0.4" },
				],
				omero: {
					channels: [{ label: "DAPI", color: "0000FF", window: { min: 0, max: 255, start: 3, end: 90 } }],
				},
			},
			flat,
		);
		const [a, b] = await readMultiscales(await openGroup(store));
		expect(a.levels.map(({ scale, translation }) => [scale, translation])).toEqual([
			[
				[0.5, 0.25],
				[10.5, 20.5],
			],
			[
				[1, 0.5],
				[10.75, 20.625],
			],
		]);
		expect([a.channels?.[0].label, b.channels, b.name]).toEqual(["DAPI", undefined, ""]);
		expect(b.levels[0].scale).toEqual([2, 2]);
		expect((await info(store)).images.map((found) => found.channels?.length)).toEqual([1, undefined]);
	});

	test("numbers that are kept in an array", async () => {
		const datasets = [{ path: "0", coordinateTransformations: [{ type: "scale", path: "how/far" }] }];
		const store = await image({ multiscales: [{ axes, datasets, version: "0.4" }] }, flat);
		await expect(readMultiscales(await openGroup(store))).rejects.toMatchObject({
			code: "bad-metadata",
			remedy: /./,
		});
		const data = Float64Array.of(0.5, 0.25);
		await writeArray(store, "how/far", {
			data,
			shape: [2],
			chunks: [2],
			dtype: "float64",
			codec: "none",
			zarrFormat: 2,
		});
		const [read] = await readMultiscales(await openGroup(store));
		expect(read.levels[0].scale).toEqual([0.5, 0.25]);
	});

	test("names and lists of other types than they should be are not taken for what they are not", async () => {
		const datasets = [{ path: "0", coordinateTransformations: [{ type: "scale", scale: ["1", null] }] }];
		const entry = {
			axes: [{ type: "space" }, null],
			datasets,
			name: 3,
			type: {},
			coordinateTransformations: 7,
		};
		const store = await image({ multiscales: [entry], omero: [] }, flat);
		const [read] = await readMultiscales(await openGroup(store));
		expect(read).toMatchObject({ name: "", version: "0.4", axes: [{ name: "dim_0" }, { name: "dim_1" }] });
		expect(read.levels[0].scale).toEqual([1, 1]);
		expect(read.type).toBeUndefined();
	});
});

describe("0.6, candidate of July 2026", () => {
	const physical = {
		name: "physical",
		axes: [{ ...axes[0] }, { ...axes[1], discrete: false, longName: "across" }],
	};
	const sequence = (
		path: string,
		scale: number[],
		translation: number[],
		output: unknown = { name: "physical" },
	) => ({
		path,
		coordinateTransformations: [
			{ type: "sequence", transformations: step(scale, translation), input: { path }, output },
		],
	});
	const identity = {
		path: "0",
		coordinateTransformations: [{ type: "identity", input: { path: "0" }, output: { name: "physical" } }],
	};
	const ome = (entry: object, more: object = {}) => ({
		ome: { version: "0.6rc0", multiscales: [entry], ...more },
	});

	test("axes are those of the system that the levels lead to", async () => {
		const entry = {
			name: "n",
			coordinateSystems: [{ name: "atlas", axes: [{ name: "j" }, { name: "i" }] }, physical],
			datasets: [identity, sequence("1", [2, 2], [0.5, 0.5])],
			// Leads to another system: named, and not applied.
			coordinateTransformations: [
				{ type: "affine", affine: [], input: { name: "physical" }, output: { name: "atlas" } },
			],
		};
		const store = await image(ome(entry), flat, 3);
		const [read] = await readMultiscales(await openGroup(store));
		expect(read).toMatchObject({
			name: "n",
			version: "0.6rc0",
			axes: physical.axes,
			otherSystems: ["atlas"],
		});
		expect(read.levels.map(({ scale, translation }) => [scale, translation])).toEqual([
			[
				[1, 1],
				[0, 0],
			],
			[
				[2, 2],
				[0.5, 0.5],
			],
		]);
		const level = await readLevel(read, 1);
		expect(level.units).toEqual({ y: "micrometer", x: "micrometer" });
		expect(level.translation).toEqual({ y: 0.5, x: 0.5 });
		expect((await info(store)).images[0]).toMatchObject({ otherSystems: ["atlas"], axes: physical.axes });
	});

	test("drafts before it name the system by itself", async () => {
		const entry = {
			coordinateSystems: [{ name: "other", axes: [{ name: "j" }, { name: "i" }] }, physical],
			datasets: [sequence("0", [3, 3], [1, 1], "physical")],
		};
		const [read] = await readMultiscales(await openGroup(await image(ome(entry), flat, 3)));
		expect(read.axes).toEqual(physical.axes);
		expect(read.levels[0]).toMatchObject({ scale: [3, 3], translation: [1, 1] });
	});

	test("a transformation that is no scale and translation gives no scale", async () => {
		const datasets = [{ path: "0", coordinateTransformations: [{ type: "rotation", rotation: [] }] }];
		const entry = { coordinateSystems: [physical], datasets };
		const [read] = await readMultiscales(await openGroup(await image(ome(entry), flat, 3)));
		expect(read.levels[0].scale).toBeUndefined();
	});

	test("a scene is told by names, and its images as they are", async () => {
		const store = memoryStore();
		const one = await image(ome({ coordinateSystems: [physical], datasets: [identity] }), flat, 3);
		for (const name of ["a", "b"]) {
			for (const key of await one.list())
				await store.set(`/${name}/${key}`, (await one.get(`/${key}`)) as Uint8Array);
		}
		const scene = {
			coordinateSystems: [{ name: "world", axes }],
			coordinateTransformations: [
				{
					type: "translation",
					translation: [1, 1],
					input: { path: "a", name: "physical" },
					output: { name: "world" },
				},
			],
		};
		const attributes = { ome: { version: "0.6rc0", scene } };
		await store.set("/zarr.json", encodeJson({ zarr_format: 3, node_type: "group", attributes }));
		const found = await info(store);
		expect(found).toMatchObject({
			version: "0.6rc0",
			scene: {
				coordinateSystems: ["world"],
				transformations: [{ type: "translation", input: "a#physical", output: "world" }],
			},
		});
		expect(found.images.map(({ path, levels: [level] }) => [path, level.translation])).toEqual([
			["a", [0, 0]],
			["b", [0, 0]],
		]);
	});
});
