/**
 * What a view needs: which scale level, which chunks in which order, and what they cost. Pure, so that the price of a
 * view can be told before anything is read.
 */
import { coordsBetween, gridShape } from "../plan/grid.ts";
import { itemSize, product } from "../types.ts";
import { channelAxis, drawnAxes, levelChunks, type ViewedImage } from "./image.ts";
import { extentOf, indexAt, type PanelSize, type Plane, type View } from "./view.ts";

/** A chunk that is wanted. */
export interface ChunkWish {
	/** `level/coords`, to tell chunks apart. */
	id: string;
	level: number;
	coords: number[];
	/** What is wanted first has the lowest: coarse stand-ins before sharp chunks, then from the middle outwards. */
	rank: number;
}

/** A panel: which plane it shows, and how large it is. */
export interface Panel {
	plane: Plane;
	size: PanelSize;
}

/** What a view needs. */
export interface ViewPlan {
	/** The scale level that is to be seen. */
	level: number;
	/** Chunks of that level that lie in a panel, each once; of very many those nearest the middle. */
	needed: ChunkWish[];
	/** How many there are, those beyond `needed` counted too. */
	neededChunks: number;
	/** Those, and chunks of a coarser level that are there sooner, in the order in which they are wanted. */
	wishes: ChunkWish[];
	/** Bytes in memory of the needed chunks. */
	neededBytes: number;
	/** Chunks, and bytes in memory, of the whole finest level: what downloading the image costs. */
	wholeChunks: number;
	wholeBytes: number;
}

/** Stand-ins may cost this share of what is needed, */
const standInShare = 0.15;
/** and a finer level than the coarsest only this. */
const fineStandInShare = 0.05;
/** Chunks of a panel that are asked for: a fixed level of a large image may lie in it a million times. */
const mostChunks = 1024;

/** The name of a chunk of an image. */
export function chunkId(level: number, coords: readonly number[]): string {
	return `${level}/${coords.join(",")}`;
}

/**
 * The coarsest level that still has an element for each pixel of the screen, along both axes of the plane.
 * @param zoom pixels of the screen in one unit of space
 */
export function levelForZoom(image: ViewedImage, plane: Plane, zoom: number): number {
	const suits = ({ scale }: { scale: number[] }) =>
		// The small tolerance keeps a zoom that is reached by steps on the coarser level.
		Math.max(scale[plane.horizontal], scale[plane.vertical]) * zoom <= 1.001;
	let level = 0;
	while (level + 1 < image.levels.length && suits(image.levels[level + 1])) level++;
	return level;
}

/** The level that a view shows in its panels: of the first plane, so that all panels show the same. */
export function levelOf(image: ViewedImage, view: View, plane: Plane, sharpness = 1): number {
	return view.level === "auto" ? levelForZoom(image, plane, view.zoom * sharpness) : view.level;
}

/** Elements of a level that lie in a panel along an axis: [start, stop), empty where none do. */
export function shownRange(
	image: ViewedImage,
	level: number,
	axis: number,
	middle: number,
	length: number,
): [start: number, stop: number] {
	const { shape, scale, translation } = image.levels[level];
	const index = (position: number) => (position - translation[axis]) / scale[axis] + 0.5;
	const limit = (n: number) => Math.min(shape[axis], Math.max(0, n));
	// A sliver of an element, of a rounding, is not seen.
	const start = limit(Math.floor(index(middle - length / 2) + 1e-6));
	return [start, Math.max(start, limit(Math.ceil(index(middle + length / 2) - 1e-6)))];
}

/**
 * The chunks of a level that lie in a panel, from the middle outwards; none where the plane does not meet the image.
 * `count` is how many there are, `wishes` has 1024 of them at the most.
 */
export function chunksInPanel(
	image: ViewedImage,
	view: View,
	panel: Panel,
	level: number,
): { wishes: ChunkWish[]; count: number } {
	const none = { wishes: [], count: 0 };
	const found = image.levels[level];
	const { plane, size } = panel;
	// A panel that is hidden has no size, and no zoom fits an image into it.
	if (!(size.width > 0 && size.height > 0 && view.zoom > 0)) return none;
	const width = size.width / view.zoom;
	const height = size.height / view.zoom;
	const channels = channelAxis(image);
	const ranges: (readonly [number, number])[] = [];
	for (const axis of found.shape.keys()) {
		if (axis === plane.horizontal) ranges.push(shownRange(image, level, axis, view.at[axis], width));
		else if (axis === plane.vertical) ranges.push(shownRange(image, level, axis, view.at[axis], height));
		else if (axis === channels) ranges.push([0, found.shape[axis]]);
		else {
			const isDrawn = image.axes[axis].role === "space" || axis === plane.depth;
			const index = isDrawn ? indexAt(found, axis, view.at[axis]) : view.at[axis];
			if (index === undefined || index >= found.shape[axis]) return none;
			ranges.push([index, index + 1]);
		}
	}
	if (ranges.some(([start, stop]) => stop <= start)) return none;
	const first = ranges.map(([start], axis) => Math.floor(start / found.chunks[axis]));
	const last = ranges.map(([, stop], axis) => Math.floor((stop - 1) / found.chunks[axis]));
	const ofChannels = new Set(
		view.channels.map((c) => (channels < 0 ? 0 : Math.floor(c / found.chunks[channels]))),
	);
	const across = (axis: number) => last[axis] - first[axis] + 1;
	const count = across(plane.horizontal) * across(plane.vertical) * ofChannels.size;
	if (count > mostChunks) {
		// The same share is cut off along both axes of the plane.
		const share = Math.sqrt(mostChunks / count);
		for (const axis of [plane.horizontal, plane.vertical]) {
			const kept = Math.max(1, Math.floor(across(axis) * share));
			const middle = (indexAt(found, axis, view.at[axis]) ?? 0) / found.chunks[axis];
			const start = Math.min(last[axis] - kept + 1, Math.max(first[axis], Math.floor(middle - kept / 2)));
			[first[axis], last[axis]] = [start, start + kept - 1];
		}
	}
	const wishes: ChunkWish[] = [];
	for (const coords of coordsBetween(first, last)) {
		if (channels >= 0 && !ofChannels.has(coords[channels])) continue;
		wishes.push({
			id: chunkId(level, coords),
			level,
			coords,
			rank: distance(image, view, plane, level, coords),
		});
	}
	return { wishes: wishes.sort((a, b) => a.rank - b.rank), count };
}

/** Pixels of the screen from the middle of a panel to the nearest point of a chunk, and a little to its middle. */
function distance(
	image: ViewedImage,
	view: View,
	plane: Plane,
	level: number,
	coords: readonly number[],
): number {
	const { chunks, scale, translation } = image.levels[level];
	const along = (axis: number) => {
		const low = translation[axis] + (coords[axis] * chunks[axis] - 0.5) * scale[axis];
		const length = chunks[axis] * scale[axis];
		const outside = Math.max(0, low - view.at[axis], view.at[axis] - low - length);
		return (outside + 0.01 * Math.abs(low + length / 2 - view.at[axis])) * view.zoom;
	};
	return Math.hypot(along(plane.horizontal), along(plane.vertical));
}

/**
 * What a view needs in all of its panels, the first panel's chunks first.
 * @param panels the first one decides the level
 * @param sharpness points of the screen along the edge of a pixel of the page (devicePixelRatio)
 */
export function planView(image: ViewedImage, view: View, panels: readonly Panel[], sharpness = 1): ViewPlan {
	if (panels.length === 0) {
		return { level: 0, needed: [], neededChunks: 0, wishes: [], neededBytes: 0, ...wholeOf(image) };
	}
	const level = levelOf(image, view, panels[0].plane, sharpness);
	const { wishes: needed, count } = inPanels(image, view, panels, level);
	return {
		level,
		needed,
		neededChunks: count,
		wishes: [...standIns(image, view, panels, level, count), ...needed],
		neededBytes: count * chunkBytes(image, level),
		...wholeOf(image),
	};
}

/** What all of a level needs, at the indices and channels of a view. */
export function planLevel(image: ViewedImage, view: View, level: number): ViewPlan {
	const wishes = allChunksOf(image, view, level);
	return {
		...{ level, needed: wishes, neededChunks: wishes.length, wishes },
		neededBytes: wishes.length * chunkBytes(image, level),
		...wholeOf(image),
	};
}

function wholeOf(image: ViewedImage): Pick<ViewPlan, "wholeChunks" | "wholeBytes"> {
	const [finest] = image.levels;
	const wholeChunks = levelChunks(finest);
	return { wholeChunks, wholeBytes: wholeChunks * chunkBytes(image, 0) };
}

function inPanels(
	image: ViewedImage,
	view: View,
	panels: readonly Panel[],
	level: number,
): { wishes: ChunkWish[]; count: number } {
	const found = new Map<string, ChunkWish>();
	let beyond = 0;
	for (const panel of panels) {
		const { wishes, count } = chunksInPanel(image, view, panel, level);
		beyond += count - wishes.length;
		for (const wish of wishes) if (!found.has(wish.id)) found.set(wish.id, wish);
	}
	return { wishes: [...found.values()], count: found.size + beyond };
}

/**
 * Chunks of a coarser level, a picture to look at meanwhile: of the finest that costs next to nothing beside what is
 * needed, else of the coarsest, where that costs little.
 */
function standIns(
	image: ViewedImage,
	view: View,
	panels: readonly Panel[],
	level: number,
	needed: number,
): ChunkWish[] {
	const coarsest = image.levels.length - 1;
	for (let coarser = level + 1; coarser <= coarsest; coarser++) {
		const { wishes, count } = inPanels(image, view, panels, coarser);
		const bytes = (count * chunkBytes(image, coarser)) / chunkBytes(image, level);
		const mostBytes = (coarser === coarsest ? standInShare : fineStandInShare) * needed;
		if (count <= standInShare * needed && bytes <= mostBytes) {
			return wishes.map((wish) => ({ ...wish, rank: wish.rank - 1e9 }));
		}
	}
	return [];
}

/** Bytes in memory of a chunk of a level. */
export function chunkBytes(image: ViewedImage, level: number): number {
	return product(image.levels[level].chunks) * itemSize(image.dtype);
}

/** Where a chunk lies on a panel: its part inside the image, in pixels of the screen from the panel's corner. */
export function chunkRect(
	image: ViewedImage,
	view: View,
	{ plane, size }: Panel,
	level: number,
	coords: readonly number[],
): { x: number; y: number; width: number; height: number } {
	const { chunks, shape, scale, translation } = image.levels[level];
	const along = (axis: number, length: number): [number, number] => {
		const start = coords[axis] * chunks[axis];
		const count = Math.min(chunks[axis], shape[axis] - start);
		const low = translation[axis] + (start - 0.5) * scale[axis];
		return [(low - view.at[axis]) * view.zoom + length / 2, count * scale[axis] * view.zoom];
	};
	const [x, width] = along(plane.horizontal, size.width);
	const [y, height] = along(plane.vertical, size.height);
	return { x, y, width, height };
}

/** True where a plane cuts through the image at all. */
export function meetsImage(image: ViewedImage, view: View, plane: Plane): boolean {
	if (plane.depth === undefined) return true;
	const [low, high] = extentOf(image.levels[0], plane.depth);
	return view.at[plane.depth] >= low && view.at[plane.depth] <= high;
}

/** All chunks of a level that hold what a view shows: its indices on the axes that are not drawn, its channels. */
function allChunksOf(image: ViewedImage, view: View, level: number): ChunkWish[] {
	const found = image.levels[level];
	const drawn = Object.values(drawnAxes(image)) as number[];
	const channels = channelAxis(image);
	const counts = gridShape(found.shape, found.chunks);
	const at = (axis: number) =>
		Math.floor(Math.min(found.shape[axis] - 1, view.at[axis]) / found.chunks[axis]);
	const isFree = (axis: number) => drawn.includes(axis) || axis === channels;
	const first = counts.map((_, axis) => (isFree(axis) ? 0 : at(axis)));
	const last = counts.map((count, axis) => (isFree(axis) ? count - 1 : at(axis)));
	const ofChannels = new Set(view.channels.map((c) => Math.floor(c / (found.chunks[channels] ?? 1))));
	const wishes: ChunkWish[] = [];
	for (const coords of coordsBetween(first, last)) {
		if (channels >= 0 && !ofChannels.has(coords[channels])) continue;
		wishes.push({ id: chunkId(level, coords), level, coords, rank: wishes.length });
	}
	return wishes;
}
