/** What a file says of its axes, corrected by whoever knows better: their names, the distance between samples, units. */
import { ChunkwiseError } from "../errors.ts";
import { checkAxes } from "../ngff/axes.ts";
import { inNgffOrder, type RegionSource } from "./region-source.ts";

/** What is said in place of what the source says; what is left out stays. */
export interface GeometryChange {
	/** Names of all axes, slowest first: a stack of time points that a TIFF calls z is ["t", "y", "x"]. */
	dims?: readonly string[];
	/** Distance between samples by the new names. */
	scale?: Readonly<Record<string, number>>;
	/** UDUNITS names by the new names. */
	units?: Readonly<Record<string, string>>;
}

/**
 * A source with other axes, in the order that OME-NGFF wants.
 * @throws ChunkwiseError bad-axes, bad-scale
 */
export function withGeometry(source: RegionSource, change: GeometryChange): RegionSource {
	const dims = change.dims ?? source.dims;
	if (dims.length !== source.dims.length) {
		throw new ChunkwiseError(
			"bad-axes",
			`${dims.length} axes are named, and the image has ${source.dims.length}.`,
			{
				where: source.name,
				remedy: `Name all of them, slowest first; the file says ${source.dims.join(", ")}.`,
			},
		);
	}
	const unknown = [...Object.keys(change.scale ?? {}), ...Object.keys(change.units ?? {})].find(
		(dim) => !dims.includes(dim),
	);
	if (unknown !== undefined) {
		throw new ChunkwiseError("bad-axes", `The image has no axis ${unknown}.`, {
			where: source.name,
			remedy: `Its axes are ${dims.join(", ")}.`,
		});
	}
	for (const [dim, step] of Object.entries(change.scale ?? {})) {
		if (Number.isFinite(step) && step > 0) continue;
		throw new ChunkwiseError("bad-scale", `Samples cannot lie ${step} apart along ${dim}.`, {
			where: source.name,
			remedy: "Give a distance above 0.",
		});
	}
	/** What was said of an axis goes with its new name where it means the same: a distance along z is none along t. */
	const renamed = <T>(values: Readonly<Record<string, T>>) =>
		Object.fromEntries(
			source.dims.flatMap((dim, axis) => (dim === dims[axis] && dim in values ? [[dim, values[dim]]] : [])),
		);
	const plain = (value: number) => Object.fromEntries(dims.map((dim) => [dim, value]));
	const changed = inNgffOrder({
		...source,
		dims,
		scale: { ...plain(1), ...renamed(source.scale), ...change.scale },
		translation: { ...plain(0), ...renamed(source.translation) },
		units: { ...renamed(source.units), ...change.units },
	});
	checkAxes(changed.dims, source.name);
	return changed;
}
