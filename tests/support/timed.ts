/** How long an action takes, and how long at most a 1 ms timer waits meanwhile. Runs in Node and in a worker. */
export async function timed<T>(
	action: () => Promise<T>,
): Promise<{ result: T; milliseconds: number; longest: number }> {
	let longest = 0;
	let last = performance.now();
	const timer = setInterval(() => {
		const now = performance.now();
		longest = Math.max(longest, now - last);
		last = now;
	}, 1);
	const started = performance.now();
	const result = await action();
	const milliseconds = performance.now() - started;
	clearInterval(timer);
	return { result, milliseconds, longest: Math.max(longest, performance.now() - last) };
}
