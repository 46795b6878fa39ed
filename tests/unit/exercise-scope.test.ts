/** What an answer does to the page's names is undone after the check, and cannot be done later. */
import { afterEach, describe, expect, it } from "vitest";
import type { FromKernel, Verdict } from "../../src/kernel/protocol.ts";
import { keepContents } from "../../src/kernel/worker/contents.ts";
import { Runner } from "../../src/kernel/worker/run.ts";
import { toSpatialImage } from "../../src/lib/index.ts";

type Ended = Extract<FromKernel, { type: "done" | "failed" }>;

let forget: () => void = () => {};
afterEach(() => forget());

/** A page's cell that has run in a kernel in this thread, for an exercise to be tried on. */
async function page(source: string) {
	const sent: FromKernel[] = [];
	const runner = new Runner((message) => sent.push(message));
	forget = () => {
		for (const cell of ["page", "exercise", "look"]) runner.names.forget(cell);
	};
	let run = 0;
	const start = async (cell: string, source: string, check?: string) => {
		await runner.run({ run: ++run, cell, source, check });
		return sent.findLast((m) => m.type === "done" || m.type === "failed") as Ended;
	};
	expect(await start("page", source)).toMatchObject({ type: "done" });
	return {
		verdict: async (answer: string, check: string): Promise<Verdict | undefined> => {
			const ended = await start("exercise", answer, check);
			return ended.type === "done" ? ended.verdict : undefined;
		},
		/** A value on the page, as JSON. */
		look: async (expression: string) => {
			const before = sent.length;
			await start("look", `JSON.stringify(${expression})`);
			const shown = sent.slice(before).flatMap((m) => (m.type === "outputs" ? m.outputs : []));
			const [display] = shown.filter((output) => output.kind === "display");
			return JSON.parse((display as { model: { text: string } }).model.text);
		},
	};
}

const passed = { passed: true };

/** What the late callbacks of an answer leave behind for the test. */
function left(): { done: Promise<unknown>; seen: unknown[] } {
	return (globalThis as unknown as { left: { done: Promise<unknown>; seen: unknown[] } }).left;
}

describe("names that an answer assigns to", () => {
	it("are the page's while the check looks, and what they were afterwards", async () => {
		const { verdict, look } = await page(
			"let n = 1, m = 2; const read = () => n + m; function f() { return 3 }",
		);
		const answer = "n = 10; [m] = [20]; f = () => 30 as any; ({ n } = { n: n + 1 }); for (m of [5, 6]);";
		expect(
			await verdict(answer, "expect(read()).toBe(17); expect(n).toBe(11); expect(f()).toBe(30)"),
		).toEqual({
			...passed,
			checks: 3,
			message: undefined,
		});
		expect(await look("[n, m, read(), f()]")).toEqual([1, 2, 3, 3]);
	});

	it.each<[name: string, late: string]>([
		["a timer", "await new Promise((r) => setTimeout(r, 5)); n += 100; o = { n }; [s] = [n]; n++"],
		["a loop", "await null; for (n of [1, 2, 3]) { await null; s = n } o = { n: n++ }"],
		["a pattern", "await null; await null; ({ n, o: { s } } = { n: 4, o: { s: 5 } }); o ??= {}; n **= 2"],
	])("stay the page's when a callback assigns after the check: %s", async (_, late) => {
		const { verdict, look } = await page(
			"let n = 1; var s = 'text'; let o: unknown = [1]; const read = () => n",
		);
		const answer = `n = 7; globalThis.left = { seen: [n], done: undefined }; left.done = (async () => { const own = left; await new Promise((r) => setTimeout(r, 10)); ${late}; own.seen.push(n, read()) })(); 0`;
		expect(await verdict(answer, "expect(n).toBe(7)")).toMatchObject(passed);
		expect(await look("[n, s, o]")).toEqual([1, "text", [1]]);
		await left().done;
		expect(await look("[n, s, o, read()]")).toEqual([1, "text", [1], 1]);
		// The answer itself goes on with what it assigned, the page's functions with what the page has.
		expect(left().seen.at(-1)).toBe(1);
		expect(left().seen.at(-2)).toBeGreaterThan(2);
	});

	it("stay the page's also where the answer failed, and where the name is a built-in's", async () => {
		const { verdict, look } = await page("let status = 1; let n = 2");
		const late = (name: string) =>
			`globalThis.left = {}; left.done = new Promise((r) => setTimeout(() => { ${name} = 50; r(${name}) }, 10)); 0;`;
		expect(await verdict(`status = 9; ${late("status")}`, "expect(status).toBe(9)")).toMatchObject(passed);
		expect(await left().done).toBe(50);
		expect(await look("[status, n]")).toEqual([1, 2]);
		expect(await verdict(`n = 5; ${late("n")} throw new Error("no")`, "expect(n).toBe(5)")).toBeUndefined();
		expect(await left().done).toBe(50);
		expect(await look("[status, n]")).toEqual([1, 2]);
	});

	it("may be shadowed by its own, which are no business of the page", async () => {
		const { verdict, look } = await page("let n = 1; const c = 2");
		const answer = "const f = (n: number) => { n++; let c = n; c++; return c }; const r = f(5); n = r";
		expect(await verdict(answer, "expect([r, n]).toEqual([7, 7])")).toMatchObject(passed);
		expect(await look("[n, c]")).toEqual([1, 2]);
		expect(await verdict("let n = 5; n++; var c = n", "expect([n, c]).toEqual([6, 6])")).toMatchObject(
			passed,
		);
		expect(await look("[n, c]")).toEqual([1, 2]);
	});
});

describe("what is in the page's values", () => {
	it("is put back after the check: a second, right answer meets what the first one met", async () => {
		const { verdict, look } = await page(
			"const list = [3, 1]; const table = { a: { b: [1] }, z: 1 }; const map = new Map([['k', [1]]]); const set = new Set([1])",
		);
		const all = "[list, table, [...map], [...set]]";
		const before = await look(all);
		const spoil =
			"list.sort(); list.push(5, 6); list.length = 3; delete (table as any).a; (table as any).c = 9; map.get('k')!.push(2); map.delete('k'); map.set('q', []); set.add(2);";
		expect(await verdict(spoil, "expect(list).toEqual([1, 3, 4])")).toMatchObject({ passed: false });
		expect(await look(all)).toEqual(before);
		expect(await verdict("list.push(4);", "expect(list).toEqual([3, 1, 4])")).toMatchObject(passed);
		expect(await look(all)).toEqual(before);
	});

	it("also that of typed arrays and images", async () => {
		const { verdict, look } = await page(
			'import { toSpatialImage } from "chunkwise"; const image = toSpatialImage({ data: new Uint8Array([1, 2, 3, 4]), shape: [2, 2] }); const numbers = Float32Array.of(1, NaN, 3)',
		);
		const answer = "image.data.fill(9); numbers[1] = 2; numbers.reverse()";
		expect(
			await verdict(answer, "expect(image.data[3]).toBe(9); expect([...numbers]).toEqual([3, 2, 1])"),
		).toMatchObject(passed);
		expect(await look("[[...image.data], [...numbers]]")).toEqual([
			[1, 2, 3, 4],
			[1, null, 3],
		]);
	});
});

describe("keeping contents", () => {
	it("restores keys in their order, accessors, holes and what is named twice or in a ring", () => {
		let asked = 0;
		const ring: Record<string, unknown> = {
			a: 1,
			get b() {
				return ++asked;
			},
			[Symbol.for("s")]: 2,
		};
		ring.self = ring;
		const holes: number[] = [1];
		holes[2] = 3;
		const extra: number[] & { name?: string } = Object.assign([1, 2], { name: "n" });
		const grown: number[] & { name?: string } = [1, 2];
		const restore = keepContents([ring, { ring, holes, extra, grown }, ring]);
		extra.name = "m";
		extra[1] = 5;
		grown.name = "g";
		delete ring.a;
		ring.c = 1;
		Object.defineProperty(ring, "b", { value: 7 });
		holes[1] = 2;
		holes.unshift(0);
		restore();
		expect(Object.keys(ring)).toEqual(["a", "b", "self"]);
		expect(ring.self).toBe(ring);
		expect(asked).toBe(0);
		expect([ring.b, asked]).toEqual([1, 1]);
		expect([holes.length, 1 in holes, holes[2]]).toEqual([3, false, 3]);
		expect([extra.name, ...extra]).toEqual(["n", 1, 2]);
		expect(Object.keys(grown)).toEqual(["0", "1"]);
	});

	it("does nothing to what cannot be changed any more, and goes on behind it", () => {
		const frozen = { a: 1, b: 2 };
		const moved = new Uint8Array([1, 2]);
		const list = [1];
		const restore = keepContents([frozen, moved, list]);
		frozen.a = 5;
		Object.freeze(frozen);
		structuredClone(moved, { transfer: [moved.buffer] });
		list.push(2);
		restore();
		expect(frozen.a).toBe(5);
		expect(moved.length).toBe(0);
		expect(list).toEqual([1]);
	});

	it("is bounded: what is too large is left as it is, and smaller things beside it are still kept", () => {
		const large = Array.from({ length: 30_000 }, (_, i) => i);
		const bytes = new Uint8Array(40 * 2 ** 20);
		const small = { n: 1 };
		const restore = keepContents([large, bytes, small]);
		large[0] = -1;
		bytes[0] = 1;
		small.n = 2;
		restore();
		expect([large[0], bytes[0], small.n]).toEqual([-1, 1, 1]);
	});

	it("looks into no object of a class but an image, whose numbers it keeps", () => {
		class Counter {
			list = [1];
			data = 5;
		}
		const counter = new Counter();
		const image = toSpatialImage({ data: new Uint8Array(4), shape: [2, 2] });
		const restore = keepContents([counter, image, new Date(), new ArrayBuffer(3), null, "text"]);
		counter.list.push(2);
		image.data[0] = 3;
		restore();
		expect(counter.list).toEqual([1, 2]);
		expect(image.data[0]).toBe(0);
	});
});
