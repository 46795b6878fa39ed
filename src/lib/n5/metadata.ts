/**
 * Multiscale metadata for N5, in the conventions that n5-viewer, neuroglancer (fastest axis first) and COSEM (slowest
 * first) read, together: they do not contradict each other.
 */

import type { SpatialImage } from "../image/spatial-image.ts";
import { axisType } from "../ngff/axes.ts";
import { unitSymbol } from "../units.ts";

/** Where a level lies: no elements are looked at. */
type Placed = Pick<SpatialImage, "dims" | "scale" | "translation" | "units">;

/** Names of the levels' arrays: s0, s1, … */
export function n5LevelName(level: number): string {
	return `s${level}`;
}

/** Steps of a level in steps of the finest, by axis; whole where they are so but for rounding. */
function factors(level: Placed, finest: Placed): number[] {
	return level.dims.map((dim) => {
		const factor = level.scale[dim] / finest.scale[dim];
		const whole = Math.round(factor);
		return Math.abs(factor - whole) < 1e-6 * factor ? whole : factor;
	});
}

/** COSEM's transform: the coordinates of the level itself, slowest axis first. */
function transform(level: Placed) {
	return {
		axes: [...level.dims],
		units: unitsOf(level),
		scale: level.dims.map((dim) => level.scale[dim]),
		translate: level.dims.map((dim) => level.translation[dim]),
	};
}

/** The symbols of the units ("um"), which is what the viewers read; empty for an axis that has none. */
function unitsOf(level: Placed): string[] {
	return level.dims.map((dim) => unitSymbol(level.units[dim] ?? ""));
}

/** n5-viewer's resolution of the finest level, from which its factors count. Its unit is that of space. */
function pixelResolution(finest: Placed) {
	const space = finest.dims.filter((dim) => axisType(dim) === "space");
	const unit = space.map((dim) => finest.units[dim]).find(Boolean);
	return {
		unit: unit ? unitSymbol(unit) : "pixel",
		dimensions: finest.dims.map((dim) => finest.scale[dim]).reverse(),
	};
}

/** Attributes of a level's array. */
export function levelAttributes(level: Placed, finest: Placed): Record<string, unknown> {
	return {
		downsamplingFactors: factors(level, finest).reverse(),
		pixelResolution: pixelResolution(finest),
		transform: transform(level),
	};
}

/** Attributes of the group that holds the levels. */
export function imageAttributes({
	name,
	levels,
}: {
	readonly name: string;
	readonly levels: readonly Placed[];
}): Record<string, unknown> {
	const [finest] = levels;
	return {
		name,
		axes: [...finest.dims].reverse(),
		units: unitsOf(finest).reverse(),
		resolution: finest.dims.map((dim) => finest.scale[dim]).reverse(),
		pixelResolution: pixelResolution(finest),
		scales: levels.map((level) => factors(level, finest).reverse()),
		multiscales: [
			{
				name,
				datasets: levels.map((level, i) => ({ path: n5LevelName(i), transform: transform(level) })),
			},
		],
	};
}
