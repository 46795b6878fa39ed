/**
 * Converting what holds several images: a plate, a well, the labels of an image, a set as bioformats2raw lays it out.
 * One image is converted after the other, each by its own journal; a journal above them tells which are finished.
 */
import { throwIfAborted } from "../errors.ts";
import { groupDocuments } from "../ngff/write.ts";
import { progressOf } from "../progress.ts";
import { crc32 } from "../stores/crc32.ts";
import { MemoryStore } from "../stores/memory.ts";
import { exclusively, keyOf, type StoreKey, type WritableStore } from "../stores/store.ts";
import { consolidate } from "../zarr/consolidated.ts";
import { encodeJson } from "../zarr/metadata.ts";
import { convertHere } from "./convert.ts";
import { Journal } from "./journal.ts";
import { bytesOfLevel, chunkCount, planIdentity, planLevels } from "./plan-levels.ts";
import type { ConversionReport } from "./report.ts";
import type { ConversionFormat, ConversionImage, ConversionOptions } from "./request.ts";

/** An image of a collection. It is opened twice: to see what there is to do, and when its turn comes. */
export interface CollectionImage {
	/** Of its group in the result, and of the first of what `open` gives. */
	path: string;
	/** The image and its labels, with what makes sure that they are still what they were. */
	open(signal?: AbortSignal): Promise<OpenedImage>;
}

/** What one image of a collection is converted from. */
export interface OpenedImage {
	/** The image, then its labels. */
	images: readonly ConversionImage[];
	/** Looks whether the input is still what it was; throws where it is not. */
	checkInput?: ConversionOptions["checkInput"];
}

/** A value that goes along as it is. */
export interface CollectionValue {
	/** In the result, without leading slash. */
	key: string;
	/** Its bytes; undefined where there is none. */
	read(): Promise<Uint8Array | undefined>;
}

/** Images in one hierarchy, with the groups that make a plate or a set of them. */
export interface ImageCollection {
	images: readonly CollectionImage[];
	/** Groups that are no images, the root ("") among them, with all their attributes as the result has them. */
	groups: readonly { path: string; attributes: Record<string, unknown> }[];
	/** Values beside them that are copied as they are, such as OME/METADATA.ome.xml. */
	values: readonly CollectionValue[];
	/** Copy the metadata of all nodes into the root. */
	consolidated?: boolean;
}

/** What the conversion of a collection came to. */
export interface CollectionReport extends Omit<ConversionReport, "levels"> {
	images: number;
}

/** OME-Zarr alone has places for several images. */
export type CollectionFormat = Exclude<ConversionFormat, "n5">;

interface Outlook {
	chunks: number;
	parts: number;
	bytes: number;
	/** Of what would be written, and how. */
	plan: number;
}

/**
 * Converts all images of a collection into a store. Nothing is written before each of them has been opened and planned.
 * What a call that was stopped had finished is kept: images, and parts of the one it was at. The root's metadata is
 * written last.
 * @throws ChunkwiseError as convertImages, and what opening the images throws
 */
export async function convertCollection(
	collection: ImageCollection,
	store: WritableStore,
	options: ConversionOptions & { format: CollectionFormat },
): Promise<CollectionReport> {
	return exclusively(store, () => convertAll(collection, store, options));
}

async function convertAll(
	{ images, groups, values, consolidated }: ImageCollection,
	store: WritableStore,
	options: ConversionOptions & { format: CollectionFormat },
): Promise<CollectionReport> {
	const { signal, format, codec, level = null } = options;
	const outlooks: Outlook[] = [];
	for (const image of images) {
		throwIfAborted(signal);
		outlooks.push(await lookAt(image, options));
	}
	const identity = {
		...options.identity,
		...{ format, codec, level },
		images: images.map(({ path }) => path),
		plans: outlooks.map(({ plan }) => plan),
	};
	const journal = await Journal.open(options.work, identity, 1);
	await journal.save();
	const sum = (pick: (outlook: Outlook) => number) => outlooks.reduce((all, one) => all + pick(one), 0);
	const report = progressOf(options);
	const total = sum(({ chunks }) => chunks);
	let before = 0;
	let resumed = 0;
	for (const [i, image] of images.entries()) {
		const { chunks, parts } = outlooks[i];
		if (journal.has(i)) resumed += parts;
		else {
			const work = below(options.work, `images/${i}`);
			const { images: own, checkInput } = await image.open(signal);
			const done = await convertHere(own, store, {
				...options,
				work,
				checkInput,
				identity: { image: image.path },
				onProgress: (progress) =>
					report({ label: `Writing ${image.path}`, done: before + progress.done, total, unit: "chunks" }),
			});
			resumed += done.resumed;
			await journal.add(i, 0, { stored: done.stored, objects: done.objects });
			await work.delete?.("/journal.json");
		}
		before += chunks;
	}
	const documents = await writeAround(store, groups, values, format);
	if (consolidated) await consolidate(store);
	journal.complete = true;
	await journal.save();
	const [{ stored, objects }] = journal.levels;
	return {
		images: images.length,
		bytes: sum(({ bytes }) => bytes),
		stored,
		objects: objects + documents,
		parts: sum(({ parts }) => parts),
		resumed,
	};
}

/** What an image will be, planned as if it were written into nothing. */
async function lookAt(image: CollectionImage, options: ConversionOptions): Promise<Outlook> {
	const { images } = await image.open(options.signal);
	const planned = planLevels(images, new MemoryStore(), options);
	const levels = planned.flat();
	return {
		chunks: levels.reduce((sum, { writer }) => sum + chunkCount(writer), 0),
		parts: levels.reduce((sum, { grid }) => sum + grid.count, 0),
		bytes: levels.reduce((sum, level) => sum + bytesOfLevel(level), 0),
		plan: crc32(encodeJson(planIdentity(images, planned))),
	};
}

/** @returns values written */
async function writeAround(
	store: WritableStore,
	groups: ImageCollection["groups"],
	values: ImageCollection["values"],
	format: CollectionFormat,
): Promise<number> {
	let written = 0;
	for (const { key, read } of values) {
		const bytes = await read();
		if (!bytes) continue;
		await store.set(keyOf("", key), bytes);
		written++;
	}
	const depth = (path: string) => (path === "" ? 0 : path.split("/").length);
	for (const { path, attributes } of [...groups].sort((a, b) => depth(b.path) - depth(a.path))) {
		const documents = groupDocuments(path, format === "ome-zarr-0.4" ? 2 : 3, attributes);
		for (const [key, document] of documents) await store.set(key, encodeJson(document));
		written += documents.length;
	}
	return written;
}

/** The part of a store below a path, as far as a journal needs it. */
function below(store: WritableStore, path: string): WritableStore {
	const at = (key: StoreKey) => keyOf(path, key.slice(1));
	return {
		get: (key, options) => store.get(at(key), options),
		set: (key, value, options) => store.set(at(key), value, options),
		delete: (key, options) => store.delete?.(at(key), options),
	};
}
