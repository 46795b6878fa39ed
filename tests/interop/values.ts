/** Test values and how they are compared. */
import { createHash } from "node:crypto";
import { SpatialImage } from "../../src/lib/index.ts";
import { allocate, type DataType, type TypedArray } from "../../src/lib/types.ts";

/** An array as an implementation sees it. */
export interface Values {
	/** Slowest axis first. */
	shape: number[];
	dtype: string;
	/** Of the values as little-endian C-order bytes. */
	sha256: string;
	dims?: string[] | null;
	attributes?: Record<string, unknown>;
}

export type Answer = Values | { error: string } | null;

export const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

export function sha256Of(data: TypedArray): string {
	return sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

/** Waves with some noise: compressible, and different everywhere. Synthetic. */
export function waves(dtype: DataType, shape: readonly number[]): SpatialImage {
	const length = shape.reduce((a, b) => a * b, 1);
	const data = allocate(dtype, length);
	for (let i = 0; i < length; i++) {
		const value = Math.round(50 + 40 * Math.sin(i / 97)) + ((Math.imul(i, 2654435761) >>> 28) & 7);
		data[i] = dtype.endsWith("int64") ? BigInt(value) << 40n : dtype.startsWith("float") ? value / 3 : value;
	}
	return new SpatialImage({
		dims: ["t", "c", "z", "y", "x"].slice(-shape.length),
		shape,
		data,
		scale: { z: 0.5, y: 0.2, x: 0.2 },
		translation: { x: -3 },
		units: { z: "micrometer", y: "micrometer", x: "micrometer" },
		attrs: { Software: "chunkwise", note: "µ" },
	});
}

/** JSON with sorted keys. */
export const canonical = (value: unknown): string =>
	JSON.stringify(value, (_, v) =>
		v && typeof v === "object" && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).sort()) : v,
	);

/** What differs between what was written and what was read, in words. Only what the reader tells is compared. */
export function differences(wanted: Values, got: Answer): string[] {
	if (got === null) return ["no answer"];
	if ("error" in got) return [got.error];
	const problems: string[] = [];
	for (const key of ["shape", "dtype", "sha256", "dims", "attributes"] as const) {
		if (!(key in got)) continue;
		if (canonical(wanted[key]) !== canonical(got[key])) {
			problems.push(`${key}: ${canonical(got[key])} where ${canonical(wanted[key])} was written`);
		}
	}
	return problems;
}
