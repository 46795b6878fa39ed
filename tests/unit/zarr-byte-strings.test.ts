/** Elements that are bytes of any length; arrays that zarr-python wrote are read by tests/interop. */
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { readByteStrings } from "../../src/lib/zarr/byte-strings.ts";
import { openArray } from "../../src/lib/zarr/open.ts";

const json = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

/** The codec's bytes, by its description and not by the code that reads them. */
function vlen(elements: readonly number[][]): Uint8Array {
	const out = [elements.length, 0, 0, 0];
	for (const element of elements) out.push(element.length, 0, 0, 0, ...element);
	return Uint8Array.from(out);
}

async function v3(chunk: Uint8Array, over: Record<string, unknown> = {}) {
	const store = memoryStore();
	const document = {
		zarr_format: 3,
		node_type: "array",
		shape: [3],
		data_type: "variable_length_bytes",
		chunk_grid: { name: "regular", configuration: { chunk_shape: [2] } },
		chunk_key_encoding: { name: "default" },
		fill_value: "AQI=",
		codecs: [{ name: "vlen-bytes" }, { name: "gzip", configuration: { level: 1 } }],
		...over,
	};
	await store.set("/zarr.json", json(document));
	await store.set("/c/0", new Uint8Array(gzipSync(chunk)));
	return openArray(store);
}

describe("bytes of any length", () => {
	it.each(["variable_length_bytes", "bytes"])("of v3 are read, as %s", async (data_type) => {
		const { data, shape } = await readByteStrings(await v3(vlen([[7, 8, 9], []]), { data_type }));
		expect(shape).toEqual([3]);
		expect(data.map((bytes) => [...bytes])).toEqual([[7, 8, 9], [], [1, 2]]);
	});

	it("of v2 are read in order F", async () => {
		const store = memoryStore();
		const document = {
			zarr_format: 2,
			shape: [2, 2],
			chunks: [2, 2],
			dtype: "|O",
			compressor: null,
			fill_value: 0,
			order: "F",
			filters: [{ id: "vlen-bytes" }],
		};
		await store.set("/.zarray", json(document));
		await store.set("/0.0", vlen([[1], [2], [3], [4]]));
		const { data } = await readByteStrings(await openArray(store));
		expect(data.map((bytes) => [...bytes])).toEqual([[1], [3], [2], [4]]);
	});

	it("refuses damaged chunks", async () => {
		for (const chunk of [vlen([[1]]), vlen([[1], [2, 3]]).subarray(0, 13), Uint8Array.of(2, 0)]) {
			await expect(readByteStrings(await v3(chunk))).rejects.toMatchObject({
				code: "bad-chunk",
				where: "c/0",
			});
		}
	});

	it("refuses other elements, and codecs it does not know", async () => {
		const numbers = await v3(new Uint8Array(2), { data_type: "uint8", codecs: [{ name: "bytes" }] });
		await expect(readByteStrings(numbers)).rejects.toMatchObject({ code: "unsupported-dtype" });
		const odd = await v3(vlen([[], []]), { codecs: [{ name: "vlen-bytes" }, { name: "odd" }] });
		await expect(readByteStrings(odd)).rejects.toMatchObject({ code: "unknown-codec" });
	});
});
