/** The reader's own notebook as it is kept, copied into, exported and imported. */
import { expect, test } from "vitest";
import {
	appendCells,
	readNotebook,
	takeWork,
	writeNotebook,
} from "../../src/components/playground/stored.ts";
import { playground } from "../../src/components/work/keys.ts";
import { mergeLists, parseList } from "../../src/components/work/notebook-list.ts";
import { emptyProgress, withStep, writeProgress } from "../../src/components/work/progress.ts";
import { readCell } from "../../src/components/work/saved-work.ts";
import { guarded, type KeyValues } from "../../src/components/work/storage.ts";
import { makeWorkFile, mergeWorkFile, readWorkFile } from "../../src/components/work/work-file.ts";

const at = "2026-11-23T10:00:00.000Z";

function empty(): KeyValues {
	const kept = new Map<string, string>();
	return {
		get: (key) => kept.get(key),
		set: (key, value) => !!kept.set(key, value),
		remove: (key) => void kept.delete(key),
		keys: () => [...kept.keys()],
	};
}

test("a notebook is kept; what another tab added stays, what was deleted does not come back", () => {
	const values = empty();
	expect(readNotebook(values)).toBeUndefined();
	const cells = ["a", "b"].map((id) => ({ id, title: id.toUpperCase() }));
	writeNotebook(cells, new Set(["a", "b"]), values);
	writeNotebook([...cells, { id: "other", title: "" }], new Set(["a", "b", "other"]), values);
	writeNotebook([cells[1]], new Set(["a", "b"]), values);
	expect(readNotebook(values)).toEqual([cells[1], { id: "other", title: "Untitled" }]);
	expect(takeWork("a", values)).toBeUndefined();
});

test("cells copied from a lesson come at the end; the one empty cell of a new notebook gives way", () => {
	const values = empty();
	writeNotebook([{ id: "blank", title: "Untitled" }], new Set(), values);
	const [first, kept] = appendCells(
		[
			{ title: "Get", source: "const a = 1;" },
			{ title: "  Look\nat it ", source: "a" },
		],
		values,
	);
	expect(kept).toBe(true);
	const cells = readNotebook(values) ?? [];
	expect(cells.map(({ title }) => title)).toEqual(["Get", "Look at it"]);
	expect(cells[0].id).toBe(first);
	expect(cells.map(({ id }) => readCell(playground, id, values)?.source)).toEqual(["const a = 1;", "a"]);
	// An empty cell among others is the reader's.
	writeNotebook([...cells, { id: "mine", title: "Untitled" }], new Set(), values);
	appendCells([{ title: "More", source: "2" }], values);
	expect(readNotebook(values)?.map(({ title }) => title)).toEqual(["Get", "Look at it", "Untitled", "More"]);
	const blocked = guarded(
		() => undefined,
		() => {},
	);
	expect(appendCells([{ title: "x", source: "1" }], blocked)[1]).toBe(false);
});

test("imported, a notebook's cells come after those that are here, and nobody is asked about their list", () => {
	const [here, there] = [empty(), empty()];
	appendCells([{ title: "Mine", source: "1" }], here);
	appendCells([{ title: "Theirs", source: "2" }], there);
	const file = readWorkFile(JSON.stringify(makeWorkFile(at, "", there)));
	expect(mergeWorkFile(file, here)).toEqual({ added: 1, same: 0, conflicts: [], progressed: 0 });
	expect(readNotebook(here)?.map(({ title }) => title)).toEqual(["Mine", "Theirs"]);
	expect(mergeWorkFile(file, here)).toEqual({ added: 0, same: 1, conflicts: [], progressed: 0 });
	expect(readNotebook(here)).toHaveLength(2);
	// Code of a file runs when the reader runs it.
	const [, id] = (readNotebook(here) ?? []).map((cell) => cell.id);
	expect(readCell(playground, id, here)).toMatchObject({ source: "2", held: true });
});

test("lists of unknown origin: what is no cell is left out, a list that is none is none", () => {
	expect(parseList(undefined)).toBeUndefined();
	expect(parseList("{")).toBeUndefined();
	expect(parseList('{"id":"a"}')).toBeUndefined();
	const list =
		'[{"id":"a"},{"id":"a"},{"id":"notebook"},{"id":"__proto__"},{"id":"b c"},null,{"id":"d","title":7}]';
	expect(parseList(list)).toEqual([
		{ id: "a", title: "Untitled" },
		{ id: "d", title: "7" },
	]);
	expect(JSON.parse(mergeLists("{", list))).toHaveLength(2);
});

test("progress that an earlier version kept of the playground is not exported, nor taken in", () => {
	const values = empty();
	const step = { item: "a", kind: "exercise", state: "done", title: "A" } as const;
	for (const page of [playground, "lessons/a", "guide/elements"])
		writeProgress(page, withStep(emptyProgress(), step, at), values);
	const file = makeWorkFile(at, "", values);
	expect(Object.keys(file.progress)).toEqual(["guide/elements", "lessons/a"]);
	// Exercises of the page for authors are none of the course.
	expect(file.summary.exercises.map(({ lesson }) => lesson)).toEqual(["lessons/a"]);
	const given = { ...file, progress: { [playground]: file.progress["lessons/a"] } };
	expect(readWorkFile(JSON.stringify(given)).progress).toEqual({});
});
