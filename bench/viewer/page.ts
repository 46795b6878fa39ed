/** What the pages of both viewers have in common, so that one script drives them. */

/** Where a viewer looks, in pixels of the finest level: of each viewer its own numbers follow from this. */
export interface Spot {
	/** Middle of the canvas, from the image's corner. */
	x: number;
	y: number;
	/** Index of the plane at the finest level. */
	z: number;
	/** Pixels of the screen in one pixel of the finest level. */
	zoom: number;
}

export interface OpenOptions {
	/** Address of an OME-Zarr; absent for the image that is computed. */
	url?: string;
	spot: Spot;
	/** Values drawn black and white. */
	window: readonly [number, number];
	/** All of it in three dimensions, in place of a plane. */
	volume?: boolean;
}

/** What our viewer says that it has cost; no other viewer says it. */
export interface OwnCost {
	level: number;
	/** Chunks of the level that the view needs. */
	needed: number;
	requests: number;
	/** From the store. */
	bytes: number;
	/** Decoded chunks that are kept. */
	kept: number;
	busy: boolean;
}

/** On `window.benchViewer` of each page. */
export interface ViewerPage {
	/** Resolves when the image is open and the first view asked for. */
	open(options: OpenOptions): Promise<void>;
	/** Looks elsewhere in the image that is open. */
	go(spot: Spot): void;
	/** Where the picture is drawn. */
	canvas(): HTMLCanvasElement | null;
	cost?(): OwnCost;
}

/** Width and height of both viewers' canvas in pixels of the page, of which one is a pixel of the screen. */
export const canvasSize = { width: 800, height: 600 } as const;

declare global {
	interface Window {
		benchViewer: ViewerPage;
	}
}
