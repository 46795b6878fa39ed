import fc from "fast-check";
import { expect, test } from "vitest";
import { diffLines, diffSummary } from "../../src/components/work/diff-lines.ts";

const textOf = (parts: { text: string }[]) => parts.map((part) => part.text).join("");

test("lines that stay, go and come, with their numbers", () => {
	const lines = diffLines("const a = 1;\nconst b = 2;\na + b", "const a = 1;\nconst b = 3;\na + b\n");
	expect(lines.map(({ kind, before, after }) => [kind, before, after])).toEqual([
		["same", 1, 1],
		["removed", 2, undefined],
		["added", undefined, 2],
		["same", 3, 3],
	]);
	expect(lines[1].parts.filter((part) => part.changed).map((part) => part.text)).toEqual(["2"]);
	expect(lines[2].parts.filter((part) => part.changed).map((part) => part.text)).toEqual(["3"]);
	expect(diffSummary(lines)).toBe("1 line added, 1 removed.");
});

test("an empty text and the same text", () => {
	expect(diffLines("", "")).toEqual([]);
	expect(diffLines("", "a").map((line) => line.kind)).toEqual(["added"]);
	expect(diffSummary(diffLines("a\r\nb", "a\nb\n"))).toBe("The two are the same.");
});

test("both texts can be read back from their lines", () => {
	const text = fc.array(fc.constantFrom("", "a", "b b", "const x = 1;", "\tx + y"), { maxLength: 12 });
	fc.assert(
		fc.property(text, text, (before, after) => {
			const lines = diffLines(before.join("\n"), after.join("\n"));
			const read = (leftOut: string) =>
				lines.filter((line) => line.kind !== leftOut).map((line) => textOf(line.parts));
			const trimmed = (given: string[]) => given.join("\n").replace(/\n+$/, "");
			expect(read("added").join("\n").replace(/\n+$/, "")).toBe(trimmed(before));
			expect(read("removed").join("\n").replace(/\n+$/, "")).toBe(trimmed(after));
		}),
	);
});
