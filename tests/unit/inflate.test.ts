/** Our inflater, compiled and in JavaScript, against Node's zlib. */
import * as zlib from "node:zlib";
import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { DecodeError } from "../../src/lib/tiff/decode-error.ts";
import { decompressInto } from "../../src/lib/tiff/decompress.ts";
import { inflate } from "../../src/lib/zarr/codecs/deflate.ts";
import { inflateCompiled, inflateInto } from "../../src/lib/zarr/codecs/inflate.ts";
import { allowKernels } from "../../src/lib/zarr/codecs/kernels.ts";
import { allowPlatform } from "../../src/lib/zarr/codecs/platform.ts";

afterEach(() => {
	allowKernels(true);
	allowPlatform(true);
});

/** Noise of few or many values, repeated from some distance before: literals, matches and codes of every length. */
const someBytes = (most: number) =>
	fc
		.record({
			size: fc.integer({ min: 0, max: most }),
			seed: fc.nat(),
			distance: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 32768 })),
			run: fc.integer({ min: 1, max: 600 }),
			mask: fc.constantFrom(0, 1, 15, 63, 255),
			steep: fc.boolean(),
		})
		.map(({ size, seed, distance, run, mask, steep }) => {
			const bytes = new Uint8Array(size);
			for (let i = 0, state = seed | 1; i < size; i++) {
				state = Math.imul(state, 1664525) + 1013904223;
				const value = (state >>> 24) & mask;
				const copied = i >= distance && Math.floor(i / run) % 2 === 1;
				// Values that are twice as rare each make the longest codes.
				bytes[i] = copied ? bytes[i - distance] : steep ? Math.clz32(state >>> 1) * 8 + (value & 7) : value;
			}
			return bytes;
		});

const { Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY } = zlib.constants;
const options = fc.record({
	level: fc.integer({ min: 0, max: 9 }),
	strategy: fc.constantFrom(Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE, Z_FILTERED, Z_DEFAULT_STRATEGY),
	windowBits: fc.integer({ min: 9, max: 15 }),
	memLevel: fc.integer({ min: 1, max: 9 }),
});

const same = (a: Uint8Array, b: Uint8Array) => expect(Buffer.compare(a, b)).toBe(0);

/** Both inflaters into a place between guards, which must stay as they are. */
function fill(packed: Uint8Array, size: number, format: "zlib" | "raw"): (Uint8Array | "refused")[] {
	return [true, false].map((compiled) => {
		allowKernels(compiled);
		const room = new Uint8Array(size + 128).fill(0xa5);
		let result: Uint8Array | "refused";
		try {
			const written = inflateInto(packed, room.subarray(64, 64 + size), format);
			expect(written).toBeLessThanOrEqual(size);
			result = room.slice(64, 64 + written);
		} catch (error) {
			expect(error).toBeInstanceOf(RangeError);
			result = "refused";
		}
		expect([...room.subarray(0, 64), ...room.subarray(64 + size)].every((byte) => byte === 0xa5)).toBe(true);
		allowKernels(true);
		return result;
	});
}

const whole = (packed: Uint8Array, format: "gzip" | "zlib", most: number) =>
	inflateCompiled(packed, format, most) as Uint8Array;

describe("streams of zlib", () => {
	test("of every level, strategy and window give what was packed", () => {
		fc.assert(
			fc.property(someBytes(150_000), options, (bytes, chosen) => {
				const gzip = zlib.gzipSync(bytes, chosen);
				same(whole(gzip, "gzip", bytes.length), bytes);
				same(whole(gzip, "gzip", Number.POSITIVE_INFINITY), bytes);
				const packed = zlib.deflateSync(bytes, chosen);
				same(whole(packed, "zlib", bytes.length), bytes);
				for (const result of fill(packed, bytes.length, "zlib")) same(result as Uint8Array, bytes);
				const raw = zlib.deflateRawSync(bytes, chosen);
				for (const result of fill(raw, bytes.length, "raw")) same(result as Uint8Array, bytes);
			}),
			{ numRuns: 60 },
		);
	});

	test("of one match at each distance", () => {
		const noise = Uint8Array.from({ length: 33_000 }, (_, i) => Math.imul(i + 1, 2654435761) >>> 24);
		for (const distance of [
			...Array.from({ length: 70 }, (_, i) => i + 1),
			257,
			1000,
			16_385,
			32_000,
			32_506,
		]) {
			for (const length of [3, 15, 16, 17, 257, 258, 600]) {
				const bytes = new Uint8Array(distance + length + 1);
				bytes.set(noise.subarray(0, distance));
				for (let i = distance; i < distance + length; i++) bytes[i] = bytes[i - distance];
				same(whole(zlib.gzipSync(bytes, { level: 9 }), "gzip", bytes.length), bytes);
			}
		}
	});

	test("of more than one go, of stored blocks, and of nothing", () => {
		const zeros = new Uint8Array(9_000_000);
		same(whole(zlib.gzipSync(zeros), "gzip", zeros.length), zeros);
		same(whole(zlib.deflateSync(zeros), "zlib", Number.POSITIVE_INFINITY), zeros);
		const noise = zlib.gzipSync(zeros).subarray(0, 8000);
		same(whole(zlib.gzipSync(noise, { level: 0 }), "gzip", 8000), noise);
		expect(whole(zlib.gzipSync(""), "gzip", 0).length).toBe(0);
		expect(whole(zlib.deflateSync(""), "zlib", 100).length).toBe(0);
	});

	test("in TIFF strips are undone without WebAssembly too, by the platform or, where it refuses, in JavaScript", async () => {
		const context = { width: 0, height: 0, samples: 1, ycbcr: false, faxOptions: 0, lercCompression: 0 };
		const bytes = Uint8Array.from({ length: 40_000 }, (_, i) => (i >> 4) ^ (i & 3));
		const packed = zlib.deflateSync(bytes);
		for (const input of [packed, Buffer.concat([packed, Buffer.alloc(9)]), packed.subarray(0, -4)]) {
			for (const compiled of [true, false]) {
				for (const platform of [true, false]) {
					allowKernels(compiled);
					allowPlatform(platform);
					const out = new Uint8Array(bytes.length);
					expect(await decompressInto(8, input, out, context)).toBe(bytes.length);
					same(out, bytes);
					const damaged = decompressInto(8, input.subarray(0, 300), out, context);
					await expect(damaged).rejects.toThrow(DecodeError);
				}
			}
		}
	});

	test("too large for WebAssembly are left to the platform", async () => {
		const large = new Uint8Array((16 << 20) + 5).fill(3);
		const packed = zlib.gzipSync(large);
		expect(inflateCompiled(packed, "gzip", large.length)).toBeUndefined();
		same(await inflate(packed, "gzip", large.length), large);
		for (const result of fill(zlib.deflateSync(large), large.length, "zlib"))
			same(result as Uint8Array, large);
	});
});

describe("streams that are not whole", () => {
	const bytes = Uint8Array.from({ length: 700 }, (_, i) => (i % 90) ^ (Math.imul(i, 40503) >>> 13));

	test.each([0, 1, 6, 9])("cut anywhere are refused (level %d)", (level) => {
		for (const strategy of [Z_DEFAULT_STRATEGY, Z_FIXED, Z_HUFFMAN_ONLY]) {
			const gzip = zlib.gzipSync(bytes, { level, strategy });
			const packed = zlib.deflateSync(bytes, { level, strategy });
			for (let end = 0; end < gzip.length; end++) {
				expect(() => whole(gzip.subarray(0, end), "gzip", 700)).toThrow(RangeError);
			}
			for (let end = 0; end < packed.length; end++) {
				const part = packed.subarray(0, end);
				expect(() => whole(part, "zlib", 700)).toThrow(RangeError);
				const [compiled, script] = fill(part, 700, "zlib");
				// What is there gives all of the output, or is refused: never less of it without a word.
				for (const result of [compiled, script]) {
					if (result !== "refused") same(result, bytes);
				}
			}
		}
	});

	test("or damaged are refused, or give the same with the checksum right", () => {
		const streams = [1, 6, 9].flatMap((level) =>
			[Z_DEFAULT_STRATEGY, Z_FIXED].map((strategy) => zlib.deflateSync(bytes, { level, strategy })),
		);
		fc.assert(
			fc.property(
				fc.constantFrom(...streams),
				fc.array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 5 }),
				fc.integer({ min: 0, max: 3000 }),
				(stream, damage, room) => {
					const bad = Uint8Array.from(stream);
					// Most of it in the tables, where it matters.
					for (const [at, by] of damage) bad[2 + (at % (at & 1 ? 60 : bad.length - 2))] ^= by;
					try {
						same(whole(bad, "zlib", room), zlib.inflateSync(bad));
					} catch (error) {
						expect(error).toBeInstanceOf(RangeError);
					}
					const [compiled, script] = fill(bad, room, "zlib");
					if (compiled === "refused" || script === "refused") expect(compiled).toBe(script);
					else same(compiled, script);
				},
			),
			{ numRuns: 1500 },
		);
	});

	test("and noise end with an answer", () => {
		fc.assert(
			fc.property(fc.uint8Array({ minLength: 1, maxLength: 500 }), fc.nat(5000), (noise, room) => {
				const [compiled, script] = fill(noise, room, "raw");
				if (compiled === "refused" || script === "refused") expect(compiled).toBe(script);
				else same(compiled, script);
			}),
			{ numRuns: 1500 },
		);
	});

	test("give no more than they may", () => {
		expect(() => whole(zlib.gzipSync(bytes), "gzip", 699)).toThrow("more than 699 bytes");
		for (const result of fill(zlib.deflateSync(bytes), 300, "zlib")) {
			same(result as Uint8Array, bytes.subarray(0, 300));
		}
	});
});

describe("gzip as its file format has it", () => {
	const plain = Buffer.from("members of a gzip file");
	const member = zlib.gzipSync(plain);

	test("several members are joined, and zeros behind them are padding", async () => {
		const twice = Buffer.concat([member, zlib.gzipSync(""), member, Buffer.alloc(20)]);
		for (const compiled of [true, false]) {
			allowKernels(compiled);
			same(await inflate(twice, "gzip", 100), Buffer.concat([plain, plain]));
			await expect(inflate(Buffer.concat([member, Buffer.from("junk")]), "gzip", 100)).rejects.toThrow(
				RangeError,
			);
		}
	});

	test("optional fields of the header are passed over", () => {
		const fields = Buffer.concat([
			Buffer.from([0x1f, 0x8b, 8, 4 | 8 | 16 | 2, 0, 0, 0, 0, 0, 255, 3, 0, 1, 2, 3]),
			Buffer.from("name\0comment\0"),
			Buffer.from([9, 9]),
			member.subarray(10),
		]);
		same(whole(fields, "gzip", 100), plain);
		for (let end = 0; end < fields.length; end++) {
			expect(() => whole(fields.subarray(0, end), "gzip", 100)).toThrow(RangeError);
		}
	});

	test("a wrong checksum or size is told", () => {
		for (const [back, message] of [
			[8, "checksum"],
			[4, "size"],
		] as const) {
			const bad = Uint8Array.from(member);
			bad[bad.length - back] ^= 1;
			expect(() => whole(bad, "gzip", 100)).toThrow(message);
		}
		const bad = zlib.deflateSync(plain);
		bad[bad.length - 1] ^= 1;
		expect(() => whole(bad, "zlib", 100)).toThrow("checksum");
	});

	test("Adler-32 is right for the largest sums", () => {
		for (const size of [1, 15, 16, 5551, 5552, 5553, 11_120, 200_001]) {
			const bytes = new Uint8Array(size).fill(255);
			same(whole(zlib.deflateSync(bytes), "zlib", size), bytes);
		}
	});
});
