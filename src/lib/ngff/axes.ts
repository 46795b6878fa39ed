/** Axes as OME-NGFF describes them (0.4 and 0.5, section "axes"). */
import { ChunkwiseError } from "../errors.ts";
import { udunitsName } from "../units.ts";

/** An axis of an image (OME-NGFF 0.4, "axes"). */
export interface Axis {
	/** Such as "x"; each name once. */
	name: string;
	/** "space", "time" or "channel"; others are allowed. */
	type?: string;
	/** UDUNITS-2 name: "micrometer", "second". */
	unit?: string;
}

export function axisType(name: string): "time" | "channel" | "space" | undefined {
	if (name === "t") return "time";
	if (name === "c") return "channel";
	return name === "z" || name === "y" || name === "x" ? "space" : undefined;
}

export function axesOf(dims: readonly string[], units: Readonly<Record<string, string | undefined>>): Axis[] {
	return dims.map((name) => {
		const type = axisType(name);
		const unit = units[name];
		return { name, ...(type ? { type } : {}), ...(unit ? { unit: udunitsName(unit) } : {}) };
	});
}

/**
 * Makes sure that an image with these axes can be an OME-NGFF image: two or three in space, last; at most one in time,
 * first; at most one other between.
 * @throws ChunkwiseError bad-axes
 */
export function checkAxes(dims: readonly string[], where: string): void {
	const rank = (dim: string) => {
		const type = axisType(dim);
		return type === "time" ? 0 : type === "space" ? 2 : 1;
	};
	const ranks = dims.map(rank);
	const count = (wanted: number) => ranks.filter((r) => r === wanted).length;
	const remedy = "OME-NGFF wants t, then c, then two or three of z, y, x.";
	if (count(2) < 2 || count(2) > 3) {
		throw new ChunkwiseError("bad-axes", `The axes ${dims.join(", ")} have ${count(2)} in space.`, {
			where,
			remedy: `${remedy} Add an axis of length 1, or write a Zarr array without OME metadata.`,
		});
	}
	if (count(1) > 1) {
		throw new ChunkwiseError(
			"bad-axes",
			`The axes ${dims.join(", ")} have ${count(1)} that are not space or time.`,
			{
				where,
				remedy: `${remedy} Select one index of the others first, with isel.`,
			},
		);
	}
	if (ranks.some((r, i) => i > 0 && r < ranks[i - 1])) {
		const sorted = [...dims].sort((a, b) => rank(a) - rank(b));
		throw new ChunkwiseError("bad-axes", `The axes are in the order ${dims.join(", ")}.`, {
			where,
			remedy: `${remedy} Call transpose([${sorted.map((dim) => `"${dim}"`).join(", ")}]) first.`,
		});
	}
}
