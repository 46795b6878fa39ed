/** Stores that hold anything at all: each call answers, or fails with an error of ours. And names of every kind. */
import { expect, test } from "vitest";
import * as chunkwise from "../../src/lib/index.ts";
import { writeN5Array } from "../../src/lib/n5/write-array.ts";

const { memoryStore, openZarr, openArray, describeNode, readParts, readStrings, openN5, validateStore } =
	chunkwise;
const text = (value: string) => new TextEncoder().encode(value);

const junk = [
	"",
	"null",
	"[]",
	"1",
	"{}",
	'"x"',
	'{"zarr_format":3}',
	'{"zarr_format":3,"node_type":"array"}',
	'{"zarr_format":3,"node_type":"group","attributes":[1]}',
	'{"zarr_format":3,"node_type":"group","attributes":{"ome":null}}',
	'{"zarr_format":3,"node_type":"group","attributes":{"ome":{"multiscales":[null]}}}',
	'{"zarr_format":2}',
	'{"zarr_format":2,"shape":[1e400]}',
	'{"zarr_format":2,"shape":[-1],"chunks":[0]}',
	'{"zarr_format":2,"shape":[2],"chunks":[2],"dtype":{},"filters":5,"compressor":7}',
	'{"zarr_format":2,"shape":[2],"chunks":[2],"dtype":[["a","<u2"]],"filters":null,"compressor":null}',
	'{"zarr_format":3,"node_type":"array","shape":[2],"data_type":null,"chunk_grid":{"name":"regular","configuration":{"chunk_shape":[1]}},"chunk_key_encoding":{"name":"default"},"codecs":[{"name":"bytes"}],"fill_value":{}}',
	'{"zarr_format":3,"node_type":"array","shape":[2],"data_type":"uint8","chunk_grid":{"name":"regular","configuration":{"chunk_shape":[1]}},"chunk_key_encoding":"default","codecs":[{"name":"sharding_indexed"}],"attributes":7}',
	'{"dimensions":[3],"blockSize":[0],"dataType":"uint8","compression":{"type":"raw"}}',
	'{"dimensions":[],"blockSize":[],"dataType":"uint8","compression":{"type":"raw"}}',
	'{"dimensions":[2],"blockSize":[2],"dataType":"uint8","compression":null}',
	'{"n5":7}',
	'{"n5":"4.0.0","multiscales":[null]}',
	'{"dimensions":"x"}',
	"\ufeff{}",
	"\u0000\u0001",
];

type Store = ReturnType<typeof memoryStore>;
const calls: Record<string, (store: Store) => unknown> = {
	openZarr: (store) => openZarr(store),
	describeNode: (store) => describeNode(store),
	read: async (store) => (await openArray(store)).read(),
	readParts: async (store) => readParts(await openArray(store)),
	readStrings: async (store) => readStrings(await openArray(store)),
	openN5: async (store) => {
		const node = await openN5(store);
		return "read" in node ? node.read() : node;
	},
	n5Info: (store) => chunkwise.n5Info(store),
	tree: async (store) => String(await chunkwise.tree(store)),
	validateStore: (store) => validateStore(store),
};

test.each(["zarr.json", ".zarray", ".zgroup", ".zattrs", ".zmetadata", "attributes.json"])(
	"junk in %s",
	async (key) => {
		for (const document of junk) {
			for (const beside of ["", ".zgroup", ".zattrs"]) {
				const store = memoryStore();
				if (beside) await store.set(`/${beside}`, text('{"zarr_format":2}'));
				await store.set(`/${key}`, text(document));
				for (const [name, call] of Object.entries(calls)) {
					const error = await Promise.resolve(call(store)).then(
						() => undefined,
						(caught) => caught,
					);
					const fine = error === undefined || chunkwise.isChunkwiseError(error);
					expect(fine, `${name}, ${beside}, ${document}: ${error}`).toBe(true);
				}
			}
		}
	},
);

test.each(["", "a b/ü 名", "%41+&#", "c/0"])("an array at %j, of each version, and of N5", async (path) => {
	const data = Uint16Array.of(1, 2, 3, 4, 5, 6);
	for (const zarrFormat of [2, 3] as const) {
		const store = memoryStore();
		await chunkwise.writeArray(store, path, {
			...{ data, shape: [2, 3], chunks: [1, 2], dtype: "uint16", codec: "gzip", zarrFormat },
		});
		expect([...(await (await openArray(store, path)).read()).data]).toEqual([...data]);
		const scalar = {
			data: Uint16Array.of(9),
			shape: [],
			chunks: [],
			dtype: "uint16",
			codec: "none",
		} as const;
		const other = memoryStore();
		await chunkwise.writeArray(other, path, { ...scalar, zarrFormat });
		expect([...(await (await openArray(other, path)).read()).data]).toEqual([9]);
	}
	const store = memoryStore();
	const blockShape = [1, 2];
	await writeN5Array(store, path, { data, shape: [2, 3], blockShape, dtype: "uint16", codec: "xz" });
	const opened = await openN5(store, path);
	expect("read" in opened && [...(await opened.read()).data]).toEqual([...data]);
});
