/** Lists of objects that a plate or well must have. */
import { type Fields, isFields, type Place, type Section, shown } from "./findings.ts";

/** The entries of a list that must be there and hold something; others are reported and left out. */
export function listedEntries(
	owner: Fields,
	key: string,
	place: Place,
	section: Section,
	what: string,
): [Fields, Place][] {
	const list = owner[key];
	const here = list === undefined ? place : place.at(key);
	if (!Array.isArray(list) || list.length === 0) {
		here.report(
			"must",
			`${key}-list`,
			section,
			list === undefined ? `The ${what} are not listed.` : `The list of ${what} is ${shown(list)}.`,
			`Add "${key}": a list with an entry for each of the ${what}.`,
		);
		return [];
	}
	return list.flatMap((entry, i): [Fields, Place][] => {
		if (isFields(entry)) return [[entry, here.at(i)]];
		here
			.at(i)
			.report("must", `${key}-entry`, section, `An entry is ${shown(entry)}.`, "Write an object, {…}.");
		return [];
	});
}
