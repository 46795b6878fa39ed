/** The script of a worker thread of Node. */
import type { JobMessage } from "./messages.ts";
import { workerThreads } from "./node-threads.ts";
import { serveJobs } from "./serve-jobs.ts";

const { parentPort } = await workerThreads();

if (parentPort) {
	serveJobs({
		post: (message, transfer) => parentPort.postMessage(message, transfer),
		onmessage: (listen) => void parentPort.on("message", (data) => listen(data as JobMessage)),
	});
}
