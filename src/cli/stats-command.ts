/** `chunkwise stats PATH…`: what the values of an array are, exactly enough to compare two files. */
import { ChunkwiseError } from "../lib/errors.ts";
import { formatBytes } from "../lib/format.ts";
import { omeOf, readMultiscales } from "../lib/ngff/multiscales.ts";
import type { Progress } from "../lib/progress.ts";
import { stoppable } from "../lib/stores/stoppable.ts";
import { openTiff } from "../lib/tiff/open.ts";
import { checkCopy, tiffPart } from "../lib/tiff/spatial.ts";
import type { TiffPage } from "../lib/tiff/tiff.ts";
import { itemSize, product, type TypedArray } from "../lib/types.ts";
import type { ZarrArray } from "../lib/zarr/array.ts";
import { valueType } from "../lib/zarr/dtypes.ts";
import { openZarr } from "../lib/zarr/open.ts";
import { partsOf, readParts } from "../lib/zarr/parts.ts";
import { n5ArrayOf, orN5 } from "./n5.ts";
import { slabs } from "./slabs.ts";
import { type Statistics, StatisticsOf } from "./statistics.ts";
import { pageOf, type StoreTarget, subPageOf, type TiffTarget } from "./target.ts";
import { withTarget } from "./with-target.ts";

export interface StatsResult extends Statistics {
	path: string;
	/** The array in the PATH: "scale0/image", "stack", "page/0", "series/1"; "" where the PATH itself is one. */
	array: string;
	dtype: string;
	shape: readonly number[];
}

interface Task {
	signal?: AbortSignal;
	onProgress?: (progress: Progress) => void;
}

/** Bytes of values in memory at one time, beside the chunks in flight. */
const slabBytes = 64 << 20;
/** Pages of a TIFF that are decoded ahead, where they are small. */
const pagesAhead = 3;
/** Of a page that is larger, rows are read for this many bytes at one time. */
const bandBytes = 32 << 20;

export async function statsOf(path: string, task: Task = {}): Promise<StatsResult> {
	return withTarget(
		path,
		async (target) => ({
			path,
			...(target.kind === "tiff" ? await tiffStats(target, task) : await storeStats(target, task)),
		}),
		task.signal,
	);
}

/** The stack of all pages where they agree, else the first page; or the page, image or level that is named. */
async function tiffStats(target: TiffTarget, task: Task): Promise<Omit<StatsResult, "path">> {
	const below = subPageOf(target.inner);
	if (below) return subPageStats(target, below, task);
	const wanted = pageOf(target.inner, target.source.name);
	const tiff = await openTiff(target.source, { signal: task.signal, onProgress: task.onProgress });
	let stack = wanted === "stack";
	if (wanted === undefined) {
		// A break in the list of pages is an error: what is there may not be all.
		if (tiff.problem) throw tiff.problem;
		stack = tiff.pages.length > 1 && tiff.uniform;
	}
	if (stack) tiff.checkUniform();
	const part = typeof wanted === "object" ? await tiffPart(tiff, { ...wanted, ...task }) : undefined;
	const { first, sub } = part?.level ?? { first: tiff.page(typeof wanted === "number" ? wanted : 0) };
	const pages = part?.level.pages ?? (stack ? tiff.pages.map(({ index }) => index) : [first.index]);
	const count = pages.length;
	const parts = pageParts(first, pages);
	const total = count * bytesOf(first);
	const axes = part ? part.series.pageAxes.map(({ size }) => size) : [count];
	let done = 0;
	const read = async ({ page, rows }: PagePart): Promise<{ data: TypedArray; dtype: string }> => {
		const quiet = { signal: task.signal, onProgress: () => {} };
		if (!rows) {
			const whole = await (sub === undefined
				? tiff.readPage(page, quiet)
				: tiff.readSubPage(page, sub, quiet));
			checkCopy(tiff, tiff.page(page), whole.shape, first);
			return { data: whole.data, dtype: whole.storedDtype ?? whole.dtype };
		}
		if (sub !== undefined) checkCopy(tiff, tiff.page(page), (await tiff.subPages(page))[sub]?.shape, first);
		const data = await tiff.readWindow(page, rows, [0, first.width], { ...quiet, sub });
		return { data, dtype: first.storedDtype ?? first.dtype ?? "" };
	};
	const ahead: Promise<{ data: TypedArray; dtype: string }>[] = [];
	let counted: StatisticsOf | undefined;
	let dtype = "";
	for (let i = 0; i < parts.length; i++) {
		while (ahead.length < parts[i].ahead && i + ahead.length < parts.length) {
			const part = read(parts[i + ahead.length]);
			// A failure is met when its turn comes.
			part.catch(() => {});
			ahead.push(part);
		}
		const part = await (ahead.shift() as Promise<{ data: TypedArray; dtype: string }>);
		dtype = part.dtype;
		counted ??= new StatisticsOf(dtype);
		counted.add(part.data);
		done += part.data.byteLength;
		task.onProgress?.({ label: `Reading ${tiff.name}`, done, total, unit: "bytes" });
	}
	return {
		array: part ? target.inner : stack ? "stack" : `page/${first.index}`,
		dtype,
		shape: count > 1 ? [...axes, ...first.shape] : first.shape,
		...(counted as StatisticsOf).result(),
	};
}

/** A smaller copy below a page, whole: it is a part of a page in size. */
async function subPageStats(
	target: TiffTarget,
	[page, sub]: readonly [page: number, sub: number],
	task: Task,
): Promise<Omit<StatsResult, "path">> {
	const tiff = await openTiff(target.source, task);
	const { data, shape, dtype, storedDtype = dtype } = await tiff.readSubPage(page, sub, task);
	const counted = new StatisticsOf(storedDtype);
	counted.add(data);
	return { array: target.inner, dtype: storedDtype, shape, ...counted.result() };
}

function bytesOf({ shape, dtype }: TiffPage): number {
	return product(shape) * (dtype ? itemSize(dtype) : 1);
}

interface PagePart {
	page: number;
	/** Half-open; absent for a whole page. */
	rows?: [start: number, stop: number];
	/** Parts that may be in memory at one time. */
	ahead: number;
}

/** Whole pages, or of large ones bands of whole strips or tiles. Planes of samples are read whole: each follows the other. */
function pageParts(first: TiffPage, pages: readonly number[]): PagePart[] {
	const bytes = bytesOf(first);
	const rowBytes = bytes / first.height;
	const fitting = Math.max(1, Math.floor(bandBytes / rowBytes));
	const stripRows = first.chunks?.[0] ?? 1;
	const rows = fitting >= stripRows ? fitting - (fitting % stripRows) : fitting;
	if (first.planar || bytes <= bandBytes || rows >= first.height) {
		const ahead = Math.max(1, Math.min(pagesAhead, Math.floor(slabBytes / bytes)));
		return pages.map((page) => ({ page, ahead }));
	}
	return pages.flatMap((page) =>
		Array.from({ length: Math.ceil(first.height / rows) }, (_, band): PagePart => {
			const start = band * rows;
			return { page, rows: [start, Math.min(first.height, start + rows)], ahead: 1 };
		}),
	);
}

async function storeStats(named: StoreTarget, task: Task): Promise<Omit<StatsResult, "path">> {
	const target = { ...named, store: stoppable(named.store, task.signal) };
	const array = await orN5(
		target,
		() => arrayOf(target),
		() => n5ArrayOf(target),
	);
	const dtype = valueType(array.dtype);
	// Complex numbers and raw bits have bytes, and no order and no sum.
	const parts = dtype ? undefined : partsOf(array.metadata);
	const inParts = parts?.kind === "complex" || parts?.kind === "raw";
	const bytes = dtype ? itemSize(dtype) : parts ? parts.count * itemSize(parts.dtype) : 1;
	const total = product(array.shape) * bytes;
	const counted = new StatisticsOf(array.dtype);
	const label = `Reading ${array.path || target.name}`;
	let done = 0;
	const pieces = total === 0 ? [[]] : slabs(array.shape, array.chunks, bytes, slabBytes);
	for (const slab of pieces) {
		task.signal?.throwIfAborted();
		const quiet = { signal: task.signal, onProgress: () => {} };
		const part = inParts ? await readParts(array, slab, quiet) : await array.read(slab, quiet);
		if (inParts) counted.hashOnly(part.data);
		else counted.add(part.data);
		done += part.data.byteLength;
		task.onProgress?.({ label, done, total, unit: "bytes" });
	}
	return { array: array.path, dtype: array.dtype, shape: array.shape, ...counted.result() };
}

/** The array itself, the finest level of an image, or the only array of a group. */
async function arrayOf({ store, inner, name }: StoreTarget): Promise<ZarrArray> {
	const node = await openZarr(store, inner);
	if (node.kind === "array") return node;
	if (omeOf(node.attrs).multiscales) {
		const [image] = await readMultiscales(node);
		return image.levels[0].array;
	}
	const members = await node.members();
	const arrays = members.filter((member) => member.kind === "array");
	if (arrays.length === 1) return node.openArray(arrays[0].name);
	const names = (arrays.length > 0 ? arrays : members).map((member) => member.path);
	throw new ChunkwiseError("not-an-array", "This is a group and not an array.", {
		where: inner || name,
		remedy:
			names.length > 0
				? `Name one of its arrays: ${name}#${names[0]}${names.length > 1 ? ` (there are ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""})` : ""}.`
				: "It holds no arrays.",
	});
}

/** The same for people. */
export function statsText(result: StatsResult): string {
	const bits = result.dtype === "bool" ? 8 : Number(/^[a-z]+(\d+)$/.exec(result.dtype)?.[1] ?? 0);
	const size = bits > 0 ? `  ${formatBytes((product(result.shape) * bits) / 8)}` : "";
	return [
		`${result.path}${result.array && !result.path.endsWith(`#${result.array}`) ? `  ${result.array}` : ""}`,
		`  shape   ${result.shape.join(" × ") || "scalar"}  ${result.dtype}${size}`,
		`  min     ${result.min ?? "no value"}`,
		`  max     ${result.max ?? "no value"}`,
		`  sum     ${result.sum ?? "no value"}`,
		...(result.nanCount ? [`  NaN     ${result.nanCount}`] : []),
		`  sha256  ${result.sha256}`,
	].join("\n");
}
