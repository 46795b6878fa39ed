/** Which version of OME-NGFF a document claims. */
import { ChunkwiseError } from "../../errors.ts";
import { type Fields, isFields } from "./findings.ts";

export const ngffVersions = ["0.1", "0.2", "0.3", "0.4", "0.5"] as const;
/** A version of OME-NGFF by whose rules metadata can be judged. */
export type NgffVersion = (typeof ngffVersions)[number];

export interface Claim {
	/** The rules to judge by. */
	version: NgffVersion;
	/** What the document says, and where, below its OME metadata; undefined where it says nothing. */
	stated?: { value: unknown; at: (string | number)[] };
}

export function isReleased(value: unknown): value is NgffVersion {
	return (ngffVersions as readonly unknown[]).includes(value);
}

/**
 * The version of OME metadata: of `ome`, else of its first multiscales, plate, well or image-label. Where none is
 * stated, 0.5 inside `ome`; else the version whose axes these are: names are 0.3, neither axes nor transformations
 * 0.2, and 0.4 in every other case.
 * @throws ChunkwiseError unsupported-version
 */
export function claimedVersion(ome: Fields, wrapped: boolean): Claim {
	const stated = statedVersion(ome, wrapped);
	const fallback = wrapped ? "0.5" : versionByShape(ome);
	if (!stated) return { version: fallback };
	if (isReleased(stated.value)) return { version: stated.value, stated };
	const known = typeof stated.value === "string" ? /^0\.(\d+)/.exec(stated.value) : null;
	if (known && Number(known[1]) > 5) {
		throw new ChunkwiseError(
			"unsupported-version",
			`The metadata says that it is OME-NGFF ${stated.value}, whose rules this validator does not have.`,
			{
				remedy: `It knows ${ngffVersions.join(", ")}. Convert the image to one of them, or wait for a release.`,
			},
		);
	}
	const near = known?.[0];
	return { version: isReleased(near) ? near : fallback, stated };
}

function statedVersion(ome: Fields, wrapped: boolean): Claim["stated"] {
	if (wrapped && ome.version !== undefined) return { value: ome.version, at: ["version"] };
	const first = Array.isArray(ome.multiscales) ? ome.multiscales[0] : undefined;
	if (isFields(first) && first.version !== undefined) {
		return { value: first.version, at: ["multiscales", 0, "version"] };
	}
	for (const key of ["plate", "well", "image-label"]) {
		const part = ome[key];
		if (isFields(part) && part.version !== undefined) return { value: part.version, at: [key, "version"] };
	}
	return undefined;
}

function versionByShape(ome: Fields): NgffVersion {
	const first = Array.isArray(ome.multiscales) ? ome.multiscales[0] : undefined;
	if (!isFields(first)) return "0.4";
	if (
		Array.isArray(first.axes) &&
		first.axes.length > 0 &&
		first.axes.every((axis) => typeof axis === "string")
	) {
		return "0.3";
	}
	const datasets = Array.isArray(first.datasets) ? first.datasets : [];
	const transformed = datasets.some(
		(dataset) => isFields(dataset) && dataset.coordinateTransformations !== undefined,
	);
	return first.axes === undefined && datasets.length > 0 && !transformed ? "0.2" : "0.4";
}
