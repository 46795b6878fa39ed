/** What the page is shown of an image and of a result. */
import { previewPlane } from "../../../lib/convert/preview.ts";
import type { RegionSource } from "../../../lib/convert/region-source.ts";
import { displaySymbol } from "../../../lib/display.ts";
import { formatCount } from "../../../lib/format.ts";
import { Picture } from "../../../lib/image/picture.ts";
import { levelPaths } from "../../../lib/multiscale/multiscale.ts";
import { runJob } from "../../../lib/parallel/jobs.ts";
import { documentCount } from "../../../lib/plan/conversion-plan.ts";
import type { ReadableStore, StoreKey } from "../../../lib/stores/store.ts";
import type { CodecName } from "../../../lib/zarr/codecs.ts";
import { tree } from "../../../lib/zarr/tree.ts";
import type { Calls, Inspection, KeptConversion, PreviewAnswer } from "../messages.ts";

/** A plane as a picture with coordinates. */
export async function preview(
	source: RegionSource,
	at: Readonly<Record<string, number>>,
	signal: AbortSignal,
): Promise<PreviewAnswer> {
	const found = await previewPlane(source, { at, signal });
	const { data, shape, every, start, part } = found;
	const axis = (dim: "y" | "x", first: number) => ({
		name: dim,
		...(source.units[dim] ? { unit: source.units[dim] } : {}),
		first: source.translation[dim] + first * source.scale[dim],
		step: source.scale[dim] * every,
	});
	const place = Object.entries(found.at).map(([dim, index]) => `${dim} = ${index}`);
	const picture = new Picture({
		name: source.name,
		data,
		shape,
		every,
		vertical: axis("y", start[0]),
		horizontal: axis("x", start[1]),
		at: place.join(", ") || undefined,
	})[displaySymbol]();
	const [rows, columns] = ["y", "x"].map((dim) => source.shape[source.dims.indexOf(dim)]);
	const note = part
		? `The middle of the plane: ${formatCount(shape[0] * every)} of ${formatCount(rows)} rows, ${formatCount(shape[1] * every)} of ${formatCount(columns)} columns.`
		: "";
	return { picture, note };
}

const measured: readonly CodecName[] = ["blosc-lz4", "blosc-zstd", "zstd", "gzip", "none"];

/** A chunk of the image's middle, stored by each codec: where ratios come from that are not guessed. */
export async function measure(
	source: RegionSource,
	chunks: readonly number[],
	signal: AbortSignal,
): Promise<Calls["measure"]["output"]> {
	const region = source.shape.map((length, axis): [number, number] => {
		const extent = Math.min(chunks[axis], length);
		// On the grid, as the chunk will be.
		const start = Math.floor(Math.floor((length - 1) / 2) / chunks[axis]) * chunks[axis];
		return [Math.min(start, length - extent), Math.min(start, length - extent) + extent];
	});
	const data = await source.read(region, signal);
	const shape = region.map(([start, stop]) => stop - start);
	const stored: Partial<Record<CodecName, number>> = {};
	for (const codec of measured) {
		signal.throwIfAborted();
		const bytes = await runJob("encodeChunk", {
			spec: { format: "zarr", codec, zarrFormat: 3 },
			data,
			shape,
			dtype: source.stored ?? source.dtype,
		});
		stored[codec] = bytes.byteLength;
	}
	return { memory: stored.none ?? data.byteLength, stored };
}

/** The result's hierarchy, and the documents that say the most: of the image, of its finest and coarsest level. */
export async function inspect(store: ReadableStore, kept: KeptConversion): Promise<Inspection> {
	const levels = kept.choice.factors.length + 1;
	const paths = levelPaths(kept.name, levels);
	const v3 = kept.choice.format === "ome-zarr-0.5";
	const keys = v3
		? ["zarr.json", `${paths[0]}/zarr.json`, `${paths[levels - 1]}/zarr.json`]
		: [".zattrs", `${paths[0]}/.zarray`, `${paths[levels - 1]}/.zarray`];
	const documents: Inspection["documents"] = [];
	for (const key of new Set(keys)) {
		const bytes = await store.get(`/${key}` as StoreKey);
		if (bytes) documents.push({ key, value: JSON.parse(new TextDecoder().decode(bytes)) });
	}
	return {
		tree: String(await tree(store)),
		documents,
		keys: kept.report?.objects ?? documentCount(kept.choice.format, levels),
		bytes: kept.report?.stored ?? 0,
	};
}
