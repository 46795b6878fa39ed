/** Rules for "well": the fields of view of a plate's well. */
import { listedEntries } from "./entries.ts";
import { type Fields, isFields, type Place, repeats, shown } from "./findings.ts";
import { checkNestedVersion } from "./labels.ts";

export function checkWell(ome: Fields, place: Place): void {
	const { well } = ome;
	const here = place.at("well");
	if (!isFields(well)) {
		here.report(
			"must",
			"well-object",
			"well",
			`"well" is ${shown(well)}.`,
			'Write {"images": [{"path": "0"}]}.',
		);
		return;
	}
	checkNestedVersion(well, here, "well");
	if (!place.since("0.5") && well.version === undefined) {
		const message = "The well does not say its version.";
		here.report("should", "version-missing", "well", message, `Add "version": "${place.version}".`);
	}
	const images = listedEntries(well, "images", here, "well", "images");
	for (const [image, at] of images) {
		const { path, acquisition } = image;
		if (typeof path !== "string" || !/^[A-Za-z0-9]+$/.test(path)) {
			(path === undefined ? at : at.at("path")).report(
				"must",
				"field-path",
				"well",
				path === undefined
					? "A field of view has no path."
					: `The path of a field of view is ${shown(path)}.`,
				'Name its folder with letters and digits only, such as "path": "0".',
			);
		}
		if (acquisition !== undefined && !Number.isInteger(acquisition)) {
			const message = `The acquisition of a field of view is ${shown(acquisition)}.`;
			at.at("acquisition").report(
				"must",
				"field-acquisition",
				"well",
				message,
				"Write the id of the plate's acquisition, a whole number.",
			);
		}
	}
	for (const i of repeats(images.map(([image]) => image.path))) {
		const message = `The field of view ${shown(images[i][0].path)} is listed twice.`;
		images[i][1].report("must", "field-unique", "well", message, "List each field of view once.");
	}
}
