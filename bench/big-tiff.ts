/** BigTIFFs of any size, written as they are made: synthetic noise on slopes. */
import { createWriteStream } from "node:fs";
import { deflateSync } from "node:zlib";

export const width = 1024;
export const height = 1024;

/** A page of slopes and camera noise, different for each z. */
function page(z: number): Uint16Array {
	const values = new Uint16Array(width * height);
	let state = (z * 2654435761 + 1) >>> 0;
	for (let y = 0, i = 0; y < height; y++) {
		for (let x = 0; x < width; x++, i++) {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			values[i] = 90 + ((x + y + 4 * z) >> 3) + (state >>> 27);
		}
	}
	return values;
}

/** A BigTIFF of `pages` grey pages of 16 bits, each one strip, written as it is made. */
export async function writeBigTiff(path: string, pages: number, compressed: boolean): Promise<void> {
	const file = createWriteStream(path);
	const put = (bytes: Uint8Array) =>
		new Promise<void>((done, failed) => file.write(bytes, (error) => (error ? failed(error) : done())));
	const entries = 9;
	const directoryBytes = 8 + 20 * entries + 8;
	const header = new DataView(new ArrayBuffer(16));
	header.setUint16(0, 0x4949);
	header.setUint16(2, 43, true);
	header.setUint16(4, 8, true);
	header.setBigUint64(8, 16n, true);
	await put(new Uint8Array(header.buffer));
	let at = 16;
	for (let z = 0; z < pages; z++) {
		const values = new Uint8Array(page(z).buffer);
		const strip = compressed ? deflateSync(values, { level: 1 }) : values;
		const directory = new DataView(new ArrayBuffer(directoryBytes));
		directory.setBigUint64(0, BigInt(entries), true);
		const tags: [tag: number, value: number][] = [
			[256, width],
			[257, height],
			[258, 16],
			[259, compressed ? 8 : 1],
			[262, 1],
			[273, at + directoryBytes],
			[277, 1],
			[278, height],
			[279, strip.byteLength],
		];
		for (const [i, [tag, value]] of tags.entries()) {
			directory.setUint16(8 + 20 * i, tag, true);
			directory.setUint16(10 + 20 * i, 16, true);
			directory.setBigUint64(12 + 20 * i, 1n, true);
			directory.setBigUint64(20 + 20 * i, BigInt(value), true);
		}
		const next = z + 1 < pages ? at + directoryBytes + strip.byteLength : 0;
		directory.setBigUint64(8 + 20 * entries, BigInt(next), true);
		await put(new Uint8Array(directory.buffer));
		await put(strip);
		at += directoryBytes + strip.byteLength;
	}
	await new Promise<void>((done) => file.end(done));
}
