/** What an operation is about: the data, the folder and the file, checked and named. */
import { ChunkwiseError } from "../errors.ts";
import { formatBytes, formatCount } from "../format.ts";
import { counted } from "./figure.ts";
import {
	foldersOf,
	itemsUnder,
	middleRange,
	type StorageCase,
	type StorageOperation,
	type StoredItem,
} from "./storage-model.ts";

/** As much as is carried out in a reader's memory, several times over. */
const mostBytes = 64 * 2 ** 20;
const mostItems = 5000;

/**
 * The folder that an example is best about: the deepest that has a file of its own and holds half of all items.
 * For an OME-Zarr that is its largest array.
 */
export function mainFolder(items: readonly StoredItem[]): string {
	const folders = new Set(items.flatMap((item) => foldersOf(item.key)));
	let best = "";
	for (const folder of folders) {
		const inside = itemsUnder(items, folder);
		const own = inside.some((item) => !item.key.slice(folder.length + 1).includes("/"));
		if (own && inside.length * 2 >= items.length && folder.split("/").length >= best.split("/").length)
			best = folder;
	}
	return best !== "" ? best : ([...folders][0] ?? "");
}

function notThere(message: string, where: string): ChunkwiseError {
	return new ChunkwiseError("storage-unknown-key", message, {
		where,
		remedy: "Name a file or folder of the list of keys.",
	});
}

/**
 * Whether items can be files and objects.
 * @throws ChunkwiseError `storage-unknown-key`, `storage-bad-key`, `storage-too-large`
 */
export function checkItems(items: readonly StoredItem[]): void {
	if (items.length === 0) throw notThere("The list of keys is empty.", "storageComparison");
	const bytes = items.reduce((sum, { size }) => sum + size, 0);
	if (bytes > mostBytes || items.length > mostItems) {
		throw new ChunkwiseError(
			"storage-too-large",
			`${counted(items.length, "key")} with ${formatBytes(bytes)} are too many to work on in memory.`,
			{
				where: "storageComparison",
				remedy: `Give up to ${formatCount(mostItems)} keys and ${formatBytes(mostBytes)}: one scale level, for example.`,
			},
		);
	}
	const keys = new Set(items.map(({ key }) => key));
	const folders = new Set(items.flatMap(({ key }) => foldersOf(key)));
	for (const { key, size } of items) {
		const isName = key.split("/").every((part) => part !== "" && part !== "." && part !== "..");
		if (isName && !folders.has(key) && Number.isSafeInteger(size) && size >= 0) continue;
		throw new ChunkwiseError("storage-bad-key", `${key} cannot be the path of a file of ${size} bytes.`, {
			where: key,
			remedy: folders.has(key)
				? "A name is a file or a folder, not both: leave one of them out. (In a bucket both keys may be there.)"
				: "Give names between single slashes, and sizes in whole bytes.",
		});
	}
	if (keys.size < items.length) {
		throw new ChunkwiseError("storage-bad-key", "A key is in the list twice.", {
			where: "storageComparison",
			remedy: "Give each key once.",
		});
	}
}

/**
 * The target with what is absent filled in.
 * @throws ChunkwiseError `storage-unknown-key` where it is not among the items
 */
export function targetOf(
	items: readonly StoredItem[],
	operation: StorageOperation,
	target: { file?: string; folder?: string },
): { file: string; folder: string; newFolder: string } {
	if (items.length === 0) throw notThere("Nothing is stored.", "storageComparison");
	const folder = target.folder ?? mainFolder(items);
	const inside = itemsUnder(items, folder);
	if (inside.length === 0) throw notThere(`There is no folder ${folder}.`, folder);
	const file = target.file ?? inside.reduce((a, b) => (b.size > a.size ? b : a)).key;
	if (!items.some(({ key }) => key === file)) throw notThere(`There is no key ${file}.`, file);
	return { file, folder, newFolder: newNameOf(items, operation, folder) };
}

/** A name next to the folder that nothing has. */
function newNameOf(items: readonly StoredItem[], operation: StorageOperation, folder: string): string {
	const slash = folder.lastIndexOf("/");
	const parent = folder.slice(0, slash + 1);
	const name = folder.slice(slash + 1);
	const wanted =
		operation === "copy-folder"
			? [name === "" ? "copy" : `${name}-copy`]
			: [name === "raw" ? "image" : "raw", "renamed"];
	const isFree = (path: string) => !items.some(({ key }) => key === path || key.startsWith(`${path}/`));
	for (let n = 1; ; n++) {
		for (const candidate of wanted) {
			const path = `${parent}${candidate}${n === 1 ? "" : `-${n}`}`;
			if (isFree(path)) return path;
		}
	}
}

/** The wish in words. */
export function titleOf({ operation, file, folder }: StorageCase, items: readonly StoredItem[]): string {
	const where = folder === "" ? "the root" : folder;
	const files = counted(itemsUnder(items, folder).length, "file");
	const size = items.find(({ key }) => key === file)?.size ?? 0;
	const titles: Record<StorageOperation, string> = {
		"list-folder": `List what is directly in ${where}`,
		"list-all": `List everything under ${where}`,
		read: `Read the whole of ${file}`,
		"read-range": `Read ${counted(middleRange(size).length, "byte")} from the middle of ${file}`,
		overwrite: `Change one byte of ${file}`,
		append: `Add 1024 bytes to the end of ${file}`,
		"two-writers": `Two programs change different bytes of ${file} at once`,
		"copy-folder": `Copy ${where}, ${files}`,
		"rename-folder": `Rename ${where}, ${files}`,
		"delete-folder": `Delete ${where}, ${files}`,
		"add-capacity": "Make room for twice as much",
	};
	return titles[operation];
}
