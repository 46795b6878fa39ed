/** The metadata explorer: OME-NGFF metadata as text, what it describes, and what is wrong with it, line by line. */
import type { Displayable, FigureDisplay } from "../display.ts";
import { ChunkwiseError } from "../errors.ts";
import { axisType } from "../ngff/axes.ts";
import { type Channel, channelsOf } from "../ngff/channels.ts";
import { combine } from "../ngff/transformations.ts";
import { locate, type Validation, validate } from "../ngff/validate/document.ts";
import { type Finding, isFields } from "../ngff/validate/findings.ts";
import { claimedVersion, type NgffVersion } from "../ngff/validate/versions.ts";
import { figure } from "./figure.ts";
import { checkOptions, checkProps } from "./figure-props.ts";
import { type JsonPlace, readJson, writeJson } from "./json-places.ts";
import { meaningOf } from "./ngff-fields.ts";
import { sampleMetadata, sampleShapes } from "./sample-metadata.ts";

/** Props of the figure, plain data. */
export interface NgffExplorerProps {
	/** A `.zattrs`, a `zarr.json`, or the attributes of a group; a synthetic image of two channels where absent. */
	document?: Record<string, unknown>;
	/** Shapes of the levels by their paths, slowest axis first: with them the extent of the image is drawn, too. */
	shapes?: Record<string, number[]>;
	/** What the specification recommends counts as an error. */
	strict?: boolean;
	title?: string;
}

/** Of an explorer that a cell makes. */
export type NgffExplorerOptions = Omit<NgffExplorerProps, "document">;

/** A finding, and the line of the text that it is about, counted from 0. */
export interface PlacedFinding extends Finding {
	line: number;
	/** Offsets of what it is about. */
	from: number;
	to: number;
}

/** An axis as the metadata has it, or as its version takes it for granted. */
export interface DescribedAxis {
	name: string;
	type?: string;
	unit?: string;
	/** Where it is described, below the document; absent where its version takes it for granted. */
	pointer?: string;
}

/** A scale level: sizes and places along each axis, in the axis' unit. */
export interface DescribedLevel {
	path: string;
	pointer: string;
	scale?: number[];
	/** The centre of the first element. */
	translation?: number[];
	shape?: number[];
}

/** A channel, and where it is described. */
export interface DescribedChannel extends Channel {
	pointer: string;
}

/** What the first image of a document is. */
export interface DescribedImage {
	name: string;
	axes: DescribedAxis[];
	levels: DescribedLevel[];
	channels: DescribedChannel[];
}

/** A text that was looked at. */
export interface NgffExploration {
	text: string;
	/** Of each line the outermost value that begins in it. */
	lines: { text: string; pointer?: string }[];
	places: ReadonlyMap<string, JsonPlace>;
	/** Why there is nothing to explain: the text is no JSON, or of a version whose rules are not known. */
	problem?: { message: string; remedy: string; line: number };
	validation?: Omit<Validation, "findings"> & { findings: PlacedFinding[] };
	image?: DescribedImage;
	/** What the value at a pointer means. */
	meaning(pointer: string): string;
}

/** The document of the props as text. */
export function metadataText({ document = sampleMetadata }: NgffExplorerProps): string {
	return writeJson(document);
}

/** Shapes of the levels: those given, or those of the sample. */
export function shapesOf(props: NgffExplorerProps): Record<string, number[]> {
	return props.shapes ?? (props.document ? {} : sampleShapes);
}

/** Reads, checks and explains metadata, whatever state it is in. */
export function exploreNgff(
	text: string,
	options: { strict?: boolean; shapes?: Readonly<Record<string, readonly number[]>> } = {},
): NgffExploration {
	const plain = text.split("\n").map((line) => ({ text: line }));
	const nothing = { text, lines: plain, places: new Map<string, JsonPlace>(), meaning: () => "" };
	let read: ReturnType<typeof readJson>;
	try {
		read = readJson(text);
	} catch (error) {
		if (!(error instanceof ChunkwiseError)) throw error;
		return { ...nothing, problem: problemOf(error, Number.parseInt(error.where ?? "1", 10) - 1) };
	}
	const { value, places } = read;
	const lines = plain.map((line, i) => ({ ...line, ...outermost(places, i) }));
	try {
		const found = validate(value, { strict: options.strict });
		const validation = { ...found, findings: found.findings.map((finding) => placed(finding, places)) };
		const seen = { text, lines, places, validation, meaning: () => "" };
		if (!isFields(value)) return seen;
		const { ome, pointer, wrapped } = locate(value);
		const { version } = claimedVersion(ome, wrapped);
		const image = describe(ome, pointer, version, options.shapes ?? {});
		const context = { version, axes: image?.axes.map(({ name }) => name) ?? [] };
		return {
			...seen,
			...(image ? { image } : {}),
			meaning: (at) => explain(at, pointer, wrapped, valueAt(value, at), context),
		};
	} catch (error) {
		// A version that is newer than the rules here.
		if (!(error instanceof ChunkwiseError)) throw error;
		return { ...nothing, lines, places, problem: problemOf(error, 0) };
	}
}

function problemOf({ message, remedy }: ChunkwiseError, line: number): NgffExploration["problem"] {
	return { message, remedy, line };
}

function outermost(places: ReadonlyMap<string, JsonPlace>, line: number): { pointer?: string } {
	for (const place of places.values()) if (place.line === line) return { pointer: place.pointer };
	return {};
}

/** The place of what is missing is that of the value it should be in. */
function placed(finding: Finding, places: ReadonlyMap<string, JsonPlace>): PlacedFinding {
	let { pointer } = finding;
	while (pointer && !places.has(pointer)) pointer = pointer.slice(0, pointer.lastIndexOf("/"));
	const { line = 0, from = 0, to = 0 } = places.get(pointer) ?? {};
	return { ...finding, line, from, to };
}

function valueAt(document: unknown, pointer: string): unknown {
	return pointer
		.split("/")
		.slice(1)
		.reduce((value, part) => {
			const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
			return typeof value === "object" && value !== null
				? (value as Record<string, unknown>)[key]
				: undefined;
		}, document);
}

function explain(
	at: string,
	root: string,
	wrapped: boolean,
	value: unknown,
	context: { version: NgffVersion; axes: string[] },
): string {
	if (at.startsWith(`${root}/`)) return meaningOf(at.slice(root.length), value, context);
	if (at === root && wrapped)
		return "Everything of OME-NGFF is in here since 0.5; beside it others may keep their own attributes.";
	if (at === "")
		return "The metadata of the group that holds the image: its arrays, one for each scale level, lie below it.";
	if (at === "/zarr_format") return `The version of Zarr itself: ${String(value)}.`;
	if (at === "/node_type")
		return "This is a group: a node that holds arrays and other groups, and no values itself.";
	if (at === "/attributes") return "Attributes: what Zarr itself does not look at, and OME-NGFF does.";
	return "Not of OME-NGFF: an attribute that a program keeps for itself, or a part of Zarr.";
}

function describe(
	ome: Readonly<Record<string, unknown>>,
	root: string,
	version: NgffVersion,
	shapes: Readonly<Record<string, readonly number[]>>,
): DescribedImage | undefined {
	const image = Array.isArray(ome.multiscales) ? (ome.multiscales[0] as unknown) : undefined;
	if (!isFields(image)) return undefined;
	const base = `${root}/multiscales/0`;
	const axes = axesOf(image.axes, version, base);
	const common = Array.isArray(image.coordinateTransformations) ? image.coordinateTransformations : [];
	const datasets: unknown[] = Array.isArray(image.datasets) ? image.datasets : [];
	const levels = datasets.flatMap((dataset, i): DescribedLevel[] => {
		if (!isFields(dataset)) return [];
		const path = typeof dataset.path === "string" ? dataset.path : "";
		const own = dataset.coordinateTransformations;
		const steps = Array.isArray(own) ? [...own, ...common] : undefined;
		const shape = shapes[path];
		return [
			{
				path,
				pointer: `${base}/datasets/${i}`,
				...(steps ? combine(steps, axes.length) : {}),
				...(shape && shape.length === axes.length ? { shape: [...shape] } : {}),
			},
		];
	});
	const channels = channelsOf(ome).map((channel, i) => ({
		...channel,
		pointer: `${root}/omero/channels/${i}`,
	}));
	return { name: typeof image.name === "string" ? image.name : "", axes, levels, channels };
}

function axesOf(axes: unknown, version: NgffVersion, base: string): DescribedAxis[] {
	if (!Array.isArray(axes)) {
		return version < "0.3" ? [..."tczyx"].map((name) => ({ name, type: axisType(name) ?? "channel" })) : [];
	}
	return axes.map((axis: unknown, i) => {
		const pointer = `${base}/axes/${i}`;
		if (!isFields(axis)) return { name: String(axis), ...typeFor(String(axis)), pointer };
		const { name, type, unit } = axis;
		return {
			name: typeof name === "string" ? name : `axis ${i}`,
			...(typeof type === "string" ? { type } : {}),
			...(typeof unit === "string" ? { unit } : {}),
			pointer,
		};
	});
}

function typeFor(name: string): { type?: string } {
	const type = name === "c" ? "channel" : axisType(name);
	return type ? { type } : {};
}

/**
 * Metadata as a figure to display in a cell, to read, to edit and to compare: `ngffExplorer(group.attrs)`.
 * @param source a document, or a group whose attributes it is
 * @throws ChunkwiseError ngff-explorer-props
 */
export function ngffExplorer(
	source: Readonly<Record<string, unknown>> | { readonly attrs: Readonly<Record<string, unknown>> },
	options: NgffExplorerOptions = {},
): FigureDisplay & Displayable {
	if (!isFields(source)) {
		throw new ChunkwiseError("ngff-explorer-props", "There is no metadata here to explore.", {
			where: "ngffExplorer",
			remedy: "Give a document, such as JSON.parse of a .zattrs, or a group that was opened.",
		});
	}
	checkOptions("ngff-explorer", options);
	const { attrs } = source as { attrs?: unknown };
	const document = isFields(attrs) ? attrs : source;
	const { shapes, strict, title } = options;
	const props: NgffExplorerProps = {
		// Through text: what JSON does not have, as classes and functions, does not cross to the page.
		document: JSON.parse(JSON.stringify(document)),
		...(shapes ? { shapes } : {}),
		...(strict ? { strict } : {}),
		...(title ? { title } : {}),
	};
	checkProps("ngff-explorer", props);
	return figure("ngff-explorer", props);
}
