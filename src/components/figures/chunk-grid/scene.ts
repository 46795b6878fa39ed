/** What the chunk grid's picture is made of, as plain path data: the build writes it, the page updates it. */
import {
	type Face,
	type FaceName,
	faceCorners,
	faceOf,
	outsideParts,
	type Point2,
	type Point3,
	type Project,
	polygons,
	projection,
	segments,
} from "../axonometry.ts";
import {
	type Block,
	extent,
	finest,
	type Layout,
	layoutOf,
	moved,
	type Role,
	roleOf,
	type SceneState,
} from "./layout.ts";
import { isSolid, type Solid } from "./solid.ts";

export interface SceneBox {
	id: string;
	role: Role;
	/** The chunk; absent for a block of many, drawn as one. */
	coords?: Point3;
	absent: boolean;
	faces: Record<FaceName, string>;
	/** Parts of the faces beyond the array's edge. */
	padding: string;
	/** Lines between the chunks of a block. */
	lines: string;
	/** Where shards begin and end on its faces. */
	shards: string;
}

export interface SceneLabel {
	axis: number;
	/** Where the label's anchor is. */
	at: Point2;
	side: "below" | "left" | "right";
}

export interface Scene {
	boxes: SceneBox[];
	/** The slice's outline, and how many boxes are painted before it. */
	plane?: { path: string; after: number };
	/** The box or voxel that is read, seen through what is before it. */
	selected?: string;
	labels: SceneLabel[];
}

/** A slice cuts the touched chunks: what is beyond it, as the viewer looks, and what is before it. */
interface Cut {
	axis: number;
	index: number;
	part: "far" | "near";
}

const faceNames: readonly FaceName[] = ["front", "top", "side"];

export function sceneOf(solid: Solid, state: SceneState): Scene {
	const project = projection(solid.view);
	const layout = layoutOf(solid, state);
	const boxes: SceneBox[] = [];
	const near: SceneBox[] = [];
	const { slice } = state;
	const layer = slice ? Math.floor(slice.index / solid.chunks[slice.axis]) : -1;
	let plane: Scene["plane"];
	const passPlane = () => {
		plane = { path: planePath(layout, project), after: boxes.length };
		boxes.push(...near);
	};
	for (const block of layout.blocks) {
		if (slice && !plane && isNearer(block, slice.axis, layer)) passPlane();
		if (slice && isSolid(solid) && block.role === "hit") {
			boxes.push(boxOf(layout, block, "hit", project, { ...slice, part: "far" }));
			near.push(boxOf(layout, block, "near", project, { ...slice, part: "near" }));
		} else boxes.push(boxOf(layout, block, block.role, project));
	}
	if (slice && !plane) passPlane();
	return {
		boxes: boxes.filter((box) => faceNames.some((name) => box.faces[name] !== "")),
		plane,
		...(state.box && layout.blocks.length > 0 ? { selected: selectedPath(layout, state.box, project) } : {}),
		labels: labelsOf(layout, project),
	};
}

/** The whole box of one chunk where it stands, for marking it. */
export function chunkOutline(solid: Solid, state: SceneState, coords: Point3): string {
	const layout = layoutOf(solid, state);
	const place = placer(layout, coords, projection(solid.view));
	const { from, to } = boxEnds(solid, coords, coords);
	const names = isSolid(solid) ? faceNames : faceNames.slice(0, 1);
	return polygons(names.map((name) => faceCorners(faceOf(name, from, to)).map(place)));
}

/** True where a block lies between the viewer and the layer. */
function isNearer(block: Block, axis: number, layer: number): boolean {
	return axis === 2 ? block.first[axis] > layer : block.last[axis] < layer;
}

type Triple = [number, number, number];

function boxEnds(solid: Solid, first: Point3, last: Point3): { from: Triple; to: Triple } {
	return {
		from: first.map((c, a) => c * solid.chunks[a]) as Triple,
		to: last.map((c, a) => (c + 1) * solid.chunks[a]) as Triple,
	};
}

function placer(layout: Layout, chunk: Point3, project: Project): (p: Point3) => Point2 {
	const [dz, dy, dx] = [0, 1, 2].map((a) => moved(layout, a, chunk[a]));
	return ([z, y, x]) => project(z + dz, y + dy, x + dx);
}

function boxOf(layout: Layout, block: Block, role: Role, project: Project, cut?: Cut): SceneBox {
	const { solid, state } = layout;
	const { from, to } = boxEnds(solid, block.first, block.last);
	if (cut) {
		const lowIsNear = cut.axis !== 2;
		if ((cut.part === "near") === lowIsNear) to[cut.axis] = cut.index + 0.5;
		else from[cut.axis] = cut.index + 0.5;
	}
	const place = placer(layout, block.first, project);
	const faces = { front: "", top: "", side: "" };
	const padding: Face[] = [];
	const lines: [Point2, Point2][] = [];
	const shards: [Point2, Point2][] = [];
	for (const name of isSolid(solid) ? faceNames : faceNames.slice(0, 1)) {
		if (hidden(layout, block, name, cut)) continue;
		const face = faceOf(name, from, to);
		faces[name] = polygons([faceCorners(face).map(place)]);
		padding.push(...outsideParts(face, solid.shape));
		lines.push(...gridLines(solid, block, face, place));
		shards.push(...shardLines(solid, face, place));
	}
	const one = block.first.every((c, a) => c === block.last[a]);
	return {
		id: `${block.first.join(",")}-${block.last.join(",")}-${role}`,
		role,
		...(one ? { coords: block.first } : {}),
		absent: one && (state.absent?.(block.first) ?? false),
		faces,
		padding: polygons(padding.map((face) => faceCorners(face).map(place))),
		lines: segments(lines),
		shards: segments(shards),
	};
}

/** A face against a neighbour of the same kind, with no gap between, is not drawn. */
function hidden(layout: Layout, block: Block, name: FaceName, cut?: Cut): boolean {
	const { solid, state } = layout;
	const axis = faceNames.indexOf(name);
	// The far part shows where the slice cut it.
	if (cut?.part === "far" && cut.axis === axis) return false;
	const next = axis === 2 ? block.last[axis] + 1 : block.first[axis] - 1;
	if (next < 0 || next >= solid.counts[axis]) return false;
	if (state.apart[axis] > 0) return false;
	const low = [...block.first] as Triple;
	const high = [...block.last] as Triple;
	low[axis] = next;
	high[axis] = next;
	if (roleOf(layout, low, high) !== block.role) return false;
	return !state.absent?.(low) || state.absent(block.first);
}

/** Lines between the chunks of a block on one of its faces, where they would not run together. */
function gridLines(solid: Solid, block: Block, face: Face, place: (p: Point3) => Point2): [Point2, Point2][] {
	const lines: [Point2, Point2][] = [];
	const flat = faceNames.indexOf(face.name);
	for (const axis of [0, 1, 2]) {
		if (axis === flat || solid.chunks[axis] < finest * Math.max(...extent(solid))) continue;
		for (let c = block.first[axis] + 1; c <= block.last[axis]; c++) {
			const from = [...face.from] as Triple;
			const to = [...face.to] as Triple;
			from[axis] = c * solid.chunks[axis];
			to[axis] = from[axis];
			lines.push([place(from), place(to)]);
		}
	}
	return lines;
}

/** Where shards begin, and where the last ones end, on a face. */
function shardLines(solid: Solid, face: Face, place: (p: Point3) => Point2): [Point2, Point2][] {
	const { shards } = solid;
	if (!shards) return [];
	const whole = extent(solid);
	const lines: [Point2, Point2][] = [];
	const flat = faceNames.indexOf(face.name);
	for (const axis of [0, 1, 2]) {
		const step = shards[axis];
		if (axis === flat || step < finest * Math.max(...whole)) continue;
		const line = (at: number) => {
			const from = [...face.from] as Triple;
			const to = [...face.to] as Triple;
			from[axis] = at;
			to[axis] = at;
			lines.push([place(from), place(to)]);
		};
		const [low, high] = [face.from[axis], face.to[axis]];
		for (let at = low === 0 ? 0 : Math.ceil(low / step) * step; at <= high; at += step) line(at);
		if (high === whole[axis] && !Number.isInteger(high / step)) line(high);
	}
	return lines;
}

/** A voxel would be a speck: what is read is drawn at least this share of the solid's size. */
const leastSelected = 0.022;

/** The three faces of the box that is read. */
function selectedPath(layout: Layout, box: { from: Point3; to: Point3 }, project: Project): string {
	const { solid } = layout;
	const least = leastSelected * Math.max(...extent(solid));
	const from = [...box.from] as Triple;
	const to = [...box.to] as Triple;
	for (const axis of [0, 1, 2]) {
		if (solid.chunks[axis] === 0) continue;
		const more = Math.max(0, least - (to[axis] - from[axis])) / 2;
		from[axis] -= more;
		to[axis] += more;
	}
	const shift = from.map((start, axis) => {
		if (solid.chunks[axis] === 0) return 0;
		return moved(layout, axis, Math.floor(Math.max(0, start) / solid.chunks[axis]));
	});
	const names = isSolid(solid) ? faceNames : faceNames.slice(0, 1);
	return polygons(
		names.map((name) =>
			faceCorners(faceOf(name, from, to)).map(([z, y, x]) =>
				project(z + shift[0], y + shift[1], x + shift[2]),
			),
		),
	);
}

/** The slice: as far as the array goes, in its layer. A line where the drawing is flat. */
function planePath(layout: Layout, project: Project): string {
	const { solid, state } = layout;
	if (!state.slice) return "";
	const { axis, index } = state.slice;
	const shift = moved(layout, axis, Math.floor(index / solid.chunks[axis]));
	const outline = faceCorners(faceOf(faceNames[axis], [0, 0, 0], solid.shape)).map((corner) => {
		const at = [...corner] as Triple;
		at[axis] = index + 0.5 + shift;
		return project(...at);
	});
	return polygons([outline]);
}

/** Where the axes' names go: outside the nearest edges, at half their length. */
function labelsOf(layout: Layout, project: Project): SceneLabel[] {
	const { solid } = layout;
	if (solid.counts.includes(0)) return [];
	const whole = extent(solid);
	const start = [0, 1, 2].map((a) => moved(layout, a, 0));
	const end = [0, 1, 2].map((a) => whole[a] + moved(layout, a, solid.counts[a] - 1));
	const middle = start.map((s, a) => (s + end[a]) / 2);
	const labels: SceneLabel[] = [{ axis: 2, at: project(start[0], end[1], middle[2]), side: "below" }];
	if (solid.axes[1] >= 0) labels.push({ axis: 1, at: project(start[0], middle[1], start[2]), side: "left" });
	if (solid.axes[0] >= 0) labels.push({ axis: 0, at: project(middle[0], end[1], end[2]), side: "right" });
	return labels;
}
