/** A cell's code, with the cells whose names it uses, as new cells at the end of the reader's notebook. */
import type { CellHandle } from "../cell/cell-parts.ts";
import { element } from "../cell/displays/element.ts";
import { page } from "../cell/lazy.ts";
import { appendCells } from "../playground/stored.ts";
import type { ToolNote } from "./cell-tools.ts";
import { playground } from "./keys.ts";

const base = import.meta.env.BASE_URL.replace(/\/?$/, "/");

export async function copyToPlayground(cell: CellHandle, note: ToolNote): Promise<void> {
	const cells = await withNeeds(cell);
	const [first, kept] = appendCells(cells.map(({ data, source }) => ({ title: data.title, source })));
	const needed = cells.length - 1;
	const what =
		needed === 0
			? "This cell’s code is"
			: `This cell’s code and that of the ${needed === 1 ? "cell" : `${needed} cells`} it needs are`;
	const link = element("a", { href: `${base}${playground}/#cell-${first}` }, "Open the playground");
	note.say(
		`${what} at the end of your playground now, as copies: what you change there changes nothing here. `,
		...(kept
			? [link, "."]
			: ["The browser keeps nothing on this site, so they are gone when you leave this page."]),
	);
}

/** The cell and, at first or second hand, those it needs, in the order of the page. */
async function withNeeds(cell: CellHandle): Promise<CellHandle[]> {
	const { controllerOf } = await page();
	const wanted = new Set<string>();
	const waiting = [cell.data.id];
	for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
		if (wanted.has(id)) continue;
		wanted.add(id);
		const names = await cell.session.names(id);
		waiting.push(
			...(names?.uses ?? []).map((use) => use.cell),
			...(names?.needs ?? []).map((need) => need.cell),
		);
	}
	const all = [...document.querySelectorAll<HTMLElement>("chunkwise-cell")];
	return all.filter(({ dataset }) => wanted.has(dataset.cell ?? "")).map(controllerOf);
}
