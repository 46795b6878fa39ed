/** The scale bar: a round length of about a fifth of the window. */
import { roundLength } from "../../../lib/plan/round-length.ts";
import { part } from "../live.ts";
import type { Camera, Size } from "./camera.ts";
import { pixelSize } from "./nuclei.ts";

export function drawScaleBar(bar: HTMLElement, window: Size, camera: Camera): void {
	const { micrometres, pixels } = scaleBarLength(window, camera);
	bar.hidden = false;
	part<HTMLElement>(bar, "span").style.width = `${pixels}px`;
	part(bar, "b").textContent = `${micrometres}\u00a0µm`;
}

/** A round length of at most a fifth of the window. */
export function scaleBarLength(window: Size, camera: Camera): { micrometres: number; pixels: number } {
	const micrometres = roundLength((window.width / 5 / camera.scale) * pixelSize);
	return { micrometres, pixels: (micrometres / pixelSize) * camera.scale };
}
