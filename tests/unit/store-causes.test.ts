/** Readers say why they ask, so that a log names what each request was for. */
import { expect, test } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { openN5 } from "../../src/lib/n5/open.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { MemoryStore } from "../../src/lib/stores/memory.ts";
import { recordStore } from "../../src/lib/stores/observe.ts";
import type { SourceRequest } from "../../src/lib/stores/store.ts";
import type { ZarrArray } from "../../src/lib/zarr/array.ts";
import { openArray } from "../../src/lib/zarr/open.ts";

const image = toSpatialImage({
	data: Uint16Array.from({ length: 4 * 8 * 8 }, (_, i) => i + 1),
	shape: [4, 8, 8],
});
const single = () => toMultiscale(image, [], { chunks: { z: 2, y: 4, x: 4 } });

test("chunks by their index, shards by theirs, after the caller's own cause", async () => {
	const inner = new MemoryStore();
	await toNgffZarr(inner, await single(), { shards: { z: 4, y: 8, x: 4 } });
	const { store, log } = recordStore(inner);
	const array = await openArray(store, "scale0/image", { cause: "the level" });
	expect(new Set(log.requests.map(({ cause }) => cause))).toEqual(new Set(["the level, metadata"]));
	log.clear();
	const heard: SourceRequest[] = [];
	await array.read([[2, 4], [0, 4], 5], { cause: "slice 5", onRequest: (request) => heard.push(request) });
	expect(log.requests.map(({ cause, key }) => [cause, key])).toEqual([
		["slice 5, shard index 0/0/1", "scale0/image/c/0/0/1"],
		["slice 5, chunk 1/0/1", "scale0/image/c/0/0/1"],
	]);
	expect(heard.map(({ operation }) => operation)).toEqual(["getRange", "getRange"]);
	log.clear();
	await array.readChunk([0, 1, 1]);
	// The index is known by now.
	expect(log.requests.map(({ cause }) => cause)).toEqual(["chunk 0/1/1"]);
});

test("keys that do not tell what they are: the two numbers of an array and a chunk, N5's order of axes", async () => {
	const inner = new MemoryStore();
	await toNgffZarr(inner, await single(), { version: "0.4", path: "0" });
	await toN5(inner, await single(), { path: "n5" });
	const { store, log } = recordStore(inner);
	const zarr = await openArray(store, "0/scale0/image");
	const n5 = (await openN5(store, "n5/s0")) as ZarrArray;
	log.clear();
	await zarr.readChunk([0, 1, 1]);
	await n5.readChunk([1, 0, 0]);
	expect(log.requests.map(({ cause, key }) => [cause, key])).toEqual([
		["chunk 0/1/1", "0/scale0/image/0/1/1"],
		["chunk 1/0/0", "n5/s0/0/0/1"],
	]);
});
