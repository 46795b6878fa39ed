/** The viewport figure: its props, and its words. */
import { formatBytes, formatCount } from "../format.ts";
import { counted, type TextTwin } from "./figure.ts";
import { arrayBytes, chunkCount } from "./grid.ts";
import {
	type ImagePyramid,
	imagePyramid,
	levelFor,
	planViewport,
	type Viewport,
	type ViewportPlan,
} from "./viewport.ts";

/** Props of the figure, plain data. */
export interface ViewportProps {
	/** Height and width of the image, in pixels. */
	shape?: [number, number];
	/** Side of a chunk. */
	chunk?: number;
	levels?: number;
	/** Another seed, another field of nuclei. */
	seed?: number;
}

export interface ViewportSettings {
	pyramid: ImagePyramid;
	seed: number;
}

export function viewportSettings(props: ViewportProps): ViewportSettings {
	return {
		pyramid: imagePyramid(props.shape ?? [1536, 3072], props.chunk ?? 256, { levels: props.levels ?? 4 }),
		seed: props.seed ?? 11,
	};
}

/** What the window needs, in one line: `scale0: 9 of 72 chunks · 1.13 MiB of 9.00 MiB`. */
export function describeViewport(pyramid: ImagePyramid, plan: ViewportPlan): string {
	const grid = pyramid.levels[plan.level];
	return (
		`${grid.prefix.split("/", 1)[0]}: ${plan.touched} of ${counted(plan.total, "chunk")}, ` +
		`${formatBytes(plan.bytesRead)} of ${formatBytes(arrayBytes(pyramid.levels[0]))}.`
	);
}

/**
 * The levels, and what a window on the middle of the image needs of each.
 * @param window width and height in pixels of the screen
 */
export function viewportTwin(pyramid: ImagePyramid, window: { width: number; height: number }): TextTwin {
	const [height, width] = pyramid.levels[0].shape;
	const at = (scale: number): Viewport => ({
		x: (width - window.width / scale) / 2,
		y: (height - window.height / scale) / 2,
		width: window.width / scale,
		height: window.height / scale,
	});
	const rows = pyramid.levels.map((grid, level) => {
		const plan = planViewport(pyramid, at(1 / pyramid.factors[level]), level);
		return [
			grid.prefix.split("/", 1)[0],
			`${grid.shape[1]} × ${grid.shape[0]}`,
			formatCount(chunkCount(grid)),
			formatBytes(arrayBytes(grid)),
			`${plan.touched} of ${plan.total}`,
			formatBytes(plan.bytesRead),
		];
	});
	const whole = Math.min(window.width / width, window.height / height);
	const level = levelFor(pyramid, whole);
	const [finest] = pyramid.levels;
	return {
		summary:
			`A synthetic image of cell nuclei, ${width} × ${height} pixels of 16 bits, computed in your browser: nothing is ` +
			`downloaded. Drag it and zoom, or use the arrow keys, + and −. Of its ${formatBytes(arrayBytes(finest))} only the ` +
			"chunks under the window are fetched, from the level that suits the zoom.",
		status: describeViewport(pyramid, planViewport(pyramid, at(whole), level)),
		caption: `What a window of ${window.width} × ${window.height} pixels on the middle of the image needs`,
		columns: [
			{ name: "Level" },
			{ name: "Pixels", align: "right" },
			{ name: "Chunks", align: "right" },
			{ name: "Bytes", align: "right" },
			{ name: "Chunks needed", align: "right" },
			{ name: "Bytes needed", align: "right" },
		],
		rows,
	};
}
