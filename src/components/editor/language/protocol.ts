/** What the language worker is asked and answers. Offsets count from 0, in the text of one cell as the reader sees it. */

export interface CellText {
	id: string;
	title: string;
	source: string;
	/** The names of an exercise stay its own. */
	isExercise: boolean;
}

export interface Problem {
	/** `blank`: a gap of an exercise that waits for an answer, no mistake. */
	kind: "error" | "blank";
	start: number;
	length: number;
	/** The whole message; its first line says the most. */
	message: string;
	code: number;
}

export interface Suggestion {
	name: string;
	/** TypeScript's word for what it is: "method", "const", … */
	kind: string;
	sortText: string;
	/** The text that it replaces, where that is not the word at the caret. */
	replaces?: { start: number; length: number };
	/** The module to import it from, where the cell does not yet. */
	from?: string;
	deprecated?: true;
}

export interface TextEdit {
	start: number;
	length: number;
	text: string;
}

export interface SuggestionDetail {
	code: string;
	docs: string;
	/** Adds the import that the name needs. */
	edits: TextEdit[];
}

export interface Hover {
	start: number;
	length: number;
	/** A declaration, as TypeScript. */
	code: string;
	/** Markdown. */
	docs: string;
}

export interface SignatureHelp {
	active: number;
	parameter: number;
	signatures: {
		label: string;
		docs: string;
		/** Where in the label each parameter stands. */
		parameters: { range: [number, number]; docs: string }[];
	}[];
}

/** How a signature was asked for, as TypeScript wants to know it. */
export interface SignatureTrigger {
	kind: "invoked" | "characterTyped" | "retrigger";
	character?: string;
}

/** What the worker does. `setCells` has no answer of note; the others are about a cell as last set. */
export interface LanguageCalls {
	setCells(cells: CellText[]): void;
	problems(cell: string): Problem[];
	suggestions(cell: string, offset: number): Suggestion[];
	suggestionDetail(cell: string, offset: number, name: string, from?: string): SuggestionDetail | undefined;
	hover(cell: string, offset: number): Hover | undefined;
	signature(cell: string, offset: number, trigger: SignatureTrigger): SignatureHelp | undefined;
}
export type CallName = keyof LanguageCalls;

export interface LanguageRequest {
	id: number;
	call: CallName;
	parameters: unknown[];
}
export type LanguageAnswer = { id: number; value: unknown } | { id: number; error: string };
