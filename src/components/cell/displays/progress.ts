/** Progress bars of one run, one for each label, updated in place. */
import { formatBytes, formatCount, formatDuration } from "../../../lib/format.ts";
import type { Progress } from "../../../lib/progress.ts";
import { element } from "./element.ts";

interface Bar {
	host: HTMLElement;
	bar: HTMLProgressElement;
	text: HTMLElement;
	done: number;
}

export class ProgressBars {
	readonly #bars = new Map<string, Bar>();

	/** The run has ended: a bar whose total was never known is full now, or empty where nothing came. */
	finish(): void {
		for (const { host, bar, text, done } of this.#bars.values()) {
			host.classList.add("cw-progress-done");
			if (bar.hasAttribute("value")) continue;
			bar.max = 1;
			bar.value = done > 0 ? 1 : 0;
			if (done === 0) text.textContent = "nothing came";
		}
	}

	/** Updates (or makes) the bar of this label and gives its element. `elapsed` in milliseconds. */
	update(progress: Progress, elapsed: number): HTMLElement {
		const { label, done, total } = progress;
		let found = this.#bars.get(label);
		if (!found) {
			const bar = element("progress", { "aria-label": label });
			const text = element("span", { class: "cw-progress-text" });
			const host = element(
				"div",
				{ class: "cw-progress" },
				element("span", { class: "cw-progress-label" }, label),
				bar,
				text,
			);
			found = { host, bar, text, done };
			this.#bars.set(label, found);
		}
		found.done = done;
		if (total !== undefined) {
			found.bar.max = total;
			found.bar.value = Math.min(done, total);
		}
		found.host.classList.toggle("cw-progress-done", total !== undefined && done >= total);
		found.text.textContent = progressText(progress, elapsed);
		return found.host;
	}
}

/** Shorter than this a rate says nothing yet. */
const firstRate = 50;

/** `4.20 of 9.94 MiB · 8.31 MiB/s · 1 s left`; of what is done `129 pages · 43 pages/s · in 3.0 s`. */
export function progressText({ done, total, unit }: Progress, elapsed: number): string {
	const rate = elapsed > firstRate && done > 0 ? (done / elapsed) * 1000 : undefined;
	const amount = (n: number) => (unit === "bytes" ? formatBytes(n) : formatCount(Math.round(n)));
	const isDone = total !== undefined && done >= total;
	const whole = total === undefined || isDone ? "" : ` of ${amount(total)}`;
	const counted = (total ?? done) === 1 ? unit.slice(0, -1) : unit;
	const parts = [`${amount(done)}${whole}${unit === "bytes" ? "" : ` ${counted}`}`];
	if (rate) parts.push(unit === "bytes" ? `${formatBytes(rate)}/s` : `${rateText(rate)} ${unit}/s`);
	if (isDone && rate) parts.push(`in ${formatDuration(elapsed)}`);
	else if (total !== undefined && rate) parts.push(`${timeLeft(((total - done) / rate) * 1000)} left`);
	return parts.join(" · ");
}

function rateText(rate: number): string {
	return rate >= 10 ? formatCount(Math.round(rate)) : String(Number(rate.toPrecision(2)));
}

/** Whole seconds: tenths of a guess would only flicker. */
function timeLeft(milliseconds: number): string {
	const seconds = Math.ceil(milliseconds / 1000);
	return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000);
}
