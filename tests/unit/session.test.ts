/** A session over a real kernel in this process: plans, marks of what is out of date, pages that change, events. */
import { afterEach, describe, expect, it, vi } from "vitest";
import { AwakeTimer } from "../../src/kernel/session/awake-timer.ts";
import { Notebook } from "../support/notebook.ts";

const opened: Notebook[] = [];
const notebook = (cells: ConstructorParameters<typeof Notebook>[0]) => {
	const made = new Notebook(cells);
	opened.push(made);
	return made;
};
afterEach(() => {
	for (const { session } of opened.splice(0)) session.restart();
});

const endless = "await new Promise(() => {})";

describe("run means: make this true", () => {
	it("runs what a cell needs first, says so, and nothing twice", async () => {
		const page = notebook({ a: "const x = 1; x", b: "const y = x + 1; y", other: "9", c: "y * 10" });
		expect(await page.run("c")).toEqual(["20"]);
		expect(page.cell("c").notices).toEqual(["Running first, because this cell needs them: “a”, “b”."]);
		expect(page.states()).toBe("a done, b done, other idle, c done");
		const runs: string[] = [];
		page.session.on("run-started", ({ cell }) => runs.push(cell));
		await page.run("c");
		expect(runs).toEqual(["c"]);
	});

	it("tells a failure in between at the cell that was asked for", async () => {
		const page = notebook({ a: "const x = nope", b: "const y = x", c: "y" });
		await page.run("c");
		expect(page.states()).toBe("a failed, b idle, c idle");
		expect(page.cell("c").notices.at(-1)).toBe("Not run, because “a” failed.");
		expect(page.cell("c").actions.at(-1)?.label).toBe("Show “a”");
	});

	it("leaves what does not need the failed cell in the queue", async () => {
		const page = notebook({ a: "await null; nope", b: "5", c: "6" });
		await Promise.all([page.session.run("a"), page.session.run("b")]);
		await page.settled();
		expect(page.states()).toBe("a failed, b done, c idle");
		await page.session.runAll();
		await page.settled();
		expect(page.states()).toBe("a failed, b idle, c idle".replace("b idle", "b done"));
	});

	it("puts cells that are asked for at the same moment in order", async () => {
		const page = notebook({ a: "const x = 3", b: "x + 1" });
		await Promise.all([page.session.run("b"), page.session.run("a")]);
		await page.settled();
		expect(page.cell("b").outputs).toEqual(["4"]);
		expect(page.states()).toBe("a done, b done");
	});

	it("takes a name from the cell above, whichever cell that defines it ran last", async () => {
		const page = notebook({ a: "let x = 1", b: "let x = 2", c: "x" });
		await page.run("a");
		expect(await page.run("c")).toEqual(["2"]);
		await page.run("a");
		expect(await page.run("c")).toEqual(["2"]);
		page.session.move("b", 2);
		expect(await page.run("c")).toEqual(["1"]);
	});
});

describe("what is out of date", () => {
	it("is marked at first and second hand, and no longer when the edit is undone", async () => {
		const page = notebook({ a: "const x = 1", b: "const y = x", c: "y", d: "4" });
		await page.run("c");
		await page.run("d");
		page.session.edit("a", "const x = 2");
		expect(page.states()).toBe("a stale, b stale, c stale, d done");
		expect(page.session.states().b).toMatchObject({ why: "“a”, which it uses, is out of date" });
		page.session.edit("a", "const x = 1");
		expect(page.states()).toBe("a done, b done, c done, d done");
	});

	it("is never run unasked; one press runs all of it", async () => {
		const page = notebook({ a: "const x = 1", b: "const y = x; y", c: "y" });
		await page.run("c");
		page.session.edit("a", "const x = 5");
		expect(await page.run("b")).toEqual(["1"]);
		expect(page.cell("b").notices).toEqual(["This run uses what “a” gave before it was out of date."]);
		expect(page.states()).toBe("a stale, b stale, c stale");
		page.cell("b").actions[0].act();
		await page.settled();
		expect(page.states()).toBe("a done, b done, c done");
		expect(page.cell("c").outputs).toEqual(["5"]);
	});

	it("is what used a cell that ran again, edited or not", async () => {
		const page = notebook({ a: "const x = Math.random()", b: "x" });
		await page.run("b");
		await page.run("a");
		expect(page.session.states().b).toMatchObject({ name: "stale", why: "“a” ran again" });
	});

	it("counts a failed run as a result", async () => {
		const page = notebook({ a: "nope", b: "1" });
		await page.run("a");
		expect(page.state("a")).toBe("failed");
		page.session.edit("a", "1");
		expect(page.state("a")).toBe("stale");
		page.session.edit("a", "nope");
		expect(page.state("a")).toBe("failed");
	});

	it("can be told of cells that need each other by the author's word", async () => {
		const page = notebook({ a: { source: "1", needs: ["b"] }, b: { source: "2", needs: ["a"] } });
		expect(await page.run("b")).toEqual(["2"]);
		page.session.edit("a", "3");
		expect(page.states()).toBe("a stale, b stale");
	});
});

describe("stopping", () => {
	it("ends the run and calls off what waits; one press brings back the names, the stopped cell left out", async () => {
		const page = notebook({ a: "const x = 1; x", b: "const y = x + 1; y", c: endless, d: "y" });
		await page.run("b");
		const ended: string[] = [];
		page.session.on("run-ended", ({ cell, state }) => ended.push(`${cell} ${state.name}`));
		await page.session.run("c");
		await page.session.run("d");
		expect(page.states()).toBe("a done, b done, c running, d queued");
		page.session.stop();
		expect(page.states()).toBe("a stale, b stale, c stopped, d idle");
		expect(page.cell("d").notices.at(-1)).toBe("Not run, because “c” was stopped.");
		expect(page.session.lost).toEqual(["a", "b"]);
		await page.session.restore();
		await page.settled();
		expect(page.states()).toBe("a done, b done, c stopped, d idle");
		expect(page.session.lost).toEqual([]);
		expect(ended).toEqual(["c stopped", "a done", "b done"]);
		expect(page.kernels).toBe(2);
	});

	it("does not run a stopped cell because another needs it", async () => {
		const page = notebook({ a: `const x = 1; ${endless}`, b: "x" });
		await page.session.run("a");
		page.session.stop();
		await page.run("b");
		expect(page.states()).toBe("a stopped, b idle");
		expect(page.cell("b").notices.at(-1)).toContain("was stopped and is not run by itself");
	});

	it("before anything runs keeps what the kernel holds", async () => {
		const page = notebook({ a: "const x = 1", b: "x" });
		await page.run("a");
		page.session.stop();
		expect(page.states()).toBe("a done, b idle");
		expect(await page.run("b")).toEqual(["1"]);
		expect(page.kernels).toBe(1);
	});

	it("while the kernel starts leaves nothing pending", async () => {
		const page = notebook({ a: "1" });
		const running = page.session.run("a");
		expect(page.state("a")).toBe("loading");
		page.session.stop();
		await running;
		expect(page.state("a")).toBe("idle");
		expect(await page.run("a")).toEqual(["1"]);
	});
});

describe("a page that changes", () => {
	it("adds cells anywhere, and plans with them at once", async () => {
		const page = notebook({ a: "const x = 1", c: "x" });
		expect(await page.run("c")).toEqual(["1"]);
		page.add("b", "const x = 7", 1);
		expect(Object.keys(page.session.states())).toEqual(["a", "b", "c"]);
		expect(await page.run("b")).toEqual([]);
		expect(page.session.states().c).toMatchObject({ name: "stale", why: "it now uses “b”" });
		expect(await page.run("c")).toEqual(["7"]);
		expect(() => page.add("b", "")).toThrow("There is a cell b already");
	});

	it("removes cells with their names; what used them is out of date", async () => {
		const page = notebook({ a: "const x = 1", b: "const x = 2", c: "x" });
		await page.run("a");
		await page.run("c");
		page.session.remove("b");
		expect(page.session.states()).toMatchObject({ a: { name: "done" }, c: { name: "stale" } });
		expect(await page.run("c")).toEqual(["1"]);
		page.session.remove("a");
		expect(await page.run("c")).toEqual(["x is not defined."]);
	});

	it("stops a cell that runs and is removed", async () => {
		const page = notebook({ a: "const x = 1", b: endless });
		await page.run("a");
		await page.session.run("b");
		page.session.remove("b");
		expect(page.states()).toBe("a stale");
		expect(page.session.lost).toEqual(["a"]);
	});

	it("moves cells: above what it used, a cell is out of date", async () => {
		const page = notebook({ a: "const x = 1", b: "x" });
		await page.run("b");
		page.session.move("b", 0);
		expect(page.session.states().b).toMatchObject({ name: "stale", why: "it no longer uses “a”" });
		page.session.move("b", 1);
		expect(page.state("b")).toBe("done");
	});

	it("renames cells, and tells that the page changed", async () => {
		const page = notebook({ a: "const x = nope", b: "x" });
		let told = 0;
		const off = page.session.on("cells", () => told++);
		page.session.rename("a", "First");
		expect(told).toBe(1);
		off();
		page.session.rename("a", "The first");
		expect(told).toBe(1);
		await page.run("b");
		expect(page.cell("b").notices.at(-1)).toBe("Not run, because “The first” failed.");
	});

	it("shows the names that cells define and use", async () => {
		const page = notebook({
			a: "const x = 1, y = 2",
			b: { source: 'import { sum } from "d3"; const z = sum([x, y, Math.PI])', needs: ["a"] },
			broken: "const = 1",
		});
		expect(await page.session.names("b")).toEqual({
			defines: ["sum", "z"],
			uses: [
				{ name: "x", cell: "a", title: "a" },
				{ name: "y", cell: "a", title: "a" },
			],
			needs: [{ cell: "a", title: "a" }],
			imports: ["d3"],
			error: undefined,
		});
		expect((await page.session.names("broken"))?.error).toMatch(/not valid/);
	});
});

describe("an exercise", () => {
	it("sees the page's names and cannot change them, nor add to them", async () => {
		const page = notebook({
			a: "let x = 1; const list = [1]; const read = () => x",
			exercise: { source: "x = 50; let own = x + 1; list.length", check: "expect(own).toBe(51)" },
			b: "x + read()",
			c: "typeof own",
		});
		await page.run("exercise");
		expect(page.cell("exercise").verdicts).toMatchObject([{ passed: true }]);
		expect(await page.run("b")).toEqual(["2"]);
		expect(await page.run("c")).toEqual(["undefined"]);
	});
});

describe("a timer that counts only time awake", () => {
	afterEach(() => void vi.useRealTimers());

	it("counts what timers measure, not gaps in which nothing ran", () => {
		vi.useFakeTimers();
		const ended = vi.fn();
		const slept = vi.fn();
		new AwakeTimer(10_000, ended, slept);
		vi.advanceTimersByTime(5000);
		// The lid is closed for an hour: the clock goes on, timers do not.
		vi.setSystemTime(Date.now() + 3_600_000);
		vi.advanceTimersByTime(500);
		expect(slept).toHaveBeenCalledOnce();
		expect(slept.mock.calls[0][0]).toBeGreaterThan(3_597_000);
		expect(ended).not.toHaveBeenCalled();
		vi.advanceTimersByTime(5000);
		expect(ended).toHaveBeenCalledOnce();
	});

	it("can be lengthened and cancelled", () => {
		vi.useFakeTimers();
		const ended = vi.fn();
		const timer = new AwakeTimer(1000, ended);
		timer.extend(2000);
		vi.advanceTimersByTime(2900);
		expect(ended).not.toHaveBeenCalled();
		timer.cancel();
		vi.advanceTimersByTime(10_000);
		expect(ended).not.toHaveBeenCalled();
	});
});
