/** JSON-like data for the page's tree: bounded in depth and size, with a word for what JSON cannot say. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain } | PlainNote;

/** A value that JSON cannot say, in words. */
export interface PlainNote {
	$note: string;
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
		if (depth >= maxDepth || this.#values > maxValues) return { $note: "…" };
		const inner = (item: unknown) => this.of(item, depth + 1, [...above, object]);
		if (Array.isArray(object)) return this.#list(object, object.length, inner);
		if (object instanceof Set) return this.#list(object, object.size, inner);
		return object instanceof Map
			? this.#record([...object.keys()], (key) => object.get(key), inner)
			: this.#record(Object.keys(object), (key) => (object as Record<string, unknown>)[key as string], inner);
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

	#record(keys: unknown[], get: (key: unknown) => unknown, inner: (item: unknown) => Plain): Plain {
		const result: Record<string, Plain> = Object.create(null);
		let shown = 0;
		for (const key of keys) {
			if (shown >= maxItems || this.#values > maxValues) break;
			shown++;
			try {
				result[nameOf(key)] = inner(get(key));
			} catch (error) {
				result[nameOf(key)] = { $note: `cannot be read: ${error instanceof Error ? error.message : error}` };
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
		return { $note: `${object.constructor.name}(${length})` };
	}
	if (object instanceof ArrayBuffer) return { $note: `ArrayBuffer, ${object.byteLength} bytes` };
	if (object instanceof Promise) return { $note: "a promise" };
	if (object instanceof Date)
		return Number.isNaN(object.getTime()) ? { $note: "no valid date" } : object.toISOString();
	if (object instanceof Error) return { $note: `${object.name}: ${object.message}` };
	if (object instanceof RegExp || object instanceof URL) return { $note: String(object) };
	return undefined;
}

function nameOf(key: unknown): string {
	return typeof key === "object" && key !== null ? `(${key.constructor?.name ?? "object"})` : String(key);
}
