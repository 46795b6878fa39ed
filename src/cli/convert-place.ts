/**
 * The place of a conversion's result. What is being written stands in a folder beside it, `OUT.unfinished`, with the
 * journal that lets a call go on where one before it was killed; the result gets its name when it is whole.
 */
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { Writable } from "node:stream";
import { ChunkwiseError } from "../lib/errors.ts";
import type { LongTask } from "../lib/progress.ts";
import { type FolderStore, folderStore } from "../lib/stores/node-folder.ts";
import { writeZipTo } from "../lib/stores/zip-write.ts";

export function isZipName(out: string): boolean {
	return /\.(zip|ozx)$/i.test(out);
}

const exists = (place: string) =>
	stat(place).then(
		() => true,
		(error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
			throw error;
		},
	);

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

	constructor(out: string, overwrite: boolean) {
		this.out = out;
		this.place = resolve(out);
		this.#overwrite = overwrite;
		this.folder = `${this.place}.unfinished`;
		this.#image = join(this.folder, "image");
		this.work = folderStore(this.folder);
		this.image = folderStore(this.#image);
	}

	/** Whether a call before this one left something to go on with. */
	begun(): Promise<boolean> {
		return exists(this.folder);
	}

	/**
	 * The result of the same call, where it was killed after it had put the result in its place.
	 * @param call what makes two calls the same
	 */
	async finished<T>(call: string): Promise<T | undefined> {
		const note = await readFile(join(this.folder, "result.json"), "utf8").catch(() => undefined);
		if (note === undefined || (await exists(this.#image)) || !(await exists(this.place))) return undefined;
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
	 * @throws ChunkwiseError in-progress, where another process does
	 */
	async claim(): Promise<void> {
		await mkdir(this.folder, { recursive: true });
		const lock = join(this.folder, "process");
		const owner = Number(await readFile(lock, "utf8").catch(() => "0"));
		if (owner > 0 && owner !== process.pid && isAlive(owner)) {
			throw new ChunkwiseError("in-progress", `Process ${owner} is writing this result.`, {
				where: this.out,
				remedy: `Wait for it. If it is another program by now, remove ${this.out}.unfinished/process and call again.`,
			});
		}
		await writeFile(lock, String(process.pid));
	}

	/** Gives the folder free for a later call that goes on. */
	async release(): Promise<void> {
		await rm(join(this.folder, "process"), { force: true });
	}

	/** Removes what is unfinished. */
	async forget(): Promise<void> {
		await rm(this.folder, { recursive: true, force: true });
	}

	/** Puts the image, which is whole, in its place: as a folder, or as one zip file. */
	async finish(call: string, result: unknown, task: LongTask): Promise<void> {
		let whole = this.#image;
		if (isZipName(this.out)) {
			whole = join(this.folder, "image.zip");
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

async function isStore(place: string): Promise<boolean> {
	const marks = ["zarr.json", ".zgroup", ".zarray", "attributes.json"];
	const found = await Promise.all(marks.map((name) => exists(join(place, name)).catch(() => false)));
	return found.some(Boolean) || (await readdir(place).catch(() => [""])).length === 0;
}

async function isZip(place: string): Promise<boolean> {
	const file = await open(place, "r");
	try {
		const start = Buffer.alloc(2);
		const { bytesRead } = await file.read(start, 0, 2, 0).catch(() => ({ bytesRead: 0 }));
		return bytesRead === 2 && start.toString("latin1") === "PK";
	} finally {
		await file.close();
	}
}

function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
