/**
 * Short rows copied in WebAssembly. Moving 128 bytes costs JavaScript 150 ns, element by element or by `set`; here the
 * rows are brought to WebAssembly together with what lies between them, which `set` copies at the speed of memory, and
 * moved there by vectors.
 */
import { kernels } from "../zarr/codecs/kernels.ts";

/** With more than this many bytes moved for each byte of the rows, bringing them costs more than it saves. */
const mostWaste = 20;
/** Rows of this many bytes are brought at one time: they stay in the processor's cache. */
const atOnce = 256 << 10;
/** Fewer bytes than this are not worth two calls. */
const fewBytes = 1024;

/**
 * Copies `count` rows of `row` bytes, whose starts are `fromStep` and `toStep` bytes apart. What lies between the rows of
 * the target stays.
 * @returns false where that would not pay, or cannot be done here; nothing is copied then
 */
export function copyShortRows(
	from: Uint8Array,
	fromOffset: number,
	fromStep: number,
	to: Uint8Array,
	toOffset: number,
	toStep: number,
	count: number,
	row: number,
): boolean {
	const dense = toStep === row;
	const step = Math.max(fromStep, toStep);
	if (count * row < fewBytes || fromStep < row || toStep < row || 8 * step > atOnce) return false;
	// The target's own bytes are brought too where there are others between its rows.
	if (fromStep + (dense ? 1 : 2) * toStep > mostWaste * row) return false;
	const compiled = kernels();
	if (!compiled) return false;
	const most = Math.floor(atOnce / step);
	const [source, target] = compiled.regions(atOnce);
	const { bytes, run } = compiled;
	for (let done = 0; done < count; done += most) {
		const rows = Math.min(most, count - done);
		const start = fromOffset + done * fromStep;
		const end = toOffset + done * toStep;
		const reached = (rows - 1) * toStep + row;
		bytes.set(from.subarray(start, start + (rows - 1) * fromStep + row), source);
		if (!dense) bytes.set(to.subarray(end, end + reached), target);
		run.copyRows(source, fromStep, target, toStep, rows, row);
		to.set(bytes.subarray(target, target + reached), end);
	}
	return true;
}

/** Rows of one block: where the first begins in its bytes, how far apart they begin, and the bytes of each. */
export interface Rows {
	bytes: Uint8Array;
	offset: number;
	step: number;
	row: number;
}

/** Rows of the target that are shorter, and not one after the other, are moved by {@link copyShortRows}. */
const fewInRow = 256;

/**
 * Copies `count` rows of blocks that lie side by side: each row of the target is made of one row of each block. The target
 * is only written, not read: reading memory that is new makes the system give it twice.
 * @returns false where that would not pay, or cannot be done here; nothing is copied then
 */
export function joinShortRows(
	parts: readonly Rows[],
	to: Uint8Array,
	toOffset: number,
	toStep: number,
	count: number,
): boolean {
	let joined = 0;
	let brought = 0;
	let widest = 0;
	for (const { step, row } of parts) {
		if (step < row) return false;
		joined += row;
		brought += step;
		widest = Math.max(widest, step);
	}
	const dense = toStep === joined;
	const most = Math.floor(atOnce / Math.max(widest, joined));
	if (most < 1 || toStep < joined || brought > mostWaste * joined) return false;
	if (!dense && joined < fewInRow) return false;
	const compiled = kernels();
	if (!compiled) return false;
	const [source, target] = compiled.regions(atOnce);
	const { bytes, run } = compiled;
	for (let done = 0; done < count; done += most) {
		const rows = Math.min(most, count - done);
		let at = target;
		for (const { bytes: from, offset, step, row } of parts) {
			const start = offset + done * step;
			bytes.set(from.subarray(start, start + (rows - 1) * step + row), source);
			run.copyRows(source, step, at, joined, rows, row);
			at += row;
		}
		const end = toOffset + done * toStep;
		if (dense) to.set(bytes.subarray(target, target + rows * joined), end);
		else {
			for (let i = 0; i < rows; i++) {
				to.set(bytes.subarray(target + i * joined, target + (i + 1) * joined), end + i * toStep);
			}
		}
	}
	return true;
}
