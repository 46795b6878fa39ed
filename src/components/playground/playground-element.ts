/** `<chunkwise-playground>`: the notebook's cells, and what adds, moves, renames and deletes them. */
import "../cell/cell-element.ts";
import { page } from "../cell/lazy.ts";
import { playground } from "../work/keys.ts";
import { listCell, titleFrom } from "../work/notebook-list.ts";
import { Notebook } from "./notebook.ts";

const root = document.querySelector<HTMLElement>("chunkwise-playground");
if (root) {
	const notebook = new Notebook(root);
	notebook.open();
	root.querySelector<HTMLButtonElement>("[data-part=add]")?.addEventListener("click", () => {
		void notebook.add([{ title: "Untitled", source: "" }]);
	});
	for (const button of root.querySelectorAll<HTMLButtonElement>("[data-starter]")) {
		button.addEventListener("click", async () => {
			const { starters } = await import("./starters.ts");
			await notebook.add(starters[Number(button.dataset.starter)].cells);
		});
		button.addEventListener("pointerenter", () => void page(), { once: true });
	}
	for (const button of root.querySelectorAll<HTMLButtonElement>("[data-part=add], [data-starter]")) {
		button.disabled = false;
	}
	// A link to a cell: it was not there yet when the browser looked for it.
	if (location.hash.startsWith("#cell-"))
		document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: "center" });
	void offerLink(notebook).finally(() => import("../work/early.ts"));
	addEventListener("hashchange", () => void offerLink(notebook), { capture: true });
}

/** Code from a link gets cells to be shown in; it is offered there, and neither taken nor run by itself. */
async function offerLink(notebook: Notebook): Promise<void> {
	if (!location.hash.startsWith("#code=")) return;
	try {
		const { unpackCode } = await import("../work/share-code.ts");
		const { lesson, cells, titles = {} } = await unpackCode(location.hash);
		if (lesson !== playground) return;
		const missing = Object.keys(cells).filter((id) => id !== listCell && !notebook.has(id));
		for (const id of missing) notebook.place({ id, title: titleFrom(titles[id] ?? "From a link") });
		if (missing.length > 0) notebook.keep();
	} catch {
		// Whoever shows the code says what is wrong with the link.
	}
}
