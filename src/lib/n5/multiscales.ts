/** The images of an N5 container: pyramids as n5-viewer, COSEM, neuroglancer and BigDataViewer lay them out. */
import type { NgffImage, NgffLevel } from "../ngff/multiscales.ts";
import { childNames } from "../stores/list.ts";
import { keyOf, type ReadableStore } from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import { N5Array } from "./array.ts";
import { arrayMetadata, attributesName, describesArray, readAttributes } from "./attributes.ts";
import { coordinatesOf, cosem, inherit, type N5Coordinates } from "./coordinates.ts";
import { nodeOf } from "./open.ts";

/** An image with its levels opened, finest first: as of OME-NGFF, so that `readLevel` reads it too. */
export type N5Image = NgffImage;

/** Images are looked for so many groups deep: setup, timepoint, level in bdv.n5. */
const maxDepth = 4;
const levelName = /^s(\d+)$/;

/**
 * The images at and below a path. An array that is no level of a pyramid is an image of one level.
 * @throws ChunkwiseError not-n5, bad-metadata, unsupported-dtype, unknown-codec, and what the store throws
 */
export async function readN5Images(store: ReadableStore, path: string): Promise<N5Image[]> {
	const parts = path.split("/").filter(Boolean);
	const paths = parts.map((_, n) => parts.slice(0, n).join("/"));
	const [own, ...documents] = await Promise.all([path, ...paths].map((at) => readAttributes(store, at)));
	const above = documents.reduce<Json>((passed, document) => inherit(passed, document), {});
	const node = await nodeOf(store, path, own);
	if (node.kind === "array") return [arrayImage(store, path, own as Json, above)];
	return inside(store, path, own ?? {}, above, maxDepth);
}

async function inside(
	store: ReadableStore,
	path: string,
	own: Json,
	above: Json,
	depth: number,
): Promise<N5Image[]> {
	const passed = inherit(above, own);
	const pyramid = (await listedLevels(store, path, own)) ?? (await namedLevels(store, path, passed));
	if (pyramid) return [pyramid];
	if (depth === 0) return [];
	const names = await childNames(store, path).catch(() => undefined);
	if (!names) return guessed(store, path, passed, depth);
	const below = names.filter((name) => name !== attributesName).map((name) => keyOf(path, name).slice(1));
	const documents = await Promise.all(below.map((at) => readAttributes(store, at)));
	const found: N5Image[] = [];
	for (const [i, document] of documents.entries()) {
		if (describesArray(document)) found.push(arrayImage(store, below[i], document, passed));
		else found.push(...(await inside(store, below[i], document ?? {}, passed, depth - 1)));
	}
	return found;
}

/**
 * The images in a group of a store that cannot be listed: channels c0, c1, … of n5-viewer; setups of bdv.n5, each at
 * its first point in time.
 */
async function guessed(store: ReadableStore, path: string, passed: Json, depth: number): Promise<N5Image[]> {
	const found: N5Image[] = [];
	for (let channel = 0; ; channel++) {
		const image = await namedLevels(store, keyOf(path, `c${channel}`).slice(1), passed);
		if (!image) break;
		found.push(image);
	}
	const timepoint = keyOf(path, "timepoint00000").slice(1);
	const times = await readAttributes(store, timepoint);
	if (times) found.push(...(await inside(store, timepoint, times, passed, 0)));
	for (let setup = 0; found.length === 0 || setup > 0; setup++) {
		const at = keyOf(path, `setup${String(setup).padStart(2, "0")}`).slice(1);
		const document = await readAttributes(store, at);
		if (!document) break;
		found.push(...(await inside(store, at, document, passed, depth - 1)));
	}
	return found;
}

/** The pyramid that a group's `multiscales` lists (COSEM). */
async function listedLevels(store: ReadableStore, path: string, own: Json): Promise<N5Image | undefined> {
	const [entry] = Array.isArray(own.multiscales) ? (own.multiscales as Json[]) : [];
	const datasets = Array.isArray(entry?.datasets) ? (entry.datasets as Json[]) : [];
	if (datasets.length === 0 || datasets.some((dataset) => typeof dataset?.path !== "string"))
		return undefined;
	const levels = await Promise.all(
		datasets.map(async (dataset, level) => {
			const at = keyOf(path, dataset.path as string).slice(1);
			const document = await readAttributes(store, at);
			if (!describesArray(document)) return undefined;
			const { length } = document.dimensions as unknown[];
			const where = cosem(dataset.transform, length) ?? coordinatesOf(document, own, level, length);
			return { at, document, where };
		}),
	);
	if (!levels.every((level) => level !== undefined)) return undefined;
	return image(store, path, typeof entry.name === "string" ? entry.name : lastName(path), levels);
}

/** The pyramid of arrays s0, s1, … in a group. */
async function namedLevels(store: ReadableStore, path: string, passed: Json): Promise<N5Image | undefined> {
	const levelPath = (level: number) => keyOf(path, `s${level}`).slice(1);
	const listed = (await childNames(store, path).catch(() => undefined))
		?.flatMap((name) => levelName.exec(name)?.[1] ?? [])
		.map(Number)
		.sort((a, b) => a - b);
	const found: { at: string; document: Json; where: N5Coordinates }[] = [];
	for (let i = 0; listed === undefined || i < listed.length; i++) {
		const level = listed ? listed[i] : i;
		const at = levelPath(level);
		const document = await readAttributes(store, at);
		if (!describesArray(document)) {
			if (listed) continue;
			break;
		}
		const { length } = document.dimensions as unknown[];
		found.push({ at, document, where: coordinatesOf(document, passed, level, length) });
	}
	return found.length > 0 ? image(store, path, lastName(path), found) : undefined;
}

function image(
	store: ReadableStore,
	path: string,
	name: string,
	levels: readonly { at: string; document: Json; where: N5Coordinates }[],
): N5Image {
	const [first] = levels;
	const axes =
		first.where.axes ?? (first.document.dimensions as unknown[]).map((_, i) => ({ name: `dim_${i}` }));
	return {
		name,
		version: "",
		path,
		axes,
		levels: levels.map(({ at, document, where }): NgffLevel => {
			const names = axes.map((axis) => axis.name);
			const array = new N5Array(store, at, arrayMetadata(document, at), names);
			return {
				path: at,
				shape: array.shape,
				chunks: array.chunks,
				dtype: array.dtype,
				scale: where.scale,
				translation: where.translation,
				array,
			};
		}),
	};
}

/** An array by itself; one named as a level takes its place in the pyramid that the groups above describe. */
function arrayImage(store: ReadableStore, path: string, document: Json, above: Json): N5Image {
	const level = levelName.exec(lastName(path))?.[1];
	const { length } = document.dimensions as unknown[];
	const where = coordinatesOf(document, above, level === undefined ? undefined : Number(level), length);
	return image(store, path, lastName(path), [{ at: path, document, where }]);
}

function lastName(path: string): string {
	return path.split("/").at(-1) ?? "";
}
