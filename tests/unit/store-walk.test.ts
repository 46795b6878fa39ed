/** A walk through folders that somebody else goes on with, wherever it is handed over. */
import { expect, test } from "vitest";
import { type Entries, keysOf, type RestOfWalk, walkPages } from "../../src/lib/stores/walk.ts";

const keys = ["zarr.json", "a/zarr.json", "a/c/0/0", "a/c/0/1", "a/c/1/0", "b", "d/e/f", "d/e/g"];

/** As folders: each name once, in the order of the keys. */
const entries: Entries = async function* (path) {
	const start = path === "" ? "" : `${path}/`;
	const met = new Set<string>();
	for (const key of keys.filter((key) => key.startsWith(start))) {
		const [name, ...below] = key.slice(start.length).split("/");
		if (!met.has(name)) yield { name, folder: below.length > 0 };
		met.add(name);
	}
};

const entryCount = 14;

test.each(Array.from({ length: entryCount + 2 }, (_, i) => i + 1))(
	"handed over after %i entries, it meets each key once",
	async (after) => {
		let ended = 0;
		const rests: RestOfWalk[] = [];
		const to = async (rest: RestOfWalk) => {
			rests.push(rest);
			return { pages: walkPages(entries, "", {}, { rest }), end: () => ended++ };
		};
		const found = await keysOf(walkPages(entries, "", {}, { handOver: { after, to } }));
		expect(found.sort()).toEqual([...keys].sort());
		expect([rests.length, ended]).toEqual(after <= entryCount ? [1, 1] : [0, 0]);
	},
);

test("it goes on here where nobody takes it, and asks once", async () => {
	let asked = 0;
	const to = async () => {
		asked++;
		return undefined;
	};
	const found = await keysOf(walkPages(entries, "", {}, { handOver: { after: 2, to } }));
	expect(found.sort()).toEqual([...keys].sort());
	expect(asked).toBe(1);
});

test("who goes on is told when no more is wanted, and before a page of theirs was", async () => {
	let ended = 0;
	const to = async (rest: RestOfWalk) => ({
		pages: walkPages(entries, "", {}, { rest }),
		end: () => ended++,
	});
	for await (const page of walkPages(entries, "", {}, { handOver: { after: 6, to } })) {
		expect(page.keys.length).toBeGreaterThan(0);
		break;
	}
	expect(ended).toBe(1);
});
