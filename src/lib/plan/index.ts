/** Planning: what chunks, calls and bytes a wish needs, before anything is read. Figures only draw what this says. */
export { type BinAxis, type BinDiagramProps, type BinnedLike, binDiagram } from "./bin-diagram.ts";
export { type ChunkGridOptions, type ChunkGridProps, chunkGrid, gridOf } from "./chunk-grid.ts";
export { type CompressionLabOptions, type CompressionLabProps, compressionLab } from "./compression-lab.ts";
export {
	arrayBytes,
	type Chunk,
	type ChunkGrid,
	type ChunkKeyEncoding,
	chunkAt,
	chunkBytes,
	chunkCount,
	chunkKey,
	gridShape,
} from "./grid.ts";
export type {
	ArrayGridOptions,
	ArrayGridProps,
	ChunkedArrayLike,
	ChunkedLevelsLike,
} from "./grid-props.ts";
export {
	type ChunkLike,
	type InsideChunkOptions,
	type InsideChunkProps,
	insideChunk,
	type StoredFormName,
} from "./inside-chunk.ts";
export {
	type KeyedElement,
	type KeyLayout,
	type KeyPart,
	type KeyPathOptions,
	type KeyPathProps,
	keyedElement,
	keyPath,
} from "./key-path.ts";
export { type NetworkLine, networkLines } from "./lines.ts";
export { type NgffExplorerOptions, type NgffExplorerProps, ngffExplorer } from "./ngff-explorer.ts";
export { type NgffEdition, ngffEditions } from "./ngff-versions.ts";
export { type ParallelCodec, type ParallelWorkProps, parallelWork } from "./parallel-work.ts";
export { type PyramidOptions, type PyramidProps, type PyramidSource, pyramid } from "./pyramid.ts";
export { type Replay, type ReplayedRequest, replayRequests } from "./replay.ts";
export {
	type RequestWaterfallOptions,
	type RequestWaterfallProps,
	requestWaterfall,
	type WholeFile,
} from "./request-waterfall.ts";
export type { RecordedRequest } from "./requests.ts";
export {
	type AxisSelection,
	chunksOfSelection,
	type Selection,
	type SelectionPlan,
	type StoredSizes,
} from "./selection.ts";
export { type SharedChunkProps, sharedChunk } from "./shared-chunk.ts";
export { type StorageComparisonProps, storageComparison } from "./storage-comparison.ts";
export { StorageLab, type StorageLabOptions } from "./storage-lab.ts";
export {
	assumptionSources,
	defaultAssumptions,
	type StorageAssumptions,
	type StorageEffect,
	type StorageExchange,
	type StorageOperation,
	type StorageRun,
	type StorageSide,
	type StorageStep,
	type StorageWays,
	type StoredItem,
	storageOperations,
	type VolumeView,
} from "./storage-model.ts";
export {
	type ImagePyramid,
	imagePyramid,
	levelFor,
	planViewport,
	type Viewport,
	type ViewportPlan,
} from "./viewport.ts";
