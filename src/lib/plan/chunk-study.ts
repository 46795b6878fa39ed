/** One array in many chunk shapes: how many chunks each makes, how much padding, and what readings of it cost. */
import { formatBytes, formatCount } from "../format.ts";
import { product } from "../types.ts";
import { formatFactor, type TextTwin } from "./figure.ts";
import { arrayBytes, type ChunkGrid, chunkBytes, chunkCount } from "./grid.ts";
import { type AxisSelection, chunksOfSelection, type SelectionPlan, type StoredSizes } from "./selection.ts";

/** Elements of the course's sample along z, y, x; they are uint16. */
export const sampleShape: readonly number[] = [129, 212, 363];

/** A chunk shape and what it costs. */
export interface ChunkStudyRow {
	chunks: number[];
	/** Chunks of the whole array. */
	count: number;
	/** Bytes of all chunks, padding included, over bytes of the array: 1 where there is no padding. */
	padding: number;
	/** Bytes of all chunks as stored, where that is known. */
	stored?: number;
	/** A slice across the middle of each of the last three axes (or fewer), slowest first. */
	slices: SelectionPlan[];
	/** The box that was asked for. */
	box: SelectionPlan;
}

function unique(shapes: number[][]): number[][] {
	return shapes.filter((shape, i) => shapes.findIndex((other) => `${other}` === `${shape}`) === i);
}

/**
 * Lengths that a chunk may sensibly have along an axis: powers of two, and those that cut the axis into equal parts
 * with the least padding. Ascending; `also` is among them.
 */
export function chunkLengths(length: number, also = 1): number[] {
	const lengths = new Set([1, also]);
	for (let n = 1; n < length; n *= 2) lengths.add(n);
	for (let parts = 1; parts <= 8; parts++) lengths.add(Math.max(1, Math.ceil(length / parts)));
	return [...lengths].sort((a, b) => a - b);
}

/**
 * Chunk shapes worth comparing: cubes of 8 to 256, the whole array, planes, and shapes that fit the array's edges. Axes
 * before the last three have chunks of length 1, as images have them.
 */
export function studyShapes(shape: readonly number[]): number[][] {
	const drawn = Math.min(3, shape.length);
	const leading = shape.slice(0, shape.length - drawn).map(() => 1);
	const along = shape.slice(shape.length - drawn).map((length) => Math.max(1, length));
	const longest = Math.max(...along);
	const cubes = [8, 16, 32, 64, 128, 256]
		.filter((edge) => edge < longest)
		.map((edge) => along.map(() => edge));
	const fitting = (edge: number) => along.map((length) => Math.ceil(length / Math.ceil(length / edge)));
	const shapes = [
		...cubes,
		[...along],
		...(drawn === 3 ? [[1, along[1], along[2]]] : []),
		fitting(64),
		along.map((length) => Math.ceil(length / 3)),
	];
	return unique(shapes.map((own) => [...leading, ...own]));
}

/**
 * What chunk shapes cost.
 * @param grid the array; its own chunks do not matter
 * @param box a selection to compare too, one entry an axis
 * @param storedOf bytes of the chunks as stored, by key in Zarr v3 without a path, where they are known
 */
export function chunkStudy(
	grid: ChunkGrid,
	shapes: readonly (readonly number[])[],
	box: readonly AxisSelection[],
	storedOf: (chunks: readonly number[]) => StoredSizes | undefined = () => undefined,
): ChunkStudyRow[] {
	const rank = grid.shape.length;
	const drawn = grid.shape.map((_, axis) => axis).slice(Math.max(0, rank - 3));
	return shapes.map((chunks) => {
		const encoding = { name: "v3", separator: "/" } as const;
		const own: ChunkGrid = { ...grid, chunks: [...chunks], shards: undefined, encoding, prefix: "" };
		const sizes = storedOf(chunks);
		const { bytesStored } = chunksOfSelection(own, {}, sizes);
		const bytes = arrayBytes(own);
		const slice = (axis: number) =>
			own.shape.map((length, other): AxisSelection => {
				if (other === axis) return Math.floor(length / 2);
				return drawn.includes(other) ? null : (box[other] ?? null);
			});
		return {
			chunks: [...chunks],
			count: chunkCount(own),
			padding: bytes === 0 ? 1 : (chunkCount(own) * chunkBytes(own)) / bytes,
			slices: product(own.shape) === 0 ? [] : drawn.map((axis) => chunksOfSelection(own, slice(axis), sizes)),
			...(bytesStored === undefined ? {} : { stored: bytesStored }),
			box: chunksOfSelection(own, box, sizes),
		};
	});
}

/** A chunk shape in short: `64³`, `1 × 212 × 363`. */
export function shapeWords(chunks: readonly number[]): string {
	const power: Record<number, string> = { 2: "²", 3: "³" };
	const same = chunks.every((n) => n === chunks[0]);
	return same && power[chunks.length] ? `${chunks[0]}${power[chunks.length]}` : chunks.join(" × ");
}

function cost(plan: SelectionPlan): string {
	const stored = plan.bytesStored === undefined ? "" : `, ${formatBytes(plan.bytesStored)} stored`;
	return `${formatCount(plan.touched)} · ${formatBytes(plan.bytesRead)}${stored}`;
}

/** The study as a table: chunks to fetch and bytes to decode for each reading. */
export function chunkStudyTable(
	grid: ChunkGrid,
	rows: readonly ChunkStudyRow[],
): Pick<TextTwin, "caption" | "columns" | "rows"> {
	const drawn = grid.dims.slice(Math.max(0, grid.dims.length - 3));
	const measured = rows.some(({ stored }) => stored !== undefined);
	const box = rows[0]?.box.ranges.slice(-drawn.length).map(([start, stop]) => stop - start) ?? [];
	return {
		caption: `The same ${formatBytes(arrayBytes(grid))} in other chunks: chunks to read and bytes to decode. Padding is memory beyond the array's edge.`,
		columns: [
			{ name: "Chunk" },
			{ name: "Chunks", align: "right" },
			{ name: "With padding", align: "right" },
			...(measured ? [{ name: "Stored", align: "right" as const }] : []),
			...drawn.map((name) => ({ name: `Slice across ${name}`, align: "right" as const })),
			{ name: `Box of ${shapeWords(box)}`, align: "right" },
		],
		rows: rows.map((row) => [
			shapeWords(row.chunks),
			formatCount(row.count),
			formatFactor(Math.round(row.padding * 100) / 100),
			...(measured ? [row.stored === undefined ? "" : formatBytes(row.stored)] : []),
			...row.slices.map(cost),
			cost(row.box),
		]),
	};
}
