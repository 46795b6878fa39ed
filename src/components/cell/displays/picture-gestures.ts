/** What a reader does to a picture by mouse, fingers and keys. */
export interface PictureActions {
	/** Reads the value at a place, in shares of the view. */
	point(across: number, down: number): void;
	/** Reads nothing any more. */
	leave(): void;
	/** Moves the place that is read by pixels. */
	step(columns: number, rows: number): void;
	/** Nearer by a factor, around a place where one is given, else around what is read. */
	zoom(factor: number, across?: number, down?: number): void;
	/** Moves the view by shares of itself. */
	pan(across: number, down: number): void;
	/** The next plane, or the one before (-1). */
	stepPlane(by: number): void;
	/** All of the picture. */
	reset(): void;
	isZoomed(): boolean;
}

/** What arrow keys do; with Shift the same moves the view. */
const arrows: Record<string, [number, number]> = {
	ArrowLeft: [-1, 0],
	ArrowRight: [1, 0],
	ArrowUp: [0, -1],
	ArrowDown: [0, 1],
};

export function listen(target: HTMLElement, actions: PictureActions): void {
	listenToKeys(target, actions);
	listenToPointers(target, actions);
	target.addEventListener(
		"wheel",
		(event) => {
			// The wheel alone scrolls the page; with Ctrl, and as a pinch on a touchpad, it zooms.
			if (!event.ctrlKey && !event.metaKey) return;
			event.preventDefault();
			actions.zoom(Math.exp(-event.deltaY / 200), ...place(target, event));
		},
		{ passive: false },
	);
	target.addEventListener("dblclick", (event) => {
		actions.zoom(event.shiftKey ? 0.5 : 2, ...place(target, event));
	});
}

function listenToKeys(target: HTMLElement, actions: PictureActions): void {
	target.addEventListener("keydown", (event) => {
		if (event.ctrlKey || event.metaKey || event.altKey) return;
		const arrow = arrows[event.key];
		if (arrow && event.shiftKey) actions.pan(arrow[0] / 4, arrow[1] / 4);
		else if (arrow) actions.step(...arrow);
		else if (event.key === "PageUp") actions.step(0, -10);
		else if (event.key === "PageDown") actions.step(0, 10);
		else if (event.key === "+" || event.key === "=") actions.zoom(1.5);
		else if (event.key === "-" || event.key === "_") actions.zoom(1 / 1.5);
		else if (event.key === "0" || event.key === "Home") actions.reset();
		else if (event.key === ".") actions.stepPlane(1);
		else if (event.key === ",") actions.stepPlane(-1);
		else if (event.key === "Escape") actions.leave();
		else return;
		event.preventDefault();
	});
	target.addEventListener("blur", () => actions.leave());
}

function listenToPointers(target: HTMLElement, actions: PictureActions): void {
	/** Fingers and pressed mouse buttons, where they were last. */
	const held = new Map<number, [number, number]>();
	target.addEventListener("pointerdown", (event) => {
		held.set(event.pointerId, place(target, event));
		if (actions.isZoomed() || held.size > 1) target.setPointerCapture(event.pointerId);
	});
	target.addEventListener("pointermove", (event) => {
		const now = place(target, event);
		const before = held.get(event.pointerId);
		if (!before) {
			if (isWithin(now)) actions.point(...now);
			return;
		}
		const other = [...held].find(([id]) => id !== event.pointerId)?.[1];
		held.set(event.pointerId, now);
		if (other) {
			const factor = distance(now, other) / (distance(before, other) || 1);
			actions.zoom(factor, (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
		} else if (actions.isZoomed()) {
			actions.pan(before[0] - now[0], before[1] - now[1]);
		} else if (isWithin(now)) {
			actions.point(...now);
		}
	});
	const release = (event: PointerEvent) => held.delete(event.pointerId);
	target.addEventListener("pointerup", release);
	target.addEventListener("pointercancel", release);
	target.addEventListener("pointerleave", (event) => {
		held.delete(event.pointerId);
		if (document.activeElement !== target) actions.leave();
	});
}

/** Where a pointer is, in shares of the element. */
function place(target: HTMLElement, { clientX, clientY }: MouseEvent): [number, number] {
	const box = target.getBoundingClientRect();
	return [(clientX - box.left) / box.width, (clientY - box.top) / box.height];
}

function isWithin([across, down]: [number, number]): boolean {
	return across >= 0 && down >= 0 && across < 1 && down < 1;
}

function distance(a: [number, number], b: [number, number]): number {
	return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
