/** What draws the planes of chunks: WebGL2 where it is there, else a plain canvas. */
import type { ChunkPlane } from "../../lib/viewer/plane.ts";

/** A rectangle in pixels of the page. */
export interface Rect {
	x: number;
	y: number;
	width: number;
	height: number;
}

/** A channel as it is drawn now. */
export interface PaintedChannel {
	index: number;
	/** Red, green and blue, 0 to 1. */
	color: readonly [number, number, number];
	/** Values drawn black and full. */
	start: number;
	end: number;
}

/** The plane of one chunk. */
export interface PaintedChunk {
	/** On the panel. */
	rect: Rect;
	/** 0 is on top. */
	layer: number;
	/**
	 * The plane for a channel, with a name by which it is kept, its elements spread over the rectangle; undefined for a
	 * chunk that does not hold the channel.
	 */
	plane(channel: number): { key: string; cut(): ChunkPlane } | undefined;
}

export interface Renderer {
	readonly kind: "WebGL2" | "canvas";
	readonly canvas: HTMLCanvasElement;
	/** Begins a picture of this size in pixels of the page. */
	begin(width: number, height: number, sharpness: number): void;
	/** Draws a panel; chunks in any order. */
	panel(place: Rect, chunks: readonly PaintedChunk[], channels: readonly PaintedChannel[]): void;
	/** Frees what is kept. */
	close(): void;
}

/** Gives a canvas its pixels; changing them clears it. */
export function fitCanvas(canvas: HTMLCanvasElement, width: number, height: number, sharpness: number): void {
	const [w, h] = [Math.max(1, Math.round(width * sharpness)), Math.max(1, Math.round(height * sharpness))];
	if (canvas.width !== w) canvas.width = w;
	if (canvas.height !== h) canvas.height = h;
}
