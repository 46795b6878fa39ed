/** A viewer's chunks through a worker of its own. */
import type { Line } from "../../lib/bucket/slow-store.ts";
import { ChunkwiseError } from "../../lib/errors.ts";
import type { TypedArray } from "../../lib/types.ts";
import type { ViewedImage } from "../../lib/viewer/image.ts";
import type { ViewReadOptions, ViewSource } from "../../lib/viewer/loader.ts";
import type { FromViewerWorker, ToldError, ToViewerWorker, ViewerInput } from "./messages.ts";

interface Asked {
	resolve(values: TypedArray | undefined): void;
	reject(error: unknown): void;
	onRequest?: ViewReadOptions["onRequest"];
}

/** A source that ends with its viewer, and whose line can be slowed. */
export interface LiveSource extends ViewSource {
	/** Requests and bytes that opening took. */
	readonly opening: { requests: number; bytes: number };
	/** Makes the line slower, where chunks come over one. */
	setLine?(line: Line): void;
	close(): void;
}

/** @throws ChunkwiseError where the image cannot be opened, or the worker does not start */
export function openInWorker(input: ViewerInput, line: Line = {}): Promise<LiveSource> {
	const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
	const asked = new Map<number, Asked>();
	let count = 0;
	const send = (message: ToViewerWorker) => worker.postMessage(message);
	return new Promise((resolve, reject) => {
		worker.onerror = (event) => {
			event.preventDefault();
			const error = new ChunkwiseError("worker-died", "The viewer's worker did not start, or ended.", {
				remedy: "Load the page again; if that does not help, the site may be incomplete.",
				cause: event.message,
			});
			reject(error);
			for (const { reject: refuse } of asked.values()) refuse(error);
			asked.clear();
		};
		worker.onmessage = ({ data }: MessageEvent<FromViewerWorker>) => {
			switch (data.type) {
				case "opened":
					return resolve(live(data.image, { requests: data.requests, bytes: data.bytes }));
				case "refused":
					worker.terminate();
					return reject(errorOf(data.error));
				case "request":
					return asked.get(data.id)?.onRequest?.({
						...{ operation: "get", key: "", started: 0, milliseconds: 0, status: "ok", source: "network" },
						bytes: data.bytes,
					});
				case "chunk":
					asked.get(data.id)?.resolve(data.values);
					break;
				case "failed":
					asked.get(data.id)?.reject(errorOf(data.error));
			}
			asked.delete(data.id);
		};
		send({ type: "open", input, line });
	});

	function live(image: ViewedImage, opening: LiveSource["opening"]): LiveSource {
		return {
			image,
			opening,
			read(level, coords, { signal, onRequest }) {
				const id = ++count;
				return new Promise((resolve, reject) => {
					asked.set(id, { resolve, reject, onRequest });
					send({ type: "read", id, level, coords });
					signal.addEventListener("abort", () => {
						if (!asked.delete(id)) return;
						send({ type: "stop", id });
						reject(signal.reason);
					});
				});
			},
			setLine: (now) => send({ type: "line", line: now }),
			close() {
				worker.terminate();
				for (const { reject } of asked.values())
					reject(new DOMException("The viewer was closed.", "AbortError"));
				asked.clear();
			},
		};
	}
}

function errorOf({ code = "viewer", message, where, remedy }: ToldError): ChunkwiseError {
	return new ChunkwiseError(code, message, {
		where,
		remedy: remedy ?? "Try again; if it goes on, report it with the address.",
	});
}
