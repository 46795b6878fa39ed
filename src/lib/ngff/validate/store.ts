/** Validation of an OME-Zarr hierarchy: its documents, and the arrays and groups that they name. */
import { ChunkwiseError, isChunkwiseError, throwIfAborted } from "../../errors.ts";
import { type LongTask, progressOf } from "../../progress.ts";
import { stoppable } from "../../stores/stoppable.ts";
import { getRange, keyOf, normalizePath } from "../../stores/store.ts";
import { checkDepth } from "../../zarr/depth.ts";
import type { ZarrGroup } from "../../zarr/group.ts";
import { openZarr, type StoreLike } from "../../zarr/open.ts";
import { checkChannelCount, checkLabelAgainst, checkLevels, openBelow } from "./arrays.ts";
import { isValid, locate, type ValidateOptions, type Validation, validateAs } from "./document.ts";
import { type Fields, type Finding, isFields, Place, type Section, shown } from "./findings.ts";
import { type Context, checkAcquisitions, checkConsistent, checkFormat, checkRole } from "./groups.ts";
import { checkBetween, checkCopies, checkRows, checkSource, checkZip, rootInZip } from "./surroundings.ts";
import type { NgffVersion } from "./versions.ts";

/** Where in a store a validation begins, and how strict it is. */
export interface ValidateStoreOptions extends ValidateOptions, LongTask {
	/** Of the group to begin at; the root by default. */
	path?: string;
}

interface Walk extends ValidateStoreOptions {
	/** Told of each group that is looked at. */
	onGroup(): void;
}

/** Groups of one list that are looked at at the same time. */
const atOnce = 8;

/**
 * Checks an image, a plate, a well, a label image or a bioformats2raw set with everything that its metadata names:
 * documents as {@link validate} does, and that arrays and groups are there and are what the metadata says.
 * No chunks are read. Each finding has the path of its node.
 * @throws ChunkwiseError not-zarr, bad-metadata, unsupported-version, and what the store throws; the signal's reason when
 *   aborted
 */
export async function validateStore(
	store: StoreLike,
	options: ValidateStoreOptions = {},
): Promise<Validation> {
	const asked = normalizePath(options.path ?? "");
	const path = asked === "" ? await rootInZip(store) : asked;
	const node = await openZarr(stoppable(store, options.signal), path);
	if (node.kind === "array") {
		throw new ChunkwiseError(
			"not-a-group",
			"This is an array, and OME-NGFF metadata is in the group above it.",
			{
				where: path || "/",
				remedy: "Give the group that holds the scale levels.",
			},
		);
	}
	const report = progressOf(options);
	let done = 0;
	const onGroup = () => report({ label: "Checking metadata", done: ++done, unit: "documents" });
	const { version, findings } = await visit(node, {}, { ...options, onGroup });
	if (asked === "") {
		const zip = new Place(version ?? "0.5", options.strict === true);
		await checkZip(store, path, version, zip);
		findings.unshift(...zip.findings.map(({ severity, ...rest }) => ({ severity, path: "", ...rest })));
	}
	return { valid: isValid(findings), version, findings };
}

interface Visited {
	version: NgffVersion | null;
	findings: Finding[];
}

async function visit(group: ZarrGroup, context: Context, options: Walk): Promise<Visited> {
	throwIfAborted(options.signal);
	options.onGroup();
	checkDepth(group.path, normalizePath(options.path ?? ""));
	const document = group.zarrFormat === 3 ? group.document : group.attrs;
	const { ome, pointer } = locate(document);
	// Zarr 3 begins with 0.5; a group of Zarr 2 inside an image is of the image's version.
	const assumed = group.zarrFormat === 3 ? "0.5" : context.version;
	const result = judge(document, group, options, assumed);
	const place = new Place(result.version ?? assumed ?? "0.4", options.strict === true, pointer);
	const role = checkRole(ome, context, place);
	// What has no OME metadata has one finding, unless its place says what is missing.
	const own = role && result.version === null ? [] : result.findings;
	const below: Finding[] = [];
	if (result.version !== null) {
		checkFormat(group.zarrFormat, place);
		checkConsistent(result.version, context, place);
		if (context.version === undefined) await checkCopies(group, place);
		below.push(...(await visitParts(group, ome, place, context, options)));
	}
	// What the document alone could only warn of, the hierarchy decides.
	const decided = new Set(
		place.findings
			.filter(({ rule }) => rule === "transformation-dimensions")
			.map((finding) => finding.pointer),
	);
	const kept = own.filter(
		({ rule, pointer }) =>
			rule !== "image-label-multiscales" && !(rule === "transformation-length" && decided.has(pointer)),
	);
	const here = [...kept, ...unique(place.findings)].map(({ severity, ...rest }) => ({
		severity,
		path: group.path,
		...rest,
	}));
	return { version: result.version, findings: [...here, ...below] };
}

function judge(
	document: unknown,
	group: ZarrGroup,
	options: Walk,
	assumed: NgffVersion | undefined,
): Validation {
	try {
		return validateAs(document, options, assumed);
	} catch (error) {
		if (!isChunkwiseError(error) || error.where) throw error;
		const { code, message, remedy } = error;
		throw new ChunkwiseError(code, message, { where: group.path || "/", remedy, cause: error });
	}
}

function unique(findings: readonly Finding[]): Finding[] {
	return findings.filter(
		(finding, i) => findings.findIndex((f) => f.rule === finding.rule && f.pointer === finding.pointer) === i,
	);
}

async function visitParts(
	group: ZarrGroup,
	ome: Fields,
	place: Place,
	context: Context,
	options: Walk,
): Promise<Finding[]> {
	const version = place.version;
	const found: Finding[] = [];
	const children = async (
		paths: readonly [unknown, Place][],
		kind: string,
		section: Section,
		next: Context,
	) => {
		found.push(...(await visitList(group, paths, kind, section, { version, ...next }, options)));
	};
	if (Array.isArray(ome.multiscales)) {
		const image = await visitLevels(group, ome, place, context);
		const labels = await openBelow(group, "labels");
		if (labels.kind === "group") {
			found.push(...(await visit(labels, { role: "labels", version, image }, options)).findings);
		}
	}
	if (Array.isArray(ome.labels)) {
		const paths = ome.labels.map((path, i): [unknown, Place] => [path, place.at("labels", i)]);
		await checkBetween(group, ome.labels, place.at("labels"));
		await children(paths, "label", "labels", { role: "label", image: context.image });
	}
	if (isFields(ome.plate) && Array.isArray(ome.plate.wells)) {
		await checkRows(group, ome.plate.wells, place.at("plate", "wells"));
		const acquisitions = Array.isArray(ome.plate.acquisitions)
			? ome.plate.acquisitions.map((run) => (isFields(run) ? run.id : undefined))
			: [];
		await children(pathsOf(ome.plate.wells, place.at("plate", "wells")), "well", "plate", {
			role: "well",
			acquisitions,
		});
	}
	if (isFields(ome.well) && Array.isArray(ome.well.images)) {
		const here = place.at("well", "images");
		checkAcquisitions(ome.well.images, context.acquisitions ?? [], here);
		await children(pathsOf(ome.well.images, here), "field", "well", { role: "image" });
	}
	if (ome["bioformats2raw.layout"] !== undefined && ome.plate === undefined) {
		found.push(...(await visitSeries(group, place, options)));
	}
	return found;
}

async function visitLevels(
	group: ZarrGroup,
	ome: Fields,
	place: Place,
	context: Context,
): Promise<Context["image"]> {
	const isLabel = context.role === "label" || ome["image-label"] !== undefined;
	let first: Context["image"];
	for (const [i, entry] of (ome.multiscales as unknown[]).entries()) {
		if (!isFields(entry)) continue;
		const here = place.at("multiscales", i);
		const arrays = await checkLevels(entry, group, here, isLabel);
		const levels = Array.isArray(entry.datasets) ? entry.datasets.length : 0;
		if (context.role === "label" && context.image && i === 0) {
			checkLabelAgainst(context.image.arrays, context.image.levels, arrays, levels, here.at("datasets"));
		}
		first ??= { levels, arrays };
	}
	checkChannelCount(ome, first?.arrays ?? [], place);
	await checkSource(group, ome, place);
	return first;
}

function pathsOf(list: readonly unknown[], place: Place): [unknown, Place][] {
	return list.map((entry, i) => [isFields(entry) ? entry.path : undefined, place.at(i)]);
}

/** Groups that a list names: each is there, and is looked at. */
async function visitList(
	group: ZarrGroup,
	paths: readonly [unknown, Place][],
	kind: string,
	section: Section,
	context: Context,
	options: Walk,
): Promise<Finding[]> {
	const names: Record<string, string> = {
		label: "label image",
		well: "well",
		field: "field of view",
		series: "image",
	};
	const one = async ([path, place]: [unknown, Place]): Promise<Finding[]> => {
		if (typeof path !== "string" || path === "") return [];
		const node = await openBelow(group, path);
		if (node.kind === "group") return (await visit(node, context, options)).findings;
		place.report(
			"must",
			`${kind}-absent`,
			section,
			node.kind === "damaged"
				? `The metadata of the ${names[kind]} ${shown(path)} cannot be read: ${node.why}`
				: `The ${names[kind]} ${shown(path)} is listed and ${node.kind === "array" ? "is an array and no group" : "is not there"}.`,
			"Copy it here, correct its path, or take it out of the list.",
		);
		return [];
	};
	const found: Finding[] = [];
	for (let i = 0; i < paths.length; i += atOnce) {
		throwIfAborted(options.signal);
		found.push(...(await Promise.all(paths.slice(i, i + atOnce).map(one))).flat());
	}
	return found;
}

/** The images of a bioformats2raw set: those that OME/ lists, else groups numbered from 0. */
async function visitSeries(group: ZarrGroup, place: Place, options: Walk): Promise<Finding[]> {
	const key = keyOf(normalizePath(`${group.path}/OME`), "METADATA.ome.xml");
	if (!(await getRange(group.store, key, { offset: 0, length: 1 }))) {
		place.report(
			"should",
			"bf2raw-xml",
			"bf2raw",
			"There is no OME/METADATA.ome.xml with what the original file said.",
			"Copy it from the converted file, or convert it again.",
		);
	}
	const context: Context = { role: "image", version: place.version };
	const extra = await openBelow(group, "OME");
	const series = extra.kind === "group" ? locateSeries(extra) : undefined;
	const here = place.at("bioformats2raw.layout");
	if (series) {
		return visitList(
			group,
			series.map((path) => [path, here]),
			"series",
			"bf2raw",
			context,
			options,
		);
	}
	const found: Finding[] = [];
	for (let i = 0; ; i++) {
		throwIfAborted(options.signal);
		const node = await openBelow(group, String(i));
		if (node.kind !== "group") {
			if (i === 0) {
				const message = 'There is no image: neither a list of "series" nor a group 0.';
				here.report(
					"must",
					"series-absent",
					"bf2raw",
					message,
					"Copy the images here, or convert the file again.",
				);
			}
			return found;
		}
		found.push(...(await visit(node, context, options)).findings);
	}
}

function locateSeries(group: ZarrGroup): unknown[] | undefined {
	const { series } = locate(group.zarrFormat === 3 ? group.document : group.attrs).ome;
	return Array.isArray(series) ? series : undefined;
}
