/** How many bytes have come while something loads: the browser tells of each script as it arrives. */

/** Calls `tell` with the bytes since now, after each file; the function given back ends it. */
export function countBytes(tell: (bytes: number) => void): () => void {
	if (typeof PerformanceObserver === "undefined") return () => {};
	let bytes = 0;
	const observer = new PerformanceObserver((list) => {
		for (const entry of list.getEntries() as PerformanceResourceTiming[]) {
			bytes += entry.transferSize || entry.encodedBodySize || 0;
		}
		if (bytes > 0) tell(bytes);
	});
	try {
		observer.observe({ type: "resource" });
	} catch {
		// Without it only the name of what loads is shown.
	}
	return () => observer.disconnect();
}
