/** Validation of one metadata document, without the arrays behind it. */
import { ChunkwiseError } from "../../errors.ts";
import { omeKeys } from "../ome-keys.ts";
import { type Fields, type Finding, isFields, Place, shown } from "./findings.ts";
import { checkImageLabel, checkLayout, checkPaths } from "./labels.ts";
import { checkMultiscales, checkOmero } from "./multiscales.ts";
import { checkPlate } from "./plate.ts";
import { claimedVersion, isReleased, type NgffVersion } from "./versions.ts";
import { checkWell } from "./well.ts";

/** How strict a validation is. */
export interface ValidateOptions {
	/** What the specification recommends becomes an error. */
	strict?: boolean;
}

/** What a validation found. */
export interface Validation {
	/** False where any finding is an error. */
	valid: boolean;
	/** The version by whose rules it was judged; null where there is no OME-NGFF metadata. */
	version: NgffVersion | null;
	findings: Finding[];
}

/** Where the OME metadata of a document is. */
export interface Located {
	ome: Fields;
	/** Pointer of `ome` in the document. */
	pointer: string;
	/** True inside a key `ome`, where it is since 0.5. */
	wrapped: boolean;
}

/**
 * The OME metadata of a `zarr.json`, a `.zattrs` or an attributes object.
 * @throws ChunkwiseError bad-metadata
 */
export function locate(document: unknown): Located {
	if (!isFields(document)) {
		throw new ChunkwiseError("bad-metadata", "The document is not a JSON object.", {
			remedy: "Give a .zattrs, a zarr.json, or an object with the attributes of a group.",
		});
	}
	const isNode = document.zarr_format !== undefined || document.node_type !== undefined;
	const inside = isNode || (isFields(document.attributes) && !hasKind(document) && !isFields(document.ome));
	const attributes = inside ? (isFields(document.attributes) ? document.attributes : {}) : document;
	const pointer = inside ? "/attributes" : "";
	if (isFields(attributes.ome)) return { ome: attributes.ome, pointer: `${pointer}/ome`, wrapped: true };
	return { ome: attributes, pointer, wrapped: false };
}

const hasKind = (fields: Fields) => omeKeys.some((key) => fields[key] !== undefined);

/**
 * Checks a metadata document by the rules of the OME-NGFF version that it claims (0.1 to 0.5): a `.zattrs`, a
 * `zarr.json`, or the attributes alone. What can only be told from the arrays is left to {@link validateStore}.
 * @throws ChunkwiseError unsupported-version (0.6 and later)
 */
export function validate(document: unknown, options: ValidateOptions = {}): Validation {
	return validateAs(document, options);
}

/** What is no object has no place for metadata. */
function noObject(document: unknown, strict: boolean): Validation {
	const place = new Place("0.5", strict);
	place.report(
		"must",
		"document-object",
		"metadata",
		`The document is ${shown(document)} and not a JSON object.`,
		"Give a .zattrs, a zarr.json, or an object with the attributes of a group.",
	);
	return { valid: false, version: null, findings: place.findings };
}

/** As {@link validate}; `assumed` is the version of a document that states none, where its surroundings tell. */
export function validateAs(document: unknown, options: ValidateOptions, assumed?: NgffVersion): Validation {
	if (!isFields(document)) return noObject(document, options.strict === true);
	const { ome, pointer, wrapped } = locate(document);
	const claim = claimedVersion(ome, wrapped);
	const { stated } = claim;
	const version = stated || !assumed ? claim.version : assumed;
	const place = new Place(version, options.strict === true, pointer);
	if (!hasKind(ome)) {
		place.report(
			"must",
			"no-ome-metadata",
			"metadata",
			"There is no OME-NGFF metadata here: none of multiscales, plate, well, labels, image-label or bioformats2raw.layout.",
			wrapped || Object.keys(ome).length > 0
				? "Check that this is the group of an image or plate, and not an array or a group above or below it."
				: "The document has no attributes: give the group that holds the scale levels.",
		);
		return { valid: false, version: stated ? version : null, findings: place.findings };
	}
	checkVersion(ome, place, wrapped, stated);
	const checks: [string, (ome: Fields, place: Place) => void][] = [
		["multiscales", checkMultiscales],
		["omero", checkOmero],
		["labels", (fields, at) => checkPaths(fields, "labels", at)],
		["image-label", checkImageLabel],
		["plate", checkPlate],
		["well", checkWell],
		["bioformats2raw.layout", checkLayout],
		["series", (fields, at) => checkPaths(fields, "series", at)],
	];
	for (const [key, check] of checks) if (ome[key] !== undefined) check(ome, place);
	return { valid: isValid(place.findings), version, findings: place.findings };
}

export function isValid(findings: readonly Finding[]): boolean {
	return findings.every((finding) => finding.severity !== "error");
}

/** A list of label images, and nothing that the official schemas describe. */
function onlyLabels(ome: Fields): boolean {
	return Object.keys(ome).length === 1 && Array.isArray(ome.labels);
}

function checkVersion(
	ome: Fields,
	place: Place,
	wrapped: boolean,
	stated: { value: unknown; at: (string | number)[] } | undefined,
): void {
	if (wrapped && ome.version === undefined) {
		place.report(
			// The text says where the version is, not that it must be; the schemas ask it of all but a list of labels,
			// for which there is none. ome-zarr-py writes that list without, and so are published images.
			onlyLabels(ome) ? "should" : "must",
			"version-missing",
			"metadata",
			'The OME metadata does not say its version. It is in "ome", where it is since 0.5, and is judged by 0.5.',
			'Add "version": "0.5" inside "ome".',
		);
		return;
	}
	if (!stated) {
		if (!wrapped && place.since("0.5")) {
			place.report(
				"must",
				"ome-key-missing",
				"metadata",
				'The metadata is directly in the attributes, and 0.5 has it in the key "ome".',
				'Move it into "ome", beside "version": "0.5".',
			);
		}
		return;
	}
	const nested = stated.at[0] === "plate" || stated.at[0] === "well" || stated.at[0] === "image-label";
	if (!isReleased(stated.value)) {
		if (nested) return;
		place
			.at(...stated.at)
			.report(
				"must",
				"version-known",
				wrapped ? "metadata" : "multiscales",
				`The version is ${shown(stated.value)}, which was never released; it is judged by ${place.version}.`,
				`Write "${place.version}" if the metadata follows it.`,
			);
	} else if (wrapped !== place.since("0.5")) {
		place
			.at(...stated.at)
			.report(
				"must",
				"version-place",
				"metadata",
				wrapped
					? `Version ${place.version} has its metadata directly in the attributes, and this is in "ome".`
					: 'Version 0.5 has its metadata in the key "ome" of the attributes, and this is not.',
				wrapped ? 'If it was written by the rules of 0.5, set the version to "0.5".' : 'Move it into "ome".',
			);
	}
}
