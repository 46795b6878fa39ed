/** Directories below a page's own (SubIFDs, TIFF Technical Note 1): smaller copies in OME-TIFF and others. */
import { type DescribedPage, describePage } from "./describe-page.ts";
import { readDirectory } from "./directory.ts";
import { corrupt } from "./errors.ts";
import type { Entry, TiffFile } from "./file.ts";
import { readIntegers } from "./values.ts";

export type SubPage = DescribedPage;

/** Far more than halving a page can give. */
const mostSubPages = 256;

/** What is listed below a page at `where`, such as `cells.tif#page/0`; nothing without an entry. */
export async function describeSubPages(
	file: TiffFile,
	entry: Entry | undefined,
	where: string,
	signal?: AbortSignal,
): Promise<SubPage[]> {
	if (!entry) return [];
	if (entry.count > mostSubPages) {
		throw corrupt(where, `The page lists ${entry.count} directories below it, which makes no sense.`);
	}
	const offsets = await readIntegers(file, entry, entry.count, where, signal);
	const found: SubPage[] = [];
	for (const [sub, offset] of offsets.entries()) {
		signal?.throwIfAborted();
		const { directory } = await readDirectory(file, offset, `${where}/sub/${sub}`, signal);
		found.push(await describePage(directory, sub, file.source.size, signal));
	}
	return found;
}
