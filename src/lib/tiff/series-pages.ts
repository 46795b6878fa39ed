/**
 * The images of a TIFF without OME-XML: pages that agree in shape and type, wherever they stand, are one, as in
 * tifffile's generic series. Pages marked as smaller copies are levels of the image that they are copies of. Of Aperio's
 * slides (SVS) the tiled pages are levels, whose marks mean something else: thumbnail, label and macro are images.
 */
import type { ChunkwiseError } from "../errors.ts";
import { type Calibration, calibrate } from "./calibration.ts";
import type { Directory } from "./directory.ts";
import type { TiffPage } from "./page.ts";
import { isSmallerCopy, problemOfPages, type TiffSeries } from "./series.ts";

const areaOf = ({ shape, planar }: TiffPage) => `${shape.join(" ")} ${planar}`;
const typeOf = ({ storedDtype, dtype }: TiffPage) => storedDtype ?? dtype;

/** What agrees in the pages of an image. */
export function outlineOf(page: TiffPage): string {
	return `${areaOf(page)} ${typeOf(page)}`;
}

/** Pages that agree. One that cannot be read is one of those of its shape. */
function groupPages(pages: readonly TiffPage[]): TiffPage[][] {
	const readable = new Map<string, string>();
	for (const page of pages) {
		const area = areaOf(page);
		if (page.dtype && !readable.has(area)) readable.set(area, outlineOf(page));
	}
	const groups = new Map<string, TiffPage[]>();
	for (const page of pages) {
		const outline = page.dtype ? outlineOf(page) : (readable.get(areaOf(page)) ?? outlineOf(page));
		const key = page.shape.length === 0 ? `page ${page.index}` : outline;
		const group = groups.get(key);
		if (group) group.push(page);
		else groups.set(key, [page]);
	}
	return [...groups.values()];
}

/** Which groups are smaller copies of which, by position. */
function copiesOf(groups: readonly TiffPage[][], isAperio: boolean): Map<number, number> {
	const isCopy = ([page]: TiffPage[], i: number) =>
		isAperio ? i > 0 && page.tiled && !page.reduced : page.reduced === true;
	const copies = new Map<number, number>();
	const wholes = isAperio ? [0] : groups.map((group, i) => (isCopy(group, i) ? -1 : i)).filter((i) => i >= 0);
	for (const [i, group] of groups.entries()) {
		if (!isCopy(group, i)) continue;
		const fitting = wholes.filter(
			(whole) => groups[whole].length === group.length && isSmallerCopy(group[0], groups[whole][0]),
		);
		// Copies follow what they are copies of.
		const whole = fitting.findLast((one) => groups[one][0].index < group[0].index) ?? fitting[0];
		if (whole !== undefined) copies.set(i, whole);
	}
	return copies;
}

/**
 * The images of pages.
 * @param directoryOf the directory of a page that is the first of an image
 * @param whole of the file, where all its pages are one image
 * @param broken why the list of pages is not whole
 */
export async function pageSeries(
	pages: readonly TiffPage[],
	directoryOf: (page: number) => Directory | undefined,
	whole: Calibration,
	{ file, broken, signal }: { file: string; broken?: ChunkwiseError; signal?: AbortSignal },
): Promise<TiffSeries[]> {
	const groups = groupPages(pages);
	const description = async (page: number) => directoryOf(page)?.text("ImageDescription", signal);
	const isAperio = groups.length > 1 && ((await description(0))?.startsWith("Aperio ") ?? false);
	const copies = copiesOf(groups, isAperio);
	const series: TiffSeries[] = [];
	for (const [i, group] of groups.entries()) {
		if (copies.has(i)) continue;
		const [first] = group;
		const directory = groups.length > 1 ? directoryOf(first.index) : undefined;
		const text = directory && (await description(first.index));
		const index = series.length;
		const calibration =
			directory && !first.problem ? await calibrate(directory, text, group.length, signal) : whole;
		const { origin } = calibration;
		// Those of a file whose pages differ say nothing of a page that cannot be read.
		const unknown = group.length > 1 ? [{ name: "page", size: group.length }] : [];
		const pageAxes = directory && first.problem ? unknown : calibration.pageAxes;
		const { spacing, units } = (isAperio && i === 0 && slideScale(text)) || calibration;
		const name = isAperio && i > 0 ? slideName(first, text) : undefined;
		const reduced = groups.filter((_, other) => copies.get(other) === i);
		const problem = broken ?? problemOfPages(group, pageAxes, { index, name }, file);
		series.push({
			...{ index, name, pageAxes, spacing, origin, units, channels: [], otherFiles: [] },
			pages: group.map((page) => page.index),
			reduced: reduced
				.sort(([a], [b]) => b.width * b.height - a.width * a.height)
				.map((copy) => copy.map((page) => page.index)),
			...(problem ? { problem } : {}),
		});
	}
	return series;
}

/** What an Aperio slide has beside the slide itself: the second line of its text says so, but of the thumbnail. */
function slideName(page: TiffPage, text: string | undefined): string | undefined {
	return /[\r\n](label|macro)\b/.exec(text ?? "")?.[1] ?? (page.tiled ? undefined : "thumbnail");
}

/** Aperio's text gives the size of a pixel as "|MPP = 0.499", in micrometres. */
function slideScale(text: string | undefined): Pick<Calibration, "spacing" | "units"> | undefined {
	const size = Number(/\|\s*MPP\s*=\s*([\d.]+)/.exec(text ?? "")?.[1]);
	if (!(size > 0)) return undefined;
	return { spacing: { x: size, y: size, z: 1 }, units: { x: "micrometer", y: "micrometer" } };
}
