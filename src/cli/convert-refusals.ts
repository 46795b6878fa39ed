/** Why `chunkwise convert` cannot take an input as one image, and which paths it would take. */
import { ChunkwiseError } from "../lib/errors.ts";
import { omeOf } from "../lib/ngff/multiscales.ts";
import { keyOf } from "../lib/stores/store.ts";
import { isElsewhere } from "../lib/tiff/series.ts";
import type { Tiff } from "../lib/tiff/tiff.ts";
import type { Json } from "../lib/zarr/array-metadata.ts";
import type { ZarrGroup } from "../lib/zarr/group.ts";
import { openGroup } from "../lib/zarr/open.ts";

/** A TIFF of several images, for N5. */
export function severalSeries(tiff: Tiff, path: string): ChunkwiseError {
	const here = tiff.series.filter((series) => !isElsewhere(series));
	const named = here.slice(0, 4).map(({ index }) => `${path}#series/${index}`);
	return new ChunkwiseError(
		"several-images",
		`The file holds ${here.length} images, and N5 has no place for several.`,
		{
			where: path,
			remedy: `Convert it to an OME-Zarr, or its images one by one: ${named.join(", ")}${here.length > 4 ? ", …" : ""}.`,
		},
	);
}

/** A group that holds images or arrays, or none. */
export function several(path: string, inside: readonly string[]): ChunkwiseError {
	const place = (inner: string) => `${path.replace(/#.*$/, "")}#${inner}`;
	const none = inside.length === 0;
	return new ChunkwiseError(
		none ? "no-multiscales" : "several-images",
		none
			? "This group holds no image and no array."
			: "This group is no image itself, and holds images or arrays.",
		{
			where: path,
			remedy: none
				? "Give an OME-Zarr or N5 image, or an array."
				: `Name one: ${inside.slice(0, 4).map(place).join(", ")}${inside.length > 4 ? ", …" : ""}.`,
		},
	);
}

/** A plate, for N5. */
export async function isPlate(group: ZarrGroup, plate: Json, path: string): Promise<ChunkwiseError> {
	const wells = (Array.isArray(plate.wells) ? plate.wells : []) as { path?: string }[];
	const [well] = wells;
	let example = "";
	if (typeof well?.path === "string") {
		const at = keyOf(group.path, well.path).slice(1);
		const found = await openGroup(group.store, at).catch(() => undefined);
		const images = (omeOf(found?.attrs ?? {}).well as Json | undefined)?.images as
			| { path?: string }[]
			| undefined;
		example = `${path.replace(/#.*$/, "")}#${at}/${images?.[0]?.path ?? "0"}`;
	}
	return new ChunkwiseError(
		"is-plate",
		`This is a plate of ${wells.length} wells, not one image, and N5 has no plates.`,
		{
			where: path,
			remedy: `Convert it to an OME-Zarr, or its images one by one: ${example || "name one, PATH#A/1/0"}.`,
		},
	);
}
