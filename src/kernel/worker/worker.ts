/** The kernel: the worker in which a page's cells run. Cells run one at a time, in the order asked for. */
import "./older-browsers.ts";
import type { DisplayQuestion } from "../../lib/display.ts";
import { analyse } from "../compile/compile.ts";
import type { FromKernel, ToKernel } from "../protocol.ts";
import { BucketRequests } from "./buckets.ts";
import { configureLibrary, serveBucketsBy } from "./modules.ts";
import { sendRequestsBy } from "./requests.ts";
import { Runner } from "./run.ts";
import { watchFetch } from "./watch-requests.ts";

const send = (message: FromKernel): void => self.postMessage(message);
const runner = new Runner(send);
const buckets = new BucketRequests(send);
serveBucketsBy(buckets);
sendRequestsBy(send);
watchFetch();
let last: Promise<void> = Promise.resolve();

self.addEventListener("message", ({ data }: MessageEvent<ToKernel>) => {
	switch (data.type) {
		case "configure":
			configureLibrary(data.settings);
			return;
		case "analyse":
			send({
				type: "analysed",
				request: data.request,
				analyses: Object.fromEntries(data.cells.map(({ id, source }) => [id, analyse(source)])),
			});
			return;
		case "bucket-served":
			buckets.served(data);
			return;
		case "ask":
			void answer(data.request, data.source, data.question);
			return;
		case "ping":
			send({ type: "pong", request: data.request });
			return;
		case "forget":
			runner.names.forget(data.cell);
			runner.live.forget(data.cell);
			return;
		case "run":
			last = last.then(() => {
				send({ type: "running", run: data.run });
				return runner.run(data);
			});
	}
});

/** Answers a display on the page, also while a cell waits for something. */
async function answer(request: number, source: string, question: DisplayQuestion): Promise<void> {
	const found = await runner.live.answer(source, question);
	try {
		send({ type: "answer", request, answer: found });
	} catch (error) {
		send({ type: "answer", request, answer: { error: (error as Error).message } });
	}
}

// Errors that no run awaits are the reader's to see, not only the browser console's; they do not end the kernel.
self.addEventListener("unhandledrejection", (event) => {
	event.preventDefault();
	runner.reportLate("A promise that nobody awaited failed", event.reason);
});
self.addEventListener("error", (event) => {
	event.preventDefault();
	runner.reportLate("A callback failed", event.error ?? new Error(event.message));
});

send({ type: "ready" });
