/** A volume as a NIfTI-1 file (https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h), which NiiVue opens. */
import type { SpatialImage } from "../../src/lib/index.ts";

const headerBytes = 352;

/** @param image z, y, x of uint16 */
export function nifti({ data, shape, scale }: SpatialImage): Uint8Array {
	if (!(data instanceof Uint16Array)) throw new Error("Only uint16 is written here.");
	const bytes = new Uint8Array(headerBytes + data.byteLength);
	const view = new DataView(bytes.buffer);
	view.setInt32(0, 348, true);
	const [depth, height, width] = shape;
	for (const [i, n] of [3, width, height, depth, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * i, n, true);
	view.setInt16(70, 512, true); // uint16
	view.setInt16(72, 16, true); // bits
	for (const [i, step] of [1, scale.x, scale.y, scale.z].entries()) view.setFloat32(76 + 4 * i, step, true);
	view.setFloat32(108, headerBytes, true);
	view.setFloat32(112, 1, true);
	// Without a way to the world NiiVue places it by its spacing.
	bytes.set(new TextEncoder().encode("n+1\0"), 344);
	bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), headerBytes);
	return bytes;
}
