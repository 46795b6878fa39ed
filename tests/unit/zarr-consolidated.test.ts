import { describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { readLevel, readMultiscales } from "../../src/lib/ngff/multiscales.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { observeStore } from "../../src/lib/stores/observe.ts";
import type { StoreKey, WritableStore } from "../../src/lib/stores/store.ts";
import {
	consolidate,
	openConsolidated,
	readConsolidated,
	staleDocuments,
} from "../../src/lib/zarr/consolidated.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";
import { tree } from "../../src/lib/zarr/tree.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";
import { fixture, fixturesDir } from "../support/fixtures.ts";

const versions = ["0.4", "0.5"] as const;
type Version = (typeof versions)[number];

async function image(version: Version, path = "") {
	const store = memoryStore();
	const data = Uint16Array.from({ length: 12 * 20 }, (_, i) => i);
	const multiscale = await toMultiscale(toSpatialImage({ data, shape: [12, 20] }, { name: "im" }), [2]);
	const report = await toNgffZarr(store, multiscale, { version, path, consolidated: true });
	return { store, multiscale, report };
}

const parse = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));
const change = async (store: WritableStore, key: StoreKey, more: object) =>
	store.set(key, encodeJson({ ...parse(await store.get(key)), ...more }));

describe("consolidate", () => {
	it("makes .zmetadata of Zarr 2", async () => {
		const { store, report } = await image("0.4");
		const { zarr_consolidated_format, metadata } = parse(await store.get("/.zmetadata"));
		expect(zarr_consolidated_format).toBe(1);
		expect(Object.keys(metadata).sort()).toEqual([
			".zattrs",
			".zgroup",
			"scale0/.zgroup",
			"scale0/im/.zarray",
			"scale0/im/.zattrs",
			"scale1/.zgroup",
			"scale1/im/.zarray",
			"scale1/im/.zattrs",
		]);
		expect(metadata["scale1/im/.zarray"]).toEqual(parse(await store.get("/scale1/im/.zarray")));
		expect(report.objects).toBe(store.count);
	});

	it("puts the copies into the group's own document of Zarr 3", async () => {
		const { store, report } = await image("0.5");
		const { attributes, consolidated_metadata } = parse(await store.get("/zarr.json"));
		expect(attributes.ome.version).toBe("0.5");
		expect(consolidated_metadata).toMatchObject({ kind: "inline", must_understand: false });
		expect(Object.keys(consolidated_metadata.metadata).sort()).toEqual([
			"scale0",
			"scale0/im",
			"scale1",
			"scale1/im",
		]);
		expect(consolidated_metadata.metadata.scale0).toEqual(parse(await store.get("/scale0/zarr.json")));
		expect(report.objects).toBe(store.count);
	});

	it("keeps fill values of 64 bits to the last digit", async () => {
		const store = memoryStore();
		await store.set("/.zgroup", encodeJson({ zarr_format: 2 }));
		await writeArray(store, "a", {
			data: BigUint64Array.of(1n),
			shape: [1],
			chunks: [1],
			dtype: "uint64",
			codec: "none",
			zarrFormat: 2,
			fillValue: 2n ** 64n - 1n,
		});
		await consolidate(store);
		expect(new TextDecoder().decode(await store.get("/.zmetadata"))).toContain(
			'"fill_value": 18446744073709551615',
		);
		await store.delete("/a/0");
		const array = await (await openConsolidated(store)).openArray("a");
		expect((await array.read()).data).toEqual(BigUint64Array.of(2n ** 64n - 1n));
	});

	it("replaces stale copies, and does not copy them", async () => {
		const { store } = await image("0.5");
		await change(store, "/scale0/zarr.json", { attributes: { changed: true } });
		const before = (await store.get("/zarr.json"))?.byteLength as number;
		expect(await consolidate(store)).toBe(4);
		expect((await store.get("/zarr.json"))?.byteLength).toBeLessThan(before + 100);
		expect(await staleDocuments(store)).toEqual([]);
	});
});

describe.each(versions)("the copies of OME-NGFF %s", (version) => {
	it.each(["", "a/b"])("are enough to open all below %j", async (path) => {
		const { store, multiscale } = await image(version, path);
		const asked: string[] = [];
		const observed = observeStore(store, ({ key }) => asked.push(key));
		const group = await openConsolidated(observed, path);
		const opening = asked.length;
		const [found] = await readMultiscales(group);
		expect((await tree(group.store, path)).toString()).toContain("im (6, 10) uint16");
		expect(asked.slice(opening)).toEqual([]);
		expect((await readLevel(found, 1)).data).toEqual(multiscale.levels[1].data);
		await expect(group.open("other")).rejects.toMatchObject({ code: "not-zarr" });
	});

	it("are found to be stale when a node has changed, is gone or is new", async () => {
		const { store } = await image(version);
		const [array, attributes] = version === "0.4" ? [".zarray", ".zattrs"] : ["zarr.json", "zarr.json"];
		expect(await staleDocuments(store)).toEqual([]);
		await change(store, `/scale0/im/${attributes}`, { attributes: { a: 1 } });
		expect(await staleDocuments(store)).toEqual([{ key: `scale0/im/${attributes}`, what: "changed" }]);
		await consolidate(store);
		await store.delete(`/scale1/im/${array}`);
		await writeArray(store, "scale1/new", {
			data: Uint8Array.of(1),
			shape: [1],
			chunks: [1],
			dtype: "uint8",
			codec: "none",
			zarrFormat: version === "0.4" ? 2 : 3,
		});
		expect(await staleDocuments(store)).toEqual([
			{ key: `scale1/im/${array}`, what: "gone" },
			{ key: `scale1/new/${array}`, what: "missing" },
		]);
	});

	it("may leave out what is empty, and order fields in another way", async () => {
		const { store } = await image(version);
		const key = version === "0.4" ? "/scale0/im/.zarray" : "/scale0/im/zarr.json";
		const document = parse(await store.get(key));
		const turned = Object.fromEntries(Object.entries(document).reverse());
		await store.set(
			key,
			encodeJson({ ...turned, ...(version === "0.5" ? { storage_transformers: [] } : {}) }),
		);
		expect(await staleDocuments(store)).toEqual([]);
		await change(store, key, { fill_value: version === "0.4" ? null : 1 });
		expect(await staleDocuments(store)).toHaveLength(1);
	});

	it("may have a copy of attributes that a node of Zarr 2 has not, where it is empty", async () => {
		const { store } = await image("0.4");
		const document = parse(await store.get("/.zmetadata"));
		document.metadata["scale0/.zattrs"] = {};
		await store.set("/.zmetadata", encodeJson(document));
		await store.set("/scale1/.zattrs", encodeJson({}));
		expect(await staleDocuments(store)).toEqual([]);
		await store.set("/scale0/.zattrs", encodeJson({ a: 1 }));
		await store.set("/scale1/.zattrs", encodeJson({ a: 1 }));
		expect(await staleDocuments(store)).toEqual([
			{ key: "scale0/.zattrs", what: "changed" },
			{ key: "scale1/.zattrs", what: "missing" },
		]);
	});

	it("are not there unless asked for", async () => {
		const store = memoryStore();
		const one = toSpatialImage({ data: new Uint8Array(4), shape: [2, 2] });
		await toNgffZarr(store, await toMultiscale(one, []), { version });
		expect(await readConsolidated(store)).toBeUndefined();
		expect(await staleDocuments(store)).toBeUndefined();
		await expect(openConsolidated(store)).rejects.toMatchObject({ code: "no-consolidated-metadata" });
	});
});

it.each([
	[{ consolidated_metadata: { kind: "elsewhere", metadata: {} } }],
	[{ consolidated_metadata: { kind: "inline", metadata: [] } }],
	[{ consolidated_metadata: { kind: "inline", metadata: { a: 3 } } }],
])("copies that make no sense are refused, and do no harm: %j", async (more) => {
	const { store } = await image("0.5");
	await change(store, "/zarr.json", more);
	await expect(readConsolidated(store)).rejects.toMatchObject({ code: "bad-metadata" });
	expect((await (await openGroup(store)).openArray("scale0/im")).shape).toEqual([12, 20]);
});

describe.skipIf(!fixturesDir)("the course's own store (skipped where ../shared/fixtures is absent)", () => {
	it("has copies that are not stale, and opens by them", async () => {
		const store = folderStore(fixture("ome-zarr/hl50_cell/HL50_cell.zarr"));
		const group = await openConsolidated(store);
		expect((await group.openArray("scale1/HL50_cell")).shape).toEqual([64, 106, 181]);
		expect(await staleDocuments(store)).toEqual([]);
	});
});
