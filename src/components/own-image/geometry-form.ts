/** What the file says of its axes, for the reader to correct: what the pages are, how far apart samples lie. */
import type { GeometryChange } from "../../lib/convert/regeometry.ts";
import type { ImageToStore } from "../../lib/plan/conversion-plan.ts";
import { element } from "../cell/displays/element.ts";
import { part } from "../figures/live.ts";
import type { ImageFacts } from "./messages.ts";

const lengths = ["micrometer", "nanometer", "millimeter", "centimeter", "meter", "angstrom"];
const spans = ["second", "millisecond", "minute", "hour"];

/** An image as the reader says it is, and what of that the file does not say. */
export interface SaidImage {
	image: ImageToStore;
	change: GeometryChange;
	corrected: { dims: boolean; scale: boolean; units: boolean };
	/** Axes of space without a unit. */
	unsized: string[];
}

export class GeometryForm {
	readonly #form: HTMLFormElement;
	#facts?: ImageFacts;

	constructor(form: HTMLFormElement, changed: () => void, signal: AbortSignal) {
		this.#form = form;
		form.addEventListener("submit", (event) => event.preventDefault(), { signal });
		form.addEventListener(
			"input",
			({ target }) => {
				if ((target as HTMLElement).getAttribute("name") === "pages") this.#fields();
				this.#warn();
				changed();
			},
			{ signal },
		);
	}

	/** Takes over what the file says. */
	show(facts: ImageFacts): void {
		this.#facts = facts;
		const [first] = facts.dims;
		const pages = part(this.#form, "[data-part=pages-are]") as HTMLElement;
		// Where names of channels are given the file knows what they are.
		pages.hidden = facts.dims.length !== 3 || facts.channels.length > 0;
		this.#pages.value = first;
		this.#fields();
		this.#warn();
	}

	get said(): SaidImage {
		const facts = this.#facts as ImageFacts;
		const dims = this.#dims(facts);
		const scale: Record<string, number> = {};
		const units: Record<string, string> = {};
		for (const dim of dims) {
			const step = this.#input(`scale-${dim}`)?.valueAsNumber;
			const unit = this.#input(`unit-${dim}`)?.value;
			if (step !== undefined && step > 0) scale[dim] = step;
			if (unit) units[dim] = unit;
		}
		const before = (values: Record<string, number>, dim: string) =>
			facts.dims.includes(dim) ? (values[dim] ?? 1) : 1;
		const all = Object.fromEntries(dims.map((dim) => [dim, scale[dim] ?? before(facts.scale, dim)]));
		const origin = Object.fromEntries(
			dims.map((dim) => [dim, facts.dims.includes(dim) ? (facts.translation[dim] ?? 0) : 0]),
		);
		const corrected = {
			dims: dims.join() !== facts.dims.join(),
			scale: dims.some((dim) => all[dim] !== before(facts.scale, dim)),
			units: dims.some((dim) => (units[dim] ?? "") !== (facts.units[dim] ?? "")),
		};
		const { name, shape, dtype, stored } = facts;
		return {
			image: { name, dims, shape, dtype, stored, scale: all, translation: origin, units },
			change: { ...(corrected.dims ? { dims } : {}), scale: all, units },
			corrected,
			unsized: dims.filter((dim) => "zyx".includes(dim) && !units[dim]),
		};
	}

	/** Puts back what the reader had said, in a conversion that is gone on with. */
	restore({ dims, scale = {}, units = {} }: GeometryChange): void {
		if (dims) this.#pages.value = dims[0];
		this.#fields();
		for (const [dim, step] of Object.entries(scale)) this.#set(`scale-${dim}`, String(step));
		for (const [dim, unit] of Object.entries(units)) this.#set(`unit-${dim}`, unit);
		this.#warn();
	}

	get #pages(): HTMLSelectElement {
		return part(this.#form, "select[name=pages]");
	}

	#dims(facts: ImageFacts): string[] {
		const pages = part<HTMLElement>(this.#form, "[data-part=pages-are]");
		return pages.hidden ? facts.dims : [this.#pages.value, ...facts.dims.slice(1)];
	}

	#input(name: string): HTMLInputElement | null {
		return this.#form.querySelector(`[name="${name}"]`);
	}

	#set(name: string, value: string): void {
		const input = this.#input(name);
		if (input) input.value = value;
	}

	#fields(): void {
		const facts = this.#facts as ImageFacts;
		const rows = this.#dims(facts).flatMap((dim) => {
			if (dim === "c") return [];
			const known = facts.dims.includes(dim);
			const step = known ? facts.scale[dim] : 1;
			const unit = known ? facts.units[dim] : undefined;
			return [sizeField(dim, step, unit)];
		});
		part(this.#form, "[data-part=sizes]").replaceChildren(...rows);
	}

	#warn(): void {
		const warning = part<HTMLElement>(this.#form, "[data-part=unsized]");
		const { unsized } = this.said;
		warning.hidden = unsized.length === 0;
		warning.textContent = `No unit is known along ${unsized.join(", ")}: nobody can measure in such an image. Give the pixel size and its unit now. It is the first thing that gets lost.`;
	}
}

function sizeField(dim: string, step: number, unit: string | undefined): HTMLElement {
	const time = dim === "t";
	const known = unit !== undefined || step !== 1;
	const what = time ? "Time between points" : `Voxel along ${dim}`;
	const names = time ? spans : lengths;
	const select = element("select", { name: `unit-${dim}`, "aria-label": `Unit along ${dim}` });
	select.append(element("option", { value: "" }, "unit not known"));
	for (const name of new Set([...names, ...(unit ? [unit] : [])])) {
		select.append(element("option", { value: name }, name));
	}
	select.value = unit ?? "";
	const input = element("input", {
		type: "number",
		name: `scale-${dim}`,
		min: "0",
		step: "any",
		inputmode: "decimal",
		placeholder: "1",
		value: known ? String(Number(step.toPrecision(7))) : "",
	});
	const label = element("label", { class: "cw-own-field" }, element("span", {}, what), input);
	return element("span", { class: "cw-own-size" }, label, select);
}
