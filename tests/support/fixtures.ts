/**
 * Real files by other people's software, kept beside the checkout and not part of the project (see CONTRIBUTING.md).
 * Tests that use them are skipped where the folder is absent.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const candidate = join(import.meta.dirname, "../../../shared/fixtures");

/** The fixtures folder, or undefined where it is absent. */
export const fixturesDir: string | undefined = existsSync(join(candidate, "expected.json"))
	? candidate
	: undefined;

if (!fixturesDir) console.warn("fixtures: ../shared/fixtures is absent; tests that need it are skipped");

/** One entry of the fixtures' list of expected values. */
export interface Expected {
	path: string;
	kind: string;
	array_path: string | null;
	shape: number[];
	dtype: string;
	sum: number | string;
	min: number | string;
	max: number | string;
	sha256: string;
	tier?: string;
	[more: string]: unknown;
}

let list: Expected[] | undefined;

/** Every expected entry; empty where the fixtures are absent. */
export function allExpected(): Expected[] {
	if (!fixturesDir) return [];
	list ??= JSON.parse(readFileSync(join(fixturesDir, "expected.json"), "utf8")) as Expected[];
	return list;
}

/** The expected values of one file (and array within it). */
export function expected(path: string, arrayPath?: string): Expected {
	const found = allExpected().find((e) => e.path === path && (!arrayPath || e.array_path === arrayPath));
	if (!found) throw new Error(`expected.json has no entry for ${path}#${arrayPath ?? ""}`);
	return found;
}

/** The absolute path of a fixture. */
export function fixture(path: string): string {
	if (!fixturesDir) throw new Error("the fixtures folder is absent");
	return join(fixturesDir, path);
}
