import { describe, expect, it } from "vitest";
import { judgeChoice, judgeNumber, judgeOrder, readNumbers } from "../../src/components/quiz/judge.ts";

describe("choices", () => {
	it("one: the chosen is right or not, and its feedback is shown", () => {
		expect(judgeChoice([0, 1, 0], [1], false)).toEqual({ isRight: true, said: "Right.", show: [1] });
		expect(judgeChoice([0, 1, 0], [2], false)).toEqual({
			isRight: false,
			said: "Not yet. Choose again.",
			show: [2],
		});
	});

	it.each([
		[[0, 1], true, "Right."],
		[[0], false, "Not yet: one that is right is missing."],
		[[0, 1, 2], false, "Not yet: 1 of those you chose is not right."],
		[[2, 3], false, "Not yet: 2 of those you chose are not right, and 2 that are right are missing."],
	])("several: %j", (chosen, isRight, said) => {
		expect(judgeChoice([1, 1, 0, 0], chosen, true)).toEqual({ isRight, said, show: chosen });
	});
});

describe("steps in order", () => {
	it("says how many stand right and which to look at", () => {
		expect(judgeOrder([0, 1, 2], ["a", "b", "c"], [2, 0, 1])).toEqual({
			isRight: true,
			said: "Right.",
			show: [2, 0, 1],
		});
		expect(judgeOrder([0, 2, 1], ["a", "c", "b"], [2, 1, 0])).toEqual({
			isRight: false,
			said: "Not yet: 1 of 3 is in its place. Look at step 2, “c”.",
			show: [1],
		});
	});
});

describe("numbers", () => {
	it.each([
		["24", [24]],
		[" −3.5 ", [-3.5]],
		["1 024", [1024]],
		["1,024", [1024, 1.024]],
		["0,5", [5, 0.5]],
		["1_000", [1000]],
		["2^10", [1024]],
		["2**10", [1024]],
		["5e3", [5000]],
		["many", []],
		["", []],
		["1.2.3", []],
	])("%s", (text, numbers) => {
		expect(readNumbers(text)).toEqual(numbers);
	});

	it("may carry their unit", () => {
		expect(readNumbers("18.9 mib", "MiB")).toEqual([18.9]);
		expect(readNumbers("18.9 KiB", "MiB")).toEqual([]);
	});

	const question = { answer: 24, within: 0, replies: [24, 72, null] };
	it("are right within the tolerance, and get the reply that the author has for them", () => {
		expect(judgeNumber(question, "24")).toEqual({ isRight: true, said: "Right.", show: [0] });
		expect(judgeNumber(question, "72")).toMatchObject({ isRight: false, show: [1] });
		expect(judgeNumber(question, "5")).toMatchObject({ isRight: false, show: [2] });
		expect(judgeNumber({ ...question, within: 1 }, "24.9")).toMatchObject({ isRight: true, show: [0] });
		expect(judgeNumber({ answer: 0.3, within: 0, replies: [] }, String(0.1 + 0.2)).isRight).toBe(true);
		expect(judgeNumber({ answer: 1024, within: 0, replies: [] }, "1,024").isRight).toBe(true);
		expect(judgeNumber({ answer: 0.5, within: 0, replies: [] }, "0,5").isRight).toBe(true);
	});

	it("that are none are told so", () => {
		expect(judgeNumber(question, "two dozen").said).toBe(
			"“two dozen” is not a number. Write digits, as in 24 or 0.5.",
		);
	});
});
