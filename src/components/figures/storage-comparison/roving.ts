/** Keys in a list or tree: one tab stop, arrows move (WAI-ARIA Authoring Practices, "roving tabindex"). */

export interface Roving {
	/** After the list was drawn anew. */
	refresh(): void;
	focus(id: string): void;
}

export function roving(
	list: HTMLElement,
	attribute: "data-path" | "data-key",
	signal: AbortSignal,
	act: {
		choose(element: HTMLElement): void;
		left?(element: HTMLElement): void;
		right?(element: HTMLElement): void;
	},
): Roving {
	let current: string | null = null;
	const members = () => [...list.querySelectorAll<HTMLElement>(`:scope > [${attribute}]`)];

	function refresh(): void {
		const all = members();
		const had = list.contains(document.activeElement) || pending;
		const at =
			all.find((m) => m.getAttribute(attribute) === current) ??
			all.find((m) => m.matches('[aria-selected="true"]')) ??
			all[0];
		for (const member of all) member.tabIndex = member === at ? 0 : -1;
		if (had) at?.focus({ preventScroll: true });
		pending = false;
	}
	let pending = false;

	function focus(id: string): void {
		current = id;
		pending = true;
		refresh();
	}

	list.addEventListener(
		"focusin",
		(event) => {
			const member = (event.target as HTMLElement).closest<HTMLElement>(`[${attribute}]`);
			current = member?.getAttribute(attribute) ?? current;
			for (const other of members()) other.tabIndex = other === member ? 0 : -1;
		},
		{ signal },
	);
	list.addEventListener(
		"keydown",
		(event) => {
			const all = members();
			const at = all.indexOf(document.activeElement as HTMLElement);
			if (at < 0) return;
			const to: Record<string, number> = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 };
			if (event.key in to) all[Math.max(0, Math.min(all.length - 1, to[event.key]))].focus();
			else if (event.key === "Enter" || event.key === " ") {
				pending = true;
				act.choose(all[at]);
			} else if (event.key === "ArrowLeft" && act.left) act.left(all[at]);
			else if (event.key === "ArrowRight" && act.right) act.right(all[at]);
			else return;
			event.preventDefault();
		},
		{ signal },
	);
	refresh();
	return { refresh, focus };
}
