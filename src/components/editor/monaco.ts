/** Monaco, without its language services: colours, brackets, undo, find. Loaded when a reader edits a cell. */
import * as monaco from "monaco-editor/editor/editor.api.js";
import EditorWorker from "monaco-editor/editor/editor.worker.js?worker";
import "monaco-editor/languages/definitions/typescript/register.js";
import type { Editor, EditorOptions } from "./editor.ts";

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };

const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Monaco knows only six-digit hex colours; the tokens may be written in any way that CSS allows. */
function hex(colour: string): string {
	const context = document.createElement("canvas").getContext("2d");
	if (!context) return "#808080";
	context.fillStyle = colour;
	return String(context.fillStyle);
}

function defineTheme(): void {
	const isDark = document.documentElement.dataset.theme === "dark";
	const rule = (token: string, name: string) => ({ token, foreground: hex(css(name)).slice(1) });
	monaco.editor.defineTheme("chunkwise", {
		base: isDark ? "vs-dark" : "vs",
		inherit: true,
		rules: [
			rule("", "--cw-code-ink"),
			rule("keyword", "--cw-code-keyword"),
			rule("string", "--cw-code-string"),
			rule("number", "--cw-code-number"),
			rule("type", "--cw-code-type"),
			rule("comment", "--cw-code-comment"),
			rule("delimiter", "--cw-code-punctuation"),
		],
		colors: {
			"editor.background": hex(css("--cw-surface")),
			"editor.foreground": hex(css("--cw-code-ink")),
			"editorCursor.foreground": hex(css("--cw-accent")),
			"editor.selectionBackground": hex(css("--cw-selection")),
		},
	});
	monaco.editor.setTheme("chunkwise");
}
new MutationObserver(defineTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });

export function monacoEditor(host: HTMLElement, options: EditorOptions, position: number): Editor {
	defineTheme();
	const editor = monaco.editor.create(host, {
		value: options.source,
		language: "typescript",
		ariaLabel: options.label,
		automaticLayout: true,
		fontFamily: css("--cw-font-code"),
		fontSize: Number.parseFloat(getComputedStyle(host).fontSize) || 14,
		lineHeight: 1.6,
		fontLigatures: false,
		lineNumbers: "off",
		glyphMargin: false,
		folding: false,
		lineDecorationsWidth: 0,
		lineNumbersMinChars: 0,
		minimap: { enabled: false },
		overviewRulerLanes: 0,
		hideCursorInOverviewRuler: true,
		renderLineHighlight: "none",
		scrollBeyondLastLine: false,
		scrollbar: {
			vertical: "hidden",
			horizontal: "auto",
			alwaysConsumeMouseWheel: false,
			handleMouseWheel: true,
		},
		padding: { top: 12, bottom: 12 },
		tabSize: 2,
		quickSuggestions: false,
		wordBasedSuggestions: "off",
		contextmenu: false,
		stickyScroll: { enabled: false },
		unicodeHighlight: { ambiguousCharacters: false },
		// Tab moves on through the page until the reader has used the editor.
		tabFocusMode: true,
	});
	const resize = () => {
		host.style.height = `${editor.getContentHeight()}px`;
		host.style.minHeight = "0";
	};
	resize();
	editor.onDidContentSizeChange(resize);
	const use = () => editor.updateOptions({ tabFocusMode: false });
	editor.onMouseDown(use);
	editor.onDidChangeModelContent(() => {
		use();
		options.onChange(editor.getValue());
	});
	editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, options.onRun);
	editor.addCommand(monaco.KeyMod.Shift | monaco.KeyCode.Enter, options.onRunAndNext);
	editor.addCommand(
		monaco.KeyCode.Escape,
		() => {
			editor.updateOptions({ tabFocusMode: true });
			options.onLeave();
		},
		// Escape first closes what Monaco has open.
		"!findWidgetVisible && !suggestWidgetVisible && !parameterHintsVisible",
	);
	const model = editor.getModel();
	if (model) editor.setPosition(model.getPositionAt(position));
	return {
		getValue: () => editor.getValue(),
		setValue: (source) => editor.setValue(source),
		focus: () => editor.focus(),
		hasFocus: () => editor.hasTextFocus(),
		goTo: (line, column) => {
			editor.setPosition({ lineNumber: line, column });
			editor.revealLineInCenterIfOutsideViewport(line);
			editor.focus();
		},
		position: () => {
			const at = editor.getPosition();
			return at && model ? model.getOffsetAt(at) : 0;
		},
		destroy: () => editor.dispose(),
	};
}
