/** The keys figure says where elements are: proved on stores that the library wrote, byte by byte. */
import { describe, expect, it } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import type { Multiscale } from "../../src/lib/multiscale/multiscale.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import {
	type KeyedElement,
	type KeyLayout,
	type KeyPathProps,
	keyedElement,
	keyedElements,
	keyLayouts,
	keyPath,
} from "../../src/lib/plan/key-path.ts";
import { keyPathTwin } from "../../src/lib/plan/key-path-text.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { WritableStore } from "../../src/lib/stores/store.ts";
import type { ZarrArray } from "../../src/lib/zarr/array.ts";
import { openArray } from "../../src/lib/zarr/open.ts";

const shape = [9, 20, 30];
const props: KeyPathProps = {
	shape,
	chunks: [4, 8, 8],
	shards: [8, 16, 16],
	dims: ["z", "y", "x"],
	dtype: "uint16",
	separator: "/",
};
const value = ([z, y, x]: readonly number[]) => (z * 20 + y) * 30 + x + 1;

function cells(): Promise<Multiscale> {
	const data = Uint16Array.from({ length: 9 * 20 * 30 }, (_, i) => i + 1);
	return toMultiscale(toSpatialImage({ data, shape }, { name: "cells" }), [], {
		chunks: { z: 4, y: 8, x: 8 },
	});
}

/** Corners, chunk edges on both sides, and places between. */
const elements = [
	[0, 0, 0],
	[3, 7, 7],
	[4, 8, 8],
	[5, 12, 17],
	[8, 19, 29],
	[8, 0, 24],
	[0, 19, 15],
];

/** How each layout is written, and the path of its array. */
const written: Record<
	KeyLayout,
	{ path: string; write(store: WritableStore, image: Multiscale): Promise<unknown> }
> = {
	"zarr-v2": {
		path: "scale0/cells",
		write: (store, image) => toNgffZarr(store, image, { version: "0.4", codec: "none" }),
	},
	"zarr-v3": { path: "scale0/cells", write: (store, image) => toNgffZarr(store, image, { codec: "none" }) },
	sharded: {
		path: "scale0/cells",
		write: (store, image) => toNgffZarr(store, image, { codec: "none", shards: { z: 8, y: 16, x: 16 } }),
	},
	n5: { path: "s0", write: (store, image) => toN5(store, image, { codec: "raw" }) },
};

/** Where the decoded chunk begins in its object, as the object itself says. */
function chunkStart(at: KeyedElement, object: DataView): number {
	if (at.headerBytes) {
		expect(object.getUint16(2)).toBe(3);
		expect([0, 1, 2].map((axis) => object.getUint32(4 + 4 * axis))).toEqual([...at.stored].reverse());
		expect(object.byteLength).toBe(at.headerBytes + at.chunkBytes);
		return at.headerBytes;
	}
	if (!at.shard) {
		expect(object.byteLength).toBe(at.chunkBytes);
		return 0;
	}
	const index = object.byteLength - at.shard.indexBytes;
	expect(Number(object.getBigUint64(index + 16 * at.shard.entry + 8, true))).toBe(at.chunkBytes);
	return Number(object.getBigUint64(index + 16 * at.shard.entry, true));
}

describe("where an element is", () => {
	it.each(keyLayouts)("names the object and the byte that have it: %s", async (layout) => {
		const { path, write } = written[layout];
		const store = memoryStore();
		await write(store, await cells());
		const array = layout === "n5" ? ((await openN5(store, path)) as ZarrArray) : await openArray(store, path);
		for (const index of elements) {
			const at = keyedElement({ ...props, keyPrefix: path }, layout, index);
			expect(at.key).toBe(array.chunkKey(at.chunk));
			expect(at.parts.map(({ text }) => text).join("")).toBe(at.key);
			const bytes = (await store.get(`/${at.key}`)) as Uint8Array;
			const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
			const little = layout !== "n5";
			expect(view.getUint16(chunkStart(at, view) + at.byteOffset, little)).toBe(value(index));
			expect(await store.get(`/${at.document}`)).toBeDefined();
			expect(await store.get(`/${at.document.replace(/[^/]+$/, "absent")}`)).toBeUndefined();
		}
	});

	it("says which number of a key is which axis: reversed in N5, of the shard where there are shards", () => {
		const axes = (layout: KeyLayout) =>
			keyedElement({ ...props, keyPrefix: "1/2" }, layout, [8, 19, 29])
				.parts.filter(({ axis }) => axis !== undefined)
				.map(({ text, axis }) => `${props.dims?.[axis as number]}${text}`);
		expect(axes("zarr-v2")).toEqual(["z2", "y2", "x3"]);
		expect(axes("zarr-v3")).toEqual(["z2", "y2", "x3"]);
		expect(axes("sharded")).toEqual(["z1", "y1", "x1"]);
		expect(axes("n5")).toEqual(["x3", "y2", "z2"]);
	});

	it("says what else the object holds, and what it stores at an edge", () => {
		const at = (layout: KeyLayout) => keyedElement(props, layout, [8, 19, 29]);
		expect(at("zarr-v3").holds).toEqual([
			[8, 9],
			[16, 20],
			[24, 30],
		]);
		expect(at("sharded").holds).toEqual([
			[8, 9],
			[16, 20],
			[16, 30],
		]);
		expect(at("zarr-v3").stored).toEqual([4, 8, 8]);
		expect(at("n5").stored).toEqual([1, 4, 6]);
		expect(at("sharded").shard).toMatchObject({ inner: [0, 0, 1], entry: 1, indexBytes: 132 });
	});

	it("knows arrays of any number of axes, and none in an empty one", () => {
		expect(keyedElements({ shape: [], chunks: [] }, []).map(({ key }) => key)).toEqual(["0", "c", "c", ""]);
		expect(keyedElements({ shape: [7], chunks: [3] }, [6]).map(({ key }) => key)).toEqual([
			"2",
			"c/2",
			"c/1",
			"2",
		]);
		const five = { shape: [5, 2, 9, 9, 9], chunks: [1, 1, 4, 4, 4] };
		expect(keyedElements(five, [4, 1, 8, 3, 0]).map(({ key }) => key)).toEqual([
			"4.1.2.0.0",
			"c/4/1/2/0/0",
			"c/2/0/1/0/0",
			"0/0/2/1/4",
		]);
		expect(keyedElements({ shape: [0, 4], chunks: [2, 2] })).toEqual([]);
		expect(keyPathTwin({ shape: [0, 4], chunks: [2, 2] }).status).toContain("no elements");
	});
});

describe("keyPath", () => {
	it("makes a display of what an array says, with its shards and without its own separator", async () => {
		const store = memoryStore();
		await written.sharded.write(store, await cells());
		const shown = keyPath(await openArray(store, "scale0/cells"), { index: [8, 0, 3] });
		expect(structuredClone(shown)).toEqual({
			kind: "figure",
			figure: "key-path",
			props: {
				shape,
				chunks: [4, 8, 8],
				shards: [8, 16, 16],
				dims: ["z", "y", "x"],
				dtype: "uint16",
				keyPrefix: "scale0/cells",
				index: [8, 0, 3],
			},
		});
		expect(shown[displaySymbol]()).toEqual({ ...shown });
		expect(keyPath({ ...props, layouts: ["n5"] }).props).toMatchObject({ separator: "/", layouts: ["n5"] });
	});

	it("refuses what is not in the array, and shards that chunks do not fill", () => {
		const error = (code: string) => expect.objectContaining({ code, remedy: expect.any(String) });
		expect(() => keyPath(props, { index: [9, 0, 0] })).toThrow(error("selection-outside-array"));
		expect(() => keyPath(props, { index: [0, 0, 0, 0] })).toThrow(error("selection-rank"));
		expect(() => keyPath(props, { shards: [8, 16, 15] })).toThrow(error("chunk-grid-props"));
		expect(() => keyPath({ shape: [4] } as never)).toThrow(error("key-path-props"));
	});

	it("says the same in words", () => {
		const twin = keyPathTwin({ ...props, keyPrefix: "a" }, [8, 19, 29]);
		expect(twin.status).toBe(
			"Element z 8, y 19, x 29 is in chunk (2, 2, 3). Keys: Zarr v2 a/2/2/3; Zarr v3 a/c/2/2/3; " +
				"Zarr v3, sharded a/c/1/1/1; N5 a/3/2/2.",
		);
		expect(twin.rows.map((row) => row[2])).toEqual(["a/2/2/3", "a/c/2/2/3", "a/c/1/1/1", "a/3/2/2"]);
		expect(twin.rows[3][3]).toContain("1 × 4 × 6 elements, cropped");
		expect(twin.rows[0][3]).toContain("Only 1 × 4 × 6 of it lie in the array");
		for (const row of twin.rows) expect(row).toHaveLength(twin.columns.length);
	});
});
