/** A note that something is kept here, so that the page brings the tool to life as it is opened. */
const key = "chunkwise-own-image";

export function keepMark(kept: boolean): void {
	try {
		if (kept) localStorage.setItem(key, "1");
		else localStorage.removeItem(key);
	} catch {
		// Without storage nothing is kept either.
	}
}
