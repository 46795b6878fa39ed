/** The clock and the table of the measurements. Runs in Node and in a worker alike. */

const rounds = 7;

/** Milliseconds of several runs. */
export interface Times {
	median: number;
	best: number;
}

/** Milliseconds of several runs, after one that is not counted. */
export async function measure(run: () => unknown): Promise<Times> {
	const times: number[] = [];
	for (let round = -1; round < rounds; round++) {
		const start = performance.now();
		await run();
		if (round >= 0) times.push(performance.now() - start);
	}
	times.sort((a, b) => a - b);
	return { median: times[rounds >> 1], best: times[0] };
}

export async function median(run: () => unknown): Promise<number> {
	return (await measure(run)).median;
}

/** Prints rows in columns, numbers to the right. */
export function printTable(title: string, columns: string[], rows: (string | number)[][]): void {
	const text = (cell: string | number) =>
		typeof cell === "number" ? (cell >= 100 ? cell.toFixed(0) : cell.toFixed(1)) : cell;
	const cells = [columns, ...rows.map((row) => row.map(text))];
	const widths = columns.map((_, i) => Math.max(...cells.map((row) => row[i].length)));
	console.log(`\n${title}`);
	for (const row of cells) {
		console.log(
			`  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`,
		);
	}
}
