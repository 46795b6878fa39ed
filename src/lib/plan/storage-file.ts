/** Operations on a file system, as POSIX calls. */
import { counted } from "./figure.ts";
import {
	foldersOf,
	middleRange,
	type SideSteps,
	type StorageCase,
	type StorageStep,
	step,
} from "./storage-model.ts";

/** Bytes that `getdents64` returns for one name: 19 of header, the name, its zero, padded to 8 (getdents(2)). */
function entryBytes(name: string): number {
	return Math.ceil((20 + new TextEncoder().encode(name).length) / 8) * 8;
}

/** Names directly in a folder, each once. */
function namesIn(given: StorageCase, folder: string): string[] {
	const from = folder === "" ? 0 : folder.length + 1;
	const inside =
		folder === "" ? given.items : given.items.filter((item) => item.key.startsWith(`${folder}/`));
	return [...new Set(inside.map((item) => item.key.slice(from).split("/", 1)[0]))];
}

/** The folder and every folder under it, outermost first. */
function subfolders({ folder, inside }: StorageCase): string[] {
	const found = new Set([folder]);
	for (const item of inside) {
		for (const outer of foldersOf(item.key)) if (outer.length > folder.length) found.add(outer);
	}
	return [...found].sort();
}

function readdir(given: StorageCase, folders: string[]): StorageStep {
	const bytesDown = folders
		.flatMap((folder) => namesIn(given, folder))
		.reduce((sum, name) => sum + entryBytes(name), 0);
	const call = folders.length === 1 ? `readdir("${folders[0] || "."}")` : "readdir(each folder)";
	return step(call, "list", { times: folders.length, folders, bytesDown });
}

function inFile({ file }: StorageCase, work: StorageStep, flags: string): StorageStep[] {
	return [
		step(`open("${file.key}", ${flags})`, "open", { keys: [file.key] }),
		work,
		step("close()", "open", { keys: [file.key] }),
	];
}

const plans: Record<StorageCase["operation"], (given: StorageCase) => SideSteps> = {
	"list-folder": (given) => ({
		steps: [readdir(given, [given.folder])],
		outcome:
			"A folder is a thing of its own: it holds a list of the names in it, and one call returns the list.",
	}),
	"list-all": (given) => {
		const folders = subfolders(given);
		return {
			steps: [readdir(given, folders)],
			outcome: `A program walks the tree: one call for each of ${counted(folders.length, "folder")}.`,
		};
	},
	read: (given) => ({
		steps: inFile(
			given,
			step("read()", "read", { keys: [given.file.key], bytesDown: given.file.size }),
			"O_RDONLY",
		),
		outcome: "Open, read to the end, close.",
	}),
	"read-range": (given) => {
		const { start, length } = middleRange(given.file.size);
		const part = step(`pread(${counted(length, "byte")} at ${start})`, "read", {
			keys: [given.file.key],
			bytesDown: length,
		});
		return {
			steps: inFile(given, part, "O_RDONLY"),
			outcome: "A file is read from any position, as little as one likes.",
		};
	},
	overwrite: (given) => ({
		steps: inFile(
			given,
			step(`pwrite(1 byte at ${Math.floor(given.file.size / 2)})`, "write", {
				keys: [given.file.key],
				bytesUp: 1,
				note: "The file system writes the block that holds the byte, often 4 KiB.",
			}),
			"O_WRONLY",
		),
		outcome: "The byte changes in place; the rest of the file is not touched.",
	}),
	append: (given) => ({
		steps: inFile(
			given,
			step("write(1024 bytes)", "write", { keys: [given.file.key], bytesUp: 1024 }),
			"O_WRONLY | O_APPEND",
		),
		outcome: "The file grows; what was there is not touched.",
	}),
	"rename-folder": (given) => ({
		steps: [
			step(`rename("${given.folder || "."}", "${given.newFolder}")`, "rename", { folders: [given.folder] }),
		],
		outcome: `One name in the folder above changes, at once or not at all. ${filesStay(given.inside.length)}`,
	}),
	"delete-folder": (given) => {
		const folders = subfolders(given);
		return {
			steps: [
				readdir(given, folders),
				step("unlink(each file)", "delete", {
					times: given.inside.length,
					keys: given.inside.map((item) => item.key),
				}),
				step("rmdir(each folder, innermost first)", "delete", { times: folders.length, folders }),
			],
			outcome: "A folder can be removed only when it is empty, so every file goes first.",
		};
	},
	"two-writers": (given) => {
		const keys = [given.file.key];
		return {
			steps: [
				step("A and B: open()", "open", { times: 2, atOnce: 2, keys }),
				step("A and B: pwrite(1 byte)", "write", { times: 2, atOnce: 2, keys, bytesUp: 2 }),
				step("A and B: close()", "open", { times: 2, atOnce: 2, keys }),
			],
			outcome:
				"Both changes remain, because each wrote only its own byte. Had both written the same bytes, the later " +
				"call would have won, and a reader between them would have seen a mixture. Locks exist, for programs that ask.",
		};
	},
};

function filesStay(count: number): string {
	return count === 1 ? "The file stays where it is." : `The ${count} files stay where they are.`;
}

export function fileSide(given: StorageCase): SideSteps {
	return plans[given.operation](given);
}
