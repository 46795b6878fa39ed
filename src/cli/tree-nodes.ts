/** The nodes that `chunkwise tree` shows, of stores that list, of others, of N5 and of TIFF. */
import { walkHierarchy } from "../lib/download/hierarchy.ts";
import { arrayMetadata } from "../lib/n5/attributes.ts";
import { N5Group, openN5 } from "../lib/n5/open.ts";
import { canList } from "../lib/stores/list.ts";
import { stoppable } from "../lib/stores/stoppable.ts";
import { openTiff } from "../lib/tiff/open.ts";
import { arrayMetadataV2, arrayMetadataV3 } from "../lib/zarr/array-metadata.ts";
import { type TreeNode, tree } from "../lib/zarr/tree.ts";
import { orN5 } from "./n5.ts";
import { pageOf, pagesNamed, type StoreTarget, type TiffTarget } from "./target.ts";

/** A node as it is shown. */
export interface TreeNodeResult {
	path: string;
	kind: "group" | "array";
	shape?: readonly number[];
	dtype?: string;
	chunks?: readonly number[];
	shards?: readonly number[];
}

/** @throws ChunkwiseError not-zarr, bad-metadata, and what the store throws */
export async function treeOfStore(named: StoreTarget, signal?: AbortSignal): Promise<TreeNodeResult[]> {
	const target = { ...named, store: stoppable(named.store, signal) };
	const { store, inner } = target;
	if (target.web || !canList(store)) return walked(target, signal);
	return orN5(
		target,
		async () => flat((await tree(store, inner, { signal })).root),
		() => n5Nodes(store, inner, signal),
	);
}

function flat(node: TreeNode): TreeNodeResult[] {
	const { path, kind, shape, dtype, chunks, shards } = node;
	const own: TreeNodeResult = { path, kind };
	if (kind === "array") Object.assign(own, { shape, dtype, chunks, ...(shards ? { shards } : {}) });
	return [own, ...node.children.flatMap(flat)];
}

async function n5Nodes(
	store: StoreTarget["store"],
	path: string,
	signal?: AbortSignal,
): Promise<TreeNodeResult[]> {
	const node = await openN5(store, path, { signal });
	if (!(node instanceof N5Group)) {
		const { shape, dtype, chunks } = node;
		return [{ path, kind: "array", shape, dtype, chunks }];
	}
	const found: TreeNodeResult[] = [{ path, kind: "group" }];
	for (const member of await node.members()) found.push(...(await n5Nodes(store, member.path, signal)));
	return found;
}

/** By what the metadata name. */
async function walked({ store, inner }: StoreTarget, signal?: AbortSignal): Promise<TreeNodeResult[]> {
	const nodes: TreeNodeResult[] = [];
	for await (const { path, kind, format, document, attributes } of walkHierarchy(store, inner, { signal })) {
		if (kind === "group") nodes.push({ path, kind });
		else if (format === "n5") {
			const { shape, dtype, blockShape } = arrayMetadata(document, path);
			nodes.push({ path, kind, shape, dtype, chunks: blockShape });
		} else {
			const where = path || "/";
			const { shape, dtype, chunks, shards } =
				format === 3 ? arrayMetadataV3(document, where) : arrayMetadataV2(document, attributes, where);
			nodes.push({ path, kind, shape, dtype, chunks, ...(shards ? { shards: shards.shape } : {}) });
		}
	}
	return nodes;
}

/** A TIFF as a group of its pages. */
export async function treeOfTiff(target: TiffTarget, signal?: AbortSignal): Promise<TreeNodeResult[]> {
	const wanted = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, { signal });
	const nodes = pagesNamed(tiff, wanted).map(
		({ index, shape, dtype, chunks }): TreeNodeResult => ({
			path: `page/${index}`,
			kind: "array",
			shape,
			dtype: dtype ?? undefined,
			chunks: chunks ?? undefined,
		}),
	);
	return typeof wanted === "number" ? nodes : [{ path: "", kind: "group" }, ...nodes];
}
