/** The same image as each version of OME-NGFF describes it, and what that version can and cannot say. */
import { ChunkwiseError } from "../errors.ts";
import { convertNgffMetadata } from "../ngff/convert-metadata.ts";
import { type NgffVersion, ngffVersions } from "../ngff/validate/versions.ts";

/** An image's metadata by one version. */
export interface NgffEdition {
	version: NgffVersion;
	/** When it was released. */
	date: string;
	/** The file that holds it: ".zattrs", or "zarr.json" since 0.5. */
	file: string;
	zarr: "Zarr v2" | "Zarr v3";
	/** Key of the first chunk of the finest level. */
	chunkKey: string;
	/** The file's content; absent where the version cannot describe this image. */
	document?: Record<string, unknown>;
	/** Why there is no document. */
	problem?: string;
	/** What this version changed. */
	changed: string;
	/** What of this image it cannot say. */
	lost: string[];
}

const released: Record<NgffVersion, [date: string, changed: string]> = {
	"0.1": [
		"2020",
		"The first: scale levels in a list. Arrays have five axes, t, c, z, y, x, which nobody names.",
	],
	"0.2": ["March 2021", "Chunk keys are nested with slashes, so that no folder holds them all."],
	"0.3": ["August 2021", "Axes have names, and there may be two to five of them."],
	"0.4": ["February 2022", "Axes have a type and a unit, and each level tells its pixel size and place."],
	"0.5": ["November 2024", "Zarr v3: all of it in the key “ome” of zarr.json, with the version once."],
};

type Fields = Record<string, unknown>;
const fieldsOf = (value: unknown): Fields =>
	typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.map(fieldsOf) : []);

/**
 * The document of an image as each of the five versions has it.
 * @param shapes of the levels by path: how coarse they are, where the document is older than 0.4
 */
export function ngffEditions(
	document: unknown,
	shapes?: Readonly<Record<string, readonly number[]>>,
): NgffEdition[] {
	return ngffVersions.map((version) => edition(document, version, shapes));
}

function edition(
	document: unknown,
	version: NgffVersion,
	shapes: Readonly<Record<string, readonly number[]>> | undefined,
): NgffEdition {
	const [date, changed] = released[version];
	const modern = version === "0.5";
	const found: NgffEdition = {
		version,
		date,
		changed,
		file: modern ? "zarr.json" : ".zattrs",
		zarr: modern ? "Zarr v3" : "Zarr v2",
		chunkKey: "",
		lost: [],
	};
	try {
		const latest = convertNgffMetadata(document, { to: "0.4", shapes });
		const [image] = listOf(latest.multiscales);
		const axes = listOf(image?.axes).map(({ name }) => String(name));
		const zeros = (version < "0.3" ? ["t", "c", "z", "y", "x"] : axes).map(() => "0");
		const path = String(listOf(image?.datasets)[0]?.path ?? "0");
		found.chunkKey = `${path}/${modern ? "c/" : ""}${zeros.join(version === "0.1" ? "." : "/")}`;
		if (modern) {
			const attributes = convertNgffMetadata(document, { to: "0.5", shapes });
			found.document = { zarr_format: 3, node_type: "group", attributes };
		} else if (version === "0.4") found.document = latest;
		else {
			const problem = tooNew(axes, version);
			if (problem) found.problem = problem;
			else found.document = { ...latest, ...older(latest, version) };
			found.lost = lostBefore04(latest, version);
		}
	} catch (error) {
		if (!(error instanceof ChunkwiseError)) throw error;
		found.problem = `${error.message} ${error.remedy}`;
	}
	return found;
}

/** Before 0.4 the axes are t, c, z, y, x, and some or all of them. */
function tooNew(axes: readonly string[], version: NgffVersion): string | undefined {
	const known = "tczyx";
	const ranks = axes.map((name) => (name.length === 1 ? known.indexOf(name) : -1));
	if (ranks.some((rank, i) => rank < 0 || (i > 0 && rank <= ranks[i - 1]))) {
		return `Version ${version} knows the axes t, c, z, y and x alone, in this order, and this image has ${axes.join(", ")}.`;
	}
	return undefined;
}

function older(latest: Fields, version: NgffVersion): Fields {
	const multiscales = listOf(latest.multiscales).map((image) => {
		const { axes, coordinateTransformations: _, datasets, ...rest } = image;
		return {
			...rest,
			version,
			...(version === "0.3" ? { axes: listOf(axes).map(({ name }) => name) } : {}),
			datasets: listOf(datasets).map(({ coordinateTransformations: __, ...dataset }) => dataset),
		};
	});
	const parts = (["omero", "image-label", "plate", "well"] as const).flatMap((key) =>
		latest[key] === undefined ? [] : [[key, { ...fieldsOf(latest[key]), version }] as const],
	);
	return { ...(latest.multiscales === undefined ? {} : { multiscales }), ...Object.fromEntries(parts) };
}

function lostBefore04(latest: Fields, version: NgffVersion): string[] {
	const images = listOf(latest.multiscales);
	const axes = images.flatMap((image) => listOf(image.axes));
	const steps = images.flatMap((image) => listOf(image.datasets)).filter((d) => d.coordinateTransformations);
	return [
		...(axes.some(({ unit }) => unit !== undefined) ? ["units"] : []),
		...(steps.length > 0 ? ["pixel sizes and places of the levels"] : []),
		...(version < "0.3" && axes.length > 0
			? [axes.length === 5 ? "names of the axes" : "which axes there are: its arrays must have all five"]
			: []),
	];
}
