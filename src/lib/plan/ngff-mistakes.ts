/** Mistakes that metadata have in the wild, to make on purpose: what they do to the image, and which rule finds them. */

type Fields = Record<string, unknown>;

/** A mistake to try. */
export interface Mistake {
	name: string;
	/** In the reader's words, with who makes it. */
	label: string;
	/** The validator's rule that finds it. */
	rule: string;
	/** The document with the mistake; the one given stays as it is. */
	make(document: Readonly<Fields>): Fields;
}

const fieldsOf = (value: unknown): Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** Changes a copy of the OME metadata, wherever it is in the document. */
function changing(change: (ome: Fields, image: Fields) => void): Mistake["make"] {
	return (document) => {
		const copy = structuredClone(document) as Fields;
		const attributes = copy.attributes === undefined ? copy : fieldsOf(copy.attributes);
		const ome = attributes.ome === undefined ? attributes : fieldsOf(attributes.ome);
		change(ome, fieldsOf(listOf(ome.multiscales)[0]));
		return copy;
	};
}

const steps = (dataset: unknown) => listOf(fieldsOf(dataset).coordinateTransformations);

export const mistakes: readonly Mistake[] = [
	{
		name: "axes-reversed",
		label: "Axes listed as x, y, z where the arrays are z, y, x",
		rule: "axes-order",
		make: changing((_, image) => {
			listOf(image.axes).reverse();
		}),
	},
	{
		name: "unit-short",
		label: "A unit written short: um",
		rule: "axis-unit-unknown",
		make: changing((_, image) => {
			const axis = listOf(image.axes)
				.map(fieldsOf)
				.find(({ unit }) => unit !== undefined);
			if (axis) axis.unit = "um";
		}),
	},
	{
		name: "scale-missing",
		label: "A level without the size of its pixels",
		rule: "transformations-missing",
		make: changing((_, image) => {
			delete fieldsOf(listOf(image.datasets).at(-1)).coordinateTransformations;
		}),
	},
	{
		name: "translation-first",
		label: "The translation before the scale",
		rule: "translation-order",
		make: changing((_, image) => {
			for (const dataset of listOf(image.datasets)) steps(dataset).reverse();
		}),
	},
	{
		name: "scale-short",
		label: "A scale with one number too few",
		rule: "transformation-length",
		make: changing((_, image) => {
			const scale = fieldsOf(steps(listOf(image.datasets)[0])[0]).scale;
			listOf(scale).pop();
		}),
	},
	{
		name: "color-hash",
		label: "A colour with a # before it",
		rule: "channel-color",
		make: changing((ome) => {
			const channel = fieldsOf(listOf(fieldsOf(ome.omero).channels)[0]);
			channel.color = `#${String(channel.color)}`;
		}),
	},
	{
		name: "window-text",
		label: "A window whose end is text",
		rule: "channel-window",
		make: changing((ome) => {
			const window = fieldsOf(fieldsOf(listOf(fieldsOf(ome.omero).channels)[0]).window);
			window.end = String(window.end);
		}),
	},
];
