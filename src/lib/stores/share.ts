/** One piece of work that several callers wait for: it is stopped only when all of them have given up. */
export class Shared<T> {
	readonly #controller = new AbortController();
	readonly #result: Promise<T>;
	#waiting = 0;

	constructor(run: (signal: AbortSignal) => Promise<T>) {
		this.#result = run(this.#controller.signal);
		// Whoever waits hears of a failure; where nobody waits any more it is no unhandled one.
		this.#result.catch(() => {});
	}

	/** Nobody waits any more: not to be joined. */
	get stopped(): boolean {
		return this.#controller.signal.aborted;
	}

	/** Rejects with the signal's reason as soon as it is aborted. */
	async join(signal?: AbortSignal): Promise<T> {
		signal?.throwIfAborted();
		this.#waiting++;
		let leave = () => {};
		try {
			if (!signal) return await this.#result;
			const left = new Promise<never>((_, reject) => {
				leave = () => reject(signal.reason);
				signal.addEventListener("abort", leave, { once: true });
			});
			return await Promise.race([this.#result, left]);
		} finally {
			signal?.removeEventListener("abort", leave);
			if (--this.#waiting === 0) this.#controller.abort(signal?.reason);
		}
	}
}
