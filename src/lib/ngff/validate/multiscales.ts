/** Rules for "multiscales" and "omero": an image, its scale levels and its channels. */
import { checkAxes } from "./axes.ts";
import { copies, type Fields, isFields, type Place, repeats, shown } from "./findings.ts";
import { checkTransformations } from "./transformations.ts";

export function checkMultiscales(ome: Fields, place: Place): void {
	const list = ome.multiscales;
	const here = place.at("multiscales");
	if (!Array.isArray(list) || list.length === 0) {
		here.report(
			"must",
			"multiscales-list",
			"multiscales",
			Array.isArray(list)
				? "The list of images is empty."
				: `"multiscales" is ${shown(list)} and not a list.`,
			"Write a list with one entry for each image of this group (mostly one), or remove it if this is no image.",
		);
		return;
	}
	list.forEach((entry, i) => {
		if (isFields(entry)) checkEntry(entry, here.at(i));
		else {
			const remedy = 'Write {"axes": […], "datasets": […]}.';
			here.at(i).report("must", "multiscales-entry", "multiscales", `An image is ${shown(entry)}.`, remedy);
		}
	});
	for (const i of copies(list)) {
		const message = "The same image is described twice, word for word.";
		here.at(i).report("must", "multiscales-unique", "multiscales", message, "Remove one of the two.");
	}
}

function checkEntry(entry: Fields, place: Place): void {
	const names = checkAxes(entry, place);
	const ndim = Array.isArray(entry.axes) ? entry.axes.length : names?.length;
	checkDatasets(entry, place, ndim);
	if (place.since("0.4")) checkTransformations(entry, place, ndim, false);
	const force = "should";
	if (!place.since("0.5") && entry.version === undefined) {
		place.report(
			force,
			"version-missing",
			"multiscales",
			`The image does not say its version of OME-NGFF; ${place.version} is assumed.`,
			`Add "version": "${place.version}" if that is right.`,
		);
	}
	for (const [key, meaning] of [
		["name", "a name"],
		["type", "how the coarser levels were computed"],
		["metadata", "the parameters with which the coarser levels were computed"],
	] as const) {
		if (entry[key] === undefined) {
			const remedy = `Add "${key}".`;
			place.report(force, `${key}-missing`, "multiscales", `The image does not tell ${meaning}.`, remedy);
		}
	}
	if (entry.name !== undefined && typeof entry.name !== "string") {
		const message = `The image's name is ${shown(entry.name)}.`;
		place.at("name").report("must", "name-text", "multiscales", message, "Write it as text, in quotes.");
	}
	if (entry.type !== undefined && typeof entry.type !== "string") {
		const message = `How the coarser levels were computed is ${shown(entry.type)}.`;
		place.at("type").report("should", "type-text", "multiscales", message, "Write it as text, in quotes.");
	}
	if (entry.metadata !== undefined) checkMethod(entry.metadata, place.at("metadata"));
}

/** How the coarser levels were computed: 0.1 has a schema for it, and later versions an object of any kind. */
function checkMethod(metadata: unknown, place: Place): void {
	const force = place.version === "0.1" ? "must" : "should";
	if (!isFields(metadata)) {
		place.report(
			force,
			"metadata-object",
			"multiscales",
			`The parameters with which the coarser levels were computed are ${shown(metadata)}.`,
			'Write an object, such as {"method": "mean"}, or leave "metadata" out.',
		);
		return;
	}
	for (const key of ["method", "version"]) {
		if (place.version !== "0.1" || metadata[key] === undefined || typeof metadata[key] === "string") continue;
		const message = `"${key}" is ${shown(metadata[key])}.`;
		place.at(key).report("must", "metadata-text", "multiscales", message, "Write it as text, in quotes.");
	}
}

function checkDatasets(entry: Fields, place: Place, ndim: number | undefined): void {
	const { datasets } = entry;
	const remedy = 'List the arrays of the scale levels, finest first, as {"path": "0"}, {"path": "1"}, …';
	if (!Array.isArray(datasets) || datasets.length === 0) {
		const message =
			datasets === undefined
				? "The image does not list its scale levels."
				: Array.isArray(datasets)
					? "The list of scale levels is empty."
					: `"datasets" is ${shown(datasets)} and not a list.`;
		const here = datasets === undefined ? place : place.at("datasets");
		here.report("must", "datasets-list", "multiscales", message, remedy);
		return;
	}
	datasets.forEach((dataset, i) => {
		const here = place.at("datasets", i);
		if (!isFields(dataset)) {
			here.report("must", "dataset-object", "multiscales", `A scale level is ${shown(dataset)}.`, remedy);
			return;
		}
		if (typeof dataset.path !== "string" || dataset.path === "") {
			(dataset.path === undefined ? here : here.at("path")).report(
				"must",
				"dataset-path",
				"multiscales",
				dataset.path === undefined
					? "A scale level does not say where its array is."
					: `The path of a scale level is ${shown(dataset.path)}.`,
				'Give the path of the array below this group as text, such as "path": "0".',
			);
		}
		if (place.since("0.4")) checkTransformations(dataset, here, ndim, true);
	});
	const paths = datasets.map((dataset) => (isFields(dataset) ? dataset.path : undefined));
	for (const i of repeats(paths)) {
		const message = `Two scale levels are the same array, ${shown(paths[i])}.`;
		place
			.at("datasets", i)
			.report("note", "dataset-repeated", "multiscales", message, "Leave one of them out.");
	}
}

export function checkOmero(ome: Fields, place: Place): void {
	const { omero } = ome;
	const here = place.at("omero");
	if (!isFields(omero)) {
		here.report(
			"must",
			"omero-object",
			"omero",
			`"omero" is ${shown(omero)}.`,
			"Remove it, or describe the channels.",
		);
		return;
	}
	if (!Array.isArray(omero.channels)) {
		here.report(
			"must",
			"omero-channels",
			"omero",
			omero.channels === undefined
				? "The channels are not listed."
				: `"channels" is ${shown(omero.channels)}.`,
			'Add "channels", a list with one entry for each channel, or remove "omero".',
		);
		return;
	}
	omero.channels.forEach((channel, i) => {
		checkChannel(channel, here.at("channels", i), i);
	});
}

function checkChannel(channel: unknown, place: Place, index: number): void {
	if (!isFields(channel)) {
		const message = `Channel ${index} is ${shown(channel)}.`;
		place.report("must", "channel-object", "omero", message, 'Write {"color": "0000FF", "window": {…}}.');
		return;
	}
	const { color, window } = channel;
	checkKinds(channel, place, index);
	if (color === undefined) {
		const message = `Channel ${index} has no colour.`;
		place.report(
			"must",
			"channel-color",
			"omero",
			message,
			'Add "color" as six hexadecimal digits, such as "0000FF" for blue.',
		);
	} else if (typeof color !== "string" || !/^[0-9a-fA-F]{6}$/.test(color)) {
		place
			.at("color")
			.report(
				typeof color === "string" ? "should" : "must",
				"channel-color",
				"omero",
				`The colour of channel ${index} is ${shown(color)}.`,
				'Write six hexadecimal digits without a "#": red, green, blue, such as "0000FF" for blue.',
			);
	}
	const range =
		'Give "min" and "max" (what the camera can say) and "start" and "end" (what is shown as black and white), as numbers.';
	if (!isFields(window)) {
		(window === undefined ? place : place.at("window")).report(
			"must",
			"channel-window",
			"omero",
			window === undefined
				? `Channel ${index} has no window of intensities.`
				: `The window of channel ${index} is ${shown(window)}.`,
			range,
		);
		return;
	}
	for (const key of ["min", "max", "start", "end"]) {
		if (typeof window[key] === "number") continue;
		(window[key] === undefined ? place.at("window") : place.at("window", key)).report(
			"must",
			"channel-window",
			"omero",
			`In the window of channel ${index}, "${key}" is ${shown(window[key])}.`,
			range,
		);
	}
}

/** What a channel may say besides, each of one kind. */
function checkKinds(channel: Fields, place: Place, index: number): void {
	const kinds = [
		["label", "string", 'Write the name of the channel as text, such as "label": "DAPI".'],
		["family", "string", 'Write it as text, such as "family": "linear".'],
		[
			"active",
			"boolean",
			"Write true where the channel is shown at first, false where it is hidden, without quotes.",
		],
	] as const;
	for (const [key, kind, remedy] of kinds) {
		const value = channel[key];
		if (value === undefined || typeof value === kind) continue;
		const message = `Of channel ${index}, "${key}" is ${shown(value)}.`;
		place.at(key).report("must", `channel-${key}`, "omero", message, remedy);
	}
}
