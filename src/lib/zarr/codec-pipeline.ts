/**
 * A chunk's codecs as one decoder: from the stored bytes through each codec, last to first, to elements. The order and
 * kinds of codecs are checked as the core specification has them (v3.0, "Codecs": any from array to array, one from
 * array to bytes, any from bytes to bytes). Which codecs there are is told by array-filters, byte-filters and zarrita's
 * registry, in which {@link installCodecs} puts the library's own.
 */
import { registry } from "zarrita";
import { ChunkwiseError, isChunkwiseError } from "../errors.ts";
import { largestZstdSize } from "../tiff/zstd-frame.ts";
import { allocate, cStrides, type DataType, itemSize, product, type TypedArray, viewAs } from "../types.ts";
import { type ArrayFilter, arrayFilter, type ChunkForm, type Elements } from "./array-filters.ts";
import { type ByteFilter, byteFilter } from "./byte-filters.ts";
import { type CodecMetadata, installCodecs, readableCodecs } from "./codecs.ts";
import { storedType, typeOfV2 } from "./dtypes.ts";
import { shardDecoder } from "./shard-codec.ts";

/** A codec failed on the bytes of a chunk. */
export class CodecError extends Error {
	readonly codec: string;

	constructor(codec: string, cause: unknown) {
		super(cause instanceof Error ? cause.message : String(cause), { cause });
		this.codec = codec;
	}
}

interface Step<From, To> {
	name: string;
	decode(value: From, memory?: Memory): To | Promise<To>;
}

/** Gives so many bytes, of any content. */
export type Memory = (size: number) => Uint8Array;

export interface ChunkCodecs {
	codecs: readonly CodecMetadata[];
	/** Zarr v3 name of the elements' type. */
	dtype: string;
	/** Of the chunk. */
	shape: readonly number[];
	/** What stands for chunks that a shard does not hold; default 0. */
	fill?: number | bigint;
}

/** zarrita's codecs, as far as they are used here. */
interface RegistryCodec {
	fromConfig(configuration: unknown, meta: unknown): RegistryInstance;
}
interface RegistryInstance {
	kind?: "array_to_array" | "array_to_bytes" | "bytes_to_bytes";
	/** The library's own that give bytes take the most that they may give. */
	// biome-ignore lint/suspicious/noExplicitAny: bytes or a chunk of zarrita's, by the kind
	decode(value: any, most?: number, memory?: Memory): any;
	// biome-ignore lint/suspicious/noExplicitAny: zarrita's own description of a chunk
	getEncodedMeta?(meta: any): any;
}

export class CodecPipeline {
	readonly #arrays: Step<Elements, Elements>[] = [];
	readonly #bytes: Step<Uint8Array, Uint8Array>[] = [];
	#layOut: Step<Uint8Array, Elements> | undefined;
	readonly #length: number;

	private constructor(length: number) {
		this.#length = length;
	}

	/** @throws ChunkwiseError bad-metadata, unknown-codec, unsupported-codec */
	static async of(spec: ChunkCodecs): Promise<CodecPipeline> {
		const { codecs, dtype, shape, fill = 0 } = spec;
		const pipeline = new CodecPipeline(product(shape));
		let form: ChunkForm = { dtype, shape };
		let [most, size] = [0, 0];
		for (const { name, configuration = {} } of codecs) {
			const codec = await codecOf(name, configuration, form, fill);
			if (codec.kind === "bytes") {
				if (!pipeline.#layOut) throw wrongOrder(name);
				const { decode } = codec;
				pipeline.#bytes.unshift({ name, decode: (bytes, memory) => decode(bytes, most, size, memory) });
				continue;
			}
			if (pipeline.#layOut) throw wrongOrder(name);
			if (codec.kind === "array") {
				pipeline.#arrays.unshift({ name, decode: codec.filter.decode });
				form = codec.filter.encoded;
			} else {
				pipeline.#layOut = { name, decode: codec.decode };
				size = bytesOf(form);
				// No codec makes bytes much longer: what is far beyond that is damage.
				most = 8 * size + (1 << 20);
			}
		}
		if (!pipeline.#layOut) {
			throw new ChunkwiseError("bad-metadata", "No codec of the array makes bytes of its elements.", {
				remedy: 'The list of codecs must hold one such as "bytes": ask whoever wrote the array.',
			});
		}
		return pipeline;
	}

	/**
	 * @param memory for the elements, where a codec can make use of it
	 * @throws CodecError; ChunkwiseError from a codec that throws one
	 */
	async decode(stored: Uint8Array, memory?: Memory): Promise<Elements> {
		let bytes = stored;
		const last = this.#bytes.at(-1);
		for (const step of this.#bytes) bytes = await run(step, bytes, step === last ? memory : undefined);
		let elements = await run(this.#layOut as Step<Uint8Array, Elements>, bytes);
		for (const step of this.#arrays) elements = await run(step, elements);
		if (elements.data.length !== this.#length) {
			throw new CodecError(
				"",
				new RangeError(`${elements.data.length} elements in place of ${this.#length}`),
			);
		}
		return elements;
	}
}

/**
 * The codecs of a Zarr v2 array in the terms of v3: its order, its filters, the layout of bytes, its compressor.
 * @param codecs filters and compressor
 */
export function codecsOfV2(
	document: Readonly<Record<string, unknown>>,
	codecs: readonly CodecMetadata[],
	form: ChunkForm,
): CodecMetadata[] {
	const { dtype, order = "C" } = document;
	if (order !== "C" && order !== "F") {
		throw new ChunkwiseError(
			"bad-metadata",
			`Its order is ${JSON.stringify(order)}, which is neither C nor F.`,
			{
				remedy: "The array's metadata is damaged: ask whoever wrote it.",
			},
		);
	}
	const list: CodecMetadata[] = order === "F" ? [{ name: "transpose", configuration: { order: "F" } }] : [];
	let { byteOrder } = typeOfV2(dtype);
	let current = form;
	let at = 0;
	for (; at < codecs.length; at++) {
		const filter = arrayFilter(codecs[at].name, codecs[at].configuration ?? {}, current);
		if (!filter) break;
		list.push(codecs[at]);
		current = filter.encoded;
		if (filter.byteOrder !== undefined) byteOrder = filter.byteOrder;
	}
	list.push({ name: "bytes", configuration: { endian: byteOrder ?? "little" } });
	return [...list, ...codecs.slice(at)];
}

async function run<From, To>({ name, decode }: Step<From, To>, value: From, memory?: Memory): Promise<To> {
	try {
		return await decode(value, memory);
	} catch (cause) {
		if (isChunkwiseError(cause) || cause instanceof CodecError) throw cause;
		throw new CodecError(name, cause);
	}
}

function wrongOrder(name: string): ChunkwiseError {
	return new ChunkwiseError("bad-metadata", `The codec ${JSON.stringify(name)} is not where it may be.`, {
		remedy:
			"Codecs come in this order: those that change elements, one that makes bytes, those that change bytes. " +
			"Ask whoever wrote the array.",
	});
}

function bytesOf({ dtype, shape }: ChunkForm): number {
	return product(shape) * itemSize(storedType(dtype) as DataType);
}

const littleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Core v3.0, "bytes": the elements in C order. */
function elementsOf(form: ChunkForm, big: boolean): (bytes: Uint8Array) => Elements {
	const dtype = storedType(form.dtype) as DataType;
	const size = itemSize(dtype);
	const strides = cStrides(form.shape);
	const expected = bytesOf(form);
	return (bytes) => {
		if (bytes.byteLength !== expected) {
			throw new RangeError(`${bytes.byteLength} bytes in place of ${expected}`);
		}
		if (size > 1 && big === littleEndian) return { data: swapped(bytes, dtype), strides };
		const whole = bytes.byteOffset % size === 0 ? bytes : bytes.slice();
		return { data: viewAs(dtype, whole.buffer, whole.byteOffset, expected / size), strides };
	};
}

/** The elements of the other byte order, in memory of their own. */
function swapped(bytes: Uint8Array, dtype: DataType): TypedArray {
	const out = allocate(dtype, bytes.byteLength / itemSize(dtype));
	const to = new Uint8Array(out.buffer);
	const size = out.BYTES_PER_ELEMENT;
	for (let start = 0; start < to.length; start += size) {
		for (let i = 0; i < size; i++) to[start + i] = bytes[start + size - 1 - i];
	}
	return out;
}

type Codec =
	| { kind: "array"; filter: ArrayFilter }
	| { kind: "layout"; decode(bytes: Uint8Array): Elements | Promise<Elements> }
	| { kind: "bytes"; decode: ByteFilter };

/** What undoes a codec of this name, for a chunk of this form. */
async function codecOf(
	name: string,
	configuration: Readonly<Record<string, unknown>>,
	form: ChunkForm,
	fill: number | bigint,
): Promise<Codec> {
	const plain = name.replace(/^numcodecs\./, "");
	const filter = arrayFilter(plain, configuration, form);
	if (filter) return { kind: "array", filter };
	if (name === "bytes") return { kind: "layout", decode: elementsOf(form, configuration.endian === "big") };
	if (name === "sharding_indexed") {
		return { kind: "layout", decode: await shardDecoder(configuration, form, fill) };
	}
	const bytes = byteFilter(plain, configuration);
	if (bytes) return { kind: "bytes", decode: bytes };
	return registryCodec(name, configuration, form);
}

/** A codec of zarrita's registry: the library's own, zarrita's, or one that a page registered. */
async function registryCodec(
	name: string,
	configuration: Readonly<Record<string, unknown>>,
	form: ChunkForm,
): Promise<Codec> {
	installCodecs();
	const found = (await registry.get(name as never)?.()) as RegistryCodec | undefined;
	if (!found) throw unknownCodec(name);
	const meta = { dataType: storedType(form.dtype), shape: [...form.shape], codecs: [], fillValue: null };
	const codec = found.fromConfig(configuration, meta);
	// numcodecs' own state no kind.
	if (codec.kind === undefined || codec.kind === "bytes_to_bytes") {
		const announced = announcedSize[name.replace(/^numcodecs\./, "")];
		const decode: ByteFilter = (bytes, most, _likely, memory) => {
			const size = announced?.(bytes) ?? 0;
			if (size > most) throw new RangeError(`it says that it holds ${size} bytes, and ${most} would be many`);
			// numcodecs' own take another second argument.
			return codec.kind ? codec.decode(bytes, most, memory) : codec.decode(bytes);
		};
		return { kind: "bytes", decode };
	}
	// Elements of other types than numbers, and halves held as integers, are not for these.
	if (codec.kind !== "array_to_array" || form.dtype === "float16") {
		throw new ChunkwiseError(
			"unsupported-codec",
			`The codec ${JSON.stringify(name)} is not supported for ${form.dtype}.`,
			{ remedy: "Write the array again without this codec." },
		);
	}
	const encoded: ChunkForm = {
		dtype: String(codec.getEncodedMeta?.(meta).dataType ?? form.dtype),
		shape: form.shape,
	};
	const decode = ({ data, strides }: Elements): Elements => {
		const out = codec.decode({ data, shape: [...form.shape], stride: [...strides] });
		return { data: out.data, strides: out.stride };
	};
	return { kind: "array", filter: { encoded, decode } };
}

/** How many bytes a chunk becomes, by what it says itself: to be checked before memory is taken for it. */
const announcedSize: Readonly<Record<string, ((bytes: Uint8Array) => number) | undefined>> = {
	zstd: largestZstdSize,
	lz4: (bytes) => (bytes.length < 4 ? 0 : new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)),
};

function unknownCodec(name: string): ChunkwiseError {
	const names = readableCodecs().filter((known) => !known.startsWith("numcodecs."));
	return new ChunkwiseError("unknown-codec", `No codec is called ${JSON.stringify(name)} here.`, {
		remedy: `Chunks can be read that use ${names.join(", ")}.`,
	});
}
