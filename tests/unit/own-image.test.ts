/** What "Your own image" needs of the library: axes corrected, planes thinned out. */
import { describe, expect, it } from "vitest";
import { previewPlane } from "../../src/lib/convert/preview.ts";
import { withGeometry } from "../../src/lib/convert/regeometry.ts";
import type { RegionSource } from "../../src/lib/convert/region-source.ts";
import { tiffImages } from "../../src/lib/convert/tiff-images.ts";
import { regionShape } from "../../src/lib/multiscale/region.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { product } from "../../src/lib/types.ts";

/** Each element says where it is; what is read is noted. */
function numbered(
	dims: string,
	shape: number[],
	block = shape.map(() => 1),
): RegionSource & { largest: number } {
	const all = (value: number) => Object.fromEntries([...dims].map((dim) => [dim, value]));
	const source = {
		...{ name: "n", dims: [...dims], shape, dtype: "float64" as const, attrs: {}, block, largest: 0 },
		...{ scale: all(1), translation: all(0), units: {} },
		async read(region: readonly (readonly [number, number])[]) {
			const extent = regionShape(region);
			const out = new Float64Array(product(extent));
			source.largest = Math.max(source.largest, out.byteLength);
			for (let i = 0; i < out.length; i++) {
				let rest = i;
				let value = 0;
				let weight = 1;
				for (let axis = shape.length - 1; axis >= 0; axis--) {
					value += ((rest % extent[axis]) + region[axis][0]) * weight;
					rest = Math.floor(rest / extent[axis]);
					weight *= 1000;
				}
				out[i] = value;
			}
			return out;
		},
	};
	return source;
}

describe("previewPlane", () => {
	it("takes every nth row and column of the middle plane, band by band", async () => {
		const source = numbered("zyx", [9, 900, 700], [1, 7, 700]);
		const { data, shape, every, part, at } = await previewPlane(source, { edge: 100 });
		expect({ shape, every, part, at }).toEqual({ shape: [100, 78], every: 9, part: false, at: { z: 4 } });
		expect(data[0]).toBe(4_000_000);
		expect(data[78 * 37 + 5]).toBe(4_000_000 + 37 * 9 * 1000 + 5 * 9);
		expect(data[data.length - 1]).toBe(4_000_000 + 99 * 9 * 1000 + 77 * 9);
	});

	it("reads a few megabytes at a time, and of a plane too large its middle", async () => {
		const source = numbered("yx", [900, 990]);
		source.dtype = "float64" as never;
		await previewPlane(source);
		expect(source.largest).toBeLessThanOrEqual(4 << 20);
		const { part, start, shape, data, every } = await previewPlane(source, {
			readAtMost: 100 * 100,
			edge: 50,
		});
		expect({ part, start, shape, every }).toEqual({
			part: true,
			start: [400, 445],
			shape: [50, 50],
			every: 2,
		});
		expect(data[51]).toBe(402 * 1000 + 447);
	});

	it("stops", async () => {
		await expect(
			previewPlane(
				{ ...numbered("yx", [9, 9]), read: async (_, signal) => signal?.throwIfAborted() as never },
				{
					signal: AbortSignal.abort(new Error("enough")),
				},
			),
		).rejects.toThrow("enough");
	});
});

describe("withGeometry", () => {
	it("names axes anew, keeps what still holds, and puts them in order", async () => {
		const source = {
			...numbered("czyx", [2, 3, 4, 5]),
			scale: { c: 1, z: 2, y: 0.1, x: 0.1 },
			units: { z: "micrometer" },
		};
		const changed = withGeometry(source, {
			dims: ["c", "t", "y", "x"],
			scale: { t: 30 },
			units: { t: "second" },
		});
		expect(changed.dims).toEqual(["t", "c", "y", "x"]);
		expect(changed.shape).toEqual([3, 2, 4, 5]);
		expect(changed.scale).toEqual({ t: 30, c: 1, y: 0.1, x: 0.1 });
		expect(changed.units).toEqual({ t: "second" });
		// t 2, c 1, y 3, x 4: element (1, 2, 3, 4) of the file.
		const value = await changed.read([
			[2, 3],
			[1, 2],
			[3, 4],
			[4, 5],
		]);
		expect(value[0]).toBe(1_002_003_004);
	});

	it("refuses what cannot be", () => {
		const source = numbered("zyx", [3, 4, 5]);
		expect(() => withGeometry(source, { dims: ["y", "x"] })).toThrow(/2 axes are named, and the image has 3/);
		expect(() => withGeometry(source, { dims: ["t", "c", "x"] })).toThrow(/1 in space/);
		expect(() => withGeometry(source, { scale: { x: 0 } })).toThrow(/0 apart along x/);
		expect(() => withGeometry(source, { units: { t: "second" } })).toThrow(/no axis t/);
	});
});

it("takes a stack as one image, named after its file", async () => {
	const bytes = await writeTiff({ data: new Uint16Array(60), shape: [3, 4, 5], dtype: "uint16" });
	const [image, ...others] = await tiffImages(await openTiff(bytes), "cells");
	expect(others).toEqual([]);
	expect(image.source?.shape).toEqual([3, 4, 5]);
	expect(image.name).toBe("cells");
});
