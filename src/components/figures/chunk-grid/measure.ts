/** Compresses the sample in the chunk shapes of the table, in a worker of the figure's own. */
import type { StoredSizes } from "../../../lib/plan/selection.ts";
import { part } from "../live.ts";
import type { SampleAnswer } from "./sample-worker.ts";

/**
 * Brings the button to life, where the figure has it.
 * @param shapes the chunk shapes of the table as it is
 * @param measured called with each shape's sizes
 */
export function measure(
	details: HTMLElement,
	shapes: () => number[][],
	measured: (chunks: number[], sizes: StoredSizes) => void,
	signal: AbortSignal,
): void {
	const place = details.querySelector<HTMLElement>(".cw-fig-measure");
	if (!place) return;
	const button = part<HTMLButtonElement>(place, "button");
	const words = part<HTMLElement>(place, "span");
	const start = button.textContent;
	let worker: Worker | undefined;

	function end(said: string): void {
		worker?.terminate();
		worker = undefined;
		button.textContent = start;
		words.textContent = said;
	}

	button.addEventListener(
		"click",
		() => {
			if (worker) return end("Stopped. What was measured stays.");
			const asked = shapes();
			let done = 0;
			button.textContent = "Stop";
			words.textContent = "Making the synthetic sample …";
			worker = new Worker(new URL("./sample-worker.ts", import.meta.url), { type: "module" });
			worker.onmessage = ({ data }: MessageEvent<SampleAnswer>) => {
				if ("error" in data) return end(`It could not be compressed: ${data.error}`);
				measured(data.chunks, data.sizes);
				done++;
				if (done === asked.length) end(`The synthetic sample in ${done} chunk shapes, Blosc with LZ4.`);
				else words.textContent = `${done} of ${asked.length} chunk shapes …`;
			};
			worker.onerror = (event) => {
				event.preventDefault();
				end("The worker of this figure did not start. Load the page again.");
			};
			worker.postMessage(asked);
		},
		{ signal },
	);
	signal.addEventListener("abort", () => worker?.terminate());
}
