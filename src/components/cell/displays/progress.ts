/** Progress bars of one run, one for each label, updated in place. */
import { formatBytes } from "../../../lib/format.ts";
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

/** `4.20 of 9.94 MiB · 8.31 MiB/s · 1 s left`. */
export function progressText({ done, total, unit }: Progress, elapsed: number): string {
	const rate = elapsed > 50 ? (done / elapsed) * 1000 : undefined;
	const amount = (n: number) => (unit === "bytes" ? formatBytes(n) : `${Math.round(n)}`);
	const parts = [
		total === undefined
			? `${amount(done)}${unit === "bytes" ? "" : ` ${unit}`}`
			: `${amount(done)} of ${amount(total)}${unit === "bytes" ? "" : ` ${unit}`}`,
	];
	if (rate && unit === "bytes") parts.push(`${formatBytes(rate)}/s`);
	if (rate && total !== undefined && done < total) parts.push(`${Math.ceil((total - done) / rate)} s left`);
	return parts.join(" · ");
}
