/** Choosing scale levels: which paths are left out, and the metadata that name only the others. */
import { ChunkwiseError } from "../errors.ts";
import { omeOf } from "../ngff/multiscales.ts";
import { keyOf } from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import type { StoredNode } from "./hierarchy.ts";

/** What a group's metadata say of its levels, once some are left out. */
export interface ChosenLevels {
	/** Paths from the root of the store at and below which nothing is taken. */
	leftOut: string[];
	/** Replaces the multiscales of the group's attributes. */
	multiscales: Json[];
}

/**
 * @param levels counted from 0, the finest
 * @returns undefined where the group is no image
 * @throws ChunkwiseError no-level where the image has none of them; a label image then keeps its coarsest level
 */
export function chooseLevels(node: StoredNode, levels: readonly number[]): ChosenLevels | undefined {
	const own = node.format === "n5" ? node.attributes : omeOf(node.attributes);
	const entries = Array.isArray(own.multiscales) ? (own.multiscales as Json[]) : [];
	if (entries.length === 0) return undefined;
	const kept: string[] = [];
	const dropped: string[] = [];
	const multiscales = entries.map((entry) => {
		const datasets = Array.isArray(entry?.datasets) ? (entry.datasets as Json[]) : [];
		const isLabel = own["image-label"] !== undefined || /(^|\/)labels\//.test(node.path);
		const missing = levels.find((level) => level >= datasets.length);
		if (missing !== undefined && !isLabel) {
			throw new ChunkwiseError("no-level", `There is no scale level ${missing}.`, {
				where: node.path || "/",
				remedy: `It has levels 0 to ${datasets.length - 1}.`,
			});
		}
		const chosen = datasets.filter((_, level) => levels.includes(level));
		const some = chosen.length > 0 ? chosen : datasets.slice(-1);
		for (const dataset of datasets) {
			if (typeof dataset?.path === "string") (some.includes(dataset) ? kept : dropped).push(dataset.path);
		}
		return { ...entry, datasets: some };
	});
	const leftOut = dropped
		.filter((path) => !kept.includes(path))
		.map((path) => keyOf(node.path, widest(path, kept)).slice(1));
	return { leftOut: [...new Set(leftOut)], multiscales };
}

/** The group around a level that holds no other: `scale0` of `scale0/image`. */
function widest(path: string, kept: readonly string[]): string {
	const parts = path.split("/").filter(Boolean);
	for (let n = 1; n < parts.length; n++) {
		const group = parts.slice(0, n).join("/");
		if (!kept.some((other) => `${other}/`.startsWith(`${group}/`))) return group;
	}
	return parts.join("/");
}

export function isLeftOut(path: string, leftOut: readonly string[]): boolean {
	return leftOut.some((at) => path === at || path.startsWith(`${at}/`));
}

/** A group's document (zarr.json, .zattrs, attributes.json) with other multiscales and without consolidated copies. */
export function withMultiscales(document: Json, multiscales: Json[]): Json {
	const { consolidated_metadata: _, ...rest } = document;
	const inside = (attributes: Json): Json => {
		const { ome } = attributes;
		if (typeof ome === "object" && ome !== null) return { ...attributes, ome: { ...ome, multiscales } };
		return { ...attributes, multiscales };
	};
	if (rest.node_type === "group") {
		return { ...rest, attributes: inside((rest.attributes ?? {}) as Json) };
	}
	return inside(rest);
}
