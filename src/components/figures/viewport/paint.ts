/** Draws the window: the chunks that are there, their grid, those asked for, and those on their way from the shelf. */
import type { ImagePyramid, ViewportPlan } from "../../../lib/plan/viewport.ts";
import { type Camera, type Size, viewportOf } from "./camera.ts";
import { type Rect, tileId } from "./shelf.ts";
import type { Tile, TileStore } from "./tiles.ts";

export interface Paint {
	ground: string;
	requested: string;
	ink: string;
}

/** A chunk's rectangle on the screen, in the window's pixels. */
export function tileRect(
	pyramid: ImagePyramid,
	camera: Camera,
	window: Size,
	tile: Pick<Tile, "level" | "cy" | "cx">,
): Rect {
	const grid = pyramid.levels[tile.level];
	const scale = pyramid.factors[tile.level] * camera.scale;
	const shown = viewportOf(camera, window);
	const [ch, cw] = grid.chunks;
	return {
		x: tile.cx * cw * scale - shown.x * camera.scale,
		y: tile.cy * ch * scale - shown.y * camera.scale,
		width: Math.min(cw, grid.shape[1] - tile.cx * cw) * scale,
		height: Math.min(ch, grid.shape[0] - tile.cy * ch) * scale,
	};
}

/** Gives a canvas the pixels of the screen for its place; false where it has them already. */
export function fitCanvas(canvas: HTMLCanvasElement, size: Size): number {
	const ratio = Math.min(2, devicePixelRatio || 1);
	const width = Math.round(size.width * ratio);
	const height = Math.round(size.height * ratio);
	if (canvas.width !== width) canvas.width = width;
	if (canvas.height !== height) canvas.height = height;
	return ratio;
}

export function paintWindow(
	canvas: HTMLCanvasElement,
	store: TileStore,
	pyramid: ImagePyramid,
	camera: Camera,
	window: Size,
	plan: ViewportPlan,
	paint: Paint,
): void {
	const ratio = fitCanvas(canvas, window);
	const context = canvas.getContext("2d");
	if (!context) return;
	context.setTransform(ratio, 0, 0, ratio, 0, 0);
	context.fillStyle = paint.ground;
	context.fillRect(0, 0, window.width, window.height);
	context.imageSmoothingQuality = "high";
	// Coarser chunks stand in until finer ones arrive; finer ones left from before stand in when zooming out.
	const rank = (tile: Tile) => (tile.level === plan.level ? 2 : tile.level > plan.level ? -tile.level : 1);
	const there = [...store.tiles.values()].filter((tile) => tile.state === "cached" && tile.bitmap);
	for (const tile of there.sort((a, b) => rank(a) - rank(b))) {
		const rect = tileRect(pyramid, camera, window, tile);
		if (tile.bitmap && meets(rect, window))
			context.drawImage(tile.bitmap, rect.x, rect.y, rect.width, rect.height);
	}
	paintGrid(context, store, pyramid, camera, window, plan, paint);
	context.globalAlpha = 1;
	context.setLineDash([]);
}

/** Fine lines between the chunks that are needed; those still waited for are framed. */
function paintGrid(
	context: CanvasRenderingContext2D,
	store: TileStore,
	pyramid: ImagePyramid,
	camera: Camera,
	window: Size,
	plan: ViewportPlan,
	paint: Paint,
): void {
	const frames: Rect[] = [];
	context.beginPath();
	for (const at of needed(plan)) {
		const rect = tileRect(pyramid, camera, window, at);
		if (store.tiles.get(tileId(at.level, at.cy, at.cx))?.state !== "cached") frames.push(rect);
		const [x, y] = [Math.round(rect.x) + 0.5, Math.round(rect.y) + 0.5];
		if (at.cx > plan.first[1]) context.rect(x, rect.y, 0, rect.height);
		if (at.cy > plan.first[0]) context.rect(rect.x, y, rect.width, 0);
	}
	context.lineWidth = 0.5;
	context.globalAlpha = 0.34;
	context.strokeStyle = paint.ink;
	context.stroke();
	context.lineWidth = 1;
	context.globalAlpha = 0.8;
	context.strokeStyle = paint.requested;
	context.setLineDash([4, 3]);
	for (const { x, y, width, height } of frames) context.strokeRect(x + 3, y + 3, width - 6, height - 6);
}

function* needed(plan: ViewportPlan): Generator<{ level: number; cy: number; cx: number }> {
	for (let cy = plan.first[0]; cy <= plan.last[0]; cy++) {
		for (let cx = plan.first[1]; cx <= plan.last[1]; cx++) yield { level: plan.level, cy, cx };
	}
}

function meets(rect: Rect, window: Size): boolean {
	return (
		rect.x < window.width && rect.y < window.height && rect.x + rect.width > 0 && rect.y + rect.height > 0
	);
}

export interface Flight {
	tile: Tile;
	/** On the scene. */
	from: Rect;
	to: Rect;
	/** 0 at the shelf, 1 in the picture. */
	t: number;
}

/** Chunks on their way. What would come to lie outside the window fades as it arrives. */
export function paintFlights(
	canvas: HTMLCanvasElement,
	scene: Size,
	window: Rect,
	flights: readonly Flight[],
	paint: Paint,
): void {
	const ratio = fitCanvas(canvas, scene);
	const context = canvas.getContext("2d");
	if (!context) return;
	context.setTransform(ratio, 0, 0, ratio, 0, 0);
	context.clearRect(0, 0, scene.width, scene.height);
	for (const { tile, from, to, t } of flights) {
		if (!tile.bitmap) continue;
		const mix = (a: number, b: number, s: number) => a + (b - a) * s;
		const e = t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2;
		const rect = {
			x: mix(from.x, to.x, e),
			// A little arc: up first, then across.
			y: mix(from.y, to.y, Math.min(1, e * 1.06)),
			width: mix(from.width, to.width, e),
			height: mix(from.height, to.height, e),
		};
		const draw = (alpha: number) => {
			if (!tile.bitmap || alpha <= 0) return;
			context.globalAlpha = alpha;
			context.drawImage(tile.bitmap, rect.x, rect.y, rect.width, rect.height);
			context.strokeStyle = paint.requested;
			context.lineWidth = 1.5;
			context.strokeRect(rect.x, rect.y, rect.width, rect.height);
		};
		clipped(context, window, scene, true, () => draw(1 - e));
		clipped(context, window, scene, false, () => draw(1));
	}
	context.globalAlpha = 1;
}

/** Draws inside the window only, or outside it only. */
function clipped(
	context: CanvasRenderingContext2D,
	window: Rect,
	scene: Size,
	outside: boolean,
	draw: () => void,
): void {
	context.save();
	context.beginPath();
	if (outside) context.rect(0, 0, scene.width, scene.height);
	context.rect(window.x, window.y, window.width, window.height);
	context.clip("evenodd");
	draw();
	context.restore();
}
