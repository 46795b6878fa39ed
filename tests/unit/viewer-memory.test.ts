import { expect, it } from "vitest";
import { memoryBudget } from "../../src/components/viewer/memory.ts";

it("a viewer keeps less where the machine has little memory, or is a phone that does not say", () => {
	const large = memoryBudget(8, false);
	const small = memoryBudget(4, false);
	expect(small.values + small.planes).toBeLessThan((large.values + large.planes) / 2);
	expect(memoryBudget(8, true)).toEqual(large);
	expect(memoryBudget(2, true)).toEqual(small);
	expect(memoryBudget(undefined, true)).toEqual(small);
	expect(memoryBudget(undefined, false)).toEqual(large);
});
