/** What libraries in the kernel use and Safari before 17.4 has not. Imported before them. */

type AnySignal = (signals: Iterable<AbortSignal>) => AbortSignal;

/** `AbortSignal.any` for a browser without it: aborts with the first of `signals` that does, for its reason. */
export function anySignal(signals: Iterable<AbortSignal>): AbortSignal {
	const all = [...signals];
	const stop = new AbortController();
	const listeners = new AbortController();
	for (const signal of all) {
		const abort = () => {
			listeners.abort();
			stop.abort(signal.reason);
		};
		if (signal.aborted) {
			abort();
			break;
		}
		signal.addEventListener("abort", abort, { once: true, signal: listeners.signal });
	}
	return stop.signal;
}

const signals = AbortSignal as unknown as { any?: AnySignal };
signals.any ??= anySignal;
