/** What a viewer's page and its worker say to each other. */
import type { Line } from "../../lib/bucket/slow-store.ts";
import type { ComputedImageOptions } from "../../lib/samples/computed-image.ts";
import type { TypedArray } from "../../lib/types.ts";
import type { ViewedImage } from "../../lib/viewer/image.ts";

/** What a viewer can open by itself; `path` is a group or array inside it. */
export type ViewerInput = { path?: string } & (
	| { kind: "url"; url: string }
	/** Keys where the files do not say by themselves where they are (`webkitRelativePath`). */
	| { kind: "files"; files: File[]; keys?: string[] }
	| { kind: "folder"; handle: FileSystemDirectoryHandle }
	| { kind: "computed"; options?: ComputedImageOptions }
);

export type ToViewerWorker =
	| { type: "open"; input: ViewerInput; line: Line }
	| { type: "line"; line: Line }
	| { type: "read"; id: number; level: number; coords: readonly number[] }
	| { type: "stop"; id: number };

/** An error as it is told to the reader. */
export interface ToldError {
	code?: string;
	message: string;
	where?: string;
	remedy?: string;
}

export type FromViewerWorker =
	/** What opening cost goes with it. */
	| { type: "opened"; image: ViewedImage; requests: number; bytes: number }
	| { type: "refused"; error: ToldError }
	| { type: "request"; id: number; bytes: number }
	| { type: "chunk"; id: number; values?: TypedArray }
	| { type: "failed"; id: number; error: ToldError };
