/** Label images: the group "labels" of an image, and "image-label" metadata (OME-NGFF 0.1 to 0.5, sections "labels"). */
import { ChunkwiseError } from "../errors.ts";
import type { Multiscale } from "../multiscale/multiscale.ts";
import { asStore } from "../stores/memory.ts";
import { exclusively, keyOf, normalizePath, type WritableStore } from "../stores/store.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import { consolidate, readConsolidated } from "../zarr/consolidated.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { readJson } from "../zarr/json.ts";
import { encodeJson } from "../zarr/metadata.ts";
import { openGroup } from "../zarr/open.ts";
import type { WritableVersion } from "./metadata.ts";
import { type NgffImage, omeOf, omeVersion, readMultiscales } from "./multiscales.ts";
import { groupDocuments, type NgffWriteOptions, type WriteReport, writeImage } from "./write.ts";

/** Red, green, blue and opacity, whole numbers from 0 to 255. */
export type Rgba = readonly [number, number, number, number];

/** The colour of one label value. */
export interface LabelColor {
	/** Of the pixels. */
	value: number;
	rgba?: Rgba;
}

/** What is known of one object: its pixels' value, and anything else by name. */
export type LabelProperties = { value: number } & Readonly<Record<string, unknown>>;

/** What is said of label values (OME-NGFF, "image-label"). */
export interface ImageLabel {
	colors: LabelColor[];
	properties: LabelProperties[];
	/** Path of the image from the label image's group; "../../" where it is not said. */
	source: string;
}

/** A label image: integers that name the object to which each pixel belongs; 0 is background. */
export interface NgffLabels extends ImageLabel {
	/** As the group "labels" lists it. */
	name: string;
	/** Of the label image's group, from the root of the store. */
	path: string;
	/** Its first multiscales. */
	image: NgffImage;
}

const isObject = (value: unknown): value is Json =>
	typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The paths of the label images of an image, below its group "labels"; none where there is no such group. One request.
 * @throws ChunkwiseError bad-metadata
 */
export async function labelPaths(group: ZarrGroup): Promise<string[]> {
	const below = (name: string) => keyOf(keyOf(group.path, "labels").slice(1), name);
	const attributes =
		group.zarrFormat === 3
			? (await readJson(group.store, below("zarr.json")))?.attributes
			: await readJson(group.store, below(".zattrs"));
	const { labels } = omeOf((attributes ?? {}) as Attributes);
	return Array.isArray(labels) ? labels.filter((name) => typeof name === "string" && name !== "") : [];
}

/**
 * The label images that an image's group "labels" lists, with their arrays opened.
 * @throws ChunkwiseError no-multiscales, bad-metadata, not-zarr
 */
export async function readLabels(group: ZarrGroup): Promise<NgffLabels[]> {
	const paths = await labelPaths(group);
	return Promise.all(
		paths.map(async (name) => {
			const own = await group.openGroup(`labels/${name}`);
			const [image] = await readMultiscales(own);
			return { name, path: own.path, image, ...imageLabelOf(own.attrs) };
		}),
	);
}

/** What a label image's attributes say of its labels. Of two entries for one value the last counts. */
export function imageLabelOf(attributes: Attributes): ImageLabel {
	const label = omeOf(attributes)["image-label"];
	const { colors, properties, source } = isObject(label) ? label : ({} as Json);
	return {
		colors: entriesOf(colors).map(({ value, rgba }) => ({ value, ...(isRgba(rgba) ? { rgba } : {}) })),
		properties: entriesOf(properties),
		source: isObject(source) && typeof source.image === "string" ? source.image : "../../",
	};
}

function entriesOf(list: unknown): ({ value: number } & Json)[] {
	const byValue = new Map<number, { value: number } & Json>();
	for (const entry of Array.isArray(list) ? list : []) {
		if (!isObject(entry)) continue;
		const { "label-value": value, ...rest } = entry;
		if (typeof value === "number") byValue.set(value, { ...rest, value });
	}
	return [...byValue.values()];
}

function isRgba(value: unknown): value is Rgba {
	const byte = (n: unknown) => Number.isInteger(n) && (n as number) >= 0 && (n as number) <= 255;
	return Array.isArray(value) && value.length === 4 && value.every(byte);
}

/**
 * "image-label" metadata.
 * @throws ChunkwiseError bad-labels, where a value is no whole number or stands twice, or a colour is none
 */
export function imageLabelMetadata(
	label: Partial<Omit<ImageLabel, "colors" | "properties">> & LabelLists,
): Json {
	const { colors = [], properties = [], source = "../../" } = label;
	checkValues(colors, "colours");
	checkValues(properties, "properties");
	const bad = colors.find(({ rgba }) => rgba !== undefined && !isRgba(rgba));
	if (bad) {
		throw badLabels(`The colour of the label ${bad.value} is ${JSON.stringify(bad.rgba)}.`, {
			remedy: "Give red, green, blue and opacity as four whole numbers from 0 to 255.",
		});
	}
	const named = <T extends { value: number }>({ value, ...rest }: T) => ({ "label-value": value, ...rest });
	return {
		...(colors.length > 0 ? { colors: colors.map(named) } : {}),
		...(properties.length > 0 ? { properties: properties.map(named) } : {}),
		source: { image: source },
	};
}

interface LabelLists {
	colors?: readonly LabelColor[];
	properties?: readonly LabelProperties[];
}

function checkValues(list: readonly { value: number }[], what: string): void {
	const values = list.map(({ value }) => value);
	const wrong = values.find((value, i) => !Number.isInteger(value) || values.indexOf(value) < i);
	if (wrong === undefined) return;
	throw badLabels(
		Number.isInteger(wrong)
			? `The ${what} describe the label ${wrong} twice.`
			: `The ${what} are for a label ${JSON.stringify(wrong)}, which is no whole number.`,
		{ remedy: "Give one entry for each label, with the whole number that its pixels have." },
	);
}

function badLabels(message: string, details: { where?: string; remedy: string }): ChunkwiseError {
	return new ChunkwiseError("bad-labels", message, details);
}

/** Where a label image is written, and how; the version is that of its image. */
export interface LabelWriteOptions extends Omit<NgffWriteOptions, "version" | "channels">, LabelLists {
	/** Group of the store that is the image; default its root. */
	path?: string;
	/** Default: the name of the labels. */
	name?: string;
	/** Path of the image from the label image's group; default "../../". */
	source?: string;
}

/**
 * Writes a label image into an image that is in the store (OME-NGFF 0.4 or 0.5), at `labels/NAME`, and lists it there.
 * The labels are integers, on as many levels as the image, and along each axis as long as the image or of length 1.
 * @throws ChunkwiseError bad-labels, bad-version, store-not-empty, no-multiscales, and as {@link toNgffZarr}
 */
export async function writeLabels(
	into: WritableStore | Map<string, Uint8Array>,
	labels: Multiscale,
	options: LabelWriteOptions = {},
): Promise<WriteReport> {
	const store = asStore(into);
	// With the list of labels, which is read and written again.
	return exclusively(store, () => writeAndList(store, labels, options));
}

async function writeAndList(
	store: WritableStore,
	labels: Multiscale,
	options: LabelWriteOptions,
): Promise<WriteReport> {
	const { path: at, name = labels.name, colors, properties, source, ...rest } = options;
	const path = normalizePath(at ?? "");
	const group = await openGroup(store, path);
	const version = labelVersion(group);
	const [image] = await readMultiscales(group);
	checkName(name, path);
	checkAgainst(image, labels, path || "/");
	const imageLabel = imageLabelMetadata({ colors, properties, source });
	const below = keyOf(path, "labels").slice(1);
	const report = await writeImage(
		store,
		labels,
		{ ...rest, version, path: keyOf(below, name).slice(1) },
		{ imageLabel },
	);
	const known = await labelPaths(group);
	if (!known.includes(name)) {
		const list = [...known, name];
		const attributes = version === "0.5" ? { ome: { version, labels: list } } : { labels: list };
		for (const [key, document] of groupDocuments(below, version === "0.5" ? 3 : 2, attributes)) {
			await store.set(key, encodeJson(document));
		}
	}
	// Copies of the metadata that are in the image's group would not know the labels.
	if (await readConsolidated(store, path)) await consolidate(store, path);
	return report;
}

function labelVersion(group: ZarrGroup): WritableVersion {
	const version = omeVersion(group.attrs);
	if (version === "0.4" || version === "0.5") return version;
	throw new ChunkwiseError("bad-version", `The image is OME-NGFF ${version ?? "of no version"}.`, {
		where: group.path || "/",
		remedy: "Labels are written into images of 0.4 and 0.5: convert it with convertNgff first.",
	});
}

function checkName(name: string, where: string): void {
	if (name !== "" && !/[/\\]/.test(name) && !/^\.+$/.test(name) && !name.startsWith("__")) return;
	throw badLabels(`${JSON.stringify(name)} cannot be the name of a group.`, {
		where: where || "/",
		remedy: 'Give the labels a name such as "nuclei", without a slash.',
	});
}

function checkAgainst(image: NgffImage, labels: Multiscale, where: string): void {
	const [first] = labels.levels;
	if (!/^u?int\d+$/.test(first.dtype)) {
		throw badLabels(`These labels hold ${first.dtype}, and labels are whole numbers.`, {
			where,
			remedy: "Convert them to an integer type first, such as uint32.",
		});
	}
	if (labels.levels.length !== image.levels.length) {
		throw badLabels(
			`The labels have ${labels.levels.length} scale levels and their image ${image.levels.length}.`,
			{ where, remedy: "Make as many levels, with the factors of the image: toMultiscale(labels, […])." },
		);
	}
	const madeHere = labels.levels.length > 1 && labels.scaleFactors.length === labels.levels.length - 1;
	if (madeHere && !["mode", "nearest"].includes(labels.method)) {
		throw badLabels(
			`The coarser levels were made by ${labels.method}, which makes labels that are no object's.`,
			{
				where,
				remedy: 'Make them with toMultiscale(labels, […], { method: "mode" }) or "nearest".',
			},
		);
	}
	const names = image.axes.map((axis) => axis.name);
	const shape = image.levels[0].shape;
	const wrong = first.dims.find((dim, axis) => {
		const n = shape[names.indexOf(dim)];
		return n === undefined || (first.shape[axis] !== n && first.shape[axis] !== 1);
	});
	if (wrong === undefined) return;
	throw badLabels(
		`The labels are ${first.dims.join(", ")} ${first.shape.join(" × ")} and the image ${names.join(", ")} ${shape.join(" × ")}.`,
		{ where, remedy: `Along ${wrong}, labels are as long as their image, or have length 1.` },
	);
}
