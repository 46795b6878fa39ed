/** OME-NGFF metadata of one version as that of another (0.1 to 0.5, sections "multiscales" to "well" of each). */
import { ChunkwiseError } from "../errors.ts";
import type { Attributes, Json } from "../zarr/array-metadata.ts";
import { axisType } from "./axes.ts";
import type { WritableVersion } from "./metadata.ts";
import { omeOf, omeVersion } from "./multiscales.ts";
import { omeKeys } from "./ome-keys.ts";

/** From which version to which, and what the metadata alone do not tell. */
export interface ConvertMetadataOptions {
	/** "0.4" (documents of Zarr v2) or "0.5" (Zarr v3). */
	to: WritableVersion;
	/** Version of the document; default: that which it claims, else by where and what its metadata is. */
	from?: string;
	/** Shapes of the levels by their paths: before 0.4 the scale of the coarser ones is only told by them. */
	shapes?: Readonly<Record<string, readonly number[]>>;
}

/** Parts that say their version for themselves before 0.5. */
const versionedParts = ["omero", "image-label", "plate", "well"] as const;

const isObject = (value: unknown): value is Json =>
	typeof value === "object" && value !== null && !Array.isArray(value);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);

/**
 * The attributes of a group (or those in its `zarr.json`) with their OME metadata by another version: 0.1, 0.2 and 0.3
 * as 0.4 or 0.5, and these two as each other. Axes of 0.1 and 0.2 are t, c, z, y, x; levels without coordinates get the
 * scale that their shapes tell. What the metadata does not know (units, sizes of pixels) is not made up. Attributes that
 * are not OME's are kept; a document without OME metadata is returned as it is.
 * @throws ChunkwiseError unsupported-version, shapes-needed, bad-metadata
 */
export function convertNgffMetadata(
	document: unknown,
	options: ConvertMetadataOptions,
): Record<string, unknown> {
	const attributes = attributesOf(document);
	const ome = omeOf(attributes);
	const wrapped = isObject(attributes.ome);
	if (!wrapped && !omeKeys.some((key) => ome[key] !== undefined)) return { ...attributes };
	const { to } = options;
	const from = options.from ?? omeVersion(attributes) ?? (wrapped ? "0.5" : versionOf(ome));
	if (!/^0\.[1-5](\D|$)/.test(from) || (to !== "0.4" && to !== "0.5")) {
		throw new ChunkwiseError("unsupported-version", `OME-NGFF ${from} is not converted to ${to} here.`, {
			remedy: "Versions 0.1 to 0.5 are converted to 0.4 or 0.5.",
		});
	}
	const { version: _, ...parts } = ome;
	const current = from < "0.4" ? to04(parts, options) : parts;
	const converted = to === "0.5" ? withoutVersions(current) : withVersions(current, to);
	const others = Object.entries(attributes).filter(
		([key]) => key !== "ome" && !(key in ome && !wrapped && isOme(key)),
	);
	return to === "0.5"
		? {
				...Object.fromEntries(others),
				ome: { version: to, ...pick(converted, wrapped ? () => true : isOme) },
			}
		: { ...Object.fromEntries(others), ...pick(converted, wrapped ? () => true : isOme) };
}

const isOme = (key: string) => (omeKeys as readonly string[]).includes(key);

function pick(fields: Json, wanted: (key: string) => boolean): Json {
	return Object.fromEntries(Object.entries(fields).filter(([key]) => wanted(key)));
}

function attributesOf(document: unknown): Attributes {
	if (!isObject(document)) {
		throw new ChunkwiseError("bad-metadata", "The document is not a JSON object.", {
			remedy: "Give a .zattrs, a zarr.json, or an object with the attributes of a group.",
		});
	}
	const isNode = document.zarr_format !== undefined && document.node_type !== undefined;
	return isNode ? (isObject(document.attributes) ? document.attributes : {}) : document;
}

/** The version of a document that states none: names as axes are 0.3, no coordinates 0.2. */
function versionOf(ome: Readonly<Json>): string {
	const [first] = objects(ome.multiscales);
	if (!first) return "0.4";
	if (Array.isArray(first.axes)) return first.axes.some((axis) => typeof axis === "string") ? "0.3" : "0.4";
	return objects(first.datasets).some((dataset) => dataset.coordinateTransformations) ? "0.4" : "0.2";
}

function to04(ome: Json, options: ConvertMetadataOptions): Json {
	const { plate, multiscales } = ome;
	return {
		...ome,
		...(Array.isArray(multiscales)
			? {
					multiscales: multiscales.map((entry) =>
						isObject(entry) ? entry04(entry, options.shapes ?? {}) : entry,
					),
				}
			: {}),
		...(isObject(plate) ? { plate: plate04(plate) } : {}),
	};
}

function entry04(entry: Json, shapes: Readonly<Record<string, readonly number[]>>): Json {
	const names = (Array.isArray(entry.axes) ? entry.axes : ["t", "c", "z", "y", "x"]).filter(
		(axis): axis is string => typeof axis === "string",
	);
	const { axes: _, datasets, version: __, ...rest } = entry;
	const levels = Array.isArray(datasets) ? datasets : [];
	const finest = isObject(levels[0]) ? shapes[String(levels[0].path)] : undefined;
	return {
		...rest,
		axes: names.map((name) => ({ name, type: axisType(name) })),
		datasets: levels.map((dataset, i) => {
			if (!isObject(dataset) || dataset.coordinateTransformations) return dataset;
			const shape = shapes[String(dataset.path)];
			if (i > 0 && (!shape || !finest)) throw shapesNeeded(String(dataset.path));
			const scale = names.map((_, axis) => (i === 0 ? 1 : factor(finest?.[axis], shape?.[axis])));
			return { ...dataset, coordinateTransformations: [{ type: "scale", scale }] };
		}),
	};
}

function shapesNeeded(path: string): ChunkwiseError {
	return new ChunkwiseError("shapes-needed", `How much coarser the level ${path} is, only its array tells.`, {
		remedy:
			"Give the shapes of the levels by their paths, or convert the store with convertNgff, which looks at them.",
	});
}

/** How much larger pixels are: a whole number where one explains both lengths, else their ratio. */
function factor(finest = 1, length = 1): number {
	const ratio = finest / length;
	const whole = Math.round(ratio);
	return Math.floor(finest / whole) === length || Math.ceil(finest / whole) === length ? whole : ratio;
}

/** Before 0.4 a well has its path alone. */
function plate04(plate: Json): Json {
	const names = (list: unknown) => objects(list).map((entry) => entry.name);
	const [rows, columns] = [names(plate.rows), names(plate.columns)];
	if (!Array.isArray(plate.wells)) return plate;
	const wells = plate.wells.map((well) => {
		if (!isObject(well) || typeof well.path !== "string") return well;
		const [row, column] = well.path.split("/");
		const indices = { rowIndex: rows.indexOf(row), columnIndex: columns.indexOf(column) };
		return indices.rowIndex < 0 || indices.columnIndex < 0 ? well : { ...indices, ...well };
	});
	return { ...plate, wells };
}

function withoutVersions(ome: Json): Json {
	const bare = ({ version: _, ...rest }: Json) => rest;
	return withParts(ome, bare);
}

function withVersions(ome: Json, version: WritableVersion): Json {
	return withParts(ome, ({ version: _, ...rest }) => ({ version, ...rest }));
}

function withParts(ome: Json, change: (part: Json) => Json): Json {
	const { multiscales } = ome;
	const parts = versionedParts.flatMap((key) => {
		const part = ome[key];
		return isObject(part) ? [[key, change(part)] as const] : [];
	});
	return {
		...ome,
		...(Array.isArray(multiscales)
			? { multiscales: multiscales.map((entry) => (isObject(entry) ? change(entry) : entry)) }
			: {}),
		...Object.fromEntries(parts),
	};
}
