/** Writing a multiscale into an N5 container. */
import { ChunkwiseError, throwIfAborted } from "../errors.ts";
import type { Multiscale } from "../multiscale/multiscale.ts";
import { makeRoom, shortAttributes, WriteReport, writingProgress } from "../ngff/write.ts";
import type { LongTask } from "../progress.ts";
import { asStore } from "../stores/memory.ts";
import { exclusively, keyOf, normalizePath, type WritableStore } from "../stores/store.ts";
import { encodeJson } from "../zarr/metadata.ts";
import type { WrittenArray } from "../zarr/write-array.ts";
import { attributesName, readAttributes } from "./attributes.ts";
import { type N5CodecName, n5Compression } from "./compression.ts";
import { imageAttributes, levelAttributes, n5LevelName } from "./metadata.ts";
import { writeN5Array } from "./write-array.ts";

export interface N5WriteOptions extends LongTask {
	/** Default "gzip", which every N5 program reads. */
	codec?: N5CodecName;
	/** Remove what the store holds at the path first; default false. */
	overwrite?: boolean;
	/** Group of the container that becomes the image; default its root. */
	path?: string;
}

/** The version of the N5 specification that is stated. */
const version = "4.0.0";

/**
 * Writes every level as s0, s1, …, then the image's metadata (n5-viewer, neuroglancer and COSEM), then the version at
 * the container's root. Blocks have the multiscale's chunk shapes, cropped at the far edges.
 * @throws ChunkwiseError store-not-empty, unknown-codec, storage-full and whatever else the store throws; the signal's
 *   reason when aborted
 */
export async function toN5(
	into: WritableStore | Map<string, Uint8Array>,
	multiscale: Multiscale,
	options: N5WriteOptions = {},
): Promise<WriteReport<N5CodecName>> {
	const store = asStore(into);
	return exclusively(store, () => writeImage(store, multiscale, options));
}

async function writeImage(
	store: WritableStore,
	multiscale: Multiscale,
	options: N5WriteOptions,
): Promise<WriteReport<N5CodecName>> {
	const path = normalizePath(options.path ?? "");
	const codec = options.codec ?? "gzip";
	n5Compression(codec, 1);
	const [finest] = multiscale.levels;
	if (finest.dims.length === 0) {
		throw new ChunkwiseError("bad-axes", "N5 has no arrays without axes.", {
			where: multiscale.name,
			remedy: "Give the value an axis of length 1.",
		});
	}
	await makeRoom(store, path, options.overwrite ?? false);

	const started = performance.now();
	const onBlock = writingProgress(multiscale, options);
	const written: WrittenArray[] = [];
	for (const [i, level] of multiscale.levels.entries()) {
		throwIfAborted(options.signal);
		const { data, shape, dtype, attrs } = level;
		const attributes = { ...(i === 0 ? attrs : shortAttributes(attrs)), ...levelAttributes(level, finest) };
		written.push(
			await writeN5Array(
				store,
				keyOf(path, n5LevelName(i)).slice(1),
				{ data, shape, blockShape: multiscale.chunks[i], dtype, codec, attributes },
				{ signal: options.signal, onBlock },
			),
		);
	}
	const image = imageAttributes(multiscale);
	const root =
		path === "" ? { n5: version, ...image } : { n5: version, ...(await readAttributes(store, "")) };
	if (path !== "") await store.set(keyOf(path, attributesName), encodeJson(image));
	await store.set(keyOf("", attributesName), encodeJson(root));
	const objects = written.reduce((sum, level) => sum + level.objects, 0) + (path === "" ? 1 : 2);
	return new WriteReport(written, objects, codec, performance.now() - started);
}
