/** Elements read from an array, with their shape. */
import { type Displayable, displaySymbol, type ReprDisplay } from "../display.ts";
import { formatBytes, formatCorners } from "../format.ts";
import type { Picture, PlotOptions } from "../image/picture.ts";
import { plotArray } from "../image/plot.ts";
import type { DataType, TypedArray } from "../types.ts";
import { littleEndianBytes } from "./dtypes.ts";
import { floatsToHalves } from "./half.ts";

export interface NdArrayFields {
	data: TypedArray;
	shape: readonly number[];
	dtype: DataType;
	/** Type in the store, where it is another (bool, float16). */
	storedDtype?: string;
	dims: readonly string[];
	/** Name of the array that it was read from. */
	name?: string;
	/** Index of the first element on each axis of the array that it was read from. */
	offset?: readonly number[];
	/** Indices of the axes that were cut away: "z = 100". */
	at?: string;
}

/** Elements read from an array: all of it, a part or a chunk, and where in the array they were. */
export class NdArray implements Displayable {
	/** C order, slowest axis first. */
	readonly data: TypedArray;
	/** Elements along each axis. */
	readonly shape: readonly number[];
	/** Type of `data`. */
	readonly dtype: DataType;
	/** Type in the store: "bool" arrives as uint8, "float16" as float32. */
	readonly storedDtype: string;
	/** Names of the axes. */
	readonly dims: readonly string[];
	readonly name: string;
	/** Index in the array of the first element, on each axis. */
	readonly offset: readonly number[];
	readonly #at?: string;

	constructor(fields: NdArrayFields) {
		this.data = fields.data;
		this.shape = fields.shape;
		this.dtype = fields.dtype;
		this.storedDtype = fields.storedDtype ?? fields.dtype;
		this.dims = fields.dims;
		this.name = fields.name ?? "array";
		this.offset = fields.offset ?? fields.shape.map(() => 0);
		this.#at = fields.at;
	}

	/** The elements as stored before any codec: little-endian, C order, bool as one byte. Checksums are taken of these. */
	toBytes(): Uint8Array {
		const data = this.storedDtype === "float16" ? floatsToHalves(this.data as Float32Array) : this.data;
		return littleEndianBytes(data);
	}

	/**
	 * A 2-D array as a picture with indices on its axes; of one with more axes one plane at a time, with sliders.
	 * @throws ChunkwiseError not-2d for fewer than two axes, bad-window, unknown-dim, index-out-of-range
	 */
	plot(options: PlotOptions = {}): Picture {
		const { name, dims, shape, data } = this;
		const axis = (i: number) => ({ name: dims[i] ?? "", first: this.offset[i] ?? 0, step: 1 });
		return plotArray({ name, dims, shape, data, axis, at: this.#at }, options);
	}

	toString(): string {
		return this[displaySymbol]().text;
	}

	[displaySymbol](): ReprDisplay {
		const extent = this.shape.map((n, axis) => `${this.dims[axis]}: ${n}`).join(", ");
		const title = `<NdArray (${extent})> ${this.dtype}, ${formatBytes(this.data.byteLength)}`;
		const values = formatCorners(this.shape, (i) => this.data[i], this.dtype.startsWith("float"));
		return { kind: "repr", title, values, sections: [], text: `${title}\n${values}` };
	}
}
