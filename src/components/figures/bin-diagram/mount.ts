/** The bin diagram alive: the axis grows and bins widen as they are dragged, and slide to the other end. */
import { isChunkwiseError } from "../../../lib/errors.ts";
import { methodRules } from "../../../lib/multiscale/methods.ts";
import {
	axesOf,
	type BinDiagramProps,
	type BinSetting,
	binLevels,
	binSetting,
} from "../../../lib/plan/bin-diagram.ts";
import { binTwin } from "../../../lib/plan/bin-diagram-text.ts";
import { figureId, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { stripOf } from "./layout.ts";
import { binDiagramHtml, formulasMarkup, rowsMarkup } from "./static.ts";

/** What is dragged, and how it was when it was taken. */
interface Drag {
	kind: "length" | "factor" | "shift";
	level: number;
	x: number;
	from: BinSetting;
	/** Pixels of one element of the image. */
	unit: number;
}

export function mount(host: HTMLElement, props: BinDiagramProps): MountedFigure {
	const axes = axesOf(props);
	let setting = binSetting(props);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = binDiagramHtml(props, figureId());
	const bins = part<HTMLElement>(host, ".cw-fig-bins");
	const form = part<HTMLFormElement>(host, ".cw-fig-bin-controls");
	const formulas = part<HTMLElement>(host, ".cw-fig-formulas");
	const problem = part<HTMLElement>(host, ".cw-fig-alert");
	const events = new AbortController();
	const { signal } = events;
	const say = debounced((now: BinSetting) => updateTwin(host, binTwin(props, now)));
	let drag: Drag | undefined;

	const input = (name: string) => part<HTMLInputElement>(form, `input[name="${name}"]`);
	const chosen = (what: "axis" | "method") =>
		form.querySelector<HTMLInputElement>(`input[type="radio"][name$="-${what}"]:checked`)?.value;

	/** What the controls say: the reader may have touched them before this script was here. */
	function readControls(): BinSetting {
		return {
			...setting,
			length: Number(input("length").value),
			factors: setting.factors.map((_, i) => Number(input(`factor${i + 1}`).value)),
			method: (chosen("method") ?? setting.method) as BinSetting["method"],
		};
	}

	function show(next: BinSetting): void {
		setting = next;
		writeControls();
		try {
			bins.innerHTML = rowsMarkup(setting);
			formulas.innerHTML = formulasMarkup(setting);
			problem.hidden = true;
			problem.textContent = "";
			say(setting);
		} catch (error) {
			if (!isChunkwiseError(error)) throw error;
			say.cancel();
			problem.textContent = `${error.message} ${error.remedy}`;
			problem.hidden = false;
		}
	}

	function writeControls(): void {
		const write = (name: string, value: number) => {
			input(name).value = String(value);
			part(form, `[data-slider="${name}"] output`).textContent = String(value);
		};
		write("length", setting.length);
		for (const [i, factor] of setting.factors.entries()) write(`factor${i + 1}`, factor);
		for (const radio of form.querySelectorAll<HTMLInputElement>('input[type="radio"]')) {
			radio.checked = radio.name.endsWith("-method")
				? radio.value === setting.method
				: axes[Number(radio.value)].length === setting.length &&
					axes[Number(radio.value)].name === setting.name;
		}
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener(
		"input",
		(event) => {
			const { type, name, value } = event.target as HTMLInputElement;
			const next = readControls();
			if (type === "radio" && name.endsWith("-axis")) show({ ...next, ...axes[Number(value)] });
			else show(next);
		},
		{ signal },
	);

	bins.addEventListener(
		"pointerdown",
		(event) => {
			if (event.button !== 0) return;
			const target = event.target as HTMLElement;
			const row = target.closest<HTMLElement>(".cw-fig-bin-row");
			const track = row && target.closest<HTMLElement>(".cw-fig-bin-track");
			if (!row || !track || !problem.hidden) return;
			const grip = target.closest<HTMLElement>("[data-grip]")?.dataset.grip;
			const level = Number(row.dataset.level);
			if (level === 0 && grip !== "length") return;
			drag = {
				kind: grip === "length" || grip === "factor" ? grip : "shift",
				level,
				x: event.clientX,
				from: setting,
				unit: track.clientWidth / stripOf(binLevels(setting)).width,
			};
			bins.setPointerCapture(event.pointerId);
			bins.dataset.drag = drag.kind;
			event.preventDefault();
		},
		{ signal },
	);
	bins.addEventListener(
		"pointermove",
		(event) => {
			if (!drag) return;
			const next = dragged(drag, event.clientX - drag.x);
			if (JSON.stringify(next) !== JSON.stringify(setting)) show(next);
		},
		{ signal },
	);
	for (const type of ["pointerup", "pointercancel"] as const) {
		bins.addEventListener(
			type,
			() => {
				drag = undefined;
				delete bins.dataset.drag;
			},
			{ signal },
		);
	}

	/** The setting after a drag by so many pixels. */
	function dragged({ kind, level, from, unit }: Drag, pixels: number): BinSetting {
		const levels = binLevels(from);
		if (kind === "length") {
			const least = from.factors.reduce((a, b) => a * b, 1);
			const length = Math.max(
				least,
				Math.min(Number(input("length").max), from.length + Math.round(pixels / unit)),
			);
			return { ...from, length };
		}
		if (kind === "factor") {
			const { size } = levels[level - 1];
			const most = Math.min(Number(input(`factor${level}`).max), levels[level - 1].length);
			const factor = Math.max(
				1,
				Math.min(most, from.factors[level - 1] + Math.round(pixels / (unit * size))),
			);
			const factors = from.factors.map((old, i) => (i === level - 1 ? factor : old));
			// A wider bin must leave the coarser levels something.
			const fits = Math.floor(from.length / factors.reduce((a, b) => a * b, 1)) > 0;
			return fits ? { ...from, factors } : setting;
		}
		// Half the way to the other end decides.
		const { droppedAtStart, droppedAtEnd } = levels[level];
		const away = (droppedAtStart + droppedAtEnd) * levels[level - 1].size * unit;
		if (away === 0 || Math.abs(pixels) < away / 2) return from;
		const atStart = methodRules[from.method].trimAt === "start";
		if (pixels < 0 && atStart) return { ...from, method: "bin-shrink" };
		if (pixels > 0 && !atStart) return { ...from, method: "mean" };
		return from;
	}

	const touched = readControls();
	const axis = axes[Number(chosen("axis") ?? 0)];
	show(axis && axis.length === touched.length ? { ...touched, ...axis } : touched);
	if (form.querySelector('input[name$="-axis"]') && chosen("axis") === undefined) writeControls();
	host.dataset.ready = "";
	return {
		destroy() {
			say.cancel();
			events.abort();
			delete host.dataset.ready;
		},
	};
}
