/** The images that an input and the options of a call make: levels, factors, chunks. */
import type { RegionSource } from "../lib/convert/region-source.ts";
import { type ConversionImage, defaultMemory } from "../lib/convert/request.ts";
import { ChunkwiseError } from "../lib/errors.ts";
import type { ChunkRequest } from "../lib/multiscale/chunks.ts";
import { levelFactors, type ScaleFactor } from "../lib/multiscale/to-multiscale.ts";
import { keyOf } from "../lib/stores/store.ts";
import { itemSize, product } from "../lib/types.ts";
import { namedFactors, saysGeometry, withSaid } from "./convert-geometry.ts";
import type { Input } from "./convert-input.ts";
import type { ConvertOptions } from "./convert-request.ts";

export function bytesOf(levels: readonly RegionSource[]): number {
	return levels.reduce((sum, { shape, dtype }) => sum + product(shape) * itemSize(dtype), 0);
}

/**
 * The image of an input and its labels, with the levels that are asked for.
 * @param path of its group in the result
 */
export function imagesOf(input: Input, options: ConvertOptions, path = ""): ConversionImage[] {
	// The mean of two labels is a third.
	const { scaleFactors, method = input.imageLabel ? "mode" : "mean" } = options;
	const finest = withSaid(input.levels[0], options);
	// Where its axes are said anew, coarser levels that it has are not what they were either.
	const asked = scaleFactors !== undefined || options.method !== undefined || saysGeometry(options);
	const keep = !asked && input.levels.length > 1;
	const wanted = scaleFactors && namedFactors(finest, scaleFactors);
	const factors = keep ? undefined : levelFactors(finest, wanted ?? usualFactors(finest));
	const request = chunkRequest(finest, options.chunks, "chunks");
	const shards = chunkRequest(finest, options.shards, "shards");
	const own = ({ dims, block }: RegionSource) => byDim(dims, block);
	const image: ConversionImage = {
		path,
		name: input.name,
		levels: keep ? input.levels : [finest],
		type: keep ? input.type : undefined,
		coarser: factors && { factors, method },
		chunks: request ?? (input.chunked ? own(finest) : undefined),
		omero: input.omero,
		channels: input.channels,
		shards: shards ?? ownShards(finest, options),
		attributes: input.attributes,
		imageLabel: input.imageLabel,
	};
	if (options.format === "n5") return [image];
	const labels = input.labels.map(({ name, levels, attributes, imageLabel }): ConversionImage => {
		const [first] = levels;
		const known = (all: Readonly<Record<string, number>>) =>
			Object.fromEntries(Object.entries(all).filter(([dim]) => first.dims.includes(dim)));
		let shape = first.shape;
		// Labels follow their image; along an axis on which they are one plane for all of it they stay so.
		const fitting = factors?.map((level) => {
			const own = Object.fromEntries(
				first.dims.map((dim, axis) => [dim, shape[axis] >= (level[dim] ?? 1) ? (level[dim] ?? 1) : 1]),
			);
			shape = shape.map((n, axis) => Math.floor(n / own[first.dims[axis]]));
			return own;
		});
		return {
			path: keyOf(path, `labels/${name}`).slice(1),
			name,
			levels: fitting ? [first] : levels,
			coarser: fitting && { factors: fitting, method: "mode" },
			chunks: typeof request === "object" ? known(request) : (request ?? own(first)),
			shards: typeof shards === "object" ? known(shards) : (shards ?? ownShards(first, options)),
			attributes,
			imageLabel,
		};
	});
	return [image, ...labels];
}

const byDim = (dims: readonly string[], lengths: readonly number[]) =>
	Object.fromEntries(dims.map((dim, axis) => [dim, lengths[axis]]));

/** The shards of an input, where its chunks are kept, the format has shards, and one is small beside the memory. */
function ownShards(
	{ dims, shards, dtype }: RegionSource,
	{ format = "ome-zarr-0.5", chunks, memory = defaultMemory }: ConvertOptions,
): ChunkRequest | undefined {
	if (!shards || chunks || format !== "ome-zarr-0.5") return undefined;
	return product(shards) * itemSize(dtype) <= memory / 4 ? byDim(dims, shards) : undefined;
}

/** 2 then 4 as in the course, along the axes that are long enough. */
function usualFactors(image: RegionSource): ScaleFactor[] {
	let shape = [...image.shape];
	const levels: Record<string, number>[] = [];
	for (const factor of [2, 4]) {
		const factors: Record<string, number> = {};
		image.dims.forEach((dim, axis) => {
			if (dim !== "t" && dim !== "c" && shape[axis] >= factor) factors[dim] = factor;
		});
		if (Object.keys(factors).length === 0) break;
		shape = shape.map((size, axis) => Math.floor(size / (factors[image.dims[axis]] ?? 1)));
		levels.push(factors);
	}
	return levels;
}

function chunkRequest(
	image: RegionSource,
	lengths: number[] | undefined,
	what: "chunks" | "shards",
): Exclude<ChunkRequest, readonly number[]> | undefined {
	if (!lengths || lengths.length === 1) return lengths?.[0];
	const space = image.dims.filter((dim) => dim !== "t" && dim !== "c");
	const dims = lengths.length === image.dims.length ? image.dims : space;
	if (lengths.length !== dims.length) {
		throw new ChunkwiseError(
			`bad-${what}`,
			`${lengths.length} lengths of ${what} are given for ${image.dims.join(", ")}.`,
			{
				where: image.name,
				remedy: `Give one length, or one for each of ${space.join(", ")}.`,
			},
		);
	}
	return Object.fromEntries(dims.map((dim, i) => [dim, lengths[i]]));
}
