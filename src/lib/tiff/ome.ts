/** What an OME-TIFF's XML says beside its sizes: names of channels, and other files that hold a part of the image. */
import { attributeOf, withoutComments } from "./calibration.ts";
import type { Tiff } from "./tiff.ts";

/** What an OME-TIFF's XML, and the page directories, tell of an image besides its pixels. */
export interface TiffParts {
	/** Of the first image; an empty string for a channel without a name. */
	channelNames: string[];
	/** Files that the image is spread over besides this one, or that hold its metadata (a companion file). */
	otherFiles: string[];
	/** Smaller copies of the first page, kept in directories below it (SubIFDs): Tiff.subPages() describes them. */
	smallerCopies: number;
}

/** As far as the file's own metadata tells; no other file is looked for. */
export function tiffParts(tiff: Tiff): TiffParts {
	const { ImageDescription: description, SubIFDs: below } = tiff.metadata;
	const text = typeof description === "string" ? withoutComments(description) : undefined;
	const smallerCopies = below === undefined ? 0 : typeof below === "object" ? below.length : 1;
	if (text === undefined || !/<(\w+:)?OME[\s>]/.test(text)) {
		return { channelNames: [], otherFiles: [], smallerCopies };
	}
	const pixels = /<(?:\w+:)?Pixels\s[\s\S]*?<\/(?:\w+:)?Pixels>/.exec(text)?.[0] ?? "";
	const channelNames = [...pixels.matchAll(/<(?:\w+:)?Channel\s([^>]*)>/g)].map(
		([, attributes]) => attributeOf(attributes, "Name") ?? "",
	);
	const named = [
		...[...text.matchAll(/<(?:\w+:)?UUID\s([^>]*)>/g)].map(([, attributes]) =>
			attributeOf(attributes, "FileName"),
		),
		...[...text.matchAll(/<(?:\w+:)?BinaryOnly\s([^>]*)>/g)].map(([, attributes]) =>
			attributeOf(attributes, "MetadataFile"),
		),
	];
	const own = tiff.name.split(/[/\\]/).at(-1);
	const otherFiles = [...new Set(named)].filter((name) => name !== undefined && name !== own) as string[];
	// A file that was renamed names itself by its old name: alone, that is no other file.
	const whole = otherFiles.length === 1 && !named.includes(own) && !text.includes("BinaryOnly");
	return {
		channelNames: channelNames.some(Boolean) ? channelNames : [],
		otherFiles: whole ? [] : otherFiles,
		smallerCopies,
	};
}
