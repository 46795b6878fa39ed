/** `convert IN OUT --format …` and nothing else asked for: a change of version, which leaves every chunk as it is. */
import { resolve } from "node:path";
import { Journal } from "../lib/convert/journal.ts";
import type { ConvertedLevel } from "../lib/convert/report.ts";
import type { ConversionFormat } from "../lib/convert/request.ts";
import { isChunkwiseError } from "../lib/errors.ts";
import { convertNgff } from "../lib/ngff/convert.ts";
import { labelPaths } from "../lib/ngff/labels.ts";
import type { WritableVersion } from "../lib/ngff/metadata.ts";
import { omeOf, omeVersion, readMultiscales } from "../lib/ngff/multiscales.ts";
import { isSeries } from "../lib/ngff/series.ts";
import { gridShape } from "../lib/plan/grid.ts";
import type { LongTask } from "../lib/progress.ts";
import { FolderStore } from "../lib/stores/node-folder.ts";
import { itemSize, product } from "../lib/types.ts";
import type { ConversionReport } from "../lib/zarr/convert-metadata-store.ts";
import { valueType } from "../lib/zarr/dtypes.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup } from "../lib/zarr/open.ts";
import { inputChanged, inputIdentity } from "./convert-identity.ts";
import type { ConversionPlace } from "./convert-place.ts";
import type { ConvertOptions, Outcome } from "./convert-request.ts";
import { CopiedFolder } from "./copied-folder.ts";
import { isUrl, type StoreTarget, type Target } from "./target.ts";

/**
 * The group whose version can be changed: an image, plate, well or set of another version than the one asked for.
 * undefined for anything else.
 */
async function versionedGroup(
	target: StoreTarget,
	format: ConversionFormat,
	signal?: AbortSignal,
): Promise<ZarrGroup | undefined> {
	if (format === "n5") return undefined;
	try {
		const group = await openGroup(target.store, target.inner, { signal });
		const ome = omeOf(group.attrs);
		const known = ome.multiscales ?? ome.plate ?? ome.well;
		if (!known && !isSeries(group)) return undefined;
		return omeVersion(group.attrs) === format.slice("ome-zarr-".length) ? undefined : group;
	} catch (error) {
		if (isChunkwiseError(error)) return undefined;
		throw error;
	}
}

/** Failures before anything is written: chunks would have to be decoded, or cannot be listed. */
const needsDecoding = new Set(["unsupported-conversion", "unsupported-version", "cannot-list"]);

const way = "every chunk as it is";

/**
 * Does what asks for another version of OME-NGFF and for nothing else: writes the group with everything below it as that
 * version, chunks byte for byte. What a call that was stopped had copied is kept. The place is then claimed.
 * @returns undefined where there is more to do, or that cannot be done without decoding chunks
 * @throws ChunkwiseError in-progress, resume-differs, input-changed, what the stores throw; the signal's reason
 */
export async function changeVersion(
	target: Target,
	path: string,
	place: ConversionPlace,
	{
		format,
		scaleFactors,
		method,
		chunks,
		shards,
		codec,
		level,
		dims,
		scale,
		units,
		restart,
		signal,
		onProgress,
	}: ConvertOptions,
): Promise<Outcome | undefined> {
	const more = [scaleFactors, method, chunks, shards, codec, level, dims, scale, units].some(
		(option) => option !== undefined,
	);
	if (more || format === undefined || target.kind !== "store") return undefined;
	// What was begun in another way is gone on with in that way.
	const begun = restart ? undefined : await place.way();
	if (begun !== undefined && begun !== way) return undefined;
	const group = await versionedGroup(target, format, signal);
	if (!group) return undefined;
	const identify = () => inputIdentity(path, [group.document, group.attrs]);
	const input = await identify();
	const made = await place.hold(restart ?? false, async (keep) => {
		const identity = { way, from: isUrl(path) ? path : resolve(path), input, format };
		await (await Journal.open(place.work, identity, 0)).save();
		const copied = await copyAs(group, format, place.image.path, {
			signal,
			onProgress: (progress) => {
				if (progress.done > 0) keep(true);
				onProgress?.(progress);
			},
		});
		if (copied && (await identify().catch(() => "")) !== input) {
			keep(false);
			throw inputChanged(path);
		}
		return copied;
	});
	if (!made) await place.forget();
	return made;
}

async function copyAs(
	group: ZarrGroup,
	format: ConversionFormat,
	folder: string,
	task: LongTask,
): Promise<Outcome | undefined> {
	const store = new CopiedFolder(folder);
	const to = format.slice("ome-zarr-".length) as WritableVersion;
	let report: ConversionReport;
	try {
		const { store: source, path } = group;
		// From folder to folder the system copies, which takes no memory here, and on some disks no time.
		const copyValue = source instanceof FolderStore ? store.copying(source) : undefined;
		report = await convertNgff(source, { ...task, to, path, target: store, resume: true, copyValue });
	} catch (error) {
		if (isChunkwiseError(error) && needsDecoding.has(error.code)) return undefined;
		throw error;
	}
	if (report.kept > 0) await store.countAll();
	const made = await openGroup(store);
	const images = Array.isArray(omeOf(made.attrs).multiscales) ? await readMultiscales(made) : [];
	const levels = (images[0]?.levels ?? []).map(({ array }): ConvertedLevel => {
		const { shape } = array;
		return {
			path: array.path,
			shape,
			chunks: array.chunks,
			shards: array.shards ?? null,
			chunkCount: product(gridShape(shape, array.chunks)),
			bytes: product(shape) * itemSize(valueType(array.dtype) ?? "uint8"),
			stored: store.chunks(array.path),
		};
	});
	return {
		levels,
		labels: images.length > 0 ? await labelPaths(made) : [],
		codec: null,
		bytes: levels.reduce((sum, level) => sum + level.bytes, 0),
		stored: store.chunks(""),
		objects: store.sizes.size,
		parts: report.copied + report.kept,
		resumed: report.kept,
	};
}
