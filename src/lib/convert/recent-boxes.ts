/** Boxes that were written last, still in memory: the next level is computed from them where it can be. */
import { copyStrided } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import { allocate, cStrides, type DataType, itemSize, product, type TypedArray, viewAs } from "../types.ts";
import { type BoxGrid, intersection, offsetIn, sameRegion } from "./boxes.ts";

export class RecentBoxes {
	readonly #limit: number;
	readonly #boxes = new Map<string, TypedArray>();
	#held = 0;
	#spares: ArrayBuffer[] = [];

	/** @param limit bytes that the boxes may take together */
	constructor(limit: number) {
		this.#limit = limit;
	}

	/** Memory of a box that nobody uses any more, for another; a new one where none is large enough. */
	take(dtype: DataType, length: number): TypedArray {
		const bytes = length * itemSize(dtype);
		// Not one far larger than it needs to be.
		const at = this.#spares.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= 2 * bytes);
		if (at < 0) return allocate(dtype, length);
		const [spare] = this.#spares.splice(at, 1);
		return viewAs(dtype, spare, 0, length);
	}

	/**
	 * Gives up the memory of a box that was taken here. It is kept for the next: what is given back to the engine stays with
	 * the process until garbage is collected.
	 */
	release(values: TypedArray): void {
		this.#spares.push(values.buffer as ArrayBuffer);
		let held = this.#spares.reduce((sum, { byteLength }) => sum + byteLength, 0);
		while (this.#spares.length > 1 && held > this.#limit) held -= this.#spares.shift()?.byteLength ?? 0;
	}

	/** Whether a box of so many bytes would be kept. */
	keeps(bytes: number): boolean {
		return bytes <= this.#limit;
	}

	keep(level: number, box: number, values: TypedArray): void {
		for (const [id, old] of this.#boxes) {
			if (this.#held + values.byteLength <= this.#limit) break;
			this.#boxes.delete(id);
			this.#held -= old.byteLength;
			this.release(old);
		}
		this.#boxes.set(`${level} ${box}`, values);
		this.#held += values.byteLength;
	}

	/**
	 * A part of a level: from the boxes that are here, the rest as `stored` reads it.
	 * @returns `own`: whether nobody else has the array
	 */
	async read(
		level: number,
		grid: BoxGrid,
		wanted: Region,
		dtype: DataType,
		stored: (part: Region) => Promise<TypedArray>,
	): Promise<{ values: TypedArray; own: boolean }> {
		const touched = [...grid.touching(wanted)];
		const here = touched.map((box) => this.#boxes.get(`${level} ${box}`));
		if (here.every((values) => values === undefined)) return { values: await stored(wanted), own: true };
		const [only] = here;
		if (touched.length === 1 && only && sameRegion(grid.region(touched[0]), wanted)) {
			return { values: only, own: false };
		}
		const out = this.take(dtype, product(regionShape(wanted)));
		const strides = cStrides(regionShape(wanted));
		for (const [i, box] of touched.entries()) {
			const region = grid.region(box);
			const part = intersection(region, wanted);
			if (!part) continue;
			const whole = here[i] ? region : part;
			const values = here[i] ?? (await stored(part));
			copyStrided(
				values,
				offsetIn(whole, part),
				cStrides(regionShape(whole)),
				out,
				offsetIn(wanted, part),
				strides,
				regionShape(part),
			);
		}
		return { values: out, own: true };
	}
}
