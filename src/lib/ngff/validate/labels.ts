/** Rules for "labels", "image-label", "bioformats2raw.layout" and "series". */
import { copies, type Fields, isFields, type Place, repeats, shown } from "./findings.ts";
import { isReleased } from "./versions.ts";

/** A list of paths: of label images, or of the images of a bioformats2raw set. */
export function checkPaths(ome: Fields, key: "labels" | "series", place: Place): void {
	const section = key === "labels" ? "labels" : "bf2raw";
	const list = ome[key];
	const here = place.at(key);
	if (!Array.isArray(list)) {
		here.report(
			"must",
			`${key}-list`,
			section,
			`"${key}" is ${shown(list)}.`,
			"Write a list of paths below this group.",
		);
		return;
	}
	list.forEach((path, i) => {
		if (typeof path === "string" && path !== "") return;
		here
			.at(i)
			.report("must", `${key}-path`, section, `A path is ${shown(path)}.`, "Write it as text, in quotes.");
	});
}

export function checkImageLabel(ome: Fields, place: Place): void {
	const label = ome["image-label"];
	const here = place.at("image-label");
	if (!isFields(label)) {
		here.report(
			"must",
			"image-label-object",
			"image-label",
			`"image-label" is ${shown(label)}.`,
			"Write an object.",
		);
		return;
	}
	if (ome.multiscales === undefined) {
		here.report(
			"note",
			"image-label-multiscales",
			"image-label",
			"This describes a label image, and there are no multiscales beside it to say where its pixels are.",
			'Add "multiscales" beside "image-label".',
		);
	}
	if (place.version === "0.4" && label.version === undefined) {
		const message = "The label image does not say its version.";
		here.report("should", "version-missing", "image-label", message, `Add "version": "${place.version}".`);
	}
	checkNestedVersion(label, here, "image-label");
	if (label.colors === undefined) {
		here.report(
			place.since("0.4") ? "should" : "note",
			"label-colors-missing",
			"image-label",
			"The label image has no colours: each viewer will choose its own.",
			'Add "colors": [{"label-value": 1, "rgba": [255, 0, 0, 255]}, …].',
		);
	} else checkValues(label.colors, here.at("colors"), "colors");
	if (label.properties !== undefined) checkValues(label.properties, here.at("properties"), "properties");
	const { source } = label;
	if (
		source !== undefined &&
		(!isFields(source) || (source.image !== undefined && typeof source.image !== "string"))
	) {
		here
			.at("source")
			.report(
				"must",
				"label-source",
				"image-label",
				`The source of the labels is ${shown(source)}.`,
				'Write {"image": "../../"}: the path from here to the image.',
			);
	}
}

/** Colours or properties: one entry for each label, each with its value. */
function checkValues(list: unknown, place: Place, key: "colors" | "properties"): void {
	const what = key === "colors" ? "colours" : "properties";
	if (!Array.isArray(list) || list.length === 0) {
		place.report(
			"must",
			`label-${key}-list`,
			"image-label",
			Array.isArray(list)
				? `The list of ${what} is empty.`
				: `The ${what} are ${shown(list)} and not a list.`,
			`Give one entry for each label, as {"label-value": 1}, or leave "${key}" out.`,
		);
		return;
	}
	list.forEach((entry, i) => {
		const here = place.at(i);
		const value = isFields(entry) ? entry["label-value"] : undefined;
		if (!Number.isInteger(value)) {
			here.report(
				"must",
				"label-value",
				"image-label",
				value === undefined
					? "An entry does not say for which label it is."
					: `A label's value is ${shown(value)}.`,
				'Add "label-value": the whole number that these pixels have.',
			);
		}
		const rgba = isFields(entry) ? entry.rgba : undefined;
		if (key === "properties" || rgba === undefined) return;
		const byte = (part: unknown) =>
			Number.isInteger(part) && (part as number) >= 0 && (part as number) <= 255;
		if (Array.isArray(rgba) && rgba.length === 4 && rgba.every(byte)) return;
		here
			.at("rgba")
			.report(
				"must",
				"label-rgba",
				"image-label",
				`A colour is ${shown(rgba)}.`,
				"Write four whole numbers from 0 to 255: red, green, blue and opacity.",
			);
	});
	const same = copies(list);
	for (const i of repeats(list.map((entry) => (isFields(entry) ? entry["label-value"] : undefined)))) {
		place
			.at(i)
			.report(
				key === "colors" || same.includes(i) ? "must" : "note",
				"label-value-unique",
				"image-label",
				`The label ${shown((list[i] as Fields)["label-value"])} is described twice.`,
				"Keep one entry for each label.",
			);
	}
}

export function checkLayout(ome: Fields, place: Place): void {
	const layout = ome["bioformats2raw.layout"];
	if (layout === 3) return;
	place
		.at("bioformats2raw.layout")
		.report(
			"must",
			"bf2raw-layout",
			"bf2raw",
			`"bioformats2raw.layout" is ${shown(layout)}.`,
			"It is the number 3, without quotes. Convert the file again with a current bioformats2raw.",
		);
}

/** The version that a plate, well or label image has of its own (before 0.5). */
export function checkNestedVersion(
	part: Fields,
	place: Place,
	section: "image-label" | "plate" | "well",
): void {
	if (part.version === undefined) return;
	if (part.version !== place.version && isReleased(part.version) && !place.since("0.5")) {
		place
			.at("version")
			.report(
				"must",
				"version-consistent",
				section,
				`This part says version ${part.version}, and the metadata around it is ${place.version}.`,
				`Write "${place.version}" here too, if all of it follows that version.`,
			);
	}
	if (isReleased(part.version)) return;
	place
		.at("version")
		.report(
			"must",
			"version-known",
			section,
			`The version is ${shown(part.version)}, which was never released.`,
			`Write "${place.version}".`,
		);
}
