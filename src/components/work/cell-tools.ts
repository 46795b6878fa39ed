/** Under a cell that the reader changed or ran: a link to its code, and a copy of it in the reader's own notebook. */
import type { CellHandle, CellPart } from "../cell/cell-parts.ts";
import { element } from "../cell/displays/element.ts";
import { smallButton } from "./choice-bar.ts";
import { playground, thisLesson } from "./keys.ts";

/** What a tool says stands under the row of tools, one thing at a time. */
export interface ToolNote {
	say(...content: (Node | string)[]): void;
}

type Act = (cell: CellHandle, note: ToolNote) => Promise<void>;

export const cellTools: CellPart = (cell) => {
	const said = element("div", { class: "cw-tool-note", hidden: "" });
	const text = element("p", { role: "status" });
	const close = smallButton("Close");
	said.append(text, close);
	cell.element.querySelector("[data-part=tools]")?.after(said);
	let opener: HTMLElement | undefined;
	const hide = () => {
		said.hidden = true;
		text.replaceChildren();
	};
	close.addEventListener("click", () => {
		hide();
		opener?.focus();
	});
	const note: ToolNote = {
		say(...content) {
			said.hidden = false;
			// After the element is shown, so that a screen reader says it.
			requestAnimationFrame(() => text.replaceChildren(...content));
		},
	};
	const tool = (label: string, load: () => Promise<Act>) => {
		const button = smallButton(label);
		button.hidden = true;
		button.addEventListener("click", async () => {
			opener = button;
			button.disabled = true;
			try {
				await (await load())(cell, note);
			} catch (error) {
				console.error(error);
				note.say("That did not work: check the connection and press again.");
			} finally {
				button.disabled = false;
				button.focus();
			}
		});
		cell.addTool(button);
		return button;
	};
	const share = tool("Share", async () => (await import("./share-cell.ts")).shareCell);
	const copy =
		thisLesson() === playground
			? undefined
			: tool("Copy to playground", async () => (await import("./copy-to-playground.ts")).copyToPlayground);
	cell.on("edit", (source) => {
		// Code that is the lesson's own needs no link.
		share.hidden = source === cell.data.source;
		if (copy) copy.hidden = false;
		hide();
	});
	cell.on("state", ({ name }) => {
		if (copy && name !== "idle") copy.hidden = false;
	});
};
