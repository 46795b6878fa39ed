/** Forgetting work: asked first, and taken back as long as the page is open. */
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";

export interface ResetWords {
	/** What the button would do, before it is pressed. */
	first: string;
	start: string;
	question: string;
	sure: string;
	done: string;
	back: string;
}

export interface ResetActs {
	/** Forgets; what it gives brings all back. */
	forget(): () => void;
	/** Saves everything to a file and says as what. */
	exportFirst?(): string;
}

/** A sentence and its buttons; `beside` stands next to the first button. */
export function resetControls(words: ResetWords, acts: ResetActs, ...beside: HTMLElement[]): HTMLElement {
	const status = element("p", { class: "cw-work-status", role: "status" }, words.first);
	const buttons = element("div", { class: "cw-bar-buttons" });
	const show = (text: string, ...shown: HTMLElement[]) => {
		status.textContent = text;
		buttons.replaceChildren(...shown);
		shown[0]?.focus();
	};
	const start = smallButton(words.start);
	const sure = smallButton(words.sure);
	const no = smallButton("No, keep it");
	const undo = smallButton("Undo");
	const first = [start, ...beside];
	const { exportFirst } = acts;
	const answers = [sure, no];
	if (exportFirst) {
		const button = smallButton("Export first");
		button.addEventListener("click", () => {
			show(`${exportFirst()} ${words.question}`, sure, no);
		});
		answers.unshift(button);
	}
	start.addEventListener("click", () => show(words.question, ...answers));
	no.addEventListener("click", () => show(words.first, ...first));
	sure.addEventListener("click", () => {
		const bringBack = acts.forget();
		undo.onclick = () => {
			bringBack();
			show(words.back, ...first);
		};
		show(words.done, undo);
	});
	buttons.append(...first);
	return element("div", {}, status, buttons);
}
