/** What displays on the page may ask this kernel for later: another plane of a stack, a drawing in another width. */
import type { Answering, DisplayQuestion } from "../../lib/display.ts";
import { answerSymbol } from "../../lib/display.ts";
import type { DisplayAnswer } from "../protocol.ts";

interface Source {
	cell: string;
	run: number;
	value: Answering;
}

export class LiveSources {
	readonly #sources = new Map<string, Source>();

	/**
	 * Keeps a value that a display shows and gives the name to ask for it by. The name is of one run alone, so that a
	 * display of an earlier kernel never meets a value of this one.
	 */
	add(cell: string, run: number, id: number, value: Answering): string {
		const name = `${run}/${id}`;
		this.#sources.set(name, { cell, run, value });
		return name;
	}

	/** The display shows something else now. */
	remove(run: number, id: number): void {
		this.#sources.delete(`${run}/${id}`);
	}

	/** The displays of a cell are gone; those of `run`, if it is given, stay. */
	forget(cell: string, run?: number): void {
		for (const [name, source] of this.#sources) {
			if (source.cell === cell && source.run !== run) this.#sources.delete(name);
		}
	}

	/** Never throws: what went wrong is told in words. */
	async answer(name: string, question: DisplayQuestion): Promise<DisplayAnswer> {
		const source = this.#sources.get(name);
		if (!source) return { error: "The kernel no longer has this value. Run the cell again." };
		try {
			return { answer: await source.value[answerSymbol](question) };
		} catch (error) {
			return { error: error instanceof Error ? error.message : String(error) };
		}
	}
}
