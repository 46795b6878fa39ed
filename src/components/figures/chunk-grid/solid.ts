/** The grid as a solid of up to three axes, z, y, x: what of an array can be drawn at once. */
import { type ChunkGrid, gridShape } from "../../../lib/plan/grid.ts";
import type { Point3, View } from "../axonometry.ts";

export interface Solid {
	/** Elements and chunks along z, y, x; an axis that the array lacks is one chunk thin. */
	shape: Point3;
	chunks: Point3;
	counts: Point3;
	/** Elements of a shard along z, y, x, where there are shards; endless along an axis that the array lacks. */
	shards?: Point3;
	/** Which axis of the array each one is, or -1. */
	axes: readonly [number, number, number];
	/** Axes of the array before the drawn ones. */
	leading: number;
	view: View;
}

const solidView: View = { yaw: 34, pitch: 24 };
const flatView: View = { yaw: 0, pitch: 0 };

/** A 1-D array is drawn as a ribbon of this share of its length. */
const ribbon = 0.08;

export function solidOf(grid: ChunkGrid): Solid {
	const rank = grid.shape.length;
	const counts = gridShape(grid.shape, grid.chunks);
	const axes = [rank - 3, rank - 2, rank - 1].map((axis) => Math.max(-1, axis)) as [number, number, number];
	const thin = rank === 1 ? Math.max(1, grid.shape[0] * ribbon) : 1;
	const pick = (list: readonly number[], missing: number): Point3 => {
		const [z, y, x] = axes.map((axis) => (axis < 0 ? missing : list[axis]));
		return [z, y, x];
	};
	const along: Point3 = pick(grid.shape, thin);
	return {
		shape: rank < 3 ? [1, along[1], along[2]] : along,
		chunks: rank < 3 ? [0, pick(grid.chunks, thin)[1], pick(grid.chunks, thin)[2]] : pick(grid.chunks, thin),
		counts: pick(counts, 1),
		...(grid.shards ? { shards: pick(grid.shards, Number.POSITIVE_INFINITY) } : {}),
		axes,
		leading: Math.max(0, rank - 3),
		view: rank < 3 ? flatView : solidView,
	};
}

/** True where the drawing has depth. */
export function isSolid(solid: Solid): boolean {
	return solid.axes[0] >= 0;
}

/** Chunk coordinates in the array, from those in the solid and of the leading axes. */
export function arrayCoords(solid: Solid, [z, y, x]: Point3, leading: readonly number[]): number[] {
	return [...leading, ...[z, y, x].filter((_, i) => solid.axes[i] >= 0)];
}
