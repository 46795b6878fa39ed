/**
 * Who may do what with the one conversion that is kept here, among all tabs of this site, by the Web Locks API
 * (w3c.github.io/web-locks): to convert and to remove, one must be alone; to look and to save, many may. Nobody waits
 * long in silence: what cannot be done now is refused in words. A tab that is closed or dies gives its turn back.
 */
import { ChunkwiseError } from "../../lib/errors.ts";

const name = "chunkwise own image";
/** There is one place for a zip file on its way to the reader's downloads. */
const zipName = `${name}: zip`;
/** Milliseconds in which another tab's quick look ends. */
const patience = 1000;

/** @throws ChunkwiseError own-image-busy while it is converted, saved or looked at, here or in another tab */
export function alone<T>(task: () => Promise<T>): Promise<T> {
	return turn(name, "exclusive", task);
}

/** @throws ChunkwiseError own-image-busy while it is converted or removed, here or in another tab */
export function together<T>(task: () => Promise<T>): Promise<T> {
	return turn(name, "shared", task);
}

/** @throws ChunkwiseError own-image-busy while another tab writes a zip file */
export function aloneWithZip<T>(task: () => Promise<T>): Promise<T> {
	return turn(zipName, "exclusive", task);
}

/** Whether a conversion is under way, here or in another tab. */
export async function isConverting(): Promise<boolean> {
	const { held = [] } = (await navigator.locks?.query().catch(() => undefined)) ?? {};
	return held.some((lock) => lock.name === name && lock.mode === "exclusive");
}

/** Settles when no conversion is under way. @throws the signal's reason */
export async function whenFree(signal: AbortSignal): Promise<void> {
	await navigator.locks?.request(name, { mode: "shared", signal }, () => {});
}

async function turn<T>(lock: string, mode: LockMode, task: () => Promise<T>): Promise<T> {
	// Where there are no locks there are no private files either.
	if (!navigator.locks) return task();
	let taken = false;
	try {
		return await navigator.locks.request(lock, { mode, signal: AbortSignal.timeout(patience) }, () => {
			taken = true;
			return task();
		});
	} catch (error) {
		if (taken || (error as Error).name !== "TimeoutError") throw error;
		const converting = await isConverting();
		throw new ChunkwiseError(
			"own-image-busy",
			converting
				? "A conversion is under way in another tab."
				: "The result is being saved or looked at, here or in another tab.",
			{
				remedy: converting
					? "Let it end, or pause or cancel it there, then try again. Nothing was changed."
					: "Let that end, or stop it, then try again. Nothing was changed.",
			},
		);
	}
}
