/**
 * A timer that counts only time in which the page was awake: a laptop that slept, a tab that was frozen or kept for
 * the Back button must not use up the time that a run has.
 */
const tickEvery = 500;
/** Longest time between two ticks that can pass while a page in view is awake. */
const awakeInView = 2000;
/** Out of view, browsers let timers run once a minute; what they time (a worker) goes on at full speed. */
const awakeHidden = 61_000;

export class AwakeTimer {
	readonly #ended: () => void;
	readonly #slept: (ms: number) => void;
	#left: number;
	#last = Date.now();
	#hidden = isHidden();
	#timer?: ReturnType<typeof setTimeout>;

	/** Calls `ended` after `ms` awake; `slept` with the length of each gap that was not counted. */
	constructor(ms: number, ended: () => void, slept: (ms: number) => void = () => {}) {
		this.#left = ms;
		this.#ended = ended;
		this.#slept = slept;
		this.#wait();
	}

	extend(ms: number): void {
		this.#left += ms;
	}

	cancel(): void {
		clearTimeout(this.#timer);
	}

	#wait(): void {
		this.#timer = setTimeout(() => this.#tick(), Math.max(0, Math.min(tickEvery, this.#left)));
	}

	#tick(): void {
		const now = Date.now();
		const passed = Math.max(0, now - this.#last);
		const hidden = isHidden();
		const counted = Math.min(passed, hidden || this.#hidden ? awakeHidden : awakeInView);
		this.#last = now;
		this.#hidden = hidden;
		this.#left -= counted;
		if (counted < passed) this.#slept(passed - counted);
		if (this.#left <= 0) this.#ended();
		else this.#wait();
	}
}

function isHidden(): boolean {
	return typeof document !== "undefined" && document.visibilityState === "hidden";
}
