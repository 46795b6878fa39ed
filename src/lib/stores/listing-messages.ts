/** What a thread and the worker that lists for it tell each other. */
import type { ListPage } from "./store.ts";
import type { RestOfWalk } from "./walk.ts";

export interface ListingRequest {
	/** The store's folder. */
	root: FileSystemDirectoryHandle;
	prefix: string;
	delimiter?: "/";
	rest: RestOfWalk;
	/** Whether files that Chromium writes beside others are keys. */
	swapFiles: boolean;
	/** Pages that may be on their way at a time; each "more" allows another one. */
	ahead: number;
}

export type ToListing = ListingRequest | "more";

export type FromListing =
	| { ready: true }
	| { page: ListPage }
	| { end: true }
	/** Of the folder at a path: what the platform threw. */
	| { failed: { name: string; message: string; path: string } };
