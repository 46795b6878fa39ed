/** What is wrong in a cell, told anew after each pause in typing, in this cell or in another of the page. */
import { onCellsChanged } from "../lesson-cells.ts";
import { ask } from "./client.ts";
import type { Problem } from "./protocol.ts";

/** Long enough not to call a word that is being typed unknown. */
const pause = 400;

export interface ProblemWatch {
	stop(): void;
}

export function watchProblems(
	cell: string,
	source: () => string,
	tell: (problems: Problem[]) => void,
	failed: (error: Error) => void,
): ProblemWatch {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let stopped = false;
	const look = async (): Promise<void> => {
		const asked = source();
		try {
			const problems = await ask("problems", cell);
			if (!stopped && source() === asked) tell(problems);
		} catch (error) {
			if (!stopped) failed(error as Error);
		}
	};
	const forget = onCellsChanged(() => {
		clearTimeout(timer);
		timer = setTimeout(look, pause);
	});
	void look();
	return {
		stop: () => {
			stopped = true;
			clearTimeout(timer);
			forget();
		},
	};
}
