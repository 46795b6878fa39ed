/** What of the array the reader reads: a slice, a box, a voxel or all of it. */
import { type ChunkGridProps, sliceOf } from "../../../lib/plan/chunk-grid.ts";
import type { ChunkGrid } from "../../../lib/plan/grid.ts";
import { type AxisSelection, selectionRanges } from "../../../lib/plan/selection.ts";
import { product } from "../../../lib/types.ts";
import type { Solid } from "./solid.ts";

/** `given`: the selection that the figure was made with. */
export type ReadingKind = "slice" | "box" | "voxel" | "all" | "given";

/** What is chosen; places are kept while another kind is shown. */
export interface ReadingState {
	kind: ReadingKind;
	/** The axis of the array that is sliced. */
	axis: number;
	/** A place along each axis of the array: the slice, the box's first element, the voxel, the time and channel. */
	at: number[];
	/** Edge of the box in elements, along the drawn axes. */
	edge: number;
}

/** What is chosen at first, by the selection that the figure was given. */
export function firstReading(grid: ChunkGrid, solid: Solid, props: ChunkGridProps): ReadingState {
	const ranges = selectionRanges(grid, props.selection ?? {});
	const slice = sliceOf(grid, props.selection);
	const drawn = solid.axes.filter((axis) => axis >= 0);
	const single = ranges.map(([start, stop]) => stop === start + 1);
	const state: ReadingState = {
		kind: "given",
		axis: slice?.axis ?? drawn[0] ?? 0,
		at: grid.shape.map((length, axis) =>
			axis < solid.leading || (props.selection && single[axis]) ? ranges[axis][0] : Math.floor(length / 2),
		),
		edge: Math.min(32, Math.max(1, ...drawn.map((axis) => grid.shape[axis]))),
	};
	if (props.selection === undefined) return { ...state, kind: "all" };
	const whole = (axis: number) => ranges[axis][0] === 0 && ranges[axis][1] === grid.shape[axis];
	if (drawn.length > 1 && drawn.every((axis) => single[axis] && !whole(axis))) {
		return { ...state, kind: "voxel" };
	}
	const others = drawn.filter((axis) => axis !== slice?.axis);
	return { ...state, kind: slice && others.every(whole) ? "slice" : "given" };
}

/** The box of the state along an axis: pushed back inside where it would leave the array. */
export function boxRange(grid: ChunkGrid, { at, edge }: ReadingState, axis: number): [number, number] {
	const length = grid.shape[axis];
	const size = Math.min(edge, length);
	const start = Math.min(at[axis], length - size);
	return [start, start + size];
}

/** The state as a selection, one entry an axis. */
export function selectionOf(
	grid: ChunkGrid,
	solid: Solid,
	state: ReadingState,
	given: readonly AxisSelection[],
): AxisSelection[] {
	if (state.kind === "given") return [...given];
	if (product(grid.shape) === 0) return grid.shape.map(() => null);
	return grid.shape.map((_, axis) => {
		if (axis < solid.leading) return state.at[axis];
		if (state.kind === "box") return boxRange(grid, state, axis);
		if (state.kind === "voxel") return state.at[axis];
		return state.kind === "slice" && state.axis === axis ? state.at[axis] : null;
	});
}

/** The box whose cost the table of chunk shapes compares: the reader's, at its place. */
export function comparedBox(grid: ChunkGrid, solid: Solid, state: ReadingState): AxisSelection[] {
	if (product(grid.shape) === 0) return [];
	return grid.shape.map((_, axis) => (axis < solid.leading ? state.at[axis] : boxRange(grid, state, axis)));
}
