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
