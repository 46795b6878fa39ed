/** Rules for "plate": high-content screening. */

import { listedEntries } from "./entries.ts";
import { copies, type Fields, isFields, type Place, repeats, shown } from "./findings.ts";
import { checkNestedVersion } from "./labels.ts";

const atLeast = (value: unknown, least: number) => Number.isInteger(value) && (value as number) >= least;

export function checkPlate(ome: Fields, place: Place): void {
	const { plate } = ome;
	const here = place.at("plate");
	if (!isFields(plate)) {
		here.report(
			"must",
			"plate-object",
			"plate",
			`"plate" is ${shown(plate)}.`,
			"Write an object with rows, columns and wells.",
		);
		return;
	}
	checkNestedVersion(plate, here, "plate");
	if (!place.since("0.5") && plate.version === undefined) {
		const message = "The plate does not say its version.";
		here.report("should", "version-missing", "plate", message, `Add "version": "${place.version}".`);
	}
	if (plate.name === undefined) {
		here.report("should", "plate-name", "plate", "The plate has no name.", 'Add "name".');
	} else if (typeof plate.name !== "string") {
		here
			.at("name")
			.report("must", "plate-name", "plate", `The name is ${shown(plate.name)}.`, "Write it as text.");
	}
	if (plate.field_count !== undefined && !atLeast(plate.field_count, 1)) {
		const message = `The number of fields, "field_count", is ${shown(plate.field_count)}.`;
		here
			.at("field_count")
			.report("must", "field-count", "plate", message, "Write a whole number above zero, without quotes.");
	}
	const rows = names(plate, "rows", here);
	const columns = names(plate, "columns", here);
	checkWells(plate, here, rows, columns);
	if (plate.acquisitions !== undefined) checkAcquisitions(plate.acquisitions, here.at("acquisitions"));
}

/** Names of rows or columns, in order. */
function names(plate: Fields, key: "rows" | "columns", place: Place): unknown[] {
	const found = listedEntries(plate, key, place, "plate", key).map(([entry, here]) => {
		const { name } = entry;
		const text = typeof name === "string" && name !== "";
		if (!text || (place.since("0.4") && !/^[A-Za-z0-9]+$/.test(name))) {
			(name === undefined ? here : here.at("name")).report(
				"must",
				`${key}-name`,
				"plate",
				name === undefined
					? `One of the ${key} has no name.`
					: `One of the ${key} has the name ${shown(name)}.`,
				`Name it with letters and digits only, such as "name": "${key === "rows" ? "A" : "1"}": it is the name of a folder.`,
			);
		}
		return name;
	});
	const list = Array.isArray(plate[key]) ? (plate[key] as unknown[]) : [];
	const twice = place.since("0.4") ? repeats(found) : copies(list);
	for (const i of twice) {
		const message = `Two ${key} have the name ${shown(found[i])}.`;
		place.at(key, i).report("must", `${key}-unique`, "plate", message, "Give each a name of its own.");
	}
	if (!place.since("0.4")) return found;
	const lower = found.map((name) => (typeof name === "string" ? name.toLowerCase() : undefined));
	for (const i of repeats(lower)) {
		if (found.indexOf(found[i]) < i) continue;
		place
			.at(key, i)
			.report(
				"should",
				`${key}-case`,
				"plate",
				`The name ${shown(found[i])} differs from another only in upper and lower case.`,
				"Choose other names: some computers take such folders for one.",
			);
	}
	return found;
}

function checkWells(
	plate: Fields,
	place: Place,
	rows: readonly unknown[],
	columns: readonly unknown[],
): void {
	const wells = listedEntries(plate, "wells", place, "plate", "wells");
	for (const [well, here] of wells) {
		const { path } = well;
		if (typeof path !== "string" || path === "") {
			(path === undefined ? here : here.at("path")).report(
				"must",
				"well-path",
				"plate",
				path === undefined ? "A well has no path." : `The path of a well is ${shown(path)}.`,
				'Give the folder of its row and column, such as "path": "A/1".',
			);
		}
		if (!place.since("0.4")) continue;
		let complete = true;
		for (const [key, list] of [
			["rowIndex", rows],
			["columnIndex", columns],
		] as const) {
			const index = well[key];
			if (atLeast(index, 0) && (list.length === 0 || (index as number) < list.length)) continue;
			complete = false;
			(index === undefined ? here : here.at(key)).report(
				"must",
				"well-index",
				"plate",
				index === undefined ? `A well has no ${key}.` : `The ${key} of a well is ${shown(index)}.`,
				`Give the position in the list of ${key === "rowIndex" ? "rows" : "columns"}, counted from 0 (there are ${list.length}).`,
			);
		}
		if (typeof path === "string" && path !== "") {
			const at = complete
				? ([rows[well.rowIndex as number], columns[well.columnIndex as number]] as const)
				: undefined;
			checkWellPath(path, at, rows, columns, here.at("path"));
		}
	}
	for (const i of repeats(wells.map(([well]) => well.path))) {
		const message = `The well ${shown(wells[i][0].path)} is listed twice.`;
		wells[i][1].report("must", "well-unique", "plate", message, "List each well once.");
	}
}

/** A well's path is its row, a slash and its column, and agrees with its indices. */
function checkWellPath(
	path: string,
	at: readonly [unknown, unknown] | undefined,
	rows: readonly unknown[],
	columns: readonly unknown[],
	place: Place,
): void {
	const parts = path.split("/");
	if (parts.length !== 2 || !parts.every((part) => /^[A-Za-z0-9]+$/.test(part))) {
		const message = `The path of a well is ${shown(path)}, and has to be a row, a slash and a column.`;
		place.report("must", "well-path", "plate", message, 'Write it as "A/1", with nothing before or after.');
		return;
	}
	if (rows.length === 0 || columns.length === 0) return;
	const [row, column] = parts;
	const [ownRow, ownColumn] = at ?? [row, column];
	if (rows.includes(row) && columns.includes(column) && row === ownRow && column === ownColumn) return;
	const swapped = rows.includes(column) && columns.includes(row);
	place.report(
		// The test suite of 0.4 has plates with the column first, as valid even at its strict level.
		swapped && !place.since("0.5") ? "note" : "must",
		swapped ? "well-path-order" : "well-path-names",
		"plate",
		swapped
			? `The path ${shown(path)} names the column before the row.`
			: `The path ${shown(path)} is not that of row ${shown(ownRow)} and column ${shown(ownColumn)}.`,
		swapped
			? `Write "${column}/${row}", and name the folders so.`
			: "The path is the row's name, a slash, and the column's name; rowIndex and columnIndex have to point to the same two.",
	);
}

function checkAcquisitions(list: unknown, place: Place): void {
	if (!Array.isArray(list)) {
		place.report(
			"must",
			"acquisitions-list",
			"plate",
			`"acquisitions" is ${shown(list)}.`,
			"Write a list, or leave it out.",
		);
		return;
	}
	if (list.length === 0 && !place.since("0.4")) {
		const message = "The list of acquisitions is empty.";
		place.report(
			"must",
			"acquisitions-list",
			"plate",
			message,
			'Leave "acquisitions" out where there is none.',
		);
	}
	list.forEach((entry, i) => {
		const here = place.at(i);
		const run = isFields(entry) ? entry : {};
		const wrong = (key: string) => (run[key] === undefined ? here : here.at(key));
		if (!atLeast(run.id, 0)) {
			const remedy = 'Add "id": a whole number from 0 on, without quotes.';
			wrong("id").report(
				"must",
				"acquisition-id",
				"plate",
				`The id of an acquisition is ${shown(run.id)}.`,
				remedy,
			);
		}
		if (run.name === undefined || typeof run.name !== "string") {
			const force = run.name === undefined ? "should" : "must";
			wrong("name").report(
				force,
				"acquisition-name",
				"plate",
				`The name of an acquisition is ${shown(run.name)}.`,
				'Add "name" as text.',
			);
		}
		const fields = run.maximumfieldcount;
		if (!atLeast(fields, 1)) {
			wrong("maximumfieldcount").report(
				fields === undefined ? "should" : "must",
				"acquisition-fields",
				"plate",
				`The largest number of fields of an acquisition, "maximumfieldcount", is ${shown(fields)}.`,
				"Write a whole number above zero, without quotes.",
			);
		}
		if (run.description !== undefined && typeof run.description !== "string") {
			const message = `The description of an acquisition is ${shown(run.description)}.`;
			here.at("description").report("must", "acquisition-description", "plate", message, "Write it as text.");
		}
		for (const key of ["starttime", "endtime"]) {
			if (run[key] === undefined || atLeast(run[key], 0)) continue;
			if (!place.since("0.4") && typeof run[key] === "string") continue;
			here
				.at(key)
				.report(
					"must",
					"acquisition-time",
					"plate",
					`The ${key} of an acquisition is ${shown(run[key])}.`,
					"Write it as a whole number, the time since 1 January 1970 (epoch), not as a date.",
				);
		}
	});
	for (const i of repeats(list.map((run) => (isFields(run) ? run.id : undefined)))) {
		const message = `Two acquisitions have the id ${shown((list[i] as Fields).id)}.`;
		place.at(i).report("must", "acquisition-unique", "plate", message, "Give each an id of its own.");
	}
}
