/** The WebAssembly of assembly/: built from its source, and the same as the JavaScript that stands in for it. */
import fc from "fast-check";
import Blosc from "numcodecs/blosc";
import { afterEach, describe, expect, test } from "vitest";
import { compileKernels, kernelsPath, moduleText } from "../../scripts/kernels.ts";
import { bitshuffle, bitunshuffle } from "../../src/lib/zarr/codecs/bitshuffle.ts";
import { blockSpace, type Filter } from "../../src/lib/zarr/codecs/block-space.ts";
import {
	type BloscOptions,
	bloscDecode,
	bloscEncode,
	readBloscHeader,
} from "../../src/lib/zarr/codecs/blosc.ts";
import { crc32c } from "../../src/lib/zarr/codecs/crc32c.ts";
import { deflate, inflate } from "../../src/lib/zarr/codecs/deflate.ts";
import { allowKernels, kernels } from "../../src/lib/zarr/codecs/kernels.ts";
import { lz4Decode, lz4DecodeHere, lz4Encode, lz4EncodeHere } from "../../src/lib/zarr/codecs/lz4.ts";
import { allowPlatform, nodeZlib } from "../../src/lib/zarr/codecs/platform.ts";
import { constantFrame, zstdCoder } from "../../src/lib/zarr/codecs/zstd.ts";
import { allowZstdWasm, zstdDecoder, zstdEncoder } from "../../src/lib/zarr/codecs/zstd-wasm.ts";

afterEach(() => {
	allowKernels(true);
	allowPlatform(true);
	allowZstdWasm(true);
});

/** Runs, noise and repetition, of up to `most` bytes. */
const someBytes = (most: number) =>
	fc
		.tuple(fc.integer({ min: 1, max: most }), fc.nat(), fc.integer({ min: 1, max: 400 }), fc.nat(255))
		.map(([size, seed, period, mask]) => {
			const bytes = new Uint8Array(size);
			for (let i = 0, state = seed | 1; i < size; i++) {
				state = Math.imul(state, 1664525) + 1013904223;
				const noisy = (i / period) & 1;
				bytes[i] = noisy ? (state >>> 24) & mask : i >= period ? bytes[i - period] : state >>> 24;
			}
			return bytes;
		});

const filters: Filter[] = ["noshuffle", "shuffle", "bitshuffle"];
const typesizes = fc.constantFrom(1, 2, 3, 4, 5, 8, 16, 17);

test("the committed module is what assembly/ compiles to", async () => {
	const { kernelsWasm } = await import("../../src/lib/zarr/codecs/kernels-wasm.ts");
	const fresh = Buffer.from(await compileKernels()).toString("base64");
	expect(kernelsWasm === fresh, `${kernelsPath} is not fresh: node scripts/kernels.ts`).toBe(true);
	expect(moduleText(Buffer.from(fresh, "base64"))).toContain(fresh);
});

test("the module runs here, and can be forbidden", () => {
	expect(kernels()).toBeDefined();
	allowKernels(false);
	expect(kernels()).toBeUndefined();
});

describe("shuffles", () => {
	test("give the same bytes as in JavaScript, and undo themselves", () => {
		fc.assert(
			fc.property(someBytes(3000), fc.constantFrom(...filters), typesizes, (bytes, filter, typesize) => {
				const loaded = [true, false].map((compiled) => {
					allowKernels(compiled);
					const space = blockSpace(bytes.length);
					const mixed = space.load(bytes, 0, bytes.length, filter, typesize).slice();
					space.open(mixed.length).set(mixed);
					const back = new Uint8Array(bytes.length + 2);
					space.unload(filter, typesize, back, 1);
					expect(Buffer.compare(back.subarray(1, -1), bytes)).toBe(0);
					return mixed;
				});
				expect(Buffer.compare(loaded[0], loaded[1])).toBe(0);
			}),
			{ numRuns: 300 },
		);
	});

	test("bit shuffle puts bit 0 of all elements first", () => {
		const source = new Uint8Array(16);
		source[0] = 1;
		source[3] = 0x80;
		const out = new Uint8Array(16);
		bitshuffle(source, out, 2);
		// Element 0 has bit 0, element 1 has bit 15.
		expect([...out]).toEqual([1, ...new Array(14).fill(0), 2]);
		const back = new Uint8Array(16);
		bitunshuffle(out, back, 2);
		expect(back).toEqual(source);
	});
});

describe("LZ4 blocks", () => {
	test("of either are read by either", () => {
		fc.assert(
			fc.property(someBytes(20_000), fc.integer({ min: 1, max: 9 }), (bytes, acceleration) => {
				for (const encode of [lz4Encode, lz4EncodeHere]) {
					const packed = new Uint8Array(bytes.length + bytes.length / 200 + 40);
					const end = encode(bytes, 0, bytes.length, packed, 3, packed.length, acceleration);
					expect(end).toBeGreaterThan(3);
					for (const decode of [lz4Decode, lz4DecodeHere]) {
						const plain = new Uint8Array(bytes.length + 8).fill(7);
						decode(packed, 3, end, plain, 4, 4 + bytes.length);
						expect(Buffer.compare(plain.subarray(4, -4), bytes)).toBe(0);
						expect([...plain.subarray(0, 4), ...plain.subarray(-4)]).toEqual(new Array(8).fill(7));
					}
				}
			}),
			{ numRuns: 200 },
		);
	});

	test("that are damaged are refused by both, or give the same wrong bytes", () => {
		fc.assert(
			fc.property(
				someBytes(3000).filter((bytes) => bytes.length > 300),
				fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
				fc.integer({ min: -40, max: 40 }),
				(bytes, damage, off) => {
					const packed = new Uint8Array(bytes.length + 100);
					const end = lz4EncodeHere(bytes, 0, bytes.length, packed, 0, packed.length);
					for (const [at, value] of damage) packed[at % end] = value;
					const outcomes = [lz4Decode, lz4DecodeHere].map((decode) => {
						const out = new Uint8Array(bytes.length + off);
						try {
							decode(packed, 0, end, out, 0, out.length);
							return Buffer.from(out).toString("base64");
						} catch (error) {
							expect(error).toBeInstanceOf(RangeError);
							return "refused";
						}
					});
					expect(outcomes[0] === outcomes[1]).toBe(true);
				},
			),
			{ numRuns: 500 },
		);
	});
});

describe("Blosc frames", () => {
	const options = fc.record<BloscOptions>({
		cname: fc.constantFrom("lz4", "zstd"),
		clevel: fc.integer({ min: 0, max: 9 }),
		shuffle: fc.constantFrom(...filters),
		typesize: typesizes,
	});

	test("written with WebAssembly or without are read by C-Blosc and by both of ours", async () => {
		const theirs = Blosc.fromConfig({ id: "blosc" });
		await fc.assert(
			fc.asyncProperty(someBytes(5000), options, async (bytes, chosen) => {
				for (const compiled of [true, false]) {
					allowKernels(compiled);
					const frame = await bloscEncode(bytes, chosen);
					expect(frame.length).toBeLessThanOrEqual(bytes.length + 16);
					expect(Buffer.compare(await theirs.decode(frame), bytes)).toBe(0);
					for (const read of [true, false]) {
						allowKernels(read);
						expect(Buffer.compare(await bloscDecode(frame), bytes)).toBe(0);
					}
				}
			}),
			{ numRuns: 150 },
		);
	});

	test.each([0, 1, 2])("of C-Blosc with shuffle %d are read, of every compressor", async (shuffle) => {
		for (const cname of ["blosclz", "lz4", "lz4hc", "zlib", "zstd", "snappy"]) {
			const encoder = Blosc.fromConfig({ id: "blosc", cname: cname as "lz4", clevel: 5, shuffle });
			for (const size of [127, 128, 1000, 4096, 70_001, 700_004]) {
				const bytes = Uint8Array.from({ length: size }, (_, i) =>
					i % 4 === 0 ? Math.imul(i, 40503) >> 9 : i >> 12,
				);
				let frame: Uint8Array;
				try {
					frame = await encoder.encode(bytes);
				} catch {
					// This build of C-Blosc has no such compressor.
					expect(cname).toBe("snappy");
					continue;
				}
				for (const compiled of [true, false]) {
					allowKernels(compiled);
					const plain = await bloscDecode(frame);
					expect(Buffer.compare(plain, bytes), `${cname} ${size}`).toBe(0);
				}
			}
		}
	});

	test("that are damaged anywhere give a RangeError, or bytes of the announced number", async () => {
		const bytes = Uint8Array.from({ length: 9000 }, (_, i) =>
			i & 1 ? i >> 8 : Math.imul(i, 2654435761) >>> 27,
		);
		for (const cname of ["lz4", "zstd"] as const) {
			for (const shuffle of filters) {
				const frame = await bloscEncode(bytes, { cname, clevel: 5, shuffle, typesize: 2 });
				await fc.assert(
					fc.asyncProperty(
						fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 3 }),
						fc.boolean(),
						async (damage, compiled) => {
							allowKernels(compiled);
							const bad = frame.slice();
							// Half of the damage goes to the header and the first offsets.
							for (const [at, value] of damage) bad[at & 1 ? at % 24 : at % bad.length] = value;
							try {
								const plain = await bloscDecode(bad, 100_000);
								expect(plain.length).toBe(readBloscHeader(bad).bytes);
							} catch (error) {
								// numcodecs throws plain errors, for the compressors that are left to it.
								const own = ["lz4", "zstd"].includes(readBloscHeader(bad).compressor);
								if (own) expect(error).toBeInstanceOf(RangeError);
							}
						},
					),
					{ numRuns: 150 },
				);
			}
		}
	});
});

test("CRC-32C is the same in both, at every length and offset", () => {
	fc.assert(
		fc.property(someBytes(3000), fc.nat(9), (bytes, from) => {
			const part = bytes.subarray(Math.min(from, bytes.length));
			const sums = [true, false].map((compiled) => {
				allowKernels(compiled);
				return crc32c(part);
			});
			expect(sums[0]).toBe(sums[1]);
		}),
	);
	const long = new Uint8Array(3_000_000).fill(5);
	const sum = crc32c(long);
	allowKernels(false);
	expect(crc32c(long)).toBe(sum);
});

describe("the platform's compressors and those of numcodecs", () => {
	test("read each other's gzip and zlib", async () => {
		expect(nodeZlib()).toBeDefined();
		const bytes = Uint8Array.from({ length: 50_000 }, (_, i) => (i >> 5) ^ (i & 3));
		for (const format of ["gzip", "zlib"] as const) {
			for (const writes of [true, false]) {
				allowPlatform(writes);
				const packed = await deflate(bytes, format, 5);
				expect(packed.length).toBeLessThan(bytes.length / 4);
				// No time of day: the same bytes give the same chunk.
				if (format === "gzip") expect([...packed.subarray(4, 8)]).toEqual([0, 0, 0, 0]);
				for (const reads of [true, false]) {
					allowPlatform(reads);
					expect(Buffer.compare(await inflate(packed, format), bytes)).toBe(0);
					await expect(inflate(packed, format, 40_000)).rejects.toThrow(RangeError);
					await expect(inflate(packed.subarray(0, 200), format)).rejects.toThrow(RangeError);
				}
			}
		}
	});

	test("zstd frames that follow each other are all read", async () => {
		const coder = await zstdCoder(3);
		for (const size of [3000, 700_000]) {
			const bytes = Uint8Array.from({ length: size }, (_, i) => Math.imul(i, 2654435761) >>> 24);
			const one = await coder.encode(bytes);
			const two = new Uint8Array(2 * one.length);
			two.set(one);
			two.set(one, one.length);
			const plain = await coder.decode(two, 2 * size);
			expect(Buffer.compare(plain, Buffer.concat([bytes, bytes]))).toBe(0);
		}
	});

	test("zstd frames of one value, made by hand, are read by both", async () => {
		for (const size of [256, 131_072, 131_073, 524_288, 1_000_001]) {
			const bytes = new Uint8Array(size).fill(size & 255);
			const frame = constantFrame(bytes) as Uint8Array;
			expect(frame.length).toBeLessThan(50);
			for (const platform of [true, false]) {
				allowPlatform(platform);
				const plain = await (await zstdCoder(1)).decode(frame, size);
				expect(Buffer.compare(plain, bytes)).toBe(0);
			}
			bytes[size - 1] ^= 1;
			expect(constantFrame(bytes)).toBeUndefined();
		}
		expect(constantFrame(new Uint8Array(3))).toBeUndefined();
	});

	test("read each other's zstd, and neither gives more than it may", async () => {
		expect(await zstdDecoder()).toBeDefined();
		expect(await zstdEncoder()).toBeDefined();
		const bytes = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i >> 12) & 255);
		// Node's own, the WebAssembly of two packages, and numcodecs' alone.
		const ways = [
			[true, true],
			[true, false],
			[false, true],
			[false, false],
		] as const;
		for (const writes of ways) {
			allowPlatform(writes[0]);
			allowZstdWasm(writes[1]);
			const packed = await (await zstdCoder(3)).encode(bytes);
			expect(packed.length).toBeLessThan(100_000);
			for (const reads of ways) {
				allowPlatform(reads[0]);
				allowZstdWasm(reads[1]);
				const coder = await zstdCoder(1);
				expect(Buffer.compare(await coder.decode(packed, bytes.length), bytes)).toBe(0);
				const refused = async () => coder.decode(packed, 1000);
				await expect(refused()).rejects.toThrow(RangeError);
				const noise = async () => coder.decode(Uint8Array.of(1, 2, 3, 4, 5, 6, 7), 1000);
				await expect(noise()).rejects.toThrow(RangeError);
			}
		}
	});
});
