/** Consolidated metadata that is out of date: who believes it, and who does not. */
import { describe, expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { convertNgff } from "../../src/lib/ngff/convert.ts";
import { info } from "../../src/lib/ngff/info.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore, StoreKey } from "../../src/lib/stores/store.ts";
import { consolidate, openConsolidated, staleDocuments } from "../../src/lib/zarr/consolidated.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { openGroup } from "../../src/lib/zarr/open.ts";

const document = { "0.4": ".zattrs", "0.5": "zarr.json" } as const;

/** An image whose scale1 was given an attribute, whose scale2 was removed and to which scale3 came, after consolidation. */
async function stale(version: "0.4" | "0.5") {
	const store = memoryStore();
	const data = Uint8Array.from({ length: 256 }, (_, i) => i);
	const multiscale = await toMultiscale(toSpatialImage({ data, shape: [16, 16] }, { name: "im" }), [2, 2]);
	await toNgffZarr(store, multiscale, { version, consolidated: true });
	for (const key of await store.list("scale2/")) {
		await store.set(`/${key.replace("scale2", "scale3")}`, (await store.get(`/${key}`)) as Uint8Array);
		await store.delete(`/${key}`);
	}
	const key: StoreKey = `/scale1/im/${document[version]}`;
	const old = JSON.parse(new TextDecoder().decode(await store.get(key)));
	await store.set(
		key,
		encodeJson(version === "0.5" ? { ...old, attributes: { late: true } } : { ...old, late: true }),
	);
	return store;
}

describe.each(["0.4", "0.5"] as const)("out of date, %s", (version) => {
	test("opening reads the documents, and opening by the copies the copies", async () => {
		const store = await stale(version);
		const actual = await openGroup(store);
		expect((await actual.openArray("scale1/im")).attrs.late).toBe(true);
		expect((await actual.members()).map((member) => member.name)).toEqual(["scale0", "scale1", "scale3"]);
		const copied = await openConsolidated(store);
		expect((await copied.openArray("scale1/im")).attrs.late).toBeUndefined();
		expect((await copied.members()).map((member) => member.name)).toEqual(["scale0", "scale1", "scale2"]);
		await expect(copied.openArray("scale3/im")).rejects.toMatchObject({ code: "not-zarr" });
	});

	test("without a listing the copies give names, and what is gone is left out", async () => {
		const store = await stale(version);
		const bare: ReadableStore = { get: (key) => store.get(key) };
		const members = await (await openGroup(bare)).members();
		expect(members.map((member) => member.name)).toEqual(["scale0", "scale1"]);
	});

	test("what is out of date is told, and made anew", async () => {
		const store = await stale(version);
		const what = Object.fromEntries(
			((await staleDocuments(store)) ?? []).map((found) => [found.key, found.what]),
		);
		const below = (level: number) =>
			version === "0.5" ? `scale${level}/im/zarr.json` : `scale${level}/im/.zarray`;
		expect(what[below(2)]).toBe("gone");
		expect(what[below(3)]).toBe("missing");
		expect(what[`scale1/im/${document[version]}`]).toBe("changed");
		await consolidate(store);
		expect(await staleDocuments(store)).toEqual([]);
	});
});

test("conversion takes the documents and makes the copies anew", async () => {
	const store = memoryStore();
	const data = Uint8Array.from({ length: 256 }, (_, i) => i);
	await toNgffZarr(store, await toMultiscale(toSpatialImage({ data, shape: [16, 16] }, { name: "im" }), []), {
		version: "0.4",
		consolidated: true,
	});
	await store.set("/scale0/im/.zattrs", encodeJson({ _ARRAY_DIMENSIONS: ["y", "x"], late: true }));
	await convertNgff(store, { to: "0.5" });
	expect(await staleDocuments(store)).toEqual([]);
	expect((await (await openConsolidated(store)).openArray("scale0/im")).attrs).toEqual({ late: true });
	expect((await info(store)).version).toBe("0.5");
});
