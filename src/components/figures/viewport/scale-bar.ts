/** The scale bar: a round length of about a fifth of the window. */
import { part } from "../live.ts";
import type { Camera, Size } from "./camera.ts";
import { pixelSize } from "./nuclei.ts";

export function drawScaleBar(bar: HTMLElement, window: Size, camera: Camera): void {
	const { micrometres, pixels } = scaleBarLength(window, camera);
	bar.hidden = false;
	part<HTMLElement>(bar, "span").style.width = `${pixels}px`;
	part(bar, "b").textContent = `${micrometres}\u00a0µm`;
}

/** The longest of 1, 2, 5 and their tenfolds that a fifth of the window holds. */
export function scaleBarLength(window: Size, camera: Camera): { micrometres: number; pixels: number } {
	const most = (window.width / 5 / camera.scale) * pixelSize;
	const decade = 10 ** Math.floor(Math.log10(most));
	const length = [5, 2, 1].map((n) => n * decade).find((n) => n <= most) ?? decade;
	return { micrometres: Number(length.toPrecision(1)), pixels: (length / pixelSize) * camera.scale };
}
