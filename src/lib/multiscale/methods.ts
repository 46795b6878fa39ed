/** The methods by which a coarser level is computed: the work, which elements it drops, and where a bin's value lies. */
import type { TypedArray } from "../types.ts";
import { type BinJob, type BinPlan, binMeanJob } from "./bin-mean.ts";
import { binShrinkJob } from "./bin-shrink.ts";
import { gaussianJob } from "./gaussian.ts";
import { modeJob, nearestIndex, nearestJob } from "./label-bins.ts";

/**
 * How the elements of a coarser level are made of those of the level before; {@link toMultiscale} defines each.
 */
export type MultiscaleMethod = "mean" | "bin-shrink" | "nearest" | "mode" | "gaussian";

export interface MethodRule {
	/** Where the elements are dropped that fill no bin. */
	trimAt: "start" | "end";
	/** Where in a bin of `factor` elements its value lies, in elements after the first. */
	middle(factor: number): number;
	job(source: TypedArray, plan: BinPlan): BinJob;
	/** For the metadata of the image. */
	description: string;
}

const middle = (factor: number) => (factor - 1) / 2;
const dropsAtEnd = "Where an axis does not divide, the excess is dropped at its end.";

export const methodRules: Readonly<Record<MultiscaleMethod, MethodRule>> = {
	mean: {
		trimAt: "start",
		middle,
		job: binMeanJob,
		description:
			"Each element is the mean over a bin of elements of the level before, in float64; integers are truncated toward zero. " +
			"Where an axis does not divide, the excess is dropped at its start.",
	},
	"bin-shrink": {
		trimAt: "end",
		middle,
		job: binShrinkJob,
		description: `Each element is the mean over a bin of elements of the level before, in float64; integers are rounded half up. ${dropsAtEnd}`,
	},
	nearest: {
		trimAt: "end",
		middle: nearestIndex,
		job: nearestJob,
		description: `Each element is the one nearest the middle of a bin of the level before, the lower of two. ${dropsAtEnd}`,
	},
	mode: {
		trimAt: "end",
		middle,
		job: modeJob,
		description: `Each element is the most frequent value in a bin of the level before, the smallest of several. ${dropsAtEnd}`,
	},
	gaussian: {
		trimAt: "end",
		middle,
		job: gaussianJob,
		description:
			"Each element is the level before, smoothed by a Gaussian of variance (factor² - 1) / (8 ln 2) elements, at the middle of a bin; " +
			`integers are rounded half up. ${dropsAtEnd}`,
	},
};

/** All names of methods. */
export const multiscaleMethods = Object.keys(methodRules) as MultiscaleMethod[];

export function isMethod(name: string): name is MultiscaleMethod {
	return Object.hasOwn(methodRules, name);
}
