/** Where an exercise learns what TypeScript has against an answer. The editor provides it when its types are loaded. */

export interface Problem {
	/** In plain words. */
	message: string;
	/** 1-based place in the answer. */
	line: number;
	column: number;
}

/** Undefined where no types are at hand: the step is left out then. */
export type TypeProblems = (cell: string, source: string) => Promise<Problem[]> | undefined;

/** Longer than this nobody waits for types. */
const patience = 3000;

let provider: TypeProblems | undefined;

export function provideTypeProblems(given: TypeProblems | undefined): void {
	provider = given;
}

/** What TypeScript says of an answer; nothing where it cannot be asked. */
export async function typeProblems(cell: string, source: string): Promise<Problem[]> {
	const asked = provider?.(cell, source);
	if (!asked) return [];
	const late = new Promise<Problem[]>((resolve) => setTimeout(() => resolve([]), patience));
	return Promise.race([asked.catch(() => []), late]);
}
