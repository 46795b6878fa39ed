/** What a place on this machine is asked: is something there, what does it look like, who writes into it. */
import { randomUUID } from "node:crypto";
import { link, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const exists = (place: string) =>
	stat(place).then(
		() => true,
		(error: NodeJS.ErrnoException) => {
			if (error.code === "ENOENT" || error.code === "ENOTDIR") return false;
			throw error;
		},
	);

/**
 * Makes a file that is never there without its text, unless the file system knows no hard links.
 * @returns false where there is one already
 */
export async function makeMark(place: string, text: string): Promise<boolean> {
	const made = `${place}.${randomUUID()}`;
	const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? "";
	try {
		await writeFile(made, text);
		await link(made, place);
		return true;
	} catch (error) {
		if (codeOf(error) === "EEXIST") return false;
		if (!["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EINVAL"].includes(codeOf(error))) throw error;
		return await writeFile(place, text, { flag: "wx" }).then(
			() => true,
			(again) => {
				if (codeOf(again) === "EEXIST") return false;
				throw again;
			},
		);
	} finally {
		await rm(made, { force: true });
	}
}

export async function isStore(place: string): Promise<boolean> {
	const marks = ["zarr.json", ".zgroup", ".zarray", "attributes.json"];
	const found = await Promise.all(marks.map((name) => exists(join(place, name)).catch(() => false)));
	return found.some(Boolean) || (await readdir(place).catch(() => [""])).length === 0;
}

export async function isZip(place: string): Promise<boolean> {
	const file = await open(place, "r");
	try {
		const start = Buffer.alloc(2);
		const { bytesRead } = await file.read(start, 0, 2, 0).catch(() => ({ bytesRead: 0 }));
		return bytesRead === 2 && start.toString("latin1") === "PK";
	} finally {
		await file.close();
	}
}

export function isAlive(pid: number): boolean {
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return (error as NodeJS.ErrnoException).code === "EPERM";
	}
}
