/** The reader’s notebook in the browser’s storage: which cells it has, in which order; the code is each cell’s own work. */
import { fingerprint } from "../work/fingerprint.ts";
import { playground, workKey } from "../work/keys.ts";
import { listCell, type NotebookCell, parseList, titleFrom } from "../work/notebook-list.ts";
import { readCell, type SavedCell, savedCells, writeCell } from "../work/saved-work.ts";
import { type KeyValues, store } from "../work/storage.ts";

const mostCells = 500;

/** The kept cells; undefined where there is no notebook yet. Code without a place in it comes at the end. */
export function readNotebook(values: KeyValues = store): NotebookCell[] | undefined {
	const listed = parseList(readCell(playground, listCell, values)?.source);
	const cells = listed ?? [];
	const known = new Set([listCell, ...cells.map(({ id }) => id)]);
	for (const id of savedCells(playground, values).keys()) {
		if (!known.has(id)) cells.push({ id, title: "Untitled" });
	}
	return listed || cells.length > 0 ? cells.slice(0, mostCells) : undefined;
}

/** Keeps the cells; ones that another tab added since, which `seen` does not have, stay. False where nothing is kept. */
export function writeNotebook(
	cells: readonly NotebookCell[],
	seen: ReadonlySet<string>,
	values: KeyValues = store,
): boolean {
	const others = (parseList(readCell(playground, listCell, values)?.source) ?? []).filter(
		({ id }) => !seen.has(id),
	);
	const saved: SavedCell = {
		v: 1,
		source: JSON.stringify([...cells, ...others]),
		at: new Date().toISOString(),
		by: "playground",
		of: "",
	};
	return writeCell(playground, listCell, saved, values);
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

/**
 * Adds cells at the end of what is kept, for a page that is not the notebook's own.
 * @returns the first one's id, and whether the browser keeps them
 */
export function appendCells(
	cells: readonly { title: string; source: string }[],
	values: KeyValues = store,
): [first: string, kept: boolean] {
	const all = readNotebook(values) ?? [];
	// The one empty cell of a notebook that nobody has used gives way.
	const before = all.length === 1 && isUntouched(all[0], values) ? [] : all;
	const added = cells.map(({ title, source }) => ({ id: newId(), title: titleFrom(title), source }));
	for (const { id, source } of added) newWork(id, source, values);
	const seen = new Set([...all, ...added].map(({ id }) => id));
	const kept = writeNotebook([...before, ...added.map(({ id, title }) => ({ id, title }))], seen, values);
	return [added[0].id, kept];
}

function isUntouched({ id, title }: NotebookCell, values: KeyValues): boolean {
	return title === "Untitled" && readCell(playground, id, values) === undefined;
}

/** Ids are unlike others' too, so that a link to one notebook does not speak of cells of another. */
export function newId(): string {
	const random = crypto.getRandomValues(new Uint8Array(6));
	return `p${[...random].map((byte) => byte.toString(36).padStart(2, "0")).join("")}`;
}
