/** Predictors undone in place, row by row (TIFF 6.0 section 14; Adobe's Technical Note 3 for floating point). */
import { kernels, largestRegion } from "../zarr/codecs/kernels.ts";

/**
 * Predictor 2: each sample is stored as its difference from the sample `stride` before it in the row. `block` holds
 * whole rows of `perRow` samples of 8, 16, 32 or 64 bits in this machine's byte order and must be aligned.
 */
export function undoDifferences(block: Uint8Array, bits: number, perRow: number, stride: number): void {
	const { buffer, byteOffset, byteLength } = block;
	if (bits === 16 && stride === 1 && sumCompiled(block, perRow)) return;
	if (bits === 8) sum(block, 0xff, perRow, stride);
	else if (bits === 16) sum(new Uint16Array(buffer, byteOffset, byteLength / 2), 0xffff, perRow, stride);
	else if (bits === 32) sum(new Uint32Array(buffer, byteOffset, byteLength / 4), -1, perRow, stride);
	else sum64(new BigUint64Array(buffer, byteOffset, byteLength / 8), perRow, stride);
}

/** Samples of 16 bits, eight at a time; false where that cannot be done. */
function sumCompiled(block: Uint8Array, perRow: number): boolean {
	const compiled = block.byteLength <= largestRegion && block.byteLength % (2 * perRow) === 0 && kernels();
	if (!compiled) return false;
	const [at] = compiled.pair(block.byteLength, 0);
	const { bytes, run } = compiled;
	bytes.set(block, at);
	run.sumRows16(at, block.byteLength / (2 * perRow), perRow);
	block.set(bytes.subarray(at, at + block.byteLength));
	return true;
}

/** `mask` wraps a sum around, as it was wrapped when it was stored. */
function sum(
	samples: Uint8Array | Uint16Array | Uint32Array,
	mask: number,
	perRow: number,
	stride: number,
): void {
	for (let start = 0; start < samples.length; start += perRow) {
		const end = start + perRow;
		if (stride === 1) {
			// The sum stays in a register: half the time of reading it back from the array.
			let value = 0;
			for (let i = start; i < end; i++) {
				value = (value + samples[i]) & mask;
				samples[i] = value;
			}
		} else {
			for (let i = start + stride; i < end; i++) samples[i] += samples[i - stride];
		}
	}
}

function sum64(samples: BigUint64Array, perRow: number, stride: number): void {
	for (let start = 0; start < samples.length; start += perRow) {
		for (let i = start + stride; i < start + perRow; i++) samples[i] += samples[i - stride];
	}
}

/**
 * Predictor 3: the bytes of a row's samples are stored most significant bytes first, then the next ones, and so on,
 * each as its difference from the byte `stride` before it. The result is little-endian.
 */
export function undoFloatDifferences(
	block: Uint8Array,
	bytesPerSample: number,
	perRow: number,
	stride: number,
): void {
	const rowBytes = perRow * bytesPerSample;
	const row = new Uint8Array(rowBytes);
	for (let start = 0; start < block.length; start += rowBytes) {
		for (let i = 0; i < stride; i++) row[i] = block[start + i];
		for (let i = stride; i < rowBytes; i++) row[i] = block[start + i] + row[i - stride];
		for (let byte = 0; byte < bytesPerSample; byte++) {
			const plane = (bytesPerSample - 1 - byte) * perRow;
			for (let i = 0, at = start + byte; i < perRow; i++, at += bytesPerSample) block[at] = row[plane + i];
		}
	}
}
