/** An image as ITK sees a file: axes in the order x, y, z, each with a spacing, an origin and a direction. */
import type { DataType, TypedArray } from "../types.ts";

export interface Image {
	name: string;
	imageType: {
		dimension: number;
		componentType: DataType;
		pixelType: "Scalar";
		/** Values in one pixel: 1 for grey, 3 for RGB. */
		components: number;
	};
	/** Pixels along x, y, z. */
	size: number[];
	/** Distance between pixel centres along x, y, z, in `units`. */
	spacing: number[];
	/** Position of the first pixel's centre along x, y, z, in `units`. */
	origin: number[];
	/** Row by row, the cosine matrix from index axes to space. */
	direction: number[][];
	/** UDUNITS names for x, y, z ("micrometer"); absent where the file says none. */
	units?: string[];
	metadata: Map<string, unknown>;
	/** C order, slowest axis first (z, y, x), components innermost. */
	data: TypedArray;
}
