/** How far a long operation has come. `total` is absent where it cannot be known. */
export interface Progress {
	/** What is being done, for a reader: "Downloading HL60_cell.tif". */
	label: string;
	/** In `unit`s, as `total`. */
	done: number;
	total?: number;
	unit: "bytes" | "pages" | "chunks" | "levels" | "documents" | "files";
}

/** Options of everything that can take long. */
export interface LongTask {
	/** Stops the work; the call then rejects with the signal's reason. */
	signal?: AbortSignal;
	/** Hears how far the work has come. */
	onProgress?: (progress: Progress) => void;
}

let ambient: ((progress: Progress) => void) | undefined;

/**
 * Sets who hears the progress of operations that were given no `onProgress`: the kernel shows it under the running
 * cell. Returns a function that puts the former listener back.
 */
export function setAmbientProgress(listener: ((progress: Progress) => void) | undefined): () => void {
	const former = ambient;
	ambient = listener;
	return () => {
		ambient = former;
	};
}

/** The listener for one operation: its own, else the ambient one, else nobody. */
export function progressOf(task: LongTask | undefined): (progress: Progress) => void {
	return task?.onProgress ?? ambient ?? (() => {});
}
