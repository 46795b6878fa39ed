/** The address of this page with code in it. */
import type { CellHandle } from "../cell/cell-parts.ts";
import { playground, thisLesson } from "./keys.ts";
import { packCode, type SharedCode } from "./share-code.ts";

/** @throws ChunkwiseError `link-too-long` */
export async function linkTo(cells: readonly CellHandle[]): Promise<string> {
	const code: SharedCode = {
		lesson: thisLesson(),
		cells: Object.fromEntries(cells.map(({ data, source }) => [data.id, source])),
	};
	// A lesson's cells have their titles wherever it is opened; those of a notebook come along.
	if (code.lesson === playground)
		code.titles = Object.fromEntries(cells.map(({ data }) => [data.id, data.title]));
	const address = location.origin + location.pathname + location.search;
	return address + (await packCode(code, address));
}
