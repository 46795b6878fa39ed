/** An array in an N5 container. It reads as a Zarr array does: blocks are its chunks, axes slowest first. */
import { displaySymbol, type ReprDisplay } from "../display.ts";
import { keyOf, type ReadableStore } from "../stores/store.ts";
import { itemSize } from "../types.ts";
import { ZarrArray } from "../zarr/array.ts";
import type { CodecMetadata } from "../zarr/codecs.ts";
import { littleEndianBytes } from "../zarr/dtypes.ts";
import type { N5ArrayMetadata } from "./attributes.ts";
import { decodeBlock } from "./block.ts";
import { blockKey } from "./block-key.ts";
import type { N5Compression } from "./compression.ts";

/**
 * Read by the code that reads Zarr arrays, to which the blocks are shown as whole chunks without compression. A block
 * that is not stored is all zeros: N5 has no fill value.
 */
export class N5Array extends ZarrArray {
	readonly n5: N5ArrayMetadata;

	constructor(store: ReadableStore, path: string, n5: N5ArrayMetadata, dimensionNames?: readonly string[]) {
		super(blocksAsChunks(store, path, n5), path, {
			zarrFormat: 3,
			shape: n5.shape,
			chunks: n5.blockShape,
			dtype: n5.dtype,
			byteOrder: itemSize(n5.dtype) === 1 ? null : "big",
			codecs: [{ name: "bytes", configuration: { endian: "little" } }],
			fillValue: 0,
			dimensionNames: dimensionNames && [...dimensionNames],
			attributes: n5.attributes,
			keyEncoding: { name: "default", separator: "/" },
			document: n5.document,
		});
		this.n5 = n5;
	}

	/** The compression of the blocks. */
	override get codecs(): readonly CodecMetadata[] {
		const { type, ...configuration } = this.compression;
		return [{ name: type, ...(Object.keys(configuration).length > 0 ? { configuration } : {}) }];
	}

	get compression(): N5Compression {
		return this.n5.compression;
	}

	/** The key of a block; N5 writes the fastest axis first: "s0/x/y/z" for the index z, y, x. */
	override chunkKey(index: readonly number[]): string {
		super.chunkKey(index);
		return blockKey(this.path, index).slice(1);
	}

	/** Without what all N5 arrays share: no version of Zarr, and bytes in big-endian order. */
	override [displaySymbol](): ReprDisplay {
		const shown = super[displaySymbol]();
		const own = (text: string) =>
			text.replace("<ZarrArray", "<N5Array").replace(/^ {2}(?:Zarr format|Byte order) .*\n/gm, "");
		return {
			...shown,
			title: own(shown.title),
			text: own(shown.text),
			sections: shown.sections.map((section) => ({
				...section,
				rows: section.rows.filter(([name]) => name !== "Zarr format" && name !== "Byte order"),
			})),
		};
	}
}

/** A store in which the chunks of a Zarr array are the blocks of an N5 array, decoded. */
function blocksAsChunks(store: ReadableStore, path: string, n5: N5ArrayMetadata): ReadableStore {
	const start = keyOf(path, "c/");
	return {
		async get(key, options) {
			if (!key.startsWith(start)) return undefined;
			const from = blockKey(path, key.slice(start.length).split("/").map(Number));
			const block = await store.get(from, options);
			return block && littleEndianBytes(await decodeBlock(block, n5, from.slice(1)));
		},
	};
}
