/** zarrita's own writing and reading, as a peer. Runs in Node and in a worker. */
import * as zarrita from "zarrita";
import type { SpatialImage } from "../src/lib/index.ts";
import { type CodecName, codecChain, installCodecs } from "../src/lib/zarr/codecs.ts";

/**
 * Gives zarrita's registry numcodecs' codecs: the library puts its own there, and does not use them from there for
 * blosc, gzip and zstd once an array's first chunk is decoded. zarrita has no gzip to write with.
 */
async function withNumcodecs<T>(run: () => Promise<T>): Promise<T> {
	installCodecs();
	const ours = new Map(zarrita.registry);
	zarrita.registry.set("blosc", async () => (await import("numcodecs/blosc")).default as never);
	zarrita.registry.set("gzip", async () => (await import("numcodecs/gzip")).default as never);
	zarrita.registry.set("zstd", async () => (await import("numcodecs/zstd")).default as never);
	try {
		return await run();
	} finally {
		for (const [name, codec] of ours) zarrita.registry.set(name, codec);
	}
}

/** Writes chunks of 64³ into a map. */
export async function zarritaWrite(image: SpatialImage, codec: CodecName): Promise<Map<string, Uint8Array>> {
	return withNumcodecs(async () => {
		const map = new Map<string, Uint8Array>();
		const array = await zarrita.create(zarrita.root(map), {
			shape: [...image.shape],
			chunkShape: [64, 64, 64],
			dtype: "uint16",
			codecs: codecChain(codec, "uint16").metadata.map(({ name, configuration = {} }) => ({
				name,
				// Its blosc takes the shuffle as a number.
				configuration: name === "blosc" ? { ...configuration, shuffle: 1 } : configuration,
			})),
			fillValue: 0,
		});
		const [, height, width] = image.shape;
		const whole = {
			data: image.data as Uint16Array,
			shape: [...image.shape],
			stride: [height * width, width, 1],
		};
		await zarrita.set(array, null, whole);
		return map;
	});
}

/** A run that reads what {@link zarritaWrite} wrote. */
export async function zarritaReader(map: Map<string, Uint8Array>): Promise<() => Promise<unknown>> {
	return withNumcodecs(async () => {
		const array = await zarrita.open.v3(zarrita.root(map), { kind: "array" });
		return () => withNumcodecs(() => zarrita.get(array));
	});
}
