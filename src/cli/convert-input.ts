/** What `chunkwise convert` reads: a TIFF, an OME-Zarr or N5 image, or an array; opened, and no pixels read. */
import { basename } from "node:path";
import { arraySource, inNgffOrder, levelSource, type RegionSource } from "../lib/convert/region-source.ts";
import { tiffSource } from "../lib/convert/tiff-source.ts";
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { readN5Images } from "../lib/n5/multiscales.ts";
import { isN5 } from "../lib/n5/open.ts";
import { info } from "../lib/ngff/info.ts";
import { labelPaths } from "../lib/ngff/labels.ts";
import { type NgffImage, omeOf, readMultiscales } from "../lib/ngff/multiscales.ts";
import { keyOf } from "../lib/stores/store.ts";
import { openTiff } from "../lib/tiff/tiff.ts";
import type { ZarrArray } from "../lib/zarr/array.ts";
import type { Attributes, Json } from "../lib/zarr/array-metadata.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup, openZarr } from "../lib/zarr/open.ts";
import { pageOf, type StoreTarget, type Target, type TiffTarget } from "./target.ts";

/** Labels of an image. */
export interface InputLabels {
	name: string;
	levels: RegionSource[];
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
	labels: InputLabels[];
	/** Metadata documents: what can be known of an input that cannot be looked at file by file. */
	documents: unknown;
}

/** @throws ChunkwiseError several-images, is-plate, no-multiscales, no-such-node, and as opening */
export async function openInput(target: Target, path: string, signal?: AbortSignal): Promise<Input> {
	const input = target.kind === "tiff" ? await fromTiff(target, signal) : await fromStore(target, path);
	return { ...input, levels: input.levels.map(inNgffOrder) };
}

async function fromTiff(target: TiffTarget, signal?: AbortSignal): Promise<Input> {
	const page = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, { signal });
	const name = imageName(target.source.name, /(\.ome)?\.tiff?$/i);
	const source = tiffSource(tiff, { page: typeof page === "number" ? page : undefined, name });
	return {
		name,
		levels: [source],
		chunked: false,
		labels: [],
		documents: [target.source.size, tiff.metadata],
	};
}

/** A file's or folder's name without its endings: `cells.ome.tif` is cells. */
function imageName(fileName: string, endings: RegExp): string {
	return basename(fileName).replace(endings, "") || "image";
}

async function fromStore(target: StoreTarget, path: string): Promise<Input> {
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
	return { ...ofImage(image, name), omero: omeroOf(group.attrs), labels: await labelsOf(group) };
}

function ofImage(image: NgffImage, name: string): Input {
	return {
		name,
		levels: image.levels.map((_, level) => levelSource(image, level, name)),
		type: image.type,
		chunked: true,
		labels: [],
		documents: image.levels.map(({ array }) => array.metadata.document),
	};
}

async function fromN5(target: StoreTarget, path: string, fallback: string): Promise<Input> {
	const images = await readN5Images(target.store, target.inner);
	if (images.length !== 1) {
		throw several(
			path,
			images.map((image) => (image.path === "" ? image.levels[0].path : image.path)),
		);
	}
	return ofImage(images[0], images[0].name || fallback);
}

/** "omero" metadata but for its version, which the result states for itself. */
function omeroOf(attributes: Attributes): Json | undefined {
	const { omero } = omeOf(attributes);
	if (typeof omero !== "object" || omero === null || Array.isArray(omero)) return undefined;
	const { version: _, ...rest } = omero as Json;
	return rest;
}

async function labelsOf(group: ZarrGroup): Promise<InputLabels[]> {
	const names = await labelPaths(group);
	return Promise.all(
		names.map(async (name): Promise<InputLabels> => {
			const below = await openGroup(group.store, keyOf(group.path, `labels/${name}`).slice(1));
			const [image] = await readMultiscales(below);
			const found = omeOf(below.attrs)["image-label"];
			const { version: _, ...imageLabel } = (
				typeof found === "object" && found !== null ? found : {}
			) as Json;
			const levels = image.levels.map((__, level) => inNgffOrder(levelSource(image, level, name)));
			return { name, levels, imageLabel: { ...imageLabel, source: { image: "../../" } } };
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
	return new ChunkwiseError("is-plate", `This is a plate of ${wells.length} wells, not one image.`, {
		where: path,
		remedy: example
			? `Convert its images one by one, for example ${example}.`
			: "Name one of the images of its wells: PATH#A/1/0.",
	});
}

/** An array, with the coordinates that an OME-NGFF group above it gives it, where there is one. */
async function fromArray(array: ZarrArray, fallback: string): Promise<Input> {
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
