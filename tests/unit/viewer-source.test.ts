import { describe, expect, it } from "vitest";
import { slowStore } from "../../src/lib/bucket/slow-store.ts";
import {
	info,
	memoryStore,
	toMultiscale,
	toN5,
	toNgffZarr,
	toSpatialImage,
	validateStore,
	writeArray,
} from "../../src/lib/index.ts";
import { computedImage } from "../../src/lib/samples/computed-image.ts";
import { recordStore } from "../../src/lib/stores/observe.ts";
import { cutChunk } from "../../src/lib/viewer/plane.ts";
import { multiscaleSource, openViewSource } from "../../src/lib/viewer/source.ts";

const signal = new AbortController().signal;

function pyramid() {
	const data = Uint16Array.from({ length: 10 * 20 * 30 }, (_, i) => i % 4099);
	const image = toSpatialImage(
		{ data, shape: [10, 20, 30] },
		{
			dims: ["z", "y", "x"],
			scale: { z: 2, y: 0.5, x: 0.5 },
			units: { z: "micrometer", y: "micrometer", x: "micrometer" },
			name: "image",
		},
	);
	return toMultiscale(image, [2], { chunks: 8 });
}

describe("a viewer's source", () => {
	it("describes and reads an OME-Zarr, an N5 and an image in memory alike", async () => {
		const multiscale = await pyramid();
		const [zarr, n5] = [memoryStore(), memoryStore()];
		await toNgffZarr(zarr, multiscale, { channels: [{ label: "DNA", color: "0000FF" }] });
		await toN5(n5, multiscale);
		const [a, b, c] = [await openViewSource(zarr), await openViewSource(n5), multiscaleSource(multiscale)];
		expect([a, b, c].map(({ image }) => image.format)).toEqual(["OME-NGFF 0.5", "N5", "in memory"]);
		for (const { image } of [b, c]) {
			expect(image.axes.map(({ name, role }) => [name, role])).toEqual(
				a.image.axes.map(({ name, role }) => [name, role]),
			);
			expect(
				image.levels.map(({ shape, chunks, scale, translation }) => ({ shape, chunks, scale, translation })),
			).toEqual(
				a.image.levels.map(({ shape, chunks, scale, translation }) => ({
					shape,
					chunks,
					scale,
					translation,
				})),
			);
		}
		expect(a.image.channels).toEqual([
			expect.objectContaining({ label: "DNA", color: [0, 0, 1], active: true, window: expect.anything() }),
		]);
		for (const [level, coords] of [
			[0, [0, 1, 2]],
			[0, [1, 2, 3]],
			[1, [0, 1, 1]],
		] as const) {
			const values = await Promise.all([a, b, c].map((source) => source.read(level, coords, { signal })));
			expect(values[0]).toBeInstanceOf(Uint16Array);
			expect(values[1]).toEqual(values[0]);
			expect(values[2]).toEqual(values[0]);
		}
	});

	it("tells a chunk that is not stored, and an array by itself", async () => {
		const store = memoryStore();
		const data = new Uint8Array(64);
		data[0] = 7;
		await writeArray(store, "a", { data, shape: [8, 8], chunks: [4, 4], dtype: "uint8", codec: "none" });
		await store.delete("/a/c/1/1");
		const source = await openViewSource(store, "a");
		expect(source.image).toMatchObject({
			name: "a",
			format: "Zarr 3",
			dtype: "uint8",
			levels: [{ shape: [8, 8] }],
		});
		expect(await source.read(0, [0, 0], { signal })).toEqual(
			Uint8Array.from({ length: 16 }, (_, i) => (i ? 0 : 7)),
		);
		expect(await source.read(0, [1, 1], { signal })).toBeUndefined();
	});

	it("refuses what is no image with the way out", async () => {
		await expect(openViewSource(memoryStore())).rejects.toMatchObject({ code: "not-zarr" });
		const group = memoryStore(
			new Map([
				["/zarr.json", new TextEncoder().encode('{"zarr_format":3,"node_type":"group","attributes":{}}')],
			]),
		);
		await expect(openViewSource(group)).rejects.toMatchObject({ code: "no-multiscales" });
	});

	it("counts each request that a chunk cost", async () => {
		const store = memoryStore();
		await toNgffZarr(store, await pyramid(), { shards: 16 });
		const source = await openViewSource(recordStore(store).store);
		const seen: number[] = [];
		await source.read(0, [0, 0, 0], { signal, onRequest: ({ bytes = 0 }) => seen.push(bytes) });
		// The shard's index, and the chunk in it.
		expect(seen).toHaveLength(2);
	});
});

describe("a slow line", () => {
	it("costs its latency a read, and its bytes their time, with a clock by hand", async () => {
		const store = memoryStore();
		await store.set("/a", new Uint8Array(1000));
		const waits: number[] = [];
		const clock = {
			now: () => 0,
			async sleep(ms: number) {
				waits.push(ms);
			},
		};
		const line = { latency: 50, bandwidth: 1000 };
		const slow = slowStore(store, line, clock);
		expect(await slow.get("/a")).toHaveLength(1000);
		expect(waits).toEqual([50, 1000]);
		expect(await slow.getRange?.("/a", { offset: 0, length: 100 })).toHaveLength(100);
		// The line carries what comes after what it carries already.
		expect(waits).toEqual([50, 1000, 50, 1100]);
		line.latency = 0;
		expect(await slow.get("/b")).toBeUndefined();
		expect(waits).toHaveLength(4);
	});
});

describe("the computed image", () => {
	it("is a valid OME-Zarr of a tebibyte that opens with four documents' bytes", async () => {
		const store = computedImage();
		const { images } = await info(store);
		expect(images[0].levels.map(({ shape }) => shape[0])).toEqual([
			8192, 4096, 2048, 1024, 512, 256, 128, 64,
		]);
		expect(images[0].levels[0].chunkCount).toBe(128 ** 3);
		const { findings } = await validateStore(computedImage({ edge: 128 }));
		expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
	});

	it("gives the same values whichever chunk they are read with, and levels that resemble their means", async () => {
		const [small, large] = [computedImage({ edge: 256, chunk: 32 }), computedImage({ edge: 256, chunk: 64 })];
		const [a, b] = await Promise.all([small, large].map((store) => openViewSource(store)));
		const whole = await b.read(0, [1, 1, 1], { signal });
		const part = await a.read(0, [3, 3, 3], { signal });
		const cut = {
			shape: [64, 64, 64],
			vertical: 1,
			horizontal: 2,
			index: [32, 32, 32],
			rows: 32,
			columns: 32,
		};
		expect(part?.subarray(0, 1024)).toEqual(cutChunk(whole as Uint16Array, cut).data);
		const mean = (values: Uint16Array) => values.reduce((sum, v) => sum + v, 0) / values.length;
		// Half the edge of level 0 is a whole chunk of 64 in level 1.
		const coarse = await b.read(1, [0, 0, 0], { signal });
		let fine = 0;
		for (const z of [0, 1]) {
			for (const y of [0, 1]) {
				for (const x of [0, 1]) fine += mean((await b.read(0, [z, y, x], { signal })) as Uint16Array) / 8;
			}
		}
		expect(Math.abs(mean(coarse as Uint16Array) - fine) / fine).toBeLessThan(0.05);
	});

	it("refuses sizes that are no powers of 2", () => {
		expect(() => computedImage({ edge: 1000 })).toThrow(expect.objectContaining({ code: "bad-size" }));
	});
});

describe("a plane of a chunk", () => {
	const values = Uint16Array.from({ length: 2 * 3 * 4 }, (_, i) => i);
	const shape = [2, 3, 4];
	it.each([
		[
			"rows of the fastest axis",
			{ vertical: 1, horizontal: 2, index: [1, 1, 1], rows: 2, columns: 3 },
			[17, 18, 19, 21, 22, 23],
		],
		[
			"across",
			{ vertical: 0, horizontal: 2, index: [0, 2, 0], rows: 2, columns: 4 },
			[8, 9, 10, 11, 20, 21, 22, 23],
		],
		["turned", { vertical: 1, horizontal: 0, index: [0, 0, 3], rows: 3, columns: 2 }, [3, 15, 7, 19, 11, 23]],
	])("%s", (_, cut, expected) => {
		expect([...cutChunk(values, { shape, ...cut }).data]).toEqual(expected);
	});
	it("is floats where a graphics card has no such integers", () => {
		const cut = { shape: [1, 2], vertical: 0, horizontal: 1, index: [0, 0], rows: 1, columns: 2 };
		expect(cutChunk(BigInt64Array.of(1n, -2n), cut).data).toEqual(Float32Array.of(1, -2));
		expect(() => cutChunk(new Uint8Array(2), { ...cut, columns: 3 })).toThrow(RangeError);
	});
});
