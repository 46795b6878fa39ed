/** Boxes that were written last, still in memory: the next level is computed from them where it can be. */
import { copyStrided } from "../image/select.ts";
import { type Region, regionShape } from "../multiscale/region.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import { type BoxGrid, intersection, offsetIn, sameRegion } from "./boxes.ts";

export class RecentBoxes {
	readonly #limit: number;
	readonly #boxes = new Map<string, TypedArray>();
	#held = 0;

	/** @param limit bytes that the boxes may take together */
	constructor(limit: number) {
		this.#limit = limit;
	}

	keep(level: number, box: number, values: TypedArray): void {
		if (values.byteLength > this.#limit) return;
		for (const [id, old] of this.#boxes) {
			if (this.#held + values.byteLength <= this.#limit) break;
			this.#boxes.delete(id);
			this.#held -= old.byteLength;
		}
		this.#boxes.set(`${level} ${box}`, values);
		this.#held += values.byteLength;
	}

	/** A part of a level: from the boxes that are here, the rest as `stored` reads it. */
	async read(
		level: number,
		grid: BoxGrid,
		wanted: Region,
		dtype: DataType,
		stored: (part: Region) => Promise<TypedArray>,
	): Promise<TypedArray> {
		const touched = [...grid.touching(wanted)];
		const here = touched.map((box) => this.#boxes.get(`${level} ${box}`));
		if (here.every((values) => values === undefined)) return stored(wanted);
		const [only] = here;
		if (touched.length === 1 && only && sameRegion(grid.region(touched[0]), wanted)) return only;
		const out = allocate(dtype, product(regionShape(wanted)));
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
		return out;
	}
}
