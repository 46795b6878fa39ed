/** How the API reference is put together; that every public name is described is checked by building it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { tidyCode } from "../../scripts/reference-code.ts";
import { referenceRooms, roomOf } from "../../scripts/reference-rooms.ts";
import { tidyTables } from "../../scripts/reference-tables.ts";

const lib = join(import.meta.dirname, "../../src/lib");

test("every folder that index.ts exports from has a page, and node.ts has one", () => {
	const index = readFileSync(join(lib, "index.ts"), "utf8");
	const files = [...index.matchAll(/ from "\.\/([^"]+)";/g)].map(([, file]) => file);
	expect(files.length).toBeGreaterThan(50);
	const rooms = new Set(files.map(roomOf));
	expect([...rooms, "node"].sort()).toEqual(Object.keys(referenceRooms).sort());
	expect(readdirSync(lib)).toEqual(expect.arrayContaining([...rooms].filter((room) => room !== "basics")));
	expect(roomOf("errors.ts")).toBe("basics");
	expect(() => roomOf("new/room.ts")).toThrow("src/lib/new has no page");
});

test("a type is one piece of code in its table, and what is not described is empty", () => {
	const rows = [
		"| Property | Type | Description |",
		"| ------ | ------ | ------ |",
		'| <a id="property-a"></a> `a?` | `"x"` \\| [`B`](b.md#b)[] | Either \\| or. |',
		"| `a.b` | `number` | - |",
	];
	expect(tidyTables(rows.join("\n")).split("\n")).toEqual([
		rows[0],
		rows[1],
		'| <a id="property-a"></a> `a?` | <span class="cw-type">`"x"` \\| [`B`](b.md#b)[]</span> | Either \\| or. |',
		'| `a.b` | <span class="cw-type">`number`</span> |  |',
	]);
});

test("a signature that is too long for its line has its parameters on lines of their own", () => {
	const tidy = (line: string) => tidyCode(`\`\`\`ts\n${line}\n\`\`\``).split("\n").slice(1, -1);
	const short = "function tree(from: StoreLike, path?: string): Promise<Tree>;";
	expect(tidy(short)).toEqual([short]);
	const long =
		"function run<T>(from: Map<string, Uint8Array>, each: (a: T, b: () => T) => Promise<T>, rest: [T, T]): Promise<Map<string, T>>;";
	expect(tidy(long)).toEqual([
		"function run<T>(",
		"   from: Map<string, Uint8Array>,",
		"   each: (a: T, b: () => T) => Promise<T>,",
		"   rest: [T, T]",
		"): Promise<Map<string, T>>;",
	]);
	expect(
		tidy(`get(key: StoreKey, options: ${"A".repeat(60)}): Promise<Uint8Array | undefined>;`),
	).toHaveLength(4);
	const members = Array.from({ length: 12 }, (_, i) => `"type ${i}"`);
	expect(tidy(`type DataType = ${members.join(" | ")};`)).toEqual([
		"type DataType =",
		...members.map((member, i) => `   | ${member}${i === 11 ? ";" : ""}`),
	]);
	expect(tidy('type Order = "C" | "F";')).toEqual(['type Order = "C" | "F";']);
});
