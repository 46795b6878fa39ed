/** The plain editor: a text area with the same keys as Monaco. */
import type { Editor, EditorOptions } from "./editor.ts";

export function textArea(host: HTMLElement, options: EditorOptions): Editor {
	const area = document.createElement("textarea");
	area.className = "cw-text-area";
	area.value = options.source;
	area.spellcheck = false;
	area.autocapitalize = "off";
	area.setAttribute("autocomplete", "off");
	area.setAttribute("aria-label", options.label);
	area.wrap = "off";
	const resize = () => {
		area.rows = Math.max(2, area.value.split("\n").length);
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
	area.addEventListener("keydown", (event) => {
		if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
			event.preventDefault();
			options.onRun();
		} else if (event.key === "Enter" && event.shiftKey) {
			event.preventDefault();
			options.onRunAndNext();
		} else if (event.key === "Escape") {
			event.preventDefault();
			used = false;
			options.onLeave();
		} else if (event.key === "Tab" && !event.shiftKey && used) {
			event.preventDefault();
			area.setRangeText("  ", area.selectionStart, area.selectionEnd, "end");
			resize();
			options.onChange(area.value);
		}
	});
	host.append(area);
	return {
		getValue: () => area.value,
		setValue: (source) => {
			area.value = source;
			resize();
		},
		focus: () => area.focus({ preventScroll: true }),
		hasFocus: () => document.activeElement === area,
		goTo: (line, column) => {
			const lines = area.value.split("\n").slice(0, line - 1);
			const offset = lines.reduce((sum, text) => sum + text.length + 1, 0) + column - 1;
			area.focus();
			area.setSelectionRange(offset, offset);
		},
		position: () => area.selectionStart,
		destroy: () => area.remove(),
	};
}
