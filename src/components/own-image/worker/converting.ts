/** A conversion in the worker: begun, or gone on with, into the browser's private files or a picked folder. */
import { convertImages } from "../../../lib/convert/convert.ts";
import { ChunkwiseError, isChunkwiseError } from "../../../lib/errors.ts";
import { formatBytes } from "../../../lib/format.ts";
import { openPool } from "../../../lib/parallel/pool.ts";
import { planConversion } from "../../../lib/plan/conversion-plan.ts";
import { storageState } from "../../../lib/stores/storage.ts";
import type { WritableStore } from "../../../lib/stores/store.ts";
import { methodsOf } from "../../../lib/stores/wrap.ts";
import type { ConversionProgress, ConversionRequest, KeptConversion } from "../messages.ts";
import { sameConversion } from "../same-conversion.ts";
import type { OpenedFile } from "./opened.ts";
import { folderName, readKept, removeAll, resultStore, workStore, writeKept } from "./places.ts";

export interface Running {
	signal: AbortSignal;
	onProgress(progress: ConversionProgress): void;
}

/**
 * @throws ChunkwiseError input-differs, out-exists, storage-full, and what reading, computing and writing throw; the
 *   signal's reason
 */
export async function convert(
	opened: OpenedFile,
	{ request, folder }: { request: ConversionRequest; folder?: FileSystemDirectoryHandle },
	{ signal, onProgress }: Running,
): Promise<KeptConversion> {
	const { choice, chosen, name } = request;
	const before = await readKept();
	const goesOn = before !== undefined && !before.report && sameConversion(before, request);
	checkFile(opened.file, request);
	if (!goesOn) {
		// Before anything is removed for it.
		if (folder) await checkEmpty(folder, name);
		await removeAll(folder);
	} else if (folder) await checkBegun(folder, name);
	const started = performance.now();
	const { source, channels } = opened.source(chosen);
	const { bytes } = planConversion(source, choice);
	const spent = goesOn ? before.milliseconds : 0;
	const id = goesOn && before.id !== undefined ? before.id : crypto.randomUUID();
	const kept: KeptConversion = { ...request, id, bytes, milliseconds: spent };
	await writeKept(kept);

	let written = 0;
	const store = counting(await resultStore(request, folder, true), (size) => {
		written += size;
	});
	const pool = await openPool({ signal });
	let first: number | undefined;
	try {
		const report = await convertImages(
			[
				{
					path: "",
					name,
					levels: [source],
					coarser: { factors: choice.factors, method: choice.method },
					chunks: choice.chunks,
					shards:
						choice.shards && Object.fromEntries(source.dims.map((dim, i) => [dim, choice.shards?.[i] ?? 1])),
					channels,
				},
			],
			store,
			{
				format: choice.format,
				codec: choice.codec,
				pool,
				memory: memoryHere(),
				work: await workStore(),
				identity: { input: request.file, chosen },
				signal,
				onProgress({ done, total = done }) {
					first ??= done;
					const milliseconds = performance.now() - started;
					onProgress({ chunks: done, total, before: first, written, milliseconds });
				},
			},
		);
		const whole = { ...kept, report, milliseconds: spent + performance.now() - started };
		await writeKept(whole);
		return whole;
	} catch (error) {
		if (!signal.aborted) {
			await writeKept({ ...kept, milliseconds: spent + performance.now() - started }).catch(() => {});
		}
		throw await withNumbers(error, bytes, written);
	} finally {
		await pool.close();
	}
}

/** Bytes that a conversion is content with: little on what says that it has little. */
function memoryHere(): number {
	const { deviceMemory = 8 } = navigator as { deviceMemory?: number };
	return (deviceMemory <= 2 ? 64 : deviceMemory <= 4 ? 128 : 256) << 20;
}

function checkFile(file: File, request: ConversionRequest): void {
	const { name, size } = request.file;
	if (file.name === name && file.size === size) return;
	throw new ChunkwiseError(
		"input-differs",
		`This is “${file.name}” of ${formatBytes(file.size)}; the conversion began with “${name}” of ${formatBytes(size)}.`,
		{ remedy: `Choose “${name}” to go on, or remove what was begun.` },
	);
}

async function checkEmpty(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
	const wanted = folderName(name);
	const there = await folder.getDirectoryHandle(wanted).catch(() => undefined);
	if (!there) return;
	throw new ChunkwiseError("out-exists", `There is a folder “${wanted}” already in “${folder.name}”.`, {
		remedy: "Give the result another name, pick another folder, or remove that one. Nothing was written.",
	});
}

/** A folder of the same name elsewhere has not what the journal says was written. */
async function checkBegun(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
	const wanted = folderName(name);
	if (await folder.getDirectoryHandle(wanted).catch(() => undefined)) return;
	throw new ChunkwiseError("folder-differs", `There is no “${wanted}” in this folder “${folder.name}”.`, {
		remedy: "Pick the folder that the conversion began in; or remove what was begun, and convert anew.",
	});
}

/** A store that tells how many bytes are written to it. */
function counting(store: WritableStore, onBytes: (bytes: number) => void): WritableStore {
	return {
		...(methodsOf(store) as WritableStore),
		async set(key, value, options) {
			await store.set(key, value, options);
			onBytes(value.byteLength);
		},
	};
}

/** Where the storage is full: how much there is, how much was written, and what can be done. */
async function withNumbers(error: unknown, bytes: number, written: number): Promise<unknown> {
	if (!isChunkwiseError(error) || error.code !== "storage-full") return error;
	const { used, quota } = await storageState();
	const free = quota === undefined ? 0 : quota - (used ?? 0);
	const room =
		quota === undefined
			? ""
			: ` The browser gives this site ${formatBytes(quota)}, of which ${formatBytes(used ?? 0)} are used${free > bytes ? ": so it is the disk that is full, or another limit of the browser" : ""}.`;
	return new ChunkwiseError(
		"storage-full",
		`The storage is full after ${formatBytes(written)} of a result of at most ${formatBytes(bytes)}.${room}`,
		{
			remedy:
				"What is done is kept. Make room on the disk and go on; or remove it and convert straight into a folder, choose a codec that makes smaller chunks, or convert on the command line.",
			cause: error,
		},
	);
}
