/**
 * Edits to a reader's text that never lose a position: characters are blanked in place and text is inserted, so that
 * any place in the result leads back to the place in the source.
 */
export class Edits {
	readonly source: string;
	readonly #chars: string[];
	readonly #insertions: { at: number; text: string }[] = [];

	constructor(source: string) {
		this.source = source;
		this.#chars = source.split("");
	}

	/** Replaces [start, end) by spaces. Line breaks stay unless `flat`, which an arrow's return type needs. */
	blank(start: number, end: number, flat = false): void {
		for (let i = start; i < end; i++) {
			if (flat || !/[\r\n\u2028\u2029]/.test(this.#chars[i])) this.#chars[i] = " ";
		}
	}

	/** Blanks every occurrence of the words in [start, end), comments left out. */
	blankWords(start: number, end: number, words: RegExp): void {
		const text = this.source
			.slice(start, end)
			.replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, (comment) => " ".repeat(comment.length));
		for (const match of text.matchAll(words)) {
			this.blank(start + match.index, start + match.index + match[0].length);
		}
	}

	/** Overwrites one character. */
	put(at: number, character: string): void {
		this.#chars[at] = character;
	}

	/** Inserts text before the character at `at`; insertions at one place keep their order. */
	insert(at: number, text: string): void {
		this.#insertions.push({ at, text });
	}

	/** The edited text, and a function from an offset in it to an offset in the source. */
	result(): { code: string; toSource: (offset: number) => number } {
		const insertions = this.#insertions
			.map((insertion, order) => ({ ...insertion, order }))
			.sort((a, b) => a.at - b.at || a.order - b.order);
		let code = "";
		let from = 0;
		const marks: { generated: number; source: number; length: number }[] = [];
		for (const { at, text } of insertions) {
			code += this.#chars.slice(from, at).join("");
			marks.push({ generated: code.length, source: at, length: text.length });
			code += text;
			from = at;
		}
		code += this.#chars.slice(from).join("");
		const toSource = (offset: number): number => {
			let shift = 0;
			for (const mark of marks) {
				if (offset < mark.generated) break;
				if (offset < mark.generated + mark.length) return mark.source;
				shift += mark.length;
			}
			return Math.max(0, Math.min(this.source.length, offset - shift));
		};
		return { code, toSource };
	}
}

/** 1-based line and column of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
	const before = text.slice(0, offset);
	const line = before.split("\n").length;
	return { line, column: offset - before.lastIndexOf("\n") };
}

/** The offset of a 1-based line and column. */
export function offsetOf(text: string, line: number, column: number): number {
	let start = 0;
	for (let i = 1; i < line; i++) {
		const next = text.indexOf("\n", start);
		if (next < 0) return text.length;
		start = next + 1;
	}
	return Math.min(text.length, start + column - 1);
}
