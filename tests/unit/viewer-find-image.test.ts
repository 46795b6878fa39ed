/** Which image of a store a viewer opens: each format and version, sets, plates, folders, plain arrays, broken stores. */
import { describe, expect, it } from "vitest";
import {
	type MemoryStore,
	memoryStore,
	toMultiscale,
	toN5,
	toNgffZarr,
	toSpatialImage,
	writeArray,
	writeLabels,
	writeSeries,
	writeZip,
	zipStore,
} from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/node.ts";
import { openViewSource } from "../../src/lib/viewer/source.ts";
import { fixturesDir } from "../support/fixtures.ts";

const signal = new AbortController().signal;
const put = (store: MemoryStore, key: `/${string}`, json: unknown) =>
	store.set(key, new TextEncoder().encode(JSON.stringify(json)));

/** A pyramid of three levels whose first element is `first`. */
function pyramid(first = 7, method: "mean" | "mode" = "mean") {
	const data = Uint16Array.from({ length: 4 * 16 * 16 }, (_, i) => first + i);
	return toMultiscale(toSpatialImage({ data, shape: [4, 16, 16] }, { name: "image" }), [2], {
		chunks: 8,
		method,
	});
}

/** What is seen first: enough to tell images apart. */
async function seen(store: Parameters<typeof openViewSource>[0], path?: string) {
	const source = await openViewSource(store, path);
	const { format, path: at, others } = source.image;
	const values = await source.read(
		0,
		source.image.axes.map(() => 0),
		{ signal },
	);
	return { format, path: at, others, first: Number(values?.[0]), levels: source.image.levels.length };
}

describe("the image that a viewer opens", () => {
	it.each(["0.1", "0.2", "0.3", "0.4"])(
		"is an OME-NGFF %s, with and without axes and coordinates",
		async (version) => {
			const store = memoryStore();
			await toNgffZarr(store, await pyramid(), { version: "0.4" });
			const { multiscales } = JSON.parse(new TextDecoder().decode(await store.get("/.zattrs")));
			const [{ datasets, axes, name }] = multiscales;
			const plain = datasets.map(({ path }: { path: string }) => ({ path }));
			const names = axes.map((axis: { name: string }) => axis.name);
			const entry = {
				"0.1": { version, name, datasets: plain },
				"0.2": { version, name, datasets: plain },
				"0.3": { version, name, axes: names, datasets: plain },
				"0.4": multiscales[0],
			}[version];
			await put(store, "/.zattrs", { multiscales: [entry] });
			const { image } = await openViewSource(store);
			expect(image).toMatchObject({ format: `OME-NGFF ${version}`, path: "" });
			expect(image.levels.map(({ scale }) => scale.at(-1))).toEqual([1, 2]);
			expect(await seen(store)).toMatchObject({ first: 7, levels: 2, others: undefined });
		},
	);

	it("is a label image, by its path or as the first of its group", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await pyramid());
		for (const name of ["nuclei", "cells"]) {
			await writeLabels(store, await pyramid(name === "cells" ? 3 : 1, "mode"), { name });
		}
		expect(await seen(store, "labels/cells")).toMatchObject({ path: "labels/cells", first: 3 });
		expect(await seen(store, "labels")).toMatchObject({
			path: "labels/nuclei",
			others: ["labels/nuclei", "labels/cells"],
			first: 1,
		});
		// The image itself is not a choice among its labels.
		expect((await seen(store)).others).toBeUndefined();
	});

	it("is the first of a bioformats2raw set, and the others are told", async () => {
		const store = memoryStore();
		for (const i of [0, 1]) await toNgffZarr(store, await pyramid(10 + i), { path: String(i) });
		await writeSeries(store, ["0", "1"]);
		expect(await seen(store)).toMatchObject({ path: "0", others: ["0", "1"], first: 10 });
		expect(await seen(store, "1")).toMatchObject({ path: "1", first: 11 });
	});

	it("is the first field of a plate's first well, and the wells are told", async () => {
		const store = memoryStore();
		const wells = ["A/1", "B/2"];
		const group = (ome: object) => ({
			zarr_format: 3,
			node_type: "group",
			attributes: { ome: { version: "0.5", ...ome } },
		});
		await put(store, "/zarr.json", group({ plate: { wells: wells.map((path) => ({ path })) } }));
		for (const [i, well] of wells.entries()) {
			await put(store, `/${well}/zarr.json`, group({ well: { images: [{ path: "0" }, { path: "1" }] } }));
			for (const field of [0, 1]) {
				await toNgffZarr(store, await pyramid(10 * i + field), { path: `${well}/${field}` });
			}
		}
		expect(await seen(store)).toMatchObject({ path: "A/1/0", others: ["A/1/0", "A/1/1", "B/2"], first: 0 });
		expect(await seen(store, "B/2")).toMatchObject({ path: "B/2/0", others: ["B/2/0", "B/2/1"], first: 10 });
		expect(await seen(store, "B/2/1")).toMatchObject({ path: "B/2/1", others: undefined, first: 11 });
	});

	it("is an array by itself, or the first of those in a group that can be listed", async () => {
		const store = memoryStore();
		const array = { shape: [4, 4], chunks: [4, 4], dtype: "uint8", codec: "none" } as const;
		await put(store, "/zarr.json", { zarr_format: 3, node_type: "group", attributes: {} });
		for (const [i, name] of ["alpha", "beta"].entries()) {
			await writeArray(store, name, { ...array, data: new Uint8Array(16).fill(5 + i) });
		}
		expect(await seen(store)).toEqual({
			...{ format: "Zarr 3", path: "alpha", others: ["alpha", "beta"] },
			...{ first: 5, levels: 1 },
		});
		// A store that cannot be listed does not know its arrays, and says so.
		const blind = { get: (key: `/${string}`) => store.get(key) };
		await expect(openViewSource(blind)).rejects.toMatchObject({ code: "no-multiscales" });
	});

	it("is the one in a folder above it, also in a zip", async () => {
		const inside = memoryStore();
		await toNgffZarr(inside, await pyramid(), { path: "experiment/image.ome.zarr" });
		const packed = await zipStore(await writeZip(inside));
		for (const store of [inside, packed]) {
			expect(await seen(store, "experiment")).toMatchObject({ path: "experiment/image.ome.zarr", first: 7 });
		}
		const outside = memoryStore(
			new Map(
				[
					...(await Promise.all(
						(await inside.list()).map(async (key) => [`/above/${key}`, await inside.get(`/${key}`)] as const),
					)),
				].filter(([key]) => !/^\/above\/(zarr\.json|experiment\/zarr\.json)$/.test(key)) as [
					string,
					Uint8Array,
				][],
			),
		);
		expect(await seen(outside)).toMatchObject({ path: "above/experiment/image.ome.zarr", first: 7 });
	});

	it("is an N5 pyramid of n5-viewer, neuroglancer or COSEM, or the first of several", async () => {
		const store = memoryStore();
		await toN5(store, await pyramid());
		expect(await seen(store)).toMatchObject({ format: "N5", path: "", first: 7, levels: 2 });
		// n5-viewer's metadata alone, then COSEM's alone.
		const document = JSON.parse(new TextDecoder().decode(await store.get("/attributes.json")));
		const { multiscales, ...rest } = document;
		expect(multiscales).toBeDefined();
		await put(store, "/attributes.json", rest);
		expect(await seen(store)).toMatchObject({ format: "N5", first: 7, levels: 2 });
		const { n5 } = document;
		await put(store, "/attributes.json", { n5, multiscales });
		expect(await seen(store)).toMatchObject({ format: "N5", first: 7, levels: 2 });
		const several = memoryStore();
		await put(several, "/attributes.json", { n5: "4.0.0" });
		for (const [i, path] of ["c0", "c1"].entries()) await toN5(several, await pyramid(i), { path });
		expect(await seen(several)).toMatchObject({ path: "c0", others: ["c0", "c1"], first: 0 });
	});

	it("is refused in words where the store is broken", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await pyramid());
		const whole = await store.get("/zarr.json");
		await store.set("/zarr.json", new TextEncoder().encode("{"));
		await expect(openViewSource(store)).rejects.toMatchObject({
			code: "bad-metadata",
			remedy: expect.any(String),
		});
		await store.set("/zarr.json", whole as Uint8Array);
		for (const key of await store.list()) if (key.endsWith("image/zarr.json")) await store.delete(`/${key}`);
		await expect(openViewSource(store)).rejects.toMatchObject({ code: "not-zarr" });
	});

	it("has the fill value of chunks that are not stored", async () => {
		const store = memoryStore();
		await writeArray(store, "a", {
			...{ data: new Int16Array(16).fill(-3), shape: [4, 4], chunks: [4, 4] },
			...{ dtype: "int16", codec: "none", fillValue: -7 },
		});
		expect((await openViewSource(store, "a")).image.levels[0].fill).toBe(-7);
	});
});

describe.skipIf(!fixturesDir)("files of other software", () => {
	it.each([
		["ome-zarr/hl50_cell/HL50_cell.zarr", "OME-NGFF 0.4", 3, "uint16"],
		["ome-zarr/fiji_java/4d_xyzt_v5.ome.zarr", "OME-NGFF 0.5", 2, "uint8"],
		["ome-zarr/ome_zarr_py/v0.2.zarr", "OME-NGFF 0.2", 1, "uint8"],
		["ome-zarr/neuroglancer/simple_0.5", "OME-NGFF 0.5", 3, "uint16"],
		["n5/neuroglancer/n5_viewer_multiscale_deprecated", "N5", 3, "uint16"],
		["n5/zarr_implementations/n5-java.n5", "N5", 1, "uint8"],
		["zarr2/zarr_implementations", "Zarr 2", 1, "uint8"],
	])("%s", async (path, format, levels, dtype) => {
		const { image } = await openViewSource(folderStore(`${fixturesDir}/${path}`));
		expect(image).toMatchObject({ format, dtype });
		expect(image.levels).toHaveLength(levels);
	});
});
