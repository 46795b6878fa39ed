/** A conversion in a browser's worker, bundled by Vite: a TIFF into the private file system, with workers of its own. */
import { convertImages } from "../../src/lib/convert/convert.ts";
import type { ConversionOptions } from "../../src/lib/convert/request.ts";
import { tiffSource } from "../../src/lib/convert/tiff-source.ts";
import { openPool } from "../../src/lib/parallel/pool.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { opfsStore } from "../../src/lib/stores/opfs.ts";
import type { WritableStore } from "../../src/lib/stores/store.ts";
import { openTiff } from "../../src/lib/tiff/open.ts";

export interface ConversionFindings {
	workers: number;
	/** SHA-256 of every value, by its key. */
	hashes: Record<string, string>;
	/** Largest part of the image that was in memory at one time, bytes. */
	largest: number;
	parts: number;
}

/** So little that the image is several parts. */
const memory = 16 << 20;

/** Converts, the same way in a browser and in Node. */
export async function convertInto(
	store: WritableStore,
	file: Uint8Array,
	pool: ConversionOptions["pool"],
	codec: ConversionOptions["codec"],
): Promise<ConversionFindings> {
	const source = tiffSource(await openTiff(file), { name: "phantom" });
	let largest = 0;
	const levels = [
		{
			...source,
			async read(...args: Parameters<typeof source.read>) {
				const values = await source.read(...args);
				largest = Math.max(largest, values.byteLength);
				return values;
			},
		},
	];
	const coarser = { factors: [2, 4].map((n) => ({ z: n, y: n, x: n })), method: "mean" as const };
	const { parts } = await convertImages([{ path: "", name: "phantom", levels, coarser }], store, {
		format: "ome-zarr-0.5",
		codec,
		pool,
		memory,
		work: memoryStore(),
		identity: {},
	});
	const hashes: ConversionFindings["hashes"] = {};
	for (const key of await listKeys(store)) {
		const value = (await store.get(`/${key}`)) as Uint8Array<ArrayBuffer>;
		const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", value));
		hashes[key] = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
	}
	return { workers: pool.workers, hashes, largest, parts };
}

if (!("document" in globalThis) && "WorkerGlobalScope" in globalThis) {
	addEventListener("message", async ({ data: codec }) => {
		const answer = (message: unknown) =>
			(globalThis as unknown as { postMessage(message: unknown): void }).postMessage(message);
		try {
			const file = new Uint8Array(await (await fetch("phantom.tif")).arrayBuffer());
			const pool = await openPool({ workers: 2 });
			const findings = await convertInto(await opfsStore(`converted ${codec}`), file, pool, codec);
			await pool.close();
			answer(findings);
		} catch (error) {
			answer({ failed: (error as Error).stack });
		}
	});
}
