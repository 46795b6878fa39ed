/**
 * A part of a scale level, computed from the part of the level before that it needs: for images that do not fit into
 * memory. Every element equals that of {@link toMultiscale}.
 */
import type { IndexRange } from "../image/select.ts";
import { copyBlock, copyStrided } from "../image/select.ts";
import { allocate, cStrides, type DataType, dataTypeOf, product, type TypedArray } from "../types.ts";
import { planBins } from "./bin-mean.ts";
import { gaussianWeights } from "./gaussian.ts";
import { type MultiscaleMethod, methodRules } from "./methods.ts";

/** A half-open range of indices along each axis, slowest first. */
export type Region = readonly IndexRange[];

/** How one level is made of the level before it. */
export interface LevelStep {
	/** Of the level before. */
	shape: readonly number[];
	/** Along each axis. */
	factors: readonly number[];
	method: MultiscaleMethod;
}

export function regionShape(region: Region): number[] {
	return region.map(([start, stop]) => stop - start);
}

/** Bins on either side of a bin from which elements are used beside its own. */
function haloBins(method: MultiscaleMethod, factor: number): number {
	if (method !== "gaussian" || factor === 1) return 0;
	const { first, weights } = gaussianWeights(factor);
	const after = first + weights.length - factor;
	return Math.ceil(Math.max(-first, after, 0) / factor);
}

/**
 * The part of the level before that a part of a level is computed from: whole bins, and the elements around them that a
 * Gaussian reaches, as far as there are any.
 */
export function neededRegion({ shape, factors, method }: LevelStep, wanted: Region): IndexRange[] {
	const { trim } = planBins(shape, factors, methodRules[method].trimAt);
	return wanted.map(([start, stop], axis) => {
		const factor = factors[axis];
		const halo = haloBins(method, factor);
		return [
			Math.max(trim[axis], trim[axis] + (start - halo) * factor),
			// Beyond the last bin are the elements that fill none: a Gaussian sees them, as it sees all others.
			Math.min(shape[axis], trim[axis] + (stop + halo) * factor),
		];
	});
}

/**
 * Computes a part of a level.
 * @param source the elements of {@link neededRegion}, C order
 */
export function coarsenRegion(source: TypedArray, step: LevelStep, wanted: Region): TypedArray {
	const { factors, method } = step;
	const rule = methodRules[method];
	const needed = neededRegion(step, wanted);
	const { trim } = planBins(step.shape, factors, rule.trimAt);
	const shape = regionShape(needed);
	const outShape = shape.map((n, axis) => Math.floor(n / factors[axis]));
	const job = rule.job(source, { shape, factors, trim: shape.map(() => 0), outShape });
	job.run(0, job.rows);
	// The part of the bins that was asked for: a Gaussian's halo is bins too.
	const kept = wanted.map(([start, stop], axis): IndexRange => {
		const first = (needed[axis][0] - trim[axis]) / factors[axis];
		return [start - first, stop - first];
	});
	if (kept.every(([start, stop], axis) => start === 0 && stop === outShape[axis])) return job.target;
	return copyBlock(job.target, outShape, kept);
}

/**
 * Computes a part of a level piece by piece, so that no more than about `limit` elements of the level before are in memory
 * at one time (or those that one output element needs).
 */
export async function coarsenInPieces(
	step: LevelStep,
	wanted: Region,
	limit: number,
	read: (needed: Region) => Promise<TypedArray>,
): Promise<TypedArray> {
	const pieces = [...split(step, wanted, limit)];
	if (pieces.length === 1) return coarsenRegion(await read(neededRegion(step, wanted)), step, wanted);
	const shape = regionShape(wanted);
	const strides = cStrides(shape);
	let out: TypedArray | undefined;
	for (const piece of pieces) {
		const values = coarsenRegion(await read(neededRegion(step, piece)), step, piece);
		out ??= allocate(dataTypeOf(values) as DataType, product(shape));
		const extent = regionShape(piece);
		const to = piece.reduce((sum, [start], axis) => sum + (start - wanted[axis][0]) * strides[axis], 0);
		copyStrided(values, 0, cStrides(extent), out, to, strides, extent);
	}
	return out as TypedArray;
}

/** Halves a region along its slowest axis that can be, until what it needs is within the limit. */
export function* split(step: LevelStep, region: Region, limit: number): Generator<Region> {
	const axis = region.findIndex(([start, stop]) => stop - start > 1);
	if (axis < 0 || product(regionShape(neededRegion(step, region))) <= limit) {
		yield region;
		return;
	}
	const [start, stop] = region[axis];
	const middle = Math.floor((start + stop) / 2);
	yield* split(step, replaced(region, axis, [start, middle]), limit);
	yield* split(step, replaced(region, axis, [middle, stop]), limit);
}

function replaced(region: Region, axis: number, range: IndexRange): Region {
	return region.map((other, i) => (i === axis ? range : other));
}
