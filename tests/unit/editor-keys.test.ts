/** What keys do in the plain text area. */
import { describe, expect, it } from "vitest";
import { comment, enter, type TextChange, tab } from "../../src/components/editor/text-keys.ts";

/** Applies a change to a text in which `|` marks the caret, or two of them a selection. */
function press(
	marked: string,
	key: (text: string, from: number, to: number) => TextChange | undefined,
): string {
	const from = marked.indexOf("|");
	const text = marked.replaceAll("|", "");
	const last = marked.lastIndexOf("|");
	const change = key(text, from, last === from ? from : last - 1);
	if (!change) return marked;
	const made = text.slice(0, change.from) + change.text + text.slice(change.to);
	const [start, end] = change.selection;
	const middle = start === end ? "|" : `|${made.slice(start, end)}|`;
	return made.slice(0, start) + middle + made.slice(end);
}

describe("keys of the text area", () => {
	it("Enter keeps the indentation and goes further in behind an opening bracket", () => {
		expect(press("  a|b", enter)).toBe("  a\n  |b");
		expect(press("f(() => {|", enter)).toBe("f(() => {\n  |");
		expect(press("  f({|})", enter)).toBe("  f({\n    |\n  })");
		expect(press("a|bc|d", enter)).toBe("a\n|d");
	});

	it("Tab indents at the caret, or every marked line, and Shift-Tab takes it back", () => {
		expect(press("a|b", (...at) => tab(...at, false))).toBe("a  |b");
		expect(press("|a\n\nb|\nc", (...at) => tab(...at, false))).toBe("  |a\n\n  b|\nc");
		expect(press("|a\nb\n|c", (...at) => tab(...at, false))).toBe("  |a\n  b\n|c");
		expect(press("    a|", (...at) => tab(...at, true))).toBe("  a|");
		expect(press("a|", (...at) => tab(...at, true))).toBe("a|");
	});

	it("Mod-/ makes comments of lines, and lines of comments", () => {
		expect(press("  a|", comment)).toBe("  // a|");
		expect(press("  // a|", comment)).toBe("  a|");
		expect(press("|a\n// b|", comment)).toBe("// |a\n// // b|");
	});
});
