/** The lab's second figure: files and requests as the reader changes the chunk, the plane and the shards. */
import {
	type CompressionLabProps,
	chunkSides,
	chunkSizeCosts,
	labImage,
} from "../../../lib/plan/compression-lab.ts";
import { chunkSizeTwin } from "../../../lib/plan/compression-lab-text.ts";
import type { DataType } from "../../../lib/types.ts";
import { typeset, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { filesChart } from "./plots.ts";

export interface SizesFigure {
	/** Draws for the width there is. */
	draw(): void;
	/** Counts the files of another image. */
	show(shape: number[], dtype: DataType): void;
}

export function followSizes(
	figure: HTMLElement,
	given: CompressionLabProps,
	chart: typeof filesChart,
	signal: AbortSignal,
): SizesFigure {
	let props = given;
	const place = part<HTMLElement>(figure, "[data-part=files]");
	const slider = part<HTMLInputElement>(figure, "input[type=range]");
	const checked = (name: string) =>
		Number(part<HTMLInputElement>(figure, `input[name$="-${name}"]:checked`).value);
	const say = debounced((twin: Parameters<typeof updateTwin>[1]) => updateTwin(figure, twin));

	function draw(): void {
		const image = labImage(props);
		const sides = chunkSides(image);
		const side = sides[Math.min(Number(slider.value), sides.length - 1)];
		const choice = { side, axis: checked("plane"), perShard: checked("shard") };
		const shown = side === sides[sides.length - 1] ? "whole image" : String(side);
		part(figure, "output").textContent = shown;
		slider.setAttribute("aria-valuetext", shown);
		const size = { width: Math.max(280, place.clientWidth), height: place.clientHeight };
		place.innerHTML = chart(chunkSizeCosts(image, choice.axis, choice.perShard), side, size);
		const twin = chunkSizeTwin(props, choice);
		part(figure, ".cw-fig-summary").textContent = typeset(twin.summary);
		part(figure, "caption").textContent = twin.caption;
		say(twin);
	}

	figure.addEventListener("input", draw, { signal });
	figure.addEventListener("submit", (event) => event.preventDefault(), { signal });
	signal.addEventListener("abort", () => say.cancel());
	draw();
	return {
		draw,
		show(shape, dtype) {
			const { shape: before } = labImage(props);
			// The plane's axes have names: an image with other axes keeps the figure as it is.
			if (shape.length !== before.length || String(shape) === String(before)) return;
			props = { ...props, shape, dtype, dims: undefined };
			slider.max = String(chunkSides(labImage(props)).length - 1);
			draw();
		},
	};
}
