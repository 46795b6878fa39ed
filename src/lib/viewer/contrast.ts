/** Values to draw black and full where metadata says nothing: from the values that were seen. */
import type { TypedArray } from "../types.ts";

/** Values looked at, of all that are given. */
const mostSamples = 40_000;

/** Shares of the values below the darkest and the brightest that are told apart, as viewers of microscopy choose them. */
const dark = 0.01;
const bright = 0.998;

/**
 * A window and limits for some values; undefined where there is no finite one.
 * @param parts chunks, or planes of them
 */
export function contrastOf(
	parts: readonly TypedArray[],
): { window: { start: number; end: number }; limits: { min: number; max: number } } | undefined {
	const count = parts.reduce((sum, part) => sum + part.length, 0);
	const every = Math.max(1, Math.floor(count / mostSamples));
	const seen: number[] = [];
	for (const part of parts) {
		for (let i = 0; i < part.length; i += every) {
			const value = Number(part[i]);
			if (Number.isFinite(value)) seen.push(value);
		}
	}
	if (seen.length === 0) return undefined;
	const sorted = Float64Array.from(seen).sort();
	const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
	const [min, max] = [sorted[0], sorted[sorted.length - 1]];
	const [start, end] = [at(dark), at(bright)];
	// Of a few bright values in nothing the shares say nothing.
	if (!(end > start))
		return {
			window: { start: min, end: max > min ? max : min + 1 },
			limits: { min, max: Math.max(max, min + 1) },
		};
	return { window: { start, end }, limits: { min, max } };
}
