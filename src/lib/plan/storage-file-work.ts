/** Calls on a volume, one by one, as a program makes them in the course of one operation; each is written down. */
import { counted } from "./figure.ts";
import type { StorageCase, StorageEffect, StorageStep } from "./storage-model.ts";
import { called, type StepRest, step } from "./storage-record.ts";
import { entryBytes, type OpenFlags, type Volume } from "./storage-volume.ts";

/** One operation under way: the volume, and the steps so far. */
export class FileWork {
	readonly steps: StorageStep[] = [];
	readonly volume: Volume;
	readonly given: StorageCase;

	constructor(volume: Volume, given: StorageCase) {
		this.volume = volume;
		this.given = given;
	}

	step(call: string, effect: StorageEffect, rest: StepRest = {}): StorageStep {
		const made = step(call, effect, rest);
		this.steps.push(made);
		return made;
	}

	readdir(into: StorageStep, path: string) {
		into.folders.push(path);
		return called(into, `readdir("${path || "."}")`, () => {
			const names = this.volume.readdir(path);
			const bytesDown = names.reduce((sum, { name }) => sum + entryBytes(name), 0);
			return { value: names, answer: counted(names.length, "name"), bytesDown };
		});
	}

	/** The folder and all below it, folders outermost first. */
	walk(): { folders: string[]; files: string[] } {
		const { folder } = this.given;
		const into = this.step("readdir(each folder)", "list");
		const folders: string[] = [];
		const files: string[] = [];
		const visit = (path: string) => {
			folders.push(path);
			for (const { name, isFolder } of this.readdir(into, path)) {
				const inner = path === "" ? name : `${path}/${name}`;
				if (isFolder) visit(inner);
				else files.push(inner);
			}
		};
		visit(folder);
		if (folders.length === 1) into.call = into.exchanges[0].call;
		return { folders, files };
	}

	open(into: StorageStep, path: string, flags: string, how: OpenFlags = {}): number {
		return called(into, `open("${path}", ${flags})`, () => {
			const value = this.volume.open(path, how);
			return { value, answer: value };
		});
	}

	close(into: StorageStep, number: number): void {
		called(into, `close(${number})`, () => ({ value: this.volume.close(number), answer: 0 }));
	}

	pread(into: StorageStep, number: number, length: number, at: number): Uint8Array {
		return called(into, `pread(${number}, ${length} bytes, at ${at})`, () => {
			const value = this.volume.pread(number, length, at);
			return { value, answer: value.length, bytesDown: value.length };
		});
	}

	pwrite(into: StorageStep, number: number, bytes: Uint8Array, at: number): void {
		called(into, `pwrite(${number}, ${counted(bytes.length, "byte")}, at ${at})`, () => {
			const value = this.volume.pwrite(number, bytes, at);
			return { value, answer: value, bytesUp: value };
		});
	}

	/** Writes all, in as many calls as it takes. @throws VolumeError ENOSPC */
	writeAll(into: StorageStep, number: number, bytes: Uint8Array): void {
		for (let done = 0; done < bytes.length; ) {
			const rest = bytes.subarray(done);
			done += called(into, `write(${number}, ${rest.length} bytes)`, () => {
				const value = this.volume.write(number, rest);
				return { value, answer: value, bytesUp: value };
			});
		}
	}

	/** Opens the file, does something with it and closes it. */
	inFile(flags: string, how: OpenFlags, act: (number: number) => void): void {
		const { file } = this.given;
		const number = this.open(this.step(`open("${file}")`, "open", { keys: [file] }), file, flags, how);
		act(number);
		this.close(this.step(`close(${number})`, "open", { keys: [file] }), number);
	}
}
