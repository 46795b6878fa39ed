/**
 * Which cells the reader's own notebook has, in which order, as text. Kept as the work of a cell named “notebook” of the
 * page “playground”, so that it goes along where work is exported, imported or removed.
 */
import { isItemName } from "./keys.ts";

export interface NotebookCell {
	id: string;
	title: string;
}

/** The cell whose text the list is. */
export const listCell = "notebook";
const longestTitle = 120;

/** The list from text of unknown origin; undefined if it is none. */
export function parseList(text: string | undefined): NotebookCell[] | undefined {
	if (text === undefined) return undefined;
	try {
		const data: unknown = JSON.parse(text);
		if (!Array.isArray(data)) return undefined;
		const cells: NotebookCell[] = [];
		for (const item of data as Partial<NotebookCell>[]) {
			if (typeof item?.id !== "string" || !isItemName(item.id)) continue;
			if (item.id === listCell || cells.some(({ id }) => id === item.id)) continue;
			cells.push({ id: item.id, title: titleFrom(String(item.title ?? "")) });
		}
		return cells;
	} catch {
		return undefined;
	}
}

/** Two lists as one: mine, then what only the other has. */
export function mergeLists(mine: string, theirs: string): string {
	const cells = parseList(mine) ?? [];
	const known = new Set(cells.map(({ id }) => id));
	const others = (parseList(theirs) ?? []).filter(({ id }) => !known.has(id));
	return JSON.stringify([...cells, ...others]);
}

export function titleFrom(text: string): string {
	return text.replace(/\s+/g, " ").trim().slice(0, longestTitle) || "Untitled";
}
