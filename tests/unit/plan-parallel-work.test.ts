import { describe, expect, it } from "vitest";
import type { TaskRecord } from "../../src/lib/parallel/graph.ts";
import {
	describeRun,
	idealSpeedUp,
	type ParallelRun,
	parallelSetting,
	parallelTwin,
	parallelWork,
	runTimes,
	speedUp,
} from "../../src/lib/plan/parallel-work.ts";
import {
	describeShared,
	sharedChunk,
	sharedChunks,
	sharedColumns,
	sharedSetting,
	sharedTwin,
} from "../../src/lib/plan/shared-chunk.ts";

const record = (id: string, inputs: string[], times: [number, number][]): TaskRecord => ({
	...{ id, label: id, inputs, worker: 1 },
	started: times[0][0] - 1,
	ended: times[times.length - 1][1],
	jobs: times.map(([started, ended]) => ({ job: "encodeChunk", worker: 1, started, ended })),
});

const run = (workers: number, elapsed: number, busy = workers * elapsed, longest = 30): ParallelRun => ({
	...{ workers, codec: "gzip", elapsed, busy, longest, stored: 1024 },
});

describe("runs of a task graph", () => {
	it("are summed from their records", () => {
		const records = [
			record("a", [], [[11, 31]]),
			record("b", [], [[12, 22]]),
			record(
				"c",
				["a", "b"],
				[
					[32, 35],
					[36, 46],
				],
			),
		];
		expect(runTimes(records)).toEqual({ elapsed: 36, busy: 43, longest: 33 });
		expect(runTimes([])).toEqual({ elapsed: 0, busy: 0, longest: 0 });
	});

	it("are compared with one worker, and with what cores and graph allow", () => {
		const runs = [run(1, 120), run(2, 60), run(4, 50, 100)];
		expect(speedUp(runs, runs[2])).toBe(2.4);
		expect(speedUp([runs[1]], runs[1])).toBeUndefined();
		expect(idealSpeedUp(4, 8)).toBe(4);
		expect(idealSpeedUp(4, 2)).toBe(2);
		expect(idealSpeedUp(8, 8, run(1, 120))).toBe(4);
		expect(describeRun(runs, runs[2], 8)).toBe(
			"4 workers, gzip: 50 ms, 2.40× as fast as one (at best 4.00× here). The workers were busy 50 % of the time.",
		);
		expect(describeRun(runs, runs[0], 8)).toBe(
			"1 worker, gzip: 120 ms. The workers were busy 100 % of the time.",
		);
	});

	it("are said in words and a table", () => {
		const setting = parallelSetting({});
		expect(parallelTwin(setting).summary).toContain("37 tasks");
		expect(parallelTwin(setting).summary).toContain("32 of scale0, 4 of scale1, 1 of scale2");
		expect(parallelTwin(setting).rows).toHaveLength(1);
		expect(parallelTwin(setting, [run(1, 120), run(2, 60)], 2).rows[1]).toEqual([
			...["2", "gzip", "60 ms", "2.00×", "2.00×", "100 %", "1.00 KiB"],
		]);
	});

	it("are of a graph that can be drawn", () => {
		expect(() => parallelWork({ chunk: 16 })).toThrow(/too many to draw/);
		expect(() => parallelWork({ shape: [1024, 1024, 1024], chunk: 256 })).toThrow(/too large/);
		expect(() => parallelWork({ codec: "lzma" as never })).toThrow(/lzma/);
		expect(() => parallelSetting({ mostWorkers: 0 })).toThrow(/0 workers/);
	});
});

describe("two writers", () => {
	it("share the chunks in which their border lies", () => {
		const setting = sharedSetting({});
		expect(setting).toEqual({ shape: [16, 24], chunks: [8, 8], border: 12 });
		expect(sharedColumns(setting)).toEqual([8, 16]);
		expect(sharedChunks(setting)).toBe(2);
		for (const border of [0, 8, 16, 24]) expect(sharedChunks({ ...setting, border })).toBe(0);
		expect(sharedTwin(setting).rows.filter(([, chunks]) => chunks === "0")).toHaveLength(4);
	});

	it("are described with what they lost", () => {
		const setting = sharedSetting({});
		expect(describeShared(setting, { lost: [32, 32], locked: false })).toBe(
			"The border at column 12 lies within chunks: 2 chunks (columns 8 to 15) belong to both. " +
				"64 elements of 384 are lost: 32 of writer A, 32 of writer B.",
		);
		expect(describeShared(setting, { lost: [0, 0], locked: true })).toContain(
			"One writer waited for the other.",
		);
		expect(describeShared({ ...setting, border: 8 }, { lost: [0, 0], locked: false })).toBe(
			"The border at column 8 is one of chunks: no chunk belongs to both. All 384 elements are in the store.",
		);
	});

	it("need an array that can be drawn", () => {
		expect(() => sharedChunk({ border: 25 })).toThrow(/column 25/);
		expect(() => sharedSetting({ shape: [0, 4] })).toThrow(/two lengths/);
		expect(() => sharedChunk({ shape: [100, 100] })).toThrow(/cannot be told apart/);
	});
});
