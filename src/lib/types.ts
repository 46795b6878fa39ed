/** Element types that the library holds in memory, by their Zarr v3 names. */
export type DataType =
	| "int8"
	| "uint8"
	| "int16"
	| "uint16"
	| "int32"
	| "uint32"
	| "int64"
	| "uint64"
	| "float32"
	| "float64";

/** Arrays whose elements are JavaScript numbers. */
export type NumberArray =
	| Int8Array
	| Uint8Array
	| Int16Array
	| Uint16Array
	| Int32Array
	| Uint32Array
	| Float32Array
	| Float64Array;

/** Arrays of every {@link DataType}; 64-bit integers are bigints. */
export type TypedArray = NumberArray | BigInt64Array | BigUint64Array;

const constructors = {
	int8: Int8Array,
	uint8: Uint8Array,
	int16: Int16Array,
	uint16: Uint16Array,
	int32: Int32Array,
	uint32: Uint32Array,
	int64: BigInt64Array,
	uint64: BigUint64Array,
	float32: Float32Array,
	float64: Float64Array,
} as const;

/** Every element type. */
export const dataTypes = Object.keys(constructors) as DataType[];

/** A zero-filled array of `length` elements. */
export function allocate(dtype: DataType, length: number): TypedArray {
	return new constructors[dtype](length);
}

/** A view of `buffer` as `dtype`. The byte offset must be a multiple of the element size. */
export function viewAs(
	dtype: DataType,
	buffer: ArrayBufferLike,
	byteOffset = 0,
	length?: number,
): TypedArray {
	return new constructors[dtype](buffer as ArrayBuffer, byteOffset, length);
}

/** Bytes of one element. */
export function itemSize(dtype: DataType): number {
	return constructors[dtype].BYTES_PER_ELEMENT;
}

/** The element type of a typed array; undefined for one the library does not hold (Uint8ClampedArray, DataView). */
export function dataTypeOf(array: ArrayBufferView): DataType | undefined {
	for (const [name, kind] of Object.entries(constructors)) {
		if (array instanceof kind) return name as DataType;
	}
	return undefined;
}

export function product(values: readonly number[]): number {
	return values.reduce((a, b) => a * b, 1);
}

/** Steps in elements along each axis of a C-order array. */
export function cStrides(shape: readonly number[]): number[] {
	const strides = new Array<number>(shape.length);
	let step = 1;
	for (let axis = shape.length - 1; axis >= 0; axis--) {
		strides[axis] = step;
		step *= shape[axis];
	}
	return strides;
}
