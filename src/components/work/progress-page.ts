/** The progress page: what is done, by lesson; export and import; starting again; collected files as a table. */
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";
import { type CollectedTable, collect, csv, type LearnerFile } from "./collect.ts";
import { progressEvent } from "./keys.ts";
import type { LessonOutline, OutlineItem } from "./outline.ts";
import { allProgress, type LessonProgress } from "./progress.ts";
import { forget } from "./reset.ts";
import { saveFile } from "./save-file.ts";
import { inWords, readFile, transferControls } from "./transfer.ts";
import { watchStorage } from "./trouble.ts";
import { makeWorkFile, workFileName } from "./work-file.ts";

const kinds = [
	["cell", "cells run"],
	["exercise", "exercises solved"],
	["quiz", "quizzes answered"],
] as const;

class ChunkwiseProgress extends HTMLElement {
	#outlines: LessonOutline[] = [];

	connectedCallback(): void {
		this.#outlines = JSON.parse(this.#part("outlines").textContent ?? "[]");
		watchStorage();
		this.#show();
		addEventListener("storage", () => this.#show());
		this.#part("transfer").append(transferControls({ changed: () => this.#changed() }));
		this.#part("reset").append(resetControls(() => this.#changed()));
		this.#part("collect").append(collectControls());
	}

	#part(name: string, within: Element = this): HTMLElement {
		return within.querySelector(`[data-part=${name}]`) as HTMLElement;
	}

	#changed(): void {
		this.#show();
		document.dispatchEvent(new CustomEvent(progressEvent));
	}

	#show(): void {
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

function resetControls(changed: () => void): HTMLElement {
	const first = "Forgets all your code and all your progress in this browser.";
	const status = element("p", { role: "status" }, first);
	const row = element("div", { class: "cw-bar-buttons" });
	const show = (text: string, ...buttons: HTMLElement[]) => {
		status.textContent = text;
		row.replaceChildren(...buttons);
		buttons[0]?.focus();
	};
	const start = smallButton("Reset everything");
	const exportFirst = smallButton("Export first");
	const sure = smallButton("Yes, forget everything");
	const no = smallButton("No, keep it");
	const undo = smallButton("Undo");
	start.addEventListener("click", () =>
		show(
			"Forget everything you wrote and did in this course? Export it first if you may want it again.",
			exportFirst,
			sure,
			no,
		),
	);
	exportFirst.addEventListener("click", () => {
		const at = new Date().toISOString();
		saveFile(workFileName(at), JSON.stringify(makeWorkFile(at), undefined, "\t"), "application/json");
		show(`Exported as ${workFileName(at)}. Forget everything now?`, sure, no);
	});
	no.addEventListener("click", () => show(first, start));
	sure.addEventListener("click", () => {
		const bringBack = forget();
		changed();
		undo.onclick = () => {
			bringBack();
			changed();
			show("Everything is back.", start);
		};
		show("Everything is forgotten. You can take it back until you leave this page.", undo);
	});
	row.append(start);
	return element("div", {}, status, row);
}

function collectControls(): HTMLElement {
	const status = element("p", { class: "cw-work-status", role: "status" });
	const picker = element("input", {
		type: "file",
		accept: ".json,application/json",
		multiple: "",
		class: "cw-visually-hidden",
		tabindex: "-1",
		"aria-label": "Files of exported work",
	});
	const choose = smallButton("Choose files");
	choose.addEventListener("click", () => picker.click());
	const download = smallButton("Download as CSV");
	download.hidden = true;
	const place = element("div", { class: "cw-collected" });
	picker.addEventListener("change", async () => {
		const files: LearnerFile[] = [];
		const problems: string[] = [];
		for (const file of picker.files ?? []) {
			try {
				files.push({ name: file.name, work: await readFile(file) });
			} catch (error) {
				problems.push(`${file.name}: ${inWords(error)}`);
			}
		}
		picker.value = "";
		const table = collect(files);
		place.replaceChildren(...(files.length > 0 ? [collectedTable(table)] : []));
		download.hidden = files.length === 0;
		download.onclick = () => saveFile("chunkwise-exercises.csv", csv(table), "text/csv");
		status.textContent = [`${files.length} ${files.length === 1 ? "file" : "files"} read.`, ...problems].join(
			" ",
		);
	});
	const row = element("div", { class: "cw-bar-buttons" });
	row.append(choose, download, picker);
	return element("div", { class: "cw-work-transfer" }, row, status, place);
}

function collectedTable({ items, rows }: CollectedTable): HTMLElement {
	const head = element("tr", {}, element("th", { scope: "col" }, "Learner"));
	for (const { lesson, title } of items) {
		const name = lesson.split("/").at(-1) ?? lesson;
		head.append(
			element("th", { scope: "col" }, title, element("span", { class: "cw-collected-lesson" }, name)),
		);
	}
	const body = element("tbody");
	for (const { file, learner, items: found } of rows) {
		const who = element("th", { scope: "row" }, learner === "" ? file : learner);
		if (learner !== "") who.append(element("span", { class: "cw-collected-lesson" }, file));
		const row = element("tr", {}, who);
		for (const item of found) row.append(collectedCell(item));
		body.append(row);
	}
	const table = element(
		"table",
		{},
		element("caption", {}, "Exercises by learner"),
		element("thead", {}, head),
		body,
	);
	return element(
		"div",
		{ class: "cw-collected-scroll", role: "region", tabindex: "0", "aria-label": "Exercises by learner" },
		table,
	);
}

function collectedCell(item: CollectedTable["rows"][number]["items"][number]): HTMLElement {
	const cell = element("td", { "data-state": item?.state ?? "none" });
	if (!item) {
		cell.append("not tried");
		return cell;
	}
	const text = `${item.state === "solved" ? "✓ solved" : "◐ tried"}, ${item.attempts} ${item.attempts === 1 ? "try" : "tries"}`;
	if (item.code === null) cell.append(text);
	else {
		const code = element("pre", {}, element("code", {}, item.code));
		cell.append(element("details", {}, element("summary", {}, text), code));
	}
	return cell;
}

if (!customElements.get("chunkwise-progress")) customElements.define("chunkwise-progress", ChunkwiseProgress);
