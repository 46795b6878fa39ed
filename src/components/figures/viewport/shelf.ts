/** The store as a shelf: the scale levels side by side in true proportion, each with its chunks. */
import { gridShape } from "../../../lib/plan/grid.ts";
import type { ImagePyramid } from "../../../lib/plan/viewport.ts";

export interface Rect {
	x: number;
	y: number;
	width: number;
	height: number;
}

export interface Shelf {
	width: number;
	height: number;
	levels: Rect[];
}

const shelfWidth = 600;
const gap = 22;

/** Levels in a row, standing on one line, in units of a drawing 600 wide. */
export function shelfOf(pyramid: ImagePyramid): Shelf {
	const widths = pyramid.levels.map((grid) => grid.shape[1]);
	const sum = widths.reduce((a, b) => a + b, 0);
	const unit = (shelfWidth - gap * (widths.length - 1)) / sum;
	const height = pyramid.levels[0].shape[0] * unit;
	let x = 0;
	const levels = pyramid.levels.map((grid) => {
		const rect = {
			x,
			y: height - grid.shape[0] * unit,
			width: grid.shape[1] * unit,
			height: grid.shape[0] * unit,
		};
		x += rect.width + gap;
		return rect;
	});
	return { width: shelfWidth, height, levels };
}

/** Where a chunk lies on the shelf: an edge chunk only as far as the image goes. */
export function cellOf(pyramid: ImagePyramid, shelf: Shelf, level: number, cy: number, cx: number): Rect {
	const grid = pyramid.levels[level];
	const place = shelf.levels[level];
	const unit = place.width / grid.shape[1];
	const [ch, cw] = grid.chunks;
	return {
		x: place.x + cx * cw * unit,
		y: place.y + cy * ch * unit,
		width: Math.min(cw, grid.shape[1] - cx * cw) * unit,
		height: Math.min(ch, grid.shape[0] - cy * ch) * unit,
	};
}

/** Every chunk of every level with its cell, row by row. */
export function cellsOf(
	pyramid: ImagePyramid,
	shelf: Shelf,
): { id: string; level: number; cy: number; cx: number; rect: Rect }[] {
	return pyramid.levels.flatMap((grid, level) => {
		const [rows, columns] = gridShape(grid.shape, grid.chunks);
		return Array.from({ length: rows * columns }, (_, i) => {
			const cy = Math.floor(i / columns);
			const cx = i % columns;
			return { id: tileId(level, cy, cx), level, cy, cx, rect: cellOf(pyramid, shelf, level, cy, cx) };
		});
	});
}

export function tileId(level: number, cy: number, cx: number): string {
	return `${level}/${cy}/${cx}`;
}
