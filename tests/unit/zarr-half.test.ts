/** Half-precision numbers: rounding, and arrays of float16 written and read again. */
import { describe, expect, it, test } from "vitest";
import { type N5ArrayToWrite, writeN5Array } from "../../src/lib/n5/write-array.ts";
import { runJob } from "../../src/lib/parallel/jobs.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { floatsToHalves, halfToNumber, halvesToFloats, numberToHalf } from "../../src/lib/zarr/half.ts";
import { openArray } from "../../src/lib/zarr/open.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
const text = (bytes: Uint8Array | undefined) => JSON.parse(new TextDecoder().decode(bytes));

describe("rounding to the nearest half", () => {
	it("keeps every half to the bit, NaN included", () => {
		expect(floatsToHalves(halvesToFloats(all))).toEqual(all);
	});

	it.each([
		[65504, 0x7bff],
		[65519.99, 0x7bff],
		[65520, 0x7c00],
		[-1e9, 0xfc00],
		[2 ** -24, 1],
		[2 ** -25, 0],
		[2 ** -25 * 1.001, 1],
		[-(2 ** -26), 0x8000],
		[1 + 2 ** -11, 0x3c00],
		[1 + 3 * 2 ** -11, 0x3c02],
		[2 ** -14 - 2 ** -25, 0x400],
		[2 - 2 ** -12, 0x4000],
		[-0, 0x8000],
	])("%f is 0x%s", (value, half) => {
		expect(floatsToHalves(Float32Array.of(value))[0]).toBe(half);
		expect(numberToHalf(value)).toBe(half);
	});

	const Halves = (globalThis as unknown as { Float16Array?: typeof Float32Array }).Float16Array;
	it.skipIf(!Halves)("agrees with the platform's Float16Array", () => {
		// Between each two halves: a quarter, the middle, and just beside it; as singles, which hold them exactly.
		const values: number[] = [];
		for (let half = 0; half < 0x7bff; half += 3) {
			const [low, high] = [halfToNumber(half), halfToNumber(half + 1)];
			const middle = (low + high) / 2;
			values.push(low, -low, middle, -middle, (3 * low + high) / 4, (low + 3 * high) / 4);
			values.push(middle + (high - low) / 1024, middle - (high - low) / 1024);
		}
		const floats = Float32Array.from(values);
		const theirs = new Uint16Array((Halves as typeof Float32Array).from(floats).buffer);
		expect(floatsToHalves(floats)).toEqual(theirs);
		expect(Uint16Array.from(floats, numberToHalf)).toEqual(theirs);
	});
});

describe("arrays of float16", () => {
	const data = halvesToFloats(all.slice(0x3bf0, 0x3bf0 + 60));

	for (const zarrFormat of [2, 3] as const) {
		it.each([...codecNames, ...(zarrFormat === 2 ? (["zlib"] as const) : [])])(
			`of Zarr ${zarrFormat} are read as they were written with %s`,
			async (codec) => {
				for (const more of [{}, { order: "F" as const, byteOrder: "big" as const }]) {
					const store = memoryStore();
					const form = {
						shape: [6, 10],
						chunks: [4, 4],
						dtype: "float16" as const,
						codec,
						zarrFormat,
						...more,
					};
					await writeArray(store, "", { ...form, data, fillValue: 0.1 });
					const array = await openArray(store);
					expect(array.dtype).toBe("float16");
					const read = await array.read();
					expect(read.data).toEqual(data);
					expect(read.storedDtype).toBe("float16");
					const edge = await array.readChunk([1, 2]);
					expect(edge.data.at(-1)).toBe(halfToNumber(numberToHalf(0.1)));
				}
			},
		);
	}

	it("have their names in both versions, and the size of an element for Blosc", async () => {
		const form = { data, shape: [60], chunks: [30], dtype: "float16", codec: "blosc-lz4" } as const;
		const store = memoryStore();
		await writeArray(store, "a", form);
		await writeArray(store, "b", { ...form, zarrFormat: 2 });
		const document = text(await store.get("/a/zarr.json"));
		expect(document.data_type).toBe("float16");
		expect(document.codecs[1].configuration.typesize).toBe(2);
		expect(text(await store.get("/b/.zarray")).dtype).toBe("<f2");
	});

	it("are rounded, a platform's Float16Array is taken, and shards leave out what is fill value", async () => {
		const store = memoryStore();
		const form = { shape: [8], chunks: [2], shards: [4], dtype: "float16", codec: "none" } as const;
		const some = Float32Array.of(0, 0, 0.1, 1e6, 0, 0, 0, 0);
		const report = await writeArray(store, "a", { ...form, data: some });
		expect(report.objects).toBe(2);
		const rounded = Float32Array.of(0, 0, halfToNumber(numberToHalf(0.1)), Infinity, 0, 0, 0, 0);
		expect((await (await openArray(store, "a")).read()).data).toEqual(rounded);
		const Halves = (globalThis as unknown as { Float16Array?: typeof Float32Array }).Float16Array;
		if (!Halves) return;
		await writeArray(store, "b", { ...form, data: Halves.from(some) });
		expect((await (await openArray(store, "b")).read()).data).toEqual(rounded);
	});

	it("have no filters", async () => {
		const form = { data, shape: [60], chunks: [30], dtype: "float16", codec: "zstd" } as const;
		const written = writeArray(memoryStore(), "", { ...form, filters: [{ name: "delta" }] });
		await expect(written).rejects.toMatchObject({ code: "unsupported-codec" });
	});
});

test("N5 refuses them", async () => {
	const array = { data: new Float32Array(2), shape: [2], blockShape: [2], dtype: "float16", codec: "raw" };
	const written = writeN5Array(memoryStore(), "a", array as unknown as N5ArrayToWrite);
	await expect(written).rejects.toMatchObject({ code: "unsupported-dtype", where: "a" });
});

test("a pool's job encodes chunks of float16", async () => {
	const spec = { format: "zarr", codec: "none" } as const;
	const input = { spec, data: Float32Array.of(1, -2), shape: [2], dtype: "float16" } as const;
	expect([...(await runJob("encodeChunk", input))]).toEqual([0, 0x3c, 0, 0xc0]);
});
