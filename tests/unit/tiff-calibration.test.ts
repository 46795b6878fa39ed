import { describe, expect, it } from "vitest";
import { unitName } from "../../src/lib/tiff/calibration.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { buildTiff, type PageSpec, type TagSpec } from "./tiff-builder.ts";

const open = (pages: number, tags: Record<number, TagSpec | null>, more: Partial<PageSpec> = {}) => {
	const page: PageSpec = { width: 4, height: 2, dtype: "uint8", values: [1, 2, 3, 4, 5, 6, 7, 8], ...more };
	return openTiff(
		buildTiff({ pages: Array.from({ length: pages }, (_, i) => (i ? page : { ...page, tags })) }),
	);
};
const resolution = (
	x: [number, number],
	y: [number, number],
	unit?: number,
): Record<number, TagSpec | null> => ({
	282: [5, x],
	283: [5, y],
	296: unit === undefined ? null : [3, [unit]],
});

describe("resolution tags, as ITK takes them", () => {
	it("mean nothing without a unit", async () => {
		for (const unit of [undefined, 1]) {
			const tiff = await open(3, resolution([72, 1], [72, 1], unit));
			expect([tiff.spacing, tiff.units, tiff.origin]).toEqual([
				{ x: 1, y: 1, z: 1 },
				{},
				{ x: 0, y: 0, z: 0 },
			]);
		}
	});

	it("are millimetres for inches, without the claim that they are", async () => {
		const tiff = await open(3, resolution([72, 1], [300, 1], 2));
		expect(tiff.spacing).toEqual({ x: 0.3527778, y: 0.08466667, z: 1 });
		expect(tiff.units).toEqual({});
		// What ITK writes for a spacing of 1: 25.4 as a float32, as a fraction.
		const itk = await open(1, resolution([13316915, 524288], [13316915, 524288], 2));
		expect(itk.spacing).toEqual({ x: 1, y: 1, z: 1 });
	});

	it("are millimetres for centimetres", async () => {
		const tiff = await open(1, resolution([40000, 1], [80000, 2], 3));
		expect([tiff.spacing, tiff.units]).toEqual([
			{ x: 0.00025, y: 0.00025, z: 1 },
			{ x: "millimeter", y: "millimeter" },
		]);
	});

	it("are left out where they are zero or no number", async () => {
		for (const x of [
			[0, 1],
			[0, 0],
			[1, 0],
		] as [number, number][]) {
			expect((await open(1, resolution(x, [1, 1], 3))).spacing).toEqual({ x: 1, y: 1, z: 1 });
		}
	});
});

describe("ImageJ's description", () => {
	const imageJ = (...lines: string[]): TagSpec => [2, `ImageJ=1.54f\n${lines.join("\n")}\n`];

	it("gives spacing, units, origin and the page axis", async () => {
		const tiff = await open(5, {
			...resolution([10_000_000, 1_000_000], [5_000_000, 1_000_000], 1),
			270: imageJ("images=5", "slices=5", "unit=\\u00B5m", "spacing=0.75", "xorigin=20", "zorigin=2"),
		});
		expect(tiff.spacing).toEqual({ x: 0.1, y: 0.2, z: 0.75 });
		expect(tiff.units).toEqual({ x: "micrometer", y: "micrometer", z: "micrometer" });
		expect(tiff.origin).toEqual({ x: -2, y: 0, z: -1.5 });
		expect(tiff.pageAxes).toEqual([{ name: "z", size: 5 }]);
	});

	it("says nothing of x and y where it has no unit", async () => {
		const tiff = await open(2, { ...resolution([72, 1], [72, 1], 2), 270: imageJ("images=2", "slices=2") });
		expect([tiff.spacing, tiff.units]).toEqual([{ x: 1, y: 1, z: 1 }, {}]);
	});

	it("knows hyperstacks: channels fastest, then slices, then frames", async () => {
		const tiff = await open(12, {
			270: imageJ("images=12", "channels=2", "slices=3", "frames=2", "hyperstack=true"),
		});
		expect(tiff.pageAxes).toEqual([
			{ name: "t", size: 2 },
			{ name: "z", size: 3 },
			{ name: "c", size: 2 },
		]);
		expect(tiff.dims).toEqual(["page", "y", "x"]);
		const frames = await open(4, { 270: imageJ("images=4", "frames=4") });
		expect(frames.dims).toEqual(["t", "y", "x"]);
	});

	it("counts for nothing where it does not fit the pages", async () => {
		const tiff = await open(3, { 270: imageJ("images=12", "channels=2", "slices=6") });
		expect(tiff.dims).toEqual(["z", "y", "x"]);
		const odd = await open(2, { 270: imageJ("slices=-2", "spacing=NaN", "unit=furlong", "xorigin=") });
		expect([odd.spacing, odd.units, odd.dims]).toEqual([{ x: 1, y: 1, z: 1 }, {}, ["z", "y", "x"]]);
	});

	it("keeps units of their own for y and z", async () => {
		const tiff = await open(2, {
			...resolution([2, 1], [2, 1], 1),
			270: imageJ("slices=2", "unit=nm", "yunit=mm", "zunit=inch", "spacing=-3"),
		});
		expect(tiff.units).toEqual({ x: "nanometer", y: "millimeter", z: "inch" });
		expect(tiff.spacing).toEqual({ x: 0.5, y: 0.5, z: 3 });
	});
});

describe("OME-XML", () => {
	const ome = (pixels: string): TagSpec => [
		2,
		`<?xml version="1.0" encoding="UTF-8"?><OME xmlns="http://www.openmicroscopy.org/Schemas/OME/2016-06"><Image ID="Image:0"><Pixels ${pixels}><TiffData/></Pixels></Image></OME>`,
	];

	it("gives sizes with their units, µm where none is said", async () => {
		const tiff = await open(6, {
			270: ome(
				`ID='Pixels:0' DimensionOrder="XYZCT" SizeX="4" SizeY="2" SizeZ="6" SizeC="1" SizeT="1" PhysicalSizeX="0.1625" PhysicalSizeY='162.5' PhysicalSizeYUnit='nm' PhysicalSizeZ="1e-3" PhysicalSizeZUnit="mm"`,
			),
		});
		expect(tiff.spacing).toEqual({ x: 0.1625, y: 162.5, z: 0.001 });
		expect(tiff.units).toEqual({ x: "micrometer", y: "nanometer", z: "millimeter" });
		expect(tiff.pageAxes).toEqual([{ name: "z", size: 6 }]);
	});

	it("reads escaped units and prefixed elements", async () => {
		const xml = `<ome:OME><ome:Pixels SizeZ="2" PhysicalSizeX="2" PhysicalSizeXUnit="&#xB5;m"/></ome:OME>`;
		expect((await open(2, { 270: [2, xml] })).units.x).toBe("micrometer");
	});

	it("orders the pages by DimensionOrder", async () => {
		const sizes = `SizeX="4" SizeY="2" SizeZ="2" SizeC="3" SizeT="2"`;
		const names = async (order: string) =>
			(await open(12, { 270: ome(`DimensionOrder="${order}" ${sizes}`) })).pageAxes
				.map((axis) => axis.name)
				.join("");
		expect(await names("XYZCT")).toBe("tcz");
		expect(await names("XYCZT")).toBe("tzc");
		expect(await names("XYTZC")).toBe("czt");
	});

	it("does not count the samples of RGB pages as pages", async () => {
		const tiff = await open(
			2,
			{ 270: ome(`DimensionOrder="XYCZT" SizeX="4" SizeY="2" SizeZ="2" SizeC="3" SizeT="1"`) },
			{ samples: 3, values: Array.from({ length: 24 }, (_, i) => i) },
		);
		expect(tiff.dims).toEqual(["z", "y", "x", "c"]);
	});

	it("is not trusted with nonsense", async () => {
		const tiff = await open(2, {
			270: ome(`SizeZ="two" SizeC="" PhysicalSizeX="-1" PhysicalSizeY="0" PhysicalSizeZ="NaN"`),
		});
		expect([tiff.spacing, tiff.units, tiff.dims]).toEqual([{ x: 1, y: 1, z: 1 }, {}, ["z", "y", "x"]]);
	});
});

it("unit names are those of UDUNITS", () => {
	const names = [
		"µm",
		"μm",
		"um",
		"micron",
		"\\u00B5m",
		"Microns",
		"nm",
		"mm",
		"cm",
		"inch",
		"Å",
		"pixel",
		"",
		"px",
	];
	expect(names.map((name) => unitName(name) ?? "-").join(" ")).toBe(
		"micrometer micrometer micrometer micrometer micrometer micrometer nanometer millimeter centimeter inch angstrom - - -",
	);
	expect(unitName(undefined)).toBeUndefined();
});

it("metadata are the first page's tags by name", async () => {
	const tiff = await open(1, {
		...resolution([1, 3], [2, 1], 3),
		305: [2, "Made by hand µ"],
		65000: [12, [1.5, 2.5]],
		65001: [7, [1, 2, 3]],
	});
	expect(tiff.metadata).toMatchObject({
		ImageWidth: 4,
		Software: "Made by hand µ",
		XResolution: 1 / 3,
		"tag 65000": [1.5, 2.5],
		"tag 65001": Uint8Array.of(1, 2, 3),
	});
	expect(tiff.metadata.StripOffsets).toBeUndefined();
});
