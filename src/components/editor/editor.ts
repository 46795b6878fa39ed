/**
 * The editor of a cell. A plain text area is there at once; on devices with a fine pointer Monaco takes its place
 * when it has loaded, and where it cannot load the text area goes on.
 */
import "./editor.css";
import { textArea } from "./text-area.ts";

export interface EditorOptions {
	source: string;
	/** Said by a screen reader. */
	label: string;
	onChange(source: string): void;
	onRun(): void;
	onRunAndNext(): void;
	onLeave(): void;
}

/** What the text area and Monaco both do. Lines and columns count from 1. */
export interface Editor {
	getValue(): string;
	setValue(source: string): void;
	focus(): void;
	hasFocus(): boolean;
	goTo(line: number, column: number): void;
	/** The caret, as an offset. */
	position(): number;
	destroy(): void;
}

export function openEditor(host: HTMLElement, options: EditorOptions): Editor {
	const slot = document.createElement("div");
	slot.className = "cw-editor";
	const former = [...host.children];
	// The height stays: what the reader looks at does not move.
	slot.style.minHeight = `${host.offsetHeight}px`;
	host.append(slot);
	for (const child of former) (child as HTMLElement).hidden = true;
	let current: Editor = textArea(slot, options);
	current.focus();
	if (matchMedia("(hover: hover) and (pointer: fine)").matches) {
		import("./monaco.ts")
			.then(({ monacoEditor }) => {
				const source = current.getValue();
				const position = current.position();
				const focused = current.hasFocus();
				current.destroy();
				current = monacoEditor(slot, { ...options, source }, position);
				if (focused) current.focus();
			})
			.catch((error) => console.warn("Monaco could not be loaded; the plain text area stays", error));
	}
	return {
		getValue: () => current.getValue(),
		setValue: (source) => current.setValue(source),
		focus: () => current.focus(),
		hasFocus: () => current.hasFocus(),
		goTo: (line, column) => current.goTo(line, column),
		position: () => current.position(),
		destroy: () => current.destroy(),
	};
}
