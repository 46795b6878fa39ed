import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { bandStyle, keyPathHtml } from "../../src/components/figures/key-path/static.ts";
import { type KeyPathProps, keyedElements } from "../../src/lib/plan/key-path.ts";

const sample: KeyPathProps = {
	shape: [129, 212, 363],
	chunks: [64, 64, 64],
	dims: ["z", "y", "x"],
	keyPrefix: "scale0/image",
	index: [100, 50, 200],
};
const parse = (props: KeyPathProps) => parseHTML(`<body>${keyPathHtml(props, "fig")}</body>`).document;

describe("static keys figure", () => {
	it("writes the library's keys, each number tied to its axis", () => {
		const document = parse(sample);
		const keys = [...document.querySelectorAll(".cw-fig-kp-key")];
		expect(keys.map((key) => key.textContent)).toEqual([
			"scale0/image/1.0.3",
			"scale0/image/c/1/0/3",
			"scale0/image/c/0/0/1",
			"scale0/image/3/0/1",
		]);
		expect(keys.map((key) => key.textContent)).toEqual(keyedElements(sample).map(({ key }) => key));
		const axes = keys.map((key) =>
			[...key.querySelectorAll<HTMLElement>("button")].map((button) => button.getAttribute("data-axis")),
		);
		expect(axes).toEqual([
			["0", "1", "2"],
			["0", "1", "2"],
			["0", "1", "2"],
			["2", "1", "0"],
		]);
		// One tab stop a key.
		expect(keys.map((key) => key.querySelectorAll('[tabindex="0"]').length)).toEqual([1, 1, 1, 1]);
		expect(document.querySelectorAll('[data-layout="sharded"] dd > button .cw-fig-kp-cell').length).toBe(8);
		expect(document.querySelector(".cw-fig-status")?.textContent).toContain("N5 scale0/image/3/0/1");
		expect(document.querySelectorAll("tbody tr").length).toBe(4);
	});

	it("draws the place of one chunk in a shard of many", () => {
		const html = keyPathHtml({ ...sample, chunks: [8, 8, 8], shards: [128, 128, 128] }, "fig");
		expect(html).not.toContain("cw-fig-kp-cell cw-fig-kp-on");
		expect(html).toContain("up to 4\u202f096 chunks");
		expect(html).not.toContain("NaN");
	});

	it("escapes what an author writes, and says that an empty array has no keys", () => {
		const document = parse({ ...sample, title: "<b onclick=x>", dims: ["<z>", 'y"', "x"], keyPrefix: "<p>" });
		expect(document.querySelector(".cw-fig-title")?.textContent).toBe("<b onclick=x>");
		expect(document.querySelector("[onclick], p p")).toBeNull();
		expect(document.querySelector(".cw-fig-kp-key")?.textContent).toBe("<p>/1.0.3");
		const empty = parse({ shape: [0, 3], chunks: [2, 2] });
		expect(empty.querySelector(".cw-fig-kp-layouts")?.textContent).toBe("No elements, no keys.");
		expect(empty.querySelectorAll("input").length).toBe(0);
	});

	it("shows on a slider which elements share the object, from the first to the last", () => {
		expect(bandStyle([0, 101], 101)).toBe("--from:0.00%;--size:100.00%");
		expect(bandStyle([50, 101], 101)).toBe("--from:50.00%;--size:50.00%");
		expect(bandStyle([0, 1], 1)).toBe("--from:0.00%;--size:0.00%");
	});
});
