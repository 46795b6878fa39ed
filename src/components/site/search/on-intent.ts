/**
 * Stands in for the search box until the reader opens the search: 29 kB of script that most pages never need. The page
 * makes it as it would make the box itself.
 */
export class PagefindUI {
	constructor(options: { element: string }) {
		const host = document.querySelector<HTMLElement>(options.element);
		const dialog = host?.closest("dialog");
		if (!host || !dialog) return;
		let loading = false;
		const load = async () => {
			if (!dialog.open || loading) return;
			loading = true;
			host.setAttribute("role", "status");
			host.textContent = "Loading the search …";
			try {
				// @ts-expect-error: the package has no types
				const box = await import("@pagefind/default-ui");
				host.removeAttribute("role");
				host.textContent = "";
				new box.PagefindUI(options);
				opened.disconnect();
				if (dialog.open) host.querySelector("input")?.focus();
			} catch {
				loading = false;
				host.textContent =
					"The search could not be loaded. Check the connection, close this and open it again.";
			}
		};
		const opened = new MutationObserver(load);
		opened.observe(dialog, { attributeFilter: ["open"] });
		// Opened before the page was idle.
		void load();
	}
}
