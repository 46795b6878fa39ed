/** .xz as it is written: read by XZ Embedded (the package xz-decompress), and by the structure of the file. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { through } from "../../src/lib/n5/streams.ts";
import { openXz } from "../../src/lib/n5/xz.ts";
import { encodeXz } from "../../src/lib/n5/xz-encode.ts";
import { randomOf } from "../support/mutate.ts";

const random = randomOf(11);
const of = (length: number, byte: (i: number) => number) => Uint8Array.from({ length }, (_, i) => byte(i));
const unpack = async (packed: Uint8Array, size: number) => through(packed, size, await openXz());
const same = (a: Uint8Array, b: Uint8Array) => Buffer.from(a).equals(Buffer.from(b));

const cases: [string, Uint8Array, number][] = [
	["nothing", of(0, () => 0), 32],
	["one byte", of(1, () => 9), 60],
	["one byte many times, in more than one chunk", of(2_500_000, () => 0), 900],
	["no order at all, stored as it is", of(200_000, () => random()), 200_100],
	["few symbols, in several chunks", of(600_000, () => random() % 3), 170_000],
	["order, then none, then order", of(300_000, (i) => ((i >> 15) % 2 ? random() : i >> 6)), 140_000],
	["copies from far back", of(400_000, (i) => Math.imul(i % 100_003, 0x9e3779b1) >>> 24), 110_000],
];

test.each(cases)("%s", async (_, bytes, most) => {
	const packed = encodeXz(bytes);
	expect(packed.length).toBeLessThanOrEqual(most);
	expect(packed.length % 4).toBe(0);
	expect(same(await unpack(packed, bytes.length), bytes)).toBe(true);
});

test("what Python's lzma reads", (context) => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise-xz-"));
	try {
		execFileSync("python3", ["-c", "import lzma"], { stdio: "ignore" });
	} catch {
		context.skip("no Python with lzma on this machine");
	}
	try {
		for (const [i, [, bytes]] of cases.entries()) {
			writeFileSync(join(folder, `${i}.xz`), encodeXz(bytes));
			writeFileSync(join(folder, `${i}.raw`), bytes);
		}
		const script = [
			"import lzma, sys",
			"for i in range(int(sys.argv[2])):",
			"    read = lambda end: open(f'{sys.argv[1]}/{i}.{end}', 'rb').read()",
			"    print(lzma.decompress(read('xz'), format=lzma.FORMAT_XZ) == read('raw'))",
		].join("\n");
		const said = execFileSync("python3", ["-c", script, folder, String(cases.length)], { encoding: "utf8" });
		expect(said.trim().split("\n")).toEqual(cases.map(() => "True"));
	} finally {
		rmSync(folder, { recursive: true });
	}
});

test("pieces that repeat at random distances are read back", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.array(
				fc.oneof(
					fc.record({ length: fc.nat(600), seed: fc.nat(), letters: fc.integer({ min: 1, max: 256 }) }),
					fc.record({ length: fc.nat(600), back: fc.integer({ min: 1, max: 5000 }) }),
				),
				{ maxLength: 40 },
			),
			async (pieces) => {
				const bytes: number[] = [];
				for (const piece of pieces) {
					const next = "seed" in piece ? randomOf(piece.seed) : undefined;
					for (let i = 0; i < piece.length; i++) {
						if (next && "letters" in piece) bytes.push(next() % piece.letters);
						else
							bytes.push(
								bytes.length === 0 ? 1 : (bytes[bytes.length - (piece as { back: number }).back] ?? 7),
							);
					}
				}
				const plain = Uint8Array.from(bytes);
				expect(same(await unpack(encodeXz(plain), plain.length), plain)).toBe(true);
			},
		),
		{ numRuns: 150 },
	);
});
