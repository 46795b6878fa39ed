/** What lies under the pointer: where it is, the chunk that holds it, and its values. */
import { product } from "../../lib/types.ts";
import { cutFor } from "../../lib/viewer/layers.ts";
import { chunkId } from "../../lib/viewer/plan.ts";
import { indexAt } from "../../lib/viewer/view.ts";
import type { PlacedPanel, ViewerState } from "./state.ts";
import { positionText } from "./words.ts";

export interface Reading {
	/** "z 12.0 µm, y 3.5 µm, x 8.2 µm". */
	position: string;
	/** "0/c/0/1/2", as far as the array's path tells; coordinates of the chunk otherwise. */
	chunk: string;
	/** A value for each channel that is shown: undefined where its chunk is not there yet. */
	values: { label: string; value?: number }[];
}

/** "z 12.0 µm, y 3.5 µm · 1234 · level 0, chunk 0/1/2". */
export function readingText({ position, values, chunk }: Reading): string {
	const told = values.map(({ label, value }) => {
		// A float of 32 bits has more digits than it knows.
		const text = value === undefined ? "…" : String(Number.isInteger(value) ? value : +value.toPrecision(6));
		return values.length === 1 ? text : `${label} ${text}`;
	});
	return [position, told.join(", ") || "no channel shown", chunk].join(" · ");
}

/** @param dx from the panel's middle, in pixels of the page; undefined outside the image */
export function readingAt(
	state: ViewerState,
	panel: PlacedPanel,
	dx: number,
	dy: number,
): Reading | undefined {
	const { image, view, plan } = state;
	const { plane } = panel;
	const at = [...view.at];
	at[plane.horizontal] += dx / view.zoom;
	at[plane.vertical] += dy / view.zoom;
	const level = image.levels[plan.level];
	const drawn = [plane.depth, plane.vertical, plane.horizontal].filter((axis) => axis !== undefined);
	const index = image.axes.map((_, axis) =>
		drawn.includes(axis) ? indexAt(level, axis, at[axis]) : Math.min(level.shape[axis] - 1, view.at[axis]),
	);
	if (index.some((i) => i === undefined)) return undefined;
	const channelAxis = image.axes.findIndex(({ role }) => role === "channel");
	const position = drawn
		.toSorted((a, b) => a - b)
		.map(
			(axis) =>
				`${image.axes[axis].name} ${positionText(at[axis], level.scale[axis], image.axes[axis].unit)}`,
		)
		.join(", ");
	const coordsFor = (channel: number) =>
		index.map((i, axis) => Math.floor((axis === channelAxis ? channel : (i as number)) / level.chunks[axis]));
	const first = coordsFor(view.channels[0] ?? 0);
	return {
		position,
		chunk: `level ${plan.level}, chunk ${first.join("/")}`,
		values: view.channels.map((channel) => {
			const coords = coordsFor(channel);
			const id = chunkId(plan.level, coords);
			const label = state.channels[channel]?.label ?? "";
			if (state.loader.state(id) === "absent") return { label, value: level.fill };
			const values = state.loader.values(id);
			const cut = cutFor(image, { ...view, at }, panel, { level: plan.level, coords }, channel);
			if (!values || !cut) return { label };
			const inChunk = cut.index.map((i, axis) =>
				axis === plane.horizontal || axis === plane.vertical
					? (index[axis] as number) % level.chunks[axis]
					: i,
			);
			const flat = inChunk.reduce((sum, i, axis) => sum + i * product(level.chunks.slice(axis + 1)), 0);
			return { label, value: Number(values[flat]) };
		}),
	};
}
