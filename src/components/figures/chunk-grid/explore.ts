/** The sliders for chunk and shard shape, and the table of chunk shapes, alive. */
import { formatCount } from "../../../lib/format.ts";
import { type ChunkGrid, gridShape } from "../../../lib/plan/grid.ts";
import type { StoredSizes } from "../../../lib/plan/selection.ts";
import { part } from "../live.ts";
import { comparedShapes, firstPerShard, shardWords, stopsOf, studyMarkup } from "./explore-markup.ts";
import { measure } from "./measure.ts";
import type { Solid } from "./solid.ts";
import type { ReadingState } from "./state.ts";

/** What the part asks of its figure. */
export interface Explored {
	/** The array as it was given. */
	given: ChunkGrid;
	/** The array as it is cut now. */
	grid(): ChunkGrid;
	solid(): Solid;
	reading(): ReadingState;
	/** Cuts the array anew. */
	cut(chunks: number[], shards: number[] | undefined): void;
}

/** Returns a function to call when the reading has changed; it does nothing in a figure without the part. */
export function explore(host: HTMLElement, figure: Explored, signal: AbortSignal): () => void {
	const details = host.querySelector<HTMLDetailsElement>(".cw-fig-explore");
	if (!details) return () => {};
	const study = part<HTMLElement>(details, ".cw-fig-study");
	const back = part<HTMLButtonElement>(details, ".cw-fig-back");
	const changed = part<HTMLElement>(details, ".cw-fig-changed > span");
	const check = part<HTMLInputElement>(details, '[data-check="shards"]');
	const { given } = figure;
	const stops = given.shape.map((_, axis) => stopsOf(given, axis));
	let chunks = [...given.chunks];
	let perShard = firstPerShard(given);
	/** The box and the shape that the table is of: it is not made again for a slice that moves. */
	let shown = "";
	/** Bytes of the sample's chunks by key, for each chunk shape that was measured. */
	const stored = new Map<string, StoredSizes>();

	const slider = (kind: "chunk" | "shard", axis: number) =>
		part<HTMLInputElement>(details, `[data-${kind}="${axis}"] input`);

	function say(kind: "chunk" | "shard", axis: number, words: string): void {
		part(details as Element, `[data-${kind}="${axis}"] output`).textContent = words;
		slider(kind, axis).setAttribute("aria-valuetext", words);
	}

	/** Shows chunks and shards on the sliders. */
	function show(): void {
		const counts = gridShape(given.shape, chunks);
		for (const axis of chunks.keys()) {
			slider("chunk", axis).value = String(stops[axis].indexOf(chunks[axis]));
			say("chunk", axis, formatCount(chunks[axis]));
			perShard[axis] = Math.min(perShard[axis], Math.max(1, counts[axis]));
			const input = slider("shard", axis);
			input.max = String(Math.max(1, counts[axis]));
			input.value = String(perShard[axis]);
			input.disabled = !check.checked;
			say("shard", axis, shardWords(perShard[axis], chunks[axis]));
		}
	}

	function cut(): void {
		show();
		const shards = check.checked ? chunks.map((length, axis) => length * perShard[axis]) : undefined;
		figure.cut([...chunks], shards);
		back.disabled = `${chunks}` === `${given.chunks}` && `${shards ?? ""}` === `${given.shards ?? ""}`;
		changed.textContent = back.disabled ? "" : "The array was not written so: this is planned.";
		compare();
	}

	function compare(): void {
		if (!details?.open) return;
		const { edge, at } = figure.reading();
		const now = JSON.stringify([figure.grid().chunks, edge, at, stored.size]);
		if (now === shown) return;
		shown = now;
		const focus = (document.activeElement as HTMLElement | null)?.dataset.chunks;
		const within = study.contains(document.activeElement);
		study.innerHTML = studyMarkup(figure.grid(), figure.solid(), figure.reading(), stored);
		if (within && focus) study.querySelector<HTMLElement>(`[data-chunks="${focus}"]`)?.focus();
	}

	details.addEventListener("submit", (event) => event.preventDefault(), { signal });
	details.addEventListener("toggle", compare, { signal });
	details.addEventListener(
		"input",
		(event) => {
			const input = event.target as HTMLInputElement;
			const place = input.closest<HTMLElement>("[data-chunk], [data-shard]")?.dataset;
			if (place?.chunk !== undefined) {
				const axis = Number(place.chunk);
				chunks[axis] = stops[axis][Number(input.value)];
			} else if (place?.shard !== undefined) perShard[Number(place.shard)] = Number(input.value);
			cut();
		},
		{ signal },
	);
	details.addEventListener(
		"click",
		(event) => {
			const button = (event.target as Element).closest<HTMLElement>("button");
			if (button === back) {
				check.checked = given.shards !== undefined;
				chunks = [...given.chunks];
				perShard = firstPerShard(given);
			} else if (button?.dataset.chunks) {
				chunks = button.dataset.chunks.split(",").map(Number);
				for (const [axis, length] of chunks.entries()) {
					if (!stops[axis].includes(length)) {
						stops[axis] = [...stops[axis], length].sort((a, b) => a - b);
						slider("chunk", axis).max = String(stops[axis].length - 1);
					}
				}
			} else return;
			cut();
		},
		{ signal },
	);

	measure(
		details,
		() => comparedShapes(figure.grid()),
		(shape, sizes) => {
			stored.set(`${shape}`, sizes);
			compare();
		},
		signal,
	);

	// What the reader set before this script was there.
	const touched = chunks.map((_, axis) => stops[axis][Number(slider("chunk", axis).value)]);
	const shardsTouched = perShard.map((_, axis) => Number(slider("shard", axis).value));
	const wanted = [touched, shardsTouched, check.checked];
	if (`${wanted}` !== `${[chunks, perShard, given.shards !== undefined]}`) {
		chunks = touched;
		perShard = shardsTouched;
		// The figure is not whole yet.
		queueMicrotask(cut);
	}
	return compare;
}
