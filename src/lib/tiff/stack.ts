/** Pages as one array: whether they can be, and all of them decoded into it. */
import { ChunkwiseError } from "../errors.ts";
import { type LongTask, progressOf } from "../progress.ts";
import type { TypedArray } from "../types.ts";
import { allocateFor } from "./allocate.ts";
import { bytesOf, decodePage } from "./decode-page.ts";
import { corrupt } from "./errors.ts";
import type { TiffFile } from "./file.ts";
import { growthLimit, type PageLayout, type TiffPage } from "./page.ts";

/** Pages that are decoded at the same time. Bounds memory; more did not make it faster (bench/tiff.ts). */
const pagesAtOnce = 4;

/** Why the pages do not make one array, where they differ in shape or type: tiff-pages-differ. */
export function disagreement(pages: readonly TiffPage[], name: string): ChunkwiseError | undefined {
	const describe = (page: TiffPage) =>
		`${page.shape.join(" × ")} ${page.storedDtype ?? page.dtype ?? "unreadable"}`;
	const [first] = pages;
	const expected = describe(first);
	const other = pages.find((page) => describe(page) !== expected || page.planar !== first.planar);
	if (!other) return undefined;
	return new ChunkwiseError(
		"tiff-pages-differ",
		`The pages do not make a stack: page 0 is ${expected}, page ${other.index} is ${describe(other)}.`,
		{
			where: name,
			remedy: `Take one of its images, tiff.series in code and ${name}#series/0 for the command, or one of the ${pages.length} pages, readPage(0) and ${name}#page/0.`,
		},
	);
}

/**
 * The values of pages of one shape and type, page after page.
 * @param length values in all
 * @throws ChunkwiseError tiff-truncated, tiff-corrupt, tiff-unsupported, tiff-too-large
 */
export async function readLayouts(
	file: TiffFile,
	layouts: readonly PageLayout[],
	length: number,
	task: LongTask,
): Promise<TypedArray> {
	const { name, size } = file.source;
	const [{ dtype, bytes }] = layouts;
	const total = layouts.length;
	// Each page was found possible by itself; together they must be too, before memory is taken.
	const limit = size * Math.max(...layouts.slice(0, 64).map((l) => growthLimit(l.compression) * 8));
	if (total * bytes > limit) {
		throw corrupt(
			name,
			`The pages are ${total * bytes} bytes together, which cannot come out of a file of ${size} bytes.`,
		);
	}
	const data = allocateFor(name, dtype, length);
	const report = progressOf(task);
	const label = `Reading ${name}`;
	report({ label, done: 0, total, unit: "pages" });
	let next = 0;
	let done = 0;
	let failed = false;
	const worker = async () => {
		while (next < total && !failed) {
			const index = next++;
			task.signal?.throwIfAborted();
			try {
				await decodePage(file, layouts[index], bytesOf(data, index * bytes, bytes), task.signal);
			} catch (error) {
				failed = true;
				throw error;
			}
			report({ label, done: ++done, total, unit: "pages" });
		}
	};
	await Promise.all(Array.from({ length: Math.min(pagesAtOnce, total) }, worker));
	return data;
}
