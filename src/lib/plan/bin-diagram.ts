/** The bin diagram: one axis of an image, the bins of its scale levels, and where they begin. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { type MultiscaleMethod, methodRules, multiscaleMethods } from "../multiscale/methods.ts";
import { coarserGeometry, type ImageGeometry, levelFactors } from "../multiscale/to-multiscale.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";

/** An axis to choose from: its name and its number of elements. */
export interface BinAxis {
	name: string;
	length: number;
}

/** Props of the figure, plain data. */
export interface BinDiagramProps {
	/** Axes to choose from; the first is shown. Those of the course's sample, the last one first, where absent. */
	axes?: BinAxis[];
	/** Each relative to the level before; `[2, 4]` where absent. */
	factors?: number[];
	/** How a level is computed; it decides which elements are dropped and where in a bin its value lies. "mean" where absent. */
	method?: MultiscaleMethod;
	/** Distance of two elements of the image, in `unit`; 1 where absent. */
	spacing?: number;
	/** Position of its first element; 0 where absent. */
	origin?: number;
	/** For the words: `µm`. */
	unit?: string;
	title?: string;
}

/** What is drawn: one axis and how it is binned. */
export interface BinSetting {
	name: string;
	length: number;
	factors: number[];
	method: MultiscaleMethod;
	spacing: number;
	origin: number;
	unit: string;
}

/** One level of the axis. Counts of elements are of the level before, unless said. */
export interface BinLevel {
	level: number;
	/** Elements of this level. */
	length: number;
	/** Elements that one bin holds; 1 for the image itself. */
	factor: number;
	/** Dropped before the first bin. */
	droppedAtStart: number;
	/** Dropped behind the last bin. */
	droppedAtEnd: number;
	/** Where in a bin its value lies, in elements after its first. */
	middle: number;
	/** Distance of two elements of this level, in the axis's unit. */
	spacing: number;
	/** Position of its first element: the translation that the metadata states. */
	start: number;
	/** First element of the image that the first bin holds. */
	first: number;
	/** Elements of the image in one bin. */
	size: number;
}

/** The axes of the course's sample: 129 × 212 × 363. */
export const sampleAxes: readonly BinAxis[] = [
	{ name: "x", length: 363 },
	{ name: "y", length: 212 },
	{ name: "z", length: 129 },
];

function bad(message: string, remedy: string): ChunkwiseError {
	return new ChunkwiseError("bin-diagram-props", message, { where: "binDiagram", remedy });
}

/** The axes that props offer. */
export function axesOf(props: BinDiagramProps): readonly BinAxis[] {
	return props.axes ?? sampleAxes;
}

/**
 * What props show first.
 * @throws ChunkwiseError `bin-diagram-props`
 */
export function binSetting(props: BinDiagramProps): BinSetting {
	const axes = axesOf(props);
	const [axis] = axes;
	const { factors = [2, 4], method = "mean", spacing = 1, origin = 0, unit = "" } = props;
	if (!axis) throw bad("There is no axis to draw.", 'Give axes={[{ name: "x", length: 363 }]}.');
	for (const { name, length } of axes) {
		if (!Number.isInteger(length) || length < 1) {
			throw bad(`The axis ${name} cannot have ${length} elements.`, "Give a whole number above 0.");
		}
	}
	if (!Array.isArray(factors) || factors.length === 0) {
		throw bad("There is no factor, so there is no coarser level.", "Write factors={[2, 4]}.");
	}
	if (!multiscaleMethods.includes(method)) {
		throw bad(`There is no method ${JSON.stringify(method)}.`, `Use one of ${multiscaleMethods.join(", ")}.`);
	}
	if (!(spacing > 0) || !Number.isFinite(spacing) || !Number.isFinite(origin)) {
		throw bad(
			`Elements ${spacing} apart, from ${origin} on, have no places.`,
			"Give a spacing above 0 and a number for the origin.",
		);
	}
	return { ...axis, factors: [...factors], method, spacing, origin, unit };
}

/**
 * The levels of one axis, as `toMultiscale` makes them: its own rules give lengths, spacings and starts.
 * @throws ChunkwiseError bad-scale-factor, axis-vanishes
 */
export function binLevels(setting: BinSetting): BinLevel[] {
	const { length, factors, method, spacing, origin } = setting;
	// An axis named t or c would not be scaled; the diagram is about any axis that is.
	const dim = "x";
	let image: ImageGeometry = {
		name: setting.name,
		dims: [dim],
		shape: [length],
		scale: { [dim]: spacing },
		translation: { [dim]: origin },
		units: {},
	};
	const levels: BinLevel[] = [
		{
			...{ level: 0, length, factor: 1, droppedAtStart: 0, droppedAtEnd: 0, middle: 0 },
			...{ spacing, start: origin, first: 0, size: 1 },
		},
	];
	for (const byDim of levelFactors(image, factors)) {
		const before = levels[levels.length - 1];
		const factor = byDim[dim];
		const next = coarserGeometry(image, byDim, method);
		const dropped = before.length - next.shape[0] * factor;
		const atStart = methodRules[method].trimAt === "start";
		levels.push({
			level: before.level + 1,
			length: next.shape[0],
			factor,
			droppedAtStart: atStart ? dropped : 0,
			droppedAtEnd: atStart ? 0 : dropped,
			middle: methodRules[method].middle(factor),
			spacing: next.scale[dim],
			start: next.translation[dim],
			first: before.first + (atStart ? dropped : 0) * before.size,
			size: before.size * factor,
		});
		image = next;
	}
	return levels;
}

/** What a multiscale image tells of its axes. */
export interface BinnedLike {
	readonly levels: readonly {
		readonly dims: readonly string[];
		readonly shape: readonly number[];
		readonly scale: Readonly<Record<string, number>>;
		readonly translation: Readonly<Record<string, number>>;
		readonly units?: Readonly<Record<string, string | undefined>>;
	}[];
	readonly scaleFactors: readonly Readonly<Record<string, number>>[];
	readonly method: string;
}

/**
 * The bins of one axis, as a figure to display in a cell: `display(binDiagram(multiscale, { axis: "x" }))`.
 * @param source a multiscale, or props
 * @throws ChunkwiseError `bin-diagram-props`, bad-scale-factor, axis-vanishes
 */
export function binDiagram(
	source: BinnedLike | BinDiagramProps = {},
	options: { axis?: string; title?: string } = {},
): FigureDisplay & Displayable {
	checkOptions("bin-diagram", options, ["axis"]);
	const props: BinDiagramProps = "levels" in source ? propsOf(source, options.axis) : { ...source };
	if (options.title) props.title = options.title;
	checkProps("bin-diagram", props);
	binLevels(binSetting(props));
	return figure("bin-diagram", props);
}

function propsOf(source: BinnedLike, wanted?: string): BinDiagramProps {
	const [image] = source.levels;
	const scaled = image.dims.filter((dim) => dim !== "t" && dim !== "c");
	const axis = wanted ?? scaled[scaled.length - 1];
	const at = image.dims.indexOf(axis);
	if (at < 0) {
		throw bad(`The image has no axis ${JSON.stringify(axis)}.`, `Its axes are ${image.dims.join(", ")}.`);
	}
	if (!multiscaleMethods.includes(source.method as MultiscaleMethod)) {
		throw bad(`Nothing is known of the method ${JSON.stringify(source.method)}.`, "Give props instead.");
	}
	return {
		axes: [{ name: axis, length: image.shape[at] }],
		factors: source.scaleFactors.map((factors) => factors[axis] ?? 1),
		method: source.method as MultiscaleMethod,
		spacing: image.scale[axis],
		origin: image.translation[axis],
		unit: image.units?.[axis] ?? "",
	};
}
