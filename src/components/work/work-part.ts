/** What a cell does for the reader's work: keeps what is typed, brings it back, asks where there are two versions. */
import type { CellHandle, CellPart } from "../cell/cell-parts.ts";
import { cellTools } from "./cell-tools.ts";
import { ChoiceBar } from "./choice-bar.ts";
import { thisLesson, workKey } from "./keys.ts";
import { recordProgress } from "./progress.ts";
import { CellWork, type SavedVersion } from "./saved-work.ts";
import { showCode } from "./shown-code.ts";
import { watchStorage } from "./trouble.ts";

/** Typing is kept at the latest so many milliseconds after a key. */
const keepWithin = 250;
/** A name for this page among the tabs that show the lesson. */
const tab = Math.random().toString(36).slice(2, 10);

/** The cells of this page with what is kept of them, for what acts on the lesson as a whole. */
export const workOfPage = new Map<string, { cell: CellHandle; keeper: WorkKeeper }>();

export const readersWork: CellPart = (cell) => {
	cell.element.dataset.work = "kept";
	recordRuns(cell);
	cellTools(cell);
	if (cell.data.readonly) return;
	workOfPage.set(cell.data.id, { cell, keeper: new WorkKeeper(cell) });
};

function recordRuns(cell: CellHandle): void {
	const { id: item, title } = cell.data;
	if (cell.data.check === undefined) {
		cell.on("state", ({ name }) => {
			if (name === "done") recordProgress({ item, title, kind: "cell", state: "done" });
		});
	} else {
		cell.on("verdict", ({ passed }) =>
			recordProgress({ item, title, kind: "exercise", state: passed ? "done" : "tried" }),
		);
	}
}

export class WorkKeeper {
	readonly work: CellWork;
	readonly #cell: CellHandle;
	#bar?: ChoiceBar;
	#timer?: ReturnType<typeof setTimeout>;

	constructor(cell: CellHandle) {
		this.#cell = cell;
		const lesson = thisLesson();
		this.work = new CellWork(lesson, cell.data.id, cell.data.source, tab);
		watchStorage();
		// The session learns of a cell after its parts are made; nothing can run before this.
		queueMicrotask(() => {
			if (this.work.source !== cell.source) cell.setSource(this.work.source);
			if (this.work.held) this.#hold();
			this.askIfNeeded();
		});
		cell.on("edit", (source) => {
			showCode(cell.element, source, cell.data.source);
			clearTimeout(this.#timer);
			this.#timer = setTimeout(() => this.flush(), keepWithin);
		});
		cell.on("state", ({ name }) => {
			// Run by the reader: from now on it is like code of their own.
			if (name === "running" && this.work.held) this.work.take(cell.source);
		});
		const flush = () => this.flush();
		addEventListener("pagehide", flush);
		document.addEventListener("visibilitychange", flush);
		// Kept by the browser while other pages were open (Back): what they stored was not told.
		addEventListener("pageshow", ({ persisted }) => {
			if (persisted) this.#heard();
		});
		addEventListener("storage", ({ key, storageArea }) => {
			if (storageArea && storageArea !== localStorage) return;
			if (key === null || key === workKey(lesson, cell.data.id)) this.#heard();
		});
	}

	/** Keeps what was typed, now. */
	flush(): void {
		clearTimeout(this.#timer);
		this.work.save(this.#cell.source);
	}

	/** Puts code from elsewhere in, and says what was there before can come back. */
	take(source: string, options: { held?: boolean; decided?: SavedVersion } = {}, said = "Taken."): void {
		const before = this.#cell.source;
		this.work.take(source, options);
		this.#cell.setSource(source);
		if (options.held) this.#hold();
		this.#askUndo(said, before);
	}

	/** Looks at what is stored now, after it was changed from this page by an import or a reset. */
	adopt(): void {
		const cell = this.#cell;
		this.work.look();
		if (cell.source !== this.work.source) cell.setSource(this.work.source);
		if (this.work.held) this.#hold();
		this.askIfNeeded();
	}

	/** Asks about a version of another tab or file, else about a lesson that changed, else takes the question away. */
	askIfNeeded(): void {
		const rival = this.work.rival(this.#cell.source);
		if (rival) this.#askRival(rival);
		else if (this.work.lessonChanged) this.#askLesson();
		else this.#noBar();
	}

	#hold(): void {
		this.#cell.element.dataset.run = "manual";
	}

	#heard(): void {
		if (this.work.removedElsewhere) {
			this.#show("Work in another tab").ask(
				"This cell was put back to the original in another tab.",
				[
					{
						label: "Put it back here too",
						act: () => this.take(this.#cell.data.source, {}, "Put back to the original."),
					},
					{ label: "Keep what is here", act: () => this.#settle() },
				],
				this.#comparison("This tab", "The original", () => this.#cell.data.source),
			);
			return;
		}
		this.askIfNeeded();
	}

	#askRival(rival: SavedVersion): void {
		const held = rival.by.startsWith("file");
		const where = held ? "a file" : "another tab";
		this.#show("Another version of this cell").ask(
			`There is another version of this cell from ${where}, of ${timeOf(rival.at)}.`,
			[
				{
					label: "Take it",
					act: () => this.take(rival.source, { decided: rival, held }, `Taken from ${where}.`),
				},
				{ label: "Keep what is here", act: () => this.#settle() },
			],
			this.#comparison("What is here", "The other version", () => rival.source),
		);
	}

	#askLesson(): void {
		this.#show("This cell has changed in the lesson").ask(
			"The lesson’s code of this cell has changed since you began with it. You see yours.",
			[
				{ label: "Keep mine", act: () => this.#settle() },
				{
					label: "Take the new one",
					act: () => this.take(this.#cell.data.source, {}, "The lesson’s new code is in."),
				},
			],
			this.#comparison("Yours", "The lesson’s new code", () => this.#cell.data.source),
		);
	}

	#askUndo(said: string, before: string): void {
		if (this.#cell.source === before) return this.askIfNeeded();
		this.#show("Your code").ask(said, [
			{
				label: "Undo",
				act: () => {
					this.#cell.setSource(before);
					this.flush();
					this.askIfNeeded();
				},
			},
			{ label: "Close", act: () => this.askIfNeeded() },
		]);
	}

	#settle(): void {
		this.work.settle(this.#cell.source);
		this.#noBar();
	}

	#comparison(beforeName: string, afterName: string, after: () => string) {
		return {
			label: "Compare",
			texts: () => ({ before: this.#cell.source, after: after(), beforeName, afterName }),
		};
	}

	#show(label: string): ChoiceBar {
		this.#noBar();
		this.#bar = new ChoiceBar(label);
		this.#cell.element.querySelector("[data-part=code]")?.before(this.#bar.element);
		return this.#bar;
	}

	/** Focus that was on a button of the bar goes to the code instead of nowhere. */
	#noBar(): void {
		const held = this.#bar?.element.contains(document.activeElement);
		this.#bar?.remove();
		this.#bar = undefined;
		if (held) this.#cell.element.querySelector<HTMLElement>("[data-part=code]")?.focus();
	}
}

/** `today, 14:05` or `23 Nov 2026, 14:05`. */
export function timeOf(at: string): string {
	const date = new Date(at);
	const time = date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
	if (date.toDateString() === new Date().toDateString()) return `today, ${time}`;
	return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" })}, ${time}`;
}
