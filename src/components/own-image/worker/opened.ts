/** The file that is open: what it says, and its images as sources. */
import { blobSource } from "../../../lib/bytes.ts";
import { withGeometry } from "../../../lib/convert/regeometry.ts";
import type { RegionSource } from "../../../lib/convert/region-source.ts";
import { type TiffImage, tiffImages } from "../../../lib/convert/tiff-images.ts";
import type { ChannelRequest } from "../../../lib/ngff/channels.ts";
import { isOme } from "../../../lib/tiff/ome-images.ts";
import { openTiff } from "../../../lib/tiff/open.ts";
import type { Tiff, TiffPage } from "../../../lib/tiff/tiff.ts";
import type { ChosenImage, FileFacts, ImageFacts } from "../messages.ts";
import { refusal, told } from "./refusal.ts";

export class OpenedFile {
	readonly file: File;
	readonly facts: FileFacts;
	readonly #images: TiffImage[];

	private constructor(file: File, facts: FileFacts, images: TiffImage[]) {
		this.file = file;
		this.facts = facts;
		this.#images = images;
	}

	/** @throws ChunkwiseError with a way out, where it is no TIFF that can be read */
	static async open(file: File, signal: AbortSignal): Promise<OpenedFile> {
		try {
			const tiff = await openTiff(blobSource(file), { signal });
			const name = file.name.replace(/(\.ome)?\.(tiff?|btf|tf[28])$/i, "") || "image";
			const images = await tiffImages(tiff, name, signal);
			// A file of one image that cannot be read is refused as a whole.
			if (images.length === 1 && images[0].problem !== undefined) throw images[0].problem;
			return new OpenedFile(file, factsOf(file, tiff, images), images);
		} catch (error) {
			signal.throwIfAborted();
			throw refusal(error, file);
		}
	}

	/** @throws the image's problem, and ChunkwiseError bad-axes, bad-scale */
	source(chosen: ChosenImage): { source: RegionSource; channels?: ChannelRequest[]; name: string } {
		const image = this.#images[chosen.image];
		if (image.problem !== undefined) throw image.problem;
		const { dims, scale, units } = chosen;
		const source = withGeometry(image.source, { dims, scale, units });
		// Pages that were called something else than channels have no channels' names.
		const kept = source.dims.includes("c") === image.source.dims.includes("c");
		return { source, channels: kept ? image.channels : undefined, name: image.name };
	}
}

function factsOf(file: File, tiff: Tiff, images: TiffImage[]): FileFacts {
	const [page] = tiff.pages;
	return {
		name: file.name,
		bytes: file.size,
		kind: kindOf(tiff),
		pages: tiff.pages.length,
		compression: page.compression,
		blocks: blocksOf(page),
		byteOrder: tiff.byteOrder,
		images: images.map(imageFacts),
	};
}

function kindOf(tiff: Tiff): string {
	const { ImageDescription: text } = tiff.metadata;
	const size = tiff.bigTiff ? "BigTIFF" : "TIFF";
	if (typeof text !== "string") return size;
	if (text.startsWith("ImageJ=")) return `${size} of ImageJ`;
	return isOme(text) ? (tiff.bigTiff ? "OME-TIFF (BigTIFF)" : "OME-TIFF") : size;
}

function blocksOf({ tiled, chunks, planar, samplesPerPixel, shape }: TiffPage): string {
	if (!chunks) return "";
	const [rows, columns] = samplesPerPixel > 1 && planar ? chunks.slice(1) : chunks;
	const [height] = samplesPerPixel > 1 && planar ? shape.slice(1) : shape;
	if (tiled) return `tiles of ${rows} × ${columns}`;
	return rows >= height ? "a page in one strip" : `strips of ${rows} ${rows === 1 ? "row" : "rows"}`;
}

function imageFacts(image: TiffImage): ImageFacts {
	const { series, name } = image;
	if (image.problem !== undefined) {
		const none = {
			dims: [],
			shape: [],
			dtype: "uint8" as const,
			scale: {},
			translation: {},
			units: {},
			channels: [],
		};
		return { series, name, ...none, problem: told(image.problem) };
	}
	// As it will be written: time, channels, space.
	const { dims, shape, dtype, stored, scale, translation, units } = withGeometry(image.source, {});
	return {
		...{ series, name, dims: [...dims], shape: [...shape], dtype, stored },
		scale: { ...scale },
		translation: { ...translation },
		units: Object.fromEntries(
			Object.entries(units).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
		),
		channels: (image.channels ?? []).map(({ label }, i) => label ?? `channel ${i}`),
	};
}
