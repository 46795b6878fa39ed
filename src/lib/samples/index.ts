/** The sample images: see docs/samples.md. */
export { type ComputedImageOptions, computedImage } from "./computed-image.ts";
export {
	type Download as FileDownload,
	type DownloadOptions as FileDownloadOptions,
	download as downloadFile,
} from "./download.ts";
export { type FileCache, memoryFileCache } from "./file-cache.ts";
export {
	type Hl60Options,
	hl60Url,
	type SamplePreference,
	type SampleSettings,
	Samples,
	samples,
} from "./hl60.ts";
export { hl60Phantom, type Phantom, type PhantomOptions } from "./phantom.ts";
export { PublicImage, type PublicImageFields, publicImageUrl } from "./public-image.ts";
export { Sample, type SampleSource } from "./sample.ts";
