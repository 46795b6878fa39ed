/** The link to one cell's code, copied. */
import { isChunkwiseError } from "../../lib/errors.ts";
import type { CellHandle } from "../cell/cell-parts.ts";
import { element } from "../cell/displays/element.ts";
import type { ToolNote } from "./cell-tools.ts";
import { copyText } from "./copy.ts";
import { linkTo } from "./share-link.ts";

export async function shareCell(cell: CellHandle, note: ToolNote): Promise<void> {
	let link: string;
	try {
		link = await linkTo([cell]);
	} catch (error) {
		if (!isChunkwiseError(error)) throw error;
		return note.say(`${error.message} ${error.remedy}`);
	}
	if (await copyText(link)) {
		note.say(
			"A link to this cell’s code is copied. Who opens it sees the code and decides whether to take it; nothing runs by itself.",
		);
		return;
	}
	const field = element("input", { type: "text", readonly: "", "aria-label": "The link" });
	field.value = link;
	note.say("The browser does not let the page copy. The link is here, to copy by hand. ", field);
	requestAnimationFrame(() => field.select());
}
