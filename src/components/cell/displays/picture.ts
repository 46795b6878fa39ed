/** A slice as a picture: pixels, axes in coordinates, colour bar, contrast, scale bar, read-out, zoom and pan. */
import type { PictureAxis, PictureDisplay } from "../../../lib/display.ts";
import { element } from "./element.ts";
import { pictureControls } from "./picture-controls.ts";
import { type Layout, layoutFor, shortUnit, surroundings } from "./picture-frame.ts";
import { listen, type PictureActions } from "./picture-gestures.ts";
import { contextOf, type Look, paintPixels } from "./picture-pixels.ts";
import { isWhole, moved, showing, type View, wholeView, zoomed } from "./picture-view.ts";

const keys =
	"Arrow keys read values, plus and minus zoom, Shift with arrow keys moves the view, 0 shows all of it.";

export function drawPicture(host: HTMLElement, model: PictureDisplay): void {
	const look: Look = { low: model.window[0], high: model.window[1], colorMap: model.colorMap };
	let view = wholeView(model);
	/** The pixel that is read. */
	let at: { column: number; row: number } | undefined;
	let layout: Layout;

	const source = document.createElement("canvas");
	const pixels = element("canvas", { class: "cw-picture-pixels", role: "img", "aria-label": model.alt });
	const pane = element("div", {
		class: "cw-picture-pane",
		tabindex: "0",
		role: "application",
		"aria-roledescription": "picture",
		"aria-label": `${model.title ?? "Picture"}. ${keys}`,
	});
	pane.append(pixels);
	const readOut = element("output", { class: "cw-picture-readout" }, " ");
	const frame = element("div", { class: "cw-picture-frame" }, pane);
	let axes: Element = frame.appendChild(document.createElement("span"));

	/** Everything but the colouring of values, which takes longest. */
	const draw = () => {
		layout = layoutFor(model, frame.clientWidth || 640);
		frame.style.height = `${layout.total.height}px`;
		const { style } = pane;
		style.left = `${layout.left}px`;
		style.top = `${layout.top}px`;
		style.width = `${layout.width}px`;
		style.height = `${layout.height}px`;
		// Fingers scroll the page until the picture is zoomed; then they move it.
		style.touchAction = isWhole(view, model) ? "pan-x pan-y" : "none";
		drawView(pixels, source, view, layout);
		const fresh = surroundings(partOf(model, view), look, layout, at && markOf(at, view));
		axes.replaceWith(fresh);
		axes = fresh;
	};
	const paint = () => {
		paintPixels(source, model, look);
		draw();
	};
	const read = (column: number, row: number) => {
		at = { column, row };
		readOut.textContent = readingOf(model, column, row);
		draw();
	};
	const see = (next: View) => {
		view = next;
		draw();
	};
	const centre = () => ({
		column: Math.floor(view.x + view.width / 2),
		row: Math.floor(view.y + view.height / 2),
	});
	const actions: PictureActions = {
		point: (across, down) => {
			const column = Math.floor(view.x + across * view.width);
			const row = Math.floor(view.y + down * view.height);
			if (column === at?.column && row === at.row) return;
			read(Math.min(column, model.width - 1), Math.min(row, model.height - 1));
		},
		leave: () => {
			at = undefined;
			readOut.textContent = " ";
			draw();
		},
		step: (columns, rows) => {
			// The first press shows where one is.
			const from = at ?? centre();
			const by = at ? [columns, rows] : [0, 0];
			const column = Math.max(0, Math.min(model.width - 1, from.column + by[0]));
			const row = Math.max(0, Math.min(model.height - 1, from.row + by[1]));
			view = showing(view, model, column, row);
			read(column, row);
		},
		zoom: (factor, across, down) => {
			const { column, row } = at ?? centre();
			const [x, y] = [
				across ?? (column + 0.5 - view.x) / view.width,
				down ?? (row + 0.5 - view.y) / view.height,
			];
			see(zoomed(view, model, factor, x, y));
		},
		pan: (across, down) => see(moved(view, model, across, down)),
		reset: () => see(wholeView(model)),
		isZoomed: () => !isWhole(view, model),
	};
	listen(pane, actions);

	host.replaceChildren();
	if (model.title) host.append(element("p", { class: "cw-picture-title" }, model.title));
	host.append(
		frame,
		pictureControls(model, look, { paint, zoom: actions.zoom, reset: actions.reset }),
		readOut,
	);
	paint();
	// Axis labels must stay legible at any width, so the frame is laid out anew when it changes.
	let width = 0;
	new ResizeObserver(([entry]) => {
		const next = Math.round(entry.contentRect.width);
		if (next === width || next === 0) return;
		width = next;
		draw();
	}).observe(frame);
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

/** A pixel in shares of the view. */
function markOf(
	{ column, row }: { column: number; row: number },
	view: View,
): { x: number; y: number; width: number; height: number } {
	return {
		x: (column - view.x) / view.width,
		y: (row - view.y) / view.height,
		width: 1 / view.width,
		height: 1 / view.height,
	};
}

/** `y 4.5 µm, x 2.25 µm (row 9, column 9): 312`. */
function readingOf(model: PictureDisplay, column: number, row: number): string {
	const place = ({ name, first, step, unit }: PictureAxis, i: number) =>
		`${name} ${Number((first + i * step).toPrecision(6))}${unit ? ` ${shortUnit(unit)}` : ""}`;
	const value = model.data[row * model.width + column];
	const shown = typeof value === "number" ? Number(value.toPrecision(7)) : value;
	return `${place(model.vertical, row)}, ${place(model.horizontal, column)} (row ${row}, column ${column}): ${shown}`;
}
