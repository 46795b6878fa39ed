/** Monaco's theme, made of the page's tokens and kept in step with the page's dark and light. */
import { editor } from "monaco-editor/editor/editor.api.js";

export function token(name: string): string {
	return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** Monaco knows only hex colours; the tokens may be written in any way that CSS allows. */
function hex(name: string): string {
	const context = document.createElement("canvas").getContext("2d");
	if (!context) return "#808080";
	context.fillStyle = token(name);
	return String(context.fillStyle);
}

/** Puts the page's colours in. High contrast and forced colours are Monaco's own themes, which it takes by itself. */
function applyTheme(): void {
	const isDark = document.documentElement.dataset.theme !== "light";
	const rule = (scope: string, name: string) => ({ token: scope, foreground: hex(name).slice(1) });
	editor.defineTheme("chunkwise", {
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
			"editor.background": hex("--cw-surface"),
			"editor.foreground": hex("--cw-code-ink"),
			"editorCursor.foreground": hex("--cw-accent"),
			"editor.selectionBackground": hex("--cw-selection"),
			"editor.wordHighlightBackground": hex("--cw-code-wash"),
			"editor.wordHighlightStrongBackground": hex("--cw-code-wash"),
			"editorError.foreground": hex("--cw-danger"),
			"editorInfo.foreground": hex("--cw-accent"),
			"editorBracketMatch.background": hex("--cw-code-wash"),
			"editorBracketMatch.border": hex("--cw-rule-strong"),
			"editorWidget.background": hex("--cw-surface-raised"),
			"editorWidget.foreground": hex("--cw-ink"),
			"editorWidget.border": hex("--cw-rule-strong"),
			"editorHoverWidget.background": hex("--cw-surface-raised"),
			"editorHoverWidget.border": hex("--cw-rule-strong"),
			"editorSuggestWidget.background": hex("--cw-surface-raised"),
			"editorSuggestWidget.border": hex("--cw-rule-strong"),
			"editorSuggestWidget.foreground": hex("--cw-ink"),
			"editorSuggestWidget.highlightForeground": hex("--cw-accent"),
			"editorSuggestWidget.selectedBackground": hex("--cw-selection"),
			"editorSuggestWidget.selectedForeground": hex("--cw-ink"),
			"textLink.foreground": hex("--cw-accent"),
			"textCodeBlock.background": hex("--cw-code-wash"),
			focusBorder: hex("--cw-focus"),
		},
	});
	editor.setTheme("chunkwise");
}

let started = false;
export function followTheme(): void {
	if (started) return;
	started = true;
	applyTheme();
	new MutationObserver(applyTheme).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
