/** The clock of a run: its deadline, more time, sleep, and a kernel that does not begin or does not answer. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Notebook } from "../support/notebook.ts";

let page: Notebook;
const endless = "await new Promise(() => {})";
const open = (cells: ConstructorParameters<typeof Notebook>[0]) => {
	page = new Notebook(cells);
	return page;
};
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
const state = (id: string) => page.session.states()[id] as { name: string; since: number; deadline: number };

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
	page.session.restart();
	vi.useRealTimers();
});

/** Runs one cell that never ends and has ten seconds. */
async function runEndless(): Promise<void> {
	open({ a: { source: endless, timeout: 10 }, b: "1" });
	await page.session.run("a");
	await pass(0);
	expect(state("a")).toEqual({ name: "running", since: Date.now(), deadline: Date.now() + 10_000 });
}

describe("the deadline of a run", () => {
	it("stops it, and what waits behind it", async () => {
		await runEndless();
		await page.session.run("b");
		await pass(9.4);
		expect(page.states()).toBe("a running, b queued");
		await pass(1);
		expect(page.session.states()).toEqual({ a: { name: "stopped", by: "deadline" }, b: { name: "idle" } });
		expect(page.cell("b").notices.at(-1)).toBe("Not run, because “a” was stopped.");
	});

	it("is as much later as the cell's time with each wish for more, for the cell that runs alone", async () => {
		await runEndless();
		const { deadline } = state("a");
		page.session.extend("b");
		expect(page.state("b")).toBe("idle");
		await pass(9);
		page.session.extend("a");
		expect(state("a")).toMatchObject({ name: "running", deadline: deadline + 10_000 });
		await pass(10);
		expect(page.state("a")).toBe("running");
		await pass(2);
		expect(page.session.states().a).toEqual({ name: "stopped", by: "deadline" });
		page.session.extend("a");
		expect(page.state("a")).toBe("stopped");
	});

	it("leaves out time asleep, and so does the time that is shown", async () => {
		await runEndless();
		const { since, deadline } = state("a");
		await pass(5);
		const hour = 3_600_000;
		vi.setSystemTime(Date.now() + hour);
		await pass(0.5);
		const shown = state("a");
		expect(shown.name).toBe("running");
		// Of the gap as much counts as a page in view can be late.
		expect(shown.since - since).toBeGreaterThan(hour - 2000);
		expect(shown.deadline - deadline).toBe(shown.since - since);
		await pass(2);
		expect(page.state("a")).toBe("running");
		await pass(3);
		expect(page.state("a")).toBe("stopped");
	});

	it("goes on while the run waits for a module, with the bytes that came", async () => {
		await runEndless();
		const { since, deadline } = state("a");
		await pass(1);
		page.kernel?.say({ type: "loading", run: 1, what: "“d3”", bytes: 500 });
		expect(page.session.states().a).toEqual({
			name: "loading",
			what: "“d3”",
			bytes: 500,
			since,
			deadline,
		});
		page.session.extend("a");
		page.kernel?.say({ type: "running", run: 1 });
		expect(state("a")).toEqual({ name: "running", since, deadline: deadline + 10_000 });
	});

	it("ends with the run: no later cell is stopped by it", async () => {
		open({ a: { source: "1", timeout: 10 }, b: { source: endless, timeout: 100 } });
		await page.session.run("a");
		await pass(1);
		expect(page.state("a")).toBe("done");
		await page.session.run("b");
		await pass(50);
		expect(page.states()).toBe("a done, b running");
	});
});

describe("a kernel that is busy with something else", () => {
	const left = expect.stringContaining("something that an earlier cell left behind");

	it("is told of under the cell that it does not begin with", async () => {
		open({ a: "1", b: "2" });
		await page.session.run("a");
		await pass(1);
		page.kernel?.hang();
		await page.session.run("b");
		await pass(4);
		expect(page.cell("b").notices).toEqual([]);
		await pass(2);
		expect(page.cell("b").notices).toEqual([left]);
		page.session.stop();
		expect(page.session.states()).toMatchObject({ a: { name: "stale" }, b: { name: "stopped" } });
	});

	it("is told of where it does not even say what an edited cell uses", async () => {
		open({ a: "1", b: "2" });
		await page.session.run("a");
		await pass(1);
		page.kernel?.hang();
		page.session.edit("b", "3");
		const asked = page.session.run("b");
		await pass(6);
		expect(page.cell("b").notices).toEqual([left]);
		page.session.stop();
		await asked;
		expect(page.states()).toBe("a stale, b idle");
	});

	it("is not told of where it is a cell that runs: that one has its own deadline", async () => {
		await runEndless();
		await page.session.run("b");
		await pass(8);
		expect(page.cell("a").notices.concat(page.cell("b").notices)).toEqual([]);
	});

	it("is found out when the page is shown again, and given up", async () => {
		open({ a: "const x = 1", b: "x" });
		await page.session.run("b");
		await pass(1);
		await page.session.wake();
		expect(page.states()).toBe("a done, b done");
		page.kernel?.hang();
		const woken = page.session.wake();
		await pass(6);
		await woken;
		expect(page.states()).toBe("a stale, b stale");
		expect(page.session.lost).toEqual(["a", "b"]);
	});
});
