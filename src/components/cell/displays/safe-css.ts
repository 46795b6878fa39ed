/** Styles of what a cell drew: nothing in them may load from anywhere. Where they reach is bounded by their box. */

/** A reference to a part of the same drawing: a gradient, a clip path, a marker. */
const ownReference = /url\(\s*(["']?)#[^"'()\\]*\1\s*\)/gi;
/** What loads, in any spelling; and escapes, by which it could be spelt in another. */
const loading =
	/url\s*\(|image-set\s*\(|image\s*\(|cross-fade\s*\(|src\s*\(|@import|@font-face|expression\s*\(|\\/i;

/** Whether a style's value, or an SVG attribute that takes one, would load something or hides what it says. */
export function loads(value: string): boolean {
	return loading.test(value.replace(ownReference, ""));
}

/** Takes out of a declaration whatever would load something. */
export function cleanStyle(style: CSSStyleDeclaration): void {
	for (const name of [...style]) if (loads(style.getPropertyValue(name))) style.removeProperty(name);
}

/**
 * A style element's text as a sheet for one shadow tree, parsed by the browser itself (which takes no `@import` here)
 * and left with what loads nothing. A sheet that still says something else than it seems is left out.
 */
export function cleanSheet(text: string): CSSStyleSheet {
	const sheet = new CSSStyleSheet();
	sheet.replaceSync(text);
	cleanRules(sheet);
	return sheet;
}

type RuleList = Pick<CSSStyleSheet, "cssRules" | "deleteRule">;

function cleanRules(list: RuleList): void {
	for (let i = list.cssRules.length - 1; i >= 0; i--) {
		const rule = list.cssRules[i] as CSSRule & Partial<CSSStyleRule & CSSGroupingRule>;
		if (rule instanceof CSSKeyframesRule) {
			if (loads(rule.cssText)) list.deleteRule(i);
			continue;
		}
		if (rule.style) cleanStyle(rule.style);
		if (rule.cssRules && rule.deleteRule) cleanRules(rule as unknown as RuleList);
		// What is neither a style nor a group of styles (fonts, layers of imports, properties) has no use in a drawing.
		if (!rule.style && !rule.cssRules) list.deleteRule(i);
		else if (rule instanceof CSSFontFaceRule || loads(rule.cssText)) list.deleteRule(i);
	}
}
