/** Rules that need the arrays of an image: what the metadata says against what is stored. */
import { isChunkwiseError } from "../../errors.ts";
import { normalizePath } from "../../stores/store.ts";
import type { ZarrArray } from "../../zarr/array.ts";
import type { ZarrGroup } from "../../zarr/group.ts";
import { type Fields, isFields, type Place, shown } from "./findings.ts";

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The node at a path below a group, or why there is none: an error of the metadata, not of the way to it. */
export async function openBelow(
	group: ZarrGroup,
	path: string,
): Promise<Awaited<ReturnType<ZarrGroup["open"]>> | { kind: "absent" | "damaged"; why: string }> {
	// The group itself would be looked at for ever.
	if (normalizePath(path) === "") return { kind: "absent", why: "The path names the group itself." };
	try {
		return await group.open(path);
	} catch (error) {
		if (!isChunkwiseError(error)) throw error;
		if (error.code === "not-zarr" || error.code === "bad-key") return { kind: "absent", why: error.message };
		if (error.code === "bad-metadata") return { kind: "damaged", why: error.message };
		throw error;
	}
}

/**
 * Opens the scale levels of one image and checks them.
 * @returns the arrays that could be opened, finest first
 */
export async function checkLevels(
	entry: Fields,
	group: ZarrGroup,
	place: Place,
	isLabel: boolean,
): Promise<ZarrArray[]> {
	const datasets = list(entry.datasets);
	const opened = await Promise.all(
		datasets.map((dataset) =>
			isFields(dataset) && typeof dataset.path === "string" && dataset.path !== ""
				? openBelow(group, dataset.path)
				: undefined,
		),
	);
	const arrays: ZarrArray[] = [];
	opened.forEach((node, i) => {
		const here = place.at("datasets", i);
		const path = shown((datasets[i] as Fields | undefined)?.path);
		if (!node) return;
		if (node.kind === "array") {
			checkArray(node, entry, datasets[i] as Fields, here, isLabel);
			checkAgainst(arrays.at(-1), node, here);
			arrays.push(node);
		} else if (node.kind === "damaged") {
			const message = `The metadata of the array ${path} cannot be read: ${node.why}`;
			here
				.at("path")
				.report("must", "array-metadata", "multiscales", message, "Write the array again, or get it again.");
		} else {
			here
				.at("path")
				.report(
					"must",
					node.kind === "group" ? "dataset-not-array" : "dataset-absent",
					"multiscales",
					node.kind === "group" ? `${path} is a group and not an array.` : `There is no array at ${path}.`,
					"Correct the path, copy the missing level here, or take the level out of the list.",
				);
		}
	});
	const [finest] = arrays;
	if (finest) {
		checkLengths(entry, place, finest);
		checkPixelSizes(datasets, arrays, place);
	}
	return arrays;
}

function checkArray(array: ZarrArray, entry: Fields, dataset: Fields, place: Place, isLabel: boolean): void {
	const ndim = array.shape.length;
	const axes = Array.isArray(entry.axes) ? entry.axes : undefined;
	if (!place.since("0.3") && ndim !== 5) {
		place.report(
			"must",
			"dimensions-five",
			"layout",
			`The array ${shown(dataset.path)} has ${ndim} dimensions; version ${place.version} wants five: time, channel, z, y, x.`,
			"Describe the image by version 0.4 or later, which allows 2 to 5 dimensions.",
		);
	} else if (axes && axes.length !== ndim) {
		place.report(
			"must",
			"axes-dimensions",
			"axes",
			`The array ${shown(dataset.path)} has ${ndim} dimensions (${array.shape.join(" × ")}) and there are ${axes.length} axes.`,
			"List one axis for each dimension of the array, in its order.",
		);
	}
	checkLengths(dataset, place, array);
	if (axes)
		checkNames(
			array,
			dataset.path,
			axes.map((axis) => (isFields(axis) ? axis.name : axis)),
			place,
		);
	const { keyEncoding, zarrFormat } = array.metadata;
	if (zarrFormat === 2 && !place.since("0.5")) {
		const wanted = place.since("0.2") ? "/" : ".";
		if (keyEncoding.separator !== wanted && ndim > 1) {
			place.report(
				place.since("0.2") ? "must" : "should",
				"chunk-separator",
				"layout",
				`The chunks of the array ${shown(dataset.path)} are named with "${keyEncoding.separator}" between their indices, and version ${place.version} wants "${wanted}".`,
				`Write the array again with "dimension_separator": "${wanted}". Changing the metadata alone would make its chunks disappear.`,
			);
		}
	}
	if (isLabel && !/^u?int(8|16|32|64)$/.test(array.dtype)) {
		place.report(
			"must",
			"label-integer",
			"label-layout",
			`The label image's array ${shown(dataset.path)} holds ${array.dtype}, and labels are whole numbers.`,
			"Write the labels as an integer type, such as uint32.",
		);
	}
}

/** Names that an array has of its own: `dimension_names` (Zarr 3), or xarray's `_ARRAY_DIMENSIONS` (Zarr 2). */
function checkNames(array: ZarrArray, path: unknown, axes: readonly unknown[], place: Place): void {
	const { dimensionNames: own, zarrFormat } = array.metadata;
	const key = zarrFormat === 2 ? "_ARRAY_DIMENSIONS" : "dimension_names";
	const where = `The array ${shown(path)}`;
	if (!own) {
		if (place.since("0.5") || place.version === "0.3") {
			place.report(
				place.since("0.5") ? "must" : "should",
				"dimension-names-missing",
				"axes",
				`${where} does not name its dimensions.`,
				`Add "${key}": ${JSON.stringify(axes)} to the metadata of the array.`,
			);
		}
		return;
	}
	if (own.length === axes.length && own.every((name, i) => name === axes[i])) return;
	const permuted = own.length === axes.length && axes.every((name) => own.includes(name as string));
	place.report(
		place.since("0.5") || place.version === "0.3" ? "must" : "should",
		permuted ? "axes-dimension-order" : "dimension-names",
		"axes",
		permuted
			? `${where} is stored in the order ${own.join(", ")} (its ${key}), and the axes are listed as ${axes.join(", ")}.`
			: `${where} names its dimensions ${shown(own)} (${key}), and the axes are ${shown(axes)}.`,
		permuted
			? `List the axes as ${own.join(", ")}, and the numbers of each scale and translation in the same order.`
			: "Make both the same: the axes follow the dimensions of the array.",
	);
}

/** Scales and translations have a number for each dimension of the array. */
function checkLengths(owner: Fields, place: Place, array: ZarrArray): void {
	if (!place.since("0.4")) return;
	list(owner.coordinateTransformations).forEach((step, i) => {
		for (const type of ["scale", "translation"] as const) {
			const values = isFields(step) && step.type === type ? step[type] : undefined;
			if (!Array.isArray(values) || values.length === array.shape.length) continue;
			place
				.at("coordinateTransformations", i, type)
				.report(
					"must",
					"transformation-dimensions",
					"multiscales",
					`The ${type} has ${values.length} numbers, and the array has ${array.shape.length} dimensions.`,
					"Give one number for each dimension, in the order of the axes.",
				);
		}
	});
}

/** A level against the one before it. */
function checkAgainst(before: ZarrArray | undefined, array: ZarrArray, place: Place): void {
	if (!before) return;
	const [a, b] = [before.shape, array.shape];
	const sizes = `${b.join(" × ")} after ${a.join(" × ")}`;
	if (a.length !== b.length) {
		const message = `The levels have different numbers of dimensions: ${sizes}.`;
		place.report(
			"must",
			"levels-dimensions",
			"multiscales",
			message,
			"Write all levels with the same dimensions.",
		);
	} else if (b.some((n, axis) => n > a[axis])) {
		place.report(
			"must",
			"levels-order",
			"multiscales",
			`A level is larger than the one listed before it: ${sizes}.`,
			"List the levels from the largest (finest) to the smallest.",
		);
	} else if (b.every((n, axis) => n === a[axis])) {
		const message = `A level is as large as the one before it: ${sizes}.`;
		place.report("note", "levels-equal", "multiscales", message, "Leave it out, unless it is meant.");
	}
	if (before.dtype !== array.dtype) {
		place.report(
			"note",
			"levels-dtype",
			"multiscales",
			`This level holds ${array.dtype} and the one before ${before.dtype}.`,
			"Write all levels with one type: viewers take the first level's for all, and 0.6 will demand it.",
		);
	}
}

/** A level with fewer pixels along an axis has larger ones. */
function checkPixelSizes(datasets: readonly unknown[], arrays: readonly ZarrArray[], place: Place): void {
	if (!place.since("0.4") || arrays.length !== datasets.length) return;
	const scales = datasets.map((dataset) => {
		const steps = list(isFields(dataset) ? dataset.coordinateTransformations : undefined);
		const found = steps.find((step) => isFields(step) && step.type === "scale") as Fields | undefined;
		return list(found?.scale);
	});
	for (let i = 1; i < arrays.length; i++) {
		const [before, now] = [arrays[i - 1].shape, arrays[i].shape];
		const still = now.flatMap((n, axis) => {
			const [from, to] = [scales[i - 1][axis], scales[i][axis]];
			return before[axis] >= 1.5 * n && typeof from === "number" && from === to ? [axis] : [];
		});
		if (still.length === 0) continue;
		place
			.at("datasets", i)
			.report(
				"note",
				"scale-unchanged",
				"multiscales",
				`This level has fewer pixels than the one before (${now.join(" × ")} after ${before.join(" × ")}), and the same pixel size along ${still.length === 1 ? "axis" : "axes"} ${still.join(", ")}.`,
				"Multiply the scale by the factor by which the level was made coarser; else it is drawn too small.",
			);
	}
}

/** The channels described against the length of the channel axis. */
export function checkChannelCount(ome: Fields, arrays: readonly ZarrArray[], place: Place): void {
	const channels = isFields(ome.omero) ? ome.omero.channels : undefined;
	const entry = list(ome.multiscales)[0];
	if (!Array.isArray(channels) || !isFields(entry) || !arrays[0]) return;
	const axes = place.since("0.3") ? list(entry.axes) : ["t", "c", "z", "y", "x"];
	const at = axes.findIndex((axis) =>
		isFields(axis) ? axis.type === "channel" || axis.name === "c" : axis === "c",
	);
	const count = at < 0 ? 1 : arrays[0].shape[at];
	if (count === undefined || channels.length === count) return;
	place
		.at("omero", "channels")
		.report(
			"note",
			"channel-count",
			"omero",
			`${channels.length} channels are described and the image has ${count}.`,
			"Describe each channel once, in their order.",
		);
}

/** A label image against the image that it belongs to. */
export function checkLabelAgainst(
	image: readonly ZarrArray[],
	levels: number,
	labels: readonly ZarrArray[],
	datasets: number,
	place: Place,
): void {
	if (levels !== datasets) {
		place.report(
			"must",
			"label-levels",
			"image-label",
			`The label image has ${datasets} scale levels and its image ${levels}.`,
			"Write the labels with as many levels as the image.",
		);
	}
	const [a, b] = [image[0]?.shape, labels[0]?.shape];
	if (!a || !b || a.length !== b.length) return;
	if (b.every((n, axis) => n === a[axis] || n === 1)) return;
	place.report(
		"note",
		"label-shape",
		"label-layout",
		`The label image is ${b.join(" × ")} and its image ${a.join(" × ")}.`,
		"Along each axis a label image should be as long as its image, or have length 1.",
	);
}
