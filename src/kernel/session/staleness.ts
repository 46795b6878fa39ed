/** Which results no longer say what the page says: edited since, or something that they used is another now. */

/** What a run knew: compared with what is there now. */
export interface Ran {
	source: string;
	/** Number of the run. */
	run: number;
	/** The cells that it used, with the number of the run that each had at the time. */
	used: ReadonlyMap<string, number>;
}

export interface RanCell {
	id: string;
	title: string;
	source: string;
	/** Absent where it has not run to its end. */
	ran?: Ran;
	/** True where its names went with a kernel that ended. */
	lost: boolean;
	/** Cells whose names it uses now. */
	dependencies: readonly string[];
}

/** Why each cell is out of date, in words that follow "out of date:"; only cells that are. */
export function whyStale(cells: readonly RanCell[]): Map<string, string> {
	const byId = new Map(cells.map((cell) => [cell.id, cell]));
	const known = new Map<string, string | undefined>();
	const why = (cell: RanCell): string | undefined => {
		if (known.has(cell.id)) return known.get(cell.id);
		// Cells that need each other by the author's word: the second look finds nothing.
		known.set(cell.id, undefined);
		const found = ownReason(cell) ?? inheritedReason(cell);
		known.set(cell.id, found);
		return found;
	};
	const inheritedReason = ({ ran, dependencies }: RanCell): string | undefined => {
		if (!ran) return undefined;
		for (const id of dependencies) {
			const used = byId.get(id);
			if (!used) continue;
			const before = ran.used.get(id);
			if (before === undefined) return `it now uses “${used.title}”`;
			if (!used.ran) return `“${used.title}” did not run to its end`;
			if (used.ran.run !== before) return `“${used.title}” ran again`;
			// A kernel that ended takes names, not results: whatever used them still shows what it showed.
			if (!used.lost && why(used)) return `“${used.title}”, which it uses, is out of date`;
		}
		for (const id of ran.used.keys()) {
			if (dependencies.includes(id)) continue;
			const used = byId.get(id);
			return used ? `it no longer uses “${used.title}”` : "a cell that it used was removed";
		}
		return undefined;
	};
	for (const cell of cells) why(cell);
	return new Map([...known].filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function ownReason({ ran, source, lost }: RanCell): string | undefined {
	if (!ran) return undefined;
	if (ran.source !== source) return "edited since it ran";
	return lost ? "the kernel was restarted; run it again to use its names" : undefined;
}
