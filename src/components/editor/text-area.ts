/** The plain editor: a text area with the same keys as Monaco. */
import type { Editor, EditorOptions } from "./editor.ts";
import { comment, enter, type TextChange, tab } from "./text-keys.ts";

export function textArea(host: HTMLElement, options: EditorOptions): Editor {
	const area = document.createElement("textarea");
	area.className = "cw-text-area";
	area.value = options.source;
	area.spellcheck = false;
	area.autocapitalize = "off";
	area.setAttribute("autocomplete", "off");
	area.setAttribute("autocorrect", "off");
	area.setAttribute("aria-label", options.label);
	if (options.describedBy) area.setAttribute("aria-describedby", options.describedBy);
	area.wrap = "off";
	const resize = () => {
		area.rows = Math.max(1, area.value.split("\n").length);
	};
	resize();
	/** Tab leaves the editor until the reader has clicked or typed in it. */
	let used = false;
	area.addEventListener("pointerdown", () => {
		used = true;
	});
	area.addEventListener("input", () => {
		used = true;
		resize();
		options.onChange(area.value);
	});

	/** Puts text in as if typed, so that the browser's own undo takes it back. */
	const replace = ({ from, to, text, selection }: TextChange): void => {
		const elsewhere = document.activeElement === area ? undefined : document.activeElement;
		if (elsewhere) area.focus({ preventScroll: true });
		area.setSelectionRange(from, to);
		const command = text === "" ? "delete" : "insertText";
		// The only way to change a text area that keeps its undo; where a browser refuses it, the change comes without.
		const done = from === to && text === "" ? true : document.execCommand(command, false, text);
		if (!done) {
			area.setRangeText(text, from, to, "end");
			area.dispatchEvent(new Event("input"));
		}
		area.setSelectionRange(...selection);
		if (elsewhere instanceof HTMLElement) elsewhere.focus({ preventScroll: true });
	};

	area.addEventListener("compositionstart", () => {
		area.dataset.composing = "true";
	});
	area.addEventListener("compositionend", () => {
		delete area.dataset.composing;
	});
	area.addEventListener("keydown", (event) => {
		// Enter and Escape belong to an input method while it composes.
		if (event.isComposing) return;
		const { selectionStart: from, selectionEnd: to, value } = area;
		const mod = event.ctrlKey || event.metaKey;
		let change: TextChange | undefined;
		if (event.key === "Enter" && mod) options.onRun();
		else if (event.key === "Enter" && event.shiftKey) options.onRunAndNext();
		else if (event.key === "Enter" && !event.altKey) change = enter(value, from, to);
		else if (event.key === "Escape") {
			used = false;
			options.onLeave();
		} else if (event.key === "F8" && !mod) options.onProblem(event.shiftKey ? -1 : 1);
		else if (event.key === "/" && mod) change = comment(value, from, to);
		else if (event.key === "Tab" && used && !mod && !event.altKey)
			change = tab(value, from, to, event.shiftKey);
		else return;
		event.preventDefault();
		if (change) replace(change);
	});
	host.append(area);
	const select = (start: number, length: number) => {
		area.focus({ preventScroll: true });
		area.setSelectionRange(start, start + length);
	};
	return {
		getValue: () => area.value,
		setValue: (source) => {
			if (source === area.value) return;
			const caret = Math.min(area.selectionStart, source.length);
			replace({ from: 0, to: area.value.length, text: source, selection: [caret, caret] });
		},
		focus: () => area.focus({ preventScroll: true }),
		hasFocus: () => document.activeElement === area,
		goTo: (line, column) => {
			const lines = area.value.split("\n").slice(0, line - 1);
			const offset = lines.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
			select(offset, 0);
			area.scrollIntoView({ block: "nearest" });
		},
		select,
		position: () => area.selectionStart,
		showProblems: (problems) =>
			area.setAttribute("aria-invalid", String(problems.some(({ kind }) => kind === "error"))),
		destroy: () => area.remove(),
	};
}
