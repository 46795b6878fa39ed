import { deflateRawSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { longestLink, packCode, shareMark, unpackCode } from "../../src/components/work/share-code.ts";

const address = "https://course.example/lessons/chunks/";
const base64url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");

test("any code comes out of a link as it went in", async () => {
	await fc.assert(
		fc.asyncProperty(
			fc.dictionary(
				fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
				fc.string({ maxLength: 300, unit: "binary" }),
				{
					minKeys: 1,
					maxKeys: 5,
					noNullPrototype: true,
				},
			),
			async (cells) => {
				fc.pre(Object.keys(cells).every((id) => !(id in {})));
				const fragment = await packCode({ lesson: "lessons/chunks", cells }, address);
				expect(fragment).toMatch(/^#code=1d\.[\w-]+$/);
				expect(await unpackCode(fragment)).toEqual({ lesson: "lessons/chunks", cells });
			},
		),
		{ numRuns: 50 },
	);
});

test("a browser that cannot compress packs plainly", async () => {
	const Compression = globalThis.CompressionStream;
	// @ts-expect-error: as in browsers without it
	delete globalThis.CompressionStream;
	try {
		const fragment = await packCode({ lesson: "lessons/chunks", cells: { open: "1 + 1" } }, address);
		expect(fragment).toMatch(/^#code=1p\./);
		expect((await unpackCode(fragment)).cells).toEqual({ open: "1 + 1" });
	} finally {
		globalThis.CompressionStream = Compression;
	}
});

test("code too long for a link is refused with its length and a way out", async () => {
	const random = Array.from({ length: 12_000 }, (_, i) => ((i * 2654435761) >>> 7).toString(36)).join("");
	await expect(
		packCode({ lesson: "lessons/chunks", cells: { open: random } }, address),
	).rejects.toMatchObject({
		code: "link-too-long",
		message: expect.stringContaining(longestLink.toLocaleString("en")),
		remedy: expect.stringContaining("export"),
	});
});

const packed = (data: unknown) => `${shareMark}1d.${base64url(deflateRawSync(JSON.stringify(data)))}`;

for (const [what, fragment, code] of [
	["nothing", "#code=", "bad-link"],
	["another fragment", "#top", "bad-link"],
	["letters that are not base64", "#code=1d.!!!!", "bad-link"],
	["base64 of a wrong length", "#code=1p.A", "bad-link"],
	["bytes that are not deflate", `#code=1d.${base64url(Uint8Array.of(255, 254, 253, 1, 2))}`, "bad-link"],
	[
		"a stream that is cut off",
		packed({ l: "lessons/a", c: { a: "x".repeat(300) } }).slice(0, -6),
		"bad-link",
	],
	["text that is not JSON", `#code=1p.${base64url(Buffer.from("{"))}`, "bad-link"],
	["bytes that are not UTF-8", `#code=1p.${base64url(Uint8Array.of(34, 255, 34))}`, "bad-link"],
	["JSON null", packed(null), "bad-link"],
	["an array", packed([1]), "bad-link"],
	["a list of cells", packed({ l: "lessons/a", c: ["x"] }), "bad-link"],
	["no cells", packed({ l: "lessons/a", c: {} }), "bad-link"],
	["code that is no text", packed({ l: "lessons/a", c: { a: 7 } }), "bad-link"],
	["a lesson that climbs", packed({ l: "../../x", c: { a: "1" } }), "bad-link"],
	["a cell named constructor", packed({ l: "lessons/a", c: { constructor: "1" } }), "bad-link"],
	["a cell whose name is markup", packed({ l: "lessons/a", c: { "<img>": "1" } }), "bad-link"],
	["__proto__", `#code=1p.${base64url(Buffer.from('{"l":"a","c":{"__proto__":"1"}}'))}`, "bad-link"],
	["a later version", "#code=2d.AAAA", "link-version"],
	["another packing", "#code=1z.AAAA", "link-version"],
	["a huge fragment", `#code=1d.${"A".repeat(100_000)}`, "bad-link"],
	[
		"a bomb: 40 MB of code in few bytes",
		packed({ l: "lessons/a", c: { a: "x".repeat(40_000_000) } }),
		"bad-link",
	],
] as const) {
	test(`a link with ${what} is told in words`, async () => {
		await expect(unpackCode(fragment)).rejects.toMatchObject({ code, remedy: expect.stringMatching(/\w+/) });
	});
}
