/** What `chunkwise convert` reads: a TIFF, an OME-Zarr or N5 image, or an array; opened, and no pixels read. */
import { arraySource, inNgffOrder, levelSource, type RegionSource } from "../lib/convert/region-source.ts";
import { isChunkwiseError } from "../lib/errors.ts";
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
import type { ZarrArray } from "../lib/zarr/array.ts";
import type { Attributes, Json } from "../lib/zarr/array-metadata.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup, openZarr } from "../lib/zarr/open.ts";
import { fileCheck, type InputCheck, storeCheck } from "./convert-check.ts";
import { fromTiff, imageName } from "./convert-input-tiff.ts";
import { isPlate, several } from "./convert-refusals.ts";
import type { StoreTarget, Target } from "./target.ts";

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
