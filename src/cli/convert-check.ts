/** Whether an input is still what it was when it was opened. */
import { stat } from "node:fs/promises";
import { ChunkwiseError } from "../lib/errors.ts";
import { keyOf, type ReadableStore } from "../lib/stores/store.ts";
import { isUrl, splitPath } from "./target.ts";

/** @throws ChunkwiseError input-changed */
export type InputCheck = (signal?: AbortSignal) => Promise<void>;

/** A file of this machine has its size and time; a server's answers are held against each other as they come. */
export function fileCheck(path: string): InputCheck {
	if (isUrl(path)) return async () => {};
	const look = async () => {
		const { outer } = await splitPath(path);
		const { size, mtimeMs } = await stat(outer);
		return `${size} ${mtimeMs}`;
	};
	const before = look();
	before.catch(() => {});
	return async () => {
		const known = await before;
		if ((await look().catch(() => undefined)) !== known) throw changed(path);
	};
}

const documentNames = ["zarr.json", ".zarray", "attributes.json"];

/**
 * The metadata of its finest level must be there as it was: where that goes, chunks go too, and would be zeros.
 * @param root path of that level
 * @param opening ends the first look
 */
export async function storeCheck(
	store: ReadableStore,
	root = "",
	opening?: AbortSignal,
): Promise<InputCheck> {
	for (const name of documentNames) {
		const key = keyOf(root, name);
		const before = await store.get(key, { signal: opening });
		if (!before) continue;
		return async (signal) => {
			const now = await store.get(key, { signal });
			if (!now || now.length !== before.length || now.some((byte, i) => byte !== before[i])) {
				throw changed(key.slice(1));
			}
		};
	}
	return async () => {};
}

function changed(where: string): ChunkwiseError {
	return new ChunkwiseError(
		"input-changed",
		"The input has changed, or is gone, since the conversion began.",
		{
			where,
			remedy: "Bring it back as it was and give the same call, or begin anew with --restart.",
		},
	);
}
