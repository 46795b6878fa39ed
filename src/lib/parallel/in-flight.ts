/** Several pieces of asynchronous work at a time, and no more than that. */

/**
 * Does the work for each item, at most `atOnce` at a time, in the order of the items, which are asked for one by one as
 * there is room. After the first failure, or when the signal aborts, no more is begun; it is thrown when all that was begun has ended.
 */
export async function forEachInFlight<T>(
	items: Iterable<T> | AsyncIterable<T>,
	atOnce: number,
	work: (item: T) => Promise<void>,
	signal?: AbortSignal,
): Promise<void> {
	const pending = new Set<Promise<void>>();
	let failure: { error: unknown } | undefined;
	for await (const item of items) {
		if (signal?.aborted) failure ??= { error: signal.reason };
		if (failure) break;
		const done = begin(item);
		pending.add(done);
		void done.then(() => pending.delete(done));
		if (pending.size >= atOnce) await Promise.race(pending);
	}
	await Promise.all(pending);
	if (failure) throw failure.error;

	/** Never rejects. */
	async function begin(item: T): Promise<void> {
		try {
			await work(item);
		} catch (error) {
			failure ??= { error };
		}
	}
}
