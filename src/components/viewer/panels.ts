/** The panels of a viewer: where they lie, and what fingers, mouse and keys do on them. */

import type { Plane, PlaneName } from "../../lib/viewer/view.ts";
import { fitZoom } from "../../lib/viewer/view.ts";
import { gestures } from "../figures/viewport/gestures.ts";
import type { PlacedPanel, ViewerState } from "./state.ts";

export interface PanelActions {
	/** The view or what is shown has changed. */
	changed(): void;
	/** The pointer is over a panel, counted from its middle, or over none. */
	point(panel?: PlacedPanel, dx?: number, dy?: number): void;
}

/** The panels that are shown now, with their places on the stage. */
export function placePanels(stage: HTMLElement, state: ViewerState): PlacedPanel[] {
	const outer = stage.getBoundingClientRect();
	const shown = state.layout === "volume" ? [] : shownPlanes(state);
	const elements = [...stage.querySelectorAll<HTMLElement>(".cw-viewer-panel:not(.cw-viewer-volume)")];
	const planeOf = ({ dataset }: HTMLElement) => shown.find(({ name }) => name === dataset.plane);
	// All before one is measured: a panel that is still there takes its room from the others.
	for (const element of elements) element.hidden = !planeOf(element);
	return elements.flatMap((element) => {
		const plane = planeOf(element);
		if (!plane) return [];
		const { left, top, width, height } = element.getBoundingClientRect();
		const place = {
			x: left - outer.left - stage.clientLeft,
			y: top - outer.top - stage.clientTop,
			width,
			height,
		};
		return [{ plane, place, size: { width, height } }];
	});
}

/** Which planes the layout shows; the one that decides the level first. */
export function shownPlanes({ planes, layout, plane }: ViewerState): Plane[] {
	const one = planes.filter(({ name }) => name === plane);
	return layout === "planes" && planes.length > 1 ? planes : one.length > 0 ? one : planes.slice(0, 1);
}

/** Moves the view along an axis by so many elements of the level that is seen. */
export function step(state: ViewerState, axis: number, elements: number): void {
	const { image, view, plan } = state;
	const isIndex = image.axes[axis].role !== "space" && !state.planes.some(({ depth }) => depth === axis);
	const at = [...view.at];
	at[axis] += elements * (isIndex ? 1 : image.levels[plan.level].scale[axis]);
	state.go({ at });
}

/** Zooms so that the point under the pointer, counted from the panel's middle, stays where it is. */
export function zoomAt(state: ViewerState, { plane }: PlacedPanel, factor: number, dx = 0, dy = 0): void {
	const before = state.view.zoom;
	state.go({ zoom: before * factor });
	const after = state.view.zoom;
	const at = [...state.view.at];
	at[plane.horizontal] += dx / before - dx / after;
	at[plane.vertical] += dy / before - dy / after;
	state.go({ at });
}

/** The whole image, in the middle of the panel. */
export function showWhole(state: ViewerState): void {
	const [panel] = state.panels;
	if (!panel) return;
	const { image, view } = state;
	const at = view.at.map((position, axis) => {
		if (axis !== panel.plane.horizontal && axis !== panel.plane.vertical) return position;
		const { shape, scale, translation } = image.levels[0];
		return translation[axis] + ((shape[axis] - 1) / 2) * scale[axis];
	});
	state.go({ at, zoom: fitZoom(image, panel.plane, panel.size) });
}

/** Lets a panel be moved, zoomed and read. */
export function livePanel(
	element: HTMLElement,
	name: PlaneName,
	state: () => ViewerState | undefined,
	act: PanelActions,
	signal: AbortSignal,
): void {
	const here = (use: (now: ViewerState, panel: PlacedPanel) => void) => {
		const now = state();
		const panel = now?.panels.find(({ plane }) => plane.name === name);
		if (!now || !panel) return;
		use(now, panel);
	};
	const move = (dx: number, dy: number) =>
		here((now, { plane }) => {
			const at = [...now.view.at];
			at[plane.horizontal] += dx / now.view.zoom;
			at[plane.vertical] += dy / now.view.zoom;
			now.go({ at });
			act.changed();
		});
	gestures(element, signal, {
		pan: (dx, dy) => move(-dx, -dy),
		zoom: (factor, dx, dy) =>
			here((now, panel) => {
				zoomAt(now, panel, factor, dx, dy);
				act.changed();
			}),
		point: (dx, dy) => here((_, panel) => act.point(dx === undefined ? undefined : panel, dx, dy)),
	});
	element.addEventListener(
		"dblclick",
		(event) => {
			const { left, top, width, height } = element.getBoundingClientRect();
			move(event.clientX - left - width / 2, event.clientY - top - height / 2);
		},
		{ signal },
	);
	element.addEventListener(
		"keydown",
		(event) => {
			if (event.ctrlKey || event.metaKey || event.altKey) return;
			const done = key(event.key, event.shiftKey);
			if (!done) return;
			event.preventDefault();
		},
		{ signal },
	);

	function key(pressed: string, isFar: boolean): boolean {
		const far = isFar ? 0.5 : 0.1;
		const across = () => element.clientWidth * far;
		const down = () => element.clientHeight * far;
		const keys: Record<string, () => void> = {
			ArrowLeft: () => move(-across(), 0),
			ArrowRight: () => move(across(), 0),
			ArrowUp: () => move(0, -down()),
			ArrowDown: () => move(0, down()),
			"+": () => here((now, panel) => zoomAt(now, panel, Math.SQRT2)),
			"-": () => here((now, panel) => zoomAt(now, panel, Math.SQRT1_2)),
			PageUp: () => here((now, { plane }) => through(now, plane, isFar ? -10 : -1)),
			PageDown: () => here((now, { plane }) => through(now, plane, isFar ? 10 : 1)),
			"0": () => here(showWhole),
			b: () =>
				here((now) => {
					now.borders = !now.borders;
				}),
		};
		const found = keys[pressed] ?? keys[{ "=": "+", _: "-", Home: "0", B: "b" }[pressed] ?? ""];
		if (!found) return false;
		found();
		// Keys have no pointer: what is read is the middle.
		here((_, panel) => act.point(panel, 0, 0));
		act.changed();
		return true;
	}

	function through(now: ViewerState, { depth }: Plane, elements: number): void {
		if (depth !== undefined) step(now, depth, elements);
	}
}
