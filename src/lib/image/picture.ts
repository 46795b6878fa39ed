/** A 2-D array, or one plane of a larger one, as a picture: intensity window, coordinates on both axes, words. */
import {
	type Answering,
	answerSymbol,
	type Displayable,
	type DisplayQuestion,
	displaySymbol,
	type PictureAxis,
	type PictureDisplay,
	type PlaneAnswer,
	type PlaneAxis,
} from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatFloat } from "../format.ts";
import type { TypedArray } from "../types.ts";

/** How intensities become grey values or colours. */
export interface PlotOptions {
	/** Intensities drawn darkest and brightest; by default the 0.5 and 99.8 percentiles of this slice. */
	window?: [number, number];
	/** From darkest to brightest; default "gray". */
	colorMap?: PictureDisplay["colorMap"];
	/** What the values are, beside the colour bar: "label"; default "intensity". */
	values?: string;
	/**
	 * Of an image with more than two axes: the index that is shown first, by axis. The others are reached by sliders.
	 * Default the first channel and time point, and the middle of other axes.
	 */
	at?: Readonly<Record<string, number>>;
	/** Above the picture; default which slice it is: "z = 100". */
	title?: string;
}

/** What {@link Picture} needs to know of the 2-D array that it draws. */
export interface PictureSource {
	name: string;
	/** height × width values, row by row. */
	data: TypedArray;
	/** Rows, columns. */
	shape: readonly number[];
	vertical: PictureAxis;
	horizontal: PictureAxis;
	/** Where the slice was cut: "x = 150". */
	at?: string;
	/** Of a larger array only every `every`th row and column is in `data`. */
	every?: number;
	/** More planes of the same size. */
	stack?: PictureStack;
}

/** The planes that a picture can show, one at a time. */
export interface PictureStack {
	/** The axes that are not drawn, slowest first, and which index of each is in `data`. */
	axes: readonly PlaneAxis[];
	/** Another plane: height × width values for one index on each of `axes`. */
	read(index: readonly number[]): TypedArray | Promise<TypedArray>;
	/** Values from all planes, for the contrast; without it that of the first plane is taken. */
	sample?: TypedArray;
}

/** Values looked at to find percentiles; more are sampled evenly, which moves a percentile by very little. */
const percentileSample = 1 << 18;

/**
 * The smallest and largest value, and the percentiles `low` and `high` (0 to 1) of the values. NaN and infinities are
 * left out; without any finite value everything is 0.
 */
export function intensityStatistics(
	data: TypedArray,
	low = 0.005,
	high = 0.998,
): { range: [number, number]; window: [number, number] } {
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	const step = Math.max(1, Math.ceil(data.length / percentileSample));
	const sample = new Float64Array(Math.ceil(data.length / step));
	let sampled = 0;
	for (let i = 0; i < data.length; i++) {
		const value = Number(data[i]);
		if (!Number.isFinite(value)) continue;
		if (value < min) min = value;
		if (value > max) max = value;
		if (i % step === 0) sample[sampled++] = value;
	}
	if (min > max) return { range: [0, 0], window: [0, 1] };
	const sorted = sample.subarray(0, sampled).sort();
	const at = (fraction: number) => sorted[Math.round(fraction * (sampled - 1))] ?? min;
	const from = at(low);
	const to = at(high);
	// A flat slice still needs two different ends.
	return { range: [min, max], window: from < to ? [from, to] : [min, max > min ? max : min + 1] };
}

/**
 * A drawn slice; shown under a cell as a picture with axes and a colour bar, and with a slider for each axis that is
 * not drawn. Planes are cut, or read, when they are looked at.
 */
export class Picture implements Displayable, Answering {
	readonly #model: PictureDisplay;
	readonly #stack?: PictureStack;

	constructor(source: PictureSource, options: PlotOptions = {}) {
		const [height, width] = source.shape;
		if (source.shape.length !== 2) {
			throw new ChunkwiseError(
				"not-2d",
				`A picture needs 2 axes and this array has ${source.shape.length} (${source.shape.join(" × ")}).`,
				{ where: source.name, remedy: "Take one slice first, for example image.isel({ z: 0 }).plot()." },
			);
		}
		const { stack } = source;
		this.#stack = stack;
		const { range, window } = intensityOf(source.data, stack?.sample);
		const shown = options.window ?? window;
		if (!(shown[0] < shown[1])) {
			throw new ChunkwiseError("bad-window", `The window [${shown.join(", ")}] has no extent.`, {
				where: source.name,
				remedy: "Give two numbers, the darkest intensity first: window: [80, 400].",
			});
		}
		this.#model = {
			kind: "picture",
			title: options.title ?? source.at,
			width,
			height,
			data: source.data,
			window: [shown[0], shown[1]],
			range,
			colorMap: options.colorMap ?? "gray",
			...(options.values ? { values: options.values } : {}),
			horizontal: source.horizontal,
			vertical: source.vertical,
			...(source.every && source.every > 1 ? { every: source.every } : {}),
			...(stack ? { planes: stack.axes.map((axis) => ({ ...axis })) } : {}),
			alt: describe(source, height, width, range, shown),
		};
	}

	/** The picture in words. */
	toString(): string {
		return this.#model.alt;
	}

	[displaySymbol](): PictureDisplay {
		return this.#model;
	}

	/** The plane that the display asks for. */
	async [answerSymbol](question: DisplayQuestion): Promise<PlaneAnswer | undefined> {
		if (!this.#stack || !("plane" in question)) return undefined;
		const data = await this.#stack.read(question.plane);
		return { data, ...intensityStatistics(data) };
	}
}

/** The contrast of a plane, or of the stack that it is of; the range holds the plane's own values either way. */
function intensityOf(data: TypedArray, sample?: TypedArray): ReturnType<typeof intensityStatistics> {
	const own = intensityStatistics(data);
	if (!sample) return own;
	const all = intensityStatistics(sample);
	const range: [number, number] = [
		Math.min(own.range[0], all.range[0]),
		Math.max(own.range[1], all.range[1]),
	];
	return { range, window: all.window };
}

function describe(
	source: PictureSource,
	height: number,
	width: number,
	range: [number, number],
	window: readonly [number, number],
): string {
	const extent = (axis: PictureAxis, count: number) => {
		const last = axis.first + axis.step * (count - 1);
		return `${axis.name} from ${formatFloat(axis.first)} to ${formatFloat(last)}${axis.unit ? ` ${axis.unit}` : ""}`;
	};
	const number = (value: number) => (Number.isInteger(value) ? String(value) : formatFloat(value));
	const along = (source.stack?.axes ?? []).map((axis) => `${axis.count} along ${extent(axis, axis.count)}`);
	const planes = along.length > 0 ? `, one plane at a time of ${along.join(", and ")}` : "";
	return (
		`Picture of ${source.name}${source.at ? ` at ${source.at}` : ""}${planes}: ` +
		`${height} rows down, ${extent(source.vertical, height)}; ` +
		`${width} columns across, ${extent(source.horizontal, width)}. ` +
		`Values from ${number(range[0])} to ${number(range[1])}, ` +
		`drawn darkest at ${number(window[0])} and brightest at ${number(window[1])}.`
	);
}
