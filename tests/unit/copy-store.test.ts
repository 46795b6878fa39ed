/** Stores copied value by value: documents last, of Zarr and of N5. */
import { describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { N5Array } from "../../src/lib/n5/array.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { copyStore } from "../../src/lib/stores/copy-store.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";

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

	it("takes N5 as well, whose documents have another name", async () => {
		const from = memoryStore();
		const data = new Uint8Array(24).fill(7);
		const image = toSpatialImage({ data, shape: [2, 3, 4] }, { name: "image" });
		await toN5(from, await toMultiscale(image, [2]));
		const order: string[] = [];
		const to = memoryStore();
		const set = to.set.bind(to);
		to.set = async (key, value) => {
			order.push(key);
			await set(key, value);
		};
		await copyStore(from, to, { atOnce: 1 });
		const documents = order.filter((key) => key.endsWith("/attributes.json"));
		expect(documents.length).toBeGreaterThan(2);
		expect(order.slice(-documents.length)).toEqual(documents);
		expect(documents.at(-1)).toBe("/attributes.json");
		expect((await listKeys(to)).sort()).toEqual((await listKeys(from)).sort());
		const finest = await openN5(to, "s0");
		expect(finest instanceof N5Array && (await finest.read()).data).toEqual(data);
	});

	it("refuses a source of which a value goes away, rather than leave a hole", async () => {
		const from = memoryStore();
		for (const key of ["zarr.json", "c/0", "c/1"]) await from.set(`/${key}`, new Uint8Array(1));
		const get = from.get.bind(from);
		from.get = async (key) => (key === "/c/1" ? undefined : get(key));
		const to = memoryStore();
		await expect(copyStore(from, to)).rejects.toMatchObject({ code: "source-changed", where: "c/1" });
		expect(await to.get("/zarr.json")).toBeUndefined();
	});
});
