/** Several images in one hierarchy, as bioformats2raw lays them out (OME-NGFF 0.4 and 0.5, "bioformats2raw.layout"). */
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { asStore } from "../stores/memory.ts";
import { exclusively, keyOf, normalizePath, type WritableStore } from "../stores/store.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { encodeJson } from "../zarr/metadata.ts";
import type { WritableVersion } from "./metadata.ts";
import { omeOf } from "./multiscales.ts";
import { groupDocuments } from "./write.ts";

/** Whether a group is the root of such a hierarchy. */
export function isSeries(group: ZarrGroup): boolean {
	return omeOf(group.attrs)["bioformats2raw.layout"] !== undefined;
}

/**
 * The paths of the images below such a group: those that its group OME lists, else the numbered groups 0, 1, 2, … as
 * far as they go.
 * @throws ChunkwiseError no-series, bad-metadata
 */
export async function readSeries(group: ZarrGroup): Promise<string[]> {
	if (!isSeries(group)) {
		throw new ChunkwiseError("no-series", "This group has no bioformats2raw.layout metadata.", {
			where: group.path || "/",
			remedy: "Open the image itself, or the group above its numbered images.",
		});
	}
	const extra = await groupBelow(group, "OME");
	const listed = extra && omeOf(extra.attrs).series;
	if (Array.isArray(listed)) {
		return listed
			.filter((path) => typeof path === "string")
			.map(normalizePath)
			.filter(Boolean);
	}
	const found: string[] = [];
	while (await groupBelow(group, String(found.length))) found.push(String(found.length));
	return found;
}

async function groupBelow(group: ZarrGroup, path: string): Promise<ZarrGroup | undefined> {
	try {
		const node = await group.open(path);
		return node.kind === "group" ? node : undefined;
	} catch (error) {
		if (isChunkwiseError(error) && error.code === "not-zarr") return undefined;
		throw error;
	}
}

/** The group OME and, last, the group above the images: their paths below it, with their attributes. */
export function seriesGroups(
	series: readonly string[],
	version: WritableVersion,
): { path: string; attributes: Record<string, unknown> }[] {
	const attributes = (fields: Record<string, unknown>) =>
		version === "0.5" ? { ome: { version, ...fields } } : fields;
	return [
		{ path: "OME", attributes: attributes({ series }) },
		{ path: "", attributes: attributes({ "bioformats2raw.layout": 3 }) },
	];
}

/** Version and place of a group of images, as bioformats2raw lays them out. */
export interface SeriesWriteOptions {
	/** Version of OME-NGFF; default "0.5". */
	version?: WritableVersion;
	/** Group of the store that holds the images; default its root. */
	path?: string;
	/** What the original file said, for OME/METADATA.ome.xml, with MetadataOnly elements. */
	omeXml?: string;
}

/**
 * Writes the metadata of a set of images: the group above them and its group OME, which lists them in this order. The
 * images are written to these paths by themselves, before or after, with the same version.
 * @throws ChunkwiseError bad-series, and what the store throws
 */
export async function writeSeries(
	into: WritableStore | Map<string, Uint8Array>,
	paths: readonly string[],
	options: SeriesWriteOptions = {},
): Promise<void> {
	const store = asStore(into);
	const at = normalizePath(options.path ?? "");
	const version = options.version ?? "0.5";
	const series = paths.map(normalizePath);
	const wrong = series.find((path, i) => path === "" || path === "OME" || series.indexOf(path) < i);
	if (series.length === 0 || wrong !== undefined) {
		throw new ChunkwiseError(
			"bad-series",
			wrong === undefined ? "There is no image in the set." : `An image of the set has the path "${wrong}".`,
			{ where: at || "/", remedy: 'Give each image a path of its own below the group, such as "0", "1".' },
		);
	}
	const below = keyOf(at, "OME").slice(1);
	const documents = seriesGroups(series, version).flatMap((group) =>
		groupDocuments(normalizePath(keyOf(at, group.path)), version === "0.5" ? 3 : 2, group.attributes),
	);
	await exclusively(store, async () => {
		if (options.omeXml !== undefined) {
			await store.set(keyOf(below, "METADATA.ome.xml"), new TextEncoder().encode(options.omeXml));
		}
		for (const [key, document] of documents) await store.set(key, encodeJson(document));
	});
}
