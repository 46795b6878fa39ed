/** A plane cut out of a chunk, in one of the three kinds of numbers that a graphics card takes. */
import { cStrides, type TypedArray } from "../types.ts";

/** What planes are made of: bytes and 16-bit integers as they are, all else as 32-bit floats. */
export type PlaneValues = Uint8Array | Uint16Array | Float32Array;

/** A plane of a chunk: rows × columns, C order. */
export interface ChunkPlane {
	data: PlaneValues;
	rows: number;
	columns: number;
}

/** Where a plane lies in a chunk. */
export interface PlaneCut {
	/** Of the chunk. */
	shape: readonly number[];
	/** Axes that become rows and columns. */
	vertical: number;
	horizontal: number;
	/** Index in the chunk on each axis; of the two above it is where the plane begins. */
	index: readonly number[];
	rows: number;
	columns: number;
}

/** @throws RangeError for a cut that is not inside the chunk */
export function cutChunk(values: TypedArray, cut: PlaneCut): ChunkPlane {
	const { shape, vertical, horizontal, index, rows, columns } = cut;
	const strides = cStrides(shape);
	const isInside =
		index[vertical] + rows <= shape[vertical] &&
		index[horizontal] + columns <= shape[horizontal] &&
		index.every((i, axis) => i >= 0 && i < shape[axis]);
	if (!isInside) throw new RangeError(`no plane at ${index.join(", ")} in a chunk of ${shape.join(" × ")}`);
	const start = index.reduce((sum, i, axis) => sum + i * strides[axis], 0);
	const data = planeOf(values, rows * columns);
	const [down, across] = [strides[vertical], strides[horizontal]];
	if (across === 1 && values.constructor === data.constructor) {
		const from = values as PlaneValues;
		for (let row = 0; row < rows; row++) {
			const at = start + row * down;
			data.set(from.subarray(at, at + columns), row * columns);
		}
	} else {
		for (let row = 0, to = 0; row < rows; row++) {
			for (let column = 0, at = start + row * down; column < columns; column++, at += across) {
				data[to++] = Number(values[at]);
			}
		}
	}
	return { data, rows, columns };
}

function planeOf(values: TypedArray, length: number): PlaneValues {
	if (values instanceof Uint8Array) return new Uint8Array(length);
	if (values instanceof Uint16Array) return new Uint16Array(length);
	return new Float32Array(length);
}
