import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codeTokens } from "../../src/components/work/code-tokens.ts";
import { fingerprint } from "../../src/components/work/fingerprint.ts";
import {
	isItemName,
	isLessonName,
	lessonOf,
	nameOf,
	progressKey,
	workKey,
} from "../../src/components/work/keys.ts";
import { forget } from "../../src/components/work/reset.ts";
import { CellWork, readCell, savedCells } from "../../src/components/work/saved-work.ts";
import { guarded, type KeyValues, type StorageTrouble } from "../../src/components/work/storage.ts";

const lesson = "lessons/chunks";

/** A `Storage` over a map, with room for so many characters. */
function storage(room = Number.POSITIVE_INFINITY): Storage & { room: number } {
	const values = new Map<string, string>();
	const made = {
		room,
		getItem: (key: string) => values.get(key) ?? null,
		setItem(key: string, value: string) {
			const used = [...values].reduce((sum, [k, v]) => sum + (k === key ? 0 : k.length + v.length), 0);
			if (used + key.length + value.length > made.room)
				throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
			values.set(key, value);
			Object.defineProperty(made, key, { enumerable: true, configurable: true, value });
		},
		removeItem(key: string) {
			values.delete(key);
			delete (made as Record<string, unknown>)[key];
		},
	};
	for (const name of ["room", "getItem", "setItem", "removeItem"])
		Object.defineProperty(made, name, { enumerable: false });
	return made as unknown as Storage & { room: number };
}

function memory(room?: number): KeyValues {
	const kept = storage(room);
	return guarded(
		() => kept,
		() => {},
	);
}

describe("a cell's saved work", () => {
	test("is kept as typed and gone when it is the author's again", () => {
		const values = memory();
		const work = new CellWork(lesson, "open", "author", "a", values);
		expect(work.source).toBe("author");
		work.save("mine");
		expect(new CellWork(lesson, "open", "author", "b", values).source).toBe("mine");
		expect(readCell(lesson, "open", values)?.of).toBe(fingerprint("author"));
		work.save("author");
		expect(values.keys()).toEqual([]);
	});

	test("says when the lesson changed, until the reader decides", () => {
		const values = memory();
		new CellWork(lesson, "open", "old", "a", values).save("mine");
		const later = new CellWork(lesson, "open", "new", "b", values);
		expect(later.lessonChanged).toBe(true);
		later.save("mine, more");
		expect(new CellWork(lesson, "open", "new", "c", values).lessonChanged).toBe(true);
		later.settle("mine, more");
		expect(later.lessonChanged).toBe(false);
		expect(new CellWork(lesson, "open", "new", "c", values).lessonChanged).toBe(false);
	});

	test("the lesson that took over the reader's code has not changed under it", () => {
		const values = memory();
		new CellWork(lesson, "open", "old", "a", values).save("better");
		expect(new CellWork(lesson, "open", "better", "b", values).lessonChanged).toBe(false);
	});

	test("two tabs: what one would overwrite is kept beside and offered", () => {
		const values = memory();
		const a = new CellWork(lesson, "open", "author", "a", values);
		const b = new CellWork(lesson, "open", "author", "b", values);
		a.save("from a");
		expect(b.rival("author")?.source).toBe("from a");
		b.save("from b");
		expect(readCell(lesson, "open", values)).toMatchObject({
			source: "from b",
			others: [{ source: "from a", by: "a" }],
		});
		a.save("from a, more");
		b.save("from b, more");
		const stored = readCell(lesson, "open", values);
		expect(stored?.source).toBe("from b, more");
		// Of each tab the latest only.
		expect(stored?.others?.map((other) => other.source)).toEqual(["from a, more"]);
		const next = new CellWork(lesson, "open", "author", "c", values);
		const rival = next.rival(next.source);
		expect(rival?.source).toBe("from a, more");
		next.take("from a, more", { decided: rival });
		expect(next.rival(next.source)).toBeUndefined();
		expect(next.source).toBe("from a, more");
	});

	test("a cell put back to the author's code in another tab is noticed", () => {
		const values = memory();
		const a = new CellWork(lesson, "open", "author", "a", values);
		a.save("mine");
		const b = new CellWork(lesson, "open", "author", "b", values);
		b.save("author");
		expect(a.removedElsewhere).toBe(true);
	});

	test("nothing that any tab typed last is lost, in whatever order tabs type", () => {
		fc.assert(
			fc.property(
				fc.array(fc.tuple(fc.constantFrom("a", "b", "c"), fc.nat(99)), { minLength: 1, maxLength: 20 }),
				(steps) => {
					const values = memory();
					const tabs = new Map(
						["a", "b", "c"].map((name) => [name, new CellWork(lesson, "x", "author", name, values)]),
					);
					const last = new Map<string, string>();
					for (const [name, n] of steps) {
						const source = `${name} wrote ${n}`;
						tabs.get(name)?.save(source);
						last.set(name, source);
					}
					const stored = readCell(lesson, "x", values);
					const kept = [stored?.source, ...(stored?.others ?? []).map((other) => other.source)];
					for (const source of last.values()) expect(kept).toContain(source);
				},
			),
		);
	});

	test("code from a link is marked until the reader edits or runs it", () => {
		const values = memory();
		const work = new CellWork(lesson, "open", "author", "a", values);
		work.take("from a link", { held: true });
		work.save("from a link");
		expect(new CellWork(lesson, "open", "author", "b", values).held).toBe(true);
		work.save("edited");
		expect(work.held).toBe(false);
	});

	test("what is stored but is not saved work is passed over", () => {
		const values = memory();
		values.set(workKey(lesson, "a"), "{");
		values.set(workKey(lesson, "b"), '{"v":9,"source":"x"}');
		values.set(workKey(lesson, "c"), '{"v":1,"source":7}');
		values.set(workKey(lesson, "d"), '{"v":1,"source":"x","others":[null,{"source":"y"}]}');
		expect([...savedCells(lesson, values).keys()]).toEqual(["d"]);
	});
});

describe("storage", () => {
	test("blocked: works in memory and says so", () => {
		const told: (StorageTrouble | undefined)[] = [];
		const values = guarded(
			() => {
				throw new DOMException("The operation is insecure.", "SecurityError");
			},
			(trouble) => told.push(trouble),
		);
		expect(values.set("a", "1")).toBe(false);
		expect(values.get("a")).toBe("1");
		expect(values.keys()).toEqual(["a"]);
		values.remove("a");
		expect(values.get("a")).toBeUndefined();
		expect(new Set(told)).toEqual(new Set(["blocked"]));
	});

	test("full: goes on in memory, says so, and takes it back when there is room", () => {
		const told: (StorageTrouble | undefined)[] = [];
		const kept = storage(20);
		const values = guarded(
			() => kept,
			(trouble) => told.push(trouble),
		);
		expect(values.set("key", "short")).toBe(true);
		expect(values.set("key", "much too long for the room")).toBe(false);
		expect(values.get("key")).toBe("much too long for the room");
		expect(told.at(-1)).toBe("full");
		kept.room = 1000;
		expect(values.set("key", "much too long for the room")).toBe(true);
		expect(told.at(-1)).toBeUndefined();
		expect(kept.getItem("key")).toBe("much too long for the room");
	});
});

test("names of the storage, and of lessons under any base path", () => {
	expect(nameOf(workKey("lessons/a", "b"))).toEqual({ kind: "work", lesson: "lessons/a", cell: "b" });
	expect(nameOf(progressKey("lessons/a"))).toEqual({ kind: "progress", lesson: "lessons/a" });
	expect(nameOf("chunkwise-store:x")).toBeUndefined();
	for (const path of [
		"/course/lessons/chunks/",
		"/course/lessons/chunks",
		"/course/lessons/chunks/index.html",
	])
		expect(lessonOf(path, "/course/")).toBe("lessons/chunks");
	expect(lessonOf("/course/", "/course/")).toBe("index");
	for (const name of ["../up", "a//b", "__proto__", "constructor", "a b", ""])
		expect(isLessonName(name)).toBe(false);
	for (const name of ["__proto__", "constructor", "-a", "a b"]) expect(isItemName(name)).toBe(false);
	expect(isLessonName("lessons/tiff-to-ome-zarr") && isItemName("slice-x")).toBe(true);
});

test("a lesson or everything is forgotten, and comes back", () => {
	const values = memory();
	values.set(workKey("lessons/a", "x"), "1");
	values.set(workKey("lessons/b", "x"), "2");
	values.set(progressKey("lessons/a"), "3");
	values.set("somebody else's", "4");
	const undo = forget("lessons/a", values);
	expect(values.keys().sort()).toEqual([workKey("lessons/b", "x"), "somebody else's"].sort());
	undo();
	expect(values.get(workKey("lessons/a", "x"))).toBe("1");
	forget(undefined, values);
	expect(values.keys()).toEqual(["somebody else's"]);
});

test("quick highlighting keeps every character", () => {
	fc.assert(
		fc.property(fc.string(), (source) => {
			expect(
				codeTokens(source)
					.map((token) => token.text)
					.join(""),
			).toBe(source);
		}),
	);
	expect(codeTokens('const a = f("x"); // y').map(({ kind, text }) => [kind, text])).toEqual([
		["keyword", "const"],
		["plain", " a = "],
		["function", "f"],
		["plain", "("],
		["string", '"x"'],
		["plain", "); "],
		["comment", "// y"],
	]);
});
