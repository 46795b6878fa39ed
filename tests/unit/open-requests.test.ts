/** Which documents opening asks for: over a network each is a request. */
import { describe, expect, it } from "vitest";
import {
	type MemoryStore,
	memoryStore,
	observeStore,
	openArray,
	openGroup,
	openZarr,
	readMultiscales,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
} from "../../src/lib/index.ts";
import { openViewSource } from "../../src/lib/viewer/source.ts";

async function imageOf(version: "0.4" | "0.5"): Promise<MemoryStore> {
	const image = toSpatialImage({ data: new Uint16Array(32 * 32), shape: [32, 32] }, { name: "cells" });
	const store = memoryStore();
	await toNgffZarr(store, await toMultiscale(image, [2, 2]), { version });
	return store;
}

/** Keys that opening asks a store for, and those of them that are absent. */
async function asked(store: MemoryStore, open: (store: MemoryStore) => Promise<unknown>) {
	const keys: string[] = [];
	const absent: string[] = [];
	const heard = observeStore(store, ({ key, status }) => {
		keys.push(key);
		if (status === "absent") absent.push(key);
	});
	await open(heard);
	return { keys: keys.sort(), absent: absent.sort() };
}

describe("opening", () => {
	it("asks for a group of either version at once, and for an array of version 2 only where there is no group", async () => {
		expect(await asked(await imageOf("0.5"), (store) => openZarr(store))).toEqual({
			keys: [".zattrs", ".zgroup", "zarr.json"],
			absent: [".zattrs", ".zgroup"],
		});
		expect(await asked(await imageOf("0.4"), (store) => openGroup(store))).toEqual({
			keys: [".zattrs", ".zgroup", "zarr.json"],
			absent: ["zarr.json"],
		});
		const array = await asked(await imageOf("0.4"), (store) => openZarr(store, "scale1/cells"));
		expect(array.keys.map((key) => key.split("/").at(-1))).toEqual([
			".zarray",
			".zattrs",
			".zgroup",
			"zarr.json",
		]);
	});

	it("does not ask for a group where an array is meant", async () => {
		const { absent } = await asked(await imageOf("0.4"), (store) => openArray(store, "scale1/cells"));
		expect(absent).toEqual(["scale1/cells/zarr.json"]);
	});

	it("still tells a group from an array, and both from nothing", async () => {
		for (const version of ["0.4", "0.5"] as const) {
			const store = await imageOf(version);
			const group = await openGroup(store);
			await expect(openArray(store)).rejects.toMatchObject({ code: "not-an-array" });
			await expect(openGroup(store, "scale0/cells")).rejects.toMatchObject({ code: "not-a-group" });
			await expect(group.openArray("scale0")).rejects.toMatchObject({ code: "not-an-array" });
			await expect(group.openArray("scale9")).rejects.toMatchObject({ code: "not-zarr" });
			await expect(group.openGroup("scale0/cells")).rejects.toMatchObject({ code: "not-a-group" });
			await expect(openZarr(store, "nowhere")).rejects.toMatchObject({ code: "not-zarr" });
		}
	});

	it("asks for an image's levels without a document that is absent", async () => {
		const whole = await asked(await imageOf("0.4"), async (store) => readMultiscales(await openGroup(store)));
		expect(whole.absent).toEqual(["zarr.json"]);
		expect(whole.keys).toHaveLength(3 + 3 * 2);
		const [image] = await readMultiscales(await openGroup(await imageOf("0.4")));
		expect(image.levels[0].array.attrs).toHaveProperty("_ARRAY_DIMENSIONS");
	});

	it("asks for one document a level where an image is only looked at", async () => {
		for (const version of ["0.4", "0.5"] as const) {
			const { keys } = await asked(await imageOf(version), (store) => openViewSource(store));
			expect(keys).toHaveLength(3 + 3);
		}
	});
});
