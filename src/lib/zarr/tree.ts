/** The hierarchy of a store: groups, and arrays with shape, type and chunks. */
import { type Displayable, displaySymbol, type TextDisplay } from "../display.ts";
import { normalizePath } from "../stores/store.ts";
import type { ZarrArray } from "./array.ts";
import type { ZarrGroup } from "./group.ts";
import { openZarr, type StoreLike } from "./open.ts";

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
	return `${name} (${node.shape?.join(", ")}) ${node.dtype}, chunks (${node.chunks?.join(", ")})`;
}

/**
 * The nodes of a store from a path (its root by default) down.
 * @throws ChunkwiseError not-zarr, bad-metadata, and what the store throws
 */
export async function tree(store: StoreLike, path = ""): Promise<Tree> {
	return new Tree(await describe(await openZarr(store, normalizePath(path))));
}

async function describe(node: ZarrGroup | ZarrArray): Promise<TreeNode> {
	const { name, path, kind } = node;
	if (node.kind === "array") {
		const { shape, chunks, dtype } = node;
		return { name, path, kind, shape, chunks, dtype, children: [] };
	}
	const members = await node.members();
	const children = await Promise.all(members.map(async (member) => describe(await node.open(member.name))));
	return { name, path, kind, children };
}
