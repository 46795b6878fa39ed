import { describe, expect, it } from "vitest";
import type { CellModel } from "../../src/authoring/page-model.ts";
import { runsAlone } from "../support/run-alone.ts";

function page(sources: Record<string, string | { source: string; needs?: string[]; check?: string }>) {
	const cells = Object.entries(sources).map(([id, given]) => ({
		id,
		needs: [],
		...(typeof given === "string" ? { source: given } : given),
	}));
	return { cells: cells as unknown as CellModel[] };
}

const text = (model: ReturnType<typeof page>) => runsAlone(model).map(({ runs }) => runs.join(" "));

describe("runsAlone", () => {
	it("shows a chain by its last cell", () => {
		expect(text(page({ a: "const x = 1", b: "const y = x", c: "y" }))).toEqual(["a b c"]);
	});

	it("presses what needs nothing by itself, wherever it stands", () => {
		expect(text(page({ a: "const x = 1", b: "2", c: "x" }))).toEqual(["b", "a c"]);
	});

	it("takes a cell for shown only where just what it needs ran before it", () => {
		// b runs behind a in the run of c, which it does not need: it may use what a leaves behind.
		expect(text(page({ a: "const x = 1", b: "const y = 2", c: "x + y" }))).toEqual(["b", "a b c"]);
		expect(text(page({ a: "const x = 1", b: "const y = x", c: "const z = x", d: "y + z" }))).toEqual([
			"a c",
			"a b c d",
		]);
	});

	it("heeds the author's word, and presses no exercise", () => {
		expect(text(page({ a: "1", b: { source: "2", needs: ["a"] } }))).toEqual(["a b"]);
		expect(text(page({ a: "const x = 1", e: { source: "x", check: "true" } }))).toEqual(["a"]);
	});
});
