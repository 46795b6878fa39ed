/** The line that chunks come over: one of those with a name, or one's own by two sliders. */
import type { Line } from "../../lib/bucket/slow-store.ts";
import { formatBits, lineDials } from "../../lib/plan/lines.ts";
import { viewerLines } from "../../lib/viewer/props.ts";
import { part } from "../figures/live.ts";

export interface LineControls {
	/** The line as it is chosen now; `{}` for the line as it is. */
	line(): Line;
	/** Offers it only where chunks come over one. */
	offer(isSlowable: boolean): void;
}

/**
 * @param first name of the line to begin with
 * @param changed hears of another line
 */
export function lineControls(
	host: HTMLElement,
	first: string | undefined,
	changed: (line: Line) => void,
	signal: AbortSignal,
): LineControls {
	const select = part<HTMLSelectElement>(host, "select[name=line]");
	const box = part<HTMLElement>(host, ".cw-viewer-line");
	const dials = (["latency", "bandwidth"] as const).map((name) => ({
		name,
		input: part<HTMLInputElement>(box, `input[name=${name}]`),
		values: lineDials[name] as readonly number[],
		text: name === "latency" ? (ms: number) => `${ms}\u00a0ms` : formatBits,
	}));
	if (first) select.value = first;
	show();

	/** The named line's place on the sliders, from where one's own begins. */
	function show(): void {
		const known = viewerLines.find(({ name }) => name === select.value);
		box.hidden = select.value === "as it is";
		for (const { name, input, values, text } of dials) {
			const value = known?.[name];
			if (value !== undefined) input.value = String(values.findLastIndex((step) => step <= value));
			const words = text(values[input.valueAsNumber]);
			const place = input.closest(".cw-fig-slider")?.querySelector("output");
			if (place) place.textContent = words;
			input.setAttribute("aria-valuetext", words);
		}
	}

	function line(): Line {
		const known = viewerLines.find(({ name }) => name === select.value);
		if (known) return { latency: known.latency, bandwidth: known.bandwidth };
		return Object.fromEntries(dials.map(({ name, input, values }) => [name, values[input.valueAsNumber]]));
	}

	select.addEventListener(
		"change",
		() => {
			show();
			changed(line());
		},
		{ signal },
	);
	box.addEventListener(
		"input",
		() => {
			select.value = "own";
			show();
			changed(line());
		},
		{ signal },
	);
	return {
		line,
		offer(isSlowable) {
			part<HTMLElement>(host, ".cw-viewer-line-field").hidden = !isSlowable;
			box.hidden ||= !isSlowable;
		},
	};
}
