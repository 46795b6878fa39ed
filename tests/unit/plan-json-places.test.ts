import * as fc from "fast-check";
import { expect, test } from "vitest";
import { readJson, writeJson } from "../../src/lib/plan/json-places.ts";

test("reads what JSON.parse reads, and refuses what it refuses", () => {
	fc.assert(
		fc.property(fc.json(), fc.integer({ min: 0, max: 4 }), (text, indent) => {
			const spaced = JSON.stringify(JSON.parse(text), null, indent);
			expect(readJson(spaced).value).toEqual(JSON.parse(text));
		}),
	);
	const alphabet = fc.constantFrom(...'{}[],:"\\ ntrue0123.-eE\n'.split(""));
	fc.assert(
		fc.property(fc.array(alphabet, { maxLength: 12 }), (characters) => {
			const text = characters.join("");
			let parsed: { value: unknown } | undefined;
			try {
				parsed = { value: JSON.parse(text) };
			} catch {}
			if (parsed) expect(readJson(text).value).toEqual(parsed.value);
			else expect(() => readJson(text)).toThrow(/^Line \d+, column \d+: /);
		}),
		{ numRuns: 2000 },
	);
});

test("what is written reads the same, whatever the width", () => {
	fc.assert(
		fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 100 }), (value, width) => {
			expect(JSON.parse(writeJson(value, width))).toEqual(JSON.parse(JSON.stringify(value)));
		}),
	);
	expect(writeJson({ a: [1, 2.5], b: [{ c: 1 }], d: {} })).toBe(
		'{\n  "a": [1, 2.5],\n  "b": [\n    { "c": 1 }\n  ],\n  "d": {}\n}',
	);
});

test("each value has its place, with its name", () => {
	const text = '{\n  "a/b": [1, { "~": "x" }]\n}';
	const { places } = readJson(text);
	const at = (pointer: string) => {
		const { from, to, line } = places.get(pointer) ?? { from: 0, to: 0, line: -1 };
		return [text.slice(from, to), line];
	};
	expect([...places.keys()]).toEqual(["", "/a~1b", "/a~1b/0", "/a~1b/1", "/a~1b/1/~0"]);
	expect(at("/a~1b")).toEqual(['"a/b": [1, { "~": "x" }]', 1]);
	expect(at("/a~1b/0")).toEqual(["1", 1]);
	expect(at("/a~1b/1/~0")).toEqual(['"~": "x"', 1]);
});

test.each([
	['{"a": 1,}', "Line 1, column 9: there is a comma too many before this."],
	['{"a" 1}', "Line 1, column 6: a colon is missing between name and value."],
	["[1 2]", 'Line 1, column 4: a comma or "]" is missing before this.'],
	["{\n'a': 1}", 'Line 2, column 1: a name in double quotes, or "}", should stand here.'],
	["", "Line 1, column 1: the document ends too early."],
	["[1] x", "Line 1, column 5: the document ends here, and there is more."],
	[`${"[".repeat(300)}`, /nested too deeply/],
])("says what is wrong with %s", (text, message) => {
	expect(() => readJson(text)).toThrow(message);
});
