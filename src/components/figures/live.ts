/** What every live figure needs from the page: motion that may be unwanted, and announcements that do not chatter. */

export function reducedMotion(): boolean {
	return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Runs `frame` with a value going from 0 to 1, eased; at once to 1 where motion is unwanted. Returns a way to stop. */
export function animate(milliseconds: number, frame: (t: number) => void): () => void {
	if (reducedMotion() || milliseconds <= 0) {
		frame(1);
		return () => {};
	}
	const start = performance.now();
	let id = requestAnimationFrame(function tick(now) {
		const t = Math.min(1, Math.max(0, (now - start) / milliseconds));
		frame(1 - (1 - t) ** 3);
		if (t < 1) id = requestAnimationFrame(tick);
	});
	return () => cancelAnimationFrame(id);
}

/** Calls with the latest value when the reader has paused, so that a dragged slider is not read out number by number. */
export function debounced<T>(
	act: (value: T) => void,
	milliseconds = 400,
): { (value: T): void; cancel(): void } {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const later = (value: T) => {
		clearTimeout(timer);
		timer = setTimeout(() => act(value), milliseconds);
	};
	return Object.assign(later, { cancel: () => clearTimeout(timer) });
}

/** The element that must be there: a figure's markup and its script belong together. */
export function part<T extends Element>(host: Element, selector: string): T {
	const found = host.querySelector<T>(selector);
	if (!found) throw new Error(`the figure has no ${selector}`);
	return found;
}
