/** A result gets its name when it is whole; until then it stands beside it, where the next run finds it. */
import { appendFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Journal } from "../lib/download/journal.ts";
import { ChunkwiseError } from "../lib/errors.ts";

export interface Unfinished {
	/** Where the result is built: a file or a folder that does not exist yet. */
	data: string;
	journal: string;
	/** An earlier run left something. */
	resumed: boolean;
	/** Takes it away, where there was nothing to begin with. */
	discard(): Promise<void>;
	/** Makes room again after {@link discard}. */
	renew(): Promise<void>;
	/** Gives the result its name. */
	finish(): Promise<void>;
}

/**
 * `OUT.unfinished`, from an earlier run or new.
 * @throws ChunkwiseError out-exists, out-not-ours
 */
export async function openUnfinished(out: string, overwrite: boolean): Promise<Unfinished> {
	const place = resolve(out);
	await checkRoom(place, out, overwrite);
	const folder = `${place}.unfinished`;
	if (overwrite) await rm(folder, { recursive: true, force: true });
	const resumed = await exists(folder);
	await mkdir(folder, { recursive: true });
	const data = join(folder, "data");
	return {
		data,
		journal: join(folder, "journal.jsonl"),
		resumed,
		discard: () => rm(folder, { recursive: true, force: true }),
		renew: async () => {
			await mkdir(folder, { recursive: true });
		},
		async finish() {
			// Looked at again: the work took its time.
			await checkRoom(place, out, overwrite);
			const former = join(folder, "former");
			const replaced = await exists(place);
			if (replaced) await rename(place, former);
			try {
				await rename(data, place);
			} catch (error) {
				if (replaced) await rename(former, place);
				throw error;
			}
			await rm(folder, { recursive: true, force: true });
		},
	};
}

export function exists(path: string): Promise<boolean> {
	return stat(path).then(
		() => true,
		(error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT") return false;
			throw error;
		},
	);
}

async function checkRoom(place: string, out: string, overwrite: boolean): Promise<void> {
	const found = await stat(place).catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw error;
	});
	if (!found) {
		// "a/b" where a is a file, or a name that cannot be made, fails here and not after the work.
		await mkdir(dirname(place), { recursive: true });
		return;
	}
	if (!overwrite) {
		throw new ChunkwiseError("out-exists", "There is something at the place of the result already.", {
			where: out,
			remedy: "Choose another name, or replace it with --overwrite.",
		});
	}
	// A wrong path must not cost a folder of photographs: only what looks like a result is replaced.
	if (found.isFile()) return;
	const names = await readdir(place);
	const ours = ["zarr.json", ".zgroup", ".zarray", ".zattrs", "attributes.json"];
	if (names.length === 0 || names.some((name) => ours.includes(name))) return;
	throw new ChunkwiseError("out-not-zarr", "What is at the place of the result is no Zarr or N5 folder.", {
		where: out,
		remedy: "--overwrite replaces files, Zarr and N5 folders: choose another name, or remove it yourself.",
	});
}

/** A journal in a file, a line an entry. */
export function fileJournal(path: string): Journal {
	let writing: Promise<void> = Promise.resolve();
	return {
		async read() {
			const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
				if (error.code === "ENOENT") return "";
				throw error;
			});
			// A run that was killed may have left half a line, which the next one must not go on with.
			if (text !== "" && !text.endsWith("\n")) await appendFile(path, "\n");
			return text.split("\n").filter(Boolean);
		},
		append(lines) {
			if (lines.length > 0) {
				writing = writing.then(() => appendFile(path, lines.map((line) => `${line}\n`).join("")));
			}
			return writing;
		},
	};
}
