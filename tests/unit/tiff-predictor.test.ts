/** Differences of 16 bits summed up in WebAssembly and in JavaScript. */
import { afterEach, expect, test } from "vitest";
import { undoDifferences } from "../../src/lib/tiff/predictor.ts";
import { allowKernels } from "../../src/lib/zarr/codecs/kernels.ts";

afterEach(() => allowKernels(true));

test.each([1, 7, 8, 9, 16, 363])("rows of %i samples", (perRow) => {
	const rows = 5;
	const values = Uint16Array.from({ length: rows * perRow }, (_, i) => Math.imul(i + 1, 2654435761) >>> 16);
	const stored = values.map((value, i) => (i % perRow === 0 ? value : value - values[i - 1]));
	for (const compiled of [true, false]) {
		allowKernels(compiled);
		const block = stored.slice();
		undoDifferences(new Uint8Array(block.buffer), 16, perRow, 1);
		expect(block).toEqual(values);
	}
});
