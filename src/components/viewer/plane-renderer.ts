/** Which renderer draws the planes: WebGL2 while there is one that works, a plain canvas otherwise and from then on. */
import { CanvasRenderer } from "./canvas-renderer.ts";
import type { Renderer } from "./renderer.ts";
import { webglRenderer } from "./webgl-renderer.ts";

/** @param replaced hears of the renderer that goes on where the graphics card was taken away */
export function planeRenderer(
	canvas: HTMLCanvasElement,
	signal: AbortSignal,
	replaced: (other: Renderer) => void,
): Renderer {
	const renderer = webglRenderer(canvas);
	if (!renderer) return new CanvasRenderer(fresh(canvas));
	canvas.addEventListener("webglcontextlost", () => replaced(new CanvasRenderer(fresh(canvas))), {
		signal,
		once: true,
	});
	return renderer;
}

/** A canvas that has had one kind of context has no other: a new one takes its place. */
function fresh(canvas: HTMLCanvasElement): HTMLCanvasElement {
	const other = canvas.cloneNode() as HTMLCanvasElement;
	canvas.replaceWith(other);
	return other;
}
