/** The planes of a picture: which is shown, a slider for each axis, and the values of planes as the kernel gives them. */
import type { PictureDisplay, PlaneAnswer, PlaneAxis } from "../../../lib/display.ts";
import { element } from "./element.ts";
import { askKernel, newestOnly } from "./live.ts";
import { shortUnit } from "./picture-frame.ts";

/** Planes that were looked at are kept up to this many bytes, so that going back needs no kernel. */
const keptBytes = 64 * 2 ** 20;
/** A plane that takes longer than this says that it is on its way. */
const slowAfter = 400;

type Plane = PlaneAnswer;

export class Planes {
	/** One slider for each axis, and what is said of the plane that is on its way. */
	readonly controls: HTMLElement;
	/** The indices that are shown, one for each axis. */
	index: number[];
	readonly #axes: PlaneAxis[];
	readonly #source: string | undefined;
	readonly #kept = new Map<string, Plane>();
	readonly #sliders: HTMLInputElement[];
	readonly #places: HTMLElement[];
	readonly #notice = element("p", { class: "cw-notice cw-picture-waits", role: "status", hidden: "" });
	readonly #show: (plane: Plane, index: number[]) => void;

	/** `show` draws a plane whose values are here. */
	constructor(model: PictureDisplay, show: (plane: Plane, index: number[]) => void) {
		this.#axes = model.planes ?? [];
		this.#source = model.source;
		this.#show = show;
		this.index = this.#axes.map(({ at }) => at);
		this.#keep(this.index, { data: model.data, window: model.window, range: model.range });
		this.#sliders = this.#axes.map((axis) =>
			element("input", {
				type: "range",
				min: "0",
				max: String(axis.count - 1),
				step: "1",
				"aria-label": axis.name,
			}),
		);
		this.#places = this.#axes.map(() => element("output", { "aria-hidden": "true" }));
		const want = newestOnly((index: number[]) => this.#fetch(index));
		this.#sliders.forEach((slider) => {
			slider.disabled = !this.#source;
			slider.addEventListener("input", () => {
				const index = this.#sliders.map(({ valueAsNumber }) => valueAsNumber);
				this.#place(index);
				const kept = this.#kept.get(index.join());
				if (kept) this.#arrived(index, kept);
				else want(index);
			});
		});
		this.controls = element("div", { class: "cw-picture-planes", role: "group", "aria-label": "Plane" });
		this.#axes.forEach((axis, i) => {
			if (axis.count < 2) return;
			const name = element("span", { "aria-hidden": "true" }, axis.name);
			this.controls.append(element("label", {}, name, this.#sliders[i], this.#places[i]));
		});
		if (!this.#source) this.#say("Run this cell to move through the planes.");
		this.controls.append(this.#notice);
		this.#place(this.index);
	}

	/** The next plane (`by` 1) or the one before along the axis that has the most of them. */
	step(by: number): void {
		const counts = this.#axes.map(({ count }) => count);
		const slider = this.#sliders[counts.indexOf(Math.max(...counts))];
		if (!slider || slider.disabled) return;
		const before = slider.value;
		slider.valueAsNumber += by;
		if (slider.value !== before) slider.dispatchEvent(new Event("input"));
	}

	/** Where the plane lies that is shown: `z 50 µm (100 of 0 to 128)`. */
	get words(): string {
		return this.#axes.map((axis, i) => placeInWords(axis, this.index[i])).join(", ");
	}

	async #fetch(index: number[]): Promise<void> {
		const slow = setTimeout(() => this.#say("The plane is on its way …"), slowAfter);
		try {
			const plane = await askKernel<Plane>(this.#source as string, { plane: index });
			this.#keep(index, plane);
			// Meanwhile the reader may have gone on to another that was kept.
			if (this.#sliders.every(({ valueAsNumber }, i) => valueAsNumber === index[i]))
				this.#arrived(index, plane);
		} catch (error) {
			this.#place(this.index);
			this.#say((error as Error).message);
		} finally {
			clearTimeout(slow);
		}
	}

	#arrived(index: number[], plane: Plane): void {
		this.#say("");
		this.index = index;
		this.#show(plane, index);
	}

	#say(text: string): void {
		this.#notice.textContent = text;
		this.#notice.hidden = text === "";
	}

	/** Sliders and numbers at these indices. */
	#place(index: readonly number[]): void {
		this.#axes.forEach((axis, i) => {
			this.#sliders[i].value = String(index[i]);
			this.#sliders[i].setAttribute("aria-valuetext", placeInWords(axis, index[i]));
			this.#places[i].replaceChildren(
				`${index[i]}`,
				element("span", {}, ` of 0–${axis.count - 1}`),
				...(isPlain(axis) ? [] : [` · ${coordinate(axis, index[i])}`]),
			);
		});
	}

	#keep(index: readonly number[], plane: Plane): void {
		this.#kept.set(index.join(), plane);
		let bytes = 0;
		for (const { data } of this.#kept.values()) bytes += data.byteLength;
		for (const [key, { data }] of this.#kept) {
			if (bytes <= keptBytes || this.#kept.size < 2) return;
			bytes -= data.byteLength;
			this.#kept.delete(key);
		}
	}
}

function placeInWords(axis: PlaneAxis, index: number): string {
	const place = isPlain(axis) ? "" : ` ${coordinate(axis, index)},`;
	return `${axis.name}${place} index ${index} of 0 to ${axis.count - 1}`;
}

/** Whether coordinates would only repeat the indices. */
function isPlain({ first, step, unit }: PlaneAxis): boolean {
	return first === 0 && step === 1 && !unit;
}

function coordinate({ first, step, unit }: PlaneAxis, index: number): string {
	return `${Number((first + index * step).toPrecision(6))}${unit ? ` ${shortUnit(unit)}` : ""}`;
}
