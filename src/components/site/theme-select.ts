/** `<starlight-theme-select>`: dark, light or as the system has it, kept where the browser keeps anything. */
type Theme = "auto" | "dark" | "light";

/** Starlight's own names, so that `ThemeProvider` finds the choice before the next page is drawn. */
const storageKey = "starlight-theme";

const systemIsLight = matchMedia("(prefers-color-scheme: light)");

function themeFrom(value: unknown): Theme {
	return value === "dark" || value === "light" ? value : "auto";
}

function kept(): Theme {
	try {
		return themeFrom(localStorage.getItem(storageKey));
	} catch {
		return "auto";
	}
}

function keep(theme: Theme): void {
	try {
		if (theme === "auto") localStorage.removeItem(storageKey);
		else localStorage.setItem(storageKey, theme);
	} catch {
		// Blocked or full: the choice holds for this page.
	}
}

let chosen = kept();

function show(): void {
	StarlightThemeProvider.updatePickers(chosen);
	const system = systemIsLight.matches ? "light" : "dark";
	document.documentElement.dataset.theme = chosen === "auto" ? system : chosen;
}

systemIsLight.addEventListener("change", show);

class ThemeSelect extends HTMLElement {
	connectedCallback(): void {
		show();
		this.querySelector("select")?.addEventListener("change", ({ currentTarget }) => {
			chosen = themeFrom((currentTarget as HTMLSelectElement).value);
			keep(chosen);
			show();
		});
	}
}
if (!customElements.get("starlight-theme-select"))
	customElements.define("starlight-theme-select", ThemeSelect);
