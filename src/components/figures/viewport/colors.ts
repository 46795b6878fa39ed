/** The colours of a blue nuclear stain under the microscope: from the dark of the room to white. */
import { interpolateRgbBasis, rgb } from "d3";

export const stain: readonly string[] = [
	"#05070b",
	"#081233",
	"#112a78",
	"#2458cf",
	"#5b93ff",
	"#b9d4ff",
	"#ffffff",
];

/** 256 colours as RGBA bytes. */
export function lookup(): Uint8ClampedArray {
	const at = interpolateRgbBasis([...stain]);
	const table = new Uint8ClampedArray(256 * 4);
	for (let i = 0; i < 256; i++) {
		const { r, g, b } = rgb(at(i / 255));
		table.set([r, g, b, 255], i * 4);
	}
	return table;
}
