/** An OME-Zarr in a store made one of another version: metadata alone is written, chunks stay as they are. */
import { ChunkwiseError } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import { asStore } from "../stores/memory.ts";
import { normalizePath, type ReadableStore, type StoreKey, type WritableStore } from "../stores/store.ts";
import type { ZarrArray } from "../zarr/array.ts";
import { type ConversionReport, convertHierarchy, type NodeEdit } from "../zarr/convert-metadata-store.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { openGroup } from "../zarr/open.ts";
import { convertNgffMetadata } from "./convert-metadata.ts";
import type { WritableVersion } from "./metadata.ts";
import { omeOf, omeVersion } from "./multiscales.ts";

export interface ConvertNgffOptions extends LongTask {
	to: WritableVersion;
	/** Group to convert, with all below it; default the root. */
	path?: string;
	/** Store to write to; default: the metadata is replaced where it is, and no chunk is touched. */
	target?: WritableStore | Map<string, Uint8Array>;
	/** Path in the target; default its root. */
	targetPath?: string;
	/** Remove what the target holds there first; default false. */
	overwrite?: boolean;
	/** Keep what the same call had copied into the target before it was stopped; see ConvertZarrOptions. */
	resume?: boolean;
	/** Copies a value without reading it here; see ConvertZarrOptions. */
	copyValue?: (from: StoreKey, to: StoreKey) => Promise<boolean>;
}

/**
 * Converts an image, plate or set of images of OME-NGFF 0.1 to 0.5 to 0.4 (on Zarr 2) or 0.5 (on Zarr 3), with its
 * labels and everything below. Chunks are never decoded. In place none is touched; where the new version would name
 * them otherwise (0.1 to 0.4; most of 0.5 to 0.4), only a target can be converted into, where they are copied under
 * their new names.
 * @throws ChunkwiseError unsupported-version, unsupported-conversion, keys-change, store-not-empty, cannot-list,
 *   not-zarr, bad-metadata, and what the stores throw
 */
export async function convertNgff(
	from: WritableStore | ReadableStore | Map<string, Uint8Array>,
	options: ConvertNgffOptions,
): Promise<ConversionReport> {
	const { to, ...rest } = options;
	const root = await openGroup(asStore(from as ReadableStore), options.path);
	const version = await versionOf(root);
	/** Axes of the arrays that are levels of an image, by their path. */
	const axes = new Map<string, string[]>();
	const edit = async (node: ZarrGroup | ZarrArray): Promise<NodeEdit> => {
		if (node.kind === "array") {
			return {
				dimensionNames: namesOf(node, axes.get(node.path)),
				...(to === "0.4" ? { separator: "/" } : {}),
			};
		}
		const attributes = convertNgffMetadata(node.attrs, {
			to,
			from: version,
			shapes: await shapesOf(node, version),
		});
		for (const [path, names] of axesOf(node, attributes)) axes.set(path, names);
		return { attributes };
	};
	return convertHierarchy(from, { ...rest, zarrFormat: to === "0.5" ? 3 : 2 }, edit);
}

/** The axes; but an array's own names where they are the same in another order: these tell how it is stored. */
function namesOf(array: ZarrArray, axes: string[] | undefined): string[] | undefined {
	const own = array.metadata.dimensionNames;
	const permuted = own && axes && own.length === axes.length && axes.every((name) => own.includes(name));
	return permuted ? undefined : axes;
}

async function versionOf(root: ZarrGroup): Promise<string> {
	const own = omeVersion(root.attrs);
	if (own) return own;
	for (const member of await root.members()) {
		if (member.kind !== "group") continue;
		const node = await root.open(member.name);
		const version = node.kind === "group" ? omeVersion(node.attrs) : undefined;
		if (version) return version;
	}
	throw new ChunkwiseError("no-ome-metadata", "There is no OME-NGFF metadata here.", {
		where: root.path || "/",
		remedy: "Give the group of an image or plate. Plain Zarr is converted by convertZarr.",
	});
}

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

function datasetPaths(attributes: Readonly<Record<string, unknown>>): [entry: unknown, paths: string[]][] {
	return list(omeOf(attributes).multiscales).map((entry) => [
		entry,
		list((entry as { datasets?: unknown } | null)?.datasets)
			.map((dataset) => (dataset as { path?: unknown } | null)?.path)
			.filter((path): path is string => typeof path === "string"),
	]);
}

/** Shapes of the levels, which before 0.4 tell their scale. */
async function shapesOf(group: ZarrGroup, version: string): Promise<Record<string, readonly number[]>> {
	if (version >= "0.4") return {};
	const shapes: Record<string, readonly number[]> = {};
	for (const [, paths] of datasetPaths(group.attrs)) {
		for (const path of paths) shapes[path] = (await group.openArray(path)).shape;
	}
	return shapes;
}

function axesOf(group: ZarrGroup, attributes: Readonly<Record<string, unknown>>): [string, string[]][] {
	return datasetPaths(attributes).flatMap(([entry, paths]) => {
		const axes = list((entry as { axes?: unknown } | null)?.axes);
		const names = axes.map((axis) => (axis as { name?: unknown } | null)?.name);
		if (names.length === 0 || !names.every((name) => typeof name === "string")) return [];
		return paths.map((path): [string, string[]] => [
			normalizePath(`${group.path}/${path}`),
			names as string[],
		]);
	});
}
