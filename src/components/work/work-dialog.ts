/** “Your work”: what a reader can do with a lesson's code and progress, in one dialog. */
import "./work.css";
import { keepStorage, storageState } from "../../lib/stores/storage.ts";
import { element } from "../cell/displays/element.ts";
import { page } from "../cell/lazy.ts";
import { smallButton } from "./choice-bar.ts";
import { downloadControls } from "./download-controls.ts";
import { notebookEvent, playground, thisLesson } from "./keys.ts";
import { itemsOnPage, readProgress } from "./progress.ts";
import { forget } from "./reset.ts";
import { resetControls } from "./reset-controls.ts";
import { shareControls } from "./share-controls.ts";
import { storageTrouble, troubleText } from "./storage.ts";
import { transferControls } from "./transfer.ts";
import { workOfPage } from "./work-part.ts";

const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");

const isNotebook = thisLesson() === playground;

export async function openWork(): Promise<void> {
	await page();
	const close = smallButton("Close");
	const dialog = element("dialog", {
		class: "cw-work-panel not-content",
		"aria-labelledby": "cw-work-title",
	});
	const head = element(
		"div",
		{ class: "cw-work-head" },
		element("h2", { id: "cw-work-title" }, isNotebook ? "Your notebook" : "Your work in this lesson"),
		close,
	);
	dialog.append(head, await keptWhere(), ...(isNotebook ? [] : [progressLine()]));
	dialog.append(
		section("Share by a link", shareControls()),
		section(`Take the ${isNotebook ? "notebook" : "lesson"} with you`, downloadControls()),
		section("Export and import", transferControls({ flush, changed: adopt })),
		section("Start again", resetLesson()),
	);
	close.addEventListener("click", () => dialog.close());
	dialog.addEventListener("click", (event) => {
		// The backdrop counts as the dialog itself; what is in it does not.
		if (event.target === dialog && !within(dialog, event)) dialog.close();
	});
	dialog.addEventListener("close", () => dialog.remove());
	document.body.append(dialog);
	dialog.showModal();
}

/** What is being typed is kept before it is shared, exported or forgotten. */
export function flush(): void {
	for (const { keeper } of workOfPage.values()) keeper.flush();
}

/** Cells take what an import brought for them, and ask where there are two versions. */
function adopt(): void {
	// A notebook's cells are the reader's too: first there must be as many as are kept.
	if (isNotebook) document.dispatchEvent(new CustomEvent(notebookEvent));
	for (const { keeper } of workOfPage.values()) keeper.adopt();
}

function within(dialog: HTMLElement, event: MouseEvent): boolean {
	const box = dialog.getBoundingClientRect();
	return (
		event.clientX >= box.left &&
		event.clientX <= box.right &&
		event.clientY >= box.top &&
		event.clientY <= box.bottom
	);
}

function section(title: string, ...content: HTMLElement[]): HTMLElement {
	return element("section", {}, element("h3", {}, title), ...content);
}

async function keptWhere(): Promise<HTMLElement> {
	const trouble = storageTrouble();
	if (trouble) return element("p", { class: "cw-work-trouble" }, troubleText(trouble));
	const text = element(
		"p",
		{},
		"What you type is kept in this browser, on this machine. There is no account, and nothing leaves the browser unless you share or export it. In a private window it is kept until you close the window. ",
	);
	const { persisted } = await storageState();
	if (persisted !== false) return text;
	const keep = smallButton("Ask the browser to keep it for good");
	keep.addEventListener("click", async () => {
		const kept = await keepStorage().catch(() => false);
		keep.replaceWith(
			element(
				"span",
				{ role: "status" },
				kept
					? "The browser will not clear it by itself."
					: "The browser did not agree: when it runs out of room, it may clear it. Export your work to be sure.",
			),
		);
	});
	text.append(keep);
	return text;
}

function progressLine(): HTMLElement {
	const { items } = readProgress(thisLesson());
	const known = [...itemsOnPage()];
	const of = (exercise: boolean) => known.filter((id) => workKind(id) === exercise);
	const done = (ids: string[]) => ids.filter((id) => items[id]?.state === "done").length;
	const cells = of(false);
	const exercises = of(true);
	const words = [`${done(cells)} of ${cells.length} cells run`];
	if (exercises.length > 0)
		words.push(`${done(exercises)} of ${exercises.length} exercises and quizzes solved`);
	return element(
		"p",
		{},
		`${words.join(", ")}. `,
		element("a", { href: `${base}progress/` }, "Progress in the whole course"),
	);
}

/** Exercises and quizzes are solved; other cells are run. */
function workKind(id: string): boolean {
	const cell = document.querySelector(`chunkwise-cell[data-cell="${CSS.escape(id)}"]`);
	return !cell || cell.classList.contains("cw-cell-exercise");
}

function resetLesson(): HTMLElement {
	const words = isNotebook
		? {
				first: "Takes every cell and its code out of your notebook.",
				start: "Empty the notebook",
				question: "Take everything out of your notebook?",
				sure: "Yes, empty it",
				done: "The notebook is empty. You can take that back until you leave this page.",
				back: "Your notebook is back.",
			}
		: {
				first: "Puts every cell back to the lesson’s own code and forgets the progress in this lesson.",
				start: "Reset this lesson",
				question: "Reset your code and progress in this lesson?",
				sure: "Yes, reset it",
				done: "The lesson is as it was at first.",
				back: "Your work is back.",
			};
	const everything = element("a", { href: `${base}progress/#start-again` }, "Reset everything");
	return resetControls(words, { forget: forgetLesson }, everything);
}

function forgetLesson(): () => void {
	flush();
	const sources = [...workOfPage.values()].map(({ cell }) => ({ cell, source: cell.source }));
	const bringBack = forget(thisLesson());
	if (!isNotebook) for (const { cell } of sources) cell.setSource(cell.data.source);
	adopt();
	if (!isNotebook) flush();
	return () => {
		bringBack();
		if (!isNotebook) for (const { cell, source } of sources) cell.setSource(source);
		adopt();
	};
}
