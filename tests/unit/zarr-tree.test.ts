/** The tree of a store: what it shows, how much it asks for at a time, and where it ends. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { download } from "../../src/lib/download/download.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { tree } from "../../src/lib/zarr/tree.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";
import { cli } from "../support/cli.ts";

const group = encodeJson({ zarr_format: 3, node_type: "group", attributes: {} });

test("shards are shown, by the command too", async () => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise tree "));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	const store = folderStore(join(folder, "a.zarr"));
	await store.set("/zarr.json", group);
	const array = {
		data: new Uint8Array(64),
		dtype: "uint8",
		shape: [8, 8],
		chunks: [2, 2],
		codec: "none",
	} as const;
	await writeArray(store, "sharded", { ...array, shards: [4, 8] });
	await writeArray(store, "plain", array);
	const lines = [
		"├── plain (8, 8) uint8, chunks (2, 2)",
		"└── sharded (8, 8) uint8, chunks (2, 2), shards (4, 8)",
	];
	expect(String(await tree(store)).split("\n")).toEqual(["/", ...lines]);
	expect((await cli(folder, "tree", "a.zarr")).stdout.split("\n").slice(1, 3)).toEqual(lines);
});

test("of many groups, names are in order and a few are asked for at a time; an abort ends it", async () => {
	const store = memoryStore();
	await store.set("/zarr.json", group);
	const names = Array.from({ length: 150 }, (_, i) => `${i}`);
	for (const name of names) await store.set(`/${name}/zarr.json`, group);
	let asked = 0;
	let now = 0;
	let most = 0;
	const controller = new AbortController();
	const slow: ReadableStore = {
		list: (prefix) => store.list(prefix),
		get: async (key) => {
			if (++asked === 1000) controller.abort(new Error("enough"));
			most = Math.max(most, ++now);
			await new Promise((turn) => setImmediate(turn));
			now--;
			return store.get(key);
		},
	};
	const { root } = await tree(slow);
	expect(root.children.map(({ name }) => name)).toEqual(names);
	expect(most).toBeGreaterThan(10);
	expect(most).toBeLessThanOrEqual(64);
	asked = 900;
	await expect(tree(slow, "", { signal: controller.signal })).rejects.toThrow("enough");
	expect(asked).toBeLessThan(1100);
});

test("a server that answers every path with the same document does not go on for ever", async () => {
	const attributes = { ome: { version: "0.5", multiscales: [{ datasets: [{ path: "0" }] }] } };
	const same = encodeJson({ zarr_format: 3, node_type: "group", attributes });
	const store: ReadableStore = { get: async (key) => (key.endsWith("/zarr.json") ? same : undefined) };
	const refused = { code: "bad-metadata", remedy: expect.stringContaining("answers every path") };
	await expect(tree(store)).rejects.toMatchObject(refused);
	await expect(tree(store, "a/b")).rejects.toMatchObject(refused);
	await expect(download(store, memoryStore())).rejects.toMatchObject(refused);
	await expect(validateStore(store)).rejects.toMatchObject(refused);
});
