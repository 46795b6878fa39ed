/** The parts of an output that are drawn for the room they have, drawn once for a wide and once for a narrow page. */

export interface Frame {
	kind: "wide" | "narrow";
	/** In CSS pixels. */
	width: number;
	height: number;
	/** What is drawn in lines and text, its size given by a `viewBox`. */
	svg: SVGElement;
	/** What lies under it in pixels. */
	picture?: FramePicture;
}

export interface FramePicture {
	/** A `data:` address of WebP. */
	address: string;
	columns: number;
	rows: number;
	/** True where every pixel of the picture is one of the image's. */
	isWhole: boolean;
	/** As a style, in per cent of the frame. */
	place: string;
}

export type Frames = Map<Element, Frame[]>;

export const frameSelector = ".cw-picture-frame, .cw-chart-frame";

/** The widths that are recorded; recorded.css shows the one or the other. */
const widths = { wide: 660, narrow: 360 };
/** Pictures are no larger than this, in pixels. */
const largest = 1024;
const quality = 0.85;

/** Of a picture without loss, in letters of its address: some 3 kB. */
const smallExact = 4096;

export async function framesOf(host: HTMLElement): Promise<Frames> {
	const frames: Frames = new Map();
	for (const frame of host.querySelectorAll<HTMLElement>(frameSelector)) {
		const taken: Frame[] = [];
		let pixels: ReturnType<typeof pixelsOf>;
		for (const [kind, width] of Object.entries(widths) as [Frame["kind"], number][]) {
			frame.style.width = `${width}px`;
			await drawn();
			const svg = frame.querySelector("svg")?.cloneNode(true) as SVGElement | undefined;
			if (!svg) throw new Error("A drawing has not come");
			const [w, h] = ["width", "height"].map((name) => Math.round(Number(svg.getAttribute(name))));
			svg.removeAttribute("width");
			svg.removeAttribute("height");
			svg.setAttribute("viewBox", `0 0 ${w} ${h}`);
			for (const part of svg.querySelectorAll("*")) shortNumbers(part);
			// The pixels are taken at the wide size, which shows more of them.
			pixels ??= pixelsOf(frame);
			const picture = pixels && { ...pixels, place: placeOf(frame, w, h) };
			taken.push({ kind, width: w, height: h, svg, picture });
		}
		frames.set(frame, taken);
	}
	return frames;
}

/** A width is seen, and what follows from it drawn, after the next frames. */
async function drawn(): Promise<void> {
	for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
}

function pixelsOf(frame: HTMLElement): Omit<FramePicture, "place"> | undefined {
	const canvas = frame.querySelector("canvas");
	if (!canvas) return undefined;
	const size = frame.closest<HTMLElement>("[data-pixels]")?.dataset.pixels?.split(" ").map(Number) ?? [];
	const [columns, rows] = size;
	// Drawn larger than it is, the middle of each of its pixels has just its colour.
	const isWhole = columns <= canvas.width && rows <= canvas.height && Math.max(columns, rows) <= largest;
	const shrunk = Math.min(1, largest / Math.max(canvas.width, canvas.height));
	const copy = document.createElement("canvas");
	copy.width = isWhole ? columns : Math.round(canvas.width * shrunk);
	copy.height = isWhole ? rows : Math.round(canvas.height * shrunk);
	const context = copy.getContext("2d") as CanvasRenderingContext2D;
	context.imageSmoothingEnabled = !isWhole;
	context.drawImage(canvas, 0, 0, copy.width, copy.height);
	// A few flat colours, as those of labels, are small without loss, and blotched with it.
	const exact = copy.toDataURL("image/webp", 1);
	const address = exact.length <= smallExact ? exact : copy.toDataURL("image/webp", quality);
	return { address, columns: copy.width, rows: copy.height, isWhole };
}

function placeOf(frame: HTMLElement, width: number, height: number): string {
	const { style } = frame.querySelector(".cw-picture-pane") as HTMLElement;
	const share = (name: "left" | "top" | "width" | "height", of: number) =>
		`${name}:${Math.round((Number.parseFloat(style[name]) / of) * 1e5) / 1e3}%`;
	return [share("left", width), share("top", height), share("width", width), share("height", height)].join(
		";",
	);
}

/** A hundredth of a pixel is enough. */
function shortNumbers(part: Element): void {
	for (const { name, value } of [...part.attributes]) {
		if (name === "class" || name === "id" || name === "style") continue;
		part.setAttribute(
			name,
			value.replace(/-?\d+\.\d{3,}/g, (number) => String(Math.round(Number(number) * 100) / 100)),
		);
	}
}
