/**
 * Where an N5 level lies in space, by the conventions in use. All but COSEM's `transform` list axes fastest first; here
 * they are slowest first.
 *
 * - COSEM (janelia-cosem, "schemas/multiscale.md"): `transform: { axes, units, scale, translate, order? }`;
 * - n5-viewer and neuroglancer: `pixelResolution` or `resolution` of the finest level, `downsamplingFactors` of an
 *   array, or `scales` of a group above it for all levels, `units`, `axes`, each inherited from the groups above;
 * - BigDataViewer (bdv.n5): `downsamplingFactors` of a setup for all levels, `resolution` of a timepoint.
 *
 * A factor f averages f voxels, so that the first coordinate is (f - 1) / 2 voxels of the finest level.
 */
import { type Axis, axisType } from "../ngff/axes.ts";
import { udunitsName } from "../units.ts";
import type { Json } from "../zarr/array-metadata.ts";

export interface N5Coordinates {
	/** Undefined where nothing says what the axes are. */
	axes?: Axis[];
	scale?: number[];
	translation?: number[];
}

/** Attributes that apply to what lies below. */
const inherited = [
	"pixelResolution",
	"resolution",
	"units",
	"axes",
	"scales",
	"downsamplingFactors",
	"multiScale",
];

export function inherit(above: Json, attributes: Json | undefined): Json {
	const passed = Object.entries(attributes ?? {}).filter(([key]) => inherited.includes(key));
	return { ...above, ...Object.fromEntries(passed) };
}

function numbers(value: unknown, count: number): number[] | undefined {
	if (!Array.isArray(value) || value.length !== count) return undefined;
	return value.every((n) => typeof n === "number" && Number.isFinite(n)) ? (value as number[]) : undefined;
}

function strings(value: unknown, count: number): string[] | undefined {
	if (!Array.isArray(value) || value.length !== count) return undefined;
	return value.every((text) => typeof text === "string") ? (value as string[]) : undefined;
}

function axis(name: string, unit: string | undefined): Axis {
	const type = axisType(name);
	// A step in pixels is no unit.
	const named = unit && !/^(px|pixels?)$/i.test(unit) ? udunitsName(unit) : undefined;
	return { name, ...(type ? { type } : {}), ...(named ? { unit: named } : {}) };
}

const spatial = ["z", "y", "x"];

/** `level` counts from the finest, where the array is one of a pyramid. */
export function coordinatesOf(
	own: Json,
	above: Json,
	level: number | undefined,
	ndim: number,
): N5Coordinates {
	return cosem(own.transform, ndim) ?? viewer(own, above, level, ndim);
}

/** The transform of COSEM; undefined where there is none for this number of axes. */
export function cosem(transform: unknown, ndim: number): N5Coordinates | undefined {
	if (typeof transform !== "object" || transform === null) return undefined;
	const { axes, units, scale, translate, order } = transform as Json;
	const steps = numbers(scale, ndim);
	if (!steps) return undefined;
	const turn = <T>(values: readonly T[]) => (order === "F" ? [...values].reverse() : [...values]);
	const names = strings(axes, ndim);
	const named = strings(units, ndim);
	return {
		axes: names && turn(names.map((name, i) => axis(name, named?.[i]))),
		scale: turn(steps),
		translation: turn(numbers(translate, ndim) ?? steps.map(() => 0)),
	};
}

function viewer(own: Json, above: Json, level: number | undefined, ndim: number): N5Coordinates {
	const all = { ...above, ...own };
	const resolution = resolutionOf(all, ndim);
	const factors = factorsOf(own, above, level, ndim);
	const names = strings(all.axes, ndim);
	const units = strings(all.units, ndim);
	if (!resolution && !factors && !names) return {};
	// Without names the axes of up to three are those of space, which is what these viewers take them for.
	const shown = names ?? (ndim <= 3 ? spatial.slice(-ndim).reverse() : undefined);
	const axes = shown
		?.map((name, i) => axis(name, units?.[i] ?? (axisType(name) === "space" ? resolution?.unit : undefined)))
		.reverse();
	// Beyond the finest level a resolution alone tells nothing.
	const known = factors ?? (level === undefined || level === 0 ? new Array<number>(ndim).fill(1) : undefined);
	if (!known) return { axes };
	const steps = resolution?.values ?? new Array<number>(ndim).fill(1);
	return {
		axes,
		scale: known.map((factor, i) => factor * steps[i]).reverse(),
		translation: known.map((factor, i) => ((factor - 1) / 2) * steps[i]).reverse(),
	};
}

/** `pixelResolution` is `{ unit, dimensions }`, or in older files the numbers alone. */
function resolutionOf(all: Json, ndim: number): { values: number[]; unit?: string } | undefined {
	const detailed = all.pixelResolution as { unit?: unknown; dimensions?: unknown } | null | undefined;
	const values =
		numbers(detailed?.dimensions, ndim) ??
		numbers(all.pixelResolution, ndim) ??
		numbers(all.resolution, ndim);
	if (!values) return undefined;
	return { values, ...(typeof detailed?.unit === "string" ? { unit: detailed.unit } : {}) };
}

function factorsOf(own: Json, above: Json, level: number | undefined, ndim: number): number[] | undefined {
	const direct = numbers(own.downsamplingFactors, ndim);
	if (direct || level === undefined) return direct;
	for (const list of [above.scales, above.downsamplingFactors]) {
		const entry = Array.isArray(list) ? numbers(list[level], ndim) : undefined;
		if (entry) return entry;
	}
	return undefined;
}
