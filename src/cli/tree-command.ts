/** `chunkwise tree PATH…`: the hierarchy, drawn. */
import { type TreeNodeResult, treeOfStore, treeOfTiff } from "./tree-nodes.ts";
import { withTarget } from "./with-target.ts";

/** The nodes of a PATH, groups before what they hold. */
export function treePath(
	path: string,
	signal?: AbortSignal,
): Promise<{ path: string; nodes: TreeNodeResult[] }> {
	return withTarget(
		path,
		async (target) => {
			const nodes =
				target.kind === "tiff" ? await treeOfTiff(target, signal) : await treeOfStore(target, signal);
			return { path, nodes };
		},
		signal,
	);
}

/** Lines such as `├── image (64, 106, 181) uint16, chunks (64, 64, 64)`. */
export function treeText({ path, nodes }: { path: string; nodes: readonly TreeNodeResult[] }): string {
	const [root, ...rest] = nodes;
	const lines = [`${path}${root ? details(root) : ""}`];
	const children = new Map<string, TreeNodeResult[]>();
	const known = new Set(nodes.map((node) => node.path));
	for (const node of rest) {
		const above = parents(node.path).find((at) => known.has(at)) ?? root.path;
		children.set(above, [...(children.get(above) ?? []), node]);
	}
	const walk = (at: string, indent: string) => {
		const below = children.get(at) ?? [];
		below.forEach((node, i) => {
			const last = i === below.length - 1;
			const name = at === "" ? node.path : node.path.slice(at.length + 1);
			lines.push(`${indent}${last ? "└── " : "├── "}${name}${details(node)}`);
			walk(node.path, `${indent}${last ? "    " : "│   "}`);
		});
	};
	if (root) walk(root.path, "");
	return lines.join("\n");
}

function parents(path: string): string[] {
	const parts = path.split("/");
	return parts.slice(0, -1).map((_, n) => parts.slice(0, parts.length - 1 - n).join("/"));
}

function details({ kind, shape, dtype, chunks, shards }: TreeNodeResult): string {
	if (kind === "group") return "";
	const tuple = (values: readonly number[] | undefined) => `(${(values ?? []).join(", ")})`;
	return ` ${tuple(shape)} ${dtype ?? "?"}, chunks ${chunks ? tuple(chunks) : "?"}${shards ? `, shards ${tuple(shards)}` : ""}`;
}
