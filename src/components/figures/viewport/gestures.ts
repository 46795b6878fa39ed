/** Mouse, pen and fingers on a picture: one moves it, two zoom it. The page keeps its wheel unless a key asks. */

export interface Gestures {
	/** A press, at page coordinates. */
	press?(x: number, y: number): void;
	/** Moved by so much, to page coordinates. */
	pan?(dx: number, dy: number, x: number, y: number): void;
	/** Zoomed about a point, counted from the middle of the element. */
	zoom?(factor: number, dx: number, dy: number): void;
	/** The pointer is there, counted from the middle, or gone. */
	point?(dx?: number, dy?: number): void;
}

export function gestures(element: HTMLElement, signal: AbortSignal, act: Gestures): void {
	const pointers = new Map<number, { x: number; y: number }>();
	const fromMiddle = (x: number, y: number): [number, number] => {
		const { left, top, width, height } = element.getBoundingClientRect();
		return [x - left - width / 2, y - top - height / 2];
	};
	const on = <K extends keyof HTMLElementEventMap>(
		type: K,
		listener: (event: HTMLElementEventMap[K]) => void,
		options: AddEventListenerOptions = {},
	) => element.addEventListener(type, listener, { signal, ...options });

	on("pointerdown", (event) => {
		if (event.button !== 0) return;
		pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
		element.setPointerCapture(event.pointerId);
		if (pointers.size === 1) act.press?.(event.clientX, event.clientY);
	});
	on("pointermove", (event) => {
		act.point?.(...fromMiddle(event.clientX, event.clientY));
		const before = pointers.get(event.pointerId);
		if (!before) return;
		const now = { x: event.clientX, y: event.clientY };
		pointers.set(event.pointerId, now);
		const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
		if (!other) {
			act.pan?.(now.x - before.x, now.y - before.y, now.x, now.y);
			return;
		}
		const apart = (p: { x: number; y: number }) => Math.hypot(p.x - other.x, p.y - other.y);
		act.zoom?.(
			apart(now) / Math.max(1, apart(before)),
			...fromMiddle((now.x + other.x) / 2, (now.y + other.y) / 2),
		);
		act.pan?.((now.x - before.x) / 2, (now.y - before.y) / 2, now.x, now.y);
	});
	const lift = (event: PointerEvent) => pointers.delete(event.pointerId);
	on("pointerup", lift);
	on("pointercancel", lift);
	on("pointerleave", () => act.point?.());
	const zoom = act.zoom;
	if (!zoom) return;
	on(
		"wheel",
		(event) => {
			if (!event.ctrlKey && !event.metaKey && document.activeElement !== element) return;
			event.preventDefault();
			zoom(
				2 ** (-event.deltaY * (event.ctrlKey ? 0.01 : 0.002)),
				...fromMiddle(event.clientX, event.clientY),
			);
		},
		{ passive: false },
	);
}
