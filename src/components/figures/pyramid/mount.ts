/** The pyramid alive: a voxel picked by pointing at a level or by sliders, and the blocks that it came from. */
import { type PickedVoxel, type PyramidProps, pickVoxel, pyramidPlan } from "../../../lib/plan/pyramid.ts";
import { pyramidTwin } from "../../../lib/plan/pyramid-text.ts";
import type { FaceName } from "../axonometry.ts";
import { figureId, typeset, updateTwin } from "../html.ts";
import { debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { PyramidPicture } from "./scene.ts";
import { pickMarkup, pickReadings, pyramidHtml } from "./static.ts";

export function mount(host: HTMLElement, props: PyramidProps): MountedFigure {
	const plan = pyramidPlan(props);
	const picture = new PyramidPicture(plan);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = pyramidHtml(props, figureId());
	const svg = part<SVGSVGElement>(host, ".cw-fig-pyramid-picture > svg");
	const marks = part<SVGGElement>(svg, ".cw-fig-pick");
	const form = part<HTMLFormElement>(host, ".cw-fig-controls");
	const events = new AbortController();
	const { signal } = events;
	const say = debounced((now: PickedVoxel) => updateTwin(host, pyramidTwin(props, plan, now)));
	let picked = readControls();

	/** What the controls say: the reader may have touched them before this script was here. */
	function readControls(): PickedVoxel {
		const chosen = form.querySelector<HTMLInputElement>('input[type="radio"]:checked');
		const level = Number(chosen?.value ?? plan.levels.length - 1);
		const { shape } = plan.levels[level].grid;
		const index = plan.dims.map((_, axis) => Math.min(shape[axis] - 1, Number(slider(axis).value)));
		return pickVoxel(plan, level, index);
	}

	function slider(axis: number): HTMLInputElement {
		return part<HTMLInputElement>(form, `[data-axis="${axis}"] input`);
	}

	function show(next: PickedVoxel): void {
		picked = next;
		const { shape } = plan.levels[picked.level].grid;
		for (const [axis, index] of picked.index.entries()) {
			const input = slider(axis);
			input.max = String(shape[axis] - 1);
			input.value = String(index);
			part(form, `[data-axis="${axis}"] output`).textContent = String(index);
		}
		for (const radio of form.querySelectorAll<HTMLInputElement>('input[type="radio"]')) {
			radio.checked = radio.value === String(picked.level);
		}
		marks.innerHTML = pickMarkup(picture, picked);
		for (const [name, , value] of pickReadings(plan, picked)) {
			part(host, `.cw-fig-pick-readings [data-reading="${name}"] dd`).textContent = typeset(value);
		}
		say(picked);
	}

	/** The voxel of a level that lies where a voxel of another does. */
	function sameplace(from: number, index: readonly number[], level: number): number[] {
		const [a, b] = [plan.levels[from], plan.levels[level]];
		return index.map((i, axis) => {
			const at = a.translation[axis] + i * a.scale[axis];
			const found = Math.round((at - b.translation[axis]) / b.scale[axis]);
			return Math.max(0, Math.min(b.grid.shape[axis] - 1, found));
		});
	}

	form.addEventListener("submit", (event) => event.preventDefault(), { signal });
	form.addEventListener(
		"input",
		(event) => {
			const { type, value } = event.target as HTMLInputElement;
			if (type !== "radio") return show(readControls());
			const level = Number(value);
			show(pickVoxel(plan, level, sameplace(picked.level, picked.index, level)));
		},
		{ signal },
	);

	let held: { level: number; face: FaceName } | undefined;
	const point = (event: PointerEvent) => {
		const matrix = svg.getScreenCTM();
		if (!held || !matrix) return;
		const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
		const found = picture.under(held.level, held.face, [x, y]);
		const lead = plan.dims.length - 3;
		const there = sameplace(picked.level, picked.index, held.level).map((old, axis) =>
			axis < lead ? old : (found[axis - lead] ?? old),
		);
		// Pointing at the image itself picks the voxel of the chosen level that covers the place.
		const level = held.level === 0 && picked.level > 0 ? picked.level : held.level;
		show(pickVoxel(plan, level, sameplace(held.level, there, level)));
	};
	svg.addEventListener(
		"pointerdown",
		(event) => {
			const face = (event.target as Element).closest<SVGElement>("[data-face]");
			if (!face || event.button !== 0) return;
			held = { level: Number(face.dataset.level), face: face.dataset.face as FaceName };
			svg.setPointerCapture(event.pointerId);
			point(event);
		},
		{ signal },
	);
	svg.addEventListener("pointermove", point, { signal });
	for (const type of ["pointerup", "pointercancel"] as const) {
		svg.addEventListener(
			type,
			() => {
				held = undefined;
			},
			{ signal },
		);
	}

	show(picked);
	host.dataset.ready = "";
	return {
		destroy() {
			say.cancel();
			events.abort();
			delete host.dataset.ready;
		},
	};
}
