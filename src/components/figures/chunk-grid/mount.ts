/** The chunk grid alive: what is read by kind and place, chunks by pointer, touch and keys, and other ways to cut it. */
import { pointer } from "d3";
import { type ChunkGridProps, gridOf } from "../../../lib/plan/chunk-grid.ts";
import { chunkGridTwin, describeChunk } from "../../../lib/plan/chunk-grid-text.ts";
import { chunkAt, gridShape } from "../../../lib/plan/grid.ts";
import { chunksOfSelection, selectionRanges } from "../../../lib/plan/selection.ts";
import type { Point3 } from "../axonometry.ts";
import { figureId, updateTwin } from "../html.ts";
import { animate, debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { explore } from "./explore.ts";
import { pictureIn } from "./picture.ts";
import { readingForm } from "./reading-form.ts";
import { chunkReadings, planReadings, planShares, type Reading } from "./readout.ts";
import { arrayCoords, solidOf } from "./solid.ts";
import { firstReading, selectionOf } from "./state.ts";
import { apartFor, chunkGridHtml, legendMarkup, readingsMarkup, sceneState } from "./static.ts";

const unfold = 420;

export function mount(host: HTMLElement, given: ChunkGridProps): MountedFigure {
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = chunkGridHtml(given, figureId());
	const canvas = part<HTMLElement>(host, ".cw-fig-canvas");
	const bar = part<HTMLElement>(host, ".cw-fig-bar");
	const chunkList = part<HTMLElement>(host, ".cw-fig-chunk");
	const id = part<SVGPatternElement>(host, "pattern").id.replace(/-hatch$/, "");
	const events = new AbortController();
	const { signal } = events;
	const givenGrid = gridOf(given);
	const ranges = selectionRanges(givenGrid, given.selection ?? {});

	/** What is drawn: the array as given, or as the reader cut it. */
	let props = given;
	let grid = givenGrid;
	let solid = solidOf(grid);
	const reading = firstReading(grid, solid, given);
	let focus: Point3 | undefined;
	let apart = apartFor(slicedAxis());
	let stop = () => {};

	const say = debounced(() => updateTwin(host, chunkGridTwin({ ...props, selection: selection() })));
	const label = document.createElement("span");
	label.className = "cw-fig-unseen";
	label.setAttribute("aria-live", "assertive");
	canvas.append(label);
	const sayChunk = debounced((text: string) => {
		label.textContent = text;
	});
	const picture = pictureIn(host, solid);
	const form = readingForm(host, givenGrid, reading, changed, signal);
	const compare = explore(
		host,
		{ given: givenGrid, grid: () => grid, solid: () => solid, reading: () => reading, cut },
		signal,
	);

	/** The sliced axis among the drawn ones, or -1. */
	function slicedAxis(): number {
		return reading.kind === "slice" ? solid.axes.indexOf(reading.axis) : -1;
	}

	function selection() {
		return selectionOf(grid, solid, reading, ranges);
	}

	function state() {
		const plan = chunksOfSelection(grid, selection(), props.stored);
		const { kind, axis, at } = reading;
		const slice = kind === "slice" ? { axis, index: at[axis] } : undefined;
		const boxed = kind === "box" || kind === "voxel" || kind === "given";
		return { plan, scene: sceneState(grid, solid, plan, slice, props.stored, apart, boxed) };
	}

	function draw(): void {
		const { plan, scene } = state();
		picture.draw(solid, scene);
		const shares = planShares(grid, plan);
		bar.style.setProperty("--read", String(shares.read));
		bar.style.setProperty("--needed", String(shares.needed));
		fill(part(host, ".cw-fig-plan"), planReadings(grid, plan));
		drawFocus();
	}

	function drawFocus(): void {
		const chunk = focus && chunkAt(grid, arrayCoords(solid, focus, leadingChunks()));
		picture.mark(solid, state().scene, focus);
		chunkList.classList.toggle("cw-fig-none", !chunk);
		fill(chunkList, chunkReadings(grid, chunk, props.stored));
	}

	function leadingChunks(): number[] {
		return reading.at.slice(0, solid.leading).map((index, axis) => Math.floor(index / grid.chunks[axis]));
	}

	function setFocus(next: Point3 | undefined, spoken = false): void {
		if (String(next) === String(focus)) return;
		focus = next;
		drawFocus();
		if (spoken && focus) {
			sayChunk(describeChunk(grid, chunkAt(grid, arrayCoords(solid, focus, leadingChunks())), props.stored));
		}
	}

	/** Draws what the reader chose and says it; layers move apart where another axis is sliced. */
	function changed(): void {
		const before = apart;
		const after = apartFor(slicedAxis());
		stop();
		say(undefined);
		compare();
		drawLegend();
		if (String(before) === String(after)) return draw();
		stop = animate(unfold, (t) => {
			apart = [0, 1, 2].map((a) => before[a] + (after[a] - before[a]) * t) as unknown as Point3;
			draw();
		});
	}

	function drawLegend(): void {
		const boxed = !["slice", "all"].includes(reading.kind);
		const absent = typeof props.stored === "object" && !grid.shards;
		const legend = part(host, ".cw-fig-legend");
		const markup = legendMarkup(grid, absent, id, boxed);
		if (legend.outerHTML !== markup) legend.outerHTML = markup;
	}

	/** Cuts the array anew. Sizes by key are those of the chunks that were written, and of no others. */
	function cut(chunks: number[], shards: number[] | undefined): void {
		const same = `${chunks}` === `${givenGrid.chunks}` && `${shards ?? ""}` === `${givenGrid.shards ?? ""}`;
		const { stored, ...rest } = given;
		props = {
			...rest,
			chunks,
			shards,
			...(stored !== undefined && (same || typeof stored === "number") ? { stored } : {}),
		};
		grid = gridOf(props);
		solid = solidOf(grid);
		focus = undefined;
		form.recut(grid);
		changed();
	}

	const on = <K extends keyof HTMLElementEventMap>(
		type: K,
		listener: (event: HTMLElementEventMap[K]) => void,
	) => canvas.addEventListener(type, listener, { signal });

	on("pointermove", (event) => {
		const under = picture.chunkAt(event);
		if (under) setFocus(under);
		else if (outsideStage(event)) setFocus(undefined);
	});
	on("pointerdown", (event) => setFocus(picture.chunkAt(event)));
	on("pointerleave", (event) => {
		if (event.pointerType === "mouse" && document.activeElement !== canvas) setFocus(undefined);
	});
	on("keydown", (event) => {
		const next = moveBy(event.key, focus);
		if (event.key === "Escape") setFocus(undefined);
		else if (event.key === "Enter" && focus) sliceThrough(focus);
		else if (next) setFocus(next, true);
		else return;
		event.preventDefault();
	});

	/** True where the pointer is on nothing: then the chunk last pointed at may go. */
	function outsideStage(event: PointerEvent): boolean {
		const [x, y] = pointer(event, canvas);
		return x < 0 || y < 0 || (event.target as Element).tagName === "svg" || x > canvas.clientWidth;
	}

	function moveBy(key: string, from: Point3 | undefined): Point3 | undefined {
		const steps: Record<string, [axis: number, by: number]> = {
			ArrowLeft: [2, -1],
			ArrowRight: [2, 1],
			ArrowUp: [1, -1],
			ArrowDown: [1, 1],
			PageUp: [0, 1],
			PageDown: [0, -1],
			Home: [2, -solid.counts[2]],
			End: [2, solid.counts[2]],
		};
		const step = steps[key];
		if (!step || gridShape(grid.shape, grid.chunks).includes(0)) return undefined;
		if (!from) return state().scene.first;
		const [axis, by] = step;
		const to = [...from] as [number, number, number];
		to[axis] = Math.max(0, Math.min(solid.counts[axis] - 1, to[axis] + by));
		return to;
	}

	/** Reads through the middle of a chunk: its slice across the sliced axis, or the box or voxel there. */
	function sliceThrough(coords: Point3): void {
		const middle = (axis: number) => {
			const start = coords[solid.axes.indexOf(axis)] * grid.chunks[axis];
			return start + Math.floor(Math.min(grid.chunks[axis], grid.shape[axis] - start) / 2);
		};
		const drawn = solid.axes.filter((axis) => axis >= 0);
		if (reading.kind === "box") {
			form.place(drawn.map((axis) => [axis, Math.max(0, middle(axis) - Math.floor(reading.edge / 2))]));
		} else if (reading.kind === "voxel") form.place(drawn.map((axis) => [axis, middle(axis)]));
		else form.slice(reading.axis, middle(reading.axis));
	}

	host.dataset.ready = "";
	draw();
	return {
		destroy() {
			stop();
			say.cancel();
			sayChunk.cancel();
			events.abort();
			delete host.dataset.ready;
		},
	};
}

/** Values into their places; the whole list anew where other readings are shown than before. */
function fill(list: Element, readings: readonly Reading[]): void {
	const names = [...list.querySelectorAll<HTMLElement>("[data-reading]")].map((row) => row.dataset.reading);
	if (`${names}` !== `${readings.map(({ name }) => name)}`) {
		list.innerHTML = readingsMarkup(readings);
		return;
	}
	for (const { name, value } of readings) {
		const place = list.querySelector(`[data-reading="${name}"] dd`);
		if (place && place.textContent !== value) place.textContent = value;
	}
}
