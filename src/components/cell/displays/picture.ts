/** A slice as a picture: pixels, axes in coordinates, colour bar, contrast, scale bar, read-out, zoom, pan, planes. */
import type { PictureAxis, PictureDisplay, PlaneAnswer } from "../../../lib/display.ts";
import { element } from "./element.ts";
import { type PictureControls, pictureControls } from "./picture-controls.ts";
import { type Layout, layoutFor, shortUnit, surroundings } from "./picture-frame.ts";
import { listen, type PictureActions } from "./picture-gestures.ts";
import { contextOf, type Look, paintPixels } from "./picture-pixels.ts";
import { isWhole, moved, showing, type View, wholeView, zoomed } from "./picture-view.ts";
import { Planes } from "./planes.ts";

const keys =
	"Arrow keys read values, plus and minus zoom, Shift with arrow keys moves the view, 0 shows all of it.";
const planeKeys = " Comma and full stop show the plane before and the next.";

interface Pixel {
	column: number;
	row: number;
}

export function drawPicture(host: HTMLElement, model: PictureDisplay): void {
	new PictureViewer(host, model);
}

/** One picture on the page: what is seen of it, how it is coloured, which pixel is read. */
class PictureViewer implements PictureActions {
	/** With the values of the plane that is shown. */
	#model: PictureDisplay;
	readonly #look: Look;
	readonly #planes?: Planes;
	/** Channels have little in common: each keeps the contrast that was chosen for it. */
	readonly #contrasts = new Map<number, { low: number; high: number }>();
	readonly #channels: number;
	#channel: number;
	readonly #controls: PictureControls;
	#view: View;
	/** The pixel that is read. */
	#at?: Pixel;
	/** All values, coloured, one to a pixel. */
	readonly #source = document.createElement("canvas");
	readonly #pixels: HTMLCanvasElement;
	readonly #pane: HTMLElement;
	readonly #frame: HTMLElement;
	#axes: Element;
	readonly #readOut = element("output", { class: "cw-picture-readout" }, " ");

	constructor(host: HTMLElement, model: PictureDisplay) {
		this.#model = model;
		this.#look = { low: model.window[0], high: model.window[1], colorMap: model.colorMap };
		this.#view = wholeView(model);
		this.#channels = (model.planes ?? []).findIndex(({ name }) => /^c(?:hannels?)?$/i.test(name));
		this.#channel = model.planes?.[this.#channels]?.at ?? 0;
		this.#pixels = element("canvas", { class: "cw-picture-pixels", role: "img", "aria-label": model.alt });
		this.#pane = element(
			"div",
			{
				class: "cw-picture-pane",
				tabindex: "0",
				role: "application",
				"aria-roledescription": "picture",
				"aria-label": `${model.title ?? "Picture"}. ${keys}${model.planes ? planeKeys : ""}`,
			},
			this.#pixels,
		);
		this.#frame = element("div", { class: "cw-picture-frame" }, this.#pane);
		this.#axes = this.#frame.appendChild(document.createElement("span"));
		listen(this.#pane, this);
		this.#controls = pictureControls(model, this.#look, {
			paint: () => this.#paint(),
			zoom: (factor) => this.zoom(factor),
			reset: () => this.reset(),
		});
		host.replaceChildren();
		if (model.title) host.append(element("p", { class: "cw-picture-title" }, model.title));
		host.append(this.#frame);
		if (model.planes) {
			this.#planes = new Planes(model, (plane, index) => this.#showPlane(plane, index));
			host.append(this.#planes.controls);
			this.#describePlane();
		}
		if (model.every) {
			const text = `Of this large picture every ${ordinal(model.every)} row and column is drawn.`;
			host.append(element("p", { class: "cw-notice" }, text));
		}
		host.append(this.#controls.element, this.#readOut);
		this.#paint();
		this.#followWidth();
	}

	point(across: number, down: number): void {
		const { x, y, width, height } = this.#view;
		const column = Math.min(this.#model.width - 1, Math.floor(x + across * width));
		const row = Math.min(this.#model.height - 1, Math.floor(y + down * height));
		if (column !== this.#at?.column || row !== this.#at.row) this.#read({ column, row });
	}

	leave(): void {
		this.#at = undefined;
		this.#readOut.textContent = " ";
		this.#draw();
	}

	step(columns: number, rows: number): void {
		// The first press shows where one is.
		const by = this.#at ? { columns, rows } : { columns: 0, rows: 0 };
		const from = this.#at ?? this.#centre();
		const column = Math.max(0, Math.min(this.#model.width - 1, from.column + by.columns));
		const row = Math.max(0, Math.min(this.#model.height - 1, from.row + by.rows));
		this.#view = showing(this.#view, this.#model, column, row);
		this.#read({ column, row });
	}

	zoom(factor: number, across?: number, down?: number): void {
		const { column, row } = this.#at ?? this.#centre();
		const { x, y, width, height } = this.#view;
		this.#see(
			zoomed(
				this.#view,
				this.#model,
				factor,
				across ?? (column + 0.5 - x) / width,
				down ?? (row + 0.5 - y) / height,
			),
		);
	}

	pan(across: number, down: number): void {
		this.#see(moved(this.#view, this.#model, across, down));
	}

	reset(): void {
		this.#see(wholeView(this.#model));
	}

	stepPlane(by: number): void {
		this.#planes?.step(by);
	}

	isZoomed(): boolean {
		return !isWhole(this.#view, this.#model);
	}

	/** Another plane in the same view, with the same contrast; of another channel with that channel's own. */
	#showPlane(plane: PlaneAnswer, index: readonly number[]): void {
		const { range } = this.#model;
		const widest: [number, number] = [Math.min(range[0], plane.range[0]), Math.max(range[1], plane.range[1])];
		const channel = index[this.#channels] ?? 0;
		const isOther = channel !== this.#channel;
		if (isOther) {
			this.#contrasts.set(this.#channel, { low: this.#look.low, high: this.#look.high });
			const [low, high] = plane.window;
			Object.assign(this.#look, this.#contrasts.get(channel) ?? { low, high });
			this.#channel = channel;
		}
		this.#model = {
			...this.#model,
			data: plane.data,
			range: isOther ? plane.range : widest,
			window: isOther ? plane.window : this.#model.window,
		};
		this.#controls.refresh(this.#model);
		this.#describePlane();
		this.#paint();
		if (this.#at) this.#read(this.#at);
	}

	#describePlane(): void {
		this.#pixels.setAttribute("aria-label", `${this.#model.alt} Shown is ${this.#planes?.words}.`);
	}

	#centre(): Pixel {
		const { x, y, width, height } = this.#view;
		return { column: Math.floor(x + width / 2), row: Math.floor(y + height / 2) };
	}

	#see(view: View): void {
		this.#view = view;
		this.#draw();
	}

	#read(pixel: Pixel): void {
		this.#at = pixel;
		this.#readOut.textContent = readingOf(this.#model, pixel);
		this.#draw();
	}

	#paint(): void {
		paintPixels(this.#source, this.#model, this.#look);
		this.#draw();
	}

	/** Everything but the colouring of values, which takes longest. */
	#draw(): void {
		const layout = layoutFor(this.#model, this.#frame.clientWidth || 640);
		this.#frame.style.height = `${layout.total.height}px`;
		const { style } = this.#pane;
		style.left = `${layout.left}px`;
		style.top = `${layout.top}px`;
		style.width = `${layout.width}px`;
		style.height = `${layout.height}px`;
		// Fingers scroll the page until the picture is zoomed; then they move it.
		style.touchAction = this.isZoomed() ? "none" : "pan-x pan-y";
		drawView(this.#pixels, this.#source, this.#view, layout);
		const mark = this.#at && markOf(this.#at, this.#view);
		const axes = surroundings(partOf(this.#model, this.#view), this.#look, layout, mark);
		this.#axes.replaceWith(axes);
		this.#axes = axes;
	}

	/** Axis labels must stay legible at any width, so the frame is laid out anew when it changes. */
	#followWidth(): void {
		let width = 0;
		new ResizeObserver(([entry]) => {
			const next = Math.round(entry.contentRect.width);
			if (next === width || next === 0) return;
			width = next;
			this.#draw();
		}).observe(this.#frame);
	}
}

/** The part of the source that is seen, as fine as the screen draws; single pixels keep their edges. */
function drawView(canvas: HTMLCanvasElement, source: HTMLCanvasElement, view: View, at: Layout): void {
	const fine = globalThis.devicePixelRatio || 1;
	canvas.width = Math.round(at.width * fine);
	canvas.height = Math.round(at.height * fine);
	const context = contextOf(canvas);
	context.imageSmoothingEnabled = view.width > canvas.width;
	context.imageSmoothingQuality = "high";
	context.drawImage(source, view.x, view.y, view.width, view.height, 0, 0, canvas.width, canvas.height);
}

/** The picture as if the part that is seen were all of it. */
function partOf(model: PictureDisplay, view: View): PictureDisplay {
	const part = (axis: PictureAxis, start: number) => ({ ...axis, first: axis.first + start * axis.step });
	return {
		...model,
		width: view.width,
		height: view.height,
		horizontal: part(model.horizontal, view.x),
		vertical: part(model.vertical, view.y),
	};
}

function ordinal(n: number): string {
	return `${n}${{ 2: "nd", 3: "rd" }[n] ?? "th"}`;
}

/** A pixel in shares of the view. */
function markOf({ column, row }: Pixel, view: View): { x: number; y: number; width: number; height: number } {
	return {
		x: (column - view.x) / view.width,
		y: (row - view.y) / view.height,
		width: 1 / view.width,
		height: 1 / view.height,
	};
}

/** `y 4.5 µm, x 2.25 µm (row 9, column 9): 312`. */
function readingOf(model: PictureDisplay, { column, row }: Pixel): string {
	const place = ({ name, first, step, unit }: PictureAxis, i: number) =>
		`${name} ${Number((first + i * step).toPrecision(6))}${unit ? ` ${shortUnit(unit)}` : ""}`;
	const every = model.every ?? 1;
	const value = model.data[row * model.width + column];
	const shown = typeof value === "number" ? Number(value.toPrecision(7)) : value;
	return `${place(model.vertical, row)}, ${place(model.horizontal, column)} (row ${row * every}, column ${column * every}): ${shown}`;
}
