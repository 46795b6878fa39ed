/** The shelf on the page: each chunk in its state, what has been fetched as a small picture, and the window's frame. */
import { type Selection, select } from "d3";
import type { ImagePyramid, Viewport, ViewportPlan } from "../../../lib/plan/viewport.ts";
import { part } from "../live.ts";
import { fitCanvas } from "./paint.ts";
import { cellOf, cellsOf, type Shelf } from "./shelf.ts";
import type { TileStore } from "./tiles.ts";

type Cell = ReturnType<typeof cellsOf>[number];

export class ShelfView {
	readonly #pyramid: ImagePyramid;
	readonly #shelf: Shelf;
	readonly #store: TileStore;
	readonly #names: HTMLElement[];
	readonly #thumbs: HTMLCanvasElement;
	readonly #cells: Selection<SVGRectElement, Cell, SVGSVGElement, unknown>;
	readonly #frame: Selection<SVGRectElement, unknown, null, undefined>;
	#drawn = 0;

	constructor(host: HTMLElement, pyramid: ImagePyramid, shelf: Shelf, store: TileStore) {
		this.#pyramid = pyramid;
		this.#shelf = shelf;
		this.#store = store;
		this.#names = [...host.querySelectorAll<HTMLElement>("[data-level]")];
		this.#thumbs = part(host, ".cw-fig-thumbs");
		const svg = select(part<SVGSVGElement>(host, ".cw-fig-shelf svg"));
		this.#cells = svg.selectAll<SVGRectElement, Cell>(".cw-fig-cell").data(cellsOf(pyramid, shelf));
		this.#frame = svg.select<SVGRectElement>(".cw-fig-window");
	}

	/** The small pictures have to be drawn anew. */
	resize(): void {
		this.#drawn = -1;
	}

	draw(need: ViewportPlan, shown: Viewport): void {
		this.#cells.attr("class", ({ id, level, cy, cx }) => {
			const state = this.#store.tiles.get(id)?.state;
			const within =
				level === need.level &&
				cy >= need.first[0] &&
				cy <= need.last[0] &&
				cx >= need.first[1] &&
				cx <= need.last[1];
			const kept = state === "cached" ? " cw-fig-cached" : state ? " cw-fig-requested" : "";
			return `cw-fig-cell${kept}${within ? " cw-fig-needed" : ""}`;
		});
		const [height, width] = this.#pyramid.levels[0].shape;
		const place = this.#shelf.levels[need.level];
		const unit = place.width / width;
		const x = Math.max(0, shown.x);
		const y = Math.max(0, shown.y);
		this.#frame
			.attr("x", place.x + x * unit)
			.attr("y", place.y + y * unit)
			.attr("width", (Math.min(width, shown.x + shown.width) - x) * unit)
			.attr("height", (Math.min(height, shown.y + shown.height) - y) * unit);
		for (const name of this.#names)
			name.classList.toggle("cw-fig-now", name.dataset.level === String(need.level));
		this.#drawThumbs();
	}

	#drawThumbs(): void {
		const cached = [...this.#store.tiles.values()].filter((tile) => tile.state === "cached");
		const place = { width: this.#thumbs.clientWidth, height: this.#thumbs.clientHeight };
		const before = this.#thumbs.width;
		const ratio = fitCanvas(this.#thumbs, place);
		if (cached.length === this.#drawn && this.#thumbs.width === before) return;
		this.#drawn = cached.length;
		const context = this.#thumbs.getContext("2d");
		if (!context) return;
		const unit = (ratio * place.width) / this.#shelf.width;
		context.imageSmoothingQuality = "high";
		for (const tile of cached) {
			const { x, y, width, height } = cellOf(this.#pyramid, this.#shelf, tile.level, tile.cy, tile.cx);
			if (tile.bitmap) context.drawImage(tile.bitmap, x * unit, y * unit, width * unit, height * unit);
		}
	}
}
