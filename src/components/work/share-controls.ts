/** A link that carries a lesson's code, or that of one cell. */
import { isChunkwiseError } from "../../lib/errors.ts";
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";
import { copyText } from "./copy.ts";
import { linkTo } from "./share-link.ts";
import { workOfPage } from "./work-part.ts";

export function shareControls(): HTMLElement {
	const status = element("p", { class: "cw-work-status", role: "status" });
	const changed = [...workOfPage.values()].filter(({ cell }) => cell.source !== cell.data.source);
	const which = element("select", { "aria-label": "What to share" });
	if (changed.length > 0) {
		const count = changed.length === 1 ? "the cell" : `all ${changed.length} cells`;
		which.append(element("option", { value: "" }, `What you changed: ${count}`));
	}
	for (const { cell } of workOfPage.values()) {
		const edited = cell.source === cell.data.source ? "" : " (edited)";
		which.append(element("option", { value: cell.data.id }, `${cell.data.title}${edited}`));
	}
	const field = element("input", { type: "text", readonly: "", "aria-label": "The link", hidden: "" });
	const copy = smallButton("Copy a link");
	copy.addEventListener("click", async () => {
		const chosen = which.value === "" ? changed : [workOfPage.get(which.value)].filter((found) => !!found);
		field.hidden = true;
		try {
			const link = await linkTo(chosen.map(({ cell }) => cell));
			if (await copyText(link)) {
				status.textContent = `Copied: a link of ${link.length.toLocaleString("en")} characters. Who opens it sees the code and decides whether to take it; nothing runs by itself.`;
			} else {
				field.value = link;
				field.hidden = false;
				field.select();
				status.textContent = "The browser does not let the page copy. The link is here, to copy by hand.";
			}
		} catch (error) {
			if (!isChunkwiseError(error)) throw error;
			status.textContent = `${error.message} ${error.remedy}`;
		}
	});
	const row = element("div", { class: "cw-bar-buttons" });
	row.append(which, copy);
	return element("div", {}, row, field, status);
}
