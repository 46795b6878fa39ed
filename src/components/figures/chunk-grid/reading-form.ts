/** The controls of what is read: a slice, a box, a voxel or all, and where. */
import type { ChunkGrid } from "../../../lib/plan/grid.ts";
import { part } from "../live.ts";
import type { ReadingKind, ReadingState } from "./state.ts";
import { sliderWords, tickMarks } from "./static.ts";

export interface ReadingForm {
	/** Reads a slice. */
	slice(axis: number, index: number): void;
	/** Moves what is read along some axes. */
	place(places: readonly (readonly [axis: number, index: number])[]): void;
	/** Marks on the sliders where other chunks begin. */
	recut(grid: ChunkGrid): void;
}

/**
 * Brings the form in `host` to life, and takes over what the reader has set before.
 * @param state what the controls change
 * @param changed called after each change
 */
export function readingForm(
	host: HTMLElement,
	grid: ChunkGrid,
	state: ReadingState,
	changed: () => void,
	signal: AbortSignal,
): ReadingForm {
	const form = part<HTMLFormElement>(host, ".cw-fig-panel > .cw-fig-controls");
	const drawn = [...form.querySelectorAll<HTMLElement>(".cw-fig-sliders > [data-axis]")];
	const edge = part<HTMLElement>(form, "[data-edge]");

	/** Shows the sliders that the kind of reading has, and their values. */
	function show(): void {
		const several = state.kind === "box" || state.kind === "voxel";
		for (const slider of drawn) {
			const axis = Number(slider.dataset.axis);
			slider.hidden = !(several || (state.kind === "slice" && axis === state.axis));
			part(slider, "label > span").textContent = sliderWords[state.kind];
			const input = part<HTMLInputElement>(slider, "input");
			// A box ends within the array.
			const room = state.kind === "box" ? Math.min(state.edge, grid.shape[axis]) : 1;
			input.max = String(Math.max(0, grid.shape[axis] - room));
			input.value = String(state.at[axis]);
			part(slider, "output").textContent = input.value;
		}
		edge.hidden = state.kind !== "box";
		const value = state.kind === "slice" ? String(state.axis) : state.kind;
		const radio = form.querySelector<HTMLInputElement>(`input[type="radio"][value="${value}"]`);
		if (radio) radio.checked = true;
	}

	function choose(value: string): void {
		const axis = Number(value);
		if (Number.isInteger(axis)) Object.assign(state, { kind: "slice", axis });
		else state.kind = value as ReadingKind;
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener(
		"input",
		(event) => {
			const input = event.target as HTMLInputElement;
			const slider = input.closest<HTMLElement>(".cw-fig-slider");
			if (input.type === "radio") {
				choose(input.value);
				show();
			} else if (slider) {
				part(slider, "output").textContent = input.value;
				if (slider === edge) {
					state.edge = Number(input.value);
					show();
				} else state.at[Number(slider.dataset.axis)] = Number(input.value);
			}
			changed();
		},
		{ signal },
	);

	// What the reader set before this script was there.
	const pressed = form.querySelector<HTMLInputElement>('input[type="radio"]:checked');
	if (pressed) choose(pressed.value);
	for (const slider of form.querySelectorAll<HTMLElement>("[data-axis]")) {
		state.at[Number(slider.dataset.axis)] = Number(part<HTMLInputElement>(slider, "input").value);
	}
	show();

	return {
		slice(axis, index) {
			state.at[axis] = index;
			choose(String(axis));
			show();
			changed();
		},
		place(places) {
			for (const [axis, index] of places) state.at[axis] = index;
			show();
			changed();
		},
		recut(now) {
			for (const slider of form.querySelectorAll<HTMLElement>("[data-axis]")) {
				const axis = Number(slider.dataset.axis);
				part(slider, ".cw-fig-ticks").innerHTML = tickMarks(grid.shape[axis], now.chunks[axis]);
			}
		},
	};
}
