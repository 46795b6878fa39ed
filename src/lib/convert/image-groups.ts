/** The metadata of the groups around what was converted. */
import { isMethod } from "../multiscale/methods.ts";
import { levelPaths } from "../multiscale/multiscale.ts";
import { imageAttributes } from "../n5/metadata.ts";
import { type ChannelRequest, channelRanges, checkChannelCount, omeroMetadata } from "../ngff/channels.ts";
import { describeImage, ngffAttributes, type WritableVersion } from "../ngff/metadata.ts";
import { groupDocuments } from "../ngff/write.ts";
import { keyOf, type StoreKey, type WritableStore } from "../stores/store.ts";
import { itemSize, product } from "../types.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import { encodeJson } from "../zarr/metadata.ts";
import type { PlannedLevel } from "./plan-levels.ts";
import type { ConversionFormat, ConversionImage } from "./request.ts";

/**
 * Writes the metadata of an image's groups, its own last.
 * @param images all that belong together, the image of which the others are labels first
 * @returns documents written
 */
export async function writeGroups(
	store: WritableStore,
	image: ConversionImage,
	levels: readonly PlannedLevel[],
	format: ConversionFormat,
	images: readonly ConversionImage[],
): Promise<number> {
	const geometries = levels.map(({ geometry }) => geometry);
	if (format === "n5") {
		const attributes = imageAttributes({ name: image.name, levels: geometries });
		const document = image.path === "" ? { n5: "4.0.0", ...attributes } : attributes;
		await store.set(keyOf(image.path, "attributes.json"), encodeJson(document));
		return 1;
	}
	const version = format.slice("ome-zarr-".length) as WritableVersion;
	const zarrFormat = version === "0.4" ? 2 : 3;
	const paths = levelPaths(image.name, levels.length);
	const method = image.coarser?.method ?? image.type ?? "";
	const omero = image.omero ?? (image.channels && (await omeroOf(image, image.channels, levels)));
	const description = {
		...describeImage({
			name: image.name,
			paths,
			method,
			// How levels were made is claimed where all of them were made here.
			scaleFactors: image.levels.length === 1 && isMethod(method) ? [...(image.coarser?.factors ?? [])] : [],
			levels: geometries,
		}),
		...(omero ? { omero } : {}),
		...(image.imageLabel ? { imageLabel: image.imageLabel } : {}),
	};
	const documents: [key: StoreKey, document: unknown][] = [];
	const groups = new Set(paths.map((path) => path.split("/").slice(0, -1).join("/")));
	for (const group of groups) {
		documents.push(...groupDocuments(keyOf(image.path, group).slice(1), zarrFormat, {}));
	}
	const root = images[0].path;
	const labels = keyOf(root, "labels").slice(1);
	const names = images.flatMap(({ path }) =>
		path.startsWith(`${labels}/`) ? [path.slice(labels.length + 1)] : [],
	);
	if (image.path === root && names.length > 0) {
		const attributes: Attributes =
			version === "0.5" ? { ome: { version, labels: names } } : { labels: names };
		documents.push(...groupDocuments(labels, zarrFormat, attributes));
	}
	documents.push(
		...groupDocuments(image.path, zarrFormat, {
			...image.attributes,
			...ngffAttributes(description, version),
		}),
	);
	for (const [key, document] of documents) await store.set(key, encodeJson(document));
	return documents.length;
}

/** A coarsest level up to so many bytes is read to know what its channels hold. */
const lookedThrough = 64 << 20;

async function omeroOf(
	{ name }: ConversionImage,
	channels: readonly ChannelRequest[],
	levels: readonly PlannedLevel[],
): Promise<Json> {
	const { geometry, dtype, writer } = levels[levels.length - 1];
	const { dims, shape } = geometry;
	checkChannelCount(channels, dims, shape, name);
	if (product(shape) * itemSize(dtype) > lookedThrough) return omeroMetadata(channels, dtype, { name });
	const { data } = await (await writer.open()).read();
	return omeroMetadata(channels, dtype, { name, found: channelRanges({ dims, shape, data }) });
}
