/** `convert IN OUT --format …` and nothing else asked for: a change of version, which leaves every chunk as it is. */
import type { ConversionFormat, ConvertedLevel } from "../lib/convert/convert.ts";
import { isChunkwiseError } from "../lib/errors.ts";
import { convertNgff } from "../lib/ngff/convert.ts";
import { labelPaths } from "../lib/ngff/labels.ts";
import type { WritableVersion } from "../lib/ngff/metadata.ts";
import { omeOf, omeVersion, readMultiscales } from "../lib/ngff/multiscales.ts";
import { isSeries } from "../lib/ngff/series.ts";
import { gridShape } from "../lib/plan/grid.ts";
import type { LongTask } from "../lib/progress.ts";
import { FolderStore } from "../lib/stores/node-folder.ts";
import type { StoreKey } from "../lib/stores/store.ts";
import { itemSize, product } from "../lib/types.ts";
import { valueType } from "../lib/zarr/dtypes.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup } from "../lib/zarr/open.ts";
import type { StoreTarget } from "./target.ts";

/** What was copied. */
export interface VersionChange {
	levels: ConvertedLevel[];
	labels: string[];
	bytes: number;
	stored: number;
	objects: number;
}

/** A folder that counts what is written into it. */
class CountingFolder extends FolderStore {
	readonly sizes = new Map<string, number>();

	override async set(key: StoreKey, value: Uint8Array): Promise<void> {
		await super.set(key, value);
		this.sizes.set(key.slice(1), value.byteLength);
	}

	/** Bytes below a path but for metadata documents. */
	chunks(path: string): number {
		const start = path === "" ? "" : `${path}/`;
		let sum = 0;
		for (const [key, size] of this.sizes) {
			if (key.startsWith(start) && !/(^|\/)(zarr\.json|\.z(array|attrs|group|metadata))$/.test(key))
				sum += size;
		}
		return sum;
	}
}

/**
 * The group whose version can be changed: an image, plate, well or set of another version than the one asked for.
 * undefined for anything else.
 */
export async function versionedGroup(
	target: StoreTarget,
	format: ConversionFormat,
): Promise<ZarrGroup | undefined> {
	if (format === "n5") return undefined;
	try {
		const group = await openGroup(target.store, target.inner);
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

/**
 * Writes the group with everything below it into a folder as the version asked for, chunks byte for byte.
 * @returns undefined where that cannot be done without decoding them
 * @throws what the stores throw; the signal's reason
 */
export async function changeVersion(
	group: ZarrGroup,
	format: ConversionFormat,
	folder: string,
	task: LongTask,
): Promise<VersionChange | undefined> {
	const store = new CountingFolder(folder);
	const to = format.slice("ome-zarr-".length) as WritableVersion;
	try {
		await convertNgff(group.store, { ...task, to, path: group.path, target: store });
	} catch (error) {
		if (isChunkwiseError(error) && needsDecoding.has(error.code)) return undefined;
		throw error;
	}
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
		bytes: levels.reduce((sum, level) => sum + level.bytes, 0),
		stored: store.chunks(""),
		objects: store.sizes.size,
	};
}
