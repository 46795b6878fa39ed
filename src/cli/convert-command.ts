/** `chunkwise convert IN OUT`: an image of any format to OME-Zarr or N5, in bounded memory. */
import { resolve } from "node:path";
import { convertCollection, type ImageCollection } from "../lib/convert/collection.ts";
import { convertImages } from "../lib/convert/convert.ts";
import { type ConversionImage, type ConversionOptions, defaultMemory } from "../lib/convert/request.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import { openNodePool } from "../lib/parallel/node-pool.ts";
import type { CodecName } from "../lib/zarr/codecs.ts";
import { compressionLevel } from "../lib/zarr/compression-level.ts";
import { collectWhile } from "./collect-garbage.ts";
import { openCollection } from "./convert-collection.ts";
import { inputChanged, inputIdentity } from "./convert-identity.ts";
import { bytesOf, imagesOf } from "./convert-images.ts";
import { openInput } from "./convert-input.ts";
import { ConversionPlace } from "./convert-place.ts";
import type { ConvertFormat, ConvertOptions, ConvertResult, Outcome } from "./convert-request.ts";
import { type InputSeries, openSeries } from "./convert-series.ts";
import { changeVersion } from "./convert-version.ts";
import { isUrl, openTarget, type Target } from "./target.ts";

/** Smaller work is done before a worker has started. */
const worthWorkers = 32 << 20;

/**
 * Converts. What is being written stands beside OUT as `OUT.unfinished` and is renamed when it is whole, so that OUT is
 * never half an image; the same call goes on where one before it was interrupted.
 * @throws ChunkwiseError out-exists, resume-differs, in-progress, bad-level, and as reading, down-sampling and writing
 */
export async function convert(
	path: string,
	out: string,
	options: ConvertOptions = {},
): Promise<ConvertResult> {
	const started = performance.now();
	const { signal, onProgress, restart, ...said } = options;
	const { format = "ome-zarr-0.5" } = options;
	compressionLevel(codecOf(options), options.level);
	checkZip(out, format);
	const place = new ConversionPlace(out, options.overwrite ?? false);
	const call = JSON.stringify([path, out, said]);
	const finished = restart ? undefined : await place.finished<ConvertResult>(call);
	if (finished) return finished;
	await place.checkRoom();

	const target = await openTarget(path);
	try {
		const made =
			(await changeVersion(target, path, place, options)) ?? (await writeAnew(target, path, place, options));
		const result: ConvertResult = {
			...{ path, out, format },
			...made,
			milliseconds: Math.round(performance.now() - started),
		};
		await place.finish(call, result, { signal, onProgress });
		return result;
	} finally {
		await target.close();
		await place.release();
	}
}

function codecOf({ codec, format }: ConvertOptions): CodecName {
	return codec ?? (format === "n5" ? "gzip" : "blosc-lz4");
}

function checkZip(out: string, format: ConvertFormat): void {
	if (!/\.ozx$/i.test(out) || format === "ome-zarr-0.5") return;
	throw new ChunkwiseError("bad-format", `A .ozx file holds an OME-Zarr 0.5, and ${format} is asked for.`, {
		where: out,
		remedy: "Leave --format out, or name the result .zip.",
	});
}

/** What is to be converted, opened. */
interface Work {
	/** An image and its labels, or several images. */
	images: ConversionImage[] | ImageCollection;
	/** In memory; of several images as if all were as large as the first. */
	bytes: number;
	said: Partial<Outcome> & Pick<Outcome, "labels">;
	documents: unknown;
	checkInput?: ConversionOptions["checkInput"];
}

async function openWork(target: Target, path: string, options: ConvertOptions): Promise<Work> {
	const collection =
		target.kind === "store"
			? await openCollection(target, path, options)
			: await openSeries(target, path, options);
	if (collection) {
		const { images, labels, others, documents } = collection;
		const { elsewhere = [], strayPages = [] } = collection as Partial<InputSeries>;
		const first = await images[0].open(options.signal);
		const bytes = first.images.reduce((sum, image) => sum + bytesOf(image.levels), 0) * images.length;
		const said = {
			images: images.map((image) => image.path),
			labels,
			...(others.length > 0 ? { others } : {}),
			...(elsewhere.length > 0 ? { elsewhere } : {}),
			...(strayPages.length > 0 ? { strayPages } : {}),
		};
		return { images: collection, bytes, said, documents };
	}
	const input = await openInput(target, path, options.signal);
	const images = imagesOf(input, options);
	const [{ shards }] = input.levels;
	const leftOut = images.length > 1 ? [] : input.labels.map(({ name }) => name);
	return {
		images,
		bytes: images.reduce((sum, image) => sum + bytesOf(image.levels), 0),
		said: {
			labels: images.slice(1).map(({ name }) => name),
			...(leftOut.length > 0 ? { leftOut } : {}),
			...(shards && !images[0].shards ? { shardsLeftOut: shards } : {}),
			...(options.format === "n5" && images[0].levels.some(({ stored }) => stored === "float16")
				? { widened: { from: "float16", to: "float32" } }
				: {}),
		},
		documents: input.documents,
		checkInput: input.check,
	};
}

/** Writes the pixels anew, part by part; the place is then claimed. */
async function writeAnew(
	target: Target,
	path: string,
	place: ConversionPlace,
	options: ConvertOptions,
): Promise<Outcome> {
	const { format = "ome-zarr-0.5", restart = false, memory = defaultMemory, signal, onProgress } = options;
	const codec = codecOf(options);
	const { images, bytes, said, documents, checkInput } = await openWork(target, path, options);
	const several = !Array.isArray(images);
	const input = await inputIdentity(path, documents);
	const { scaleFactors, method, chunks, shards, dims, scale, units } = options;
	const identity = {
		way: several ? "image by image" : "part by part",
		from: isUrl(path) ? path : resolve(path),
		input,
		memory,
		...(several ? { options: { scaleFactors, method, chunks, shards, dims, scale, units } } : {}),
	};
	// A worker takes some 100 MiB: for codecs that are as fast as the disk it is not worth that.
	const alone = bytes < worthWorkers || codec === "none" || codec === "blosc-lz4";
	const work = { bytes, chunkCount: Math.ceil(bytes / (1 << 19)), codec };
	const pool = await openNodePool(alone ? { workers: 0, signal } : { workers: "auto", work, signal });
	const stopCollecting = collectWhile(memory / 4);
	try {
		const made = await place.hold(restart, async (keep) => {
			const asked = {
				...{ codec, level: options.level, pool, memory, work: place.work },
				...{ identity, signal, onProgress, checkInput },
				// From the first part on there is something to go on with.
				onTask: ({ type }: { type: string }) => {
					if (type === "ended") keep(true);
				},
			};
			const report =
				Array.isArray(images) || format === "n5"
					? await convertImages(images as ConversionImage[], place.image, { ...asked, format })
					: await convertCollection(images, place.image, { ...asked, format });
			// Chunks that went while their metadata was still there are missed here.
			if (!isUrl(path) && (await inputIdentity(path, documents).catch(() => "")) !== input) {
				keep(false);
				throw inputChanged(path);
			}
			return report;
		});
		const { stored, objects, parts, resumed } = made;
		const levels = "levels" in made ? made.levels : [];
		return { levels, ...said, codec, bytes: made.bytes, stored, objects, parts, resumed };
	} finally {
		stopCollecting();
		await pool.close();
	}
}
