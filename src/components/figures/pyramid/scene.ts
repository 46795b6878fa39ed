/** What the pyramid's picture is made of: levels at one scale above each other, coarsest on top, and a picked block. */
import type { PickedVoxel, PyramidPlan } from "../../../lib/plan/pyramid.ts";
import {
	bounds,
	corners,
	type FaceName,
	faceCorners,
	faceOf,
	type Point2,
	type Point3,
	polygons,
	projection,
	segments,
	type View,
} from "../axonometry.ts";

/** A box in the picture: voxels of a level along z, y, x. */
export interface Box3 {
	from: Point3;
	to: Point3;
}

/** One level as drawn. */
export interface LevelPicture {
	level: number;
	faces: { name: FaceName; path: string }[];
	/** Borders of chunks. */
	lines: string;
	/** Where the middle of its words goes, down the picture. */
	middle: number;
}

export interface PyramidScene {
	/** Of the whole picture, in voxels. */
	box: { x: number; y: number; width: number; height: number };
	levels: LevelPicture[];
}

const solidView: View = { yaw: 34, pitch: 24 };
const flatView: View = { yaw: 0, pitch: 0 };
/** Between two levels, as a share of the picture's width. */
const between = 0.09;
/** Chunks thinner than this share of the level would make one grey of their borders. */
const finest = 0.006;

const faceNames: readonly FaceName[] = ["front", "top", "side"];

/** The last three axes of lists; an axis that is not there is one thin. */
function three(list: readonly number[], missing: number): Point3 {
	const padded = [missing, missing, missing, ...list].slice(-3);
	return [padded[0], padded[1], padded[2]];
}

/** A picture of a plan: where each level stands, and what to draw there. */
export class PyramidPicture {
	readonly plan: PyramidPlan;
	/** Names of the faces that show. */
	readonly faceNames: readonly FaceName[];
	readonly #project: (z: number, y: number, x: number) => Point2;
	readonly #places: Point2[] = [];
	readonly scene: PyramidScene;

	constructor(plan: PyramidPlan) {
		this.plan = plan;
		const solid =
			plan.dims.length > 2 && plan.levels.some(({ grid }) => grid.shape[plan.dims.length - 3] > 1);
		this.faceNames = solid ? faceNames : faceNames.slice(0, 1);
		this.#project = projection(solid ? solidView : flatView);
		this.scene = this.#layout();
	}

	/** A level's voxels along z, y, x; a flat image has no depth, and one axis is drawn as a ribbon. */
	extent(level: number): Point3 {
		const { shape } = this.plan.levels[level].grid;
		const [z, y, x] = three(shape, 1);
		const ribbon = Math.max(1, 0.06 * this.plan.levels[0].grid.shape[shape.length - 1]);
		return [this.faceNames.length === 1 ? 0 : z, shape.length === 1 ? ribbon : y, x];
	}

	#layout(): PyramidScene {
		const frames = this.plan.levels.map((_, level) => {
			const points = corners([0, 0, 0], this.extent(level)).map(([z, y, x]) => this.#project(z, y, x));
			return bounds(points);
		});
		const width = Math.max(...frames.map((frame) => frame.width));
		let top = 0;
		for (let level = frames.length - 1; level >= 0; level--) {
			const frame = frames[level];
			this.#places[level] = [(width - frame.width) / 2 - frame.x, top - frame.y];
			top += frame.height + between * width;
		}
		const height = top - between * width;
		const levels = frames.map((frame, level) => ({
			...this.#levelPicture(level),
			middle: this.#places[level][1] + frame.y + frame.height / 2,
		}));
		const margin = 0.02 * width;
		return {
			box: {
				x: -margin,
				y: -margin,
				width: width + 2 * margin,
				height: Math.max(height, 0.1 * width) + 2 * margin,
			},
			levels,
		};
	}

	/** Where a point of a level is drawn. */
	place(level: number, [z, y, x]: Point3): Point2 {
		const [px, py] = this.#project(z, y, x);
		const [dx, dy] = this.#places[level];
		return [px + dx, py + dy];
	}

	#levelPicture(level: number): Omit<LevelPicture, "middle"> {
		const to = this.extent(level);
		const chunks = three(this.plan.levels[level].grid.chunks, 1);
		const lines: [Point2, Point2][] = [];
		const faces = this.faceNames.map((name) => {
			const face = faceOf(name, [0, 0, 0], to);
			const flat = faceNames.indexOf(name);
			for (const axis of [0, 1, 2]) {
				if (axis === flat || chunks[axis] < finest * Math.max(...to)) continue;
				for (let at = chunks[axis]; at < to[axis]; at += chunks[axis]) {
					const a = [...face.from] as [number, number, number];
					const b = [...face.to] as [number, number, number];
					a[axis] = at;
					b[axis] = at;
					lines.push([this.place(level, a), this.place(level, b)]);
				}
			}
			return { name, path: polygons([faceCorners(face).map((p) => this.place(level, p))]) };
		});
		return { level, faces, lines: segments(lines) };
	}

	/** The visible faces of a box inside a level. */
	boxPath(level: number, { from, to }: Box3): string {
		return polygons(
			this.faceNames.map((name) => faceCorners(faceOf(name, from, to)).map((p) => this.place(level, p))),
		);
	}

	/** A box seen from the front, the top and the side, on the faces of its level. */
	shadows(level: number, { from, to }: Box3): string {
		const [, , width] = this.extent(level);
		const flat: Record<FaceName, Box3> = {
			front: { from: [0, from[1], from[2]], to: [0, to[1], to[2]] },
			top: { from: [from[0], 0, from[2]], to: [to[0], 0, to[2]] },
			side: { from: [from[0], from[1], width], to: [to[0], to[1], width] },
		};
		return polygons(
			this.faceNames.map((name) =>
				faceCorners(faceOf(name, flat[name].from, flat[name].to)).map((p) => this.place(level, p)),
			),
		);
	}

	/** A region along all axes as a box of the picture. */
	box(level: number, region: readonly (readonly [number, number])[]): Box3 {
		const [depth, height] = this.extent(level);
		const from = three(
			region.map(([start]) => start),
			0,
		);
		const to = three(
			region.map(([, stop]) => stop),
			1,
		);
		const one = region.length === 1;
		return {
			from: [depth === 0 ? 0 : from[0], one ? 0 : from[1], from[2]],
			to: [depth === 0 ? 0 : to[0], one ? height : to[1], to[2]],
		};
	}

	/** The left and right ends of a box as drawn. */
	ends(level: number, { from, to }: Box3): [left: Point2, right: Point2] {
		const points = corners(from, to).map((p) => this.place(level, p));
		const middle = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
		const xs = points.map(([x]) => x);
		return [
			[Math.min(...xs), middle],
			[Math.max(...xs), middle],
		];
	}

	/** The indices along the drawn axes of the voxel on a face of a level under a point; the third is not known. */
	under(level: number, face: FaceName, [px, py]: Point2): (number | undefined)[] {
		const extent = this.extent(level);
		const flat = faceNames.indexOf(face);
		const base: [number, number, number] = [0, 0, 0];
		if (flat === 2) base[2] = extent[2];
		const axes = [0, 1, 2].filter((axis) => axis !== flat);
		const origin = this.place(level, base);
		const [a, b] = axes.map((axis) => {
			const to = [...base] as [number, number, number];
			to[axis] = 1;
			if (flat === 2) to[2] = extent[2];
			const [x, y] = this.place(level, to);
			return [x - origin[0], y - origin[1]];
		});
		const det = a[0] * b[1] - a[1] * b[0];
		const [dx, dy] = [px - origin[0], py - origin[1]];
		const found: (number | undefined)[] = [undefined, undefined, undefined];
		if (Math.abs(det) < 1e-9) return found;
		const values = [(dx * b[1] - dy * b[0]) / det, (a[0] * dy - a[1] * dx) / det];
		for (const [i, axis] of axes.entries()) {
			found[axis] = Math.max(0, Math.min(Math.ceil(extent[axis]) - 1, Math.floor(values[i])));
		}
		return found;
	}
}

/** What is drawn of a picked voxel. */
export interface PickPicture {
	/** From a block to the block below it. */
	beams: string;
	parts: { level: number; shadows: string; chunks: string; block: string }[];
	/** Round the picked voxel, which may be very small. */
	ring: { x: number; y: number };
}

export function pickPicture(picture: PyramidPicture, picked: PickedVoxel): PickPicture {
	const { plan } = picture;
	const own = {
		level: picked.level,
		region: picked.index.map((i): [number, number] => [i, i + 1]),
		first: picked.chunk.coords,
		last: picked.chunk.coords,
	};
	const all = [own, ...picked.blocks];
	const ends = all.map(({ level, region }) => picture.ends(level, picture.box(level, region)));
	const beams = ends.slice(1).map(([left, right], i) => [ends[i][0], ends[i][1], right, left]);
	const parts = all.map(({ level, region, first, last }) => {
		const { chunks, shape } = plan.levels[level].grid;
		const held = chunks.map((n, axis): [number, number] => [
			first[axis] * n,
			Math.min(shape[axis], (last[axis] + 1) * n),
		]);
		const block = picture.box(level, region);
		return {
			level,
			shadows: picture.shadows(level, block),
			chunks: picture.shadows(level, picture.box(level, held)),
			block: picture.boxPath(level, block),
		};
	});
	const [left, right] = ends[0];
	return {
		beams: polygons(beams),
		parts,
		ring: { x: (left[0] + right[0]) / 2, y: left[1] },
	};
}
