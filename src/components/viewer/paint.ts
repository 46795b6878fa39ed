/** Draws what a viewer's state says: pictures, borders, crosshair, scale bar. */
import { roundLength } from "../../lib/plan/round-length.ts";
import { cutFor } from "../../lib/viewer/layers.ts";
import { cutChunk } from "../../lib/viewer/plane.ts";
import type { Overlay } from "./overlay.ts";
import type { PaintedChannel, PaintedChunk, Renderer } from "./renderer.ts";
import type { PlacedPanel, ViewerState } from "./state.ts";
import { positionText } from "./words.ts";

/** @returns frames are drawn from what is there: nothing is waited for */
export function paint(
	state: ViewerState,
	renderer: Renderer,
	overlay: Overlay,
	stage: { width: number; height: number },
): void {
	const { sharpness, panels } = state;
	renderer.begin(stage.width, stage.height, sharpness);
	overlay.begin(stage.width, stage.height, sharpness);
	const channels = state.view.channels.flatMap((index): PaintedChannel[] => {
		const channel = state.channels[index];
		return channel?.window ? [{ index, color: channel.color, ...channel.window }] : [];
	});
	for (const panel of panels) {
		const drawn = state.drawn(panel);
		const there = drawn.filter((chunk) => chunk.state === "cached" || chunk.state === "absent");
		renderer.panel(
			panel.place,
			there.map((chunk) => paintedChunk(state, panel, chunk)),
			channels,
		);
		if (state.borders) overlay.chunks(panel.place, drawn);
		if (panels.length > 1) overlay.crosshair(panel.place);
	}
}

function paintedChunk(
	state: ViewerState,
	panel: PlacedPanel,
	chunk: ReturnType<ViewerState["drawn"]>[number],
): PaintedChunk {
	const { image, view, loader } = state;
	const { plane } = panel;
	return {
		rect: chunk.rect,
		layer: chunk.layer,
		plane(channel) {
			const cut = cutFor(image, view, panel, chunk, channel);
			if (!cut) return undefined;
			const { chunks: shape, fill } = image.levels[chunk.level];
			// One element, drawn as large as the chunk.
			if (chunk.state === "absent") {
				return { key: `fill ${fill}`, cut: () => ({ data: Float32Array.of(fill), rows: 1, columns: 1 }) };
			}
			return {
				key: `${chunk.id}|${plane.name}|${cut.index.join(",")}`,
				cut: () => {
					const values = loader.values(chunk.id);
					if (!values) throw new Error(`chunk ${chunk.id} went while it was drawn`);
					return cutChunk(values, {
						...{ shape, vertical: plane.vertical, horizontal: plane.horizontal },
						...{ index: cut.index, rows: cut.rows, columns: cut.columns },
					});
				},
			};
		},
	};
}

/** A round length of about a fifth of the first panel. */
export function paintScaleBar(bar: HTMLElement, state: ViewerState): void {
	const [panel] = state.panels;
	bar.hidden = panel === undefined;
	if (!panel) return;
	const length = roundLength(panel.size.width / 5 / state.view.zoom);
	const axis = state.image.axes[panel.plane.horizontal];
	const line = bar.querySelector("span");
	const words = bar.querySelector("b");
	if (line) line.style.width = `${length * state.view.zoom}px`;
	if (words) words.textContent = positionText(length, Math.min(1, length), axis.unit ?? "");
}
