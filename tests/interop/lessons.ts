/** The Python beside cells is real code: of each lesson it is run in order, and compared with what the cells give. */
import { cpSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { serveFolder } from "../../src/cli/serve.ts";
import { analyse } from "../../src/kernel/compile/compile.ts";
import { planRun } from "../../src/kernel/session/plan.ts";
import { configureLibrary } from "../../src/kernel/worker/modules.ts";
import { embryoName } from "../../src/lib/samples/embryo-zarr.ts";
import { phantomFileName } from "../../src/lib/samples/phantom-tiff.ts";
import { type LessonFile, lessons } from "../support/lessons.ts";
import { runCells } from "../support/run-cells.ts";
import { checkNotebook } from "./notebooks.ts";
import { askPeers } from "./python.ts";
import type { Report } from "./report.ts";

/** What a step in Python gave, as far as another language can have the same. */
export interface PythonFacts {
	error?: string;
	printed?: string;
	value?: unknown;
	shape?: number[];
	/** Of a dictionary or group, sorted. */
	keys?: string[];
}

const publicFolder = join(import.meta.dirname, "../../public");

/** Steps find the synthetic sample and the stand-in for the public image in the folder that they run in. */
export async function checkLessons(report: Report, python: string, folder: string): Promise<void> {
	const site = await serveFolder(publicFolder, { port: 0 });
	configureLibrary({ samples: { dataUrl: `${site.url}data/`, prefer: "phantom" } });
	let compared = 0;
	try {
		for (const lesson of (await lessons()).filter((one) => one.python.length > 0)) {
			const place = join(folder, lesson.name.replace(/\W+/g, "-"));
			mkdirSync(place, { recursive: true });
			for (const name of [phantomFileName, embryoName]) {
				const sample = join(publicFolder, "data", name);
				if (existsSync(sample)) cpSync(sample, join(place, name), { recursive: true });
			}
			const steps = lesson.python.map(({ code }) => code);
			const found = askPeers<{ steps: PythonFacts[] }>(python, "lessons", { folder: place, steps });
			for (const [i, { cell }] of lesson.python.entries()) {
				const name = `${lesson.name}: the Python beside “${cell}”`;
				const facts = found.steps[i];
				if (facts.error) {
					report.check(name, [facts.error]);
					continue;
				}
				const mine = await cellValue(lesson, cell);
				if ("error" in mine) {
					report.check(`${lesson.name}: the cell “${cell}”, in Node`, [mine.error]);
					continue;
				}
				const difference = differs(mine.value, facts);
				if (difference !== undefined) compared++;
				report.check(name, difference ? [difference] : []);
			}
			const facts = found.steps;
			const lessonName = lesson.name.replace(/^.*\/|\.mdx$/g, "");
			await checkNotebook(report, python, lessonName, { folder: place, publicFolder, facts });
		}
	} finally {
		await site.close();
	}
	report.check(
		"some step in Python has a result that is compared with its cell's",
		compared > 0 ? [] : ["none has"],
	);
}

/** What a cell displays last, after the cells that it needs. */
async function cellValue(lesson: LessonFile, cell: string): Promise<{ value: unknown } | { error: string }> {
	const cells = lesson.cells.map(({ id, source, needs, check }) => ({
		id,
		source,
		analysis: analyse(source),
		needs,
		live: false,
		isExercise: check !== undefined,
	}));
	const sources = planRun(cells, cell).map((id) => cells.find((one) => one.id === id)?.source ?? "");
	try {
		return { value: (await runCells(sources)).at(-1) };
	} catch (error) {
		return { error: (error as Error).message ?? String(error) };
	}
}

/** In words where the two differ, "" where they are the same, undefined where nothing can be compared. */
export function differs(mine: unknown, { value, shape, keys }: PythonFacts): string | undefined {
	const say = (what: string, ours: unknown, theirs: unknown) =>
		same(ours, theirs)
			? ""
			: `${what}: the cell gives ${JSON.stringify(ours)}, Python ${JSON.stringify(theirs)}`;
	if (shape) {
		const ours = shapeOf(mine);
		return ours && say("shape", ours, shape);
	}
	if (keys) {
		const ours = keysOf(mine);
		return ours && say("keys", ours, keys);
	}
	if (typeof value === "number" && typeof mine === "number") return say("number", mine, value);
	if (typeof value === "boolean") return say("value", String(mine), String(value));
	if (Array.isArray(value) && Array.isArray(mine)) return say("list", mine, value);
	return undefined;
}

function same(a: unknown, b: unknown): boolean {
	if (typeof a === "number" && typeof b === "number")
		return Math.abs(a - b) <= 1e-9 * Math.max(1, Math.abs(b));
	if (Array.isArray(a) && Array.isArray(b))
		return a.length === b.length && a.every((item, i) => same(item, b[i]));
	return a === b;
}

/** Of a summary, `<Array 'image' (z: 129, y: 212, x: 363)> uint16`, or of a list of numbers. */
function shapeOf(mine: unknown): number[] | undefined {
	if (Array.isArray(mine) && mine.every((item) => typeof item === "number")) return mine;
	const title = (mine as { title?: unknown } | undefined)?.title;
	const inside = typeof title === "string" ? /\(([^()]*)\)/.exec(title)?.[1] : undefined;
	const lengths = inside?.match(/\d+(?=\s*(?:,|$))/g)?.map(Number);
	return lengths?.length ? lengths : undefined;
}

function keysOf(mine: unknown): string[] | undefined {
	if (Array.isArray(mine) && mine.every((item) => typeof item === "string")) return [...mine].sort();
	if (typeof mine === "object" && mine !== null && !("kind" in mine)) return Object.keys(mine).sort();
	return undefined;
}
