/** Asks the page to have buckets served: a kernel has no way to a service worker of its own. */
import type { BucketHost } from "../../lib/bucket/start.ts";
import type { FromKernel, ToKernel } from "../protocol.ts";
import { servedBelow } from "./requests.ts";

type Served = Extract<ToKernel, { type: "bucket-served" }>;

export class BucketRequests implements BucketHost {
	readonly #send: (message: FromKernel) => void;
	readonly #waiting = new Map<number, (served: Served) => void>();
	#requests = 0;

	constructor(send: (message: FromKernel) => void) {
		this.#send = send;
	}

	serve(): Promise<{ url: string; why?: string }> {
		const request = ++this.#requests;
		return new Promise((resolve) => {
			this.#waiting.set(request, resolve);
			this.#send({ type: "serve-bucket", request });
		});
	}

	/** The page's answer. */
	served(answer: Served): void {
		if (answer.why === undefined) servedBelow(answer.url);
		this.#waiting.get(answer.request)?.(answer);
		this.#waiting.delete(answer.request);
	}
}
