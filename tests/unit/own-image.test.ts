/** What "Your own image" needs of the library: axes corrected, planes thinned out, stores copied. */
import { describe, expect, it } from "vitest";
import { previewPlane } from "../../src/lib/convert/preview.ts";
import { withGeometry } from "../../src/lib/convert/regeometry.ts";
import type { RegionSource } from "../../src/lib/convert/region-source.ts";
import { tiffImages } from "../../src/lib/convert/tiff-images.ts";
import { regionShape } from "../../src/lib/multiscale/region.ts";
import { copyStore } from "../../src/lib/stores/copy-store.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
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

describe("copyStore", () => {
	it("puts metadata last, the root's at the very end, and goes on after a failure", async () => {
		const from = memoryStore();
		for (const key of ["zarr.json", "a/zarr.json", "a/c/0", "a/c/1", "a/c/2"]) {
			await from.set(`/${key}`, new Uint8Array([key.length]));
		}
		const to = memoryStore();
		const order: string[] = [];
		let broken = true;
		const target = {
			get: (key: `/${string}`) => to.get(key),
			async set(key: `/${string}`, value: Uint8Array) {
				if (broken && key === "/a/c/1") throw new Error("the line broke");
				order.push(key);
				await to.set(key, value);
			},
		} as never;
		const done = new Set<string>();
		await expect(copyStore(from, target, { done, atOnce: 1 })).rejects.toThrow("the line broke");
		expect(await to.get("/zarr.json")).toBeUndefined();
		broken = false;
		const report = await copyStore(from, target, { done });
		expect(report.written + report.kept).toBe(5);
		expect(report.kept).toBeGreaterThan(0);
		expect(order.slice(-2)).toEqual(["/a/zarr.json", "/zarr.json"]);
		expect((await listKeys(to)).length).toBe(5);
	});
});

it("takes a stack as one image, named after its file", async () => {
	const bytes = await writeTiff({ data: new Uint16Array(60), shape: [3, 4, 5], dtype: "uint16" });
	const [image, ...others] = await tiffImages(await openTiff(bytes), "cells");
	expect(others).toEqual([]);
	expect(image.source?.shape).toEqual([3, 4, 5]);
	expect(image.name).toBe("cells");
});
