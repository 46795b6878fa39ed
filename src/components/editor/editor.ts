/**
 * The editor of a cell. A plain text area is there at once; on devices with a fine pointer Monaco takes its place
 * when it has loaded, and where it cannot load the text area goes on. Types are checked for both.
 */
import "./editor.css";
import { clickedOffset } from "./clicked.ts";
import type { Problem } from "./language/protocol.ts";
import type { ProblemWatch } from "./language/watch.ts";
import { problemLine } from "./problem-line.ts";
import { textArea } from "./text-area.ts";

export interface OpenOptions {
	source: string;
	/** Said by a screen reader. */
	label: string;
	onChange(source: string): void;
	onRun(): void;
	onRunAndNext(): void;
	onLeave(): void;
}

/** What the text area and Monaco are told. */
export interface EditorOptions extends OpenOptions {
	/** The cell's id: its place among the cells of the page. */
	cell: string;
	/** The element that says which keys do what. */
	describedBy?: string;
	onProblem(direction: 1 | -1): void;
}

/** What the text area and Monaco both do. Lines and columns count from 1, offsets from 0. */
export interface Editor {
	getValue(): string;
	/** Replaces the text; the editor's undo brings the former back. */
	setValue(source: string): void;
	focus(): void;
	hasFocus(): boolean;
	goTo(line: number, column: number): void;
	select(start: number, length: number): void;
	/** The caret, as an offset. */
	position(): number;
	showProblems(problems: readonly Problem[]): void;
	destroy(): void;
}

export function openEditor(host: HTMLElement, given: OpenOptions): Editor {
	const slot = document.createElement("div");
	slot.className = "cw-editor";
	// Code runs from left to right whatever the page's language does.
	slot.dir = "ltr";
	const field = document.createElement("div");
	field.className = "cw-editor-field";
	slot.append(field);
	const former = [...host.children];
	const caret = clickedOffset(host, given.source);
	const cell = host.closest<HTMLElement>("[data-cell]")?.dataset.cell ?? "";
	const line = problemLine(slot, {
		position: () => current.position(),
		select: (start, length) => current.select(start, length),
	});
	let watch: ProblemWatch | undefined;
	let problems: readonly Problem[] = [];
	const options: EditorOptions = {
		...given,
		cell,
		describedBy: line.id,
		onChange: (source) => {
			given.onChange(source);
			void checkTypes();
		},
		onProblem: (direction) => line.step(direction),
	};
	host.append(slot);
	for (const child of former) (child as HTMLElement).hidden = true;
	let current: Editor = textArea(field, options);
	current.focus();
	current.select(caret, 0);

	let checking = false;
	/** From the first change on, and as soon as Monaco is there. On a connection that shall save data, not at all. */
	async function checkTypes(): Promise<void> {
		if (checking) return;
		checking = true;
		const { saveData } = (navigator as { connection?: { saveData?: boolean } }).connection ?? {};
		if (saveData) return;
		try {
			const { watchProblems } = await import("./language/watch.ts");
			watch = watchProblems(
				cell,
				() => current.getValue(),
				(found) => {
					problems = found;
					current.showProblems(found);
					line.show(found, current.getValue());
				},
				(error) => {
					console.warn("Types are not checked", error);
					line.unavailable();
				},
			);
			slot.dataset.types = "";
		} catch (error) {
			console.warn("Types are not checked", error);
			line.unavailable();
		}
	}

	async function takeMonaco(): Promise<void> {
		const { monacoEditor } = await import("./monaco.ts");
		await idleInput(field);
		const { position, hasFocus, text } = {
			position: current.position(),
			hasFocus: current.hasFocus(),
			text: current.getValue(),
		};
		const place = document.createElement("div");
		field.append(place);
		let monaco: Editor;
		try {
			// The undo of what was typed meanwhile goes back to the code as it was.
			monaco = monacoEditor(place, options, position);
		} catch (error) {
			place.remove();
			throw error;
		}
		current.destroy();
		current = monaco;
		if (text !== given.source) current.setValue(text);
		current.select(position, 0);
		current.showProblems(problems);
		if (hasFocus) current.focus();
		void checkTypes();
	}
	if (matchMedia("(hover: hover) and (pointer: fine)").matches) {
		takeMonaco().catch((error) =>
			console.warn("Monaco could not be loaded; the plain text area stays", error),
		);
	}
	return {
		getValue: () => current.getValue(),
		setValue: (source) => current.setValue(source),
		focus: () => current.focus(),
		hasFocus: () => current.hasFocus(),
		goTo: (line, column) => current.goTo(line, column),
		select: (start, length) => current.select(start, length),
		position: () => current.position(),
		showProblems: (problems) => current.showProblems(problems),
		destroy: () => {
			watch?.stop();
			current.destroy();
		},
	};
}

/** Waits while an input method composes: taking its field away would lose the word. */
function idleInput(field: HTMLElement): Promise<void> {
	return new Promise((resolve) => {
		const area = field.querySelector("textarea");
		if (!area?.dataset.composing) return resolve();
		area.addEventListener("compositionend", () => setTimeout(resolve, 0), { once: true });
	});
}
