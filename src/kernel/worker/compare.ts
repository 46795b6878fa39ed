/** Whether two values are the same, and in words where they are not. */
import { consoleText } from "../../lib/view/describe.ts";

/** A value as it stands in a sentence. */
export function short(value: unknown): string {
	const text = value === undefined ? "not there (undefined)" : consoleText(value);
	return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** Same structure and same leaves; typed arrays element by element. */
export function isEqual(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
	if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
	if (a instanceof Map && b instanceof Map) return isEqual([...a], [...b]);
	if (a instanceof Set && b instanceof Set) return isEqual([...a], [...b]);
	const keys = Object.keys(a);
	if (keys.length !== Object.keys(b).length) return false;
	return keys.every((key) => Object.hasOwn(b, key) && isEqual(a[key as never], b[key as never]));
}

/** "At levels[1].name it should be …, but it is …." for two values that are not equal. */
export function firstDifference(actual: unknown, wanted: unknown, path = ""): string | undefined {
	if (isEqual(actual, wanted)) return undefined;
	if (isPlain(actual) && isPlain(wanted) && Array.isArray(actual) === Array.isArray(wanted)) {
		const place = (key: string) =>
			Array.isArray(wanted) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
		for (const key of Object.keys(wanted)) {
			const at = place(key);
			if (!Object.hasOwn(actual, key)) return `${at} is missing.`;
			const found = firstDifference(actual[key as never], wanted[key as never], at);
			if (found) return found;
		}
		const extra = Object.keys(actual).find((key) => !Object.hasOwn(wanted, key));
		if (extra !== undefined) return `${place(extra)} should not be there.`;
	}
	return path ? `At ${path} it should be ${short(wanted)}, but it is ${short(actual)}.` : undefined;
}

function isPlain(value: unknown): value is object {
	return typeof value === "object" && value !== null && !ArrayBuffer.isView(value);
}

/** The shape of anything that has one: an array of the library, nested lists, a typed array. */
export function shapeOf(value: unknown): readonly number[] | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	if ("shape" in value && Array.isArray(value.shape)) return value.shape;
	if (Array.isArray(value)) {
		const inner = value.length > 0 ? shapeOf(value[0]) : undefined;
		return inner ? [value.length, ...inner] : [value.length];
	}
	return ArrayBuffer.isView(value) && "length" in value ? [value.length as number] : undefined;
}

/** Values in C order. */
function flat(value: unknown): ArrayLike<unknown> | undefined {
	if (typeof value !== "object" || value === null) return undefined;
	if ("data" in value && isList(value.data)) return value.data;
	if (Array.isArray(value)) return value.flat(Number.POSITIVE_INFINITY);
	return isList(value) ? value : undefined;
}

function isList(value: unknown): value is ArrayLike<unknown> {
	return (ArrayBuffer.isView(value) && !(value instanceof DataView)) || Array.isArray(value);
}

/** Compares shape and values, whatever kind of array holds them. */
export function sameArrays(
	actual: unknown,
	wanted: unknown,
	within: number,
): { same: boolean; why?: string; detail?: string } {
	const shapes = [shapeOf(actual), shapeOf(wanted)] as const;
	const [a, b] = [flat(actual), flat(wanted)];
	if (!shapes[0] || !a) return { same: false, why: "it is no array" };
	if (!shapes[1] || !b) throw new Error("The check compares with something that is no array.");
	if (!isEqual([...shapes[0]], [...shapes[1]])) {
		return {
			same: false,
			why: `its shape is (${shapes[0].join(", ")}) instead of (${shapes[1].join(", ")})`,
		};
	}
	let first = -1;
	let count = 0;
	for (let i = 0; i < b.length; i++) {
		if (near(a[i], b[i], within)) continue;
		if (first < 0) first = i;
		count++;
	}
	if (first < 0) return { same: true, why: "it does" };
	const index = position(first, shapes[1]);
	const where = index.length === 1 ? `${index[0]}` : `(${index.join(", ")})`;
	return {
		same: false,
		why: `the first that differs is at index ${where}: it should be ${short(b[first])}, but it is ${short(a[first])}`,
		detail: `${count} of ${b.length} values ${count === 1 ? "differs" : "differ"}.`,
	};
}

function near(a: unknown, b: unknown, within: number): boolean {
	if (Object.is(a, b) || a === b) return true;
	if (typeof a === "number" && typeof b === "number") return Math.abs(a - b) <= within;
	if (typeof a === "bigint" && typeof b === "bigint") return false;
	return (typeof a === "bigint" || typeof b === "bigint") && Number(a) === Number(b);
}

function position(offset: number, shape: readonly number[]): number[] {
	const index: number[] = [];
	let rest = offset;
	for (const length of [...shape].reverse()) {
		index.unshift(rest % length);
		rest = Math.floor(rest / length);
	}
	return index;
}
