/** Which keys of which store a cell reads and writes, told by the stores while a recording is on. */

export interface StoreRequest {
	/** The store's name: an address, a folder, "memory". */
	store: string;
	key: string;
	op: "get" | "getRange" | "set" | "delete" | "list" | "size";
	/** Bytes asked for: `[first, last]`, both included. */
	range?: [first: number, last: number];
	/** Bytes moved. */
	bytes: number;
	from: "cache" | "network" | "store";
	cell: string;
}

const recordings = new Set<StoreRequest[]>();

/** Called by whoever watches the stores. */
export function recordRequest(request: StoreRequest): void {
	for (const requests of recordings) requests.push(request);
}

/** Collects what is requested from now until `stop`. */
export function startRecording(): { requests: StoreRequest[]; stop(): void } {
	const requests: StoreRequest[] = [];
	recordings.add(requests);
	return { requests, stop: () => void recordings.delete(requests) };
}
