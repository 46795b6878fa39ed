/** Keys seen as a tree of folders, in rows, some of them folded: how a file system shows the same data. */
import { foldersOf, type StoredItem } from "./storage-model.ts";

export interface TreeRow {
	/** "" is the root. */
	path: string;
	name: string;
	depth: number;
	kind: "folder" | "file";
	/** Folders only. */
	open: boolean;
	/** Everything under the row, in files and bytes. */
	count: number;
	size: number;
	/** Chunk files directly in a folder, shown on the folder's own row. */
	run: StoredItem[];
}

/** Names of chunk files: numbers, with separators, as Zarr and N5 have them. */
const chunkName = /^(?:c\.)?\d+(?:\.\d+)*$|^c$/;

/** Rows of the tree, folders that are not `open` folded. Items come in the order of their keys. */
export function treeRows(items: readonly StoredItem[], open: ReadonlySet<string>, root = ""): TreeRow[] {
	const rows: TreeRow[] = [];
	addFolder(rows, items, "", root, 0, open);
	return rows;
}

function addFolder(
	rows: TreeRow[],
	items: readonly StoredItem[],
	path: string,
	name: string,
	depth: number,
	open: ReadonlySet<string>,
): void {
	const start = path === "" ? 0 : path.length + 1;
	const files: StoredItem[] = [];
	const folders = new Map<string, StoredItem[]>();
	for (const item of items) {
		const slash = item.key.indexOf("/", start);
		if (slash < 0) {
			files.push(item);
			continue;
		}
		const inner = item.key.slice(0, slash);
		const members = folders.get(inner);
		if (members) members.push(item);
		else folders.set(inner, [item]);
	}
	const run = files.filter((item) => chunkName.test(item.key.slice(start)));
	const isOpen = path === "" || open.has(path);
	rows.push({
		path,
		name,
		depth,
		kind: "folder",
		open: isOpen,
		run: isOpen || folders.size === 0 ? run : [],
		...totals(items),
	});
	if (!isOpen) return;
	for (const item of files) {
		if (run.includes(item)) continue;
		const leaf = item.key.slice(start);
		rows.push({
			path: item.key,
			name: leaf,
			depth: depth + 1,
			kind: "file",
			open: false,
			run: [],
			...totals([item]),
		});
	}
	for (const [inner, members] of folders)
		addFolder(rows, members, inner, inner.slice(start), depth + 1, open);
}

function totals(items: readonly StoredItem[]): { count: number; size: number } {
	return { count: items.length, size: items.reduce((sum, item) => sum + item.size, 0) };
}

/** Folders to open at first: the way to `folder`, then what is in it, then the rest, while rows are few enough. */
export function opened(items: readonly StoredItem[], folder: string, most: number): Set<string> {
	const all = [...new Set(items.flatMap((item) => foldersOf(item.key)))];
	const open = new Set(folder === "" ? [] : [...foldersOf(folder), folder]);
	const depth = (path: string) => path.split("/").length;
	const inside = (path: string) => (folder === "" || path.startsWith(`${folder}/`) ? 0 : 1);
	const order = all
		.filter((path) => !open.has(path))
		.sort((a, b) => inside(a) - inside(b) || depth(a) - depth(b));
	for (const path of order) {
		open.add(path);
		if (treeRows(items, open).length > most) open.delete(path);
	}
	return open;
}
