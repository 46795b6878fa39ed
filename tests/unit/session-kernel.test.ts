/** A session whose kernel ends, is stopped early, is asked to restart, or must be replaced. */
import { afterEach, describe, expect, it } from "vitest";
import { Notebook } from "../support/notebook.ts";

let page: Notebook;
const open = (cells: ConstructorParameters<typeof Notebook>[0]) => {
	page = new Notebook(cells);
	return page;
};
afterEach(() => page.session.restart());

const endless = "await new Promise(() => {})";

describe("Restart", () => {
	it("forgets names, results and what was lost; every cell is as if never run", async () => {
		open({ a: "const x = 1; x", b: "x + 1", c: "nope" });
		await page.run("b");
		await page.run("c");
		page.session.edit("a", "const x = 5; x");
		page.session.restart();
		expect(page.states()).toBe("a idle, b idle, c idle");
		expect(page.session.lost).toEqual([]);
		expect(page.cell("b").outputs).toEqual([]);
		expect(await page.run("b")).toEqual(["6"]);
		expect(page.cell("b").notices).toEqual(["Running first, because this cell needs it: “a”."]);
		expect(page.kernels).toBe(2);
	});

	it("ends what runs and calls off what waits", async () => {
		open({ a: endless, b: "1" });
		await page.session.run("a");
		await page.session.run("b");
		page.session.restart();
		expect(page.states()).toBe("a idle, b idle");
		expect(page.session.busy).toBe(false);
		expect(await page.run("b")).toEqual(["1"]);
	});
});

describe("stopping", () => {
	it("calls off a whole page that was asked for, and what has been asked for since", async () => {
		open({ a: "1", b: endless, c: "3", d: "4", e: { source: "5", check: "expect(value).toBe(5)" } });
		await page.session.runAll();
		while (page.state("b") !== "running") await new Promise((resolve) => setTimeout(resolve, 2));
		expect(page.states()).toBe("a done, b running, c queued, d queued, e idle");
		const asked = page.session.run("e");
		expect(page.session.states().e).toEqual({ name: "queued", behind: "“b”" });
		page.session.stop();
		await asked;
		expect(page.states()).toBe("a stale, b stopped, c idle, d idle, e idle");
		for (const id of ["c", "d", "e"]) {
			expect(page.cell(id).notices).toEqual(["Not run, because “b” was stopped."]);
		}
		expect(await page.run("c")).toEqual(["3"]);
	});

	it("gives a cell that waited the result back that it had", async () => {
		open({ a: "1", b: endless });
		await page.run("a");
		await page.session.run("b");
		await page.session.run("a");
		expect(page.state("a")).toBe("queued");
		page.session.stop();
		expect(page.session.states().a).toMatchObject({ name: "stale", why: /kernel was restarted/ });
	});

	it("leaves out of what is brought back the cells that need the stopped one", async () => {
		open({ a: "const x = 1", b: "const y = x", c: "y" });
		await page.run("c");
		page.session.edit("b", `const y = x; ${endless}`);
		await page.session.run("b");
		page.session.stop();
		expect(page.session.lost).toEqual(["a"]);
		await page.run("c");
		expect(page.cell("c").actions.at(-1)?.label).toBe("Run “b” again");
		page.session.edit("b", "const y = x + 1");
		page.cell("c").actions.at(-1)?.act();
		await page.settled();
		expect(page.state("b")).toBe("done");
		expect(await page.run("c")).toEqual(["2"]);
	});

	it("takes a cell that waits and is removed out of what runs next", async () => {
		open({ a: endless, b: "1", c: "2" });
		await page.session.run("a");
		await page.session.run("b");
		await page.session.run("c");
		page.session.remove("b");
		page.session.stop();
		expect(page.states()).toBe("a stopped, c idle");
		expect(page.cell("b").notices).toEqual([]);
	});
});

describe("a kernel that ends by itself", () => {
	it("stops the cell that ran, says why, and loses the names", async () => {
		open({ a: "const x = 1", b: endless, c: "x" });
		await page.run("a");
		await page.session.run("b");
		await page.session.run("c");
		page.kernel?.crash("out of memory");
		expect(page.session.states().b).toEqual({ name: "stopped", by: "kernel" });
		expect(page.cell("b").notices).toEqual(["The kernel ended: out of memory."]);
		expect(page.states()).toBe("a stale, b stopped, c idle");
		expect(await page.run("c")).toEqual(["1"]);
		expect(page.states()).toBe("a done, b stopped, c done");
	});

	it("leaves nothing of an outdated run to be heard", async () => {
		open({ a: "1" });
		await page.run("a");
		const before = page.kernel;
		page.session.restart();
		before?.say({ type: "outputs", run: 1, outputs: [{ kind: "notice", text: "late" }] });
		before?.say({ type: "failed", run: 1, ms: 1, error: { name: "x", message: "late", trace: [] } });
		expect(page.states()).toBe("a idle");
	});
});

it("a kernel that remembers a failed import is replaced: the cell, what it needs and what waited run there", async () => {
	open({
		a: "const x = 20",
		b: `globalThis.tries = (globalThis.tries ?? 0) + 1; if (globalThis.tries === 1) ${endless}; x + 1`,
		c: "3",
	});
	await page.run("a");
	await page.session.run("b");
	await page.session.run("c");
	const error = { name: "module-stuck", message: "“d3” could not be loaded", trace: [] };
	page.kernel?.say({ type: "failed", run: 2, ms: 1, error });
	await page.settled();
	delete (globalThis as { tries?: number }).tries;
	expect(page.kernels).toBe(2);
	expect(page.states()).toBe("a done, b done, c done");
	expect(page.cell("b").outputs).toEqual(["21"]);
	expect(page.cell("c").outputs).toEqual(["3"]);
});

it("a kernel that cannot start is told under the cell that was asked for, with what to do; the others are as before", async () => {
	open({ a: "1", b: "2" });
	const { session } = page;
	await page.run("b");
	session.restart();
	page.refuseKernels = new Error("no workers today");
	await session.runAll();
	expect(page.states()).toBe("a failed, b idle");
	expect(page.cell("a").outputs[0]).toMatch(/./);
	page.refuseKernels = undefined;
	expect(await page.run("a")).toEqual(["1"]);
});
