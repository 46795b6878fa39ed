/** What a check can ask of a learner's values. Its failures are sentences for the learner. */
import { isChunkwiseError } from "../../lib/errors.ts";
import { firstDifference, isEqual, sameArrays, shapeOf, short } from "./compare.ts";
import type { StoreRequest } from "./requests.ts";

/** A check that did not hold. `message` is what the learner reads. */
export class CheckFailed extends Error {
	override readonly name = "CheckFailed";
	readonly detail?: string;
	readonly next?: string;

	constructor(message: string, more: { detail?: string; next?: string } = {}) {
		super(message);
		this.detail = more.detail;
		this.next = more.next;
	}
}

/** How near a number must be. A number is digits after the point; `within` is a distance, or a share as `"5%"`. */
export type Tolerance = number | { within: number | `${number}%`; unit?: string };

/** Matchers give nothing back and throw {@link CheckFailed}; {@link toThrow} of an async function gives a promise. */
export interface Expectation {
	/** The opposite of what follows. */
	not: Expectation;
	/** The very same value, as `Object.is` tells. */
	toBe(value: unknown): void;
	/** The same structure with the same leaves. Says where the first difference is. */
	toEqual(value: unknown): void;
	toBeCloseTo(value: number, tolerance?: Tolerance): void;
	toBeGreaterThan(value: number | bigint): void;
	toBeGreaterThanOrEqual(value: number | bigint): void;
	toBeLessThan(value: number | bigint): void;
	toBeLessThanOrEqual(value: number | bigint): void;
	/** Both ends included. */
	toBeBetween(low: number, high: number): void;
	toBeTruthy(): void;
	toBeFalsy(): void;
	toBeDefined(): void;
	toContain(value: unknown): void;
	toHaveLength(length: number): void;
	toBeInstanceOf(kind: abstract new (...args: never[]) => unknown): void;
	/** A text, or the message of an error, holds these words or fits this pattern. */
	toMatch(pattern: RegExp | string): void;
	/** A function fails when it is called. Of an async function: await it. */
	toThrow(pattern?: RegExp | string): void | Promise<void>;
	/** The answer's `error`, by class name, code, or words of its message. */
	toBeError(what?: RegExp | string): void;
	/** Anything with a shape: an array of the library, nested lists, a typed array. */
	toHaveShape(shape: readonly number[]): void;
	/** The same shape and values, whatever kind of array holds them. Says the first index that differs. */
	toEqualArray(values: unknown, tolerance?: { within: number }): void;
	/** Of `requests`: how much was read. Chunks are distinct parts of keys that are no metadata documents. */
	toReadAtMost(most: number, what?: "chunks" | "requests" | "bytes"): void;
	/** Of `requests`: how many keys that are no metadata documents were written. */
	toWriteAtMost(most: number, what?: "chunks" | "requests" | "bytes"): void;
}

export type Expect = (actual: unknown, label?: string, otherwise?: string) => Expectation;

const documents = /(^|\/)(zarr\.json|\.zarray|\.zattrs|\.zgroup|\.zmetadata|attributes\.json)$/;

/**
 * An `expect` that counts how many checks held. `label` is what the value is called in the sentence; `otherwise` is
 * an author's own sentence in its place.
 */
export function createExpect(): { expect: Expect; count: () => number } {
	let held = 0;
	const expect: Expect = (actual, label = "The value", otherwise) => {
		const build = (negated: boolean): Expectation => {
			const decide = (holds: boolean, wanted: string, is?: string, detail?: string) => {
				if (holds !== negated) {
					held++;
					return;
				}
				const found = is ?? `it is ${short(actual)}`;
				throw new CheckFailed(
					otherwise ?? `${label} should ${negated ? "not " : ""}${wanted}, but ${found}.`,
					{ detail },
				);
			};
			const compared = (holds: (a: number | bigint) => boolean, wanted: string) =>
				decide((typeof actual === "number" || typeof actual === "bigint") && holds(actual), wanted);
			return {
				get not() {
					return build(!negated);
				},
				toBe: (value) => decide(Object.is(actual, value), `be ${short(value)}`),
				toEqual: (value) => {
					// Of two values of different kinds there is no first difference to tell, and they are not equal.
					decide(isEqual(actual, value), `equal ${short(value)}`, undefined, firstDifference(actual, value));
				},
				toBeCloseTo: (value, tolerance = 2) => {
					const { distance, words, unit } = howNear(value, tolerance);
					decide(
						typeof actual === "number" && Math.abs(actual - value) <= distance,
						`be ${words}`,
						typeof actual === "number" ? `it is ${short(actual)}${unit}` : undefined,
					);
				},
				toBeGreaterThan: (value) => compared((a) => a > value, `be greater than ${value}`),
				toBeGreaterThanOrEqual: (value) => compared((a) => a >= value, `be ${value} or more`),
				toBeLessThan: (value) => compared((a) => a < value, `be less than ${value}`),
				toBeLessThanOrEqual: (value) => compared((a) => a <= value, `be ${value} or less`),
				toBeBetween: (low, high) => compared((a) => a >= low && a <= high, `be between ${low} and ${high}`),
				toBeTruthy: () => decide(Boolean(actual), "be true"),
				toBeFalsy: () => decide(!actual, "be false"),
				toBeDefined: () => decide(actual !== undefined, "have a value"),
				toContain: (value) =>
					decide(
						typeof actual === "string"
							? actual.includes(String(value))
							: isIterable(actual) && [...actual].some((item) => isEqual(item, value)),
						`contain ${short(value)}`,
					),
				toHaveLength: (length) =>
					decide(lengthOf(actual) === length, `have ${length} items`, `it has ${lengthOf(actual) ?? "none"}`),
				toBeInstanceOf: (kind) => decide(actual instanceof kind, `be a ${kind.name}`),
				toMatch: (pattern) => {
					const text = actual instanceof Error ? actual.message : actual;
					decide(typeof text === "string" && fits(text, pattern), `match ${String(pattern)}`);
				},
				toThrow: (pattern) => throwing(actual, pattern, decide),
				toBeError: (what) =>
					decide(
						actual !== undefined && (what === undefined || isError(actual, what)),
						what === undefined ? "be an error" : `be the error ${String(what)}`,
						actual === undefined ? "there was none" : undefined,
					),
				toHaveShape: (shape) => {
					const found = shapeOf(actual);
					decide(
						found !== undefined && isEqual([...found], [...shape]),
						`have the shape (${shape.join(", ")})`,
						found ? `its shape is (${found.join(", ")})` : "it has no shape",
					);
				},
				toEqualArray: (values, tolerance) => {
					const { same, why, detail } = sameArrays(actual, values, tolerance?.within ?? 0);
					decide(same, "hold the values asked for", why, detail);
				},
				toReadAtMost: (most, what = "chunks") => {
					const count = counted(actual, ["get", "getRange"], what);
					decide(count <= most, `read at most ${amount(most, what)}`, `it read ${amount(count, what)}`);
				},
				toWriteAtMost: (most, what = "chunks") => {
					const count = counted(actual, ["set"], what);
					decide(count <= most, `write at most ${amount(most, what)}`, `it wrote ${amount(count, what)}`);
				},
			};
		};
		return build(false);
	};
	return { expect, count: () => held };
}

function howNear(value: number, tolerance: Tolerance): { distance: number; words: string; unit: string } {
	if (typeof tolerance === "number")
		return { distance: 10 ** -tolerance / 2, words: `about ${value}`, unit: "" };
	const { within } = tolerance;
	const unit = tolerance.unit ? ` ${tolerance.unit}` : "";
	const distance = typeof within === "string" ? (Math.abs(value) * Number.parseFloat(within)) / 100 : within;
	const words = typeof within === "string" ? `within ${within} of ${value}` : `${value} ± ${within}`;
	return { distance, words: `${words}${unit}`, unit };
}

function fits(text: string, pattern: RegExp | string): boolean {
	return typeof pattern === "string" ? text.includes(pattern) : pattern.test(text);
}

function isError(error: unknown, what: RegExp | string): boolean {
	const { name, message } = error instanceof Error ? error : { name: "", message: String(error) };
	const code = isChunkwiseError(error) ? error.code : "";
	return typeof what === "string"
		? name === what || code === what || message.includes(what)
		: [name, code, message].some((text) => what.test(text));
}

function throwing(
	actual: unknown,
	pattern: RegExp | string | undefined,
	decide: (holds: boolean, wanted: string, is?: string) => void,
): void | Promise<void> {
	const wanted = pattern === undefined ? "fail when it is called" : `fail with ${String(pattern)}`;
	const decided = (thrown: boolean, error?: unknown) =>
		decide(
			thrown && (pattern === undefined || isError(error, pattern)),
			wanted,
			thrown
				? `it failed with “${error instanceof Error ? error.message : String(error)}”`
				: "it did not fail",
		);
	if (typeof actual !== "function") return decide(false, wanted, "it is no function");
	let result: unknown;
	try {
		result = actual();
	} catch (error) {
		return decided(true, error);
	}
	if (!(result instanceof Promise)) return decided(false);
	return result.then(
		() => decided(false),
		(error) => decided(true, error),
	);
}

function isIterable(value: unknown): value is Iterable<unknown> {
	return typeof value === "object" && value !== null && Symbol.iterator in value;
}

function lengthOf(value: unknown): number | undefined {
	const { length, size } = (value ?? {}) as { length?: number; size?: number };
	return length ?? size;
}

function counted(
	requests: unknown,
	ops: readonly StoreRequest["op"][],
	what: "chunks" | "requests" | "bytes",
): number {
	if (!Array.isArray(requests))
		throw new CheckFailed("The check looks at `requests` here, and this is not it.");
	const asked = (requests as StoreRequest[]).filter(({ op }) => ops.includes(op));
	if (what === "bytes") return asked.reduce((sum, { bytes }) => sum + bytes, 0);
	if (what === "requests") return asked.length;
	// A chunk that was read twice is one chunk; the chunks of a shard are ranges of one key, and its index is none.
	const chunks = asked.filter(
		({ key, cause, status }) =>
			!documents.test(key) && !/\bshard index\b/.test(cause ?? "") && status !== "absent" && status !== 404,
	);
	return new Set(chunks.map(({ store, key, range }) => `${store} ${key} ${range ?? ""}`)).size;
}

function amount(count: number, what: "chunks" | "requests" | "bytes"): string {
	return `${count.toLocaleString("en").replaceAll(",", "\u202f")} ${count === 1 ? what.slice(0, -1) : what}`;
}
