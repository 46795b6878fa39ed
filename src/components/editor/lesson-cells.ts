/** The cells of the page as its editors see them: every one with its text as it is now, in the order of the page. */
import type { CellHandle } from "../cell/cell-parts.ts";
import type { CellText } from "./language/protocol.ts";

const cells = new Set<CellHandle>();
const listeners = new Set<() => void>();

/** A part of every cell: its code takes part in the types of the page. */
export function sharedTypes(cell: CellHandle): void {
	cells.add(cell);
	cell.on("edit", () => {
		for (const listener of listeners) listener();
	});
}

export function lessonCells(): CellText[] {
	return [...cells]
		.filter(({ element }) => element.isConnected)
		.sort((a, b) =>
			a.element.compareDocumentPosition(b.element) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1,
		)
		.map(({ data, source }) => ({
			id: data.id,
			title: data.title,
			source,
			isExercise: data.check !== undefined,
		}));
}

/** Calls `listener` when the text of any cell changes; gives back what ends that. */
export function onCellsChanged(listener: () => void): () => void {
	listeners.add(listener);
	return () => listeners.delete(listener);
}
