/**
 * Which cells the reader's notebook has, in which order, and what they are called. Kept as the work of a cell named
 * “notebook”, so that it goes along where work is exported, imported or removed; the code is each cell's own work.
 */
import { fingerprint } from "../work/fingerprint.ts";
import { workKey } from "../work/keys.ts";
import { readCell, type SavedCell, savedCells, writeCell } from "../work/saved-work.ts";
import { type KeyValues, store } from "../work/storage.ts";

export interface NotebookCell {
	id: string;
	title: string;
}

export const playground = "playground";
export const notebookKey = workKey(playground, "notebook");
const mostCells = 500;
const longestTitle = 120;

/** The kept cells; undefined where there is no notebook yet. Code without a place in it comes at the end. */
export function readNotebook(values: KeyValues = store): NotebookCell[] | undefined {
	const listed = parse(readCell(playground, "notebook", values)?.source);
	const cells = listed ?? [];
	const known = new Set(["notebook", ...cells.map(({ id }) => id)]);
	for (const id of savedCells(playground, values).keys()) {
		if (!known.has(id)) cells.push({ id, title: "Untitled" });
	}
	return listed || cells.length > 0 ? cells.slice(0, mostCells) : undefined;
}

/** Keeps the cells; ones that another tab added since, which `seen` does not have, stay. */
export function writeNotebook(
	cells: readonly NotebookCell[],
	seen: ReadonlySet<string>,
	values: KeyValues = store,
): void {
	const others = (parse(readCell(playground, "notebook", values)?.source) ?? []).filter(
		({ id }) => !seen.has(id),
	);
	const saved: SavedCell = {
		v: 1,
		source: JSON.stringify([...cells, ...others]),
		at: new Date().toISOString(),
		by: "playground",
		of: "",
	};
	writeCell(playground, "notebook", saved, values);
}

/** What is kept of a cell's code, to put it back where a deletion is undone. */
export function takeWork(id: string, values: KeyValues = store): SavedCell | undefined {
	const saved = readCell(playground, id, values);
	values.remove(workKey(playground, id));
	return saved;
}

export function putWork(id: string, saved: SavedCell, values: KeyValues = store): void {
	writeCell(playground, id, saved, values);
}

/** Code for a cell that is new, as if the reader had typed it. */
export function newWork(id: string, source: string, values: KeyValues = store): void {
	if (source === "") return;
	writeCell(
		playground,
		id,
		{ v: 1, source, at: new Date().toISOString(), by: "", of: fingerprint("") },
		values,
	);
}

export function titleFrom(text: string): string {
	return text.replace(/\s+/g, " ").trim().slice(0, longestTitle) || "Untitled";
}

function parse(source: string | undefined): NotebookCell[] | undefined {
	if (source === undefined) return undefined;
	try {
		const data: unknown = JSON.parse(source);
		if (!Array.isArray(data)) return undefined;
		const cells: NotebookCell[] = [];
		for (const item of data as Partial<NotebookCell>[]) {
			if (typeof item?.id !== "string" || !/^[A-Za-z0-9][\w-]{0,127}$/.test(item.id)) continue;
			if (item.id === "notebook" || cells.some(({ id }) => id === item.id)) continue;
			cells.push({ id: item.id, title: titleFrom(String(item.title ?? "")) });
		}
		return cells;
	} catch {
		return undefined;
	}
}
