import fc from "fast-check";
import Blosc from "numcodecs/blosc";
import { describe, expect, test } from "vitest";
import { bloscDecode, bloscEncode, readBloscHeader } from "../../src/lib/zarr/codecs/blosc.ts";
import { appendCrc32c, checkCrc32c, crc32c } from "../../src/lib/zarr/codecs/crc32c.ts";
import { lz4Decode, lz4Encode } from "../../src/lib/zarr/codecs/lz4.ts";
import { shuffle, unshuffle } from "../../src/lib/zarr/codecs/shuffle.ts";
import { fillElement, typeOfV2 } from "../../src/lib/zarr/dtypes.ts";
import { halfToNumber, numberToHalf } from "../../src/lib/zarr/half.ts";

/** Bytes between noise and one value, so that literals, long matches and short ones all occur. */
const someBytes = (max: number) =>
	fc
		.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: Math.ceil(max / 8) })), {
			maxLength: 60,
		})
		.map((runs) => Uint8Array.from(runs.flatMap(([byte, count]) => new Array<number>(count).fill(byte))))
		.chain((runs) =>
			fc
				.uint8Array({ maxLength: 300 })
				.map((noise) => Uint8Array.from([...runs, ...noise, ...runs.slice(0, 700)])),
		);

const bytesOf = (text: string) => new TextEncoder().encode(text);

describe("LZ4 blocks", () => {
	test("decode to what was encoded", () => {
		fc.assert(
			fc.property(someBytes(4000), fc.integer({ min: 1, max: 9 }), (bytes, acceleration) => {
				const packed = new Uint8Array(bytes.length + bytes.length / 200 + 32);
				const end = lz4Encode(bytes, 0, bytes.length, packed, 0, packed.length, acceleration);
				expect(end).toBeGreaterThan(0);
				const plain = new Uint8Array(bytes.length);
				lz4Decode(packed, 0, end, plain, 0, plain.length);
				expect(plain).toEqual(bytes);
			}),
		);
	});

	test("says when there is no room", () => {
		const noise = Uint8Array.from({ length: 5000 }, (_, i) => (Math.imul(i + 1, 2654435761) >>> 13) & 255);
		expect(lz4Encode(noise, 0, 5000, new Uint8Array(100), 0, 100)).toBe(-1);
	});

	test("damaged blocks are refused, never read or written out of bounds", () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 80 }), fc.integer({ min: 0, max: 200 }), (bytes, size) => {
				const target = new Uint8Array(size + 8).fill(7);
				try {
					lz4Decode(bytes, 0, bytes.length, target, 4, 4 + size);
				} catch (error) {
					expect(error).toBeInstanceOf(RangeError);
				}
				expect([...target.subarray(0, 4), ...target.subarray(4 + size)]).toEqual(new Array(8).fill(7));
			}),
			{ numRuns: 500 },
		);
	});
});

describe("byte shuffle", () => {
	test("undoes itself, whatever the element size, offset and rest", () => {
		fc.assert(
			fc.property(
				fc.uint8Array({ maxLength: 100 }),
				fc.constantFrom(1, 2, 3, 4, 8, 16),
				fc.integer({ min: 0, max: 3 }),
				(bytes, size, offset) => {
					const source = new Uint8Array(offset + bytes.length);
					source.set(bytes, offset);
					const mixed = new Uint8Array(bytes.length);
					shuffle(source, offset, bytes.length, mixed, size);
					const back = new Uint8Array(source.length);
					unshuffle(mixed, bytes.length, back, offset, size);
					expect(back.subarray(offset)).toEqual(bytes);
				},
			),
		);
	});

	test("puts first bytes first", () => {
		const out = new Uint8Array(7);
		shuffle(Uint8Array.of(1, 2, 3, 4, 5, 6, 9), 0, 7, out, 2);
		expect([...out]).toEqual([1, 3, 5, 2, 4, 6, 9]);
	});
});

describe("Blosc frames", () => {
	const options = { cname: "lz4", clevel: 5, shuffle: "shuffle", typesize: 2 } as const;

	test("are read by numcodecs, and numcodecs' by us", async () => {
		const theirs = { lz4: Blosc.fromConfig({ id: "blosc", cname: "lz4", shuffle: 1 }) };
		await fc.assert(
			fc.asyncProperty(
				someBytes(6000),
				fc.constantFrom("lz4" as const, "zstd" as const),
				fc.constantFrom("shuffle" as const, "noshuffle" as const),
				fc.constantFrom(1, 2, 4, 8),
				fc.integer({ min: 0, max: 9 }),
				async (bytes, cname, shuffled, typesize, clevel) => {
					fc.pre(bytes.length > 0);
					const frame = await bloscEncode(bytes, { cname, clevel, shuffle: shuffled, typesize });
					expect(frame.length).toBeLessThanOrEqual(bytes.length + 16);
					expect(readBloscHeader(frame)).toMatchObject({ typesize, bytes: bytes.length });
					expect(await bloscDecode(frame)).toEqual(bytes);
					expect(await theirs.lz4.decode(frame)).toEqual(bytes);
					expect(await bloscDecode(await theirs.lz4.encode(bytes))).toEqual(bytes);
				},
			),
			{ numRuns: 60 },
		);
	});

	test("of many blocks, with a shorter last one", async () => {
		for (const [cname, typesize] of [
			["lz4", 2],
			["lz4", 8],
			["zstd", 4],
		] as const) {
			const bytes = new Uint8Array(3 * 128 * 1024 * typesize + 1237 * typesize);
			for (let i = 0; i < bytes.length; i++)
				bytes[i] = i % typesize === 0 ? Math.imul(i, 40503) >> 9 : i >> 16;
			const frame = await bloscEncode(bytes, { cname, clevel: 5, shuffle: "shuffle", typesize });
			expect(readBloscHeader(frame)).toMatchObject({ stored: false, compressor: cname, shuffle: "shuffle" });
			expect(frame.length).toBeLessThan(bytes.length);
			expect(Buffer.compare(await bloscDecode(frame), bytes)).toBe(0);
			expect(Buffer.compare(await Blosc.fromConfig({ id: "blosc" }).decode(frame), bytes)).toBe(0);
		}
	});

	test("say the true element size and shuffle, and the shuffle makes 16-bit data smaller", async () => {
		const data = Uint16Array.from(
			{ length: 20_000 },
			(_, i) => 90 + ((Math.imul(i, 2654435761) >>> 24) & 31),
		);
		const bytes = new Uint8Array(data.buffer);
		const frame = await bloscEncode(bytes, options);
		expect(readBloscHeader(frame)).toMatchObject({ typesize: 2, shuffle: "shuffle", compressor: "lz4" });
		expect(frame.length).toBeLessThan(
			(await bloscEncode(bytes, { ...options, shuffle: "noshuffle" })).length,
		);
	});

	test("store what does not compress", async () => {
		const noise = Uint8Array.from({ length: 4096 }, (_, i) => Math.imul(i + 7, 2246822519) >>> 24);
		for (let i = 1; i < noise.length; i++) noise[i] ^= Math.imul(noise[i - 1] + i, 3266489917) >>> 20;
		const frame = await bloscEncode(noise, options);
		expect(readBloscHeader(frame).stored || frame.length < noise.length).toBe(true);
		expect(await bloscDecode(frame)).toEqual(noise);
		expect(readBloscHeader(await bloscEncode(bytesOf("short"), options))).toMatchObject({
			stored: true,
			bytes: 5,
		});
	});

	test("damaged frames are refused with a RangeError or give other bytes, and never hang", async () => {
		const bytes = Uint8Array.from({ length: 3000 }, (_, i) => i >> 4);
		const frame = await bloscEncode(bytes, options);
		await expect(bloscDecode(frame.subarray(0, 10))).rejects.toThrow(RangeError);
		await expect(bloscDecode(frame.subarray(0, frame.length - 1))).rejects.toThrow(RangeError);
		await fc.assert(
			fc.asyncProperty(fc.integer({ min: 16, max: frame.length - 1 }), fc.nat(255), async (at, byte) => {
				const bad = frame.slice();
				bad[at] = byte;
				await bloscDecode(bad).catch((error) => expect(error).toBeInstanceOf(RangeError));
			}),
		);
	});
});

describe("crc32c", () => {
	test("has the check value of its polynomial", () => {
		expect(crc32c(bytesOf("123456789"))).toBe(0xe3069283);
		expect(crc32c(new Uint8Array(0))).toBe(0);
	});

	test("notices a changed byte", () => {
		const stored = appendCrc32c(bytesOf("chunk"));
		expect(checkCrc32c(stored)).toEqual(bytesOf("chunk"));
		stored[1] ^= 4;
		expect(() => checkCrc32c(stored)).toThrow(/the bytes have changed/);
		expect(() => checkCrc32c(stored.subarray(0, 3))).toThrow(RangeError);
	});
});

describe("element types", () => {
	test("half precision goes there and back for every pattern but NaN's", () => {
		for (let bits = 0; bits < 0x10000; bits++) {
			const value = halfToNumber(bits);
			if (Number.isNaN(value)) expect((bits & 0x7c00) === 0x7c00 && (bits & 1023) !== 0).toBe(true);
			else if (numberToHalf(value) !== bits) throw new Error(`0x${bits.toString(16)} is ${value}`);
		}
		expect(halfToNumber(0x3c00)).toBe(1);
		expect(halfToNumber(0xc000)).toBe(-2);
		expect(halfToNumber(0x7c00)).toBe(Infinity);
	});

	test("v2 type strings have v3 names", () => {
		expect(typeOfV2("<u2")).toEqual({ name: "uint16", byteOrder: "little" });
		expect(typeOfV2(">f8")).toEqual({ name: "float64", byteOrder: "big" });
		expect(typeOfV2("|b1")).toEqual({ name: "bool", byteOrder: null });
		expect(typeOfV2("|S3").name).toBe("|S3");
	});

	test.each([
		[null, "uint8", 0],
		[null, "int64", 0n],
		["NaN", "float32", Number.NaN],
		["-Infinity", "float64", -Infinity],
		["0x7fc00000", "float32", Number.NaN],
		["0x3ff8000000000000", "float64", 1.5],
		["0x3c00", "float16", 1],
		["7", "uint16", 7],
		[true, "bool", 1],
		["12", "uint64", 12n],
	] as const)("fill value %j of %s is %s", (fill, dtype, element) => {
		expect(fillElement(fill, dtype, "a")).toBe(element);
	});

	test("a fill value that is none is refused", () => {
		expect(() => fillElement("red", "uint8", "a")).toThrow(expect.objectContaining({ code: "bad-metadata" }));
		expect(() => fillElement("red", "int64", "a")).toThrow(expect.objectContaining({ code: "bad-metadata" }));
	});
});
