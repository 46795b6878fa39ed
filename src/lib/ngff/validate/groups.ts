/** Rules for a group because of where it is in a hierarchy. */
import type { ZarrArray } from "../../zarr/array.ts";
import { type Fields, isFields, type Place, type Section, shown } from "./findings.ts";
import type { NgffVersion } from "./versions.ts";

/** What a group is there for, and what stands above it. */
export interface Context {
	role?: "image" | "label" | "labels" | "well";
	version?: NgffVersion;
	/** Of a label image: its image's levels as listed, and those that could be opened. */
	image?: { levels: number; arrays: readonly ZarrArray[] };
	/** Of a well: ids of the plate's acquisitions. */
	acquisitions?: readonly unknown[];
}

/** What a group must be because of where it is. True where that is missing. */
export function checkRole(ome: Fields, context: Context, place: Place): boolean {
	const role = context.role ?? (ome["image-label"] === undefined ? undefined : "label");
	if (role === "label" && ome.multiscales !== undefined && ome["image-label"] === undefined) {
		place.report(
			place.since("0.5") ? "should" : "note",
			"image-label-missing",
			"image-label",
			"This image is listed as a label image and has no image-label metadata.",
			'Add "image-label" with the colours of the labels and the path to the image.',
		);
	}
	if (role === "labels" && ome.labels === undefined) {
		place.report(
			place.since("0.5") ? "must" : "note",
			"labels-missing",
			"labels",
			"The group of labels does not list the label images in it.",
			'Add "labels", the list of their paths.',
		);
		return true;
	}
	const wanted = { image: "multiscales", label: "multiscales", well: "well" } as const;
	const key = role === "image" || role === "label" || role === "well" ? wanted[role] : undefined;
	if (!key || ome[key] !== undefined) return false;
	const section: Section = role === "label" ? "image-label" : role === "well" ? "hcs" : "multiscales";
	const what = { image: "an image", label: "a label image", well: "a well" }[
		role as "image" | "label" | "well"
	];
	place.report(
		"must",
		`${role}-metadata-missing`,
		section,
		`This group has to be ${what} and has no "${key}" metadata.`,
		"Write it again, or take it out of the list of the group above.",
	);
	return true;
}

export function checkFormat(zarrFormat: 2 | 3, place: Place): void {
	const wanted = place.since("0.5") ? 3 : 2;
	if (zarrFormat === wanted) return;
	place.report(
		"must",
		"zarr-format",
		"layout",
		`This is Zarr format ${zarrFormat}, and OME-NGFF ${place.version} is stored as Zarr format ${wanted}.`,
		zarrFormat === 3
			? 'Move the metadata into "ome" and follow 0.5, or write the data as Zarr 2.'
			: "Convert the data to Zarr 3, or state the version whose rules the metadata follows.",
	);
}

export function checkConsistent(version: NgffVersion, context: Context, place: Place): void {
	if (!context.version || context.version === version) return;
	place.report(
		version === "0.5" || context.version === "0.5" ? "must" : "note",
		"version-consistent",
		"metadata",
		`This is version ${version}, and the group above it is ${context.version}.`,
		"Use one version in the whole hierarchy.",
	);
}

/** A field's acquisition is one of the plate's, and is told where there are several. */
export function checkAcquisitions(images: readonly unknown[], known: readonly unknown[], place: Place): void {
	images.forEach((image, i) => {
		if (!isFields(image)) return;
		const { acquisition } = image;
		if (acquisition === undefined && known.length > 1) {
			place
				.at(i)
				.report(
					place.since("0.4") ? "must" : "should",
					"field-acquisition-missing",
					"well",
					`The plate has ${known.length} acquisitions, and this field of view does not say to which it belongs.`,
					'Add "acquisition": the id of the acquisition.',
				);
		} else if (acquisition !== undefined && known.length > 0 && !known.includes(acquisition)) {
			place
				.at(i, "acquisition")
				.report(
					"must",
					"field-acquisition-unknown",
					"well",
					`The acquisition ${shown(acquisition)} is none of the plate's (${known.join(", ")}).`,
					"Correct the id, or add the acquisition to the plate.",
				);
		}
	});
}
