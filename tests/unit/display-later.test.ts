/** What a display reads before it is shown: of zarrita's nodes and of Blobs, and of nothing that shows itself. */
import { expect, it } from "vitest";
import * as zarr from "zarrita";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { describeLater } from "../../src/lib/view/later.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

it("looks into the store for zarrita's array, and not for the library's own", async () => {
	const store = memoryStore();
	const data = new Uint16Array(16);
	await writeArray(store, "", { data, shape: [4, 4], chunks: [2, 2], dtype: "uint16", codec: "gzip" });
	const foreign = await describeLater(await zarr.open.v3(store, { kind: "array" }));
	expect(foreign).toMatchObject({ kind: "repr", title: expect.stringContaining("zarrita.Array") });
	expect(JSON.stringify(foreign)).toContain("gzip");
	expect(await describeLater(await openArray(store))).toBeUndefined();
});

it("reads the bytes of a Blob", async () => {
	expect(await describeLater(new Blob(["Zarr"]))).toMatchObject({ kind: "bytes", total: 4 });
	expect(await describeLater(new Blob([]))).toBeUndefined();
});
