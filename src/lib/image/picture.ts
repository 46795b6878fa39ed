/** A 2-D array as a picture: intensity window, coordinates on both axes, and the same in words. */
import { type Displayable, displaySymbol, type PictureAxis, type PictureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { formatFloat } from "../format.ts";
import type { TypedArray } from "../types.ts";

/** How intensities become grey values or colours. */
export interface PlotOptions {
	/** Intensities drawn darkest and brightest; by default the 0.5 and 99.8 percentiles of this slice. */
	window?: [number, number];
	/** From darkest to brightest; default "gray". */
	colorMap?: PictureDisplay["colorMap"];
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

/** A drawn slice; shown under a cell as a picture with axes and a colour bar. */
export class Picture implements Displayable {
	readonly #model: PictureDisplay;

	constructor(source: PictureSource, options: PlotOptions = {}) {
		const [height, width] = source.shape;
		if (source.shape.length !== 2) {
			throw new ChunkwiseError(
				"not-2d",
				`A picture needs 2 axes and this array has ${source.shape.length} (${source.shape.join(" × ")}).`,
				{ where: source.name, remedy: "Take one slice first, for example image.isel({ z: 0 }).plot()." },
			);
		}
		const { range, window } = intensityStatistics(source.data);
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
			horizontal: source.horizontal,
			vertical: source.vertical,
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
	return (
		`Picture of ${source.name}${source.at ? ` at ${source.at}` : ""}: ` +
		`${height} rows down, ${extent(source.vertical, height)}; ` +
		`${width} columns across, ${extent(source.horizontal, width)}. ` +
		`Values from ${number(range[0])} to ${number(range[1])}, ` +
		`drawn darkest at ${number(window[0])} and brightest at ${number(window[1])}.`
	);
}
