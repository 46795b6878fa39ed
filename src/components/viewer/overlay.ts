/** What lies over the pictures: borders of chunks with their states, the crosshair, the scale bar. */
import type { DrawnChunk } from "../../lib/viewer/layers.ts";
import { fitCanvas, type Rect } from "./renderer.ts";

/** The site's colours of a chunk's states. */
export interface OverlayColors {
	ink: string;
	requested: string;
	cached: string;
	failed: string;
	empty: string;
}

/** Chunks thinner than this on the screen, in pixels: their borders would hide the picture. */
const thin = 5;

export class Overlay {
	readonly canvas: HTMLCanvasElement;
	colors: OverlayColors;
	readonly #context: CanvasRenderingContext2D;

	constructor(canvas: HTMLCanvasElement, colors: OverlayColors) {
		this.canvas = canvas;
		this.colors = colors;
		this.#context = canvas.getContext("2d") as CanvasRenderingContext2D;
	}

	begin(width: number, height: number, sharpness: number): void {
		fitCanvas(this.canvas, width, height, sharpness);
		this.#context.setTransform(sharpness, 0, 0, sharpness, 0, 0);
		this.#context.clearRect(0, 0, width, height);
	}

	/** Borders of a panel's own chunks; each state has a colour and a way of drawing. */
	chunks(place: Rect, chunks: readonly DrawnChunk[]): void {
		this.#within(place, (context) => {
			// Those that are there first: what is under way lies over them.
			const order = ["cached", "absent", undefined, "waiting", "requested", "failed"];
			const own = chunks.filter(({ layer }) => layer === 0);
			own.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
			for (const { rect, state } of own) {
				if (Math.min(rect.width, rect.height) < thin) this.#bar(context, rect, state);
				else this.#border(context, rect, state);
			}
		});
	}

	/** A chunk that is too thin for a border, while it is not there. */
	#bar(context: CanvasRenderingContext2D, { x, y, width, height }: Rect, state: DrawnChunk["state"]): void {
		if (state === "cached" || state === "absent") return;
		context.globalAlpha = state === "requested" || state === "failed" ? 0.7 : 0.25;
		context.fillStyle = state === "failed" ? this.colors.failed : this.colors.requested;
		context.fillRect(x, y, Math.max(1, width), Math.max(1, height));
	}

	#border(context: CanvasRenderingContext2D, rect: Rect, state: DrawnChunk["state"]): void {
		const { x, y, width, height } = rect;
		context.lineWidth = 1;
		context.setLineDash([]);
		context.globalAlpha = 1;
		switch (state) {
			case "cached":
				context.globalAlpha = 0.55;
				context.strokeStyle = this.colors.cached;
				break;
			case "requested":
				context.lineWidth = 2;
				context.strokeStyle = this.colors.requested;
				break;
			case "failed":
				context.lineWidth = 2;
				context.strokeStyle = this.colors.failed;
				break;
			case "absent":
				context.globalAlpha = 0.8;
				context.strokeStyle = this.colors.empty;
				context.setLineDash([1, 3]);
				break;
			default:
				context.strokeStyle = this.colors.requested;
				context.setLineDash([4, 4]);
		}
		const inset = context.lineWidth / 2;
		context.strokeRect(x + inset, y + inset, Math.max(0, width - 2 * inset), Math.max(0, height - 2 * inset));
		if (state !== "failed") return;
		context.beginPath();
		context.moveTo(x, y);
		context.lineTo(x + width, y + height);
		context.moveTo(x + width, y);
		context.lineTo(x, y + height);
		context.stroke();
	}

	/** Lines through the middle of a panel, left open where they cross. */
	crosshair(place: Rect): void {
		this.#within(place, (context) => {
			const [x, y] = [Math.round(place.width / 2) + 0.5, Math.round(place.height / 2) + 0.5];
			context.globalAlpha = 0.45;
			context.setLineDash([]);
			context.lineWidth = 1;
			context.strokeStyle = this.colors.ink;
			context.beginPath();
			for (const side of [-1, 1]) {
				context.moveTo(x + side * 8, y);
				context.lineTo(x + side * place.width, y);
				context.moveTo(x, y + side * 8);
				context.lineTo(x, y + side * place.height);
			}
			context.stroke();
		});
	}

	#within(place: Rect, draw: (context: CanvasRenderingContext2D) => void): void {
		const context = this.#context;
		context.save();
		context.beginPath();
		context.rect(place.x, place.y, place.width, place.height);
		context.clip();
		context.translate(place.x, place.y);
		draw(context);
		context.restore();
	}
}

/** The site's colours of a chunk's states, on the dark ground of pictures in either mode. */
export function overlayColors(host: HTMLElement): OverlayColors {
	const ink = getComputedStyle(host).getPropertyValue("--cw-data-ink").trim() || "#f4f7ff";
	return { ink, requested: "#ffc14a", cached: "#4fb9ff", failed: "#f4623f", empty: "#8693a8" };
}
