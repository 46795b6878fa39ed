/** Values of a hierarchy copied to where it is converted to, its chunks under the keys that they will have there. */
import { ChunkwiseError } from "../errors.ts";
import { forEachInFlight } from "../parallel/in-flight.ts";
import { progressOf } from "../progress.ts";
import { listKeys, removeBelow } from "../stores/list.ts";
import { documentNames } from "../stores/metadata-keys.ts";
import { sourceChanged } from "../stores/source-changed.ts";
import { normalizePath, type ReadableStore, type WritableStore } from "../stores/store.ts";
import { type ArrayMetadata, encodeChunkKey, type Json } from "./array-metadata.ts";
import type { ConvertZarrOptions } from "./convert-metadata-store.ts";

export type Encoding = ArrayMetadata["keyEncoding"];

/** What a node is to be. */
export interface Planned {
	/** Of the node, from the root of the source. */
	path: string;
	documents: [name: string, document: Json][];
	keys?: { from: Encoding; to: Encoding; dims: number };
}

/** Values on their way at one time. */
const atOnce = 8;

/** Of both versions of Zarr. */
export const zarrDocuments: readonly string[] = [...documentNames[2], ...documentNames[3]];

export interface Place {
	store: WritableStore;
	/** Path there of a node of the source. */
	at(path: string): string;
	copied: number;
	renamed: number;
	kept: number;
}

/** Copies all values but metadata documents, chunks under the keys that they will have. */
export async function copyInto(
	source: ReadableStore,
	store: WritableStore,
	root: string,
	options: ConvertZarrOptions,
	planned: readonly Planned[],
): Promise<Place> {
	const to = normalizePath(options.targetPath ?? "");
	const at = (path: string) => normalizePath(`${to}/${path.slice(root.length)}`);
	const keys = (await listKeys(source, root === "" ? "" : `${root}/`)).filter(
		(key) => !zarrDocuments.includes(key.split("/").at(-1) ?? ""),
	);
	if (!options.resume) await makeRoom(store, to, options.overwrite ?? false);
	const there = new Set(options.resume ? await listKeys(store, to === "" ? "" : `${to}/`) : []);
	const arrays = new Map(planned.flatMap((node) => (node.keys ? [[node.path, node.keys] as const] : [])));
	const report = progressOf(options);
	const label = "Copying chunks";
	let renamed = 0;
	let kept = 0;
	let done = 0;
	report({ label, done, total: keys.length, unit: "chunks" });
	const copy = async (key: string) => {
		const name = renamedKey(key, arrays);
		if (name !== key) renamed++;
		const place = at(name);
		if (there.has(place)) kept++;
		else if (!(await options.copyValue?.(`/${key}`, `/${place}`))) {
			const value = await source.get(`/${key}`, { signal: options.signal });
			if (!value) throw sourceChanged(key);
			await store.set(`/${place}`, value);
		}
		report({ label, done: ++done, total: keys.length, unit: "chunks" });
	};
	await forEachInFlight(keys, atOnce, copy, options.signal);
	return { store, at, copied: keys.length - kept, renamed, kept };
}

async function makeRoom(store: WritableStore, path: string, overwrite: boolean): Promise<void> {
	if (overwrite) return removeBelow(store, path);
	const there = await listKeys(store, path === "" ? "" : `${path}/`);
	if (there.length === 0) return;
	throw new ChunkwiseError("store-not-empty", `Something is here already: ${there.slice(0, 4).join(", ")}.`, {
		where: path || "/",
		remedy: "Convert into an empty store or another path, or pass { overwrite: true } to replace it.",
	});
}

/** The key that a chunk of one of the arrays will have; any other key as it is. */
function renamedKey(key: string, arrays: ReadonlyMap<string, NonNullable<Planned["keys"]>>): string {
	const parts = key.split("/");
	for (let length = parts.length - 1; length >= 0; length--) {
		const keys = arrays.get(parts.slice(0, length).join("/"));
		if (!keys) continue;
		const index = chunkIndex(parts.slice(length).join("/"), keys);
		return index ? [...parts.slice(0, length), encodeChunkKey(keys.to, index)].join("/") : key;
	}
	return key;
}

function chunkIndex(name: string, { from, dims }: NonNullable<Planned["keys"]>): number[] | undefined {
	const parts = name.split(from.separator);
	if (from.name === "default" && parts.shift() !== "c") return undefined;
	if (from.name === "v2" && dims === 0) return name === "0" ? [] : undefined;
	return parts.length === dims && parts.every((part) => /^\d+$/.test(part)) ? parts.map(Number) : undefined;
}
