import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { jsonLine, textTable } from "../../src/cli/output.ts";
import { progressBar, progressLine } from "../../src/cli/progress-bar.ts";
import { type Slab, slabs } from "../../src/cli/slabs.ts";
import { StatisticsOf } from "../../src/cli/statistics.ts";
import { product, type TypedArray } from "../../src/lib/types.ts";

const of = (dtype: string, ...parts: TypedArray[]) => {
	const statistics = new StatisticsOf(dtype);
	for (const part of parts) statistics.add(part);
	return statistics.result();
};

describe("statistics", () => {
	it("are exact for integers", () => {
		expect(of("uint16", Uint16Array.of(3, 1), Uint16Array.of(65535))).toMatchObject({
			min: 1,
			max: 65535,
			sum: 65539,
		});
		expect(of("int8", Int8Array.of(-128, 127, -5))).toMatchObject({ min: -128, max: 127, sum: -6 });
		// 2^22 times the largest: beyond what adding numbers one by one keeps exact.
		const large = new Uint32Array(1 << 22).fill(0xffffffff);
		expect(of("uint32", large, large).sum).toBe(String(2n * (1n << 22n) * 0xffffffffn));
	});

	it("are decimal strings for 64 bits", () => {
		const most = 2n ** 64n - 1n;
		expect(of("uint64", BigUint64Array.of(most, 0n, most), BigUint64Array.of(5n))).toMatchObject({
			min: 0,
			max: String(most),
			sum: String(2n * most + 5n),
		});
		const values = [-(2n ** 63n), 2n ** 63n - 1n, -7n, 12345678901234567n];
		expect(of("int64", BigInt64Array.from(values))).toMatchObject({
			min: String(-(2n ** 63n)),
			max: String(2n ** 63n - 1n),
			sum: String(values.reduce((a, b) => a + b)),
		});
		expect(of("int64", BigInt64Array.of(1n, 2n))).toMatchObject({ min: 1, max: 2, sum: "3" });
	});

	it("are compensated for floats, and leave NaN out", () => {
		expect(of("float64", Float64Array.of(1, 1e100, 1, -1e100))).toMatchObject({
			sum: 2,
			min: -1e100,
			max: 1e100,
		});
		const tenths = new Float64Array(1e6).fill(0.1);
		expect(of("float64", tenths.subarray(0, 300_001), tenths.subarray(300_001)).sum).toBeCloseTo(100_000, 9);
		const nan = of("float32", Float32Array.of(Number.NaN, 2, Number.NaN));
		expect(nan).toMatchObject({ min: 2, max: 2, sum: 2, nanCount: 2 });
		expect(of("float32", Float32Array.of(1))).not.toHaveProperty("nanCount");
		expect(of("float32", Float32Array.of(Number.NaN))).toMatchObject({
			min: null,
			max: null,
			sum: 0,
			nanCount: 1,
		});
		expect(of("float64", Float64Array.of(1, Infinity))).toMatchObject({
			max: "Infinity",
			sum: "Infinity",
			min: 1,
		});
		expect(of("float64", Float64Array.of(-Infinity, Infinity)).sum).toBe("NaN");
	});

	it("hash the stored bytes, half floats as halves", () => {
		const sha = (bytes: number[]) => createHash("sha256").update(Uint8Array.from(bytes)).digest("hex");
		expect(of("uint16", Uint16Array.of(0x0102), Uint16Array.of(0x0304)).sha256).toBe(sha([2, 1, 4, 3]));
		expect(of("float16", Float32Array.of(1, -2)).sha256).toBe(sha([0, 0x3c, 0, 0xc0]));
		expect(of("bool", Uint8Array.of(1, 0, 1))).toMatchObject({
			sha256: sha([1, 0, 1]),
			min: 0,
			max: 1,
			sum: 2,
		});
	});

	it("of nothing are nothing", () => {
		const empty = createHash("sha256").digest("hex");
		for (const [dtype, array] of [
			["uint8", new Uint8Array(0)],
			["int64", new BigInt64Array(0)],
			["float32", new Float32Array(0)],
		] as const) {
			expect(of(dtype, array)).toMatchObject({ min: null, max: null, sha256: empty });
		}
	});
});

describe("slabs", () => {
	/** The elements of a slab by their positions in C order. */
	const positions = (slab: Slab, shape: number[]): number[] =>
		slab.reduce<number[]>(
			(before, range, axis) => {
				const [start, stop] = typeof range === "number" ? [range, range + 1] : range;
				return before.flatMap((at) =>
					Array.from({ length: stop - start }, (_, i) => at * shape[axis] + start + i),
				);
			},
			[0],
		);

	it.each([
		[[7, 5, 3], [2, 2, 2], 1000],
		[[7, 5, 3], [2, 2, 2], 40],
		[[7, 5, 3], [2, 2, 2], 31],
		[[7, 5, 3], [4, 2, 2], 30],
		[[7, 5, 3], [2, 2, 2], 10],
		[[7, 5, 3], [2, 2, 2], 2],
		[[3, 1, 4, 2], [1, 1, 4, 2], 8],
		[[6], [4], 5],
		[[], [], 1],
	])("%j in chunks of %j, at most %i bytes: all elements once, in order", (shape, chunks, limit) => {
		const parts = [...slabs(shape, chunks, 1, limit)];
		const all = parts.flatMap((slab) => positions(slab, shape));
		expect(all).toEqual(Array.from({ length: product(shape) }, (_, i) => i));
		for (const slab of parts) expect(positions(slab, shape).length).toBeLessThanOrEqual(Math.max(limit, 1));
	});

	it("are whole chunk rows where these fit", () => {
		const parts = [...slabs([10, 4, 4], [3, 2, 2], 2, 7 * 32)];
		expect(parts.map((slab) => slab[0])).toEqual([
			[0, 6],
			[6, 10],
		]);
	});

	it("of an array without elements are none", () => {
		expect([...slabs([3, 0, 2], [1, 1, 1], 1, 100)]).toEqual([]);
	});
});

describe("progress", () => {
	it("shows how much of what", () => {
		expect(progressLine({ label: "Reading a.tif", done: 64, total: 129, unit: "pages" })).toBe(
			"Reading a.tif  [############------------]   49 %  64 of 129 pages",
		);
		expect(progressLine({ label: "Reading", done: 1 << 20, total: 1 << 21, unit: "bytes" })).toContain(
			"50 %  1.00 MiB of 2.00 MiB",
		);
		expect(progressLine({ label: "Listing", done: 12, unit: "pages" })).toBe("Listing  12 pages");
	});

	it("is drawn on a terminal only, on one line, and taken away", () => {
		const written: string[] = [];
		const stream = (isTTY: boolean) =>
			({ isTTY, columns: 60, write: (text: string) => written.push(text) }) as unknown as NodeJS.WriteStream;
		const none = progressBar(stream(false));
		expect(none.onProgress).toBeUndefined();
		none.clear();
		expect(written).toEqual([]);
		const bar = progressBar(stream(true));
		bar.onProgress?.({ label: "Reading a file with a very long name.tif", done: 1, total: 3, unit: "pages" });
		bar.onProgress?.({ label: "Reading", done: 2, total: 3, unit: "pages" });
		bar.onProgress?.({ label: "Reading", done: 3, total: 3, unit: "pages" });
		bar.clear();
		bar.clear();
		expect(written).toHaveLength(3);
		expect([written[0].slice(0, 4), written[0].length]).toEqual(["\r\u001b[K", 4 + 59]);
		expect(written[1]).toContain("3 of 3 pages");
		expect(written[2]).toBe("\r\u001b[K");
	});
});

describe("output", () => {
	it("says in JSON what JSON cannot say", () => {
		expect(jsonLine({ a: 5n, b: Number.NaN, c: -Infinity, d: [1, "\n"] })).toBe(
			'{"a":"5","b":"NaN","c":"-Infinity","d":[1,"\\n"]}',
		);
	});

	it("lines columns up", () => {
		expect(
			textTable(
				[
					["name", "n"],
					["a", "10"],
					["long name", ""],
				],
				[1],
			),
		).toEqual(["name        n", "a          10", "long name"]);
	});
});
