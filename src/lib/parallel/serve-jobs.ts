/** A worker's side: does the jobs that it is sent, one after the other. */
import { packOutput } from "./buffers.ts";
import { type JobName, runJob } from "./jobs.ts";
import { errorAsData, type JobMessage, type WorkerMessage, wallClock } from "./messages.ts";

export interface Port {
	post(message: WorkerMessage, transfer: ArrayBuffer[]): void;
	onmessage(listen: (message: JobMessage) => void): void;
}

export function serveJobs(port: Port): void {
	let before: Promise<void> = Promise.resolve();
	port.onmessage((message) => {
		before = before.then(() => answer(port, message));
	});
	port.post({ ready: true }, []);
}

/** Never rejects. */
async function answer(port: Port, { id, job, input }: JobMessage): Promise<void> {
	const started = wallClock();
	try {
		const { value, transfer } = packOutput(await runJob(job as JobName, input as never));
		const message = { id, started, ended: wallClock(), output: value };
		try {
			port.post(message, transfer);
		} catch {
			// Some memory cannot be moved (WebAssembly's).
			port.post(message, []);
		}
	} catch (error) {
		port.post({ id, started, ended: wallClock(), error: errorAsData(error) }, []);
	}
}
