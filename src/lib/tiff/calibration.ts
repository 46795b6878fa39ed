/**
 * What a TIFF says of the space its pages lie in: from OME-XML, else from ImageJ's description, else from the
 * resolution tags.
 *
 * Resolution tags are taken as ITK's TIFFImageIO takes them: only where their unit is the inch or the centimetre, and
 * in millimetres. The centimetre is claimed as a unit; the inch is not, because it is what print defaults (72 dpi) and
 * ITK itself (for any spacing) write.
 */
import { lengthName } from "../units.ts";
import type { Directory } from "./directory.ts";

/** An axis that the pages are laid along. */
export interface PageAxis {
	name: string;
	size: number;
}

export interface Calibration {
	/** Axes of the stack of pages, slowest first; their sizes multiply to the number of pages. One axis "page" where `layoutProblem` is. */
	pageAxes: PageAxis[];
	/** Distance between neighbours along x, y, z. */
	spacing: { x: number; y: number; z: number };
	/** Position of the first pixel's centre. */
	origin: { x: number; y: number; z: number };
	/** UDUNITS names. */
	units: { x?: string; y?: string; z?: string };
	/** Why `pageAxes` is not known, where OME-XML says that the pages are something else than one whole image. */
	layoutProblem?: string;
}

/** Slices that ImageJ stores behind the only directory of a file. */
export function imageJImages(description: string | undefined): number {
	if (!description?.startsWith("ImageJ=")) return 0;
	return positiveInteger(imageJFields(description).get("images")) ?? 0;
}

/** The calibration of a file of `pages` pages by its first directory. */
export async function calibrate(
	directory: Directory,
	description: string | undefined,
	pages: number,
	signal?: AbortSignal,
): Promise<Calibration> {
	const resolution = await readResolution(directory, signal);
	if (description && /<(?:\w+:)?OME[\s>]/.test(description)) {
		const samples = (await directory.number("SamplesPerPixel", signal)) ?? 1;
		const ome = fromOme(withoutComments(description), pages, samples);
		if (ome) return ome;
	}
	if (description?.startsWith("ImageJ=")) return fromImageJ(description, resolution, pages);
	return fromResolution(resolution, pages);
}

interface Resolution {
	x?: number;
	y?: number;
	/** 1 none, 2 inch, 3 centimetre; TIFF's default is 2, but ITK, and here, a missing unit is none. */
	unit: number;
}

async function readResolution(directory: Directory, signal?: AbortSignal): Promise<Resolution> {
	const positive = (value: number | undefined) =>
		value !== undefined && Number.isFinite(value) && value > 0 ? value : undefined;
	return {
		x: positive(await directory.fraction("XResolution", signal)),
		y: positive(await directory.fraction("YResolution", signal)),
		unit: (await directory.fraction("ResolutionUnit", signal)) ?? 1,
	};
}

function plain(pages: number): Calibration {
	return {
		pageAxes: pages > 1 ? [{ name: "z", size: pages }] : [],
		spacing: { x: 1, y: 1, z: 1 },
		origin: { x: 0, y: 0, z: 0 },
		units: {},
	};
}

function fromResolution(resolution: Resolution, pages: number): Calibration {
	const result = plain(pages);
	const { x, y, unit } = resolution;
	const millimetres = unit === 2 ? 25.4 : unit === 3 ? 10 : undefined;
	if (millimetres === undefined || x === undefined || y === undefined) return result;
	result.spacing.x = round(millimetres / x);
	result.spacing.y = round(millimetres / y);
	if (unit === 3) result.units = { x: "millimeter", y: "millimeter" };
	return result;
}

/** Resolutions are held as fractions of 32-bit numbers, mostly made from float32: more digits than 7 are noise. */
function round(value: number): number {
	return Number(value.toPrecision(7));
}

function imageJFields(description: string): Map<string, string> {
	const fields = new Map<string, string>();
	for (const line of description.split(/\r?\n/)) {
		const equals = line.indexOf("=");
		if (equals > 0) fields.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
	}
	return fields;
}

/** Fields as ij.io.TiffDecoder and ij.io.FileOpener read them; the order of pages is c fastest, then z, then t. */
function fromImageJ(description: string, resolution: Resolution, pages: number): Calibration {
	const fields = imageJFields(description);
	const result = plain(pages);
	const sizes = ["frames", "slices", "channels"].map((field) => positiveInteger(fields.get(field)) ?? 1);
	result.pageAxes =
		pageAxes(
			[
				["t", sizes[0]],
				["z", sizes[1]],
				["c", sizes[2]],
			],
			pages,
		) ?? result.pageAxes;
	const unit = unitName(fields.get("unit"));
	const z = finite(fields.get("spacing"));
	// ImageJ keeps pixels per unit in the resolution tags; without a unit they say nothing.
	if (fields.has("unit")) {
		if (resolution.x !== undefined) result.spacing.x = round(1 / resolution.x);
		if (resolution.y !== undefined) result.spacing.y = round(1 / resolution.y);
	}
	if (z !== undefined && z !== 0) result.spacing.z = Math.abs(z);
	if (unit !== undefined) {
		result.units = {
			x: unit,
			y: unitName(fields.get("yunit")) ?? unit,
			z: unitName(fields.get("zunit")) ?? unit,
		};
	}
	// The origin is the pixel that lies at zero.
	for (const axis of ["x", "y", "z"] as const) {
		const pixel = finite(fields.get(`${axis}origin`));
		if (pixel) result.origin[axis] = -pixel * result.spacing[axis];
	}
	return result;
}

/** XML without its comments, which may hold elements. */
export function withoutComments(xml: string): string {
	return xml.replace(/<!--[\s\S]*?-->/g, "");
}

/** The first Pixels element of OME-XML, by its attributes; enough for sizes, and no parser is needed. */
function fromOme(xml: string, pages: number, samples: number): Calibration | undefined {
	const element = /<(?:\w+:)?Pixels\s([^>]*)>/.exec(xml);
	if (!element) return undefined;
	const attributes = new Map<string, string>();
	for (const [, name, , double, single] of element[1].matchAll(/([\w:]+)\s*=\s*("([^"]*)"|'([^']*)')/g)) {
		attributes.set(name, unescapeXml(double ?? single ?? ""));
	}
	const result = plain(pages);
	const size = (axis: string) => positiveInteger(attributes.get(`Size${axis}`)) ?? 1;
	// DimensionOrder lists the fastest axis first: XYZCT.
	const order = /^XY([ZCT]{3})$/.exec(attributes.get("DimensionOrder") ?? "XYZCT")?.[1] ?? "ZCT";
	const axes = [...order].reverse().map((axis): [string, number] => [axis.toLowerCase(), size(axis)]);
	// The channels of RGB pages are samples, not pages; there may be several such pages, each of its own channels.
	const groups = axes.map(([name, length]): [string, number] => [
		name,
		name === "c" ? length / samples : length,
	]);
	const withoutChannels = axes.filter(([name]) => name !== "c");
	const found = pageAxes(axes, pages) ?? pageAxes(withoutChannels, pages) ?? pageAxes(groups, pages);
	if (found) {
		const own = /<(?:\w+:)?Pixels\s[\s\S]*?<\/(?:\w+:)?Pixels>/.exec(xml)?.[0] ?? "";
		const inOrder = axesOfPlanes(own, found, pages);
		result.pageAxes = inOrder ?? found;
		if (!inOrder) {
			result.layoutProblem = "Its OME-XML puts the pages in an order that no order of the axes gives.";
		}
	} else if (pages > 1) {
		const images = xml.match(/<(?:\w+:)?Pixels\s/g)?.length ?? 1;
		const planes = axes.map(([name, length]) => `${length} ${name}`).join(" × ");
		result.layoutProblem =
			images > 1
				? `Its ${pages} pages are ${images} images by its OME-XML, the first of ${planes} pages.`
				: `Its OME-XML tells of ${planes} pages, and the file has ${pages}.`;
	}
	// Sizes that cannot be read say nothing; what they say of other pages is no axis of these.
	const saysSizes = ["Z", "C", "T"].some(
		(axis) => positiveInteger(attributes.get(`Size${axis}`)) !== undefined,
	);
	if (result.layoutProblem && saysSizes) result.pageAxes = [{ name: "page", size: pages }];
	const { spacing, units } = physicalSizes((name) => attributes.get(name));
	Object.assign(result, { spacing, units });
	return result;
}

/** Distances and units by the attributes of a Pixels element. */
export function physicalSizes(
	attribute: (name: string) => string | undefined,
): Pick<Calibration, "spacing" | "units"> {
	const result: Pick<Calibration, "spacing" | "units"> = { spacing: { x: 1, y: 1, z: 1 }, units: {} };
	for (const axis of ["x", "y", "z"] as const) {
		const physical = finite(attribute(`PhysicalSize${axis.toUpperCase()}`));
		if (physical === undefined || physical <= 0) continue;
		result.spacing[axis] = physical;
		// The schema's default unit.
		const unit = attribute(`PhysicalSize${axis.toUpperCase()}Unit`) ?? "µm";
		result.units[axis] = unitName(unit);
	}
	return result;
}

/**
 * The axes in the order in which the pages really follow each other, where TiffData elements say which page is which;
 * undefined where no order of the axes gives that.
 */
function axesOfPlanes(pixels: string, axes: PageAxis[], pages: number): PageAxis[] | undefined {
	const planes = new Map<number, Record<string, number>>();
	for (const [, text] of pixels.matchAll(/<(?:\w+:)?TiffData\s([^>]*)>/g)) {
		const attribute = (name: string) => /^\d+$/.exec(attributeOf(text, name) ?? "")?.[0];
		const page = attribute("IFD");
		// An element without a page, or for a run of pages, means the order that DimensionOrder says.
		if (page === undefined || (attribute("PlaneCount") ?? "1") !== "1") continue;
		const place = (name: string) => Number(attribute(`First${name}`) ?? 0);
		planes.set(Number(page), { z: place("Z"), c: place("C"), t: place("T") });
	}
	if (planes.size < pages) return axes;
	return permutations(axes).find((order) => {
		for (let page = 0; page < pages; page++) {
			let rest = page;
			for (const axis of [...order].reverse()) {
				if (planes.get(page)?.[axis.name] !== rest % axis.size) return false;
				rest = Math.floor(rest / axis.size);
			}
		}
		return true;
	});
}

/** The order as it is comes first. */
function permutations<T>(items: T[]): T[][] {
	if (items.length <= 1) return [items];
	return items.flatMap((item) =>
		permutations(items.filter((other) => other !== item)).map((rest) => [item, ...rest]),
	);
}

/** An attribute of an XML element, given the text between its name and its end. */
export function attributeOf(attributes: string, name: string): string | undefined {
	const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)')`).exec(attributes);
	return match ? unescapeXml(match[1] ?? match[2]) : undefined;
}

/** The axes longer than 1 where they account for all pages. */
function pageAxes(sizes: [string, number][], pages: number): PageAxis[] | undefined {
	const axes = sizes.filter(([, size]) => size > 1).map(([name, size]) => ({ name, size }));
	return axes.reduce((all, axis) => all * axis.size, 1) === pages ? axes : undefined;
}

export function positiveInteger(text: string | undefined): number | undefined {
	const value = finite(text);
	return value !== undefined && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

function finite(text: string | undefined): number | undefined {
	if (text === undefined || text.trim() === "") return undefined;
	const value = Number(text);
	return Number.isFinite(value) ? value : undefined;
}

/** Text of an XML attribute. */
export function unescapeXml(text: string): string {
	const named: Record<string, string> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
	return text.replace(/&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(\w+));/gi, (whole, hex, decimal, name) => {
		if (name) return named[name] ?? whole;
		const code = hex ? Number.parseInt(hex, 16) : Number(decimal);
		return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
	});
}

/** The UDUNITS name of a length, as OME-NGFF wants it; undefined for pixels and for what is not known. */
export function unitName(text: string | undefined): string | undefined {
	// ImageJ writes µm as "\u00B5m".
	const decode = (_: string, hex: string) => String.fromCharCode(Number.parseInt(hex, 16));
	return text === undefined ? undefined : lengthName(text.replace(/\\u([0-9a-f]{4})/gi, decode));
}
