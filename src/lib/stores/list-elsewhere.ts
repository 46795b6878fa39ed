/**
 * A long listing of a folder goes on in a worker of its own. Chromium gives a handle with every entry, and closing
 * 100,000 of them in one garbage collection held their thread up for 7 to 9 s; those of a worker end with it.
 */
import { ChunkwiseError } from "../errors.ts";
import type { FromListing, ListingRequest, ToListing } from "./listing-messages.ts";
import type { ListPage } from "./store.ts";
import type { WalkElsewhere } from "./walk.ts";

/** Pages that the worker may be ahead. */
const ahead = 4;
/** Milliseconds that the worker may take to load its script. */
const startWithin = 20_000;
/** Whether a worker could not be made in this thread: then it is not tried again. */
let refused = false;

/**
 * Begins to list in a worker; undefined where none can be made (there are none here, the page's security policy, a
 * bundle without its script) or it cannot be given the folder.
 * @param explain makes an error of what the platform threw at a path
 * @throws the signal's reason when aborted
 */
export async function listElsewhere(
	request: Omit<ListingRequest, "ahead">,
	explain: (cause: unknown, path: string) => Promise<Error>,
	signal?: AbortSignal,
): Promise<WalkElsewhere | undefined> {
	signal?.throwIfAborted();
	if (refused || typeof Worker === "undefined") return undefined;
	const worker = newWorker();
	if (!worker) {
		refused = true;
		return undefined;
	}
	const answers: FromListing[] = [];
	let death: string | undefined;
	let onAnswer: () => void = () => {};
	worker.addEventListener("message", ({ data }: MessageEvent<FromListing>) => {
		answers.push(data);
		onAnswer();
	});
	worker.addEventListener("error", (event) => {
		event.preventDefault();
		// Without a message the script was not loaded.
		death = event.message || "its script could not be loaded";
		onAnswer();
	});
	let ended = false;
	const end = () => {
		if (ended) return;
		ended = true;
		signal?.removeEventListener("abort", aborted);
		worker.terminate();
	};
	const aborted = () => {
		end();
		onAnswer();
	};
	signal?.addEventListener("abort", aborted);

	/** The next answer; undefined when the worker died, or is late. */
	async function next(within?: number): Promise<FromListing | undefined> {
		let late = false;
		const timer =
			within === undefined
				? undefined
				: setTimeout(() => {
						late = true;
						onAnswer();
					}, within);
		while (answers.length === 0 && death === undefined && !late && !signal?.aborted) {
			await new Promise<void>((resolve) => {
				onAnswer = resolve;
			});
		}
		clearTimeout(timer);
		signal?.throwIfAborted();
		return answers.shift();
	}

	async function* pages(): AsyncGenerator<ListPage> {
		for (;;) {
			const answer = await next();
			if (!answer) throw died(request.root.name, death ?? "");
			if ("failed" in answer) {
				const { name, message, path } = answer.failed;
				throw await explain(new DOMException(message, name), path);
			}
			if ("end" in answer) return;
			if (!("page" in answer)) continue;
			yield answer.page;
			worker?.postMessage("more" satisfies ToListing);
		}
	}

	let begun = false;
	try {
		refused = !(await next(startWithin));
		if (!refused) begun = send(worker, { ...request, ahead });
	} finally {
		if (!begun) end();
	}
	return begun ? { pages: pages(), end } : undefined;
}

/** @returns whether the folder's handle can be sent */
function send(worker: Worker, request: ListingRequest): boolean {
	try {
		worker.postMessage(request);
		return true;
	} catch {
		return false;
	}
}

function newWorker(): Worker | undefined {
	try {
		// The name with .js is the one after compilation; bundlers find the .ts of a checkout by it too.
		return new Worker(new URL("./listing-worker.js", import.meta.url), {
			type: "module",
			name: "chunkwise listing",
		});
	} catch {
		return undefined;
	}
}

function died(where: string, message: string): ChunkwiseError {
	return new ChunkwiseError("worker-died", `The worker that listed the store ended: ${message}`, {
		where,
		remedy: "List it again; close other tabs where memory is short.",
	});
}
