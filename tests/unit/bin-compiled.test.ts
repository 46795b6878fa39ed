import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { compiledBins } from "../../src/lib/multiscale/bin-compiled.ts";
import { binMeanJob, planBins } from "../../src/lib/multiscale/bin-mean.ts";
import { binShrinkJob } from "../../src/lib/multiscale/bin-shrink.ts";
import { product } from "../../src/lib/types.ts";
import { allowKernels } from "../../src/lib/zarr/codecs/kernels.ts";

afterEach(() => allowKernels(true));

const kinds = [Uint8Array, Int8Array, Uint16Array, Int16Array];
const power = fc.constantFrom(1, 2, 4);
const cases = fc.record({
	kind: fc.constantFrom(...kinds),
	lead: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2 }),
	/** Bins and excess of z, y and x. */
	bins: fc.tuple(
		fc.integer({ min: 1, max: 6 }),
		fc.integer({ min: 1, max: 30 }),
		fc.integer({ min: 20, max: 150 }),
	),
	excess: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
	factors: fc.tuple(power, power, fc.constantFrom(2, 4)),
	axes: fc.integer({ min: 1, max: 3 }),
	trimAt: fc.constantFrom("start" as const, "end" as const),
	seed: fc.nat(),
	pieces: fc.integer({ min: 1, max: 50 }),
});

describe("means over bins in WebAssembly", () => {
	it("are those of JavaScript for every type, shape and factor, computed in pieces of any size", () => {
		let used = 0;
		fc.assert(
			fc.property(cases, ({ kind, lead, bins, excess, factors, axes, trimAt, seed, pieces }) => {
				const own = factors.slice(-axes);
				const inner = bins.slice(-axes).map((n, i) => n * own[i] + Math.min(excess[i], own[i] - 1));
				const shape = [...lead, ...inner];
				fc.pre(product(shape) < 300_000);
				const source = new kind(product(shape));
				for (let i = 0, state = seed; i < source.length; i++) {
					state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
					source[i] = state >>> 15;
				}
				const plan = planBins(shape, [...lead.map(() => 1), ...own], trimAt);
				for (const makeJob of [binMeanJob, binShrinkJob]) {
					const [compiled, plain] = [true, false].map((yes) => {
						allowKernels(yes);
						const job = makeJob(source, plan);
						for (let row = 0; row < job.rows; row += pieces) {
							job.run(row, Math.min(job.rows, row + pieces));
						}
						return job.target;
					});
					expect(compiled).toEqual(plain);
				}
				allowKernels(true);
				if (compiledBins(source, new kind(product(plan.outShape)), plan, false)) used++;
			}),
			{ numRuns: 200 },
		);
		expect(used).toBeGreaterThan(50);
	});

	it("hold the largest and the smallest values", () => {
		for (const kind of kinds) {
			const ends = new kind([-1, 2 ** 15 - 1, 2 ** 15, 127, 128]);
			for (const value of ends) {
				const source = new kind(16 * 16 * 4 * 4096).fill(value);
				const plan = planBins([16, 16, 4096 * 4], [16, 16, 4]);
				expect(compiledBins(source, new kind(4096), plan, false)).toBeDefined();
				for (const makeJob of [binMeanJob, binShrinkJob]) {
					const job = makeJob(source, plan);
					job.run(0, job.rows);
					expect(job.target.every((mean) => mean === value)).toBe(true);
				}
			}
		}
	});

	it("leave to JavaScript what is not for them", () => {
		const source = new Uint16Array(8 * 64 * 64);
		const target = new Uint16Array(8 * 64 * 64);
		const can = (shape: number[], factors: number[]) =>
			compiledBins(source, target, planBins(shape, factors), false) !== undefined;
		expect(can([8, 64, 64], [2, 2, 2])).toBe(true);
		expect(can([8, 64, 64], [1, 1, 2])).toBe(true);
		expect(can([8, 64, 64], [2, 2, 1])).toBe(false);
		expect(can([8, 64, 64], [3, 2, 2])).toBe(false);
		expect(can([8, 1, 64, 64], [2, 1, 2, 2])).toBe(false);
		expect(can([8, 64], [2, 2])).toBe(false);
	});
});
