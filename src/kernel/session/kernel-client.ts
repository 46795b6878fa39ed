/** The page's end of one kernel: starts the worker, knows when it is ready, says so when it never will be. */
import type { Analysis } from "../compile/compile.ts";
import type { FromKernel, KernelSettings, ToKernel } from "../protocol.ts";

const startWithin = 20_000;

export class KernelClient {
	readonly ready: Promise<void>;
	onmessage: (message: FromKernel) => void = () => {};
	/** The worker ended by itself: its script failed, or memory ran out. */
	oncrash: (message: string) => void = () => {};
	readonly #worker: Worker;
	readonly #analyses = new Map<number, (analyses: Record<string, Analysis>) => void>();
	#requests = 0;
	#timer?: ReturnType<typeof setTimeout>;

	constructor(createWorker: () => Worker, settings: KernelSettings) {
		this.#worker = createWorker();
		this.ready = new Promise((resolve, reject) => {
			this.#timer = setTimeout(
				() => reject(new Error(`The kernel did not start within ${startWithin / 1000} s.`)),
				startWithin,
			);
			this.#worker.addEventListener("message", ({ data }: MessageEvent<FromKernel>) => {
				if (data.type === "ready") {
					clearTimeout(this.#timer);
					resolve();
				} else if (data.type === "analysed") {
					this.#analyses.get(data.request)?.(data.analyses);
					this.#analyses.delete(data.request);
				} else {
					this.onmessage(data);
				}
			});
			this.#worker.addEventListener("error", (event) => {
				event.preventDefault();
				clearTimeout(this.#timer);
				const message = event.message
					? `The kernel ended: ${event.message}`
					: "The kernel's script could not be loaded. Check the connection and try again.";
				reject(new Error(message));
				this.oncrash(message);
			});
		});
		// Whoever runs a cell awaits `ready`; a kernel that nobody waits for may fail in silence.
		this.ready.catch(() => {});
		this.send({ type: "configure", settings });
	}

	send(message: ToKernel): void {
		this.#worker.postMessage(message);
	}

	/** Names and imports of cells. */
	analyse(cells: { id: string; source: string }[]): Promise<Record<string, Analysis>> {
		const request = ++this.#requests;
		return new Promise((resolve) => {
			this.#analyses.set(request, resolve);
			this.send({ type: "analyse", request, cells });
		});
	}

	/** Ends the worker at once, whatever it is doing: an endless loop included. */
	terminate(): void {
		clearTimeout(this.#timer);
		this.#worker.terminate();
		this.onmessage = () => {};
		this.oncrash = () => {};
	}
}
