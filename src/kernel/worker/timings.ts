/**
 * What the browser tells of each request over the network when it has ended: whether it was answered from its cache,
 * how many bytes came, when the last one did. It tells some time later, and by address only, so that requests and
 * what is told of them are put together here.
 */

export interface Timing {
	/** Answered from the browser's own cache, without asking the server. */
	cached: boolean;
	/** Bytes of the answer's body; 0 where another site keeps that to itself. */
	bytes: number;
	/** On the clock of `performance.now()`. */
	ended: number;
}

interface Expected {
	url: string;
	started: number;
	until: number;
	hear(timing: Timing): void;
}

/** So many of either kind wait for their other half. */
const most = 500;
/** Milliseconds by which the browser's clock for a request may differ from the worker's. */
const slack = 2;

export class Timings {
	readonly #told: PerformanceResourceTiming[] = [];
	readonly #expected: Expected[] = [];

	constructor() {
		if (typeof PerformanceObserver === "undefined") return;
		try {
			new PerformanceObserver((list) => {
				for (const entry of list.getEntries()) this.tell(entry as PerformanceResourceTiming);
			}).observe({ type: "resource" });
		} catch {
			// Without it a log says "network" for what a cache had.
		}
	}

	/** A request that was made at `started`; `hear` is called once, if the browser tells of it. */
	expect(url: string, started: number, milliseconds: number, hear: (timing: Timing) => void): void {
		const expected = { url: withoutFragment(url), started, until: started + milliseconds + 1000, hear };
		const at = this.#told.findIndex((entry) => fits(expected, entry));
		if (at >= 0) {
			hear(timingOf(this.#told.splice(at, 1)[0]));
			return;
		}
		this.#expected.push(expected);
		if (this.#expected.length > most) this.#expected.shift();
	}

	/** The browser tells of a request. */
	tell(entry: PerformanceResourceTiming): void {
		const at = this.#expected.findIndex((expected) => fits(expected, entry));
		if (at >= 0) {
			this.#expected.splice(at, 1)[0].hear(timingOf(entry));
			return;
		}
		this.#told.push(entry);
		if (this.#told.length > most) this.#told.shift();
	}
}

function fits({ url, started, until }: Expected, entry: PerformanceResourceTiming): boolean {
	return entry.name === url && entry.startTime >= started - slack && entry.startTime <= until;
}

function timingOf(entry: PerformanceResourceTiming & { deliveryType?: string }): Timing {
	// A service worker's answer moves no bytes either; a site that tells nothing has no sizes at all.
	const still = entry.transferSize === 0 && entry.decodedBodySize > 0 && entry.workerStart === 0;
	return {
		cached: entry.deliveryType === "cache" || still,
		bytes: entry.encodedBodySize || entry.transferSize || 0,
		ended: entry.responseEnd,
	};
}

function withoutFragment(url: string): string {
	const at = url.indexOf("#");
	return at < 0 ? url : url.slice(0, at);
}
