/**
 * The core library of Chunkwise: images, multiscales, Zarr, OME-NGFF and the stores under them.
 * Every public name is listed here.
 */
export { type Displayable, type DisplayModel, displaySymbol, isDisplayable } from "./display.ts";
export { ChunkwiseError, isChunkwiseError } from "./errors.ts";
export { formatBytes, formatCount, formatDuration, formatFloat } from "./format.ts";
export type { Image } from "./image/image.ts";
export { Picture, type PlotOptions } from "./image/picture.ts";
export {
	type ArrayInput,
	type CoordinateSelector,
	type IndexSelector,
	isSpatialImage,
	SpatialImage,
	type SpatialImageOptions,
	toSpatialImage,
} from "./image/spatial-image.ts";
export { type ChunkRequest, chunkGridShape, chunkShape } from "./multiscale/chunks.ts";
export { Multiscale, rechunk } from "./multiscale/multiscale.ts";
export { type MultiscaleOptions, type ScaleFactor, toMultiscale } from "./multiscale/to-multiscale.ts";
export { type LongTask, type Progress, setAmbientProgress } from "./progress.ts";
export type { DataType, NumberArray, TypedArray } from "./types.ts";
