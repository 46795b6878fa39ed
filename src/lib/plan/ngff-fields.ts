/** What each field of OME-NGFF metadata means, in words for those who meet it first (0.1 to 0.5). */
import type { NgffVersion } from "../ngff/validate/versions.ts";

/** What is known where a field is explained. */
export interface FieldContext {
	version: NgffVersion;
	/** Names of the axes, slowest first. */
	axes: readonly string[];
}

type Explain = (value: unknown, found: readonly string[], context: FieldContext) => string;

const text = (value: unknown) =>
	typeof value === "string" ? value : typeof value === "number" ? formatSize(value) : JSON.stringify(value);

/** A number as a reader wants it: without the last digits that binary fractions leave. */
export function formatSize(value: number): string {
	return String(Number(value.toPrecision(6)));
}

/** One number an axis: `z 0.2, y 0.125, x 0.125`. */
function byAxis(value: unknown, { axes }: FieldContext): string {
	if (!Array.isArray(value)) return text(value);
	return value.map((v, i) => `${axes[i] ?? `axis ${i}`} ${text(v)}`).join(", ");
}

const order = ["first, the slowest", "second", "third", "fourth", "fifth"];

/** By path below the OME metadata, `*` for an index. The first that fits explains. */
const explanations: [string, Explain][] = [
	[
		"version",
		(v) =>
			`The version of OME-NGFF by whose rules all of this is written: ${text(v)}. Since 0.5 it stands here once.`,
	],
	[
		"multiscales",
		(v) =>
			`The images of this group: a list of ${count(v, "image")}, mostly one. Each is stored at several scale levels, which is why it is called multiscale.`,
	],
	["multiscales/*", () => "One image: its axes, and its scale levels from the finest to the coarsest."],
	[
		"multiscales/*/version",
		(v) => `The version of OME-NGFF of this image: ${text(v)}. Before 0.5 each part says it for itself.`,
	],
	["multiscales/*/name", (v) => `A name for people: ${text(v)}.`],
	[
		"multiscales/*/type",
		(v) => `How the coarser levels were computed: ${text(v)}. Free text; programs do not rely on it.`,
	],
	[
		"multiscales/*/metadata",
		() =>
			"With which function and parameters the coarser levels were computed, so that it can be done again.",
	],
	[
		"multiscales/*/axes",
		(v, _, c) =>
			`The axes of the arrays, in the order of their dimensions, slowest first: ${c.axes.join(", ")}. ${count(v, "axis", "axes")}: as many as each array has dimensions.`,
	],
	[
		"multiscales/*/axes/*",
		(v, [, i], c) =>
			c.version === "0.3"
				? `The ${order[Number(i)] ?? "next"} axis is ${text(v)}.`
				: `The ${order[Number(i)] ?? "next"} axis of the arrays.`,
	],
	["multiscales/*/axes/*/name", (v) => `The axis is called ${text(v)}. Each name stands once.`],
	[
		"multiscales/*/axes/*/type",
		(v) =>
			({
				space: "A direction in space: a length in the sample.",
				time: "Time: steps of a series.",
				channel: "Channels: one image for each stain or detector, with no distance between them.",
			})[String(v)] ?? `The axis is of the kind ${text(v)}, which viewers may not know.`,
	],
	[
		"multiscales/*/axes/*/unit",
		(v) => `Numbers along this axis are in ${text(v)}. The name is written out, as UDUNITS-2 has it.`,
	],
	[
		"multiscales/*/datasets",
		(v) => `The scale levels: ${count(v, "array")}, the finest first. Each is a Zarr array of its own.`,
	],
	[
		"multiscales/*/datasets/*",
		(_, [, i]) =>
			i === "0"
				? "Scale level 0: the image as it was taken."
				: `Scale level ${i}: a coarser version, for a look from further away.`,
	],
	["multiscales/*/datasets/*/path", (v) => `Where the array of this level is, below this group: ${text(v)}.`],
	[
		"multiscales/*/datasets/*/coordinateTransformations",
		() =>
			"From the index of an element to its place in the sample: first times the scale, then plus the translation.",
	],
	["multiscales/*/datasets/*/coordinateTransformations/*", (v) => kindOf(v)],
	[
		"multiscales/*/coordinateTransformations",
		() => "What holds for all levels alike, after each level's own: such as the time between frames.",
	],
	["multiscales/*/coordinateTransformations/*", (v) => kindOf(v)],
	["**/coordinateTransformations/*/type", (v) => `What this step does: ${text(v)}.`],
	[
		"**/coordinateTransformations/*/scale",
		(v, _, c) => `The size of an element along each axis, in the unit of the axis: ${byAxis(v, c)}.`,
	],
	[
		"**/coordinateTransformations/*/translation",
		(v, _, c) =>
			`Where the centre of the first element is, in the unit of each axis: ${byAxis(v, c)}. In a coarser level it lies in the middle of the block of which it is the mean.`,
	],
	["**/coordinateTransformations/*/path", (v) => `The numbers are in the array ${text(v)}, not here.`],
	[
		"omero",
		() =>
			"How the image is to be shown: a colour and a window of intensities for each channel. For viewers; the stored values stay as they are.",
	],
	["omero/name", (v) => `A name of the image for viewers: ${text(v)}.`],
	["omero/version", (v) => `The version of OME-NGFF of this part: ${text(v)}.`],
	[
		"omero/channels",
		(v) => `One entry for each channel, in the order of the channel axis: ${count(v, "entry", "entries")}.`,
	],
	["omero/channels/*", (_, [i]) => `Channel ${i}, as it is shown at first.`],
	[
		"omero/channels/*/color",
		(v) => `The colour of the brightest pixels, as red, green and blue in hexadecimal: ${text(v)}.`,
	],
	["omero/channels/*/label", (v) => `What the channel shows, such as the stain: ${text(v)}.`],
	[
		"omero/channels/*/active",
		(v) => (v === true ? "The channel is shown at first." : "The channel is hidden at first."),
	],
	[
		"omero/channels/*/window",
		() =>
			"Which values are drawn dark and bright: start and end are what is drawn, min and max are how far a slider may go.",
	],
	["omero/channels/*/window/min", (v) => `The least value that the sliders of a viewer offer: ${text(v)}.`],
	[
		"omero/channels/*/window/max",
		(v) => `The greatest value that the sliders of a viewer offer: ${text(v)}.`,
	],
	["omero/channels/*/window/start", (v) => `This value and all below it are drawn black: ${text(v)}.`],
	[
		"omero/channels/*/window/end",
		(v) => `This value and all above it are drawn in the full colour: ${text(v)}.`,
	],
	["omero/channels/*/coefficient", () => "A factor on the brightness, from OMERO; 1 leaves it as it is."],
	[
		"omero/channels/*/family",
		(v) => `How values between start and end become brightness: ${text(v)}, from OMERO.`,
	],
	["omero/channels/*/inverted", () => "Whether dark and bright are swapped."],
	[
		"omero/rdefs",
		() => "Settings of OMERO's viewer: the planes shown at first, and whether in colour or grey.",
	],
	[
		"labels",
		(v) =>
			`Names of the groups with label images (segmentations) of this image: ${Array.isArray(v) ? v.join(", ") : text(v)}.`,
	],
	[
		"image-label",
		() =>
			"This image is a label image: each value is an object. Here are the colours and properties of the objects.",
	],
	["plate", () => "A plate: its rows, columns, wells and acquisitions."],
	["well", () => "A well of a plate: its fields of view, each an image."],
	[
		"bioformats2raw.layout",
		() => "This group holds several images in numbered groups, as bioformats2raw writes them.",
	],
	["series", () => "Where the images of a bioformats2raw group are."],
];

const patterns = explanations.map(
	([path, explain]) =>
		[
			new RegExp(`^/${path.replaceAll(".", "\\.").replace("**/", ".*/").replaceAll("/*", "/(\\d+)")}$`),
			explain,
		] as const,
);

function count(value: unknown, one: string, many = `${one}s`): string {
	const number = Array.isArray(value) ? value.length : 0;
	return `${number} ${number === 1 ? one : many}`;
}

function kindOf(step: unknown): string {
	const type = typeof step === "object" && step !== null ? (step as { type?: unknown }).type : undefined;
	if (type === "scale") return "A scale: the index of an element is multiplied by the size of an element.";
	if (type === "translation") return "A translation: what is added, so that the levels lie on each other.";
	return `A step of the kind ${text(type)}.`;
}

/**
 * What a field means, in a sentence or two.
 * @param pointer JSON pointer below the OME metadata ("" for all of it)
 */
export function meaningOf(pointer: string, value: unknown, context: FieldContext): string {
	for (const [pattern, explain] of patterns) {
		const match = pattern.exec(pointer);
		if (match) return explain(value, match.slice(1), context);
	}
	const inner = /^\/(?:multiscales\/\d+\/metadata|omero\/rdefs|image-label|plate|well)\//.exec(pointer);
	if (inner) return "A part of the entry above.";
	const name = pointer
		.slice(pointer.lastIndexOf("/") + 1)
		.replaceAll("~1", "/")
		.replaceAll("~0", "~");
	return `"${name}" is not in the specification ${context.version}: programs may have fields of their own, and others pass over them.`;
}
