/** The chunk grid alive: slices by axis and position, chunks by pointer, touch and keys. Drawn with D3. */
import { pointer, select } from "d3";
import { type ChunkGridProps, gridOf, sliceOf } from "../../../lib/plan/chunk-grid.ts";
import { chunkGridTwin, describeChunk } from "../../../lib/plan/chunk-grid-text.ts";
import { chunkAt, gridShape } from "../../../lib/plan/grid.ts";
import { type AxisSelection, chunksOfSelection, selectionRanges } from "../../../lib/plan/selection.ts";
import type { Point3 } from "../axonometry.ts";
import { figureId, updateTwin } from "../html.ts";
import { animate, debounced, part } from "../live.ts";
import type { MountedFigure } from "../mount.ts";
import { chunkReadings, planReadings, planShares, type Reading } from "./readout.ts";
import { chunkOutline, type SceneBox, sceneOf } from "./scene.ts";
import { arrayCoords, solidOf } from "./solid.ts";
import { apartFor, boxClass, chunkGridHtml, labelStyle, sceneState } from "./static.ts";

const unfold = 420;

export function mount(host: HTMLElement, props: ChunkGridProps): MountedFigure {
	const grid = gridOf(props);
	const solid = solidOf(grid);
	if (!host.querySelector(".cw-fig-body")) host.innerHTML = chunkGridHtml(props, figureId());
	const canvas = part<HTMLElement>(host, ".cw-fig-canvas");
	const form = part<HTMLFormElement>(host, ".cw-fig-controls");
	const bar = part<HTMLElement>(host, ".cw-fig-bar");
	const chunkList = part<HTMLElement>(host, ".cw-fig-chunk");
	const hatch = part<SVGPatternElement>(host, "pattern").id;
	const say = debounced((now: AxisSelection[]) =>
		updateTwin(host, chunkGridTwin({ ...props, selection: now })),
	);
	const label = chunkLabel();
	const sayChunk = debounced((text: string) => {
		label.textContent = text;
	});
	const boxes = select(part<SVGGElement>(host, ".cw-fig-boxes"));
	const cursor = select(part<SVGPathElement>(host, ".cw-fig-cursor"));
	const labels = [...host.querySelectorAll<HTMLElement>(".cw-fig-label")];
	const counts = gridShape(grid.shape, grid.chunks);
	const given = selectionRanges(grid, props.selection ?? {});
	const events = new AbortController();

	let slice = sliceOf(grid, props.selection);
	let whole = false;
	const leading = given.slice(0, solid.leading).map(([start]) => start);
	let focus: Point3 | undefined;
	let apart = apartFor(slice ? solid.axes.indexOf(slice.axis) : -1);
	let stop = () => {};

	/** A hidden label of the canvas: read by a screen reader as the focused chunk changes. */
	function chunkLabel(): HTMLElement {
		const label = document.createElement("span");
		label.className = "cw-fig-unseen";
		label.setAttribute("aria-live", "assertive");
		canvas.append(label);
		return label;
	}

	function selection(): AxisSelection[] {
		const at = slice;
		if (at === undefined && !whole && props.selection) return given;
		return grid.shape.map((_, axis) =>
			axis < solid.leading ? leading[axis] : at?.axis === axis ? at.index : at || whole ? null : given[axis],
		);
	}

	function state() {
		const plan = chunksOfSelection(grid, selection(), props.stored);
		return { plan, scene: sceneState(grid, solid, plan, slice, props.stored, apart) };
	}

	function draw(): void {
		const { plan, scene: now } = state();
		const scene = sceneOf(solid, now);
		type Item = { id: string; box?: SceneBox; path?: string };
		const items: Item[] = scene.boxes.map((box) => ({ id: box.id, box }));
		if (scene.plane) items.splice(scene.plane.after, 0, { id: "plane", path: scene.plane.path });
		boxes
			.selectAll<SVGElement, Item>(":scope > *")
			.data(items, function (item) {
				return item?.id ?? this.dataset.id ?? "";
			})
			.join((enter) =>
				enter.append((item) =>
					document.createElementNS("http://www.w3.org/2000/svg", item.box ? "g" : "path"),
				),
			)
			.order()
			.each(function (item) {
				if (!item.box) {
					this.setAttribute("class", "cw-fig-plane");
					this.setAttribute("d", item.path ?? "");
				} else drawBox(this, item.box);
			});
		scene.labels.forEach((_, i) => {
			labels[i]?.setAttribute("style", labelStyle(scene, solid, i));
		});
		const shares = planShares(grid, plan);
		bar.style.setProperty("--read", String(shares.read));
		bar.style.setProperty("--needed", String(shares.needed));
		fill(part(host, ".cw-fig-plan"), planReadings(plan));
		drawFocus();
	}

	function drawBox(element: SVGElement, box: SceneBox): void {
		element.setAttribute("class", boxClass(box));
		const paths = [
			...(["side", "top", "front"] as const)
				.filter((name) => box.faces[name])
				.map((name) => ({ name: `cw-fig-face cw-fig-${name}`, d: box.faces[name], fill: null })),
			...(box.padding ? [{ name: "cw-fig-padding", d: box.padding, fill: `url(#${hatch})` }] : []),
			...(box.lines ? [{ name: "cw-fig-lines", d: box.lines, fill: null }] : []),
		];
		select(element)
			.selectAll("path")
			.data(paths)
			.join("path")
			.attr("class", (p) => p.name)
			.attr("fill", (p) => p.fill)
			.attr("d", (p) => p.d);
	}

	function drawFocus(): void {
		const chunk = focus && chunkAt(grid, arrayCoords(solid, focus, leadingChunks()));
		cursor.attr("d", focus ? chunkOutline(solid, state().scene, focus) : "");
		chunkList.classList.toggle("cw-fig-none", !chunk);
		fill(chunkList, chunkReadings(grid, chunk, props.stored));
	}

	function leadingChunks(): number[] {
		return leading.map((index, axis) => Math.floor(index / grid.chunks[axis]));
	}

	function setFocus(next: Point3 | undefined, spoken = false): void {
		if (String(next) === String(focus)) return;
		focus = next;
		drawFocus();
		if (spoken && focus) {
			sayChunk(describeChunk(grid, chunkAt(grid, arrayCoords(solid, focus, leadingChunks())), props.stored));
		}
	}

	/** Draws what the reader chose, and says it. */
	function chosen(): void {
		draw();
		say(selection());
	}

	function setSlice(next: { axis: number; index: number } | undefined): void {
		const before = apart;
		const after = apartFor(next ? solid.axes.indexOf(next.axis) : -1);
		slice = next;
		stop();
		if (String(before) === String(after)) return chosen();
		say(selection());
		stop = animate(unfold, (t) => {
			apart = [0, 1, 2].map((a) => before[a] + (after[a] - before[a]) * t) as unknown as Point3;
			draw();
		});
	}

	/** Which chunk is under the pointer: its box carries it as D3's datum. */
	function chunkUnder(event: Event): Point3 | undefined {
		const box = (event.target as Element).closest?.(".cw-fig-box");
		return box ? (select<Element, { box?: SceneBox }>(box).datum()?.box?.coords ?? undefined) : undefined;
	}

	const on = <K extends keyof HTMLElementEventMap>(
		target: HTMLElement,
		type: K,
		listener: (event: HTMLElementEventMap[K]) => void,
	) => target.addEventListener(type, listener, { signal: events.signal });

	on(canvas, "pointermove", (event) => {
		const under = chunkUnder(event);
		if (under) setFocus(under);
		else if (!outsideStage(event)) return;
		else setFocus(undefined);
	});
	on(canvas, "pointerdown", (event) => setFocus(chunkUnder(event)));
	on(canvas, "pointerleave", (event) => {
		if (event.pointerType === "mouse" && document.activeElement !== canvas) setFocus(undefined);
	});
	on(canvas, "keydown", (event) => {
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
		if (!step || counts.includes(0)) return undefined;
		if (!from) return state().scene.first;
		const [axis, by] = step;
		const to = [...from] as [number, number, number];
		to[axis] = Math.max(0, Math.min(solid.counts[axis] - 1, to[axis] + by));
		return to;
	}

	/** Slices the sliced axis (or the first drawn) through the middle of a chunk. */
	function sliceThrough(coords: Point3): void {
		const axis = slice?.axis ?? (solid.axes.find((a) => a >= 0) as number);
		const start = coords[solid.axes.indexOf(axis)] * grid.chunks[axis];
		const length = Math.min(grid.chunks[axis], grid.shape[axis] - start);
		choose(axis, start + Math.floor(length / 2));
	}

	function choose(axis: number, index: number): void {
		whole = false;
		for (const slider of form.querySelectorAll<HTMLElement>(".cw-fig-sliders > [data-axis]")) {
			slider.hidden = slider.dataset.axis !== String(axis);
		}
		const input = part<HTMLInputElement>(form, `[data-axis="${axis}"] input`);
		input.value = String(index);
		part(form, `[data-axis="${axis}"] output`).textContent = String(index);
		const radio = form.querySelector<HTMLInputElement>(`input[type="radio"][value="${axis}"]`);
		if (radio) radio.checked = true;
		setSlice({ axis, index });
	}

	on(form, "submit", (event) => event.preventDefault());
	on(form, "input", (event) => {
		const input = event.target as HTMLInputElement;
		if (input.type === "radio") {
			const axis = Number(input.value);
			if (Number.isInteger(axis)) {
				return choose(axis, Number(part<HTMLInputElement>(form, `[data-axis="${axis}"] input`).value));
			}
			whole = input.value === "all";
			for (const slider of form.querySelectorAll<HTMLElement>(".cw-fig-sliders > [data-axis]"))
				slider.hidden = true;
			return setSlice(undefined);
		}
		const axis = Number(input.closest<HTMLElement>("[data-axis]")?.dataset.axis);
		part(input.closest("[data-axis]") as Element, "output").textContent = input.value;
		if (axis < solid.leading) leading[axis] = Number(input.value);
		else slice = { axis, index: Number(input.value) };
		stop();
		apart = apartFor(slice ? solid.axes.indexOf(slice.axis) : -1);
		chosen();
	});

	host.dataset.ready = "";
	boxes.selectAll("*").remove();
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

function fill(list: Element, readings: readonly Reading[]): void {
	for (const { name, value } of readings) {
		const place = list.querySelector(`[data-reading="${name}"] dd`);
		if (place && place.textContent !== value) place.textContent = value;
	}
}
