/** The page's side of the worker that runs task graphs: one wish at a time, and a way to stop it. */
import type { FromConductor, ToConductor } from "./messages.ts";

export class Conductor {
	#worker: Worker | undefined;
	#onMessage: (message: FromConductor) => void = () => {};

	/** True while something runs. */
	busy = false;

	/** Has the worker do it; gives its last message, and tells `on` of those before. */
	ask(wish: ToConductor, on: (message: FromConductor) => void): Promise<FromConductor> {
		this.#worker ??= this.#start();
		this.busy = true;
		return new Promise((resolve) => {
			this.#onMessage = (message) => {
				const last = ["ended", "written", "failed"].includes(message.type);
				if (!last) return on(message);
				this.busy = false;
				resolve(message);
			};
			this.#worker?.postMessage(wish);
		});
	}

	#start(): Worker {
		const worker = new Worker(new URL("./conductor.ts", import.meta.url), { type: "module" });
		worker.onmessage = ({ data }: MessageEvent<FromConductor>) => this.#onMessage(data);
		worker.onerror = (event) => {
			event.preventDefault();
			this.#fail(event.message || "The figure's worker did not start. Load the page again.");
		};
		return worker;
	}

	#fail(message: string): void {
		this.#worker?.terminate();
		this.#worker = undefined;
		this.#onMessage({ type: "failed", message });
	}

	/** Ends the worker, and with it the workers of its pool; what was asked fails with this message. */
	stop(message = "Stopped."): void {
		if (this.#worker) this.#fail(message);
	}

	close(): void {
		this.#onMessage = () => {};
		this.#worker?.terminate();
		this.#worker = undefined;
		this.busy = false;
	}
}
