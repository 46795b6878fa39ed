/**
 * Colour themes for static code, built from `tokens.css` so that a colour is decided once.
 * Runs while the site is configured (Node), never in the page.
 */
import { readFileSync } from "node:fs";

type Mode = "dark" | "light";

/** A VS Code colour theme, as Expressive Code and Monaco read it. */
export interface CodeTheme {
	name: string;
	type: Mode;
	colors: Record<string, string>;
	tokenColors: { scope: string[]; settings: { foreground?: string; fontStyle?: string } }[];
}

/**
 * The custom properties of one mode: `--cw-ink` → `#dfe5ef`.
 *
 * @throws Error if `tokens.css` has no block for the mode.
 */
export function readTokens(mode: Mode, css = tokensCss()): Map<string, string> {
	const block = new RegExp(`data-theme="${mode}"\\]\\s*{([^}]*)}`).exec(css)?.[1];
	if (block === undefined) throw new Error(`src/styles/tokens.css has no block for the ${mode} theme.`);
	return new Map([...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map((m) => [m[1]!, m[2]!.trim()]));
}

/** Dark first: Expressive Code takes the first theme for pages that name none. */
export function codeThemes(): CodeTheme[] {
	const css = tokensCss();
	return [codeTheme("dark", css), codeTheme("light", css)];
}

function tokensCss(): string {
	return readFileSync(new URL("./tokens.css", import.meta.url), "utf8");
}

function codeTheme(mode: Mode, css: string): CodeTheme {
	const tokens = readTokens(mode, css);
	const color = (name: string): string => {
		const value = tokens.get(`--cw-${name}`);
		if (!value) throw new Error(`src/styles/tokens.css does not define --cw-${name} for the ${mode} theme.`);
		return value;
	};
	const paint = (name: string, scope: string[], fontStyle?: string) => ({
		scope,
		settings: { foreground: color(name), ...(fontStyle ? { fontStyle } : {}) },
	});
	return {
		name: `chunkwise-${mode}`,
		type: mode,
		colors: {
			"editor.background": color("surface"),
			"editor.foreground": color("code-ink"),
			"editor.selectionBackground": color("selection"),
			"editorLineNumber.foreground": color("ink-faint"),
			focusBorder: color("focus"),
		},
		tokenColors: [
			paint("code-punctuation", ["punctuation", "meta.brace", "keyword.operator", "meta.delimiter"]),
			paint("code-keyword", [
				"keyword",
				"storage",
				"keyword.operator.new",
				"keyword.operator.expression",
				"variable.language",
				"entity.name.tag",
			]),
			paint("code-string", ["string", "string punctuation", "constant.character.escape"]),
			paint("code-number", ["constant.numeric", "constant.language", "constant.other"]),
			paint("code-function", [
				"entity.name.function",
				"support.function",
				"entity.other.attribute-name",
				"entity.name.command",
			]),
			paint("code-type", [
				"entity.name.type",
				"entity.name.class",
				"support.type",
				"support.class",
				"support.type.property-name",
				"storage.type.primitive",
			]),
			paint("code-ink", ["variable", "meta.template.expression", "meta.object-literal.key"]),
			paint("code-comment", ["comment", "comment punctuation", "punctuation.definition.comment"]),
			paint("danger", ["invalid"]),
		],
	};
}
