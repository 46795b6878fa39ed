/**
 * A picture as a PNG file: 8 bits a pixel through a palette, as the page colours it.
 * Portable Network Graphics (PNG) Specification, third edition, https://www.w3.org/TR/png-3/.
 */
import type { PictureDisplay } from "../display.ts";
import { crc32 } from "../stores/crc32.ts";

/** Compresses into the zlib format (RFC 1950), at once. */
export type ZlibDeflate = (bytes: Uint8Array) => Uint8Array;

/** Sixteen steps of each colour map from d3-scale-chromatic; between them colours are mixed evenly. */
const anchors: Record<PictureDisplay["colorMap"], string> = {
	gray: "000000 ffffff",
	viridis:
		"440154 48186a 472d7b 424086 3b528b 33638d 2c728e 26828e 21918c 1fa088 28ae80 3fbc73 5ec962 84d44b addc30 d8e219 fde725",
	magma:
		"000004 0a0822 1d1147 36106b 51127c 6a1c81 832681 9c2e7f b73779 d0416f e75263 f56b5c fc8961 fea772 fec488 fde2a3 fcfdbf",
};

/** The bytes of a PNG file with one pixel for each value, dark to bright over the picture's window. */
export function pngOf(picture: PictureDisplay, deflate: ZlibDeflate): Uint8Array<ArrayBuffer> {
	const { width, height, data, window } = picture;
	const [low, high] = window;
	const scale = 255 / Math.max(high - low, Number.MIN_VALUE);
	// Each row begins with its filter: 0, none.
	const rows = new Uint8Array(height * (width + 1));
	for (let y = 0, i = 0; y < height; y++) {
		const start = y * (width + 1) + 1;
		for (let x = 0; x < width; x++, i++) {
			rows[start + x] = Math.max(0, Math.min(255, Math.round((Number(data[i]) - low) * scale))) || 0;
		}
	}
	const header = new DataView(new ArrayBuffer(13));
	header.setUint32(0, width);
	header.setUint32(4, height);
	header.setUint8(8, 8);
	header.setUint8(9, 3);
	const parts = [
		Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
		chunk("IHDR", new Uint8Array(header.buffer)),
		chunk("PLTE", palette(picture.colorMap)),
		chunk("IDAT", deflate(rows)),
		chunk("IEND", new Uint8Array(0)),
	];
	const file = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
	let at = 0;
	for (const part of parts) {
		file.set(part, at);
		at += part.length;
	}
	return file;
}

/** 256 colours, 3 bytes each. */
export function palette(name: PictureDisplay["colorMap"]): Uint8Array {
	const known = anchors[name].split(" ").map((hex) => Number.parseInt(hex, 16));
	const colours = new Uint8Array(768);
	for (let level = 0; level < 256; level++) {
		const place = (level / 255) * (known.length - 1);
		const before = Math.min(Math.floor(place), known.length - 2);
		for (let band = 0; band < 3; band++) {
			const [from, to] = [known[before], known[before + 1]].map((rgb) => (rgb >> (16 - 8 * band)) & 255);
			colours[level * 3 + band] = Math.round(from + (to - from) * (place - before));
		}
	}
	return colours;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
	const bytes = new Uint8Array(data.length + 12);
	const view = new DataView(bytes.buffer);
	view.setUint32(0, data.length);
	for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
	bytes.set(data, 8);
	view.setUint32(data.length + 8, crc32(bytes.subarray(4, data.length + 8)));
	return bytes;
}
