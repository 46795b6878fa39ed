/** How a display asks the kernel that made it for more: another plane, the same drawing in another width. */
import type { DisplayAnswer } from "../../../kernel/protocol.ts";
import type { DisplayQuestion } from "../../../lib/display.ts";

/** Undefined where there is no kernel, or it was ended meanwhile. */
type Ask = (source: string, question: DisplayQuestion) => Promise<DisplayAnswer | undefined>;

let ask: Ask = async () => undefined;

/** Who is asked: the page's session. */
export function askBy(given: Ask): void {
	ask = given;
}

/** @throws Error in words for the reader, where the kernel is gone or what it was asked for failed */
export async function askKernel<T>(source: string, question: DisplayQuestion): Promise<T> {
	const answer = await ask(source, question);
	if (!answer) throw new Error("The kernel that had this value has ended. Run the cell again.");
	if ("error" in answer) throw new Error(answer.error);
	return answer.answer as T;
}

/**
 * Wants that come faster than they can be met: one is under way at a time, and of those that come meanwhile only the
 * newest is met.
 */
export function newestOnly<T>(meet: (want: T) => Promise<void>): (want: T) => void {
	let waiting: { want: T } | undefined;
	let isBusy = false;
	return async (want) => {
		waiting = { want };
		if (isBusy) return;
		isBusy = true;
		while (waiting) {
			const next: { want: T } = waiting;
			waiting = undefined;
			await meet(next.want);
		}
		isBusy = false;
	};
}
