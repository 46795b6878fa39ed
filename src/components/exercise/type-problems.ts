/** What TypeScript has against an answer, where its types are at hand. */

export interface Problem {
	/** In plain words. */
	message: string;
	/** 1-based place in the answer. */
	line: number;
	column: number;
}

/** Longer than this nobody waits for types. */
const patience = 3000;

/**
 * Asks the editor's language worker, where it looks at this cell already: in Monaco, or in the text area of a touch
 * screen once something was typed. Elsewhere the step is left out: an answer need not wait for a megabyte of types.
 */
export async function typeProblems(cell: HTMLElement, id: string, source: string): Promise<Problem[]> {
	if (!cell.querySelector(".cw-editor[data-types]")) return [];
	const late = new Promise<Problem[]>((resolve) => setTimeout(() => resolve([]), patience));
	try {
		return await Promise.race([askEditor(id, source), late]);
	} catch {
		// The language worker could not answer: the editor says so itself.
		return [];
	}
}

async function askEditor(id: string, source: string): Promise<Problem[]> {
	const { ask } = await import("../editor/language/client.ts");
	const found = await ask("problems", id);
	return found
		.filter(({ kind }) => kind === "error")
		.map(({ message, start }) => {
			const before = source.slice(0, start).split("\n");
			return {
				message: message.split("\n")[0],
				line: before.length,
				column: before[before.length - 1].length + 1,
			};
		});
}
