import { describe, expect, test } from "vitest";
import { answerSymbol, displaySymbol } from "../../src/lib/display.ts";
import { formatBytes, formatCorners, formatCount, formatFloat, summarize } from "../../src/lib/format.ts";
import type { Image } from "../../src/lib/image/image.ts";
import { SpatialImage } from "../../src/lib/image/spatial-image.ts";
import { isSpatialImage, toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";

const ramp = (shape: number[]) => Uint16Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => i);
const volume = (extra = {}) => toSpatialImage({ data: ramp([3, 4, 5]), shape: [3, 4, 5], ...extra });

describe("numbers for people", () => {
	test("sizes are in binary units with two decimals", () => {
		expect(formatBytes(129 * 212 * 363 * 2)).toBe("18.93 MiB");
		expect(formatBytes(64 * 106 * 181 * 2)).toBe("2.34 MiB");
		expect(formatBytes(16 * 26 * 45 * 2)).toBe("36.56 KiB");
		expect(formatBytes(64 ** 3 * 2)).toBe("512.00 KiB");
		expect(formatBytes(0)).toBe("0 B");
		expect(formatBytes(1023)).toBe("1023 B");
		expect(formatBytes(1024)).toBe("1.00 KiB");
		expect(formatBytes(1024 ** 2 - 1)).toBe("1.00 MiB");
	});

	test("counts and floats", () => {
		expect(formatCount(9927324)).toBe("9\u202f927\u202f324");
		expect(formatFloat(128)).toBe("128.0");
		expect(formatFloat(1.0000000150184933)).toBe("1.0");
		expect(formatFloat(0.1 + 0.2)).toBe("0.3");
		expect(formatFloat(Number.NaN)).toBe("nan");
		expect(formatFloat(12345678)).toBe("1.23457e+7");
		expect(formatFloat(-0.00001)).toBe("-1e-5");
	});

	test("long sequences keep their ends", () => {
		expect(summarize(6, (i) => i, false)).toBe("0 1 2 3 4 5");
		expect(summarize(7, (i) => i, false)).toBe("0 1 2 … 4 5 6");
		expect(summarize(129, (i) => i, true, 3, 2)).toBe("0.0 1.0 2.0 … 127.0 128.0");
		expect(summarize(0, (i) => i, true)).toBe("");
	});

	test("corners of arrays of any number of axes", () => {
		expect(formatCorners([], () => 7, false)).toBe("7");
		expect(formatCorners([3], (i) => i / 2, true)).toBe("[0.0 0.5 1.0]");
		expect(formatCorners([2, 2], (i) => BigInt(i), false)).toBe("[[0 1]\n [2 3]]");
		expect(formatCorners([9, 1], (i) => i, false)).toBe("[[0]\n …\n [8]]");
		expect(formatCorners([0, 4], (i) => i, false)).toBe("[]");
	});
});

describe("toSpatialImage", () => {
	test("names axes after OME-NGFF's order and the image 'image'", () => {
		expect(volume().dims).toEqual(["z", "y", "x"]);
		expect(volume().name).toBe("image");
		expect(toSpatialImage({ data: ramp([2, 1, 2, 2, 2]), shape: [2, 1, 2, 2, 2] }).dims).toEqual([
			"t",
			"c",
			"z",
			"y",
			"x",
		]);
	});

	test("an ITK image brings spacing, origin, units and metadata by dimension", () => {
		const image: Image = {
			name: "cell.tif",
			imageType: { dimension: 3, componentType: "uint16", pixelType: "Scalar", components: 1 },
			size: [5, 4, 3],
			spacing: [0.1, 0.2, 0.5],
			origin: [10, 20, 30],
			direction: [
				[1, 0, 0],
				[0, 1, 0],
				[0, 0, 1],
			],
			units: ["micrometer", "micrometer", "micrometer"],
			metadata: new Map([["Software", "InsightToolkit"]]),
			data: ramp([3, 4, 5]),
		};
		const spatial = toSpatialImage(image);
		expect(spatial.shape).toEqual([3, 4, 5]);
		expect(spatial.scale).toEqual({ z: 0.5, y: 0.2, x: 0.1 });
		expect(spatial.translation).toEqual({ z: 30, y: 20, x: 10 });
		expect(spatial.units.z).toBe("micrometer");
		expect(spatial.attrs).toEqual({ direction: image.direction, Software: "InsightToolkit" });
		expect(spatial.name).toBe("image");
		const colour = toSpatialImage({
			...image,
			imageType: { ...image.imageType, components: 3 },
			data: new Uint16Array(3 * 4 * 5 * 3),
		});
		expect(colour.dims).toEqual(["z", "y", "x", "c"]);
	});

	test.each([
		[{ dims: ["y", "x"] }, "bad-dims"],
		[{ dims: ["x", "y", "x"] }, "bad-dims"],
		[{ shape: [3, 4, 6] }, "bad-shape"],
		[{ scale: { z: 0 } }, "bad-scale"],
		[{ scale: { z: Number.NaN } }, "bad-scale"],
		[{ data: new Uint8ClampedArray(60) }, "bad-dtype"],
	])("refuses %j with %s", (extra, code) => {
		expect(() => volume(extra)).toThrow(expect.objectContaining({ code, remedy: expect.any(String) }));
	});

	test("isSpatialImage looks at the structure", () => {
		expect(isSpatialImage(volume())).toBe(true);
		expect(isSpatialImage({ ...volume() })).toBe(true);
		expect(isSpatialImage(volume().isel({ x: 0, y: 0, z: 0 }))).toBe(false);
		expect(isSpatialImage(volume({ dims: ["p", "y", "x"] }))).toBe(false);
		expect(isSpatialImage({ data: ramp([2]), shape: [2] })).toBe(false);
		expect(isSpatialImage(null)).toBe(false);
		expect(isSpatialImage([1, 2])).toBe(false);
	});
});

describe("selection", () => {
	test("isel by number drops the dimension and keeps its coordinate", () => {
		const slice = volume({ scale: { x: 2 }, translation: { x: 1 } }).isel({ x: 3 });
		expect(slice.dims).toEqual(["z", "y"]);
		expect([...slice.data.slice(0, 3)]).toEqual([3, 8, 13]);
		expect(slice.fixed).toEqual({ x: 7 });
		expect([...volume().isel({ z: -1 }).data]).toEqual([...ramp([3, 4, 5]).slice(40)]);
	});

	test("isel by range moves the translation", () => {
		const part = volume({ scale: { y: 0.5 } }).isel({ z: [1, 3], y: [2, 4], x: [-2, 5] });
		expect(part.shape).toEqual([2, 2, 2]);
		expect(part.translation).toEqual({ z: 1, y: 1, x: 3 });
		expect([...part.data]).toEqual([33, 34, 38, 39, 53, 54, 58, 59]);
		expect([...part.coords("y")]).toEqual([1, 1.5]);
	});

	test("sel takes the nearest coordinate and inclusive ranges", () => {
		const image = volume({ scale: { x: 0.1 }, translation: { x: 1 } });
		expect(image.sel({ x: 1.22 }).fixed.x).toBeCloseTo(1.2);
		expect([...image.sel({ x: [1.1, 1.3] }).coords("x")].map((v) => v.toFixed(1))).toEqual([
			"1.1",
			"1.2",
			"1.3",
		]);
		expect(() => image.sel({ x: 2 })).toThrow(expect.objectContaining({ code: "coordinate-out-of-range" }));
	});

	test("says which dimension or index is wrong", () => {
		expect(() => volume().isel({ q: 0 })).toThrow(
			expect.objectContaining({ code: "unknown-dim", remedy: "Use one of z, y, x." }),
		);
		expect(() => volume().isel({ z: 3 })).toThrow(expect.objectContaining({ code: "index-out-of-range" }));
		expect(() => volume().isel({ z: [2, 2] })).toThrow(
			expect.objectContaining({ code: "index-out-of-range" }),
		);
	});

	test("transpose reorders dimensions", () => {
		const turned = volume({ scale: { x: 2 } }).transpose(["x", "z", "y"]);
		expect(turned.shape).toEqual([5, 3, 4]);
		expect(turned.at(4, 2, 1)).toBe(volume().at(2, 1, 4));
		expect(turned.scale.x).toBe(2);
		expect(() => volume().transpose(["x", "z"])).toThrow(expect.objectContaining({ code: "bad-dims" }));
	});

	test("a selection is a copy", () => {
		const image = volume();
		const part = image.isel({ z: [0, 1] });
		part.data[0] = 999;
		expect(image.data[0]).toBe(0);
		expect(image.at(2, 3, 4)).toBe(59);
	});
});

describe("what a reader sees", () => {
	test("the repr reads like xarray's", () => {
		const image = toSpatialImage(
			{ data: ramp([3, 4, 50]), shape: [3, 4, 50] },
			{ units: { x: "micrometer" }, attrs: { Software: "InsightToolkit" } },
		);
		expect(image.toString().split("\n")).toEqual([
			"<SpatialImage 'image' (z: 3, y: 4, x: 50)> uint16",
			"[[[0 1 2 … 47 48 49]",
			"  …",
			"  [150 151 152 … 197 198 199]]",
			" …",
			" [[400 401 402 … 447 448 449]",
			"  …",
			"  [550 551 552 … 597 598 599]]]",
			"Coordinates:",
			"  * z  (z)  float64  0.0 1.0 2.0",
			"  * y  (y)  float64  0.0 1.0 2.0 3.0",
			"  * x  (x)  float64  0.0 1.0 2.0 … 48.0 49.0  micrometer",
			"Attributes:",
			"  Software  InsightToolkit",
		]);
		expect(image[displaySymbol]()).toMatchObject({
			kind: "repr",
			values: expect.stringContaining("550 551 552 … 597 598 599"),
		});
	});

	test("a slice is a picture with coordinates, a window and words", () => {
		const slice = volume({ scale: { y: 0.5 }, units: { y: "micrometer" } }).sel({ x: 2 });
		const picture = slice.plot()[displaySymbol]();
		expect(picture).toMatchObject({
			width: 4,
			height: 3,
			range: [2, 57],
			title: "x = 2",
			vertical: { name: "z", first: 0, step: 1 },
			horizontal: { name: "y", unit: "micrometer", first: 0, step: 0.5 },
		});
		expect(picture.alt).toContain("Picture of image at x = 2: 3 rows down, z from 0.0 to 2.0");
		expect(slice.plot({ window: [0, 9], title: "own", colorMap: "viridis" })[displaySymbol]()).toMatchObject({
			window: [0, 9],
			title: "own",
			colorMap: "viridis",
		});
		expect(slice.plot({ values: "label" })[displaySymbol]().values).toBe("label");
	});

	test("the default window ignores a few bright and dark pixels", () => {
		const data = Float32Array.from({ length: 10_000 }, (_, i) => 100 + (i % 100));
		data[0] = 1e9;
		data[1] = Number.NaN;
		data[2] = -1e9;
		const { window, range } = new SpatialImage({ dims: ["y", "x"], shape: [100, 100], data })
			.plot()
			[displaySymbol]();
		expect(window).toEqual([100, 199]);
		expect(range).toEqual([-1e9, 1e9]);
	});

	test("a flat or empty-valued slice still has a window", () => {
		const flat = (value: number) =>
			new SpatialImage({ dims: ["y", "x"], shape: [2, 2], data: new Float64Array(4).fill(value) })
				.plot()
				[displaySymbol]().window;
		expect(flat(7)).toEqual([7, 8]);
		expect(flat(Number.NaN)).toEqual([0, 1]);
	});

	test("a volume is drawn plane by plane: none is cut before it is looked at", async () => {
		const data = Uint16Array.from({ length: 2 * 3 * 4 * 5 }, (_, i) => i);
		const image = new SpatialImage({
			dims: ["t", "z", "y", "x"],
			shape: [2, 3, 4, 5],
			data,
			scale: { z: 2 },
			units: { z: "micrometer" },
		});
		const picture = image.plot();
		const model = picture[displaySymbol]();
		// The first time point, the middle of z.
		expect(model.planes).toEqual([
			{ name: "t", unit: undefined, first: 0, step: 1, count: 2, at: 0 },
			{ name: "z", unit: "micrometer", first: 0, step: 2, count: 3, at: 1 },
		]);
		expect([...model.data]).toEqual(Array.from({ length: 20 }, (_, i) => 20 + i));
		expect(model.data.buffer.byteLength).toBe(40);
		// The contrast is that of all planes.
		expect(model.range).toEqual([0, 119]);
		expect(model.alt).toContain("one plane at a time of 2 along t from 0.0 to 1.0, and 3 along z");
		expect(await picture[answerSymbol]({ plane: [1, 2] })).toMatchObject({
			data: Uint16Array.from({ length: 20 }, (_, i) => 100 + i),
			range: [100, 119],
		});
		expect(image.plot({ at: { t: -1, z: 0 } })[displaySymbol]().data[0]).toBe(60);
		expect(() => image.plot({ at: { z: 3 } })).toThrow(
			expect.objectContaining({ code: "index-out-of-range" }),
		);
		expect(() => image.plot({ at: { c: 0 } })).toThrow(expect.objectContaining({ code: "unknown-dim" }));
	});

	test("y and x are drawn wherever they stand", async () => {
		const data = Uint8Array.from({ length: 2 * 3 * 4 }, (_, i) => i);
		const image = new SpatialImage({ dims: ["x", "y", "c"], shape: [2, 3, 4], data });
		const picture = image.plot({ at: { c: 3 } });
		const model = picture[displaySymbol]();
		expect(model).toMatchObject({ width: 2, height: 3, horizontal: { name: "x" }, vertical: { name: "y" } });
		expect([...model.data]).toEqual([3, 15, 7, 19, 11, 23]);
		// A channel's contrast is its own.
		expect(model.range).toEqual([3, 23]);
		expect(await picture[answerSymbol]({ plane: [0] })).toMatchObject({ range: [0, 20] });
	});

	test("of a plane that is too large to be sent, every so many rows and columns are drawn", () => {
		const data = new Uint8Array(5000 * 4000);
		data[4000 * 3 * 7 + 3 * 5] = 9;
		const image = new SpatialImage({ dims: ["y", "x"], shape: [5000, 4000], data, scale: { x: 0.5 } });
		const model = image.plot()[displaySymbol]();
		expect(model).toMatchObject({ every: 3, width: 1334, height: 1667, horizontal: { step: 1.5 } });
		expect(model.data[1334 * 7 + 5]).toBe(9);
	});

	test("a row of values is no picture", () => {
		const row = volume().isel({ z: 0, y: 0 });
		expect(() => row.plot()).toThrow(expect.objectContaining({ code: "not-2d" }));
		expect(() =>
			volume()
				.isel({ z: 0 })
				.plot({ window: [5, 5] }),
		).toThrow(expect.objectContaining({ code: "bad-window" }));
	});
});
