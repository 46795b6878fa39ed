import { describe, expect, it } from "vitest";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { type BinDiagramProps, binDiagram, binLevels, binSetting } from "../../src/lib/plan/bin-diagram.ts";
import { binTwin, describeBins, startFormula } from "../../src/lib/plan/bin-diagram-text.ts";

const levelsOf = (props: BinDiagramProps) => binLevels(binSetting(props));
const axis = (length: number): BinDiagramProps => ({ axes: [{ name: "x", length }] });

describe("bins of an axis", () => {
	// FORMATS, the course's own numbers: first coordinates 1.5, 0.5, 1.5 and 4.5, 7.5, 6.5.
	it.each([
		["z", 129, [0, 1.5, 4.5], [129, 64, 16], [0, 1, 0]],
		["y", 212, [0, 0.5, 7.5], [212, 106, 26], [0, 0, 2]],
		["x", 363, [0, 1.5, 6.5], [363, 181, 45], [0, 1, 1]],
	])("start where the reference's start: %s", (_, length, starts, lengths, dropped) => {
		const levels = levelsOf(axis(length));
		expect(levels.map(({ start }) => start)).toEqual(starts);
		expect(levels.map((level) => level.length)).toEqual(lengths);
		expect(levels.map(({ droppedAtStart }) => droppedAtStart)).toEqual(dropped);
		expect(levels.map(({ spacing }) => spacing)).toEqual([1, 2, 8]);
	});

	it("drop at the end for ITK's bin shrink, and start half a bin in", () => {
		const levels = levelsOf({ ...axis(363), method: "bin-shrink" });
		expect(levels.map(({ start }) => start)).toEqual([0, 0.5, 3.5]);
		expect(levels.map(({ droppedAtEnd }) => droppedAtEnd)).toEqual([0, 1, 1]);
		expect(levelsOf({ ...axis(363), method: "nearest" }).map(({ start }) => start)).toEqual([0, 0, 2]);
	});

	it("have the middle of the elements that they hold as their place", () => {
		for (const method of ["mean", "bin-shrink"] as const) {
			for (let length = 12; length < 40; length++) {
				for (const { first, size, start } of levelsOf({ ...axis(length), factors: [3, 4], method })) {
					expect(start).toBe(first + (size - 1) / 2);
				}
			}
		}
	});

	it("equal what toMultiscale gives", async () => {
		const image = toSpatialImage(
			{ data: new Uint8Array(23 * 17), shape: [23, 17] },
			{ dims: ["y", "x"], scale: { y: 0.5, x: 0.325 }, translation: { y: -3, x: 10 } },
		);
		const multiscale = await toMultiscale(image, [2, 3]);
		for (const name of ["y", "x"] as const) {
			const { props } = binDiagram(multiscale, { axis: name });
			const levels = levelsOf(props as BinDiagramProps);
			expect(levels.map(({ start }) => start)).toEqual(multiscale.levels.map((l) => l.translation[name]));
			expect(levels.map(({ spacing }) => spacing)).toEqual(multiscale.levels.map((l) => l.scale[name]));
		}
	});

	it("say what they compute", () => {
		const levels = levelsOf(axis(363));
		expect(startFormula(levels[0], levels[1])).toBe("0 + 1 × (1 + 0.5) = 1.5");
		expect(startFormula(levels[1], levels[2], "µm")).toBe("1.5 + 2 × (1 + 1.5) = 6.5 µm");
		expect(describeBins(binSetting({}))).toBe(
			"x, 363 elements, mean: scale1 starts at 1.5 (1 dropped at the start; 363 in bins of 2 make 181), " +
				"scale2 starts at 6.5 (1 dropped at the start; 181 in bins of 4 make 45).",
		);
		expect(binTwin({}).rows.map((row) => row[5])).toEqual(["0", "1.5", "6.5"]);
	});

	it("refuse what cannot be binned", () => {
		expect(() => binDiagram({ axes: [] })).toThrow(/no axis/);
		expect(() => binDiagram({ ...axis(5), factors: [2, 4] })).toThrow(/nothing left/);
		expect(() => binDiagram({ ...axis(5), factors: [1.5] })).toThrow(/1\.5/);
		expect(() => binDiagram({ ...axis(0) })).toThrow(/0 elements/);
		expect(() => binSetting({ ...axis(9), spacing: 0 })).toThrow(/apart/);
		expect(() => binDiagram({ ...axis(9), method: "median" as never })).toThrow(/median/);
	});
});
