/** The figure's store: gives a chunk some time after it was asked for, as a server would, a few at once. */
import type { ImagePyramid } from "../../../lib/plan/viewport.ts";
import { lookup } from "./colors.ts";
import { random } from "./nuclei.ts";
import { tileId } from "./shelf.ts";
import type { TileAnswer, TileRequest, TileSetup } from "./tile-worker.ts";

export type TileState = "requested" | "flying" | "cached";

export interface Tile {
	id: string;
	level: number;
	cy: number;
	cx: number;
	state: TileState;
	bitmap?: ImageBitmap;
	/** When it set out on its way to the picture. */
	since: number;
}

/** Chunks that a viewer asks for at once; the rest waits. */
const atOnce = 6;

export class TileStore {
	readonly tiles = new Map<string, Tile>();
	readonly #pyramid: ImagePyramid;
	readonly #worker: Worker;
	readonly #arrived: (tile: Tile) => void;
	readonly #delay: () => number;
	#queue: Tile[] = [];
	#underWay = 0;
	#timers = new Set<ReturnType<typeof setTimeout>>();

	/** @param latency milliseconds from request to answer, about */
	constructor(pyramid: ImagePyramid, seed: number, latency: number, arrived: (tile: Tile) => void) {
		this.#pyramid = pyramid;
		this.#arrived = arrived;
		const next = random(seed);
		this.#delay = () => latency * (0.5 + next());
		this.#worker = new Worker(new URL("./tile-worker.ts", import.meta.url), { type: "module" });
		this.#worker.onmessage = ({ data }: MessageEvent<TileAnswer>) => this.#answer(data);
		const [height, width] = pyramid.levels[0].shape;
		this.#worker.postMessage({ width, height, seed, colors: lookup() } satisfies TileSetup);
	}

	/** Asks for what is needed and drops what waited and is needed no more. Nearest the middle first. */
	need(level: number, first: readonly number[], last: readonly number[]): void {
		for (const tile of this.#queue) this.tiles.delete(tile.id);
		this.#queue = [];
		const middle = [(first[0] + last[0]) / 2, (first[1] + last[1]) / 2];
		const far = (tile: Tile) => Math.hypot(tile.cy - middle[0], tile.cx - middle[1]);
		for (let cy = first[0]; cy <= last[0]; cy++) {
			for (let cx = first[1]; cx <= last[1]; cx++) {
				const id = tileId(level, cy, cx);
				if (this.tiles.has(id)) continue;
				const tile: Tile = { id, level, cy, cx, state: "requested", since: 0 };
				this.tiles.set(id, tile);
				this.#queue.push(tile);
			}
		}
		this.#queue.sort((a, b) => far(a) - far(b));
		this.#send();
	}

	#send(): void {
		while (this.#underWay < atOnce) {
			const tile = this.#queue.shift();
			if (!tile) return;
			this.#underWay++;
			const timer = setTimeout(() => {
				this.#timers.delete(timer);
				this.#compute(tile);
			}, this.#delay());
			this.#timers.add(timer);
		}
	}

	#compute({ id, level, cy, cx }: Tile): void {
		const grid = this.#pyramid.levels[level];
		const [height, width] = grid.chunks;
		const left = cx * width;
		const top = cy * height;
		this.#worker.postMessage({
			id,
			factor: this.#pyramid.factors[level],
			left,
			top,
			width: Math.min(width, grid.shape[1] - left),
			height: Math.min(height, grid.shape[0] - top),
		} satisfies TileRequest);
	}

	#answer({ id, bitmap }: TileAnswer): void {
		this.#underWay--;
		const tile = this.tiles.get(id);
		if (tile) {
			tile.bitmap = bitmap;
			tile.state = "flying";
			tile.since = performance.now();
			this.#arrived(tile);
		}
		this.#send();
	}

	close(): void {
		for (const timer of this.#timers) clearTimeout(timer);
		this.#worker.terminate();
		for (const tile of this.tiles.values()) tile.bitmap?.close();
		this.tiles.clear();
	}
}
