/** The progress page's list of the reader's code outside of the lessons: the playground, pages for authors, pages that are gone. */
import { element } from "../cell/displays/element.ts";
import { playground } from "./keys.ts";
import { listCell } from "./notebook-list.ts";
import type { LessonOutline } from "./outline.ts";
import { resetControls } from "./reset-controls.ts";
import { savedCells, savedLessons } from "./saved-work.ts";

/** A page with cells that is no lesson. */
export interface OtherPage {
	page: string;
	title: string;
}

const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");

/** Shows the list in `place`, whose section is hidden while there is nothing in it. `forget` gives the way back. */
export function elsewhere(
	place: HTMLElement,
	others: readonly OtherPage[],
	lessons: readonly LessonOutline[],
	forget: (page: string) => () => void,
): void {
	const known = new Set(lessons.map(({ lesson }) => lesson));
	const pages = [...savedLessons()].filter((page) => !known.has(page)).sort();
	// What was just forgotten stays, with its way back, until the page is left.
	const kept = new Map(
		[...place.querySelectorAll<HTMLElement>("[data-page]")].map((row) => [row.dataset.page ?? "", row]),
	);
	for (const page of pages) {
		const row = kept.get(page) ?? line(page, others, forget);
		const count = [...savedCells(page).keys()].filter(
			(cell) => page !== playground || cell !== listCell,
		).length;
		const words = row.querySelector("[data-part=count]");
		if (words) words.textContent = `${count} ${count === 1 ? "cell" : "cells"} with your code`;
		if (!row.isConnected) place.append(row);
	}
	for (const [page, row] of kept) {
		const words = row.querySelector("[data-part=count]");
		if (!pages.includes(page) && words) words.textContent = "none of your code";
	}
	const section = place.closest("section");
	if (section) section.hidden = place.childElementCount === 0;
}

function line(page: string, others: readonly OtherPage[], forget: (page: string) => () => void): HTMLElement {
	const title = others.find((other) => other.page === page)?.title;
	const name = title
		? element("a", { href: `${base}${page}/` }, title)
		: element("span", {}, `${page}, which the course no longer has`);
	const what = title ?? page;
	return element(
		"div",
		{ class: "cw-elsewhere", "data-page": page, role: "group", "aria-label": what },
		element("p", {}, name, " ", element("span", { "data-part": "count" })),
		resetControls(
			{
				first: "",
				start: "Forget it",
				question: `Forget your code in “${what}”?`,
				sure: "Yes, forget it",
				done: "It is forgotten. You can take it back until you leave this page.",
				back: "It is back.",
			},
			{ forget: () => forget(page) },
		),
	);
}
