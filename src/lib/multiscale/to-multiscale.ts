/** Making the scale levels of an image. */
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import { SpatialImage } from "../image/spatial-image.ts";
import { coarsenInPool } from "../parallel/coarsen.ts";
import type { WorkerPool } from "../parallel/pool.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { product, type TypedArray } from "../types.ts";
import { planBins } from "./bin-mean.ts";
import { type ChunkRequest, chunkShape } from "./chunks.ts";
import { type MultiscaleMethod, methodRules, multiscaleMethods } from "./methods.ts";
import { Multiscale } from "./multiscale.ts";

export { type MultiscaleMethod, multiscaleMethods } from "./methods.ts";

/** One factor for every dimension in space, or a factor by dimension name (1 for those not named). */
export type ScaleFactor = number | Readonly<Record<string, number>>;

/**
 * Factors of each level relative to the image itself: `{ absoluteFactors: [2, 4] }` makes levels 2 and 4 times coarser
 * than the image, as today's multiscale-spatial-image and ome-zarr-py count. Each is a multiple of the one before.
 */
export interface AbsoluteFactors {
	absoluteFactors: readonly ScaleFactor[];
}

export interface MultiscaleOptions extends LongTask {
	/** How an element of a coarser level is computed; default "mean". */
	method?: MultiscaleMethod;
	/** Default 64 for volumes and 256 for planes. */
	chunks?: ChunkRequest;
	/** Workers to compute with; the elements are the same. They pay for slow methods (see `chooseWorkers`). */
	pool?: WorkerPool;
}

/** Output elements computed before looking at the clock. */
const sliceElements = 1 << 18;
/** Milliseconds of work after which messages (a cancel among them) get their turn. */
const patience = 100;

/**
 * The image and one coarser level for each factor. Factors are relative to the level before: `[2, 4]` makes levels 2
 * and 8 times coarser than the image. Time (t) and channels (c) are never scaled.
 *
 * A level is computed from the level before it as stored, for bins of f elements along each axis of n elements that
 * starts at p in steps of s; its step is s f. By method:
 *
 * - "mean" (the course's; xarray's `coarsen(side="right")`): mean in float64, integers truncated toward zero; the excess
 *   n mod f is dropped at the start of an axis. It starts at p + s (n mod f + (f - 1) / 2).
 * - "bin-shrink" (ITK's): the same mean, integers rounded half up; the excess is dropped at the end. It starts at
 *   p + s (f - 1) / 2.
 * - "nearest": the element nearest the middle of the bin, the lower of two; excess dropped at the end. It starts at
 *   p + s floor((f - 1) / 2). For labels, fast.
 * - "mode": the most frequent value, the smallest where several are; excess dropped at the end. It starts at
 *   p + s (f - 1) / 2. For labels.
 * - "gaussian": a Gaussian of variance (f² - 1) / (8 ln 2) elements (ngff-zarr's choice) about the middle of the bin, cut
 *   off at 4 standard deviations, the image's edge repeated beyond it; integers rounded half up, 64-bit ones computed in
 *   float64; excess dropped at the end. It starts at p + s (f - 1) / 2.
 *
 * NaN among the elements used makes a mean or Gaussian NaN.
 *
 * @throws ChunkwiseError bad-scale-factor, axis-vanishes, bad-method, bad-chunks; the signal's reason when aborted
 */
export async function toMultiscale(
	image: SpatialImage,
	scaleFactors: readonly ScaleFactor[] | AbsoluteFactors,
	options: MultiscaleOptions = {},
): Promise<Multiscale> {
	const { method = "mean" } = options;
	if (!multiscaleMethods.includes(method)) {
		throw new ChunkwiseError("bad-method", `There is no method ${JSON.stringify(method)}.`, {
			remedy: `Use one of ${multiscaleMethods.join(", ")}.`,
		});
	}
	if (image.dims.length === 0) {
		throw new ChunkwiseError("axis-vanishes", "A single value has no coarser levels.", {
			where: image.name,
			remedy: "Take an image with at least one dimension.",
		});
	}
	chunkShape(image.dims, image.shape, options.chunks);
	const byLevel = levelFactors(image, scaleFactors);
	const report = progressOf(options);
	const levels = [image];
	for (const [i, factors] of byLevel.entries()) {
		report({ label: "Computing scale levels", done: i, total: byLevel.length, unit: "levels" });
		levels.push(await coarsen(levels[i], factors, method, options));
	}
	if (byLevel.length === 0)
		return new Multiscale(levels, { method, chunks: options.chunks, scaleFactors: [] });
	report({ label: "Computing scale levels", done: byLevel.length, total: byLevel.length, unit: "levels" });
	return new Multiscale(levels, { method, chunks: options.chunks, scaleFactors: byLevel });
}

/** What is known of an image before its elements are read. */
export type ImageGeometry = Pick<SpatialImage, "name" | "dims" | "shape" | "scale" | "translation" | "units">;

/**
 * Factors of each level relative to the one before it, by dimension, once it is sure that every level can be made.
 * @throws ChunkwiseError bad-scale-factor, axis-vanishes
 */
export function levelFactors(
	image: ImageGeometry,
	scaleFactors: readonly ScaleFactor[] | AbsoluteFactors,
): Record<string, number>[] {
	const relative =
		"absoluteFactors" in scaleFactors ? relativeFactors(image, scaleFactors.absoluteFactors) : scaleFactors;
	return checkFactors(image, relative);
}

/** Shape and coordinates of the level that bins of these factors make of an image. */
export function coarserGeometry(
	image: ImageGeometry,
	factors: Readonly<Record<string, number>>,
	method: MultiscaleMethod,
): ImageGeometry {
	const rule = methodRules[method];
	const plan = planBins(
		image.shape,
		image.dims.map((dim) => factors[dim]),
		rule.trimAt,
	);
	const scale: Record<string, number> = {};
	const translation: Record<string, number> = {};
	for (const [axis, dim] of image.dims.entries()) {
		const factor = factors[dim];
		scale[dim] = image.scale[dim] * factor;
		translation[dim] = image.translation[dim] + image.scale[dim] * (plan.trim[axis] + rule.middle(factor));
	}
	const { name, dims, units } = image;
	return { name, dims, shape: plan.outShape, scale, translation, units };
}

/** What each level is divided by after the level before it. */
function relativeFactors(image: ImageGeometry, absolute: readonly ScaleFactor[]): Record<string, number>[] {
	let before: Record<string, number> = {};
	return absolute.map((wanted, i) => {
		const dims =
			typeof wanted === "number" ? image.dims.filter((d) => d !== "t" && d !== "c") : Object.keys(wanted);
		const factors = Object.fromEntries(dims.map((d) => [d, typeof wanted === "number" ? wanted : wanted[d]]));
		const relative: Record<string, number> = {};
		for (const dim of new Set([...Object.keys(before), ...dims])) {
			const factor = factors[dim] ?? 1;
			const former = before[dim] ?? 1;
			if (Number.isInteger(factor) && factor % former !== 0) {
				throw new ChunkwiseError(
					"bad-scale-factor",
					`The absolute factor of level ${i + 1} along ${dim} is ${factor}, and that of the level before ${former}.`,
					{
						where: image.name,
						remedy:
							"Absolute factors grow, each a multiple of the one before: [2, 4, 8]. Relative ones are given as a list.",
					},
				);
			}
			relative[dim] = factor / former;
		}
		before = factors;
		return relative;
	});
}

function checkFactors(image: ImageGeometry, scaleFactors: readonly ScaleFactor[]): Record<string, number>[] {
	let shape = image.shape;
	return scaleFactors.map((wanted, i) => {
		const level = i + 1;
		const factors: Record<string, number> = {};
		if (Array.isArray(wanted)) {
			const named = image.dims.flatMap((dim, axis) => (wanted[axis] > 1 ? [`${dim}: ${wanted[axis]}`] : []));
			throw new ChunkwiseError("bad-scale-factor", `The factors of level ${level} are a list.`, {
				where: image.name,
				remedy: `Give one number for all axes, or name the axes: { ${named.join(", ") || "y: 2, x: 2"} }.`,
			});
		}
		for (const dim of typeof wanted === "object" ? Object.keys(wanted) : []) {
			if (!image.dims.includes(dim) || dim === "t" || dim === "c") {
				throw new ChunkwiseError("bad-scale-factor", `Level ${level} would scale ${JSON.stringify(dim)}.`, {
					where: image.name,
					remedy: `Factors are for ${image.dims.filter((d) => d !== "t" && d !== "c").join(", ")}; t and c are never scaled.`,
				});
			}
		}
		const next = image.dims.map((dim, axis) => {
			const scaled = dim !== "t" && dim !== "c";
			const factor = typeof wanted === "number" ? (scaled ? wanted : 1) : (wanted?.[dim] ?? 1);
			if (!Number.isInteger(factor) || factor < 1) {
				throw new ChunkwiseError(
					"bad-scale-factor",
					`The scale factor of level ${level} along ${dim} is ${factor}.`,
					{ where: image.name, remedy: "Give whole numbers, 1 or more, for example [2, 4]." },
				);
			}
			if (factor > shape[axis]) {
				const others = image.dims.filter((d) => d !== dim && d !== "t" && d !== "c");
				throw new ChunkwiseError(
					"axis-vanishes",
					`Level ${level} has nothing left along ${dim}: ${shape[axis]} divided by ${factor} is less than 1.`,
					{
						where: image.name,
						remedy:
							`Leave this factor out, take one of at most ${shape[axis]}, ` +
							`or give factors by dimension: { ${[`${dim}: 1`, ...others.map((d) => `${d}: ${factor}`)].join(", ")} }.`,
					},
				);
			}
			factors[dim] = factor;
			return Math.floor(shape[axis] / factor);
		});
		shape = next;
		return factors;
	});
}

async function coarsen(
	image: SpatialImage,
	factors: Readonly<Record<string, number>>,
	method: MultiscaleMethod,
	{ pool, signal }: Pick<MultiscaleOptions, "pool" | "signal">,
): Promise<SpatialImage> {
	throwIfAborted(signal);
	const byDims = image.dims.map((dim) => factors[dim]);
	const data = pool?.workers
		? await coarsenInPool(pool, image.data, { shape: image.shape, factors: byDims, method }, signal)
		: await coarsenHere(image, byDims, method, signal);
	return new SpatialImage({
		...coarserGeometry(image, factors, method),
		data,
		attrs: image.attrs,
		fixed: image.fixed,
	});
}

async function coarsenHere(
	image: SpatialImage,
	factors: readonly number[],
	method: MultiscaleMethod,
	signal?: AbortSignal,
): Promise<TypedArray> {
	const rule = methodRules[method];
	const plan = planBins(image.shape, factors, rule.trimAt);
	const job = rule.job(image.data, plan);
	const rowsAtOnce = Math.max(1, Math.floor(sliceElements / Math.max(1, product(plan.outShape.slice(-1)))));
	let rested = performance.now();
	for (let row = 0; row < job.rows; row += rowsAtOnce) {
		job.run(row, Math.min(job.rows, row + rowsAtOnce));
		if (performance.now() - rested > patience) {
			await new Promise((resolve) => setTimeout(resolve));
			throwIfAborted(signal);
			rested = performance.now();
		}
	}
	return job.target;
}
