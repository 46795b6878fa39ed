/**
 * As much of Vitest as the contract of stores uses, to run it in a browser's worker (where it is bundled under Vitest's
 * name). tests/unit/store-tiny-test.test.ts shows that each part fails when it should.
 */

interface Case {
	name: string;
	run(): Promise<void>;
}

const cases: Case[] = [];
let path: string[] = [];

export function describe(name: string, define: () => void): void {
	path.push(name);
	define();
	path = path.slice(0, -1);
}

export function test(name: string, run: () => unknown): void {
	cases.push({ name: [...path, name].join(" > "), run: async () => void (await run()) });
}

test.each =
	<T>(values: readonly T[]) =>
	(name: string, run: (value: T) => unknown): void => {
		for (const value of values) test(name.replace("%j", JSON.stringify(value)), () => run(value));
	};

/** Runs what was described so far, one after another; what failed has an error. */
export async function runCases(): Promise<{ name: string; error?: string }[]> {
	const results: { name: string; error?: string }[] = [];
	for (const { name, run } of cases.splice(0)) {
		try {
			await run();
			results.push({ name });
		} catch (error) {
			results.push({ name, error: (error as Error)?.stack ?? String(error) });
		}
	}
	return results;
}

function show(value: unknown): string {
	return value instanceof Uint8Array
		? `bytes [${value.slice(0, 20)}]`
		: (JSON.stringify(value) ?? String(value));
}

/** Equal in type and content. `part`: what `expected` does not name may differ. */
function equal(actual: unknown, expected: unknown, part = false): boolean {
	if (Object.is(actual, expected)) return true;
	if (typeof actual !== "object" || typeof expected !== "object" || !actual || !expected) return false;
	if (ArrayBuffer.isView(actual) || Array.isArray(actual)) {
		const [a, b] = [actual, expected] as [ArrayLike<unknown>, ArrayLike<unknown>];
		if (actual.constructor !== expected.constructor || a.length !== b.length) return false;
		for (let i = 0; i < a.length; i++) if (!equal(a[i], b[i], part)) return false;
		return true;
	}
	const [a, b] = [actual, expected] as [Record<string, unknown>, Record<string, unknown>];
	const names = (object: object) => Object.keys(object).sort();
	if (!part && !equal(names(a), names(b))) return false;
	return Object.keys(b).every((name) => equal(a[name], b[name], part));
}

export function expect(actual: unknown, message = "") {
	const check = (ok: boolean, what: string) => {
		if (!ok) throw new Error(`${message ? `${message}: ` : ""}expected ${show(actual)} ${what}`);
	};
	return {
		toBe: (expected: unknown) => check(Object.is(actual, expected), `to be ${show(expected)}`),
		toEqual: (expected: unknown) => check(equal(actual, expected), `to equal ${show(expected)}`),
		toBeUndefined: () => check(actual === undefined, "to be undefined"),
		toHaveLength: (length: number) =>
			check((actual as ArrayLike<unknown> | undefined)?.length === length, `to have length ${length}`),
		toMatchObject: (expected: object) => check(equal(actual, expected, true), `to match ${show(expected)}`),
		rejects: {
			toMatchObject: async (expected: object) => {
				let error: unknown;
				try {
					await actual;
				} catch (caught) {
					error = caught;
				}
				if (error === undefined) throw new Error(`${message}: expected a rejection with ${show(expected)}`);
				const ok = equal(error, expected, true);
				if (!ok) throw new Error(`${message}: expected ${String(error)} to match ${show(expected)}`);
			},
		},
	};
}
