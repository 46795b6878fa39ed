/** Which boxes the chunk grid's picture is made of, in which order they are painted, and how far they stand apart. */
import { bounds, corners, type Point3, projection } from "../axonometry.ts";
import { isSolid, type Solid } from "./solid.ts";

/** What the picture shows, in the solid's axes 0, 1, 2 (z, y, x). */
export interface SceneState {
	slice?: { axis: number; index: number };
	/** A box or a voxel that is read: its first element and the one after its last, along each axis. */
	box?: { from: Point3; to: Point3 };
	/** First and last chunk touched, both included. */
	first: Point3;
	last: Point3;
	/** How far layers stand apart along each axis: 0 closed, 1 as far as it goes. */
	apart: Point3;
	/** True for a chunk that the store does not have. */
	absent?: (coords: Point3) => boolean;
}

/** `rest`: solid, not touched. `hit`: touched. `near`: the part of a touched chunk before the slice. `veil`: would
 * hide what is touched, so that only its edges are drawn. */
export type Role = "rest" | "hit" | "near" | "veil";

/** A run of chunks along each axis that is drawn as one box. */
export interface Block {
	first: Point3;
	last: Point3;
	role: Role;
}

export interface Layout {
	solid: Solid;
	state: SceneState;
	/** Runs of chunks along each axis. */
	runs: [first: number, last: number][][];
	/** Blocks in the order in which they are painted: far ones first. */
	blocks: Block[];
}

/** More chunks than this are drawn as blocks of many. */
export const mostBoxes = 1500;

/** Chunks thinner than this share of the solid's size are drawn as blocks: their outlines would run together. */
export const finest = 0.008;

/** Share of the solid's size by which it may grow when its layers stand apart. */
const spread = 0.42;

const axes3 = [0, 1, 2] as const;

function point(of: (axis: 0 | 1 | 2) => number): Point3 {
	return [of(0), of(1), of(2)];
}

/** The whole solid, padding included. */
export function extent(solid: Solid): Point3 {
	return point((a) => solid.counts[a] * solid.chunks[a]);
}

function room(solid: Solid, axis: number): number {
	return isSolid(solid) && solid.counts[axis] > 1 ? spread * Math.max(...extent(solid)) : 0;
}

/** What a picture must have room for: every way in which the layers can stand apart. */
export function frame(solid: Solid): { x: number; y: number; width: number; height: number } {
	const project = projection(solid.view);
	const whole = extent(solid);
	const points = axes3.flatMap((axis) => {
		const more = room(solid, axis) / 2;
		const from = point((a) => (a === axis ? -more : 0));
		const to = point((a) => whole[a] + (a === axis ? more : 0));
		return corners(from, to).map(([z, y, x]) => project(z, y, x));
	});
	return bounds(points);
}

/** 0 … count-1 as runs before, within and after [first, last]. */
function cuts(count: number, first: number, last: number): [number, number][] {
	if (last < first) return [[0, count - 1]];
	const runs: [number, number][] = [[first, last]];
	if (first > 0) runs.unshift([0, first - 1]);
	if (last < count - 1) runs.push([last + 1, count - 1]);
	return runs;
}

/** True where all chunks between are touched. */
function touched({ first, last }: SceneState, low: Point3, high: Point3): boolean {
	return axes3.every((a) => low[a] >= first[a] && high[a] <= last[a]);
}

/** True for what stands before the touched chunks, as the viewer looks (low z, low y, high x), and nowhere beyond. */
function veils({ first, last }: SceneState, low: Point3, high: Point3): boolean {
	const before = high[0] < first[0] || high[1] < first[1] || low[2] > last[2];
	const beyond = low[0] > last[0] || low[1] > last[1] || high[2] < first[2];
	return before && !beyond;
}

export function roleOf(layout: Pick<Layout, "solid" | "state">, low: Point3, high: Point3): Role {
	if (touched(layout.state, low, high)) return "hit";
	return isSolid(layout.solid) && veils(layout.state, low, high) ? "veil" : "rest";
}

export function layoutOf(solid: Solid, state: SceneState): Layout {
	const { counts } = solid;
	const total = counts[0] * counts[1] * counts[2];
	const layout: Layout = { solid, state, runs: [[], [], []], blocks: [] };
	if (total === 0) return layout;
	const thin = finest * Math.max(...extent(solid));
	layout.runs = counts.map((count, a) =>
		total <= mostBoxes && solid.chunks[a] >= thin
			? Array.from({ length: count }, (_, i): [number, number] => [i, i])
			: cuts(count, state.first[a], state.last[a]),
	);
	// The viewer sees low z, low y and high x: high z, high y and low x are painted first. Along the sliced axis whole
	// layers follow each other, because the slice lies between them.
	const sorted = layout.runs.map((list, a) => (a === 2 ? list : [...list].reverse()));
	const outer = state.slice?.axis ?? 0;
	const [a, b, c] = [outer, ...axes3.filter((axis) => axis !== outer)];
	for (const p of sorted[a]) {
		for (const q of sorted[b]) {
			for (const r of sorted[c]) {
				const along = (axis: number) => (axis === a ? p : axis === b ? q : r);
				const first = point((axis) => along(axis)[0]);
				const last = point((axis) => along(axis)[1]);
				layout.blocks.push({ first, last, role: roleOf(layout, first, last) });
			}
		}
	}
	return layout;
}

/** How far the layer that holds a chunk has moved along an axis. */
export function moved({ solid, state, runs }: Layout, axis: number, chunk: number): number {
	const layers = runs[axis].length;
	if (layers < 2) return 0;
	const layer = runs[axis].findIndex(([, last]) => chunk <= last);
	return (layer / (layers - 1) - 0.5) * room(solid, axis) * state.apart[axis];
}
