/** Planning: what chunks, calls and bytes a wish needs, before anything is read. Figures only draw what this says. */
export { type ChunkGridOptions, type ChunkGridProps, chunkGrid, gridOf } from "./chunk-grid.ts";
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
	type AxisSelection,
	chunksOfSelection,
	type Selection,
	type SelectionPlan,
	type StoredSizes,
} from "./selection.ts";
export { planStorage } from "./storage.ts";
export { type StorageComparisonProps, storageComparison } from "./storage-comparison.ts";
export {
	defaultAssumptions,
	type StorageAssumptions,
	type StorageOperation,
	type StoragePlan,
	type StorageSide,
	type StorageStep,
	type StoredItem,
	storageOperations,
} from "./storage-model.ts";
export {
	type ImagePyramid,
	imagePyramid,
	levelFor,
	planViewport,
	type Viewport,
	type ViewportPlan,
} from "./viewport.ts";
