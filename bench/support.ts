/** What the measurements share: the image, the clock, the table. */
import { openArray, type SpatialImage, toSpatialImage } from "../src/lib/index.ts";
import { folderStore } from "../src/lib/node.ts";
import { fixture, fixturesDir } from "../tests/support/fixtures.ts";

const rounds = 7;

/** Milliseconds of several runs, after one that is not counted. */
export async function measure(run: () => unknown): Promise<{ median: number; best: number }> {
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

/** The sample of the fixtures, or, where they are absent, synthetic noise of its shape, type and range. */
export async function sampleImage(): Promise<{ image: SpatialImage; what: string }> {
	if (fixturesDir) {
		const array = await openArray(
			folderStore(fixture("ome-zarr/hl50_cell/HL50_cell.zarr")),
			"scale0/HL50_cell",
		);
		return { image: toSpatialImage(await array.read(), { name: "image" }), what: "HL50 cell (BBBC024)" };
	}
	const data = new Uint16Array(129 * 212 * 363);
	for (let i = 0; i < data.length; i++) data[i] = 85 + (Math.imul(i, 2654435761) >>> 27);
	const image = toSpatialImage({ data, shape: [129, 212, 363] });
	return { image, what: "synthetic noise of the sample's shape" };
}

/** Milliseconds to copy the image once. */
export async function copying(image: SpatialImage): Promise<{ median: number; best: number }> {
	const target = image.data.slice();
	return measure(() => target.set(image.data as never));
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
