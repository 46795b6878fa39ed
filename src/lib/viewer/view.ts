/** Where a viewer looks: a place in the image's own units, a zoom, and the planes through it that panels show. */
import { channelAxis, type DrawnAxes, drawnAxes, type ViewedImage, type ViewedLevel } from "./image.ts";

/** A plane through the image that a panel shows, named by its axes: horizontal first. */
export type PlaneName = "xy" | "xz" | "zy";

/** Axes of a plane, by index in the image. */
export interface Plane {
	name: PlaneName;
	horizontal: number;
	vertical: number;
	/** Axis that goes through the plane; absent from a flat image. */
	depth?: number;
}

/** Where a viewer looks. */
export interface View {
	/** One entry for each axis of the image: a position in its unit for axes that are drawn, an index for the others. */
	at: number[];
	/** Pixels of the screen in one unit of space. */
	zoom: number;
	/** A fixed scale level, or the one that suits the zoom. */
	level: number | "auto";
	/** Indices on the channel axis that are shown. */
	channels: number[];
}

/** Width and height of a panel in pixels of the screen. */
export interface PanelSize {
	width: number;
	height: number;
}

/** Lower and upper end of a level along an axis, in its unit: half an element beyond the centres of the outer ones. */
export function extentOf(level: ViewedLevel, axis: number): [low: number, high: number] {
	const { shape, scale, translation } = level;
	const half = scale[axis] / 2;
	return [translation[axis] - half, translation[axis] + scale[axis] * shape[axis] - half];
}

/** The planes that an image has: one where it is flat, three where it is a volume. */
export function planesOf(image: ViewedImage): Plane[] {
	const { z, y, x } = drawnAxes(image);
	if (z === undefined) return [{ name: "xy", horizontal: x, vertical: y }];
	return [
		{ name: "xy", horizontal: x, vertical: y, depth: z },
		{ name: "xz", horizontal: x, vertical: z, depth: y },
		{ name: "zy", horizontal: z, vertical: y, depth: x },
	];
}

/** The zoom at which the whole of a plane fits a panel. */
export function fitZoom(image: ViewedImage, plane: Plane, panel: PanelSize): number {
	const length = (axis: number) => {
		const [low, high] = extentOf(image.levels[0], axis);
		return Math.max(high - low, Number.MIN_VALUE);
	};
	return Math.min(panel.width / length(plane.horizontal), panel.height / length(plane.vertical));
}

/** The whole first plane, in the middle of what is drawn and at the first index of all else. */
export function firstView(image: ViewedImage, panel: PanelSize): View {
	const [finest] = image.levels;
	const drawn = Object.values(drawnAxes(image) satisfies DrawnAxes) as number[];
	const at = image.axes.map((_, axis) => {
		if (!drawn.includes(axis)) return 0;
		const [low, high] = extentOf(finest, axis);
		return (low + high) / 2;
	});
	const [plane] = planesOf(image);
	const shown = image.channels.flatMap(({ active }, i) => (active ? [i] : []));
	return {
		at,
		zoom: fitZoom(image, plane, panel),
		level: "auto",
		channels: channelAxis(image) < 0 ? [0] : shown,
	};
}

/**
 * The nearest view that is allowed: on the image, the whole of it at the least, 64 pixels for an element at the most.
 * Indices are whole.
 */
export function clampView(image: ViewedImage, view: View, panel: PanelSize): View {
	const [finest] = image.levels;
	const drawn = Object.values(drawnAxes(image)) as number[];
	const at = image.axes.map((_, axis) => {
		const position = Number.isFinite(view.at[axis]) ? view.at[axis] : 0;
		if (drawn.includes(axis)) {
			const [low, high] = extentOf(finest, axis);
			return Math.min(high, Math.max(low, position));
		}
		return Math.min(finest.shape[axis] - 1, Math.max(0, Math.round(position)));
	});
	const [plane] = planesOf(image);
	const least = fitZoom(image, plane, panel) / 2;
	const most = 64 / Math.min(finest.scale[plane.horizontal], finest.scale[plane.vertical]);
	const zoom = Number.isFinite(view.zoom) ? view.zoom : least;
	const level =
		view.level === "auto" ? "auto" : Math.min(image.levels.length - 1, Math.max(0, Math.round(view.level)));
	const channels = [...new Set(view.channels)].filter((c) => Number.isInteger(c) && image.channels[c]);
	return { at, zoom: Math.min(Math.max(most, least), Math.max(least, zoom)), level, channels };
}

/** The element that holds a position on an axis, or undefined outside the level. */
export function indexAt(level: ViewedLevel, axis: number, position: number): number | undefined {
	// A half is rounded up; adding 0 leaves no negative zero.
	const index = Math.round((position - level.translation[axis]) / level.scale[axis]) + 0;
	// The upper end belongs to the last element: a view can rest on it.
	if (index === level.shape[axis] && position <= extentOf(level, axis)[1]) return index - 1;
	return index >= 0 && index < level.shape[axis] ? index : undefined;
}
