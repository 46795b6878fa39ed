/** Library code that a browser test runs in a page, bundled by Vite: Zstandard where its WebAssembly may be missing. */
import { memoryStore, openArray, toMultiscale, toNgffZarr, toSpatialImage } from "../../src/lib/index.ts";
import { zstdEncoder } from "../../src/lib/zarr/codecs/zstd-wasm.ts";

/** Whether the faster encoder was there, and whether what was written is read again, or why nothing was. */
export async function tryZstd(): Promise<{ encoder: boolean; same?: boolean; refused?: string }> {
	try {
		return { encoder: (await zstdEncoder()) !== undefined, same: await writeAndRead() };
	} catch (error) {
		return { encoder: (await zstdEncoder()) !== undefined, refused: (error as { code: string }).code };
	}
}

async function writeAndRead(): Promise<boolean> {
	const data = new Uint16Array(40 * 50).map((_, i) => (i * i) % 611);
	const multiscale = await toMultiscale(toSpatialImage({ data, shape: [40, 50] }), []);
	let same = true;
	for (const codec of ["zstd", "blosc-zstd"] as const) {
		const store = memoryStore();
		await toNgffZarr(store, multiscale, { codec });
		const read = await (await openArray(store, multiscale.paths[0])).read();
		same &&= data.every((value, i) => value === read.data[i]);
	}
	return same;
}
