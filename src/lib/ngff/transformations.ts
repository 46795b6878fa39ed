/** Coordinate transformations of a scale level, put together into one scale and one translation. */
import { ChunkwiseError } from "../errors.ts";
import type { ZarrGroup } from "../zarr/group.ts";

/** Step along each axis, and the coordinate of index 0. */
export interface Placement {
	scale?: number[];
	translation?: number[];
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The transformations of a list applied one after the other: scale, translation and identity, and those in a sequence
 * (0.6). Nothing where there is no list, or one holds a transformation that is no scale and translation.
 * @throws ChunkwiseError bad-metadata, where values are said to be in an array that is not there
 */
export async function place(
	steps: readonly unknown[] | undefined,
	ndim: number,
	group: ZarrGroup,
): Promise<Placement> {
	if (!steps) return {};
	const read: unknown[] = [];
	for (const step of flat(steps)) {
		const type = isFields(step) ? step.type : undefined;
		if (!isFields(step) || (type !== "scale" && type !== "translation")) {
			if (type !== "identity") return {};
		} else read.push({ type, [type]: await valuesOf(step, type, group) });
	}
	return combine(read, ndim);
}

/** As {@link place}, of transformations whose values are all in the list. */
export function combine(steps: readonly unknown[], ndim: number): Placement {
	const scale = new Array<number>(ndim).fill(1);
	const translation = new Array<number>(ndim).fill(0);
	for (const step of flat(steps)) {
		if (!isFields(step)) return {};
		const { type } = step;
		if (type === "identity") continue;
		if (type !== "scale" && type !== "translation") return {};
		const values = (step[type] ?? []) as ArrayLike<unknown>;
		for (let axis = 0; axis < ndim; axis++) {
			const value = values[axis];
			if (typeof value !== "number") continue;
			if (type === "translation") translation[axis] += value;
			else {
				scale[axis] *= value;
				translation[axis] *= value;
			}
		}
	}
	return { scale, translation };
}

function flat(steps: readonly unknown[]): unknown[] {
	return steps.flatMap((step) =>
		isFields(step) && step.type === "sequence" && Array.isArray(step.transformations)
			? flat(step.transformations)
			: [step],
	);
}

/** The numbers themselves, or those of the array that `path` names below the image's group. */
async function valuesOf(
	step: Fields,
	type: "scale" | "translation",
	group: ZarrGroup,
): Promise<ArrayLike<unknown>> {
	const own = step[type];
	if (Array.isArray(own)) return own;
	if (typeof step.path !== "string" || step.path === "") return [];
	try {
		const { data } = await (await group.openArray(step.path)).read();
		return Array.from(data as ArrayLike<number | bigint>, Number);
	} catch (cause) {
		throw new ChunkwiseError(
			"bad-metadata",
			`The ${type} of a level is said to be in the array ${JSON.stringify(step.path)}, which cannot be read.`,
			{
				where: group.path || "/",
				remedy: "Copy that array along with the image, or write the numbers themselves.",
				cause,
			},
		);
	}
}
