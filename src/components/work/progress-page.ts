/** The progress page: what is done, by lesson; export and import; starting again; collected files as a table. */
import { element } from "../cell/displays/element.ts";
import { collectControls } from "./collected-table.ts";
import { elsewhere, type OtherPage } from "./elsewhere.ts";
import { progressEvent } from "./keys.ts";
import type { LessonOutline, OutlineItem } from "./outline.ts";
import { allProgress, type LessonProgress } from "./progress.ts";
import { forget } from "./reset.ts";
import { resetControls } from "./reset-controls.ts";
import { saveFile } from "./save-file.ts";
import { transferControls } from "./transfer.ts";
import { watchStorage } from "./trouble.ts";
import { makeWorkFile, workFileName } from "./work-file.ts";

const kinds = [
	["cell", "cells run"],
	["exercise", "exercises solved"],
	["quiz", "quizzes answered"],
] as const;

class ChunkwiseProgress extends HTMLElement {
	#outlines: LessonOutline[] = [];
	#others: OtherPage[] = [];

	connectedCallback(): void {
		({ outlines: this.#outlines, others: this.#others } = JSON.parse(
			this.#part("outlines").textContent ?? "",
		));
		watchStorage();
		this.#show();
		addEventListener("storage", () => this.#show());
		this.#part("transfer").append(transferControls({ changed: () => this.#changed() }));
		this.#part("reset").append(this.#resetAll());
		this.#part("collect").append(collectControls());
	}

	#part(name: string, within: Element = this): HTMLElement {
		return within.querySelector(`[data-part=${name}]`) as HTMLElement;
	}

	#changed(): void {
		this.#show();
		document.dispatchEvent(new CustomEvent(progressEvent));
	}

	#resetAll(): HTMLElement {
		return resetControls(
			{
				first: "Forgets all your code and all your progress in this browser.",
				start: "Reset everything",
				question:
					"Forget everything you wrote and did in this course? Export it first if you may want it again.",
				sure: "Yes, forget everything",
				done: "Everything is forgotten. You can take it back until you leave this page.",
				back: "Everything is back.",
			},
			{
				forget: () => this.#forget(),
				exportFirst: () => {
					const at = new Date().toISOString();
					saveFile(workFileName(at), JSON.stringify(makeWorkFile(at), undefined, "\t"), "application/json");
					return `Exported as ${workFileName(at)}.`;
				},
			},
		);
	}

	/** Forgets one page's work and progress, or all; gives the way back. */
	#forget(page?: string): () => void {
		const bringBack = forget(page);
		this.#changed();
		return () => {
			bringBack();
			this.#changed();
		};
	}

	#show(): void {
		elsewhere(this.#part("elsewhere"), this.#others, this.#outlines, (page) => this.#forget(page));
		const progress = allProgress();
		let done = 0;
		let of = 0;
		for (const { lesson, items } of this.#outlines) {
			const row = this.querySelector(`li[data-lesson="${CSS.escape(lesson)}"]`);
			if (!row) continue;
			const known = progress.get(lesson)?.items ?? {};
			const count = items.filter(({ id }) => known[id]?.state === "done").length;
			done += count;
			of += items.length;
			const bar = this.#part("bar", row) as HTMLProgressElement;
			bar.max = items.length;
			bar.value = count;
			this.#part("words", row).textContent = words(items, known);
			this.#part("items", row).replaceChildren(
				...items.filter(({ kind }) => kind !== "cell").map((item) => itemLine(item, known)),
			);
		}
		const share = of === 0 ? 0 : Math.floor((100 * done) / of);
		this.#part("total").textContent =
			done === 0
				? "Nothing is done yet. Run a cell in a lesson, and it is counted here."
				: `${done} of ${of} done in the whole course, ${share} %.`;
	}
}

function words(items: readonly OutlineItem[], known: LessonProgress["items"]): string {
	return kinds
		.map(([kind, what]) => {
			const all = items.filter((item) => item.kind === kind);
			const done = all.filter(({ id }) => known[id]?.state === "done").length;
			return all.length === 0 ? "" : `${done} of ${all.length} ${what}`;
		})
		.filter(Boolean)
		.join(", ");
}

function itemLine({ id, kind, title }: OutlineItem, known: LessonProgress["items"]): HTMLElement {
	const item = known[id];
	const done = kind === "quiz" ? "answered" : "solved";
	const tries = item ? `${item.attempts} ${item.attempts === 1 ? "try" : "tries"}` : "";
	const state = !item ? "not tried yet" : item.state === "done" ? `${done}, ${tries}` : `tried, ${tries}`;
	const sign = !item ? "○" : item.state === "done" ? "✓" : "◐";
	return element(
		"li",
		{ "data-state": item?.state ?? "none" },
		element("span", { "aria-hidden": "true", class: "cw-progress-sign" }, sign),
		element("span", {}, `${kind === "quiz" ? "Quiz" : "Exercise"}: ${title}`),
		element("span", { class: "cw-progress-state" }, state),
	);
}

if (!customElements.get("chunkwise-progress")) customElements.define("chunkwise-progress", ChunkwiseProgress);
