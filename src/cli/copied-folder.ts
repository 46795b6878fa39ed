/** What a copy of a hierarchy is written into: a folder that knows how much it has taken. */
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { chmod, copyFile, mkdir, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FolderStore } from "../lib/stores/node-folder.ts";
import { keyOf, keyParts, type StoreKey } from "../lib/stores/store.ts";

/** A folder that counts what is written into it, and takes files of another folder over. */
export class CopiedFolder extends FolderStore {
	readonly sizes = new Map<string, number>();

	override async set(key: StoreKey, value: Uint8Array): Promise<void> {
		await super.set(key, value);
		this.sizes.set(key.slice(1), value.byteLength);
	}

	/** Counts what an earlier call wrote, too. */
	async countAll(): Promise<void> {
		for await (const { keys } of this.pages()) {
			for (const key of keys) {
				if (!this.sizes.has(key)) this.sizes.set(key, (await this.size(keyOf("", key))) ?? 0);
			}
		}
	}

	/** Bytes below a path but for metadata documents. */
	chunks(path: string): number {
		const start = path === "" ? "" : `${path}/`;
		let sum = 0;
		for (const [key, size] of this.sizes) {
			if (key.startsWith(start) && !/(^|\/)(zarr\.json|\.z(array|attrs|group|metadata))$/.test(key))
				sum += size;
		}
		return sum;
	}

	/**
	 * Copies files of another folder into this one: beside their place first, like all that is written.
	 * @returns what does it, and says false where the file system fails: reading and writing tell why
	 */
	copying(source: FolderStore): (from: StoreKey, to: StoreKey) => Promise<boolean> {
		const made = new Set<string>();
		return async (from, to) => {
			const place = join(this.path, ...keyParts(to));
			const folder = dirname(place);
			const part = join(folder, `.cw-${randomUUID()}.part`);
			try {
				if (!made.has(folder)) await mkdir(folder, { recursive: true });
				made.add(folder);
				await copyFile(join(source.path, ...keyParts(from)), part, constants.COPYFILE_FICLONE);
				const { size, mode } = await stat(part);
				// A file that may not be written in the source may be so here.
				if (!(mode & 0o200)) await chmod(part, mode | 0o200);
				await rename(part, place);
				this.sizes.set(to.slice(1), size);
				return true;
			} catch {
				await rm(part, { force: true }).catch(() => {});
				return false;
			}
		};
	}
}
