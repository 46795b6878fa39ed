/** What the measurements in Node share: the image. */
import { readFileSync } from "node:fs";
import { openArray, type SpatialImage, toSpatialImage } from "../src/lib/index.ts";
import { folderStore } from "../src/lib/node.ts";
import { fixture, fixturesDir } from "../tests/support/fixtures.ts";
import { buildTiff } from "../tests/unit/tiff-builder.ts";
import { measure, type Times } from "./measure.ts";

/** The sample of the fixtures, or, where they are absent, synthetic noise of its shape, type and range. */
export async function sampleImage(): Promise<{ image: SpatialImage; what: string }> {
	if (fixturesDir) {
		const array = await openArray(
			folderStore(fixture("ome-zarr/hl50_cell/HL50_cell.zarr")),
			"scale0/HL50_cell",
		);
		return { image: toSpatialImage(await array.read(), { name: "image" }), what: "HL50 cell (BBBC024)" };
	}
	const image = toSpatialImage({ data: noise(), shape: [129, 212, 363] });
	return { image, what: "synthetic noise of the sample's shape" };
}

function noise(): Uint16Array {
	const data = new Uint16Array(129 * 212 * 363);
	for (let i = 0; i < data.length; i++) data[i] = 85 + (Math.imul(i, 2654435761) >>> 27);
	return data;
}

/** Milliseconds to copy the image once. */
export async function copying(image: SpatialImage): Promise<Times> {
	const target = image.data.slice();
	return measure(() => target.set(image.data as never));
}

/** The same as a TIFF of 129 pages with deflate: the fixtures' file, or noise (synthetic). */
export function sampleTiff(): { bytes: Uint8Array<ArrayBuffer>; what: string } {
	if (fixturesDir) {
		return {
			bytes: new Uint8Array(readFileSync(fixture("derived/HL50_cell.tif"))),
			what: "HL50 cell (BBBC024)",
		};
	}
	const page = { width: 363, height: 212, dtype: "uint16", compression: 8, predictor: 2 } as const;
	const values = noise();
	const pages = Array.from({ length: 129 }, (_, z) => ({
		...page,
		values: values.subarray(z * 212 * 363, (z + 1) * 212 * 363),
	}));
	return { bytes: new Uint8Array(buildTiff({ pages })), what: "synthetic noise of the sample's shape" };
}
