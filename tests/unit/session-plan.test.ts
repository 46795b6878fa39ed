import { describe, expect, it } from "vitest";
import { analyse } from "../../src/kernel/compile/compile.ts";
import { dependents, type PlannedCell, planRun } from "../../src/kernel/session/plan.ts";
import { duration, isBusy, stateText } from "../../src/kernel/session/state.ts";

function page(...cells: (string | Partial<PlannedCell & { source: string }>)[]): PlannedCell[] {
	return cells.map((given, i) => {
		const cell = typeof given === "string" ? { source: given } : given;
		return {
			id: cell.id ?? `c${i}`,
			analysis: analyse(cell.source ?? ""),
			needs: cell.needs ?? [],
			live: cell.live ?? false,
			isExercise: cell.isExercise ?? false,
		};
	});
}

describe("planRun", () => {
	it("runs what a cell needs by name, at first and second hand, in page order", () => {
		const cells = page("const a = 1", "const unrelated = 2", "const b = a + 1", "b * 2");
		expect(planRun(cells, "c3")).toEqual(["c0", "c2", "c3"]);
	});

	it("leaves out what is live, and what a live cell needed", () => {
		const cells = page("const a = 1", { source: "const b = a", live: true }, "b");
		expect(planRun(cells, "c2")).toEqual(["c2"]);
	});

	it("takes the nearest earlier cell that defines a name, never a later one", () => {
		const cells = page("let a = 1", "a = 2; let q = 0", "let a = 3", "a", "let a = 9");
		expect(planRun(cells, "c3")).toEqual(["c2", "c3"]);
	});

	it("follows what the author says a cell needs", () => {
		const cells = page(
			"const s = 1",
			{ source: "s.write()", id: "write" },
			{ source: "s.read()", needs: ["write"] },
		);
		expect(planRun(cells, "c2")).toEqual(["c0", "write", "c2"]);
	});

	it("takes no names from an exercise, whose names stay its own", () => {
		const cells = page({ source: "const a = 1", isExercise: true }, "a");
		expect(planRun(cells, "c1")).toEqual(["c1"]);
	});
});

describe("dependents", () => {
	it("are the cells that use what changed, at first and second hand", () => {
		const cells = page("const a = 1", "const b = a", "const c = 1", "b + c", "c");
		expect(dependents(cells, "c0")).toEqual(["c1", "c3"]);
		expect(dependents(cells, "c2")).toEqual(["c3", "c4"]);
		expect(dependents(cells, "c4")).toEqual([]);
	});
});

describe("states", () => {
	it("are said in words", () => {
		expect(stateText({ name: "done", ms: 240 })).toBe("done in 0.24 s");
		expect(stateText({ name: "queued", behind: "“A”" })).toBe("waiting for “A”");
		expect(duration(65_000)).toBe("1 min 5 s");
		expect(isBusy({ name: "stale", why: "edited" })).toBe(false);
	});
});
