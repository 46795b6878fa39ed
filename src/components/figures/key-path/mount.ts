/** The keys figure alive: an index that is typed or slid, and either end of the path lit with the other. */
import {
	elementOf,
	type KeyedElement,
	type KeyPathProps,
	keyedElement,
	keyPathGrid,
} from "../../../lib/plan/key-path.ts";
import { describeHolds, keyPathTwin, layoutNames } from "../../../lib/plan/key-path-text.ts";
import { figureId, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { axisWords, bandStyle, keyPathHtml, layoutsMarkup } from "./static.ts";

/** What is lit: an axis everywhere, or the elements of one layout's object. */
type Lit = { axis: number } | { layout: KeyedElement["layout"] } | undefined;

export function mount(host: HTMLElement, given: KeyPathProps): MountedFigure {
	const props = { ...given };
	const grid = keyPathGrid(props);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = keyPathHtml(props, figureId());
	const body = part<HTMLElement>(host, ".cw-fig-body");
	const id = body.dataset.id ?? figureId();
	const form = part<HTMLFormElement>(host, ".cw-fig-kp-form");
	const layouts = part<HTMLElement>(host, ".cw-fig-kp-layouts");
	const holds = part<HTMLElement>(host, ".cw-fig-kp-holds");
	const rows = [...form.querySelectorAll<HTMLElement>(".cw-fig-kp-axis")];
	const index = [...elementOf(props)];
	const events = new AbortController();
	const { signal } = events;
	const say = debounced(() => updateTwin(host, keyPathTwin(props, index)));
	/** Lit by the pointer, by the focus, and by a press that holds it where there is no pointer to hover. */
	let pointed: Lit;
	let focused: Lit;

	function rangeInput(axis: number): HTMLInputElement {
		return part(rows[axis], 'input[type="range"]');
	}

	function numberInput(axis: number): HTMLInputElement {
		return part(rows[axis], 'input[type="number"]');
	}

	function draw(): void {
		layouts.innerHTML = layoutsMarkup(props, index, id);
		for (const [axis, row] of rows.entries()) {
			part(row, "output").textContent = axisWords(index[axis], grid.chunks[axis]);
			rangeInput(axis).setAttribute(
				"aria-valuetext",
				`${index[axis]}: ${axisWords(index[axis], grid.chunks[axis])}`,
			);
		}
		light();
		say(undefined);
	}

	/** Marks what belongs to the axis or object that is pointed at or has the focus. */
	function light(): void {
		const lit = pointed ?? focused;
		const axis = lit && "axis" in lit ? String(lit.axis) : undefined;
		const object = lit && "layout" in lit ? keyedElement(props, lit.layout, index) : undefined;
		host.classList.toggle("cw-fig-kp-lighting", lit !== undefined);
		for (const element of host.querySelectorAll<HTMLElement>("[data-axis]")) {
			element.classList.toggle("cw-fig-lit", element.dataset.axis === axis);
		}
		for (const section of layouts.querySelectorAll<HTMLElement>(".cw-fig-kp-layout")) {
			section.classList.toggle("cw-fig-lit", section.dataset.layout === object?.layout);
		}
		for (const [i, row] of rows.entries()) {
			const start = Math.floor(index[i] / grid.chunks[i]) * grid.chunks[i];
			const range = object?.holds[i] ?? [start, Math.min(grid.shape[i], start + grid.chunks[i])];
			part(row, ".cw-fig-track").setAttribute("style", bandStyle(range, grid.shape[i]));
			row.classList.toggle("cw-fig-kp-held", object !== undefined);
		}
		const words = object
			? `The object ${object.key} (${layoutNames[object.layout]}) holds ${describeHolds(object, grid.dims)}.`
			: "";
		if (holds.textContent !== words) holds.textContent = words;
	}

	/** What an element of the figure stands for. */
	function litBy(target: EventTarget | null): Lit {
		if (!(target instanceof Element)) return undefined;
		const axis = target.closest<HTMLElement>("[data-axis]")?.dataset.axis;
		if (axis !== undefined) return { axis: Number(axis) };
		const object = target.closest<HTMLElement>(".cw-fig-kp-object, .cw-fig-kp-key");
		const layout = object?.closest<HTMLElement>("[data-layout]")?.dataset.layout;
		return layout ? { layout: layout as KeyedElement["layout"] } : undefined;
	}

	/** An index that the reader typed or slid; what is no place of the array is said and changes nothing. */
	function set(axis: number, text: string): void {
		const value = Number(text);
		const fits = text.trim() !== "" && Number.isInteger(value) && value >= 0 && value < grid.shape[axis];
		numberInput(axis).setAttribute("aria-invalid", String(!fits));
		if (!fits) {
			part(rows[axis], "output").textContent = `whole numbers, 0 to ${grid.shape[axis] - 1}`;
			return;
		}
		index[axis] = value;
		if (numberInput(axis).value !== text) numberInput(axis).value = text;
		rangeInput(axis).value = text;
		draw();
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener(
		"input",
		(event) => {
			const input = event.target as HTMLInputElement;
			const row = input.closest<HTMLElement>("[data-axis]");
			if (row) return set(Number(row.dataset.axis), input.value);
			props.separator = input.checked ? "/" : ".";
			draw();
		},
		{ signal },
	);
	// What was typed and does not fit goes when the reader leaves it.
	form.addEventListener(
		"focusout",
		(event) => {
			const input = event.target as HTMLInputElement;
			const row = input.closest<HTMLElement>("[data-axis]");
			if (row && input.getAttribute("aria-invalid") === "true") {
				const axis = Number(row.dataset.axis);
				input.value = String(index[axis]);
				set(axis, input.value);
			}
		},
		{ signal },
	);

	host.addEventListener(
		"pointerover",
		(event) => {
			if (event.pointerType !== "mouse") return;
			pointed = litBy(event.target);
			light();
		},
		{ signal },
	);
	host.addEventListener(
		"pointerleave",
		() => {
			pointed = undefined;
			light();
		},
		{ signal },
	);
	for (const type of ["focusin", "click"] as const) {
		host.addEventListener(
			type,
			(event) => {
				focused = litBy(event.target);
				light();
			},
			{ signal },
		);
	}
	host.addEventListener(
		"focusout",
		(event) => {
			if (host.contains(event.relatedTarget as Node | null)) return;
			focused = undefined;
			light();
		},
		{ signal },
	);
	host.addEventListener(
		"keydown",
		(event) => {
			if (event.key === "Escape") {
				pointed = undefined;
				focused = undefined;
				return light();
			}
			const key = (event.target as Element).closest(".cw-fig-kp-key");
			if (key && walk([...key.querySelectorAll<HTMLElement>("button")], event.key)) event.preventDefault();
		},
		{ signal },
	);

	/** Moves through the numbers of a key: one tab stop, arrows along it. */
	function walk(parts: HTMLElement[], key: string): boolean {
		const at = parts.indexOf(document.activeElement as HTMLElement);
		const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: parts.length - 1 }[key];
		if (at < 0 || to === undefined) return false;
		const next = parts[Math.max(0, Math.min(parts.length - 1, to))];
		for (const other of parts) other.tabIndex = other === next ? 0 : -1;
		next.focus();
		return true;
	}

	// What the reader changed before this script was there.
	for (const axis of rows.keys()) {
		const touched = [numberInput(axis), rangeInput(axis)]
			.map(({ value }) => (value === "" ? Number.NaN : Number(value)))
			.find((value) => value !== index[axis] && Number.isInteger(value));
		if (touched !== undefined && touched >= 0 && touched < grid.shape[axis]) index[axis] = touched;
		numberInput(axis).value = rangeInput(axis).value = String(index[axis]);
	}
	const nested = form.querySelector<HTMLInputElement>('[data-check="nested"]');
	if (nested) props.separator = nested.checked ? "/" : ".";
	focused = litBy(
		document.activeElement && host.contains(document.activeElement) ? document.activeElement : null,
	);
	host.dataset.ready = "";
	draw();
	return {
		destroy() {
			events.abort();
			say.cancel();
			delete host.dataset.ready;
		},
	};
}
