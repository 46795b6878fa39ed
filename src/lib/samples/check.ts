/** Whether a file is the sample it should be. */
import { blobSource } from "../bytes.ts";
import { ChunkwiseError } from "../errors.ts";
import type { LongTask } from "../progress.ts";
import { openTiff } from "../tiff/open.ts";
import type { Tiff } from "../tiff/tiff.ts";
import { phantomSeed, phantomVersion } from "./phantom.ts";
import { phantomDescription } from "./phantom-tiff.ts";

/** The sample: z, y, x, as in BBBC024's copy that the course uses. */
export const hl60Shape = [129, 212, 363] as const;
export const hl60Type = "uint16";

/**
 * Refuses what is not a TIFF of 129 pages of 363 × 212 uint16, whole to its last page.
 * @throws ChunkwiseError wrong-sample
 */
export async function checkHl60(blob: Blob, where: string, task: LongTask = {}): Promise<Tiff> {
	const wrong = (reason: string, cause?: unknown) =>
		new ChunkwiseError("wrong-sample", `What came is not the sample image: ${reason}`, {
			where,
			remedy:
				"Check the address. A network that asks for a login first, or a filter, also answers with something else.",
			cause,
		});
	if (await isWebPage(blob)) throw wrong("it is a web page.");
	const [pages, height, width] = hl60Shape;
	// Progress of reading is of no interest here.
	const quiet = { signal: task.signal, onProgress() {} };
	try {
		const tiff = await openTiff(blob, quiet);
		if (tiff.problem) throw tiff.problem;
		const wanted = `${pages} pages of ${width} × ${height} ${hl60Type}`;
		const other = tiff.pages.find(
			(page) =>
				page.shape.length !== 2 ||
				page.shape[0] !== height ||
				page.shape[1] !== width ||
				page.dtype !== hl60Type,
		);
		if (other) {
			const { shape, dtype } = other;
			const size = shape ? `${[...shape].reverse().join(" × ")} ${dtype ?? ""}`.trim() : "unreadable";
			throw wrong(`it should be a TIFF with ${wanted}; page ${other.index} is ${size}.`);
		}
		if (tiff.pages.length !== pages) {
			throw wrong(`it should be a TIFF with ${wanted} and has ${tiff.pages.length}.`);
		}
		// Directories alone may be whole where the pixels behind them are cut off.
		for (const index of [0, pages - 1]) await tiff.readPage(index, quiet);
		return tiff;
	} catch (error) {
		task.signal?.throwIfAborted();
		if (!(error instanceof ChunkwiseError) || error.code === "wrong-sample") throw error;
		throw wrong(error.message, error);
	}
}

/** Refuses what is not this version's phantom, as {@link checkHl60}. */
export async function checkPhantom(blob: Blob, where: string, task: LongTask = {}): Promise<void> {
	const tiff = await checkHl60(blob, where, task);
	const expected = phantomDescription({ seed: phantomSeed, version: phantomVersion });
	if (tiff.metadata.ImageDescription === expected) return;
	throw new ChunkwiseError("wrong-sample", "The phantom there is of another version.", {
		where,
		remedy: "Build the site again.",
	});
}

/**
 * Refuses a reader's file that is not a grey TIFF.
 * @throws ChunkwiseError own-not-grey, and as {@link openTiff}
 */
export async function checkOwn(blob: Blob, name: string, task: LongTask = {}): Promise<void> {
	const tiff = await openTiff(blobSource(blob, name), { signal: task.signal, onProgress() {} });
	const [page] = tiff.pages;
	if (page.problem) throw page.problem;
	if (page.samplesPerPixel === 1) return;
	throw new ChunkwiseError(
		"own-not-grey",
		`The image has ${page.samplesPerPixel} values a pixel; the lessons want one, a grey image.`,
		{
			where: name,
			remedy: "Save one channel as a grey TIFF, for example with ImageJ: Image > Color > Split Channels.",
		},
	);
}

async function isWebPage(blob: Blob): Promise<boolean> {
	if (/^text\/html\b/i.test(blob.type)) return true;
	const start = await blob.slice(0, 256).text();
	return /^\s*<(!doctype|html|head|body)/i.test(start);
}
