/** Operations on files and folders: each is what a program would do, call by call, on a real volume. */
import { counted } from "./figure.ts";
import { FileWork } from "./storage-file-work.ts";
import { middleRange, type StorageCase, type StorageStep } from "./storage-model.ts";
import { called } from "./storage-record.ts";
import { type Volume, VolumeError } from "./storage-volume.ts";

/** What one side did, without what is stored. */
export interface SideSteps {
	steps: StorageStep[];
	outcome: string;
	refused?: string;
}

type Told = Omit<SideSteps, "steps">;

const operations: Record<StorageCase["operation"], (work: FileWork) => Told> = {
	"list-folder": (work) => {
		const { folder } = work.given;
		work.readdir(work.step(`readdir("${folder || "."}")`, "list"), folder);
		return {
			outcome:
				"A folder is a thing of its own: it holds a list of the names in it, and one call returns the list.",
		};
	},
	"list-all": (work) => {
		const { folders } = work.walk();
		return {
			outcome: `A program walks the tree: one call for each of ${counted(folders.length, "folder")}.`,
		};
	},
	read: (work) => {
		const { file } = work.given;
		const { size } = work.volume.stat(file);
		work.inFile("O_RDONLY", {}, (number) =>
			work.pread(work.step("read to the end", "read", { keys: [file] }), number, size, 0),
		);
		return { outcome: "Open, read to the end, close." };
	},
	"read-range": (work) => {
		const { file } = work.given;
		const { start, length } = middleRange(work.volume.stat(file).size);
		work.inFile("O_RDONLY", {}, (number) =>
			work.pread(
				work.step(`pread(${length} bytes, at ${start})`, "read", { keys: [file] }),
				number,
				length,
				start,
			),
		);
		return { outcome: "A file is read from any position, as little as one likes." };
	},
	overwrite: (work) => {
		const { file } = work.given;
		const at = middleRange(work.volume.stat(file).size).start;
		work.inFile("O_RDWR", {}, (number) =>
			work.pwrite(
				work.step(`pwrite(1 byte, at ${at})`, "write", {
					keys: [file],
					note: "The file system writes the block that holds the byte, 4 KiB.",
				}),
				number,
				Uint8Array.of(work.given.bytes[0]),
				at,
			),
		);
		return { outcome: "The byte changes in place; the rest of the file is not touched." };
	},
	append: (work) => {
		const { file } = work.given;
		work.inFile("O_WRONLY | O_APPEND", { append: true }, (number) =>
			work.writeAll(work.step("write(1024 bytes)", "write", { keys: [file] }), number, appended()),
		);
		return { outcome: "The file grows; what was there is not touched." };
	},
	"two-writers": twoWriters,
	"copy-folder": copyFolder,
	"rename-folder": (work) => {
		const { folder, newFolder } = work.given;
		const into = work.step(`rename("${folder || "."}", "${newFolder}")`, "rename", { folders: [folder] });
		called(into, into.call, () => ({ value: work.volume.rename(folder, newFolder), answer: 0 }));
		return {
			outcome: "One name in the folder above changes, at once or not at all. The files stay where they are.",
		};
	},
	"delete-folder": (work) => {
		const { folder } = work.given;
		const first = work.step(`rmdir("${folder || "."}")`, "refused", { attempt: true, folders: [folder] });
		refusal(() => called(first, first.call, () => ({ value: work.volume.rmdir(folder), answer: 0 })));
		const { folders, files } = work.walk();
		const unlinks = work.step("unlink(each file)", "delete", { keys: files });
		for (const file of files) {
			called(unlinks, `unlink("${file}")`, () => ({ value: work.volume.unlink(file), answer: 0 }));
		}
		const inner = folders.filter((path) => path !== "").reverse();
		const rmdirs = work.step("rmdir(each folder, innermost first)", "delete", { folders: inner });
		for (const path of inner) {
			called(rmdirs, `rmdir("${path}")`, () => ({ value: work.volume.rmdir(path), answer: 0 }));
		}
		return {
			refused: "Removing a folder that is not empty: ENOTEMPTY.",
			outcome: "Every file goes first, then every folder. Their blocks are free again.",
		};
	},
	"add-capacity": (work) => {
		const before = work.volume.capacity;
		const into = work.step(`resize the volume to ${2 * (before / 2 ** 20)} MiB`, "write");
		called(into, `grow(${before} bytes)`, () => ({ value: work.volume.grow(before), answer: 0 }));
		return {
			outcome:
				"A volume has a size, which somebody has to foresee. It was doubled: files stay where they are, and all of " +
				"it is paid for from now on, used or not.",
		};
	},
};

function twoWriters(work: FileWork): Told {
	const { file } = work.given;
	const { start } = middleRange(work.volume.stat(file).size);
	const keys = [file];
	const opens = work.step("A and B: open()", "open", { atOnce: 2, keys });
	const numbers = [0, 1].map(() => work.open(opens, file, "O_RDWR"));
	const writes = work.step("A and B: pwrite(1 byte)", "write", { atOnce: 2, keys });
	numbers.forEach((number, i) => {
		work.pwrite(writes, number, Uint8Array.of(work.given.bytes[i]), start + i);
	});
	const closes = work.step("A and B: close()", "open", { atOnce: 2, keys });
	for (const number of numbers) work.close(closes, number);
	const number = work.volume.open(file);
	const kept = work.volume.pread(number, 2, start).every((byte, i) => byte === work.given.bytes[i]);
	work.volume.close(number);
	return {
		outcome: kept
			? "Both changes are there, because each wrote only its own byte. Had both written the same bytes, the later " +
				"call would have won, and a reader between them could have seen a mixture. Locks exist, for programs that ask."
			: "One of the changes is lost.",
	};
}

function copyFolder(work: FileWork): Told {
	const { folder, newFolder } = work.given;
	const { folders, files } = work.walk();
	const moved = (path: string) =>
		folder === "" ? `${newFolder}/${path}`.replace(/\/$/, "") : newFolder + path.slice(folder.length);
	const mkdirs = work.step("mkdir(each folder)", "write", { folders: folders.map(moved) });
	const opens = work.step("open(each file, and its copy)", "open");
	const reads = work.step("read(each file)", "read");
	const writes = work.step("write(each copy)", "write");
	const closes = work.step("close(each)", "open");
	let done = 0;
	try {
		for (const path of folders) {
			const target = moved(path);
			called(mkdirs, `mkdir("${target}")`, () => ({ value: work.volume.mkdir(target), answer: 0 }));
		}
		for (const file of files) {
			const from = work.open(opens, file, "O_RDONLY");
			reads.keys.push(file);
			const bytes = work.pread(reads, from, work.volume.stat(file).size, 0);
			work.close(closes, from);
			const to = work.open(opens, moved(file), "O_WRONLY | O_CREAT", { create: true });
			writes.keys.push(moved(file));
			try {
				work.writeAll(writes, to, bytes);
			} finally {
				work.close(closes, to);
			}
			done++;
		}
	} catch (error) {
		if (!(error instanceof VolumeError) || error.errno !== "ENOSPC") throw error;
		return {
			refused: "No space left on device: ENOSPC. The volume is full.",
			outcome:
				`The copy stopped after ${done} of ${counted(files.length, "file")}, and what was written stays. Somebody ` +
				"has to delete something or add capacity.",
		};
	}
	return { outcome: "A program reads each file and writes it again, into other blocks." };
}

/** What a call is refused with; nothing where it is done. */
function refusal(act: () => void): VolumeError | undefined {
	try {
		act();
	} catch (error) {
		if (error instanceof VolumeError) return error;
		throw error;
	}
	return undefined;
}

/** What is added to the end of a file. */
export function appended(): Uint8Array {
	return new Uint8Array(1024).fill(0x2b);
}

/** Performs an operation on a volume. */
export function fileSide(volume: Volume, given: StorageCase): SideSteps {
	const work = new FileWork(volume, given);
	let told: Told | undefined;
	const error = refusal(() => {
		told = operations[given.operation](work);
	});
	const steps = work.steps.filter(({ exchanges }) => exchanges.length > 0);
	if (told) return { steps, ...told };
	return {
		steps,
		refused: `The file system answered ${error?.errno}.`,
		outcome: "The operation stopped there.",
	};
}
