/** Planes on a plain canvas, where there is no WebGL2: slower, and the same picture. */
import { ByteCache } from "../../lib/viewer/cache.ts";
import type { ChunkPlane } from "../../lib/viewer/plane.ts";
import { budgetHere } from "./memory.ts";
import { fitCanvas, type PaintedChannel, type PaintedChunk, type Rect, type Renderer } from "./renderer.ts";

export class CanvasRenderer implements Renderer {
	readonly kind = "canvas";
	readonly canvas: HTMLCanvasElement;
	/** One channel's picture, before it is added to the others'. */
	readonly #layer = document.createElement("canvas");
	readonly #planes = new ByteCache<HTMLCanvasElement>(budgetHere().planes);
	#sharpness = 1;

	constructor(canvas: HTMLCanvasElement) {
		this.canvas = canvas;
	}

	begin(width: number, height: number, sharpness: number): void {
		fitCanvas(this.canvas, width, height, sharpness);
		this.#sharpness = sharpness;
		const context = contextOf(this.canvas);
		context.setTransform(1, 0, 0, 1, 0, 0);
		context.globalCompositeOperation = "source-over";
		context.fillStyle = "#05070b";
		context.fillRect(0, 0, this.canvas.width, this.canvas.height);
	}

	panel(place: Rect, chunks: readonly PaintedChunk[], channels: readonly PaintedChannel[]): void {
		const context = contextOf(this.canvas);
		const layer = contextOf(this.#layer);
		const under = [...chunks].sort((a, b) => b.layer - a.layer);
		for (const [i, channel] of channels.entries()) {
			fitCanvas(this.#layer, place.width, place.height, this.#sharpness);
			layer.setTransform(this.#sharpness, 0, 0, this.#sharpness, 0, 0);
			layer.clearRect(0, 0, place.width, place.height);
			layer.imageSmoothingEnabled = false;
			for (const { rect, plane } of under) {
				const found = plane(channel.index);
				if (!found) continue;
				const { key, cut } = found;
				const look = `${key} ${channel.start} ${channel.end} ${channel.color.join()}`;
				const picture = this.#planes.get(look) ?? this.#keep(look, cut(), channel);
				layer.drawImage(picture, rect.x, rect.y, rect.width, rect.height);
			}
			context.globalCompositeOperation = i === 0 ? "source-over" : "lighter";
			context.drawImage(
				this.#layer,
				Math.round(place.x * this.#sharpness),
				Math.round(place.y * this.#sharpness),
			);
		}
		context.globalCompositeOperation = "source-over";
	}

	close(): void {
		this.#planes.clear();
	}

	#keep(look: string, { data, rows, columns }: ChunkPlane, channel: PaintedChannel): HTMLCanvasElement {
		const canvas = document.createElement("canvas");
		canvas.width = columns;
		canvas.height = rows;
		const context = contextOf(canvas);
		const picture = context.createImageData(columns, rows);
		const pixels = picture.data;
		const { start, end, color } = channel;
		for (let i = 0, to = 0; i < data.length; i++, to += 4) {
			const share = Math.min(1, Math.max(0, (data[i] - start) / (end - start))) * 255;
			pixels[to] = share * color[0];
			pixels[to + 1] = share * color[1];
			pixels[to + 2] = share * color[2];
			pixels[to + 3] = 255;
		}
		context.putImageData(picture, 0, 0);
		this.#planes.set(look, canvas, pixels.byteLength);
		return canvas;
	}
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
	return canvas.getContext("2d") as CanvasRenderingContext2D;
}
