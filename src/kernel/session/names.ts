/** What a cell defines and uses, as a reader is shown it. */
import { type Cell, planned } from "./cell.ts";
import { origins } from "./plan.ts";

export interface CellNames {
	defines: string[];
	/** Names from other cells; built-ins are not among them. */
	uses: { name: string; cell: string; title: string }[];
	/** Cells that the author says it needs, beyond what names show. */
	needs: { cell: string; title: string }[];
	/** Modules that it imports. */
	imports: string[];
	/** Set where the code could not be read. */
	error?: string;
}

export function namesOf(cell: Cell, cells: readonly Cell[]): CellNames {
	const analysis = cell.analysed?.analysis;
	const titleOf = (id: string) => cells.find((other) => other.id === id)?.title ?? id;
	return {
		defines: analysis?.defines ?? [],
		uses: [...origins(cells.map(planned), cell.id)].map(([name, id]) => ({
			name,
			cell: id,
			title: titleOf(id),
		})),
		needs: cell.needs.map((id) => ({ cell: id, title: titleOf(id) })),
		imports: analysis?.imports ?? [],
		error: analysis?.error?.message,
	};
}
