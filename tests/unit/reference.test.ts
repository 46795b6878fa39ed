/** How the API reference is put together; that every public name is described is checked by building it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { referenceRooms, roomOf } from "../../scripts/reference-rooms.ts";
import { tidyTables } from "../../scripts/reference-tables.ts";

const lib = join(import.meta.dirname, "../../src/lib");

test("every folder that index.ts exports from has a page", () => {
	const index = readFileSync(join(lib, "index.ts"), "utf8");
	const files = [...index.matchAll(/ from "\.\/([^"]+)";/g)].map(([, file]) => file);
	expect(files.length).toBeGreaterThan(50);
	const rooms = new Set(files.map(roomOf));
	expect([...rooms].sort()).toEqual(Object.keys(referenceRooms).sort());
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
