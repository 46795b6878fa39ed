/** Which cells must run so that one can. */
import type { Analysis } from "../compile/compile.ts";

export interface PlannedCell {
	id: string;
	analysis: Analysis;
	/** Cells that the author says this one needs, for effects that names do not show. */
	needs: readonly string[];
	/** True where the kernel holds this cell's names: it ran, in this kernel, without failing. */
	live: boolean;
	/** True for an exercise: its names stay its own. */
	isExercise: boolean;
}

/**
 * The cells to run, in page order, so that `target` can run: those it needs, by name or by the author's word, that
 * are not live, and those that they need in turn; `target` itself last.
 */
export function planRun(cells: readonly PlannedCell[], target: string): string[] {
	const index = new Map(cells.map((cell, i) => [cell.id, i]));
	const wanted = new Set<number>();
	const visit = (at: number): void => {
		if (wanted.has(at)) return;
		wanted.add(at);
		for (const need of needed(cells, at)) if (!cells[need].live) visit(need);
	};
	const at = index.get(target);
	if (at === undefined) throw new Error(`There is no cell ${target}`);
	visit(at);
	return [...wanted].sort((a, b) => a - b).map((i) => cells[i].id);
}

/** Cells that use, at first or second hand, something that `changed` defines: they are out of date once it ran anew. */
export function dependents(cells: readonly PlannedCell[], changed: string): string[] {
	const hit = new Set<string>([changed]);
	cells.forEach((cell, at) => {
		if (needed(cells, at).some((need) => hit.has(cells[need].id))) hit.add(cell.id);
	});
	hit.delete(changed);
	return [...hit];
}

/** The cells that each cell uses at first hand, by id. */
export function dependencies(cells: readonly PlannedCell[]): Map<string, string[]> {
	return new Map(cells.map((cell, at) => [cell.id, needed(cells, at).map((i) => cells[i].id)]));
}

/** From which cell each name comes that `target` uses: the nearest cell above that defines it. */
export function origins(cells: readonly PlannedCell[], target: string): Map<string, string> {
	const at = cells.findIndex((cell) => cell.id === target);
	return at < 0 ? new Map() : new Map([...definers(cells, at)].map(([name, i]) => [name, cells[i].id]));
}

function definers(cells: readonly PlannedCell[], at: number): Map<string, number> {
	const { analysis } = cells[at];
	const found = new Map<string, number>();
	const own = new Set(analysis.defines);
	for (const name of analysis.uses) {
		if (own.has(name)) continue;
		for (let i = at - 1; i >= 0; i--) {
			if (!cells[i].isExercise && cells[i].analysis.defines.includes(name)) {
				found.set(name, i);
				break;
			}
		}
	}
	return found;
}

/** The nearest earlier cell that defines each name, and the cells named in `needs`. */
function needed(cells: readonly PlannedCell[], at: number): number[] {
	const found = new Set(definers(cells, at).values());
	for (const need of cells[at].needs) {
		const i = cells.findIndex((cell) => cell.id === need);
		if (i >= 0 && i !== at) found.add(i);
	}
	return [...found];
}
