/** `chunkwise info PATH…`: what it is, and what it took to find that out. */
import type { ByteSource } from "../lib/bytes.ts";
import { formatBytes } from "../lib/format.ts";
import { n5Info } from "../lib/n5/info.ts";
import { axesOf } from "../lib/ngff/axes.ts";
import { type ImageInfo, info, type LevelInfo } from "../lib/ngff/info.ts";
import { countRequests } from "../lib/stores/observe.ts";
import { tiffParts } from "../lib/tiff/ome.ts";
import { type Survey, surveyor } from "../lib/tiff/survey.ts";
import { type Tiff, type TiffPage, walkTiff } from "../lib/tiff/tiff.ts";
import { product } from "../lib/types.ts";
import { sparingStore } from "../lib/zarr/sparing-store.ts";
import { orN5 } from "./n5.ts";
import { textTable } from "./output.ts";
import { pageOf, type StoreTarget, type TiffTarget } from "./target.ts";
import { withTarget } from "./with-target.ts";

/** As `info --json` prints it. A TIFF's levels may have no type or chunks where the file is damaged or not decoded. */
export interface InfoResult {
	path: string;
	format: "ome-zarr" | "zarr" | "n5" | "tiff";
	version: string | null;
	zarrFormat: 2 | 3 | null;
	images: ImageResult[];
	labels: string[];
	/** Of a TIFF far away, where not every page was looked at: how many were, and what the others rest on. */
	pages?: { count: number } & Survey;
	requests: number;
	bytes: number;
}

type LevelResult = Omit<LevelInfo, "dtype" | "chunks" | "chunkCount"> & {
	dtype: string | null;
	chunks: readonly number[] | null;
	chunkCount: number | null;
	/** Why the values cannot be read, where they cannot. */
	problem?: { code: string; message: string };
};
type ImageResult = Omit<ImageInfo, "levels"> & {
	levels: LevelResult[];
	/** TIFF: other files that hold a part of the image, or its metadata. */
	otherFiles?: string[];
	/** TIFF: how many smaller copies there are in SubIFDs. */
	smallerCopies?: number;
};

export async function infoOf(path: string, signal?: AbortSignal): Promise<InfoResult> {
	return withTarget(
		path,
		async (target) => {
			if (target.kind === "tiff") return tiffInfo(path, target, signal);
			const { store, counts } = counted(target);
			const found = await orN5<Omit<InfoResult, "path">>(
				{ ...target, store },
				() => info(store, target.inner),
				() => n5Info(store, target.inner),
			);
			return { path, ...found, ...counts() };
		},
		signal,
	);
}

/** What is far away is asked as little as possible, and every HTTP request counts; on a disk, what is read. */
function counted({ store, web }: StoreTarget) {
	if (!web) return countRequests(store);
	const counts = () => ({ requests: web.requests, bytes: web.bytes });
	return { store: sparingStore(store), counts };
}

/** Bytes worth asking for at once, where one directory of a page is wanted: most fit, with their short values. */
const smallGranule = 256;
const largerGranule = 4096;
/** Requests after which the pages that follow are concluded from the first ones, where that can be. */
const fewRequests = 4;

async function tiffInfo(path: string, target: TiffTarget, signal?: AbortSignal): Promise<InfoResult> {
	let requests = 0;
	let bytes = 0;
	const { source, web } = target;
	let smallest = smallGranule;
	let granule = largerGranule;
	let end = -1;
	const counted: ByteSource = {
		name: source.name,
		size: source.size,
		// Directories of pages lie between the pages, where little is worth taking along, or all together.
		get granule() {
			return web ? granule : source.granule;
		},
		read: (offset, length, readSignal) => {
			requests++;
			bytes += length;
			const follows = offset <= end && end - offset < length;
			// A directory that did not fit: the next ones will not, either.
			if (follows && length < largerGranule) smallest = Math.min(largerGranule, 2 * smallest);
			const base = (web?.requests ?? 0) < fewRequests ? largerGranule : smallest;
			granule = follows ? Math.min(source.granule ?? largerGranule, 2 * Math.max(base, granule)) : base;
			end = offset + length;
			return source.read(offset, length, readSignal);
		},
	};
	const wanted = pageOf(target.inner, target.source.name);
	let survey: Survey | undefined;
	const enough =
		web && typeof wanted !== "number"
			? surveyor(
					() => web.requests >= fewRequests,
					(found) => {
						survey = found;
					},
				)
			: undefined;
	const tiff = await walkTiff(counted, { signal }, enough);
	if (wanted === "stack") tiff.checkUniform();
	if (typeof wanted === "number") tiff.page(wanted);
	const pages = typeof wanted === "number" ? [tiff.pages[wanted]] : tiff.pages;
	const images =
		wanted === "stack" || (wanted === undefined && tiff.uniform)
			? [image(tiff, tiff.pages[0], "", tiff.dims, tiff.pages.length)]
			: pages.map((page) => image(tiff, page, `page/${page.index}`, pageDims(page), 1));
	return {
		path,
		format: "tiff",
		version: tiff.bigTiff ? "BigTIFF" : "6.0",
		zarrFormat: null,
		images,
		labels: [],
		...(survey ? { pages: { count: tiff.pages.length, ...survey } } : {}),
		requests: web?.requests ?? requests,
		bytes: web?.bytes ?? bytes,
	};
}

function pageDims(page: TiffPage): string[] {
	if (page.samplesPerPixel === 1) return ["y", "x"];
	return page.planar ? ["c", "y", "x"] : ["y", "x", "c"];
}

/** A page, or the stack of `pages` such pages, as an image of one level. Its strips or tiles are its chunks. */
function image(tiff: Tiff, page: TiffPage, path: string, dims: string[], pages: number): ImageResult {
	const stacked = pages > 1;
	const own = <T>(values: Record<string, T>, otherwise: T) => dims.map((dim) => values[dim] ?? otherwise);
	const { channelNames, otherFiles, smallerCopies } = tiffParts(tiff);
	const problem = page.problem ?? (pages === tiff.pages.length ? tiff.problem : undefined);
	return {
		path,
		name: tiff.name,
		axes: axesOf(dims, { ...tiff.units }),
		...(channelNames.length > 0 ? { channels: channelNames.map((label) => ({ label })) } : {}),
		...(otherFiles.length > 0 ? { otherFiles } : {}),
		...(smallerCopies > 0 ? { smallerCopies } : {}),
		levels: [
			{
				path,
				shape: stacked ? [pages, ...page.shape] : page.shape,
				chunks: page.chunks ? (stacked ? [1, ...page.chunks] : page.chunks) : null,
				shards: null,
				dtype: page.storedDtype ?? page.dtype ?? null,
				byteOrder: page.dtype && page.bitsPerSample > 8 ? tiff.byteOrder : null,
				codecs: [
					...(page.predictor === 1
						? []
						: [{ name: "predictor", configuration: { predictor: page.predictor } }]),
					...(page.compression === "none" ? [] : [{ name: page.compression }]),
				],
				scale: own({ ...tiff.spacing }, 1),
				translation: own({ ...tiff.origin }, 0),
				chunkCount: page.chunkCount === undefined ? null : page.chunkCount * pages,
				...(problem
					? { problem: { code: (problem as { code?: string }).code ?? "", message: problem.message } }
					: {}),
			},
		],
	};
}

/** The same for people. */
export function infoText(result: InfoResult): string {
	const formats = { "ome-zarr": "OME-Zarr", zarr: "Zarr", n5: "N5", tiff: "TIFF" };
	const version = [result.version, result.zarrFormat ? `Zarr format ${result.zarrFormat}` : ""].filter(
		Boolean,
	);
	const lines = [`${result.path}: ${formats[result.format]} ${version.join(", ")}`.trimEnd()];
	for (const found of result.images) {
		const axes = found.axes.map(({ name, unit }) => (unit ? `${name} (${unit})` : name)).join(", ");
		lines.push(`  image ${found.path || found.name || "/"}${axes ? `  axes ${axes}` : ""}`);
		const rows = found.levels.map((level) => [
			level.path || "/",
			level.shape.join(" × ") || "scalar",
			level.dtype ?? "?",
			level.chunks?.join(" × ") ?? "?",
			level.shards?.join(" × ") ?? "-",
			level.chunkCount === null ? "?" : String(level.chunkCount),
			level.codecs.map((codec) => codec.name).join(" → ") || "none",
			level.scale?.map(short).join(", ") ?? "-",
			level.translation?.map(short).join(", ") ?? "-",
		]);
		const head = ["path", "shape", "type", "chunks", "shards", "count", "codecs", "scale", "translation"];
		lines.push(...textTable([head, ...rows], [5]).map((line) => `    ${line}`));
		if (found.otherFiles) {
			const files = found.otherFiles.slice(0, 5).join(", ");
			const more = found.otherFiles.length > 5 ? `, and ${found.otherFiles.length - 5} more` : "";
			lines.push(`    ! this file holds a part of the image; the rest is in ${files}${more}`);
		}
		if (found.smallerCopies) lines.push(`    ${found.smallerCopies} smaller copies in SubIFDs`);
		for (const { problem } of found.levels) if (problem) lines.push(`    ! ${problem.message}`);
		for (const level of found.levels.slice(0, 1)) {
			const size = bytesOf(level);
			if (size !== undefined) lines.push(`    ${formatBytes(size)} at full resolution`);
		}
	}
	if (result.pages) {
		const { count, read, basis } = result.pages;
		const by = basis === "distance between directories" ? `the ${basis}` : basis;
		lines.push(`  ${count} pages by ${by}; ${read} were looked at`);
	}
	if (result.labels.length > 0) lines.push(`  labels ${result.labels.join(", ")}`);
	lines.push(
		`  found out with ${result.requests} ${result.requests === 1 ? "request" : "requests"}, ${formatBytes(result.bytes)}`,
	);
	return lines.join("\n");
}

function bytesOf(level: LevelResult): number | undefined {
	const bits = level.dtype === "bool" ? 8 : Number(/\d+$/.exec(level.dtype ?? "")?.[0] ?? Number.NaN);
	return Number.isNaN(bits) ? undefined : (product(level.shape) * bits) / 8;
}

function short(value: number): string {
	return String(Number(value.toPrecision(6)));
}
