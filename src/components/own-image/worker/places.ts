/** Where results are: in the browser's private files, or in a folder that the reader picked. */
import { ChunkwiseError } from "../../../lib/errors.ts";
import { directoryStore } from "../../../lib/stores/directory.ts";
import { opfsStore, removeOpfsStore } from "../../../lib/stores/opfs.ts";
import type { WritableStore } from "../../../lib/stores/store.ts";
import { encodeJson } from "../../../lib/zarr/metadata.ts";
import type { ConversionRequest, KeptConversion } from "../messages.ts";

/** Folders of the origin private file system; there is one conversion at a time. */
export const places = { result: "own-image/result", work: "own-image/work", zip: "own-image/zip" } as const;
const keptKey = "/request.json";

/** The journal, and what was asked for. */
export function workStore(): Promise<WritableStore> {
	return opfsStore(places.work);
}

/**
 * The store of a result.
 * @param create whether a folder is made for it where there is none
 * @throws ChunkwiseError folder-needed, where it is in a folder that the reader has to pick again
 */
export async function resultStore(
	request: Pick<ConversionRequest, "folder" | "name">,
	folder: FileSystemDirectoryHandle | undefined,
	create: boolean,
): Promise<WritableStore> {
	if (request.folder === undefined) return opfsStore(places.result);
	if (!folder) {
		throw new ChunkwiseError("folder-needed", `The result is in the folder “${request.folder}”.`, {
			remedy: "Pick that folder again: a browser lets a page into a folder until the page is closed.",
		});
	}
	return directoryStore(await folder.getDirectoryHandle(folderName(request.name), { create }), {
		mode: "readwrite",
	});
}

/** Name of a result's folder. */
export function folderName(name: string): string {
	return `${name}.ome.zarr`;
}

export async function readKept(): Promise<KeptConversion | undefined> {
	const store = await opfsStore(places.work, { create: false }).catch((error: ChunkwiseError) => {
		if (error.code === "store-absent" || error.code === "store-evicted") return undefined;
		throw error;
	});
	const bytes = await store?.get(keptKey);
	return bytes && (JSON.parse(new TextDecoder().decode(bytes)) as KeptConversion);
}

export async function writeKept(kept: KeptConversion): Promise<void> {
	await (await workStore()).set(keptKey, encodeJson(kept));
}

/** Removes a result and its journal. */
export async function removeAll(folder?: FileSystemDirectoryHandle): Promise<void> {
	const kept = await readKept().catch(() => undefined);
	if (kept?.folder !== undefined && !kept.report) {
		// What is half written in the reader's own folder was made here, under a name of its own.
		await folder?.removeEntry(folderName(kept.name), { recursive: true }).catch(() => {});
	}
	await removeOpfsStore(places.result);
	await removeOpfsStore(places.zip);
	await removeOpfsStore(places.work);
}
