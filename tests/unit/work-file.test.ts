import { describe, expect, test } from "vitest";
import { collect, csv } from "../../src/components/work/collect.ts";
import {
	count,
	emptyProgress,
	mergeProgress,
	readProgress,
	withStep,
	writeProgress,
} from "../../src/components/work/progress.ts";
import { forget } from "../../src/components/work/reset.ts";
import { CellWork, readCell } from "../../src/components/work/saved-work.ts";
import { guarded, type KeyValues } from "../../src/components/work/storage.ts";
import {
	decide,
	makeWorkFile,
	mergeWorkFile,
	readWorkFile,
	workFileName,
} from "../../src/components/work/work-file.ts";

const lesson = "lessons/chunks";
const at = "2026-11-23T10:00:00.000Z";

/** Storage that is refused: the guard's memory is all there is. */
function memory(): KeyValues {
	return guarded(
		() => undefined,
		() => {},
	);
}

function learner(code: string, solved: boolean): KeyValues {
	const values = memory();
	new CellWork(lesson, "tile-count", "starter", "t", values).save(code);
	let progress = emptyProgress();
	const item = { item: "tile-count", kind: "exercise", title: "Count the chunks" } as const;
	progress = withStep(progress, { ...item, state: "tried" }, at);
	if (solved) progress = withStep(progress, { ...item, state: "done" }, "2026-11-23T10:05:00.000Z");
	writeProgress(lesson, progress, values);
	return values;
}

describe("progress", () => {
	test("attempts count up to the first success, which stays", () => {
		let progress = emptyProgress();
		const step = (state: "tried" | "done", time: string) => {
			progress = withStep(progress, { item: "x", kind: "exercise", state }, time);
		};
		step("tried", "2026-01-01T00:00:00.000Z");
		step("done", "2026-01-02T00:00:00.000Z");
		step("tried", "2026-01-03T00:00:00.000Z");
		expect(progress.items.x).toEqual({
			kind: "exercise",
			state: "done",
			attempts: 2,
			at: "2026-01-03T00:00:00.000Z",
			doneAt: "2026-01-02T00:00:00.000Z",
		});
		count(progress, new Set(["x", "y"]));
		expect([progress.done, progress.of]).toEqual([1, 2]);
		count(progress, new Set(["y"]));
		expect([progress.done, progress.of]).toEqual([0, 1]);
	});

	test("merged, whatever either has done is done, at the earlier time", () => {
		const a = withStep(
			emptyProgress(),
			{ item: "x", kind: "cell", state: "done" },
			"2026-01-02T00:00:00.000Z",
		);
		const b = withStep(
			emptyProgress(),
			{ item: "x", kind: "cell", state: "done" },
			"2026-01-01T00:00:00.000Z",
		);
		const c = withStep(b, { item: "y", kind: "quiz", state: "tried" }, "2026-01-03T00:00:00.000Z");
		const merged = mergeProgress(a, c);
		expect(merged.items.x.doneAt).toBe("2026-01-01T00:00:00.000Z");
		expect(merged.items.y.state).toBe("tried");
		expect(mergeProgress(c, a).items).toEqual(merged.items);
	});
});

describe("the file of all work", () => {
	test("has a summary of each exercise, with its code", () => {
		const file = makeWorkFile(at, "Ada Lovelace", learner("const n = 3;", true));
		expect(file).toMatchObject({ format: "chunkwise-work", version: 1, exported: at, name: "Ada Lovelace" });
		expect(file.summary.exercises).toEqual([
			{
				lesson,
				id: "tile-count",
				title: "Count the chunks",
				state: "solved",
				attempts: 2,
				firstSolvedAt: "2026-11-23T10:05:00.000Z",
				code: "const n = 3;",
			},
		]);
		expect(workFileName(at, " Ada Lovelace! ")).toBe("chunkwise-work-ada-lovelace-2026-11-23.json");
		expect(workFileName(at)).toBe("chunkwise-work-2026-11-23.json");
	});

	test("brought into an empty browser gives the same file again, but for who wrote it", () => {
		const file = makeWorkFile(at, "", learner("mine", true));
		const other = memory();
		expect(mergeWorkFile(readWorkFile(JSON.stringify(file)), other)).toMatchObject({
			added: 1,
			same: 0,
			conflicts: [],
			progressed: 1,
		});
		const again = makeWorkFile(at, "", other);
		expect(again.summary).toEqual(file.summary);
		expect(again.progress).toEqual(file.progress);
		expect(readCell(lesson, "tile-count", other)).toMatchObject({ source: "mine", held: true });
		// Once more: nothing new.
		expect(mergeWorkFile(file, other)).toEqual({ added: 0, same: 1, conflicts: [], progressed: 0 });
	});

	test("brought where there is other code keeps both until the reader decides", () => {
		const file = readWorkFile(JSON.stringify(makeWorkFile(at, "", learner("theirs", true))));
		for (const answer of ["mine", "theirs"] as const) {
			const here = learner("mine", false);
			const { conflicts } = mergeWorkFile(file, here);
			expect(conflicts).toHaveLength(1);
			expect(readCell(lesson, "tile-count", here)).toMatchObject({
				source: "mine",
				others: [{ source: "theirs" }],
			});
			// Not decided: the cell itself asks.
			const cell = new CellWork(lesson, "tile-count", "starter", "tab", here);
			expect(cell.rival(cell.source)?.source).toBe("theirs");
			decide(conflicts[0], answer, here);
			expect(readCell(lesson, "tile-count", here)?.source).toBe(answer);
			expect(readCell(lesson, "tile-count", here)?.others).toBeUndefined();
			expect(readProgress(lesson, here).items["tile-count"].state).toBe("done");
		}
	});

	for (const [what, text, code] of [
		["no JSON", "{", "work-file-json"],
		["a list", "[]", "work-file-format"],
		["null", "null", "work-file-format"],
		["another program's JSON", '{"format":"ipynb"}', "work-file-format"],
		["a later version", '{"format":"chunkwise-work","version":2}', "work-file-version"],
	] as const) {
		test(`${what} is refused in words`, () => {
			expect(() => readWorkFile(text, "x.json")).toThrowError(
				expect.objectContaining({ code, where: "x.json", remedy: expect.stringMatching(/\w/) }),
			);
		});
	}

	test("what does not fit in a file is left out, whatever its names", () => {
		const file = readWorkFile(
			`{"format":"chunkwise-work","version":1,"exported":7,
			"summary":{"exercises":[{"id":"made up"}]},
			"work":{"../x":{"a":{"v":1,"source":"1"}},"__proto__":{"a":{"v":1,"source":"1"}},
				"ok":{"constructor":{"v":1,"source":"1"},"a":{"v":1,"source":"1"},"b":null,"c":{"v":1,"source":{}}}},
			"progress":{"ok":{"v":1,"done":-3,"of":"x","items":{"a":{"kind":"cell","state":"done","at":"never"},"b":{"kind":"king","state":"done"}}}}}`,
		);
		expect(Object.keys(file.work)).toEqual(["ok"]);
		expect(Object.keys(file.work.ok)).toEqual(["a"]);
		expect(Object.keys(file.progress.ok.items)).toEqual(["a"]);
		expect(file.progress.ok.done).toBe(0);
		expect(file.summary.exercises).toEqual([]);
	});
});

test("several files give a table of learners and exercises, and CSV that a spreadsheet does not run", () => {
	const files = [
		{ name: "a.json", work: makeWorkFile(at, "=HYPERLINK(1)", learner("const n = 3;", true)) },
		{ name: 'b "2".json', work: makeWorkFile(at, "Grace, Hopper", learner("const n = 4;", false)) },
		{ name: "c.json", work: makeWorkFile(at, "", memory()) },
	];
	const table = collect(files);
	expect(table.items).toEqual([{ lesson, id: "tile-count", title: "Count the chunks" }]);
	expect(table.rows.map((row) => row.items[0]?.state)).toEqual(["solved", "tried", undefined]);
	expect(csv(table).split("\r\n")).toEqual([
		"file,name,exported,lessons/chunks#tile-count state,lessons/chunks#tile-count attempts,lessons/chunks#tile-count first solved at",
		`a.json,'=HYPERLINK(1),${at},solved,2,2026-11-23T10:05:00.000Z`,
		`"b ""2"".json","Grace, Hopper",${at},tried,1,`,
		`c.json,,${at},not tried,0,`,
		"",
	]);
});

test("an undone reset brings back work, and joins progress made meanwhile", () => {
	const values = learner("mine", true);
	const undo = forget(lesson, values);
	writeProgress(lesson, withStep(emptyProgress(), { item: "open", kind: "cell", state: "done" }, at), values);
	undo();
	expect(Object.keys(readProgress(lesson, values).items).sort()).toEqual(["open", "tile-count"]);
	expect(readCell(lesson, "tile-count", values)?.source).toBe("mine");
});
