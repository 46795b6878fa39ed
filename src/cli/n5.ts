/** N5 containers as PATH: what is no Zarr is looked at as N5, and the other way round where the name says N5. */
import { ChunkwiseError, isChunkwiseError } from "../lib/errors.ts";
import { readN5Images } from "../lib/n5/multiscales.ts";
import { isN5 } from "../lib/n5/open.ts";
import type { ZarrArray } from "../lib/zarr/array.ts";
import type { StoreTarget } from "./target.ts";

const hasCode = (error: unknown, code: string) => isChunkwiseError(error) && error.code === code;

/** What `zarr` gives; where it finds no Zarr and there is an N5 container, what `n5` gives. */
export async function orN5<T>(target: StoreTarget, zarr: () => Promise<T>, n5: () => Promise<T>): Promise<T> {
	const namedN5 = /\.n5(\/|\\|$)/i.test(target.name);
	// Only far away do the questions cost anything.
	if (namedN5 && target.web && (await isN5(target.store, target.inner))) return n5();
	try {
		return await zarr();
	} catch (error) {
		if (!hasCode(error, "not-zarr") || !(await isN5(target.store, target.inner))) throw error;
		return n5();
	}
}

/**
 * The array that a PATH names: itself, or the finest level of the only image below it.
 * @throws ChunkwiseError not-an-array, and as reading N5
 */
export async function n5ArrayOf({ store, inner, name }: StoreTarget): Promise<ZarrArray> {
	const images = await readN5Images(store, inner);
	if (images.length === 1) return images[0].levels[0].array;
	const paths = images.map((image) => image.levels[0].path);
	throw new ChunkwiseError("not-an-array", "This is a group and not an array.", {
		where: inner || name,
		remedy:
			paths.length > 0
				? `Name one of its arrays: ${name}#${paths[0]} (there are ${paths.slice(0, 6).join(", ")}${paths.length > 6 ? ", …" : ""}).`
				: "It holds no arrays.",
	});
}
