/** Resolves after some milliseconds; rejects with the signal's reason when it is aborted before, or was already. */
export function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
	return new Promise((resolve, reject) => {
		if (signal?.aborted) {
			reject(signal.reason);
			return;
		}
		const stop = () => {
			clearTimeout(timer);
			reject(signal?.reason);
		};
		const timer = setTimeout(() => {
			signal?.removeEventListener("abort", stop);
			resolve();
		}, milliseconds);
		signal?.addEventListener("abort", stop, { once: true });
	});
}

/** No pause is longer, whatever a server asks for. */
const longest = 20_000;

/**
 * Milliseconds to wait after a failed attempt (counted from 1): twice as long each time, by chance up to a half
 * shorter, so that many clients do not come back at the same moment; at least what `Retry-After` asks for in seconds.
 */
export function backOff(attempt: number, retryAfter?: string | null): number {
	const asked = Number(retryAfter ?? 0) * 1000 || 0;
	return Math.min(longest, Math.max(100 * 2 ** attempt * (0.5 + Math.random() / 2), asked));
}
