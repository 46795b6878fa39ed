/** bzip2 as it is written. */
import { expect, test } from "vitest";
import { decodeBzip2 } from "../../src/lib/n5/bzip2.ts";
import { encodeBzip2 } from "../../src/lib/n5/bzip2-encode.ts";
import { randomOf } from "../support/mutate.ts";

const random = randomOf(5);
const of = (length: number, byte: (i: number) => number) => Uint8Array.from({ length }, (_, i) => byte(i));

test.each<[string, Uint8Array]>([
	["nothing", new Uint8Array(0)],
	["one byte", of(1, () => 9)],
	["one byte many times, over several blocks", of(300_000, () => 0)],
	["runs of 1 to 300", of(30_000, (i) => (i / (1 + (i % 300))) | 0)],
	["a short period", of(5_001, (i) => i % 2)],
	["no order at all, over several blocks", of(210_000, () => random())],
	["few symbols", of(3_000, () => random() % 3)],
])("%s", (_, bytes) => {
	const packed = encodeBzip2(bytes, 1);
	expect(Buffer.from(decodeBzip2(packed, bytes.length)).equals(Buffer.from(bytes))).toBe(true);
	expect(packed.length).toBeLessThan(1.02 * bytes.length + 50);
});

test("every short text of three letters", () => {
	for (let length = 1; length <= 7; length++) {
		for (let code = 0; code < 3 ** length; code++) {
			const bytes = of(length, (i) => Math.floor(code / 3 ** i) % 3);
			expect(decodeBzip2(encodeBzip2(bytes), length)).toEqual(bytes);
		}
	}
});

test("begins as a stream of bzip2 1.0.8, with its checksum", () => {
	const text = new TextEncoder().encode("chunk chunk chunk chunk");
	const packed = encodeBzip2(text, 9);
	expect(new TextDecoder().decode(packed.subarray(0, 4))).toBe("BZh9");
	expect([...packed.subarray(4, 14)]).toEqual([0x31, 0x41, 0x59, 0x26, 0x53, 0x59, ...blockSum]);
});

/** CRC that bzip2 1.0.8 states for that text. */
const blockSum = [0x1d, 0x2c, 0x3f, 0xc2];
