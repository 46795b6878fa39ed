/** A slider for each axis that is not drawn, and for the depth of a plane that is shown alone. */
import { shownPlanes } from "./panels.ts";
import type { ViewerState } from "./state.ts";
import { positionText } from "./words.ts";

/** Builds the sliders anew; they are few. */
export function axisSliders(host: HTMLElement, state: ViewerState, changed: () => void): { show(): void } {
	host.replaceChildren();
	const { image } = state;
	const [plane] = shownPlanes(state);
	const drawn = new Set(state.planes.flatMap(({ horizontal, vertical }) => [horizontal, vertical]));
	const axes = image.axes.flatMap(({ role }, axis) => {
		if (role === "channel") return [];
		const isThrough = state.layout === "plane" && axis === plane.depth;
		return (isThrough || !drawn.has(axis)) && image.levels[0].shape[axis] > 1 ? [axis] : [];
	});
	const sliders = axes.map((axis) => {
		const { name, unit } = image.axes[axis];
		const [finest] = image.levels;
		const isDepth = axis === plane.depth;
		const box = document.createElement("div");
		box.className = "cw-fig-slider";
		const id = `${host.dataset.id}-${axis}`;
		box.innerHTML = `<label for="${id}"></label><output for="${id}"></output><span class="cw-fig-track"><input type="range" id="${id}" min="0" step="1"></span>`;
		const [label, output, input] = ["label", "output", "input"].map((tag) => box.querySelector(tag)) as [
			HTMLLabelElement,
			HTMLOutputElement,
			HTMLInputElement,
		];
		label.textContent = name;
		input.max = String(finest.shape[axis] - 1);
		input.addEventListener("input", () => {
			const at = [...state.view.at];
			const index = input.valueAsNumber;
			at[axis] = isDepth ? finest.translation[axis] + index * finest.scale[axis] : index;
			state.go({ at });
			changed();
		});
		host.append(box);
		return () => {
			const at = state.view.at[axis];
			const index = isDepth ? Math.round((at - finest.translation[axis]) / finest.scale[axis]) : at;
			input.value = String(index);
			const position = finest.translation[axis] + index * finest.scale[axis];
			const text = `${index} of ${finest.shape[axis]}${unit ? `, ${positionText(position, finest.scale[axis], unit)}` : ""}`;
			output.textContent = text;
			input.setAttribute("aria-valuetext", text);
		};
	});
	return {
		show() {
			for (const show of sliders) show();
		},
	};
}
