/** Where the reader looks: the image's point at the middle of the window, and the zoom. */
import type { Viewport } from "../../../lib/plan/viewport.ts";

export interface Camera {
	/** In pixels of the finest level. */
	x: number;
	y: number;
	/** Screen pixels on one pixel of the finest level. */
	scale: number;
}

export interface Size {
	width: number;
	height: number;
}

/** The zoom at which the whole image fits the window. */
export function fitScale(image: Size, window: Size): number {
	return Math.min(window.width / image.width, window.height / image.height);
}

/** The nearest camera that is allowed: no further out than the whole image, no further in than 2, on the image. */
export function clampCamera(camera: Camera, image: Size, window: Size): Camera {
	const scale = Math.max(fitScale(image, window), Math.min(2, camera.scale));
	const along = (at: number, length: number, shown: number) =>
		shown >= length ? length / 2 : Math.max(shown / 2, Math.min(length - shown / 2, at));
	return {
		scale,
		x: along(camera.x, image.width, window.width / scale),
		y: along(camera.y, image.height, window.height / scale),
	};
}

/** What the window shows, in pixels of the finest level. */
export function viewportOf(camera: Camera, window: Size): Viewport {
	const width = window.width / camera.scale;
	const height = window.height / camera.scale;
	return { x: camera.x - width / 2, y: camera.y - height / 2, width, height };
}

/** Zooms so that the point under the pointer (from the window's middle) stays where it is. */
export function zoomAt(camera: Camera, factor: number, dx = 0, dy = 0): Camera {
	const scale = camera.scale * factor;
	return {
		scale,
		x: camera.x + dx / camera.scale - dx / scale,
		y: camera.y + dy / camera.scale - dy / scale,
	};
}

/** On the way from one camera to another; zoom goes evenly for the eye, that is by factors. */
export function between(a: Camera, b: Camera, t: number): Camera {
	const scale = a.scale * (b.scale / a.scale) ** t;
	// The middle moves in step with what is shown, or it would rush while the picture is far away.
	const s = Math.abs(b.scale - a.scale) < 1e-9 ? t : (1 / scale - 1 / a.scale) / (1 / b.scale - 1 / a.scale);
	return { scale, x: a.x + (b.x - a.x) * s, y: a.y + (b.y - a.y) * s };
}
