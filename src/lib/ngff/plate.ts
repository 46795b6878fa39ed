/** High-content screening: plates, their wells and fields of view (OME-NGFF, sections "plate" and "well" metadata). */
import { ChunkwiseError } from "../errors.ts";
import { asStore } from "../stores/memory.ts";
import { exclusively, keyOf, normalizePath, type WritableStore } from "../stores/store.ts";
import type { Json } from "../zarr/array-metadata.ts";
import type { ZarrGroup } from "../zarr/group.ts";
import { encodeJson } from "../zarr/metadata.ts";
import { versioned, type WritableVersion } from "./metadata.ts";
import { omeOf, omeVersion } from "./multiscales.ts";
import { groupDocuments } from "./write.ts";

/** A well that has images. */
export interface PlateWell {
	/** Of its group, below the plate: "A/1". */
	path: string;
	/** Names of its row and column. */
	row: string;
	column: string;
	/** Their places in the plate's lists, from 0. */
	rowIndex: number;
	columnIndex: number;
}

/** One run over the plate. Times are seconds or milliseconds since 1970, as the writer has them. */
export interface Acquisition {
	id: number;
	name?: string;
	description?: string;
	/** Largest number of fields of view in a well. */
	maximumFieldCount?: number;
	startTime?: number;
	endTime?: number;
}

/** A plate of wells (OME-NGFF, "plate"). Its images are two groups below: ROW/COLUMN/FIELD. */
export interface NgffPlate {
	/** Of the group, from the root of the store. */
	path: string;
	version: string;
	name: string;
	rows: string[];
	columns: string[];
	wells: PlateWell[];
	acquisitions: Acquisition[];
	/** Largest number of fields of view in a well. */
	fieldCount?: number;
}

/** An image of a well. */
export interface FieldOfView {
	/** Of its image group, below the well: "0". */
	path: string;
	/** Id of the plate's acquisition to which it belongs. */
	acquisition?: number;
}

/** A well and its fields of view (OME-NGFF, "well"). */
export interface NgffWell {
	/** Of the group, from the root of the store. */
	path: string;
	version: string;
	fields: FieldOfView[];
}

const isObject = (value: unknown): value is Json =>
	typeof value === "object" && value !== null && !Array.isArray(value);
const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isObject) : []);
const text = (value: unknown) => (typeof value === "string" ? value : undefined);
const number = (value: unknown) => (typeof value === "number" ? value : undefined);

/** Leaves out what is undefined. */
function defined<T extends object>(fields: T): T {
	return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

/**
 * What a plate's group says of it, whatever the version. Before 0.4, wells have no indices, and get those of their path.
 * @throws ChunkwiseError no-plate
 */
export function readPlate(group: ZarrGroup): NgffPlate {
	const { plate } = omeOf(group.attrs);
	if (!isObject(plate)) throw lacks(group, "plate", "no plate");
	const names = (list: unknown) => objects(list).map(({ name }) => String(name ?? ""));
	const rows = names(plate.rows);
	const columns = names(plate.columns);
	return defined({
		path: group.path,
		version: omeVersion(group.attrs) ?? "0.4",
		name: text(plate.name) ?? group.name,
		rows,
		columns,
		wells: objects(plate.wells).flatMap((well): PlateWell[] => {
			const path = normalizePath(text(well.path) ?? "");
			if (path === "") return [];
			const [row, column = ""] = path.split("/");
			const rowIndex = number(well.rowIndex) ?? rows.indexOf(row);
			const columnIndex = number(well.columnIndex) ?? columns.indexOf(column);
			return [
				{ path, row: rows[rowIndex] ?? row, column: columns[columnIndex] ?? column, rowIndex, columnIndex },
			];
		}),
		acquisitions: objects(plate.acquisitions).flatMap((run): Acquisition[] => {
			const id = number(run.id);
			if (id === undefined) return [];
			return [
				defined({
					id,
					name: text(run.name),
					description: text(run.description),
					maximumFieldCount: number(run.maximumfieldcount),
					startTime: number(run.starttime),
					endTime: number(run.endtime),
				}),
			];
		}),
		fieldCount: number(plate.field_count),
	});
}

/**
 * The fields of view of a well's group.
 * @throws ChunkwiseError no-well
 */
export function readWell(group: ZarrGroup): NgffWell {
	const { well } = omeOf(group.attrs);
	if (!isObject(well)) throw lacks(group, "well", "no well of a plate");
	const fields = objects(well.images).flatMap((image): FieldOfView[] => {
		const path = normalizePath(text(image.path) ?? "");
		return path === "" ? [] : [defined({ path, acquisition: number(image.acquisition) })];
	});
	return { path: group.path, version: omeVersion(group.attrs) ?? "0.4", fields };
}

function lacks(group: ZarrGroup, key: string, what: string): ChunkwiseError {
	return new ChunkwiseError(`no-${key}`, `This group has no ${key} metadata: it is ${what}.`, {
		where: group.path || "/",
		remedy: `Its attributes are ${Object.keys(group.attrs).join(", ") || "none"}. A plate is the group above its rows, a well the one above its fields of view.`,
	});
}

/** The plate to be written. */
export interface PlateRequest {
	name?: string;
	/** Of the whole physical plate, wells or not: letters and digits. */
	rows: readonly string[];
	columns: readonly string[];
	/** The wells that have images. */
	wells: readonly {
		row: string;
		column: string;
		/** Fields of view, whose images are written by themselves to ROW/COLUMN/PATH. */
		fields: readonly FieldOfView[];
	}[];
	acquisitions?: readonly Acquisition[];
}

/** Version and place of the plate's metadata. */
export interface PlateWriteOptions {
	/** Version of OME-NGFF; default "0.5". */
	version?: WritableVersion;
	/** Group of the store that becomes the plate; default its root. */
	path?: string;
}

/**
 * Writes the metadata of a plate: its group, those of the rows and of the wells. The images are written to
 * `PLATE/ROW/COLUMN/FIELD`, before or after, with toNgffZarr and the same version.
 * @returns paths of the images from the root of the store, in the order of the wells
 * @throws ChunkwiseError bad-plate, before anything is written, and what the store throws
 */
export async function writePlate(
	into: WritableStore | Map<string, Uint8Array>,
	plate: PlateRequest,
	options: PlateWriteOptions = {},
): Promise<string[]> {
	const store = asStore(into);
	const path = normalizePath(options.path ?? "");
	const version = options.version ?? "0.5";
	checkPlate(plate, path || "/");
	const zarrFormat = version === "0.5" ? 3 : 2;
	const put = async (at: string, attributes: Record<string, unknown>) => {
		for (const [key, document] of groupDocuments(at, zarrFormat, attributes)) {
			await store.set(key, encodeJson(document));
		}
	};
	const below = (...parts: string[]) => keyOf(path, parts.join("/")).slice(1);
	await exclusively(store, async () => {
		for (const row of new Set(plate.wells.map((well) => well.row))) await put(below(row), {});
		for (const { row, column, fields } of plate.wells) {
			const well = {
				images: fields.map(({ path: field, acquisition }) => defined({ acquisition, path: field })),
			};
			await put(below(row, column), versioned(version, {}, { well }));
		}
		await put(path, versioned(version, {}, { plate: plateMetadata(plate) }));
	});
	return plate.wells.flatMap(({ row, column, fields }) =>
		fields.map((field) => below(row, column, field.path)),
	);
}

function plateMetadata({ name, rows, columns, wells, acquisitions }: PlateRequest): Json {
	return defined({
		name: name ?? "plate",
		rows: rows.map((row) => ({ name: row })),
		columns: columns.map((column) => ({ name: column })),
		wells: wells.map(({ row, column }) => ({
			path: `${row}/${column}`,
			rowIndex: rows.indexOf(row),
			columnIndex: columns.indexOf(column),
		})),
		field_count: Math.max(...wells.map((well) => well.fields.length)),
		acquisitions: acquisitions?.map((run) => {
			const own = wells.map(({ fields }) => fields.filter((field) => field.acquisition === run.id).length);
			return defined({
				id: run.id,
				name: run.name ?? String(run.id),
				maximumfieldcount: run.maximumFieldCount ?? Math.max(1, ...own),
				description: run.description,
				starttime: run.startTime,
				endtime: run.endTime,
			});
		}),
	});
}

function checkPlate({ rows, columns, wells, acquisitions = [] }: PlateRequest, where: string): void {
	const fail = (message: string, remedy: string): never => {
		throw new ChunkwiseError("bad-plate", message, { where, remedy });
	};
	const folder = (name: string) => /^[A-Za-z0-9]+$/.test(name);
	for (const [what, list] of [
		["rows", rows],
		["columns", columns],
	] as const) {
		const wrong = list.find((name, i) => !folder(name) || list.indexOf(name) < i);
		if (list.length === 0 || wrong !== undefined) {
			fail(
				wrong === undefined ? `The plate has no ${what}.` : `The ${what} cannot be named ${list.join(", ")}.`,
				"Name each row and column of the plate once, with letters and digits only.",
			);
		}
	}
	if (wells.length === 0) fail("The plate has no wells.", "List the wells that have images.");
	const ids = acquisitions.map((run) => run.id);
	if (ids.some((id, i) => !Number.isInteger(id) || id < 0 || ids.indexOf(id) < i)) {
		fail(
			`The acquisitions have the ids ${ids.join(", ")}.`,
			"Give each a whole number of its own, from 0 on.",
		);
	}
	const seen = new Set<string>();
	for (const { row, column, fields } of wells) {
		const name = `${row}/${column}`;
		if (!rows.includes(row) || !columns.includes(column) || seen.has(name)) {
			fail(
				seen.has(name)
					? `The well ${name} is listed twice.`
					: `The plate has no row ${row} and column ${column}.`,
				"Name a row and a column of the plate, and each well once.",
			);
		}
		seen.add(name);
		const paths = fields.map((field) => field.path);
		if (paths.length === 0 || paths.some((path, i) => !folder(path) || paths.indexOf(path) < i)) {
			fail(
				`The fields of view of the well ${name} are ${paths.join(", ") || "none"}.`,
				"Give each a name of its own, with letters and digits only.",
			);
		}
		const lost = fields.find(({ acquisition }) =>
			acquisition === undefined ? ids.length > 1 : !ids.includes(acquisition),
		);
		if (lost) {
			fail(
				`The field of view ${name}/${lost.path} is of the acquisition ${lost.acquisition ?? "(none said)"}, and the plate has ${ids.join(", ") || "none"}.`,
				"Name one of the plate's acquisitions by its id.",
			);
		}
	}
}
