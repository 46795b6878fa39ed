/** The pyramid figure: the scale levels of an image as chunk grids, and where a voxel of a level came from. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { type ChunkRequest, chunkShape } from "../multiscale/chunks.ts";
import { type MultiscaleMethod, multiscaleMethods } from "../multiscale/methods.ts";
import { levelPaths } from "../multiscale/multiscale.ts";
import { neededRegion, type Region } from "../multiscale/region.ts";
import {
	coarserGeometry,
	type ImageGeometry,
	levelFactors,
	type ScaleFactor,
} from "../multiscale/to-multiscale.ts";
import { product } from "../types.ts";
import { gridOf } from "./chunk-grid.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";
import { type Chunk, type ChunkGrid, chunkAt } from "./grid.ts";
import { chunksOfSelection } from "./selection.ts";

/** Props of the figure, plain data. */
export interface PyramidProps {
	/** Of the finest level, slowest axis first. */
	shape: number[];
	/** Each relative to the level before: `[2, 4]` makes levels 2 and 8 times coarser. */
	factors: ScaleFactor[];
	/** Names of the axes; by default the last ones of t, c, z, y, x. */
	dims?: string[];
	/** An edge for all axes in space, or by axis; 64 for volumes and 256 for planes where absent. */
	chunks?: ChunkRequest;
	/** How a level is computed; "mean" where absent. */
	method?: MultiscaleMethod;
	/** Zarr v3 name of the element type; `uint16` where absent. */
	dtype?: string;
	/** Name of the image, for its keys. */
	name?: string;
	/** Distance of two elements, and position of the first, by axis; 1 and 0 where absent. */
	scale?: Record<string, number>;
	translation?: Record<string, number>;
	/** By axis, for the words: `µm`. */
	units?: Record<string, string>;
	/** The voxel that is picked first; one in the middle of the coarsest level where absent. */
	pick?: { level: number; index: number[] };
	title?: string;
}

/** One level of the pyramid. */
export interface PyramidLevel {
	level: number;
	grid: ChunkGrid;
	/** Relative to the level before, along each axis; 1 for the image itself. */
	factors: number[];
	/** Relative to the image itself. */
	absolute: number[];
	/** Distance of two elements along each axis. */
	scale: number[];
	/** Position of the first element along each axis. */
	translation: number[];
}

/** A whole pyramid, finest level first. */
export interface PyramidPlan {
	dims: string[];
	method: MultiscaleMethod;
	units: (string | undefined)[];
	levels: PyramidLevel[];
}

/** The elements of one level that a voxel of a coarser level was computed from. */
export interface SourceBlock {
	level: number;
	/** Half-open, along each axis. */
	region: [start: number, stop: number][];
	elements: number;
	/** Chunks of that level that hold them: first and last along each axis, and how many. */
	first: number[];
	last: number[];
	chunks: number;
}

/** A voxel of a level, and what it came from. */
export interface PickedVoxel {
	level: number;
	index: number[];
	/** Of its middle, along each axis. */
	position: number[];
	chunk: Chunk;
	/** From the level before down to the image itself. */
	blocks: SourceBlock[];
}

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("pyramid-props", message, { where: "pyramid", remedy });
}

/**
 * The levels that props describe, by the rules of `toMultiscale`.
 * @throws ChunkwiseError `pyramid-props`, `chunk-grid-props`, bad-scale-factor, axis-vanishes, bad-chunks
 */
export function pyramidPlan(props: PyramidProps): PyramidPlan {
	const { shape, factors, method = "mean", name = "image" } = props;
	if (!multiscaleMethods.includes(method)) {
		throw bad(`There is no method ${JSON.stringify(method)}.`, `Use one of ${multiscaleMethods.join(", ")}.`);
	}
	if (!Array.isArray(factors)) throw bad("There are no scale factors.", "Write factors={[2, 4]}.");
	if (Array.isArray(shape) && shape.includes(0)) {
		throw bad("An image without elements has no coarser levels.", "Give lengths above 0.");
	}
	// The grid's own checks of shape, names and type come first: what follows relies on them.
	const whole = { shape, chunks: Array.isArray(shape) ? shape : [], dims: props.dims, dtype: props.dtype };
	const { dims } = gridOf(whole);
	const byDim = (values: Record<string, number> | undefined, usual: number) =>
		Object.fromEntries(dims.map((dim) => [dim, values?.[dim] ?? usual]));
	let image: ImageGeometry = {
		...{ name, dims, shape, units: {} },
		scale: byDim(props.scale, 1),
		translation: byDim(props.translation, 0),
	};
	const steps = levelFactors(image, factors);
	const paths = levelPaths(name, steps.length + 1);
	const levels: PyramidLevel[] = [];
	for (let level = 0; level <= steps.length; level++) {
		const step = level === 0 ? undefined : steps[level - 1];
		if (step) image = coarserGeometry(image, step, method);
		const relative = dims.map((dim) => step?.[dim] ?? 1);
		const before = levels[level - 1]?.absolute;
		const chunks = chunkShape(dims, image.shape, props.chunks);
		levels.push({
			level,
			grid: gridOf({ ...whole, shape: [...image.shape], chunks, dims, keyPrefix: paths[level] }),
			factors: relative,
			absolute: relative.map((factor, axis) => factor * (before?.[axis] ?? 1)),
			scale: dims.map((dim) => image.scale[dim]),
			translation: dims.map((dim) => image.translation[dim]),
		});
	}
	return { dims, method, units: dims.map((dim) => props.units?.[dim]), levels };
}

/**
 * Where a voxel of a level came from, level by level.
 * @throws ChunkwiseError `pyramid-props` where there is no such voxel
 */
export function pickVoxel(plan: PyramidPlan, level: number, index: readonly number[]): PickedVoxel {
	const own = plan.levels[level];
	const fits =
		own !== undefined &&
		index.length === plan.dims.length &&
		index.every((i, axis) => Number.isInteger(i) && i >= 0 && i < own.grid.shape[axis]);
	if (!fits) {
		throw bad(
			`There is no voxel (${index.join(", ")}) in level ${level}.`,
			own
				? `Level ${level} has ${own.grid.shape.join(" × ")} elements.`
				: `Levels go from 0 to ${plan.levels.length - 1}.`,
		);
	}
	const blocks: SourceBlock[] = [];
	let region: Region = index.map((i): [number, number] => [i, i + 1]);
	for (let at = level; at > 0; at--) {
		const { grid } = plan.levels[at - 1];
		region = neededRegion(
			{ shape: grid.shape, factors: plan.levels[at].factors, method: plan.method },
			region,
		);
		const ranges = region.map(([start, stop]): [number, number] => [start, stop]);
		const { first, last, touched } = chunksOfSelection(grid, ranges);
		const elements = product(ranges.map(([start, stop]) => stop - start));
		blocks.push({ level: at - 1, region: ranges, elements, first, last, chunks: touched });
	}
	const { grid, scale, translation } = own;
	return {
		level,
		index: [...index],
		position: index.map((i, axis) => translation[axis] + i * scale[axis]),
		chunk: chunkAt(
			grid,
			index.map((i, axis) => Math.floor(i / grid.chunks[axis])),
		),
		blocks,
	};
}

/** The voxel that is picked first. */
export function firstPick(props: PyramidProps, plan: PyramidPlan): PickedVoxel {
	if (props.pick) return pickVoxel(plan, props.pick.level, props.pick.index);
	const { level, grid } = plan.levels[plan.levels.length - 1];
	return pickVoxel(
		plan,
		level,
		grid.shape.map((n) => Math.floor(n / 2)),
	);
}

/** What a multiscale image tells of its levels. */
export interface PyramidSource {
	readonly name: string;
	readonly levels: readonly {
		readonly dims: readonly string[];
		readonly shape: readonly number[];
		readonly dtype: string;
		readonly scale: Readonly<Record<string, number>>;
		readonly translation: Readonly<Record<string, number>>;
		readonly units?: Readonly<Record<string, string | undefined>>;
	}[];
	readonly chunks: readonly (readonly number[])[];
	readonly scaleFactors: readonly Readonly<Record<string, number>>[];
	readonly method: string;
}

/** What of a pyramid is shown. */
export interface PyramidOptions {
	/** The voxel that is picked first. */
	pick?: { level: number; index: number[] };
	title?: string;
}

/**
 * The levels of a multiscale as stacked chunk grids, as a figure to display in a cell: `display(pyramid(multiscale))`.
 * @param source a multiscale, or props
 * @throws ChunkwiseError `pyramid-props`, and what planning the levels throws
 */
export function pyramid(
	source: PyramidSource | PyramidProps,
	options: PyramidOptions = {},
): FigureDisplay & Displayable {
	checkOptions("pyramid", options);
	const props = "levels" in source ? propsOf(source) : { ...source };
	if (options.pick) props.pick = options.pick;
	if (options.title) props.title = options.title;
	checkProps("pyramid", props);
	firstPick(props, pyramidPlan(props));
	return figure("pyramid", props);
}

function propsOf({ name, levels, chunks, scaleFactors, method }: PyramidSource): PyramidProps {
	const [image] = levels;
	if (scaleFactors.length !== levels.length - 1) {
		throw bad(
			"The multiscale does not say by which factors its levels were made.",
			"Give props: { shape, factors }.",
		);
	}
	const units = Object.entries(image.units ?? {}).filter(([, unit]) => unit !== undefined);
	return {
		shape: [...image.shape],
		dims: [...image.dims],
		factors: scaleFactors.map((byDim) => ({
			...Object.fromEntries(Object.entries(byDim).filter(([dim]) => dim !== "t" && dim !== "c")),
		})),
		// A level is never cut longer than it is: the first level's chunks are what was asked for, where it is long enough.
		chunks: Object.fromEntries(image.dims.map((dim, axis) => [dim, chunks[0][axis]])),
		method: method as MultiscaleMethod,
		dtype: image.dtype,
		name,
		scale: { ...image.scale },
		translation: { ...image.translation },
		...(units.length > 0 ? { units: Object.fromEntries(units) as Record<string, string> } : {}),
	};
}
