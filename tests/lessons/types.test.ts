/** Every cell, check and solution of every lesson has the types that the editor shows its readers. */
import { describe, expect, it } from "vitest";
import type { CellModel } from "../../src/authoring/page-model.ts";
import type { CellText } from "../../src/components/editor/language/protocol.ts";
import { cellTypes } from "../support/cell-types.ts";
import { cheatSheet } from "../support/cheat-sheet.ts";
import { checkSurroundings } from "../support/check-surroundings.ts";
import { lessons } from "../support/lessons.ts";

const forReaders = cellTypes();
/** Knows `expect` and what else a check is given. */
const forChecks = cellTypes();
forChecks.surround(checkSurroundings);

function problems(cells: CellModel[]): string[] {
	const texts = (source: (cell: CellModel) => string): CellText[] =>
		cells.map((cell) => ({
			id: cell.id,
			title: cell.title,
			source: source(cell),
			isExercise: cell.check !== undefined,
		}));
	forReaders.setCells(texts((cell) => cell.solution ?? cell.source));
	// A check sees the names of the answer and has a scope of its own.
	forChecks.setCells(
		texts((cell) => (cell.check === undefined ? cell.source : `${cell.solution}\n{\n${cell.check}\n}`)),
	);
	return cells.flatMap(({ id, check }) =>
		[...forReaders.problems(id), ...(check === undefined ? [] : forChecks.problems(id))].map(
			({ message }) => `${id}: ${message}`,
		),
	);
}

describe("types of the lessons", async () => {
	const found = await lessons();

	it("finds the lessons", () => {
		expect(found.map(({ name }) => name)).toContain("lessons/tiff-to-ome-zarr.mdx");
	});

	it.each(found)("$name", ({ cells }) => {
		expect(problems(cells)).toEqual([]);
	});

	it.each(found)("starters of $name have blanks, or nothing wrong", ({ cells }) => {
		forReaders.setCells(
			cells.map(({ id, title, source, check }) => ({ id, title, source, isExercise: check !== undefined })),
		);
		for (const { id } of cells) {
			expect(
				forReaders.problems(id).filter(({ kind }) => kind === "error"),
				id,
			).toEqual([]);
		}
	});

	it("the cheat sheet", async () => {
		const rows = (await cheatSheet()).flatMap(({ task, ts }) => (ts === undefined ? [] : [{ task, ts }]));
		expect(rows.length).toBeGreaterThan(10);
		const cells = rows.map(({ task: id, ts: source }) => ({ id, source, needs: [] }) as unknown as CellModel);
		expect(problems(cells)).toEqual([]);
	});

	it("would see a mistake, in a cell and in a check", () => {
		const source = 'import { formatBytes } from "chunkwise";\nconst n: number = formatBytes(1);';
		const cell = { id: "a", title: "A", source, needs: [], language: "ts" } as unknown as CellModel;
		expect(problems([cell])).toEqual(["a: Type 'string' is not assignable to type 'number'."]);
		const exercise = { ...cell, solution: "const n = 1;", check: 'expect(n, "n").toBee(1); n.length' };
		expect(problems([exercise]).map((text) => text.slice(0, 28))).toEqual([
			"a: Property 'toBee' does not",
			"a: Property 'length' does no",
		]);
		// What a check is given is known in full: its own fields, and those it shares with the library.
		const log = { ...exercise, check: "requests[0]?.bytes.foo; requests[0]?.cell.foo; requests[0]?.foo" };
		expect(problems([log])).toHaveLength(3);
	});
});
