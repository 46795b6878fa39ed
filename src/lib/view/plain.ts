/** JSON-like data for the page's tree: bounded in depth and size, with a word for what JSON cannot say. */
export type Plain =
	| null
	| boolean
	| number
	| string
	| Plain[]
	| { [key: string]: Plain }
	| PlainNote
	| PlainNamed;

/** A value that JSON cannot say, in words. */
export interface PlainNote {
	$note: string;
}

/** A collection that is neither a list nor a plain object: `Map(2)`, `Set(3)`, an object of a class. */
export interface PlainNamed {
	$note: string;
	/** Keys in words, and values. A Set's keys are its places. */
	$entries: [string | number, Plain][];
}

const maxDepth = 12;
const maxItems = 500;
/** Of a tree that branches everywhere, no more values than this are taken; of text in it, no more characters. */
const maxValues = 20_000;
const maxText = 2_000_000;

export function plain(value: unknown): Plain {
	return new Plainer().of(value, 0, []);
}

class Plainer {
	#values = 0;
	#text = 0;

	of(value: unknown, depth: number, above: object[]): Plain {
		this.#values++;
		switch (typeof value) {
			case "string":
				this.#text += value.length;
				return this.#text > maxText ? { $note: `text of ${value.length} characters` } : value;
			case "boolean":
				return value;
			case "number":
				return Number.isFinite(value) ? value : { $note: String(value) };
			case "bigint":
				return { $note: `${value}n` };
			case "function":
				return { $note: `function ${value.name || "(anonymous)"}` };
			case "undefined":
			case "symbol":
				return { $note: String(value) };
		}
		if (value === null) return null;
		const object = value as object;
		if (above.includes(object)) return { $note: "the same object again" };
		const leaf = leafOf(object);
		if (leaf !== undefined) return leaf;
		if (depth >= maxDepth) return { $note: `… more than ${maxDepth} levels` };
		if (this.#values > maxValues) return { $note: "…" };
		const inner = (item: unknown) => this.of(item, depth + 1, [...above, object]);
		if (Array.isArray(object)) return this.#list(object, object.length, inner);
		if (object instanceof Set) {
			const items = this.#list(object, object.size, inner);
			return { $note: `Set(${object.size})`, $entries: items.map((item, i) => [i, item]) };
		}
		if (object instanceof Map) {
			const { size } = object;
			return { $note: `Map(${size})`, $entries: this.#pairs(object.entries(), size, inner) };
		}
		if (isPairs(object)) {
			const pairs = [...object.entries()];
			return { $note: nameOfClass(object), $entries: this.#pairs(pairs, pairs.length, inner) };
		}
		const record = this.#record(object as Record<string, unknown>, inner);
		const name = nameOfClass(object);
		return name ? { $note: name, $entries: Object.entries(record) } : record;
	}

	/** Keys that are no text are told from those that are: `1` and `"1"` are two keys of a Map. */
	#pairs(
		entries: Iterable<[unknown, unknown]>,
		size: number,
		inner: (item: unknown) => Plain,
	): [string | number, Plain][] {
		const some = [...take(entries, maxItems)];
		const isText = some.every(([key]) => typeof key === "string");
		const pairs: [string | number, Plain][] = [];
		for (const [key, value] of some) {
			if (this.#values > maxValues) break;
			pairs.push([isText ? String(key) : keyText(key), inner(value)]);
		}
		if (pairs.length < size) pairs.push(["…", { $note: `${size - pairs.length} more` }]);
		return pairs;
	}

	#list(items: Iterable<unknown>, length: number, inner: (item: unknown) => Plain): Plain[] {
		const shown: Plain[] = [];
		for (const item of items) {
			if (shown.length >= maxItems || this.#values > maxValues) break;
			shown.push(inner(item));
		}
		if (shown.length < length) shown.push({ $note: `${length - shown.length} more` });
		return shown;
	}

	#record(object: Record<string, unknown>, inner: (item: unknown) => Plain): Record<string, Plain> {
		const result: Record<string, Plain> = Object.create(null);
		const keys = Object.keys(object);
		let shown = 0;
		for (const key of keys) {
			if (shown >= maxItems || this.#values > maxValues) break;
			shown++;
			try {
				result[key] = inner(object[key]);
			} catch (error) {
				result[key] = { $note: `cannot be read: ${error instanceof Error ? error.message : error}` };
			}
		}
		if (shown < keys.length) result["…"] = { $note: `${keys.length - shown} more` };
		return result;
	}
}

/** What is shown as one value although it is an object. */
function leafOf(object: object): Plain | undefined {
	if (ArrayBuffer.isView(object)) {
		const { length = object.byteLength } = object as Uint8Array;
		const first =
			object instanceof DataView
				? ""
				: ` ${Array.from((object as Uint8Array).subarray(0, 6), String).join(" ")}`;
		return { $note: `${object.constructor.name}(${length})${first}${length > 6 ? " …" : ""}` };
	}
	if (object instanceof ArrayBuffer) return { $note: `ArrayBuffer, ${object.byteLength} bytes` };
	if (object instanceof Promise) return { $note: "a promise" };
	if (object instanceof Blob) return { $note: `Blob, ${object.size} bytes, ${object.type || "no type"}` };
	if (typeof Response !== "undefined" && object instanceof Response)
		return { $note: `Response ${object.status} ${object.statusText} ${object.url}`.trimEnd() };
	if (typeof (object as { next?: unknown }).next === "function" && Symbol.iterator in object)
		return { $note: "an iterator: write [...it] to see what it gives" };
	if (object instanceof Date)
		return Number.isNaN(object.getTime()) ? { $note: "no valid date" } : object.toISOString();
	if (object instanceof Error) return { $note: `${object.name}: ${object.message}` };
	if (object instanceof RegExp || object instanceof URL) return { $note: String(object) };
	return undefined;
}

/** Headers, search parameters and form data: what has pairs, though no fields. */
function isPairs(object: object): object is { entries(): Iterable<[unknown, unknown]> } {
	return (
		Symbol.iterator in object &&
		typeof (object as { entries?: unknown }).entries === "function" &&
		Object.keys(object).length === 0
	);
}

/** The class of an object; "" of a plain one, and where a build has shortened the name to nothing readable. */
function nameOfClass(object: object): string {
	const prototype = Object.getPrototypeOf(object);
	if (prototype === null || prototype === Object.prototype) return "";
	const { name } = (prototype.constructor ?? {}) as { name?: unknown };
	return typeof name === "string" && name.length > 2 && name !== "Object" ? name : "";
}

function keyText(key: unknown): string {
	if (typeof key === "string") return JSON.stringify(key);
	if (typeof key === "object" && key !== null) return `(${nameOfClass(key) || "object"})`;
	return typeof key === "bigint" ? `${key}n` : String(key);
}

function* take<T>(items: Iterable<T>, most: number): Iterable<T> {
	let taken = 0;
	for (const item of items) {
		if (taken++ >= most) return;
		yield item;
	}
}
