import { placeOf } from "./edits.ts";

/** A cell that cannot be run as written, with its 1-based place in the reader's text. */
export class CompileError extends Error {
	override readonly name = "SyntaxError";
	readonly line: number;
	readonly column: number;

	constructor(message: string, source: string, offset: number) {
		super(message);
		const place = placeOf(source, offset);
		this.line = place.line;
		this.column = place.column;
	}
}
