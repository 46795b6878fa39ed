/** What a check can ask of a learner's values. Its failures are sentences for the learner. */
import { consoleText } from "../display/describe.ts";

/** A check that did not hold. `message` is what the learner reads. */
export class CheckFailed extends Error {
	override readonly name = "CheckFailed";
	readonly detail?: string;

	constructor(message: string, detail?: string) {
		super(message);
		this.detail = detail;
	}
}

type Matcher = (...args: never[]) => void;
export interface Expectation {
	not: Expectation;
	[matcher: string]: Matcher | Expectation;
}

/** An `expect` that counts how many checks held. */
export function createExpect(): {
	expect: (actual: unknown, label?: string) => Expectation;
	count: () => number;
} {
	let held = 0;
	const expect = (actual: unknown, label?: string): Expectation => {
		const build = (negated: boolean): Expectation => {
			const what = label ?? "The value";
			const decide = (holds: boolean, wanted: string) => {
				if (holds === negated) {
					throw new CheckFailed(
						`${what} should ${negated ? "not " : ""}${wanted}, but it is ${short(actual)}.`,
					);
				}
				held++;
			};
			return {
				get not() {
					return build(!negated);
				},
				toBe: (value: unknown) => decide(Object.is(actual, value), `be ${short(value)}`),
				toEqual: (value: unknown) => decide(equal(actual, value), `equal ${short(value)}`),
				toBeCloseTo: (value: number, digits = 2) =>
					decide(
						typeof actual === "number" && Math.abs(actual - value) < 10 ** -digits / 2,
						`be about ${value}`,
					),
				toBeGreaterThan: (value: number) => decide((actual as number) > value, `be greater than ${value}`),
				toBeLessThan: (value: number) => decide((actual as number) < value, `be less than ${value}`),
				toBeTruthy: () => decide(Boolean(actual), "be true"),
				toBeDefined: () => decide(actual !== undefined, "have a value"),
				toContain: (value: unknown) =>
					decide(
						typeof actual === "string"
							? actual.includes(String(value))
							: Array.isArray(actual) && actual.some((item) => equal(item, value)),
						`contain ${short(value)}`,
					),
				toHaveLength: (value: number) =>
					decide((actual as { length?: number } | null)?.length === value, `have ${value} items`),
				toBeInstanceOf: (value: new () => unknown) => decide(actual instanceof value, `be a ${value.name}`),
			};
		};
		return build(false);
	};
	return { expect, count: () => held };
}

function short(value: unknown): string {
	const text = value === undefined ? "not there (undefined)" : consoleText(value);
	return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}

/** Same structure and same leaves; typed arrays element by element. */
function equal(a: unknown, b: unknown): boolean {
	if (Object.is(a, b)) return true;
	if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
	if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false;
	if (a instanceof Map && b instanceof Map) return equal([...a], [...b]);
	if (a instanceof Set && b instanceof Set) return equal([...a], [...b]);
	const keys = Object.keys(a);
	if (keys.length !== Object.keys(b).length) return false;
	return keys.every((key) => key in b && equal(a[key as never], b[key as never]));
}
