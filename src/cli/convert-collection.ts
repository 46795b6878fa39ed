/** Plates, wells, sets of images and groups of labels as what `chunkwise convert` reads: image after image. */
import type { CollectionImage, CollectionValue, ImageCollection } from "../lib/convert/collection.ts";
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { convertNgffMetadata } from "../lib/ngff/convert-metadata.ts";
import { labelPaths } from "../lib/ngff/labels.ts";
import type { WritableVersion } from "../lib/ngff/metadata.ts";
import { omeOf, omeVersion } from "../lib/ngff/multiscales.ts";
import { readPlate, readWell } from "../lib/ngff/plate.ts";
import { isSeries, readSeries } from "../lib/ngff/series.ts";
import { childNames } from "../lib/stores/list.ts";
import { stoppable } from "../lib/stores/stoppable.ts";
import { keyOf } from "../lib/stores/store.ts";
import { readConsolidated } from "../lib/zarr/consolidated.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup } from "../lib/zarr/open.ts";
import { imagesOf } from "./convert-images.ts";
import { openInput } from "./convert-input.ts";
import type { ConvertOptions } from "./convert-request.ts";
import type { StoreTarget } from "./target.ts";

/** A plate, a well, a set, or the labels of an image. */
export interface InputCollection extends ImageCollection {
	images: CollectionImage[];
	/** Paths below it of nodes and folders that are neither images nor what makes the collection. */
	others: string[];
	/** Names of labels, where it is a group of them. */
	labels: string[];
	/** What can be known of it where it cannot be looked at file by file. */
	documents: unknown;
}

/** Paths below the root of such a group. */
interface Layout {
	images: string[];
	groups: ZarrGroup[];
	labels?: string[];
}

const documentNames = ["zarr.json", ".zgroup", ".zarray", ".zattrs", ".zmetadata"];

/**
 * What holds several images, opened as far as its groups go; undefined where the input is anything else.
 * @throws ChunkwiseError no-images, not-zarr where a well or image that is named is not there, and as reading
 */
export async function openCollection(
	target: StoreTarget,
	path: string,
	options: ConvertOptions,
): Promise<InputCollection | undefined> {
	const { format = "ome-zarr-0.5", signal } = options;
	if (format === "n5") return undefined;
	// All that is opened here is read within this call.
	const store = stoppable(target.store, signal);
	const root = await openGroup(store, target.inner).catch((error) => {
		if (isChunkwiseError(error)) return undefined;
		throw error;
	});
	const layout = root && (await layoutOf(root));
	if (!root || !layout) return undefined;
	if (layout.images.length === 0) {
		throw new ChunkwiseError("no-images", "This is a plate, well or set that names no image.", {
			where: path,
			remedy: "chunkwise validate PATH tells what its metadata lack.",
		});
	}
	const to = format.slice("ome-zarr-".length) as WritableVersion;
	const from = omeVersion(root.attrs);
	const below = (node: string) => node.slice(root.path.length).replace(/^\//, "");
	const { values, others } = await besides(root, layout);
	return {
		images: layout.images.map((at): CollectionImage => {
			const inner = keyOf(root.path, at).slice(1);
			return {
				path: at,
				async open(signal) {
					const own = `${path.replace(/#.*$/, "")}#${inner}`;
					const input = await openInput({ ...target, inner }, own, signal);
					return { images: imagesOf(input, options, at), checkInput: input.check };
				},
			};
		}),
		groups: layout.groups.map((group) => ({
			path: below(group.path),
			attributes: convertNgffMetadata(group.attrs, { to, from: omeVersion(group.attrs) ?? from }),
		})),
		values,
		others,
		labels: layout.labels ?? [],
		consolidated: (await readConsolidated(target.store, root.path, { signal })) !== undefined,
		documents: layout.groups.map((group) => [below(group.path), group.document, group.attrs]),
	};
}

async function layoutOf(root: ZarrGroup): Promise<Layout | undefined> {
	const ome = omeOf(root.attrs);
	if (Array.isArray(ome.multiscales)) return undefined;
	if (typeof ome.plate === "object" && ome.plate !== null) return plateLayout(root);
	if (typeof ome.well === "object" && ome.well !== null) {
		return { images: readWell(root).fields.map((field) => field.path), groups: [root] };
	}
	if (isSeries(root)) {
		return { images: await readSeries(root), groups: [root, ...(await groupsAt(root, ["OME"]))] };
	}
	if (root.name === "labels" && Array.isArray(ome.labels)) {
		const above = root.path.split("/").slice(0, -1).join("/");
		const labels = await labelPaths(await openGroup(root.store, above));
		return { images: labels, groups: [root], labels };
	}
	return undefined;
}

async function plateLayout(root: ZarrGroup): Promise<Layout> {
	const { wells } = readPlate(root);
	const rows = [...new Set(wells.map((well) => well.path.split("/").slice(0, -1).join("/")))].filter(Boolean);
	// Some writers leave the groups of rows out.
	const groups = [root, ...(await groupsAt(root, rows)), ...(await groupsAt(root, ["OME"]))];
	const images: string[] = [];
	for (const { path } of wells) {
		const well = await root.openGroup(path);
		groups.push(well);
		images.push(...readWell(well).fields.map((field) => keyOf(path, field.path).slice(1)));
	}
	return { images, groups };
}

/** The groups of these paths that are there. */
async function groupsAt(root: ZarrGroup, paths: readonly string[]): Promise<ZarrGroup[]> {
	const found = await Promise.all(
		paths.map((path) =>
			root.openGroup(path).catch((error) => {
				if (isChunkwiseError(error) && error.code === "not-zarr") return undefined;
				throw error;
			}),
		),
	);
	return found.filter((group) => group !== undefined);
}

/**
 * What stands beside the images: values, which are copied, and nodes and folders that do not belong to the collection.
 * Where the store cannot list, METADATA.ome.xml alone is looked for.
 */
async function besides(
	root: ZarrGroup,
	{ groups, images }: Layout,
): Promise<Pick<InputCollection, "values" | "others">> {
	const { store } = root;
	const inside = (path: string) => keyOf(root.path, path);
	const known = [...images, ...groups.map((group) => group.path.slice(root.path.length).replace(/^\//, ""))];
	const values: CollectionValue[] = [];
	const others: string[] = [];
	const add = (key: string) => values.push({ key, read: async () => store.get(inside(key)) });
	for (const group of groups) {
		const at = group.path.slice(root.path.length).replace(/^\//, "");
		const names = await childNames(store, group.path);
		if (!names) {
			if (at === "OME") add("OME/METADATA.ome.xml");
			continue;
		}
		for (const name of names) {
			const key = keyOf(at, name).slice(1);
			if (documentNames.includes(name) || known.some((path) => `${path}/`.startsWith(`${key}/`))) continue;
			if ((await store.size?.(inside(key))) !== undefined) add(key);
			else others.push(key);
		}
	}
	return { values, others };
}
