/** The script of a browser's worker. */
import type { JobMessage } from "./messages.ts";
import { serveJobs } from "./serve-jobs.ts";

interface Scope {
	postMessage(message: unknown, transfer: ArrayBuffer[]): void;
	addEventListener(type: "message", listener: (event: { data: JobMessage }) => void): void;
}

const scope = globalThis as unknown as Scope;

serveJobs({
	post: (message, transfer) => scope.postMessage(message, transfer),
	onmessage: (listen) => scope.addEventListener("message", ({ data }) => listen(data)),
});
