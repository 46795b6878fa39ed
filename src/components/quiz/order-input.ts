/** Steps to be put in order: by their buttons, by dragging with mouse, pen or finger. */
import type { AnswerInput } from "./answer-input.ts";

export function orderInput(
	host: HTMLElement,
	say: (text: string) => void,
	changed: () => void,
): AnswerInput & { steps(): HTMLElement[] } {
	const list = host.querySelector<HTMLElement>(".cw-answers") as HTMLElement;
	const steps = () => [...list.querySelectorAll<HTMLElement>(".cw-step")];
	const label = (step: HTMLElement) => step.querySelector("[data-part=label]")?.textContent?.trim() ?? "";
	const refresh = () => {
		const all = steps();
		all.forEach((step, i) => {
			button(step, "up").disabled = i === 0;
			button(step, "down").disabled = i === all.length - 1;
		});
	};
	const tell = (step: HTMLElement) =>
		say(`“${label(step)}” is now step ${steps().indexOf(step) + 1} of ${steps().length}.`);
	const move = (step: HTMLElement, by: -1 | 1) => {
		const other = by < 0 ? step.previousElementSibling : step.nextElementSibling;
		if (!other) return;
		if (by < 0) other.before(step);
		else other.after(step);
		refresh();
		// Moving takes the focus away; at the end of the list the other button takes it.
		const wanted = button(step, by < 0 ? "up" : "down");
		(wanted.disabled ? button(step, by < 0 ? "down" : "up") : wanted).focus();
		tell(step);
		changed();
	};
	for (const step of steps()) {
		button(step, "up").addEventListener("click", () => move(step, -1));
		button(step, "down").addEventListener("click", () => move(step, 1));
		draggable(step, steps, () => {
			refresh();
			tell(step);
			changed();
		});
	}
	refresh();
	return {
		ask: "Put the steps in order first.",
		steps,
		read: () =>
			steps()
				.map((step) => step.dataset.answer)
				.join(","),
		restore(answer) {
			const byIndex = new Map(steps().map((step) => [step.dataset.answer, step]));
			const order = answer.split(",").map((index) => byIndex.get(index));
			if (order.length !== byIndex.size || order.includes(undefined) || new Set(order).size !== order.length)
				return;
			list.append(...(order as HTMLElement[]));
			refresh();
		},
		words: () => steps().map(label).join("; "),
	};
}

function button(step: HTMLElement, part: "up" | "down"): HTMLButtonElement {
	return step.querySelector(`[data-part=${part}]`) as HTMLButtonElement;
}

/** The grip moves its step among the others as the pointer passes their middles. */
function draggable(step: HTMLElement, steps: () => HTMLElement[], dropped: () => void): void {
	const grip = step.querySelector<HTMLElement>("[data-part=grip]");
	grip?.addEventListener("pointerdown", (event) => {
		if (event.button !== 0) return;
		event.preventDefault();
		const before = steps();
		step.classList.add("cw-step-moving");
		const drag = ({ clientY }: PointerEvent) => {
			for (const other of steps()) {
				if (other === step) continue;
				const { top, height } = other.getBoundingClientRect();
				const isBelow = !!(step.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING);
				if (isBelow && clientY > top + height / 2) other.after(step);
				else if (!isBelow && clientY < top + height / 2) {
					other.before(step);
					return;
				}
			}
		};
		const end = () => {
			step.classList.remove("cw-step-moving");
			removeEventListener("pointermove", drag);
			removeEventListener("pointerup", end);
			removeEventListener("pointercancel", end);
			if (steps().some((other, i) => other !== before[i])) dropped();
		};
		addEventListener("pointermove", drag);
		addEventListener("pointerup", end);
		addEventListener("pointercancel", end);
	});
}
