/** How an input is known again by a call that goes on, and how a change of it is noticed. */
import { createHash } from "node:crypto";
import { readdir, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { ChunkwiseError } from "../lib/errors.ts";
import { isUrl, splitPath } from "./target.ts";

/**
 * What tells an input that has changed: of files here, their sizes and times; of what is elsewhere, its size or its
 * metadata.
 */
export async function inputIdentity(path: string, documents: unknown): Promise<string> {
	const hash = createHash("sha256").update(JSON.stringify(documents));
	const { outer, inner } = await splitPath(path);
	if (!isUrl(path)) {
		const found = await stat(outer);
		if (found.isDirectory()) await addFiles(join(outer, inner), outer);
		else hash.update(`${found.size} ${found.mtimeMs}`);
	}
	return hash.digest("hex");

	async function addFiles(folder: string, from: string): Promise<void> {
		const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
		entries.sort((a, b) => (a.name < b.name ? -1 : 1));
		for (const entry of entries) {
			// What file managers and synchronisation leave is no part of an image.
			if (entry.name.startsWith(".") && !/^\.z(array|attrs|group|metadata)$/.test(entry.name)) continue;
			const at = join(folder, entry.name);
			if (entry.isDirectory()) await addFiles(at, from);
			else {
				const { size, mtimeMs } = await stat(at);
				hash.update(`${relative(from, at)} ${size} ${mtimeMs}\n`);
			}
		}
	}
}

export function inputChanged(path: string): ChunkwiseError {
	return new ChunkwiseError("input-changed", "The input changed, or went away, while it was converted.", {
		where: path,
		remedy: "What was made of it has been removed. Give the same call when the input is complete.",
	});
}
