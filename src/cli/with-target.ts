/** Uses what a PATH names, and says what happened where an address does not hold it. */
import { httpSource } from "../lib/bytes-http.ts";
import { isChunkwiseError } from "../lib/errors.ts";
import { memoryStore } from "../lib/stores/memory.ts";
import { zipStore } from "../lib/stores/zip.ts";
import { explainAbsence, isAbsence } from "./absence.ts";
import { openTarget, type StoreTarget, type Target } from "./target.ts";
import { openWeb, permanentMove, type Web } from "./web.ts";

/**
 * Opens a PATH, uses it and closes it. What is neither Zarr nor N5 at an address without an ending may be a TIFF or a
 * zip: its beginning tells. Moves are told on stderr.
 * @throws ChunkwiseError as {@link openTarget} and `use`; http-not-found, http-forbidden, http-page, s3-wrong-region,
 * s3-no-bucket for addresses
 */
export async function withTarget<T>(
	path: string,
	use: (target: Target) => Promise<T>,
	signal?: AbortSignal,
): Promise<T> {
	const target = await openTarget(path);
	try {
		const result = await use(target);
		tellMove(path, target.web);
		return result;
	} catch (error) {
		if (target.kind !== "store" || !target.web || !isChunkwiseError(error)) throw error;
		// An S3 service sends on to another endpoint without saying where in a way that a browser would follow.
		const sentOn = error.code === "http-error" && target.web.answers.some(({ s3 }) => s3);
		if (!isAbsence(error) && !sentOn) throw error;
		const file = await asFile(target, signal);
		if (file) return await use(file);
		throw await explainAbsence(error, target, signal);
	} finally {
		await target.close();
	}
}

/** The address as one file, where it is a TIFF or a zip. */
async function asFile(target: StoreTarget, signal?: AbortSignal): Promise<Target | undefined> {
	const { web, name, inner, close } = target;
	if (!web || !/^https?:/i.test(name)) return undefined;
	try {
		const source = await httpSource(name, { fetch: web.fetch, signal });
		const start = await source.read(0, Math.min(4, source.size), signal);
		const mark = String.fromCharCode(...start);
		const rest = { inner, web, close };
		if (/^(II[*+]\0|MM\0[*+])/.test(mark)) return { kind: "tiff", source, ...rest };
		if (mark === "PK\x03\x04") return { kind: "store", store: await zipStore(source), name, ...rest };
	} catch (error) {
		signal?.throwIfAborted();
		// The refusals of the address itself are told with the others.
		if (!isChunkwiseError(error)) throw error;
	}
	return undefined;
}

/** Whether a TIFF or a zip is at an address. */
export async function isFileAt(address: string, signal?: AbortSignal): Promise<boolean> {
	const rest = { kind: "store" as const, store: memoryStore(), inner: "", close: async () => {} };
	return (await asFile({ ...rest, web: openWeb(), name: address }, signal)) !== undefined;
}

function tellMove(path: string, web: Web | undefined): void {
	const move = web && permanentMove(web);
	if (move) process.stderr.write(`chunkwise: ${path}: moved for good: ${move.from} is now ${move.to}\n`);
}
