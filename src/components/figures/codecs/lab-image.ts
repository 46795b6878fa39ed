/** The image that a lab measures: its middle in memory, however large it is. */
import { blobSource } from "../../../lib/bytes.ts";
import { type ChunkValues, middleOf, middleRanges } from "../../../lib/plan/chunk-sample.ts";
import { checkOwn } from "../../../lib/samples/check.ts";
import { Samples } from "../../../lib/samples/hl60.ts";
import { DirectoryReader } from "../../../lib/stores/directory-read.ts";
import { fileListStore } from "../../../lib/stores/file-list.ts";
import type { ReadableStore } from "../../../lib/stores/store.ts";
import { zipStore } from "../../../lib/stores/zip.ts";
import { openTiff } from "../../../lib/tiff/open.ts";
import { allocate } from "../../../lib/types.ts";
import { findImage } from "../../../lib/viewer/find-image.ts";
import type { LabSource, OwnImage } from "./messages.ts";

/** Elements that are kept along each of the last axes. */
const most = [128, 256, 256];

export interface LabImageValues {
	name: string;
	/** Of the whole image. */
	shape: number[];
	middle: ChunkValues;
}

/** @throws ChunkwiseError of TIFFs, of stores and their arrays, of samples, bad-shape */
export async function labImageOf(source: LabSource): Promise<LabImageValues> {
	if (source.kind === "values") {
		const { values, shape } = source;
		return { name: "the middle of the image of this cell", shape, middle: middleOf(values, shape, most) };
	}
	if (source.kind === "file") return ofTiff(source.file, source.name);
	if (source.kind === "own") return ofOwn(source.own);
	const sample = await new Samples({ dataUrl: source.dataUrl }).hl60({ prefer: "phantom" });
	return { ...(await ofTiff(sample.blob, sample.name)), name: "the course's sample: synthetic nuclei" };
}

async function ofOwn(own: OwnImage): Promise<LabImageValues> {
	if (own.kind === "folder") return ofStore(new DirectoryReader(own.handle), own.handle.name);
	const { files, keys } = own;
	const [first] = files;
	if (keys) return ofStore(fileListStore(new Map(files.map((file, i) => [keys[i], file]))), "your folder");
	if (/\.(zip|ozx)$/i.test(first.name)) return ofStore(await zipStore(first), first.name);
	return ofTiff(first, first.name);
}

/** Of the finest level, only the chunks in the middle are read. */
async function ofStore(store: ReadableStore, name: string): Promise<LabImageValues> {
	const { image } = await findImage(store, "");
	const { array } = image.levels[0];
	const { shape } = array;
	const part = await array.read(middleRanges(shape, most), { onProgress() {} });
	return { name, shape: [...shape], middle: middleOf(part.data, part.shape, most) };
}

/** Only the pages in the middle are read. */
async function ofTiff(blob: Blob, name: string): Promise<LabImageValues> {
	await checkOwn(blob, name);
	const tiff = await openTiff(blobSource(blob, name));
	const { pages } = tiff;
	const first = await tiff.readPage(0);
	// Pages of other kinds, such as thumbnails, are no part of the stack.
	const alike = pages.filter(
		({ shape, dtype }) => String(shape) === String(first.shape) && dtype === pages[0].dtype,
	);
	const depth = Math.min(alike.length, most[0]);
	const start = (alike.length - depth) >> 1;
	const size = first.data.length;
	const values = allocate(first.dtype, depth * size);
	for (let z = 0; z < depth; z++)
		values.set((await tiff.readPage(alike[start + z].index)).data as never, z * size);
	const stack = alike.length > 1;
	return {
		name,
		shape: stack ? [alike.length, ...first.shape] : first.shape,
		middle: middleOf(values, stack ? [depth, ...first.shape] : first.shape, most),
	};
}
