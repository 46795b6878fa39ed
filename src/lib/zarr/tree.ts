/** The hierarchy of a store: groups, and arrays with shape, type and chunks. */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { forEachInFlight } from "../parallel/in-flight.ts";
import { normalizePath, type StoreOptions } from "../stores/store.ts";
import type { ZarrArray } from "./array.ts";
import { checkDepth } from "./depth.ts";
import type { ZarrGroup } from "./group.ts";
import { nodesAtOnce } from "./members.ts";
import { openNode, openZarr, type StoreLike } from "./open.ts";

/** A group or array of a tree. */
export interface TreeNode {
	name: string;
	/** From the root of the store. */
	path: string;
	kind: "group" | "array";
	/** Of an array. */
	shape?: readonly number[];
	/** Shape of a chunk, of an array. */
	chunks?: readonly number[];
	/** Shape of a shard, where an array has shards. */
	shards?: readonly number[];
	dtype?: string;
	/** Empty for an array. */
	children: TreeNode[];
}

/** The groups and arrays from one node down. Its text is the usual drawing with branches. See {@link tree}. */
export class Tree implements Displayable {
	readonly root: TreeNode;

	constructor(root: TreeNode) {
		this.root = root;
	}

	/** Lines such as `├── image (64, 106, 181) uint16, chunks (64, 64, 64)`. */
	toString(): string {
		const lines = [label(this.root) || "/"];
		const walk = (node: TreeNode, indent: string) => {
			node.children.forEach((child, i) => {
				const last = i === node.children.length - 1;
				lines.push(`${indent}${last ? "└── " : "├── "}${label(child)}`);
				walk(child, `${indent}${last ? "    " : "│   "}`);
			});
		};
		walk(this.root, "");
		return lines.join("\n");
	}

	[displaySymbol](): TextDisplay {
		return { kind: "text", text: this.toString() };
	}
}

function label(node: TreeNode): string {
	const name = node.name || "/";
	if (node.kind === "group") return name;
	const shards = node.shards ? `, shards (${node.shards.join(", ")})` : "";
	return `${name} (${node.shape?.join(", ")}) ${node.dtype}, chunks (${node.chunks?.join(", ")})${shards}`;
}

/**
 * The nodes of a store from a path (its root by default) down.
 * @throws ChunkwiseError not-zarr, bad-metadata, and what the store throws; the signal's reason when aborted
 */
export async function tree(store: StoreLike, path = "", options: StoreOptions = {}): Promise<Tree> {
	const top = await openZarr(store, normalizePath(path), options);
	const root = described(top);
	const waiting = [{ node: top, told: root }];
	// Depth first: where there is no end, that is seen soon.
	for (let next = waiting.pop(); next; next = waiting.pop()) {
		const { node: group, told } = next;
		if (group.kind === "array") continue;
		checkDepth(group.path, root.path);
		const members = await group.members(options);
		const nodes = new Map<string, ZarrGroup | ZarrArray>();
		await forEachInFlight(
			members,
			nodesAtOnce,
			async ({ name, path: at }) => {
				nodes.set(name, await openNode(group.store, at, { format: group.zarrFormat }, options));
			},
			options.signal,
		);
		for (const { name } of members) {
			const node = nodes.get(name) as ZarrGroup | ZarrArray;
			const child = described(node);
			told.children.push(child);
			waiting.push({ node, told: child });
		}
	}
	return new Tree(root);
}

function described(node: ZarrGroup | ZarrArray): TreeNode {
	const { name, path, kind } = node;
	if (node.kind === "group") return { name, path, kind, children: [] };
	const { shape, chunks, shards, dtype } = node;
	return {
		name,
		path,
		kind,
		shape,
		chunks,
		...(shards ? { shards } : {}),
		dtype,
		children: [],
	};
}
