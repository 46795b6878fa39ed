/** Which part of a picture is seen, in its own pixels. It keeps the picture's proportions and stays inside it. */
export interface View {
	x: number;
	y: number;
	width: number;
	height: number;
}
interface Size {
	width: number;
	height: number;
}

/** The closest one can come: this many pixels of the picture across. */
const closest = 4;

export function wholeView({ width, height }: Size): View {
	return { x: 0, y: 0, width, height };
}

export function isWhole(view: View, { width }: Size): boolean {
	return view.width >= width;
}

/** Nearer by `factor` (farther below 1); the place under (`across`, `down`), shares of the view, stays there. */
export function zoomed(view: View, size: Size, factor: number, across = 0.5, down = 0.5): View {
	const most = size.width / Math.min(closest, size.width, size.height);
	const magnification = Math.min(most, Math.max(1, (size.width / view.width) * factor));
	const width = size.width / magnification;
	const height = size.height / magnification;
	return inside(
		{
			x: view.x + across * (view.width - width),
			y: view.y + down * (view.height - height),
			width,
			height,
		},
		size,
	);
}

/** Moved by shares of the view. */
export function moved(view: View, size: Size, across: number, down: number): View {
	return inside({ ...view, x: view.x + across * view.width, y: view.y + down * view.height }, size);
}

/** Moved as little as it takes to have a pixel in it. */
export function showing(view: View, size: Size, column: number, row: number): View {
	const nudged = (start: number, extent: number, at: number) =>
		Math.min(at, Math.max(at + 1 - extent, start));
	return inside(
		{ ...view, x: nudged(view.x, view.width, column), y: nudged(view.y, view.height, row) },
		size,
	);
}

function inside(view: View, { width, height }: Size): View {
	return {
		...view,
		x: Math.max(0, Math.min(width - view.width, view.x)),
		y: Math.max(0, Math.min(height - view.height, view.y)),
	};
}
