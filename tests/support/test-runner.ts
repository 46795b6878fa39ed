/**
 * describe, test and expect of whoever runs: Vitest in Node, or Playwright, so that one contract can be held against
 * what exists in a browser only.
 */
type Runner = Pick<typeof import("vitest"), "describe" | "test" | "expect">;

async function playwright(): Promise<Runner> {
	const { test, expect } = await import("playwright/test");
	const each =
		<T>(rows: readonly T[]) =>
		(name: string, body: (row: T) => Promise<void>) => {
			for (const row of rows) test(name.replace(/%[js]/, JSON.stringify(row)), () => body(row));
		};
	const one = (name: string, body: () => Promise<void>) => test(name, () => body());
	return {
		describe: test.describe,
		test: Object.assign(one, { each }),
		expect,
	} as unknown as Runner;
}

export const { describe, test, expect }: Runner = process.env.VITEST
	? await import("vitest")
	: await playwright();
