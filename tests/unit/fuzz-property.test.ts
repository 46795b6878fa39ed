/**
 * Damaged files: whatever is done to them, they are read or refused by an error with a way out. CHUNKWISE_FUZZ sets how
 * many damages are tried for each file (default a few); a failure names its seed.
 */
import { readFileSync } from "node:fs";
import { test } from "vitest";
import { isChunkwiseError } from "../../src/lib/errors.ts";
import { n5CodecNames } from "../../src/lib/n5/compression.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { writeN5Array } from "../../src/lib/n5/write-array.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { StoreKey } from "../../src/lib/stores/store.ts";
import { zipStore } from "../../src/lib/stores/zip.ts";
import { writeZip } from "../../src/lib/stores/zip-write.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { openZarr } from "../../src/lib/zarr/open.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";
import { damaged } from "../support/mutate.ts";

const rounds = Number(process.env.CHUNKWISE_FUZZ ?? 12);
const sample = (name: string) =>
	JSON.parse(readFileSync(new URL(`../support/${name}`, import.meta.url), "utf8"));

/** Reads, and lets pass what a reader can act on. */
async function survive(what: string, read: () => Promise<unknown>): Promise<void> {
	try {
		await read();
	} catch (error) {
		if (!isChunkwiseError(error) || !error.remedy) {
			throw new Error(`${what}: ${error instanceof Error ? error.stack : error}`, { cause: error });
		}
	}
}

/** The files of a store, each in turn damaged many times over. */
async function tryAll(
	files: Map<string, Uint8Array>,
	what: string,
	read: (store: ReturnType<typeof memoryStore>) => Promise<unknown>,
) {
	for (const name of files.keys()) {
		for (let seed = 0; seed < rounds; seed++) {
			const store = memoryStore();
			for (const [key, bytes] of files) {
				await store.set(`/${key}` as StoreKey, key === name ? damaged(bytes, seed) : bytes);
			}
			await survive(`${what}, ${name} damaged by seed ${seed}`, () => read(store));
		}
	}
}

async function readZarr(store: Parameters<typeof openZarr>[0]) {
	const node = await openZarr(store);
	// A damaged shape may ask for more than there is memory for: a corner will do.
	if (node.kind === "array") await node.read(node.shape.map((size) => [0, Math.min(size, 8)]));
}

test("TIFF", async () => {
	for (const [name, { file }] of Object.entries<{ file: string }>(sample("tiff-samples.json"))) {
		const bytes = new Uint8Array(Buffer.from(file, "base64"));
		for (let seed = 0; seed < 4 * rounds; seed++) {
			await survive(`${name}, seed ${seed}`, async () => (await openTiff(damaged(bytes, seed))).readStack());
		}
	}
});

test("Zarr by zarr-python", async () => {
	const arrays: Record<string, { files: Record<string, string> }> = sample("codec-samples.json");
	for (const [name, { files }] of Object.entries(arrays)) {
		const bytes = Object.entries(files).map(([key, value]): [string, Uint8Array] => [
			key,
			new Uint8Array(Buffer.from(value, value.startsWith("{") ? "utf8" : "base64")),
		]);
		await tryAll(new Map(bytes.slice(0, 3)), name, readZarr);
	}
});

const data = Uint16Array.from({ length: 500 }, (_, i) => (i * 7919) % 1000);

test("our own Zarr, every codec, in shards", async () => {
	for (const codec of codecNames) {
		const store = memoryStore();
		await writeArray(store, "", { data, dtype: "uint16", shape: [500], chunks: [100], shards: [300], codec });
		const files = new Map<string, Uint8Array>();
		for (const key of ["zarr.json", "c/0", "c/1"]) {
			files.set(key, (await store.get(`/${key}` as StoreKey)) as Uint8Array);
		}
		await tryAll(files, codec, readZarr);
	}
});

test("N5, every codec", async () => {
	for (const codec of n5CodecNames) {
		const store = memoryStore();
		await writeN5Array(store, "", { data, dtype: "uint16", shape: [500], blockShape: [300], codec });
		const files = new Map<string, Uint8Array>();
		for (const key of ["attributes.json", "0", "1"]) {
			files.set(key, (await store.get(`/${key}` as StoreKey)) as Uint8Array);
		}
		await tryAll(files, codec, async (damagedStore) => {
			const node = await openN5(damagedStore);
			if ("read" in node) await node.read(node.shape.map((size) => [0, Math.min(size, 8)]));
		});
	}
});

test("a zip file", async () => {
	const store = memoryStore();
	await writeArray(store, "", { data, dtype: "uint16", shape: [500], chunks: [100], codec: "gzip" });
	const bytes = new Uint8Array(await (await writeZip(store)).arrayBuffer());
	for (let seed = 0; seed < 10 * rounds; seed++) {
		await survive(`seed ${seed}`, async () => readZarr(await zipStore(damaged(bytes, seed))));
	}
});
