/** The images that OME-XML tells of: sizes, order of dimensions, channels, and which page holds which plane. */
import { attributeOf, positiveInteger, withoutComments } from "./calibration.ts";

/** A TiffData element: planes that follow each other, on pages that follow each other. */
export interface TiffData {
	/** The first of the pages; undefined where the element does not say. */
	page?: number;
	/** Place of the first of the planes along the axes of the pages. */
	first: { z: number; c: number; t: number };
	/** How many; undefined where the element does not say. */
	count?: number;
	/** The file that holds them, where the element names one. */
	file?: { name?: string; uuid: string };
}

/** An Image element with its Pixels. */
export interface OmeImage {
	id?: string;
	/** As people call it; undefined where it has none. */
	name?: string;
	/** Of the Pixels element. */
	attribute(name: string): string | undefined;
	sizes: { z: number; c: number; t: number };
	/** Of the pages, slowest first. */
	order: ("z" | "c" | "t")[];
	channels: { label?: string; color?: string }[];
	planes: TiffData[];
	/** Where the element stands in the text without comments. */
	start: number;
	end: number;
}

export function isOme(description: string | undefined): description is string {
	return description !== undefined && /<(?:\w+:)?OME[\s>]/.test(description);
}

/** A tag of the elements that matter here. Values of attributes may hold a ">", and no "<". */
const tags =
	/<(\/?)(?:\w+:)?(OME|Image|Pixels|Channel|TiffData|UUID)(?=[\s/>])((?:"[^"<]*"|'[^'<]*'|[^<>"'])*?)(\/?)>([^<]*)/g;

/** OME-XML as far as a reader of pixels needs it. */
export interface OmeXml {
	images: OmeImage[];
	/** What this file calls itself. */
	uuid?: string;
	/** Without comments: what `start` and `end` of an image count in. */
	text: string;
}

/** The images of an OME-XML, in its order. Elements that say nothing useful are passed over. */
export function readOmeXml(description: string): OmeXml {
	const text = withoutComments(description);
	const images: OmeImage[] = [];
	let uuid: string | undefined;
	let around: { attributes: string; start: number } | undefined;
	let image: OmeImage | undefined;
	let planes: TiffData | undefined;
	for (const match of text.matchAll(tags)) {
		const [whole, closing, element, attributes, empty, content] = match;
		const after = match.index + whole.length - content.length;
		if (closing) {
			if (element === "Image") {
				if (image) image.end = after;
				around = undefined;
				image = undefined;
			}
			if (element === "Pixels" && image && !around) image.end = after;
			if (element === "TiffData") planes = undefined;
		} else if (element === "OME") uuid = attributeOf(attributes, "UUID");
		else if (element === "Image") around = empty ? undefined : { attributes, start: match.index };
		else if (element === "Pixels") {
			image = imageOf(attributes, around, { start: match.index, end: after });
			images.push(image);
		} else if (element === "Channel") image?.channels.push(channelOf(attributes));
		else if (element === "TiffData" && image) {
			const found = tiffDataOf(attributes);
			image.planes.push(found);
			planes = empty ? undefined : found;
		} else if (element === "UUID" && planes && !planes.file) {
			planes.file = { name: attributeOf(attributes, "FileName"), uuid: content.trim() };
		}
	}
	return { images, uuid, text };
}

function imageOf(
	pixels: string,
	around: { attributes: string; start: number } | undefined,
	{ start, end }: { start: number; end: number },
): OmeImage {
	const attribute = (name: string) => attributeOf(pixels, name);
	const size = (axis: string) => positiveInteger(attribute(`Size${axis}`)) ?? 1;
	// DimensionOrder lists the fastest axis first: XYZCT.
	const order = /^XY([ZCT]{3})$/.exec(attribute("DimensionOrder") ?? "XYZCT")?.[1] ?? "ZCT";
	return {
		id: around && attributeOf(around.attributes, "ID"),
		name: (around && attributeOf(around.attributes, "Name"))?.trim() || undefined,
		attribute,
		sizes: { z: size("Z"), c: size("C"), t: size("T") },
		order: [...order.toLowerCase()].reverse() as OmeImage["order"],
		channels: [],
		planes: [],
		start: around?.start ?? start,
		end,
	};
}

/** Name, and Color as a signed 32-bit number of red, green, blue and alpha. */
function channelOf(attributes: string): OmeImage["channels"][number] {
	const label = attributeOf(attributes, "Name");
	const color = /^-?\d+$/.exec(attributeOf(attributes, "Color") ?? "")?.[0];
	const rgb = color === undefined ? undefined : (Number(color) >>> 8) & 0xffffff;
	return {
		...(label ? { label } : {}),
		// Black is written where no colour was chosen.
		...(rgb ? { color: rgb.toString(16).padStart(6, "0").toUpperCase() } : {}),
	};
}

function tiffDataOf(attributes: string): TiffData {
	const number = (name: string) => {
		const text = /^\d{1,15}$/.exec(attributeOf(attributes, name) ?? "")?.[0];
		return text === undefined ? undefined : Number(text);
	};
	const first = (axis: string) => number(`First${axis}`) ?? 0;
	return {
		page: number("IFD"),
		first: { z: first("Z"), c: first("C"), t: first("T") },
		count: number("PlaneCount") ?? number("NumPlanes"),
	};
}

/**
 * OME-XML as it stands beside pixels that are kept elsewhere (METADATA.ome.xml of bioformats2raw): MetadataOnly in the
 * place of what says where the pixels are.
 * @param kept positions of the images that are kept, in its order
 */
export function metadataOnly({ images, text }: OmeXml, kept: readonly number[]): string {
	let out = "";
	let at = 0;
	const gone: string[] = [];
	for (const [index, { id, start, end }] of images.entries()) {
		out += text.slice(at, start);
		at = end;
		if (kept.includes(index)) out += withoutPixels(text.slice(start, end));
		else if (id) gone.push(id);
	}
	out += text.slice(at);
	// What refers to an image that is not there would make the document invalid.
	return out.replace(
		/<(?:\w+:)?ImageRef\s([^<>]*?)(?:\/>|>\s*<\/(?:\w+:)?ImageRef\s*>)/g,
		(whole, attributes) => (gone.includes(attributeOf(attributes, "ID") ?? "") ? "" : whole),
	);
}

/** An Image element with MetadataOnly in the place of its TiffData and BinData. */
function withoutPixels(image: string): string {
	let told = false;
	return image.replace(
		/\s*<(\w+:)?(TiffData|BinData|MetadataOnly)(?=[\s/>])(?:[^<>]*\/>|[^<>]*>[\s\S]*?<\/(?:\w+:)?\2\s*>)/g,
		(_, prefix = "") => {
			if (told) return "";
			told = true;
			return `<${prefix}MetadataOnly/>`;
		},
	);
}
