/** Monaco, with the types of the lesson. Loaded when a reader with a mouse or the like edits a cell. */
import { editor, KeyCode, KeyMod } from "monaco-editor/editor/editor.api.js";
// The suggest feature itself: `features/suggest` brings only what goes with it.
import "monaco-editor/editor/contrib/suggest/browser/suggestController.js";
import EditorWorker from "monaco-editor/editor/editor.worker.js?worker";
import "monaco-editor/features/bracketMatching/register.js";
import "monaco-editor/features/caretOperations/register.js";
import "monaco-editor/features/clipboard/register.js";
import "monaco-editor/features/comment/register.js";
import "monaco-editor/features/cursorUndo/register.js";
import "monaco-editor/features/find/register.js";
import "monaco-editor/features/hover/register.js";
import "monaco-editor/features/indentation/register.js";
import "monaco-editor/features/linesOperations/register.js";
import "monaco-editor/features/multicursor/register.js";
import "monaco-editor/features/parameterHints/register.js";
import "monaco-editor/features/smartSelect/register.js";
import "monaco-editor/features/snippet/register.js";
import "monaco-editor/features/wordOperations/register.js";
import "monaco-editor/languages/definitions/typescript/register.js";
import type { Editor, EditorOptions } from "./editor.ts";
import { cellUri, markers, registerProviders } from "./providers.ts";
import { followTheme, token } from "./theme.ts";

globalThis.MonacoEnvironment = { getWorker: () => new EditorWorker() };

/** What Escape closes first. */
const nothingOpen = "!findWidgetVisible && !suggestWidgetVisible && !parameterHintsVisible && !inSnippetMode";

let widgets: HTMLElement | undefined;

/** One place for the lists and hovers of all editors, above everything else on the page. */
function overflow(): HTMLElement {
	if (!widgets) {
		widgets = document.createElement("div");
		widgets.className = "cw-editor-widgets monaco-editor not-content";
		widgets.dir = "ltr";
		document.body.append(widgets);
	}
	return widgets;
}

export function monacoEditor(host: HTMLElement, options: EditorOptions, offset: number): Editor {
	followTheme();
	registerProviders();
	const style = getComputedStyle(host);
	const model = editor.createModel(options.source, "typescript", cellUri(options.cell));
	model.updateOptions({ tabSize: 2, insertSpaces: true });
	const monaco = editor.create(host, {
		model,
		ariaLabel: options.label,
		automaticLayout: true,
		fontFamily: token("--cw-font-code"),
		fontSize: Number.parseFloat(style.fontSize) || 14,
		lineHeight: Number.parseFloat(style.lineHeight) || 22,
		fontLigatures: false,
		lineNumbers: "off",
		glyphMargin: false,
		folding: false,
		lineDecorationsWidth: 16,
		lineNumbersMinChars: 0,
		minimap: { enabled: false },
		overviewRulerLanes: 0,
		hideCursorInOverviewRuler: true,
		renderLineHighlight: "none",
		scrollBeyondLastLine: false,
		scrollbar: {
			vertical: "hidden",
			horizontal: "auto",
			horizontalScrollbarSize: 8,
			alwaysConsumeMouseWheel: false,
			handleMouseWheel: true,
		},
		padding: { top: Number.parseFloat(style.paddingTop), bottom: Number.parseFloat(style.paddingBottom) },
		quickSuggestions: { other: true, comments: false, strings: false },
		// Enter is a new line, unless the reader has moved in the list.
		acceptSuggestionOnEnter: "smart",
		wordBasedSuggestions: "off",
		contextmenu: false,
		links: false,
		stickyScroll: { enabled: false },
		colorDecorators: false,
		defaultColorDecorators: "never",
		unicodeHighlight: { ambiguousCharacters: false },
		hover: { above: false },
		// Lists may reach beyond the cell, which cuts off what leaves it.
		fixedOverflowWidgets: true,
		overflowWidgetsDomNode: overflow(),
		// Tab moves on through the page until the reader has used the editor.
		tabFocusMode: true,
	});
	host.style.padding = "0";
	const resize = () => {
		host.style.height = `${monaco.getContentHeight()}px`;
		monaco.layout();
	};
	resize();
	monaco.onDidContentSizeChange(resize);
	// A face that arrives late has other widths than the one that was measured.
	void document.fonts?.ready.then(() => editor.remeasureFonts());
	const use = () => monaco.updateOptions({ tabFocusMode: false });
	monaco.onMouseDown(use);
	monaco.onDidChangeModelContent(() => {
		use();
		options.onChange(model.getValue());
	});
	// An action belongs to this editor; a command would answer to the keys of every editor of the page.
	const key = (id: string, keybindings: number[], run: () => void, keybindingContext?: string) =>
		monaco.addAction({ id: `chunkwise.${id}`, label: id, keybindings, keybindingContext, run });
	key("run", [KeyMod.CtrlCmd | KeyCode.Enter], options.onRun);
	key("run-and-next", [KeyMod.Shift | KeyCode.Enter], options.onRunAndNext);
	key("next-problem", [KeyCode.F8], () => options.onProblem(1));
	key("former-problem", [KeyMod.Shift | KeyCode.F8], () => options.onProblem(-1));
	key(
		"leave",
		[KeyCode.Escape],
		() => {
			monaco.updateOptions({ tabFocusMode: true });
			options.onLeave();
		},
		nothingOpen,
	);
	const select = (start: number, length: number) => {
		const from = model.getPositionAt(start);
		const to = model.getPositionAt(start + length);
		monaco.setSelection({
			startLineNumber: from.lineNumber,
			startColumn: from.column,
			endLineNumber: to.lineNumber,
			endColumn: to.column,
		});
		monaco.revealLineInCenterIfOutsideViewport(from.lineNumber);
	};
	select(offset, 0);
	return {
		getValue: () => model.getValue(),
		setValue: (source) => {
			if (source === model.getValue()) return;
			const caret = model.getOffsetAt(monaco.getPosition() ?? { lineNumber: 1, column: 1 });
			monaco.pushUndoStop();
			monaco.executeEdits("chunkwise", [{ range: model.getFullModelRange(), text: source }]);
			monaco.pushUndoStop();
			select(Math.min(caret, source.length), 0);
		},
		focus: () => monaco.focus(),
		hasFocus: () => monaco.hasTextFocus(),
		goTo: (line, column) => {
			monaco.setPosition({ lineNumber: line, column });
			monaco.revealLineInCenterIfOutsideViewport(line);
			monaco.focus();
		},
		select: (start, length) => {
			select(start, length);
			monaco.focus();
		},
		position: () => model.getOffsetAt(monaco.getPosition() ?? { lineNumber: 1, column: 1 }),
		showProblems: (problems) => editor.setModelMarkers(model, "chunkwise", markers(model, problems)),
		destroy: () => {
			monaco.dispose();
			model.dispose();
			host.remove();
		},
	};
}
