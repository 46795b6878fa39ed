/** The synthetic embryo as an OME-Zarr of version 0.1, laid out as the IDR laid out image 6001240. */
import { SpatialImage } from "../image/spatial-image.ts";
import { toMultiscale } from "../multiscale/to-multiscale.ts";
import { type LongTask, progressOf } from "../progress.ts";
import { keyOf, type WritableStore } from "../stores/store.ts";
import { encodeJson } from "../zarr/metadata.ts";
import { writeArray } from "../zarr/write-array.ts";
import { embryo, embryoChannels, embryoShape } from "./embryo.ts";

/** In the folder data of the site. */
export const embryoName = "6001240.zarr";
/** Its name in its own metadata: whoever opens it elsewhere sees what it is. */
export const embryoTitle = "synthetic stand-in for IDR image 6001240, made by Chunkwise";

/**
 * Writes the synthetic embryo: three levels of (t, c, z, y, x) = (1, 2, 236, 275, 271) uint16 and coarser along y and x,
 * one plane a chunk, big-endian, blosc (LZ4), keys with dots, Zarr version 2. OME-NGFF 0.1 has neither axes nor
 * scales. 1,421 keys.
 * @throws the signal's reason when aborted; what the store throws
 */
export async function writeEmbryo(store: WritableStore, task: LongTask = {}): Promise<void> {
	const { signal } = task;
	const image = new SpatialImage({
		name: "embryo",
		data: await embryo(task),
		dims: ["t", "c", "z", "y", "x"],
		shape: [1, ...embryoShape],
	});
	const halves = { y: 2, x: 2 };
	const { levels } = await toMultiscale(image, [halves, halves], { signal });
	const report = progressOf(task);
	const chunks = levels.length * embryoShape[0] * embryoShape[1];
	let done = 0;
	for (const [i, { data, shape }] of levels.entries()) {
		const onChunk = () => {
			done++;
			report({ label: "Writing the synthetic embryo", done, total: chunks, unit: "chunks" });
		};
		await writeArray(
			store,
			String(i),
			{
				data,
				shape,
				chunks: [1, 1, 1, shape[3], shape[4]],
				dtype: "uint16",
				codec: "blosc-lz4",
				zarrFormat: 2,
				byteOrder: "big",
				separator: ".",
			},
			{ signal, onChunk },
		);
	}
	await store.set(keyOf("", ".zattrs"), encodeJson(attributes(levels.length)));
	await store.set(keyOf("", ".zgroup"), encodeJson({ zarr_format: 2 }));
}

function attributes(levels: number): Record<string, unknown> {
	const window = { start: 0, end: 1500, min: 0, max: 65535 };
	return {
		multiscales: [
			{
				version: "0.1",
				name: embryoTitle,
				datasets: Array.from({ length: levels }, (_, i) => ({ path: String(i) })),
			},
		],
		omero: {
			version: "0.1",
			id: 1,
			name: embryoTitle,
			channels: embryoChannels.map((channel) => ({
				active: true,
				coefficient: 1,
				...channel,
				family: "linear",
				inverted: false,
				window,
			})),
			rdefs: { defaultT: 0, defaultZ: 118, model: "color" },
		},
	};
}
