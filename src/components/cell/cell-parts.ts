/** What a part of a cell (saved work, an exercise's tools, …) can know and do. A part is a function of this. */
import type { Verdict } from "../../kernel/protocol.ts";
import type { CellSpec } from "../../kernel/session/cell.ts";
import type { Session } from "../../kernel/session/session.ts";
import type { CellState } from "../../kernel/session/state.ts";
import type { OutputArea } from "./output-area.ts";

/** What the page holds of a cell, as the author wrote it. */
export interface CellData extends Omit<CellSpec, "view"> {
	solution?: string;
	readonly?: true;
}

export interface CellEvents {
	/** The code is another, by the reader's typing or by {@link CellHandle.setSource}. */
	edit: string;
	state: CellState;
	verdict: Verdict;
}

export interface CellHandle {
	readonly element: HTMLElement;
	readonly data: CellData;
	readonly session: Session;
	readonly output: OutputArea;
	/** The code as it is now. */
	readonly source: string;
	/** Puts other code in, with or without an open editor; the editor's undo brings the former back. */
	setSource(source: string): void;
	/** Opens the editor and puts the caret there. */
	edit(place?: { line: number; column: number }): Promise<void>;
	/** Asked before each run; the first that gives false keeps it from happening, having told why. */
	beforeRun(ask: () => Promise<boolean>): void;
	/** Words beside the title, which a screen reader says. */
	say(text: string): void;
	/** Adds a button under the code; the row is there while one of its buttons is. */
	addTool(button: HTMLElement): void;
	on<K extends keyof CellEvents>(event: K, listener: (value: CellEvents[K]) => void): void;
}

export type CellPart = (cell: CellHandle) => void;
