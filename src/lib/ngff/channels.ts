/** Channels of an image, as "omero" metadata describes them (OME-NGFF 0.1 to 0.5, section "omero"). */
import { ChunkwiseError } from "../errors.ts";
import type { SpatialImage } from "../image/spatial-image.ts";
import type { Json } from "../zarr/array-metadata.ts";

/** Intensities of a channel: what it can hold (min, max), and what is drawn black and full (start, end). */
export interface ChannelWindow {
	min: number;
	max: number;
	start: number;
	end: number;
}

/** How a channel is to be shown (OME-NGFF, "omero"). */
export interface Channel {
	/** Such as the name of the stain. */
	label?: string;
	/** Six hexadecimal digits: red, green, blue. */
	color?: string;
	window?: ChannelWindow;
	/** False where it is hidden at first. */
	active?: boolean;
}

/** A channel to write; what it leaves out is chosen. The colour may begin with "#". */
export interface ChannelRequest extends Omit<Channel, "window"> {
	window?: Partial<ChannelWindow>;
}

const isObject = (value: unknown): value is Json =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/** The channels that OME metadata describes; none where it has no "omero" or one that cannot be read. */
export function channelsOf(ome: Readonly<Json>): Channel[] {
	const list = isObject(ome.omero) ? ome.omero.channels : undefined;
	if (!Array.isArray(list)) return [];
	return list.map((entry) => {
		if (!isObject(entry)) return {};
		const { label, color, active, window } = entry;
		const limits = isObject(window) ? (["min", "max", "start", "end"] as const) : undefined;
		const numbers = limits?.map((key) => (window as Json)[key]);
		const [min, max, start, end] = (numbers ?? []) as number[];
		return {
			...(typeof label === "string" ? { label } : {}),
			...(typeof color === "string" ? { color } : {}),
			...(numbers?.every((n) => typeof n === "number") ? { window: { min, max, start, end } } : {}),
			...(typeof active === "boolean" ? { active } : {}),
		};
	});
}

/** Colours that people with any colour vision tell apart best, first to last; a single channel is white. */
const palette = ["00FF00", "FF00FF", "00FFFF", "FFFF00", "FF8000", "0080FF"];

/**
 * "omero" metadata for these channels. A window that is not given goes over the element type's range, or from 0 to 1
 * for floats; `found` has the least and greatest value of each channel, where they are known, and then is what is shown.
 * @throws ChunkwiseError bad-channels
 */
export function omeroMetadata(
	channels: readonly ChannelRequest[],
	dtype: string,
	options: { name?: string; found?: readonly (readonly [number, number])[] } = {},
): Json {
	const range = rangeOf(dtype);
	return {
		...(options.name ? { name: options.name } : {}),
		channels: channels.map((channel, i) => {
			const found = options.found?.[i];
			const [least, most] = range ?? found ?? [0, 1];
			const window = {
				min: least,
				max: most,
				start: found?.[0] ?? least,
				end: found?.[1] ?? most,
				...definedOnly(channel.window),
			};
			checkWindow(window, i);
			return {
				active: channel.active ?? true,
				coefficient: 1,
				color: hexColor(channel.color ?? (channels.length === 1 ? "FFFFFF" : palette[i % palette.length]), i),
				family: "linear",
				inverted: false,
				label: channel.label ?? `Channel ${i}`,
				window,
			};
		}),
		rdefs: { model: "color" },
	};
}

function definedOnly(window: Partial<ChannelWindow> = {}): Partial<ChannelWindow> {
	return Object.fromEntries(Object.entries(window).filter(([, value]) => value !== undefined));
}

function checkWindow(window: ChannelWindow, index: number): void {
	if (Object.values(window).every(Number.isFinite)) return;
	throw new ChunkwiseError(
		"bad-channels",
		`The window of channel ${index} is not made of numbers: ${JSON.stringify(window)}.`,
		{ remedy: "Give min, max, start and end as finite numbers, or leave them out." },
	);
}

function hexColor(color: string, index: number): string {
	const digits = color.replace(/^#/, "");
	if (/^[0-9a-fA-F]{6}$/.test(digits)) return digits.toUpperCase();
	throw new ChunkwiseError("bad-channels", `The colour of channel ${index} is ${JSON.stringify(color)}.`, {
		remedy: 'Give six hexadecimal digits, red, green and blue, such as "00FF00" for green.',
	});
}

/** The least and greatest value of an integer type as numbers; undefined for floats. */
function rangeOf(dtype: string): [number, number] | undefined {
	if (dtype === "bool") return [0, 1];
	const match = /^(u?)int(\d+)$/.exec(dtype);
	if (!match) return undefined;
	const bits = Number(match[2]);
	return match[1] ? [0, 2 ** bits - 1] : [-(2 ** (bits - 1)), 2 ** (bits - 1) - 1];
}

/** Least and greatest value of each channel of an image (axis c), or of all of it where there is no such axis. */
export function channelRanges(image: Pick<SpatialImage, "dims" | "shape" | "data">): [number, number][] {
	const axis = image.dims.indexOf("c");
	const count = axis < 0 ? 1 : image.shape[axis];
	const step = image.shape.slice(axis < 0 ? image.shape.length : axis + 1).reduce((a, b) => a * b, 1);
	const ranges = Array.from({ length: count }, (): [number, number] => [Infinity, -Infinity]);
	const { data } = image;
	for (let i = 0; i < data.length; i++) {
		const value = Number(data[i]);
		const range = ranges[axis < 0 ? 0 : Math.floor(i / step) % count];
		if (value < range[0]) range[0] = value;
		if (value > range[1]) range[1] = value;
	}
	return ranges.map(([least, most]) =>
		Number.isFinite(least) && Number.isFinite(most) ? [least, most] : [0, 1],
	);
}

/**
 * Makes sure that there is one channel described for each that an image has.
 * @throws ChunkwiseError bad-channels
 */
export function checkChannelCount(
	channels: readonly ChannelRequest[],
	dims: readonly string[],
	shape: readonly number[],
	where: string,
): void {
	const axis = dims.indexOf("c");
	const count = axis < 0 ? 1 : shape[axis];
	if (channels.length === count) return;
	throw new ChunkwiseError(
		"bad-channels",
		`${channels.length} channels are described and the image has ${count}${axis < 0 ? " (it has no axis c)" : ""}.`,
		{ where, remedy: "Describe each channel once, in their order along the axis c." },
	);
}
