/** JSON read with the place of each value in its text, and written so that a person can read it. */
import { ChunkwiseError } from "../errors.ts";

/** Where a value stands in a text: offsets, and the line, counted from 0. */
export interface JsonPlace {
	/** RFC 6901: "/multiscales/0/axes". */
	pointer: string;
	/** Of the name before the value, where it has one; else of the value. */
	from: number;
	to: number;
	line: number;
}

/** A document and the places of its values, the outer before the inner. */
export interface PlacedJson {
	value: unknown;
	places: Map<string, JsonPlace>;
}

/** Deeper than any metadata, and not so deep that reading it runs out of stack. */
const deepest = 200;

/**
 * Reads JSON and notes where each value stands.
 * @throws ChunkwiseError bad-json, with line and column in `where`
 */
export function readJson(text: string): PlacedJson {
	return new Reader(text).read();
}

class Reader {
	readonly #text: string;
	readonly #places = new Map<string, JsonPlace>();
	#at = 0;
	#line = 0;

	constructor(text: string) {
		this.#text = text;
	}

	read(): PlacedJson {
		this.#space();
		const value = this.#value("", this.#at, this.#line, 0);
		this.#space();
		if (this.#at < this.#text.length) this.#fail("the document ends here, and there is more");
		return { value, places: this.#places };
	}

	#value(pointer: string, from: number, line: number, depth: number): unknown {
		if (depth > deepest) this.#fail("this is nested too deeply");
		const place: JsonPlace = { pointer, from, to: from, line };
		this.#places.set(pointer, place);
		const first = this.#text[this.#at];
		const value =
			first === "{"
				? this.#object(pointer, depth)
				: first === "["
					? this.#array(pointer, depth)
					: first === '"'
						? this.#string()
						: this.#word();
		place.to = this.#at;
		return value;
	}

	#object(pointer: string, depth: number): Record<string, unknown> {
		const fields: [string, unknown][] = [];
		this.#at++;
		for (this.#space(); this.#text[this.#at] !== "}"; this.#space()) {
			if (fields.length > 0) {
				this.#take(",", 'a comma or "}" is missing before this');
				this.#space();
			}
			const [from, line] = [this.#at, this.#line];
			if (this.#text[this.#at] !== '"') {
				this.#fail(
					this.#text[this.#at] === "}"
						? "there is a comma too many before this"
						: 'a name in double quotes, or "}", should stand here',
				);
			}
			const key = this.#string();
			this.#space();
			this.#take(":", "a colon is missing between name and value");
			this.#space();
			const part = key.replaceAll("~", "~0").replaceAll("/", "~1");
			fields.push([key, this.#value(`${pointer}/${part}`, from, line, depth + 1)]);
		}
		this.#at++;
		return Object.fromEntries(fields);
	}

	#array(pointer: string, depth: number): unknown[] {
		const entries: unknown[] = [];
		this.#at++;
		for (this.#space(); this.#text[this.#at] !== "]"; this.#space()) {
			if (entries.length > 0) {
				this.#take(",", 'a comma or "]" is missing before this');
				this.#space();
				if (this.#text[this.#at] === "]") this.#fail("there is a comma too many before this");
			}
			entries.push(this.#value(`${pointer}/${entries.length}`, this.#at, this.#line, depth + 1));
		}
		this.#at++;
		return entries;
	}

	#string(): string {
		// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has none of them in a text
		const match = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
		match.lastIndex = this.#at;
		const found = match.exec(this.#text);
		if (!found) this.#fail("this text in quotes does not end on its line, or has a wrong backslash");
		this.#at += found[0].length;
		return JSON.parse(found[0]) as string;
	}

	#word(): unknown {
		const match = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
		match.lastIndex = this.#at;
		const found = match.exec(this.#text);
		if (!found) {
			this.#fail(
				this.#at >= this.#text.length
					? "the document ends too early"
					: "this is no value: text needs double quotes, numbers a point",
			);
		}
		this.#at += found[0].length;
		if (/[\w.]/.test(this.#text[this.#at] ?? "")) this.#fail("this is no number");
		return JSON.parse(found[0]);
	}

	#take(character: string, problem: string): void {
		if (this.#text[this.#at] !== character) this.#fail(problem);
		this.#at++;
	}

	#space(): void {
		for (; ; this.#at++) {
			const character = this.#text[this.#at];
			if (character === "\n") this.#line++;
			else if (character !== " " && character !== "\t" && character !== "\r") return;
		}
	}

	#fail(problem: string): never {
		const column = this.#at - this.#text.lastIndexOf("\n", this.#at - 1);
		throw new ChunkwiseError("bad-json", `Line ${this.#line + 1}, column ${column}: ${problem}.`, {
			where: `${this.#line + 1}:${column}`,
			remedy: "Correct the text there; nothing of it is read until it is JSON.",
		});
	}
}

/** JSON with an indent of two, in which what is short and holds nothing deep stands in one line: up to `width` characters. */
export function writeJson(value: unknown, width = 58, indent = ""): string {
	const line = oneLine(value);
	if (typeof value !== "object" || value === null) return line;
	const entries = Array.isArray(value) ? value : Object.entries(value).filter(([, v]) => v !== undefined);
	if (entries.length === 0) return line;
	// Nested lists of objects stay apart, however short: they are what a reader looks for.
	const plain = Object.values(value).every((v) => typeof v !== "object" || v === null || isNumbers(v));
	if (plain && line.length <= width) return line;
	const inner = `${indent}  `;
	const lines = Array.isArray(value)
		? value.map((entry) => inner + writeJson(entry, width, inner))
		: (entries as [string, unknown][]).map(
				([key, entry]) => `${inner}${JSON.stringify(key)}: ${writeJson(entry, width, inner)}`,
			);
	const [open, close] = Array.isArray(value) ? "[]" : "{}";
	return `${open}\n${lines.join(",\n")}\n${indent}${close}`;
}

const isNumbers = (value: object) => Array.isArray(value) && value.every((v) => typeof v === "number");

function oneLine(value: unknown): string {
	if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
	if (Array.isArray(value)) return `[${value.map(oneLine).join(", ")}]`;
	const fields = Object.entries(value).filter(([, v]) => v !== undefined);
	if (fields.length === 0) return "{}";
	return `{ ${fields.map(([key, entry]) => `${JSON.stringify(key)}: ${oneLine(entry)}`).join(", ")} }`;
}
