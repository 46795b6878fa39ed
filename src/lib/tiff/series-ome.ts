/** The images of an OME-TIFF: which of the file's pages hold the planes of each, by TiffData (OME-TIFF specification). */
import type { ChunkwiseError } from "../errors.ts";
import { product } from "../types.ts";
import { type PageAxis, physicalSizes } from "./calibration.ts";
import type { OmeImage, OmeXml, TiffData } from "./ome-images.ts";
import type { TiffPage } from "./page.ts";
import { problemOfPages, seriesLabel, seriesProblem, type TiffSeries } from "./series.ts";

const baseName = (path: string) => path.split(/[/\\]/).at(-1) as string;

/** Whether what a TiffData element names is this file. A file that was renamed is named alone, or by its UUID. */
function ownFile({ images, uuid }: OmeXml, name: string): (data: TiffData) => boolean {
	const files = images.flatMap(({ planes }) => planes.flatMap(({ file }) => (file ? [file] : [])));
	const named = new Set(files.map((file) => file.name ?? file.uuid));
	const own = baseName(name);
	return ({ file }) =>
		file === undefined ||
		named.size === 1 ||
		(uuid !== undefined && file.uuid === uuid) ||
		(file.name !== undefined && baseName(file.name) === own);
}

/**
 * The images of an OME-XML, in its order. One that cannot be read has a `problem`: it names pages that are not there, or
 * that it or another image names before, or too few, or pages in other files.
 * @param broken why the list of pages is not whole: images may be all the same
 */
export function omeSeries(
	ome: OmeXml,
	pages: readonly TiffPage[],
	file: string,
	broken?: ChunkwiseError,
): TiffSeries[] {
	const isOwn = ownFile(ome, file);
	/** The image that each page belongs to. */
	const taken = new Map<number, Pick<TiffSeries, "index" | "name">>();
	return ome.images.map((image, index) => {
		const { name } = image;
		const self = { index, name };
		const alone = ome.images.length === 1;
		// Without any TiffData, one image has all pages.
		const planes = alone && image.planes.length === 0 ? [allPages] : image.planes;
		const own = planes.filter(isOwn);
		const otherFiles = planes
			.filter((data) => !isOwn(data))
			.map(({ file }) => file?.name ?? file?.uuid ?? "");
		const samples = pages[own[0]?.page ?? 0]?.samplesPerPixel ?? 1;
		const axes = axesOf(image, samples);
		const placed = placePlanes(own, axes, pages.length, taken, self);
		const total = product(axes.map(({ size }) => size));
		const elsewhere = [...new Set(otherFiles)];
		const pageAxes = axes.filter(({ size }) => size > 1);
		const series: TiffSeries = {
			...{ index, name, pageAxes, reduced: [], otherFiles: elsewhere },
			pages: [...placed.pages].sort(([a], [b]) => a - b).map(([, page]) => page),
			...physicalSizes(image.attribute),
			origin: { x: 0, y: 0, z: 0 },
			channels: image.channels,
		};
		const found = series.pages.map((page) => pages[page]);
		const unplaced = problemOfPlanes(placed, { axes, total, elsewhere, count: pages.length }, self, file);
		const problem =
			(unplaced && elsewhere.length === 0 ? broken : undefined) ??
			unplaced ??
			problemOfPages(found, pageAxes, self, file);
		return problem ? { ...series, problem } : series;
	});
}

const allPages: TiffData = { first: { z: 0, c: 0, t: 0 } };

/** The axes of an image's pages, slowest first. The channels of colour pages are samples, not pages. */
function axesOf({ order, sizes }: OmeImage, samples: number): PageAxis[] {
	return order.map((name) => ({
		name,
		size: name === "c" && sizes.c % samples === 0 ? sizes.c / samples : sizes[name],
	}));
}

interface Placed {
	/** Page of each plane, the planes counted in C order of the axes. */
	pages: Map<number, number>;
	wrong?: string;
}

function placePlanes(
	planes: readonly TiffData[],
	axes: readonly PageAxis[],
	count: number,
	taken: Map<number, Pick<TiffSeries, "index" | "name">>,
	self: Pick<TiffSeries, "index" | "name">,
): Placed {
	const placed = new Map<number, number>();
	const total = product(axes.map(({ size }) => size));
	const wrong = (message: string): Placed => ({ pages: placed, wrong: message });
	for (const { page: from, first, count: stated } of planes) {
		let at = 0;
		for (const { name, size } of axes) {
			const place = first[name as "z" | "c" | "t"];
			if (place >= size) return wrong(`places a page at ${name} ${place}, and has ${size} along ${name}.`);
			at = at * size + place;
		}
		const start = from ?? 0;
		// Without a number it is one page where a page is named, else all that there are.
		const run = stated ?? (from === undefined ? Math.min(total - at, count - start) : 1);
		for (let i = 0; i < run; i++) {
			const [plane, page] = [at + i, start + i];
			if (plane >= total) return wrong(`names more pages than the ${total} that its sizes tell of.`);
			if (page >= count) return wrong(`names page ${page}, and the file has ${count}, counted from 0.`);
			const before = placed.get(plane);
			if (before === page) continue;
			if (before !== undefined) return wrong(`puts the pages ${before} and ${page} at one place.`);
			const holder = taken.get(page);
			if (holder) {
				return wrong(
					holder.index === self.index
						? `names page ${page} twice.`
						: `names page ${page}, which belongs to ${seriesLabel(holder).replace("I", "i")} already.`,
				);
			}
			placed.set(plane, page);
			taken.set(page, self);
		}
	}
	return { pages: placed };
}

function problemOfPlanes(
	{ pages, wrong }: Placed,
	found: { axes: readonly PageAxis[]; total: number; elsewhere: readonly string[]; count: number },
	self: Pick<TiffSeries, "index" | "name">,
	file: string,
): ChunkwiseError | undefined {
	const { axes, total, elsewhere } = found;
	const remedy = `Take single pages (${file}#page/0 for the command), or let the program that wrote the file write it again.`;
	if (wrong)
		return seriesProblem("tiff-bad-series", self, `${wrong} Its OME-XML is wrong.`, { file, remedy });
	if (pages.size === total) return undefined;
	if (elsewhere.length > 0) {
		const some = elsewhere.slice(0, 5).join(", ");
		const files = `${some}${elsewhere.length > 5 ? ` and ${elsewhere.length - 5} more` : ""}`;
		const share = pages.size === 0 ? "is" : `has ${pages.size} of its ${total} pages here, and others are`;
		return seriesProblem("tiff-other-files", self, `${share} in other files: ${files}.`, {
			file,
			remedy: "Let Bio-Formats write one file of it, or give the file that holds it.",
		});
	}
	if (pages.size === 0) {
		return seriesProblem("tiff-bad-series", self, "names no pages.", { file, remedy });
	}
	const sizes = axes.map(({ name, size }) => `${size} ${name}`).join(" × ");
	return seriesProblem(
		"tiff-bad-series",
		self,
		`should have ${sizes} pages by its OME-XML, and ${pages.size} are named, of ${found.count} in the file.`,
		{ file, remedy },
	);
}
