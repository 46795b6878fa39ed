/** The axes of an input as the call says they are: `--dims`, `--scale` and `--units`. */
import { type GeometryChange, withGeometry } from "../lib/convert/regeometry.ts";
import type { RegionSource } from "../lib/convert/region-source.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import type { ScaleFactor } from "../lib/multiscale/to-multiscale.ts";
import type { ConvertOptions } from "./convert-request.ts";

const isSpace = (dim: string) => dim !== "t" && dim !== "c";

/** True where the call says something of the axes. */
export function saysGeometry({ dims, scale, units }: ConvertOptions): boolean {
	return dims !== undefined || scale !== undefined || units !== undefined;
}

/**
 * An image with the axes that the call gives it.
 * @throws ChunkwiseError bad-axes, bad-scale, bad-units
 */
export function withSaid(source: RegionSource, options: ConvertOptions): RegionSource {
	if (!saysGeometry(options)) return source;
	const dims = options.dims ?? [...source.dims];
	const scale = byAxis(dims, options.scale, "--scale", source.name);
	const said = byAxis(dims, options.units, "--units", source.name);
	const units = said && Object.fromEntries(Object.entries(said).filter(([, unit]) => unit !== "none"));
	const change: GeometryChange = { dims, ...(scale ? { scale } : {}), ...(units ? { units } : {}) };
	// A unit that is taken away is not what the file says.
	const cleared = said ? { ...source, units: {} } : source;
	return withGeometry(cleared, change);
}

/** One for each axis, for each axis of space, or one for all of these. */
function byAxis<T>(
	dims: readonly string[],
	values: readonly T[] | undefined,
	option: string,
	where: string,
): Record<string, T> | undefined {
	if (!values) return undefined;
	const space = dims.filter(isSpace);
	const named = values.length === dims.length ? dims : space;
	if (values.length === 1) return Object.fromEntries(space.map((dim) => [dim, values[0]]));
	if (values.length === named.length) return Object.fromEntries(named.map((dim, i) => [dim, values[i]]));
	throw new ChunkwiseError(
		"bad-axes",
		`${option} has ${values.length} values for the axes ${dims.join(", ")}.`,
		{
			where,
			remedy: `Give one, or one for each of ${space.join(", ")}, or for each axis.`,
		},
	);
}

/** Factors of levels by dimension, where a level has one for each axis of space. */
export function namedFactors(
	{ dims, name }: RegionSource,
	factors: readonly (number | readonly number[])[],
): ScaleFactor[] {
	const space = dims.filter(isSpace);
	return factors.map((level) => {
		if (typeof level === "number") return level;
		if (level.length === space.length) return Object.fromEntries(space.map((dim, i) => [dim, level[i]]));
		throw new ChunkwiseError(
			"bad-scale-factor",
			`${level.join("x")} has ${level.length} factors for the axes ${space.join(", ")}.`,
			{ where: name, remedy: `Give one for each: ${space.map(() => 2).join("x")}.` },
		);
	});
}
