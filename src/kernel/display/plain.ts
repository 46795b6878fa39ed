/** JSON-like data for the page's tree: bounded in depth and size, with a word for what JSON cannot say. */
export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain } | PlainNote;

/** A value that JSON cannot say, in words. */
export interface PlainNote {
	$note: string;
}

const maxDepth = 12;
const maxItems = 500;

export function plain(value: unknown, depth = 0, above: object[] = []): Plain {
	switch (typeof value) {
		case "string":
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
	if (depth >= maxDepth) return { $note: "…" };
	const inner = (item: unknown) => plain(item, depth + 1, [...above, object]);
	if (ArrayBuffer.isView(object)) {
		const { length = object.byteLength } = object as Uint8Array;
		return { $note: `${object.constructor.name}(${length})` };
	}
	if (object instanceof ArrayBuffer) return { $note: `ArrayBuffer, ${object.byteLength} bytes` };
	if (object instanceof Promise) return { $note: "a promise" };
	if (object instanceof Date) return object.toISOString();
	if (object instanceof Error) return { $note: `${object.name}: ${object.message}` };
	if (Array.isArray(object)) return bounded(object, inner);
	if (object instanceof Set) return bounded([...object], inner);
	const entries = object instanceof Map ? [...object] : Object.entries(object);
	const result: Record<string, Plain> = {};
	for (const [key, item] of entries.slice(0, maxItems)) result[String(key)] = inner(item);
	if (entries.length > maxItems) result["…"] = { $note: `${entries.length - maxItems} more` };
	return result;
}

function bounded(items: unknown[], inner: (item: unknown) => Plain): Plain[] {
	const shown = items.slice(0, maxItems).map(inner);
	if (items.length > maxItems) shown.push({ $note: `${items.length - maxItems} more` });
	return shown;
}
