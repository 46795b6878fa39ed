/** Writers of whole images write nothing outside of the store's lock: two tabs cannot tear a store. */
import { expect, test } from "vitest";
import { convertImages } from "../../src/lib/convert/convert.ts";
import { arraySource } from "../../src/lib/convert/region-source.ts";
import { download } from "../../src/lib/download/download.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { convertNgff } from "../../src/lib/ngff/convert.ts";
import { writeLabels } from "../../src/lib/ngff/labels.ts";
import { writePlate } from "../../src/lib/ngff/plate.ts";
import { writeSeries } from "../../src/lib/ngff/series.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { openPool } from "../../src/lib/parallel/pool.ts";
import { MemoryStore } from "../../src/lib/stores/memory.ts";
import type { StoreKey } from "../../src/lib/stores/store.ts";
import { consolidate } from "../../src/lib/zarr/consolidated.ts";
import { openArray } from "../../src/lib/zarr/open.ts";

/** A store that notes which keys were written or removed while its lock was not held, and how often it was taken. */
class LockedStore extends MemoryStore {
	readonly outside: string[] = [];
	taken = 0;
	writes = 0;
	#holders = 0;

	async exclusive<T>(action: () => Promise<T>): Promise<T> {
		if (this.#holders++ === 0) this.taken++;
		try {
			return await action();
		} finally {
			this.#holders--;
		}
	}
	override async set(key: StoreKey, value: Uint8Array): Promise<void> {
		this.#note(key);
		await super.set(key, value);
	}
	override async delete(key: StoreKey): Promise<void> {
		this.#note(key);
		await super.delete(key);
	}
	#note(key: string): void {
		this.writes++;
		if (this.#holders === 0) this.outside.push(key);
	}
}

const image = toSpatialImage({ data: Uint8Array.from({ length: 512 }, (_, i) => i % 251), shape: [8, 8, 8] });
const pyramid = () => toMultiscale(image, [2], { chunks: 4 });
const labels = () => toMultiscale(image, [2], { chunks: 4, method: "nearest" });

async function written(version: "0.4" | "0.5" = "0.5"): Promise<LockedStore> {
	const store = new LockedStore();
	await toNgffZarr(store, await pyramid(), { version, consolidated: true });
	return store;
}

async function check(store: LockedStore, action: () => Promise<unknown>): Promise<void> {
	const { taken, writes } = store;
	await action();
	expect(store.writes).toBeGreaterThan(writes);
	expect(store.outside).toEqual([]);
	expect(store.taken).toBe(taken + 1);
}

test("images as OME-Zarr, over what was there", async () => {
	const store = await written();
	const multiscale = await pyramid();
	await check(store, () => toNgffZarr(store, multiscale, { overwrite: true }));
});

test("images as N5", async () => {
	const store = new LockedStore();
	const multiscale = await pyramid();
	await check(store, () => toN5(store, multiscale, { path: "image" }));
});

test("labels, with the list of labels and the copies of metadata", async () => {
	const store = await written();
	const multiscale = await labels();
	await check(store, () => writeLabels(store, multiscale, { name: "nuclei" }));
});

test("plates, sets of images and consolidated metadata", async () => {
	const store = new LockedStore();
	await check(store, () =>
		writePlate(store, {
			rows: ["A"],
			columns: ["1"],
			wells: [{ row: "A", column: "1", fields: [{ path: "0" }] }],
		}),
	);
	const series = new LockedStore();
	await check(series, () => writeSeries(series, ["0", "1"], { omeXml: "<OME/>" }));
	const plain = await written("0.4");
	await check(plain, () => consolidate(plain));
});

test("conversions between versions, in place and into another store", async () => {
	const store = await written("0.4");
	await check(store, () => convertNgff(store, { to: "0.5" }));
	const target = new LockedStore();
	await check(target, () => convertNgff(store, { to: "0.4", target }));
	expect((await (await openArray(target, "scale0/image")).read()).data).toEqual(image.data);
});

test("conversions of images", async () => {
	const store = new LockedStore();
	const pool = await openPool({ workers: 0 });
	const source = arraySource(await openArray(await written(), "scale0/image"), "image");
	await check(store, () =>
		convertImages([{ path: "", name: "image", levels: [source], chunks: 4 }], store, {
			format: "ome-zarr-0.5",
			codec: "none",
			pool,
			work: new MemoryStore(),
			identity: { source: "test" },
		}),
	);
	await pool.close();
});

test("downloads", async () => {
	const source = await written();
	const target = new LockedStore();
	await check(target, () => download(source, target));
	expect(target.count).toBe(source.count);
});
