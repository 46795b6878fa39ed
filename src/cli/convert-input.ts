/** What `chunkwise convert` reads: a TIFF, an OME-Zarr or N5 image, or an array; opened, and no pixels read. */
import { basename } from "node:path";
import { arraySource, inNgffOrder, levelSource, type RegionSource } from "../lib/convert/region-source.ts";
import { tiffChannels } from "../lib/convert/tiff-channels.ts";
import { tiffSource } from "../lib/convert/tiff-source.ts";
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { readN5Images } from "../lib/n5/multiscales.ts";
import { isN5 } from "../lib/n5/open.ts";
import type { ChannelRequest } from "../lib/ngff/channels.ts";
import { info } from "../lib/ngff/info.ts";
import { labelPaths } from "../lib/ngff/labels.ts";
import { type NgffImage, omeOf, readMultiscales } from "../lib/ngff/multiscales.ts";
import { omeKeys } from "../lib/ngff/ome-keys.ts";
import { stoppable } from "../lib/stores/stoppable.ts";
import { keyOf } from "../lib/stores/store.ts";
import { ZipStore } from "../lib/stores/zip.ts";
import { openTiff } from "../lib/tiff/open.ts";
import { isElsewhere } from "../lib/tiff/series.ts";
import { type TiffPart, tiffPart } from "../lib/tiff/spatial.ts";
import type { Tiff } from "../lib/tiff/tiff.ts";
import type { ZarrArray } from "../lib/zarr/array.ts";
import type { Attributes, Json } from "../lib/zarr/array-metadata.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup, openZarr } from "../lib/zarr/open.ts";
import { fileCheck, type InputCheck, storeCheck } from "./convert-check.ts";
import { pageOf, type StoreTarget, type Target, type TiffTarget } from "./target.ts";

/** Labels of an image. */
export interface InputLabels {
	name: string;
	levels: RegionSource[];
	/** Attributes of its group that are not OME-NGFF's. */
	attributes?: Json;
	imageLabel: Json;
}

export interface Input {
	name: string;
	/** Finest first. */
	levels: RegionSource[];
	/** How the coarser levels were computed, as their writer says it. */
	type?: string;
	/** Whether its blocks are chunks that a result would keep. */
	chunked: boolean;
	omero?: Json;
	/** Of a TIFF, in place of omero. */
	channels?: ChannelRequest[];
	/** Attributes of its group that are not OME-NGFF's. */
	attributes?: Json;
	/** Of an image that is one of labels itself. */
	imageLabel?: Json;
	labels: InputLabels[];
	/** Makes sure that the input is what it was when it was opened. */
	check: InputCheck;
	/** Metadata documents: what can be known of an input that cannot be looked at file by file. */
	documents: unknown;
}

export interface Unchecked extends Omit<Input, "check"> {
	/** Path of its finest level in the store. */
	root?: string;
}

/** @throws ChunkwiseError several-images, is-plate, no-multiscales, no-such-node, and as opening */
export async function openInput(target: Target, path: string, signal?: AbortSignal): Promise<Input> {
	const input =
		target.kind === "tiff" ? await fromTiff(target, path, signal) : await fromStore(target, path, signal);
	const check = target.kind === "tiff" ? fileCheck(path) : await storeCheck(target.store, input.root, signal);
	const version = target.kind === "store" && target.store instanceof ZipStore ? target.store.version : null;
	const documents = [input.documents, version];
	return { ...input, levels: input.levels.map(inNgffOrder), check, documents };
}

async function fromTiff(target: TiffTarget, path: string, signal?: AbortSignal): Promise<Unchecked> {
	const wanted = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, { signal });
	const documents = tiffDocuments(target, tiff);
	const part = await partOfTiff(tiff, wanted, path, signal);
	if (part) return { ...ofTiffPart(tiff, part), documents };
	const name = imageName(target.source.name, /(\.ome)?\.tiff?$/i);
	const source = tiffSource(tiff, { page: typeof wanted === "number" ? wanted : undefined, name });
	return {
		name,
		levels: [source],
		chunked: false,
		labels: [],
		channels: tiffChannels(tiff, countOf(source)),
		documents,
	};
}

export function tiffDocuments({ source }: TiffTarget, tiff: Tiff): unknown {
	return [source.size, source.version ?? null, tiff.metadata];
}

/** The image of the file that is meant, where it is not a page, or the stack of all pages. */
async function partOfTiff(
	tiff: Tiff,
	wanted: ReturnType<typeof pageOf>,
	path: string,
	signal?: AbortSignal,
): Promise<TiffPart | undefined> {
	if (typeof wanted === "object") return tiffPart(tiff, { ...wanted, signal });
	if (wanted !== undefined) return undefined;
	const here = tiff.series.filter((series) => !isElsewhere(series));
	if (here.length > 1 && !tiff.problem) {
		throw severalSeries(tiff, path);
	}
	// What is one stack by itself is that; one image with smaller copies or other pages beside it is the image.
	if (here.length === 0 || (tiff.uniform && !tiff.layoutProblem)) return undefined;
	return tiffPart(tiff, { series: here[0].index, signal });
}

function severalSeries(tiff: Tiff, path: string): ChunkwiseError {
	const here = tiff.series.filter((series) => !isElsewhere(series));
	const named = here.slice(0, 4).map(({ index }) => `${path}#series/${index}`);
	return new ChunkwiseError(
		"several-images",
		`The file holds ${here.length} images, and N5 has no place for several.`,
		{
			where: path,
			remedy: `Convert it to an OME-Zarr, or its images one by one: ${named.join(", ")}${here.length > 4 ? ", …" : ""}.`,
		},
	);
}

/** One of a TIFF's images. */
export function ofTiffPart(tiff: Tiff, part: TiffPart): Unchecked {
	const { series } = part;
	const name = series.name ?? imageName(tiff.name, /(\.ome)?\.tiff?$/i);
	const source = tiffSource(tiff, { part, name });
	return {
		name,
		levels: [source],
		chunked: false,
		labels: [],
		channels: tiffChannels(tiff, countOf(source), series),
		documents: undefined,
	};
}

function countOf({ dims, shape }: RegionSource): number {
	const axis = dims.indexOf("c");
	return axis < 0 ? 1 : shape[axis];
}

/** A file's or folder's name without its endings: `cells.ome.tif` is cells. */
function imageName(fileName: string, endings: RegExp): string {
	return basename(fileName).replace(endings, "") || "image";
}

async function fromStore(named: StoreTarget, path: string, signal?: AbortSignal): Promise<Unchecked> {
	// What is opened is read within the call that the signal ends.
	const target = { ...named, store: stoppable(named.store, signal) };
	const fallback = imageName(target.name, /(\.ome)?\.(zarr|n5|ozx|zip)\/?$/i).replace(/\.ome$/i, "");
	let node: ZarrArray | ZarrGroup;
	try {
		node = await openZarr(target.store, target.inner);
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "not-zarr") throw error;
		if (!(await isN5(target.store, target.inner))) throw error;
		return fromN5(target, path, fallback);
	}
	if (node.kind === "array") return fromArray(node, fallback);
	const group = await imageGroup(node, path);
	if (group.kind === "array") return fromArray(group, fallback);
	const [image] = await readMultiscales(group);
	const name = image.name || fallback;
	const found = imageLabelOf(group.attrs);
	return {
		...ofImage(image, name),
		omero: omeroOf(group.attrs),
		attributes: otherAttributes(group.attrs),
		// The image that it belongs to does not go along.
		imageLabel: found && { ...found, source: undefined },
		labels: await labelsOf(group),
	};
}

function ofImage(image: NgffImage, name: string): Unchecked {
	return {
		name,
		levels: image.levels.map((_, level) => levelSource(image, level, name)),
		type: image.type,
		chunked: true,
		labels: [],
		root: image.levels[0].array.path,
		documents: image.levels.map(({ array }) => array.metadata.document),
	};
}

async function fromN5(target: StoreTarget, path: string, fallback: string): Promise<Unchecked> {
	const images = await readN5Images(target.store, target.inner);
	if (images.length !== 1) {
		throw several(
			path,
			images.map((image) => (image.path === "" ? image.levels[0].path : image.path)),
		);
	}
	return ofImage(images[0], images[0].name || fallback);
}

const omeroOf = (attributes: Attributes) => partOf(attributes, "omero");
const imageLabelOf = (attributes: Attributes) => partOf(attributes, "image-label");

/** A part of OME metadata but for its version, which the result states for itself. */
function partOf(attributes: Attributes, key: string): Json | undefined {
	const part = omeOf(attributes)[key];
	if (typeof part !== "object" || part === null || Array.isArray(part)) return undefined;
	const { version: _, ...rest } = part as Json;
	return rest;
}

function otherAttributes(attributes: Attributes): Json {
	const known: readonly string[] = ["ome", ...omeKeys];
	return Object.fromEntries(Object.entries(attributes).filter(([key]) => !known.includes(key)));
}

async function labelsOf(group: ZarrGroup): Promise<InputLabels[]> {
	const names = await labelPaths(group);
	return Promise.all(
		names.map(async (name): Promise<InputLabels> => {
			const below = await openGroup(group.store, keyOf(group.path, `labels/${name}`).slice(1));
			const [image] = await readMultiscales(below);
			const imageLabel = { ...imageLabelOf(below.attrs), source: { image: "../../" } };
			const levels = image.levels.map((_, level) => inNgffOrder(levelSource(image, level, name)));
			return { name, levels, imageLabel, attributes: otherAttributes(below.attrs) };
		}),
	);
}

/** The group of the image that a group is, or the only image or array in it. */
async function imageGroup(group: ZarrGroup, path: string): Promise<ZarrGroup | ZarrArray> {
	const ome = omeOf(group.attrs);
	if (Array.isArray(ome.multiscales)) return group;
	if (typeof ome.plate === "object" && ome.plate !== null)
		throw await isPlate(group, ome.plate as Json, path);
	if (typeof ome.well === "object" && ome.well !== null) {
		const images = ((ome.well as Json).images as { path?: string }[] | undefined) ?? [];
		throw several(
			path,
			images.map((image) => keyOf(group.path, String(image?.path)).slice(1)),
		);
	}
	const { images } = await info(group.store, group.path);
	if (images.length === 1) return openZarr(group.store, images[0].path);
	throw several(
		path,
		images.map((image) => image.path),
	);
}

function several(path: string, inside: readonly string[]): ChunkwiseError {
	const place = (inner: string) => `${path.replace(/#.*$/, "")}#${inner}`;
	const none = inside.length === 0;
	return new ChunkwiseError(
		none ? "no-multiscales" : "several-images",
		none
			? "This group holds no image and no array."
			: "This group is no image itself, and holds images or arrays.",
		{
			where: path,
			remedy: none
				? "Give an OME-Zarr or N5 image, or an array."
				: `Name one: ${inside.slice(0, 4).map(place).join(", ")}${inside.length > 4 ? ", …" : ""}.`,
		},
	);
}

async function isPlate(group: ZarrGroup, plate: Json, path: string): Promise<ChunkwiseError> {
	const wells = (Array.isArray(plate.wells) ? plate.wells : []) as { path?: string }[];
	const [well] = wells;
	let example = "";
	if (typeof well?.path === "string") {
		const at = keyOf(group.path, well.path).slice(1);
		const found = await openGroup(group.store, at).catch(() => undefined);
		const images = (omeOf(found?.attrs ?? {}).well as Json | undefined)?.images as
			| { path?: string }[]
			| undefined;
		example = `${path.replace(/#.*$/, "")}#${at}/${images?.[0]?.path ?? "0"}`;
	}
	return new ChunkwiseError(
		"is-plate",
		`This is a plate of ${wells.length} wells, not one image, and N5 has no plates.`,
		{
			where: path,
			remedy: `Convert it to an OME-Zarr, or its images one by one: ${example || "name one, PATH#A/1/0"}.`,
		},
	);
}

/** An array, with the coordinates that an OME-NGFF group above it gives it, where there is one. */
async function fromArray(array: ZarrArray, fallback: string): Promise<Unchecked> {
	const parts = array.path.split("/");
	for (let depth = parts.length - 1; depth >= 0 && array.path !== ""; depth--) {
		const above = await groupAt(array, parts.slice(0, depth).join("/"));
		if (!above || !Array.isArray(omeOf(above.attrs).multiscales)) continue;
		for (const image of await readMultiscales(above)) {
			const level = image.levels.findIndex((one) => one.path === array.path);
			if (level < 0) continue;
			const name = image.name || fallback;
			return {
				...ofImage({ ...image, levels: [image.levels[level]] }, name),
				type: undefined,
				omero: omeroOf(above.attrs),
			};
		}
	}
	const name = array.name || fallback;
	return {
		name,
		levels: [arraySource(array, name)],
		chunked: true,
		labels: [],
		root: array.path,
		documents: [array.metadata.document],
	};
}

async function groupAt(array: ZarrArray, path: string): Promise<ZarrGroup | undefined> {
	try {
		return await openGroup(array.store, path);
	} catch (error) {
		if (isChunkwiseError(error) && (error.code === "not-zarr" || error.code === "not-a-group")) {
			return undefined;
		}
		throw error;
	}
}
