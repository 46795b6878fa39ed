/**
 * The core library of Chunkwise: images, multiscales, Zarr, OME-NGFF and the stores under them.
 * Every public name is listed here.
 */
export { type BucketEngine, type BucketOptions, bucketEngine } from "./bucket/engine.ts";
export { type BucketPlace, type BucketPlaces, bucketHome } from "./bucket/home.ts";
export type { Clock, Simulation } from "./bucket/simulate.ts";
export { type Line, slowStore } from "./bucket/slow-store.ts";
export { type Bucket, type StartBucketOptions, startBucket } from "./bucket/start.ts";
export { type ByteSource, blobSource, bytesSource } from "./bytes.ts";
export { type HttpSourceOptions, httpSource } from "./bytes-http.ts";
export {
	type CollectionFormat,
	type CollectionImage,
	type CollectionReport,
	type CollectionValue,
	convertCollection,
	type ImageCollection,
	type OpenedImage,
} from "./convert/collection.ts";
export { convertImages } from "./convert/convert.ts";
export { arraySource, levelSource, type RegionSource } from "./convert/region-source.ts";
export type { ConversionReport as ImageConversionReport, ConvertedLevel } from "./convert/report.ts";
export type { ConversionFormat, ConversionImage, ConversionOptions } from "./convert/request.ts";
export { tiffSource } from "./convert/tiff-source.ts";
export {
	type Answering,
	answerSymbol,
	type ByteAnnotation,
	type Displayable,
	type DisplayModel,
	type DisplayQuestion,
	displaySymbol,
	isDisplayable,
} from "./display.ts";
export { type DownloadOptions, type DownloadReport, download } from "./download/download.ts";
export { type Journal, memoryJournal } from "./download/journal.ts";
export { ChunkwiseError, isChunkwiseError } from "./errors.ts";
export { formatBytes, formatCount, formatDuration, formatFloat } from "./format.ts";
export { type Image, readImage } from "./image/image.ts";
export { Picture, type PlotOptions } from "./image/picture.ts";
export { type CoordinateSelector, type IndexSelector, SpatialImage } from "./image/spatial-image.ts";
export {
	type ArrayInput,
	isSpatialImage,
	type SpatialImageOptions,
	toSpatialImage,
} from "./image/to-spatial-image.ts";
export { type ChunkRequest, chunkShape } from "./multiscale/chunks.ts";
export { Multiscale, rechunk } from "./multiscale/multiscale.ts";
export {
	type AbsoluteFactors,
	type MultiscaleMethod,
	type MultiscaleOptions,
	multiscaleMethods,
	type ScaleFactor,
	toMultiscale,
} from "./multiscale/to-multiscale.ts";
export { N5Array } from "./n5/array.ts";
export { type N5CodecName, type N5Compression, n5CodecNames } from "./n5/compression.ts";
export { type N5Info, n5Info } from "./n5/info.ts";
export { type N5Image, readN5Images } from "./n5/multiscales.ts";
export { isN5, N5Group, openN5 } from "./n5/open.ts";
export { type N5WriteOptions, toN5 } from "./n5/write.ts";
export type { Axis } from "./ngff/axes.ts";
export type { Channel, ChannelRequest, ChannelWindow } from "./ngff/channels.ts";
export { type ConvertNgffOptions, convertNgff } from "./ngff/convert.ts";
export { type ConvertMetadataOptions, convertNgffMetadata } from "./ngff/convert-metadata.ts";
export {
	type ImageInfo,
	type Info,
	info,
	type LevelInfo,
	type PlateInfo,
	type SceneInfo,
} from "./ngff/info.ts";
export {
	type ImageLabel,
	type LabelColor,
	type LabelProperties,
	type LabelWriteOptions,
	type NgffLabels,
	type Rgba,
	readLabels,
	writeLabels,
} from "./ngff/labels.ts";
export {
	type NgffImage,
	type NgffLevel,
	omeVersion,
	readLevel,
	readMultiscales,
} from "./ngff/multiscales.ts";
export {
	type Acquisition,
	type FieldOfView,
	type NgffPlate,
	type NgffWell,
	type PlateRequest,
	type PlateWell,
	type PlateWriteOptions,
	readPlate,
	readWell,
	writePlate,
} from "./ngff/plate.ts";
export { readSeries, type SeriesWriteOptions, writeSeries } from "./ngff/series.ts";
export { type ValidateOptions, type Validation, validate } from "./ngff/validate/document.ts";
export type { Finding } from "./ngff/validate/findings.ts";
export { type ValidateStoreOptions, validateStore } from "./ngff/validate/store.ts";
export type { NgffVersion } from "./ngff/validate/versions.ts";
export { type NgffWriteOptions, toNgffZarr, WriteReport } from "./ngff/write.ts";
export { chooseWorkers, type Work, type WorkerChoice } from "./parallel/choose.ts";
export {
	type JobRecord,
	runTasks,
	type Task,
	type TaskContext,
	type TaskEvent,
	type TaskOptions,
	type TaskRecord,
} from "./parallel/graph.ts";
export {
	type DecodeInput,
	type DecodeSpec,
	type DownsampleInput,
	type EncodeInput,
	type EncodeSpec,
	type Jobs,
	zarrDecodeSpec,
} from "./parallel/jobs.ts";
export {
	type JobOptions,
	type JobResult,
	openPool,
	type PoolOptions,
	type WorkerPool,
} from "./parallel/pool.ts";
export {
	type ArrayGridOptions,
	type ArrayGridProps,
	arrayBytes,
	assumptionSources,
	type BinAxis,
	type BinDiagramProps,
	type BinnedLike,
	binDiagram,
	type Chunk,
	type ChunkedArrayLike,
	type ChunkedLevelsLike,
	type ChunkGrid,
	type ChunkGridOptions,
	type ChunkLike,
	type CompressionLabOptions,
	type CompressionLabProps,
	chunkAt,
	chunkBytes,
	chunkCount,
	chunkGrid,
	chunkKey,
	chunksOfSelection,
	compressionLab,
	defaultAssumptions,
	gridShape,
	type ImagePyramid,
	type InsideChunkOptions,
	type InsideChunkProps,
	imagePyramid,
	insideChunk,
	type KeyedElement,
	type KeyLayout,
	type KeyPart,
	type KeyPathOptions,
	type KeyPathProps,
	keyedElement,
	keyPath,
	levelFor,
	type NetworkLine,
	type NgffEdition,
	type NgffExplorerOptions,
	type NgffExplorerProps,
	networkLines,
	ngffEditions,
	ngffExplorer,
	type ParallelCodec,
	type ParallelWorkProps,
	type PyramidOptions,
	type PyramidProps,
	type PyramidSource,
	parallelWork,
	planViewport,
	pyramid,
	type RecordedRequest,
	type Replay,
	type ReplayedRequest,
	type RequestWaterfallOptions,
	type RequestWaterfallProps,
	replayRequests,
	requestWaterfall,
	type Selection,
	type SelectionPlan,
	type SharedChunkProps,
	type StorageAssumptions,
	type StorageEffect,
	type StorageExchange,
	StorageLab,
	type StorageLabOptions,
	type StorageOperation,
	type StorageRun,
	type StorageSide,
	type StorageStep,
	type StorageWays,
	type StoredFormName,
	type StoredItem,
	type StoredSizes,
	sharedChunk,
	storageComparison,
	storageOperations,
	type Viewport,
	type ViewportPlan,
	type VolumeView,
	type WholeFile,
} from "./plan/index.ts";
export { type LongTask, type Progress, setAmbientProgress } from "./progress.ts";
export {
	type ComputedImageOptions,
	computedImage,
	downloadFile,
	type FileCache,
	type FileDownload,
	type FileDownloadOptions,
	type Hl60Options,
	hl60Phantom,
	hl60Url,
	PublicImage,
	publicImageUrl,
	Sample,
	type SamplePreference,
	type SampleSettings,
	type SampleSource,
	Samples,
	samples,
} from "./samples/index.ts";
export { type CacheOptions, type CacheState, cacheStore } from "./stores/cache.ts";
export { type DirectoryOptions, DirectoryStore, directoryStore } from "./stores/directory.ts";
export { DirectoryReader } from "./stores/directory-read.ts";
export { type ChosenFiles, FileListStore, fileListStore } from "./stores/file-list.ts";
export { HttpStore, type HttpStoreOptions, httpStore } from "./stores/http.ts";
export { listKeys, listPages } from "./stores/list.ts";
export { MemoryStore, memoryStore } from "./stores/memory.ts";
export { observeStore, RequestLog, recordStore, type StoreRequest } from "./stores/observe.ts";
export { type OpfsOptions, OpfsStore, opfsStore, removeOpfsStore } from "./stores/opfs.ts";
export { type ReadThroughOptions, readThrough } from "./stores/read-through.ts";
export {
	type S3ReadOptions,
	S3Store,
	type S3StoreOptions,
	type S3WriteOptions,
	s3Store,
} from "./stores/s3.ts";
export type { S3Credentials, S3Location } from "./stores/s3-address.ts";
export type { S3Version } from "./stores/s3-list.ts";
export { keepStorage, type StorageState, type StoreLedger, storageState } from "./stores/storage.ts";
export {
	type ByteRange,
	can,
	exclusively,
	type ListOptions,
	type ListPage,
	type ReadableStore,
	type SourceRequest,
	type StoreAbilities,
	type StoreKey,
	type StoreOptions,
	type WritableStore,
} from "./stores/store.ts";
export { type ZipEntry, ZipStore, type ZipStoreOptions, zipStore } from "./stores/zip.ts";
export { writeZip, writeZipTo, type ZipReport, type ZipWriteOptions } from "./stores/zip-write.ts";
export { type TiffParts, tiffParts } from "./tiff/ome.ts";
export { openTiff } from "./tiff/open.ts";
export { type TiffPart, type TiffSpatialOptions, tiffPart, tiffToSpatialImage } from "./tiff/spatial.ts";
export {
	type PageAxis,
	Tiff,
	type TiffArray,
	type TiffLevel,
	type TiffPage,
	type TiffSeries,
} from "./tiff/tiff.ts";
export { type TiffImage, type TiffWriteOptions, writeTiff } from "./tiff/write.ts";
export type { DataType, NumberArray, TypedArray } from "./types.ts";
export { libraryVersion } from "./version.ts";
export { ByteView, type ByteViewOptions, viewBytes } from "./view/bytes.ts";
export {
	Diagram,
	type HistogramOptions,
	histogram,
	type LinePlotOptions,
	linePlot,
	type Values,
} from "./view/diagrams.ts";
export { type Draw, ResponsiveDrawing, responsive } from "./view/responsive.ts";
export { ImageView, type ViewOptions, view } from "./viewer/show.ts";
export { type ArrayReadOptions, type AxisSelection, ZarrArray } from "./zarr/array.ts";
export type { ArrayMetadata, Attributes, ShardInfo } from "./zarr/array-metadata.ts";
export { type ByteStringArray, readByteStrings } from "./zarr/byte-strings.ts";
export { type CodecMetadata, type CodecName, codecNames } from "./zarr/codecs.ts";
export {
	type ConsolidatedMetadata,
	consolidate,
	openConsolidated,
	readConsolidated,
	type StaleDocument,
	staleDocuments,
} from "./zarr/consolidated.ts";
export {
	type ArrayDocumentsV2,
	type ToV2Options,
	v2ToV3ArrayMetadata,
	v3ToV2ArrayMetadata,
} from "./zarr/convert-metadata.ts";
export {
	type ConversionReport,
	type ConvertZarrOptions,
	convertZarr,
} from "./zarr/convert-metadata-store.ts";
export { describeNode, type NodeDescription } from "./zarr/describe.ts";
export { ZarrGroup } from "./zarr/group.ts";
export type { NodeMember } from "./zarr/members.ts";
export { NdArray } from "./zarr/nd-array.ts";
export { openArray, openGroup, openZarr } from "./zarr/open.ts";
export { readParts } from "./zarr/parts.ts";
export { readStrings, type StringArray } from "./zarr/strings.ts";
export { Tree, type TreeNode, tree } from "./zarr/tree.ts";
export { type ArrayToWrite, type WrittenArray, writeArray } from "./zarr/write-array.ts";
export type { ByteOrder, WriteFilter } from "./zarr/write-filters.ts";
