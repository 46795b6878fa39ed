/** A whole scale level computed by a pool, region by region. */
import { copyBlock, copyStrided } from "../image/select.ts";
import { planBins } from "../multiscale/bin-mean.ts";
import { methodRules } from "../multiscale/methods.ts";
import { type LevelStep, neededRegion, regionShape, split } from "../multiscale/region.ts";
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { forEachInFlight } from "./in-flight.ts";
import type { WorkerPool } from "./pool.ts";

/** Elements of the level before that go to a worker at one time: few enough to be held several times over. */
const mostElements = 1 << 22;
const fewestElements = 1 << 14;

/**
 * The level in C order, equal to what one thread computes.
 * @param source the level before, C order; it stays as it is
 */
export async function coarsenInPool(
	pool: WorkerPool,
	source: TypedArray,
	step: LevelStep,
	signal?: AbortSignal,
): Promise<TypedArray> {
	const { outShape } = planBins(step.shape, step.factors, methodRules[step.method].trimAt);
	const target = allocate(dataTypeOf(source) as DataType, product(outShape));
	const strides = cStrides(outShape);
	// Some pieces for each worker, so that they end together; larger ones for a Gaussian, which looks beyond its piece.
	const each = step.method === "gaussian" ? 1 : 4;
	const share = Math.ceil(source.length / (each * Math.max(1, pool.workers)));
	const limit = Math.min(mostElements, Math.max(fewestElements, share));
	const whole = outShape.map((n): [number, number] => [0, n]);
	await forEachInFlight(
		product(outShape) === 0 ? [] : split(step, whole, limit),
		2 * pool.workers + 1,
		async (region) => {
			const data = copyBlock(source, step.shape, neededRegion(step, region));
			const transfer = [data.buffer as ArrayBuffer];
			const { output } = await pool.run("downsample", { data, step, region }, { signal, transfer });
			const extent = regionShape(region);
			const to = region.reduce((sum, [start], axis) => sum + start * strides[axis], 0);
			copyStrided(output, 0, cStrides(extent), target, to, strides, extent);
		},
		signal,
	);
	return target;
}
