/**
 * Codecs that turn a chunk's elements into others before these are laid out as bytes: transpose of Zarr v3, and the
 * filters of numcodecs (https://numcodecs.readthedocs.io), which Zarr v2 lists as `filters` and zarr-python 3 names
 * "numcodecs.delta" and so on. Here they are undone, in numpy's arithmetic.
 */
import { ChunkwiseError } from "../errors.ts";
import { allocate, cStrides, type DataType, product, type TypedArray } from "../types.ts";
import { storedType, typeOfV2 } from "./dtypes.ts";

/** What a chunk is between two codecs. */
export interface ChunkForm {
	/** Zarr v3 name of the elements' type. */
	dtype: string;
	shape: readonly number[];
}

/** Elements of a chunk, and the steps between them. */
export interface Elements {
	data: TypedArray;
	strides: readonly number[];
}

export interface ArrayFilter {
	/** What the chunk is once the codec was applied. */
	encoded: ChunkForm;
	/** Byte order of what it gives, where its configuration says it (Zarr v2). */
	byteOrder?: "little" | "big" | null;
	decode(encoded: Elements): Elements;
}

type Configuration = Readonly<Record<string, unknown>>;

/** What undoes a codec of this name (without "numcodecs."); undefined where it is no such codec. */
export function arrayFilter(
	name: string,
	configuration: Configuration,
	form: ChunkForm,
): ArrayFilter | undefined {
	switch (name) {
		case "transpose":
			return transpose(configuration, form);
		case "delta":
			return delta(configuration, form);
		case "bitround":
			return { encoded: form, decode: (encoded) => encoded };
		case "fixedscaleoffset":
			return fixedScaleOffset(configuration, form);
		case "quantize":
		case "astype":
			return conversion(name, configuration, form);
		case "packbits":
			return packBits(form);
	}
	return undefined;
}

function bad(message: string): ChunkwiseError {
	return new ChunkwiseError("bad-metadata", message, {
		remedy: "The array's metadata is damaged or of a kind that is not supported: ask whoever wrote it.",
	});
}

/** Core v3.0, "transpose": axis i of what is stored is axis `order[i]` of the chunk. */
function transpose({ order = "C" }: Configuration, { dtype, shape }: ChunkForm): ArrayFilter {
	const axes = shape.map((_, axis) => axis);
	const wanted = order === "C" ? axes : order === "F" ? [...axes].reverse() : order;
	const known =
		Array.isArray(wanted) && wanted.length === axes.length && axes.every((axis) => wanted.includes(axis));
	if (!known) throw bad(`transpose has the order ${JSON.stringify(order)} for ${shape.length} axes.`);
	return {
		encoded: { dtype, shape: wanted.map((axis: number) => shape[axis]) },
		decode({ data, strides }) {
			const out = new Array<number>(shape.length);
			for (const [i, axis] of wanted.entries()) out[axis] = strides[i];
			return { data, strides: out };
		},
	};
}

/** The type that a filter's configuration names, such as "<i2"; float16 has no arithmetic here. */
function typeIn(value: unknown, filter: string): { name: string; byteOrder: "little" | "big" | null } {
	const type = typeOfV2(value);
	if (/^(u?int(8|16|32|64)|float(32|64))$/.test(type.name)) return type;
	throw new ChunkwiseError(
		"unsupported-codec",
		`The filter ${filter} is of the type ${JSON.stringify(value)}, which is not supported.`,
		{ remedy: "Write the array again without this filter, or with integers or floats of 32 or 64 bits." },
	);
}

/** The elements in the order in which they are stored, as filters see them. */
function flat(shape: readonly number[], convert: (data: TypedArray) => TypedArray): ArrayFilter["decode"] {
	return ({ data }) => ({ data: convert(data), strides: cStrides(shape) });
}

function delta({ dtype, astype }: Configuration, form: ChunkForm): ArrayFilter {
	const plain = dtype === undefined ? { name: form.dtype, byteOrder: undefined } : typeIn(dtype, "delta");
	if (plain.name === "float16") typeIn("<f2", "delta");
	const stored = astype === undefined || astype === null ? plain : typeIn(astype, "delta");
	return {
		encoded: { dtype: stored.name, shape: form.shape },
		byteOrder: stored.byteOrder,
		decode: flat(form.shape, (data) => {
			const out = asType(data, plain.name as DataType);
			if (out instanceof BigInt64Array || out instanceof BigUint64Array) {
				for (let i = 1; i < out.length; i++) out[i] += out[i - 1];
			} else {
				// A typed array wraps integers round, and rounds floats, at each step: as numpy's cumsum does.
				for (let i = 1; i < out.length; i++) out[i] += out[i - 1];
			}
			return out;
		}),
	};
}

function fixedScaleOffset(configuration: Configuration, form: ChunkForm): ArrayFilter {
	const plain = typeIn(configuration.dtype, "fixedscaleoffset");
	const stored = typeIn(configuration.astype ?? configuration.dtype, "fixedscaleoffset");
	const { scale, offset } = configuration as { scale: number; offset: number };
	if (typeof scale !== "number" || typeof offset !== "number") {
		throw bad("fixedscaleoffset has no scale and offset.");
	}
	// numpy computes with integers in 64 bits, with floats in their own precision.
	const round = stored.name === "float32" ? Math.fround : (value: number) => value;
	const [factor, added] = [round(scale), round(offset)];
	return {
		encoded: { dtype: stored.name, shape: form.shape },
		byteOrder: stored.byteOrder,
		decode: flat(form.shape, (data) => {
			const values = new Float64Array(data.length);
			for (let i = 0; i < data.length; i++) values[i] = round(round(Number(data[i]) / factor) + added);
			return asType(values, plain.name as DataType);
		}),
	};
}

/** quantize and astype: decoding only changes the type. */
function conversion(name: string, configuration: Configuration, form: ChunkForm): ArrayFilter {
	const [decoded, encoded] =
		name === "astype"
			? [configuration.decode_dtype, configuration.encode_dtype]
			: [configuration.dtype, configuration.astype ?? configuration.dtype];
	const plain = typeIn(decoded, name);
	const stored = typeIn(encoded, name);
	return {
		encoded: { dtype: stored.name, shape: form.shape },
		byteOrder: stored.byteOrder,
		decode: flat(form.shape, (data) => asType(data, plain.name as DataType)),
	};
}

/** Eight truth values in a byte, the first highest, after a byte that tells how many of the last are none. */
function packBits(form: ChunkForm): ArrayFilter {
	const count = product(form.shape);
	return {
		encoded: { dtype: "uint8", shape: [1 + Math.ceil(count / 8)] },
		decode: flat(form.shape, (data) => {
			const bytes = data as Uint8Array;
			if (8 * (bytes.length - 1) - bytes[0] !== count) {
				throw new RangeError(`${8 * (bytes.length - 1) - bytes[0]} bits in place of ${count}`);
			}
			const out = new Uint8Array(count);
			for (let i = 0; i < count; i++) out[i] = (bytes[1 + (i >> 3)] >> (7 - (i & 7))) & 1;
			return out;
		}),
	};
}

/** A copy of the elements in another type: floats lose their fraction, integers wrap round. */
function asType(data: TypedArray, dtype: DataType): TypedArray {
	const out = allocate(storedType(dtype) as DataType, data.length);
	const [from, to] = [isBig(data), isBig(out)];
	if (from === to) out.set(data as never);
	else if (to) for (let i = 0; i < data.length; i++) out[i] = BigInt(Math.trunc(Number(data[i])));
	else if (dtype.startsWith("float")) for (let i = 0; i < data.length; i++) out[i] = Number(data[i]);
	else for (let i = 0; i < data.length; i++) out[i] = Number(BigInt.asIntN(32, data[i] as bigint));
	return out;
}

function isBig(data: TypedArray): boolean {
	return data instanceof BigInt64Array || data instanceof BigUint64Array;
}
