import { expect, test } from "vitest";
import type { Output } from "../../src/kernel/protocol.ts";
import { Outputs } from "../../src/kernel/worker/outputs.ts";

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
