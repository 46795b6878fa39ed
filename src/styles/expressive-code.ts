/** How static code blocks look: Expressive Code's settings, in terms of the tokens. */
import { codeThemes } from "./code-themes.ts";

export function expressiveCodeOptions() {
	return {
		themes: codeThemes(),
		// The themes meet this already; a higher one would shift colours that were chosen.
		minSyntaxHighlightingColorContrast: 4.5,
		defaultProps: { overridesByLang: { "sh,bash,shell": { frame: "none" as const } } },
		styleOverrides: {
			borderRadius: "var(--cw-radius)",
			borderColor: "var(--cw-rule)",
			borderWidth: "1px",
			codeFontFamily: "var(--cw-font-code)",
			codeFontSize: "var(--cw-text-code)",
			codeLineHeight: "1.6",
			codePaddingInline: "1rem",
			codePaddingBlock: "0.85rem",
			codeBackground: "var(--cw-surface)",
			codeForeground: "var(--cw-code-ink)",
			codeSelectionBackground: "var(--cw-selection)",
			uiFontFamily: "var(--cw-font-ui)",
			uiFontSize: "var(--cw-text-sm)",
			focusBorder: "var(--cw-focus)",
			scrollbarThumbColor: "var(--cw-rule)",
			scrollbarThumbHoverColor: "var(--cw-rule-strong)",
			frames: {
				frameBoxShadowCssValue: "none",
				editorBackground: "var(--cw-surface)",
				editorTabBarBackground: "var(--cw-surface)",
				editorTabBarBorderColor: "var(--cw-rule)",
				editorTabBarBorderBottomColor: "var(--cw-rule)",
				editorActiveTabBackground: "var(--cw-surface)",
				editorActiveTabForeground: "var(--cw-ink-soft)",
				editorActiveTabBorderColor: "transparent",
				editorActiveTabIndicatorTopColor: "transparent",
				editorActiveTabIndicatorBottomColor: "transparent",
				inlineButtonForeground: "var(--cw-ink-soft)",
				inlineButtonBorder: "transparent",
				inlineButtonBackground: "var(--cw-surface)",
				tooltipSuccessBackground: "var(--cw-accent)",
				tooltipSuccessForeground: "var(--cw-on-accent)",
			},
		},
	};
}
