/**
 * The place of a conversion's result. What is being written stands in a folder beside it, `OUT.unfinished`, with the
 * journal that lets a call go on where one before it was killed; the result gets its name when it is whole.
 */
import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Writable } from "node:stream";
import { ChunkwiseError } from "../lib/errors.ts";
import type { LongTask } from "../lib/progress.ts";
import { type FolderStore, folderStore } from "../lib/stores/node-folder.ts";
import { writeZipTo } from "../lib/stores/zip-write.ts";
import { exists, isAlive, isStore, isZip, makeMark } from "./place-files.ts";

export function isZipName(out: string): boolean {
	return /\.(zip|ozx)$/i.test(out);
}

/** Folders that conversions of this process write into: its own number says nothing of them. */
const held = new Set<string>();

export class ConversionPlace {
	readonly out: string;
	/** Where the result will be. */
	readonly place: string;
	/** The folder of what is unfinished. */
	readonly folder: string;
	/** Where the journal is kept. */
	readonly work: FolderStore;
	/** Where the image is written. */
	readonly image: FolderStore;
	readonly #overwrite: boolean;
	readonly #image: string;
	/** What is renamed in the end. */
	readonly #whole: string;
	/** Whether this process writes into it. */
	#claimed = false;

	constructor(out: string, overwrite: boolean) {
		this.out = out;
		this.place = resolve(out);
		this.#overwrite = overwrite;
		this.folder = `${this.place}.unfinished`;
		this.#image = join(this.folder, "image");
		this.#whole = isZipName(out) ? join(this.folder, "image.zip") : this.#image;
		this.work = folderStore(this.folder);
		this.image = folderStore(this.#image);
	}

	/** Whether a call before this one left something to go on with. */
	begun(): Promise<boolean> {
		return exists(this.folder);
	}

	/** In what way a call before this one began, as the identity in its journal says it. */
	async way(): Promise<string | undefined> {
		try {
			const { identity } = JSON.parse(await readFile(join(this.folder, "journal.json"), "utf8"));
			return identity?.way;
		} catch {
			// None, or damaged: who opens it says so.
			return undefined;
		}
	}

	/**
	 * Runs what writes into the folder, claimed. Where it fails, what is unfinished is removed, unless there is something
	 * to go on with: from a call before this one, or since `keep(true)`.
	 */
	async hold<T>(restart: boolean, write: (keep: (kept: boolean) => void) => Promise<T>): Promise<T> {
		let kept = !restart && (await this.begun());
		await this.claim(restart);
		try {
			return await write((now) => {
				kept = now;
			});
		} catch (error) {
			await (kept ? this.release() : this.forget());
			throw error;
		}
	}

	/**
	 * The result of the same call, where it was killed after it had put the result in its place.
	 * @param call what makes two calls the same
	 */
	async finished<T>(call: string): Promise<T | undefined> {
		const note = await readFile(join(this.folder, "result.json"), "utf8").catch(() => undefined);
		if (note === undefined || (await exists(this.#whole)) || !(await exists(this.place))) return undefined;
		const { call: former, result } = JSON.parse(note) as { call: string; result: T };
		if (former !== call) return undefined;
		await this.forget();
		return result;
	}

	/**
	 * Makes sure that the result may be put in its place.
	 * @throws ChunkwiseError out-exists, out-not-zarr
	 */
	async checkRoom(): Promise<void> {
		if (!(await exists(this.place))) return;
		if (!this.#overwrite) {
			// All that a call may leave that is killed at its very end.
			await rmdir(this.folder).catch(() => {});
			throw new ChunkwiseError("out-exists", "There is something at the place of the result already.", {
				where: this.out,
				remedy: "Choose another name, or replace it with --overwrite.",
			});
		}
		// A wrong path must not cost a folder of photographs: only what looks like a result of this command is replaced.
		if (isZipName(this.out) ? await isZip(this.place) : await isStore(this.place)) return;
		throw new ChunkwiseError(
			"out-not-zarr",
			`What is at the place of the result is no ${isZipName(this.out) ? "zip file" : "Zarr or N5 folder"}.`,
			{
				where: this.out,
				remedy:
					"--overwrite replaces results of this command only: choose another name, or remove it yourself.",
			},
		);
	}

	/**
	 * Makes the folder, and says that this process writes into it.
	 * @param restart forget what a call before this one left there
	 * @throws ChunkwiseError in-progress, where another conversion does
	 */
	async claim(restart = false): Promise<void> {
		const lock = join(this.folder, "process");
		for (let tries = 0; ; tries++) {
			await this.#makeFolder();
			if (await makeMark(lock, String(process.pid))) break;
			const text = await readFile(lock, "utf8").catch(() => undefined);
			// Gone again; or its writer is between making it and filling it.
			if (text === undefined || (text === "" && tries < 10)) {
				await new Promise((next) => setTimeout(next, 20));
				continue;
			}
			this.#checkOwner(Number(text));
			await this.#takeAway(lock, text);
		}
		held.add(this.folder);
		this.#claimed = true;
		// Without a journal there is nothing to go on with, and what is there may be of another kind.
		if (restart || !(await exists(join(this.folder, "journal.json")))) await this.#clear(["process"]);
		// What a killed call was just writing is no part of the result.
		await this.image.removeUnfinished();
	}

	/** @throws ChunkwiseError storage-denied */
	async #makeFolder(): Promise<void> {
		const parent = dirname(this.folder);
		try {
			// Made in two steps: of a disk that is read-only the recursive call says that there is no such folder.
			if (!(await exists(parent))) await mkdir(parent, { recursive: true });
			await mkdir(this.folder);
		} catch (error) {
			const { code = "" } = error as NodeJS.ErrnoException;
			if (code === "EEXIST") return;
			if (!["EACCES", "EPERM", "EROFS"].includes(code)) throw error;
			throw new ChunkwiseError("storage-denied", "This folder may not be written into.", {
				where: parent,
				remedy: "Check its permissions, or choose another folder for the result.",
				cause: error,
			});
		}
	}

	/** @throws ChunkwiseError in-progress */
	#checkOwner(owner: number): void {
		const busy = owner === process.pid ? held.has(this.folder) : owner > 0 && isAlive(owner);
		if (!busy) return;
		throw new ChunkwiseError("in-progress", `Process ${owner} is writing this result.`, {
			where: this.out,
			remedy: `Wait for it. If it is another program by now, remove ${this.out}.unfinished/process and call again.`,
		});
	}

	/** Takes the mark of a killed process away. Of several that do so at one time, one alone gets hold of it. */
	async #takeAway(lock: string, text: string): Promise<void> {
		const taken = `${lock}.${randomUUID()}`;
		try {
			await rename(lock, taken);
		} catch (error) {
			if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
			throw error;
		}
		const found = await readFile(taken, "utf8");
		if (found === text) return rm(taken, { force: true });
		// Another process was quicker, and this is its mark.
		await rename(taken, lock);
		this.#checkOwner(Number(found));
	}

	/** Gives the folder free for a later call that goes on, where it is this process's. */
	async release(): Promise<void> {
		if (this.#claimed) await this.#unmark();
	}

	async #unmark(): Promise<void> {
		this.#claimed = false;
		await rm(join(this.folder, "process"), { force: true });
		held.delete(this.folder);
	}

	/**
	 * Removes what is unfinished. The note that the result is in its place goes last: where this is killed, the same call
	 * still finds it.
	 */
	async forget(): Promise<void> {
		await this.#clear(["result.json", "process"]);
		await this.#unmark();
		await rm(join(this.folder, "result.json"), { force: true });
		// Another call may have begun there.
		await rmdir(this.folder).catch(() => {});
	}

	async #clear(but: readonly string[]): Promise<void> {
		for (const name of await readdir(this.folder).catch(() => [])) {
			if (!but.includes(name)) await rm(join(this.folder, name), { recursive: true, force: true });
		}
	}

	/** Puts the image, which is whole, in its place: as a folder, or as one zip file. */
	async finish(call: string, result: unknown, task: LongTask): Promise<void> {
		const whole = this.#whole;
		if (isZipName(this.out)) {
			const file = Writable.toWeb(createWriteStream(whole)) as WritableStream<Uint8Array>;
			await writeZipTo(this.image, file, task);
			await rm(join(this.folder, "former"), { recursive: true, force: true });
		}
		await mkdir(dirname(this.place), { recursive: true });
		await writeFile(join(this.folder, "result.json"), JSON.stringify({ call, result }));
		// Looked at again: writing took its time.
		await this.checkRoom();
		const former = join(this.folder, "former");
		if (await exists(this.place)) {
			await rm(former, { recursive: true, force: true });
			await rename(this.place, former);
			await rename(whole, this.place).catch(async (error) => {
				await rename(former, this.place);
				throw error;
			});
		} else await rename(whole, this.place);
		await this.forget();
	}
}
