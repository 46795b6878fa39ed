/** What the page and the worker of "Your own image" say to each other. */
import type { GeometryChange } from "../../lib/convert/regeometry.ts";
import type { ConversionReport } from "../../lib/convert/report.ts";
import type { DisplayModel, PictureDisplay } from "../../lib/display.ts";
import type { Validation } from "../../lib/ngff/validate/document.ts";
import type { StorageChoice } from "../../lib/plan/conversion-plan.ts";
import type { StorageState } from "../../lib/stores/storage.ts";
import type { DataType } from "../../lib/types.ts";
import type { CodecName } from "../../lib/zarr/codecs.ts";
import type { ToldError } from "../viewer/messages.ts";

export type { ToldError };

/** An image of a file, before its elements are read. */
export interface ImageFacts {
	/** Number of the series; undefined for the stack of all pages. */
	series?: number;
	name: string;
	/** Why it cannot be read; nothing else is known then. */
	problem?: ToldError;
	dims: string[];
	shape: number[];
	dtype: DataType;
	stored?: "float16";
	scale: Record<string, number>;
	translation: Record<string, number>;
	units: Record<string, string>;
	/** Names of channels that the file gives. */
	channels: string[];
}

export interface FileFacts {
	name: string;
	bytes: number;
	/** "OME-TIFF", "TIFF of ImageJ", "BigTIFF", … */
	kind: string;
	pages: number;
	/** Of the first page. */
	compression: string;
	/** "strips of 8 rows", "tiles of 256 × 256". */
	blocks: string;
	byteOrder: "little" | "big";
	images: ImageFacts[];
}

/** What of a file is converted, and what the reader knows better. */
export interface ChosenImage extends GeometryChange {
	/** Position in {@link FileFacts.images}. */
	image: number;
}

/** A file, to be known again after the page was loaded anew. */
export interface FileMark {
	name: string;
	size: number;
	lastModified: number;
	/** The course's own sample, which can be had again without asking. */
	sample?: boolean;
}

/** A conversion: what is kept beside its journal, so that it can be gone on with. */
export interface ConversionRequest {
	file: FileMark;
	chosen: ChosenImage;
	/** Of the result. */
	name: string;
	choice: StorageChoice;
	/** Name of the folder that the reader picked; absent for the browser's private files. */
	folder?: string;
}

export interface KeptConversion extends ConversionRequest {
	/** Tells it from another one that another tab put in its place. */
	id?: string;
	/** Of all levels in memory. */
	bytes: number;
	/** Absent while it is not whole. */
	report?: ConversionReport;
	/** Of all runs together. */
	milliseconds: number;
}

/** How far a conversion is. */
export interface ConversionProgress {
	chunks: number;
	total: number;
	/** Chunks that were there when this run began. */
	before: number;
	/** Bytes written by this run. */
	written: number;
	milliseconds: number;
}

/** The result looked at: its hierarchy, some of its documents. */
export interface Inspection {
	tree: string;
	documents: { key: string; value: unknown }[];
	/** Keys in all, metadata among them. */
	keys: number;
	/** Bytes in all. */
	bytes: number;
}

/** A bucket to copy to. Kept nowhere. */
export interface BucketRequest {
	endpoint: string;
	bucket: string;
	prefix: string;
	region: string;
	accessKeyId: string;
	secretAccessKey: string;
	sessionToken: string;
}

export interface CopyProgress {
	done: number;
	total: number;
	bytes: number;
}

/** The result that the page shows, of which another tab may have removed or replaced it by now. */
export type WhichResult = Pick<KeptConversion, "id">;

export interface PreviewAnswer {
	picture: PictureDisplay;
	/** What is left out, in words; "" where nothing is. */
	note: string;
}

/** What the page can ask of the worker, by name. Each may be stopped. */
export interface Calls {
	open: { input: File; output: FileFacts };
	preview: { input: ChosenImage & { at: Record<string, number> }; output: PreviewAnswer };
	/** Bytes of one chunk from the middle, stored by each codec. */
	measure: {
		input: ChosenImage & { chunks: readonly number[] };
		output: { memory: number; stored: Partial<Record<CodecName, number>> };
	};
	room: { input: undefined; output: StorageState };
	/** `folder`: the one that the reader picked again, where the result is. */
	kept: { input: { folder?: FileSystemDirectoryHandle }; output: KeptConversion | undefined };
	convert: {
		input: { request: ConversionRequest; folder?: FileSystemDirectoryHandle };
		output: KeptConversion;
		progress: ConversionProgress;
	};
	/** Removes what a conversion left in the browser's private files, or in the folder. */
	discard: { input: { folder?: FileSystemDirectoryHandle }; output: undefined };
	inspect: { input: WhichResult; output: Inspection };
	validate: { input: WhichResult; output: Validation };
	/** The file is written to `to`, or, without it, to the browser's private files, and given. */
	zip: {
		input: WhichResult & { to?: FileSystemFileHandle };
		output: File | undefined;
		progress: CopyProgress;
	};
	folder: {
		input: WhichResult & { to: FileSystemDirectoryHandle };
		output: CopyProgress;
		progress: CopyProgress;
	};
	upload: {
		input: WhichResult & { to: BucketRequest };
		output: CopyProgress & { address: string };
		progress: CopyProgress;
	};
}

export type CallName = keyof Calls;

export type ToWorker =
	| { [K in CallName]: { id: number; call: K; input: Calls[K]["input"] } }[CallName]
	| { id: number; stop: true };

export type FromWorker =
	| { id: number; output: unknown }
	| { id: number; failed: ToldError }
	| { id: number; progress: unknown };

export type { DisplayModel };
