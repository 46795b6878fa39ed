/** The clock and the tables of the measurements. Runs in Node and in a worker alike. */

/** Milliseconds of several runs. */
export interface Times {
	median: number;
	best: number;
}

/** One thing to measure: a run, which may give its own milliseconds in place of those on this clock. */
export type Run = () => unknown;

function timesOf(taken: number[]): Times {
	const sorted = taken.toSorted((a, b) => a - b);
	return { median: sorted[sorted.length >> 1], best: sorted[0] };
}

/**
 * Milliseconds of each of several things, measured in turn (A B C A B C …), so that what else the machine does meets
 * all of them. What one leaves behind is collected before the next begins, where `gc` is there, so that no other
 * pays for it. A first round is not counted. Slow things get fewer rounds: after `seconds` three
 * are enough, and after three times as long one is.
 */
export async function measureTogether<Name extends string>(
	runs: Readonly<Record<Name, Run>>,
	{ rounds = 5, warmUps = 1, seconds = 4 } = {},
): Promise<Record<Name, Times>> {
	const names = Object.keys(runs) as Name[];
	const taken = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
	const begun = performance.now();
	for (let round = -warmUps; round < rounds; round++) {
		const spent = (performance.now() - begun) / 1000;
		if ((round >= 3 && spent > seconds) || (round >= 1 && spent > 3 * seconds)) break;
		for (const name of names) {
			(globalThis as { gc?: () => void }).gc?.();
			const start = performance.now();
			const own = await runs[name]();
			const wall = performance.now() - start;
			if (round >= 0) taken[name].push(own instanceof Elapsed ? own.milliseconds : wall);
		}
	}
	return Object.fromEntries(names.map((name) => [name, timesOf(taken[name])])) as Record<Name, Times>;
}

/** What a run gives that was timed elsewhere, in another process. */
export class Elapsed {
	readonly milliseconds: number;
	constructor(milliseconds: number) {
		this.milliseconds = milliseconds;
	}
}

/** Milliseconds of several runs, after one that is not counted. */
export async function measure(run: Run, rounds = 7): Promise<Times> {
	return (await measureTogether({ run }, { rounds })).run;
}

export async function median(run: Run): Promise<number> {
	return (await measure(run)).median;
}

export interface Table {
	/** Under this name docs/benchmarks.md keeps it. */
	name: string;
	title: string;
	columns: string[];
	rows: (string | number)[][];
}

function cellText(cell: string | number): string {
	if (typeof cell === "string") return cell;
	return cell >= 100 ? cell.toFixed(0) : cell >= 10 ? cell.toFixed(1) : cell.toFixed(2);
}

const shown: Table[] = [];

/** The tables of this run so far. */
export function tables(): readonly Table[] {
	return shown;
}

/** Prints rows in columns, numbers to the right. */
export function printTable(title: string, columns: string[], rows: (string | number)[][]): void {
	const cells = [columns, ...rows.map((row) => row.map(cellText))];
	const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
	console.log(`\n${title}`);
	for (const row of cells) {
		const padded = row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])));
		console.log(`  ${padded.join("  ")}`);
	}
}

/** Prints a table and keeps it for docs/benchmarks.md. */
export function showTable(table: Table): void {
	shown.push(table);
	printTable(table.title, table.columns, table.rows);
}

/** Shows and keeps what a measurement of another process printed. */
export function showText(name: string, text: string): void {
	// What prepares a measurement says so too, which is no part of it.
	const told = text.replaceAll(/^(data: made|added \d+ packages).*\n/gm, "").trim();
	// Tables are Markdown as they are.
	const title = /^\| ---/m.test(told) ? told : ["```text", told, "```"].join("\n");
	shown.push({ name, title, columns: [], rows: [] });
	console.log(`\n${text.trim()}`);
}

export function markdownOf({ title, columns, rows }: Table): string {
	if (columns.length === 0) return title;
	const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
	return [
		title,
		"",
		line(columns),
		line(columns.map((_, i) => (i === 0 ? "---" : "---:"))),
		...rows.map((row) => line(row.map(cellText))),
	].join("\n");
}
