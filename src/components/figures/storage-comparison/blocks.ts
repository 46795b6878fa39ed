/** A volume block by block: which hold something, and which the operation read, wrote or gave back. */
import { formatBytes } from "../../../lib/format.ts";
import { counted } from "../../../lib/plan/figure.ts";
import type { BlockRuns, VolumeView } from "../../../lib/plan/storage-model.ts";
import { escapeHtml, typeset } from "../html.ts";

/** Blocks side by side, and rows at most; beyond that a cell stands for several blocks. */
const columns = 96;
const mostRows = 128;

/** Cells of a grid of `columns` that runs of blocks cover, as SVG path data: a rectangle for each row's part of a run. */
export function cellPath(runs: BlockRuns, blocksPerCell: number): string {
	let path = "";
	for (const [first, count] of runs) {
		const last = Math.floor((first + count - 1) / blocksPerCell);
		for (let cell = Math.floor(first / blocksPerCell); cell <= last; ) {
			const row = Math.floor(cell / columns);
			const end = Math.min(last, row * columns + columns - 1);
			path += `M${cell % columns} ${row}h${end - cell + 1}v1h-${end - cell + 1}z`;
			cell = end + 1;
		}
	}
	return path;
}

const countOf = (runs: BlockRuns) => runs.reduce((sum, [, count]) => sum + count, 0);

export function blocksMarkup(volume: VolumeView): string {
	const { blocks, blockSize, used, read, written, freed } = volume;
	const perCell = Math.max(1, Math.ceil(blocks / (columns * mostRows)));
	const rows = Math.ceil(blocks / perCell / columns);
	const full = countOf(used);
	const parts: [name: string, runs: BlockRuns][] = [
		["read", read],
		["written", written],
		["freed", freed],
	];
	const swatch = (name: string) => `<i class="cw-fig-swatch cw-fig-swatch-${name}" aria-hidden="true"></i>`;
	const text = (words: string) => escapeHtml(typeset(words));
	const taken = `${formatBytes(full * blockSize)} of ${formatBytes(blocks * blockSize)} taken, in blocks of ${formatBytes(blockSize)}`;
	const touched = parts.flatMap(([name, runs]) =>
		countOf(runs) > 0
			? [`; <span>${swatch(name)}${text(`${counted(countOf(runs), "block")} ${name}`)}</span>`]
			: [],
	);
	const words = `${swatch("used")}${text(taken)}${touched.join("")}.`;
	return (
		`<svg class="cw-fig-blocks" viewBox="0 0 ${columns} ${rows}" aria-hidden="true">` +
		`<path class="cw-fig-block-free" d="${cellPath([[0, blocks]], perCell)}"/>` +
		`<path class="cw-fig-block-used" d="${cellPath(used, perCell)}"/>` +
		parts
			.map(([name, runs]) => `<path class="cw-fig-block-${name}" d="${cellPath(runs, perCell)}"/>`)
			.join("") +
		`</svg><p class="cw-fig-block-words">${words}</p>`
	);
}
