import { afterEach, expect, test, vi } from "vitest";
import type { Output } from "../../src/kernel/protocol.ts";
import { Outputs } from "../../src/kernel/worker/outputs.ts";

afterEach(() => {
	vi.useRealTimers();
});

test("no part of a flood of console lines is larger than what a page can take, and what is left out is counted", () => {
	const parts: Output[][] = [];
	const outputs = new Outputs((part) => parts.push([...part]));
	for (let i = 0; i < 10_000; i++) outputs.console.log(i);
	outputs.end();
	const lines = parts.map((part) => part.filter((output) => output.kind === "console"));
	expect(Math.max(...lines.map((part) => part.length))).toBeLessThanOrEqual(200);
	const told = lines.flat().reduce((sum, line) => sum + 1 + (line.dropped ?? 0), 0);
	expect(told).toBe(10_000);
	expect(lines.flat().at(-1)?.text).toBe("9999");
});

test("progress alone goes to the page eight times a second, and with other output at once", () => {
	vi.useFakeTimers();
	const parts: Output[][] = [];
	const outputs = new Outputs((part) => parts.push(part));
	const bar = (done: number) => outputs.progress({ label: "Downloading", done, total: 1000, unit: "chunks" });
	for (let i = 1; i <= 100; i++) {
		bar(i);
		vi.advanceTimersByTime(10);
	}
	// A second: 8 whole gathers of 120 ms.
	expect(parts).toHaveLength(8);
	expect(parts.at(-1)).toMatchObject([{ kind: "progress", progress: { done: 96 } }]);
	parts.length = 0;
	bar(101);
	outputs.console.log("a line");
	vi.advanceTimersByTime(16);
	expect(parts).toMatchObject([[{ kind: "progress", progress: { done: 101 } }, { kind: "console" }]]);
	// The last word does not wait.
	bar(1000);
	outputs.end();
	expect(parts.at(-1)).toMatchObject([{ kind: "progress", progress: { done: 1000 } }]);
	const told = parts.length;
	vi.advanceTimersByTime(1000);
	expect(parts).toHaveLength(told);
});
