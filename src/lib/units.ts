/** Names of units: the spellings that files use, and the UDUNITS names that OME-NGFF asks for (0.5, "axes"). */

type Kind = "length" | "time";

const units: readonly (readonly [kind: Kind, name: string, ...spellings: string[]])[] = [
	// The letter and the sign for the unit look alike.
	["length", "angstrom", "\u00c5", "\u212b", "\u00e5", "angstroms"],
	["length", "picometer", "pm", "picometers", "picometre", "picometres"],
	["length", "nanometer", "nm", "nanometers", "nanometre", "nanometres"],
	[
		"length",
		"micrometer",
		// The micro sign and the Greek letter look alike.
		"\u00b5m",
		"\u03bcm",
		"um",
		"micron",
		"microns",
		"micrometers",
		"micrometre",
		"micrometres",
	],
	["length", "millimeter", "mm", "millimeters", "millimetre", "millimetres"],
	["length", "centimeter", "cm", "centimeters", "centimetre", "centimetres"],
	["length", "decimeter", "dm", "decimeters", "decimetre", "decimetres"],
	["length", "meter", "m", "meters", "metre", "metres"],
	["length", "kilometer", "km", "kilometers", "kilometre", "kilometres"],
	["length", "megameter", "Mm", "megameters", "megametre", "megametres"],
	["length", "inch", "in", "inches"],
	["length", "foot", "ft", "feet"],
	["length", "mile", "mi", "miles"],
	["time", "millisecond", "ms", "milliseconds"],
	["time", "second", "s", "sec", "seconds"],
	["time", "minute", "min", "minutes"],
	["time", "hour", "h", "hours"],
];

const bySpelling: ReadonlyMap<string, { kind: Kind; name: string }> = new Map(
	units.flatMap(([kind, ...names]) => names.map((spelling) => [spelling, { kind, name: names[0] }])),
);

/** The UDUNITS name of a unit; the unit itself where it has no other spelling known here. */
export function udunitsName(unit: string): string {
	return bySpelling.get(unit)?.name ?? unit;
}

/** The UDUNITS name of a length however it is written; undefined for pixels and for what is not known. */
export function lengthName(text: string): string | undefined {
	const unit = bySpelling.get(text.trim()) ?? bySpelling.get(text.trim().toLowerCase());
	return unit?.kind === "length" ? unit.name : undefined;
}

/** The short spelling of a unit in ASCII where it has one ("um", "nm", "s"); else the unit itself. */
export function unitSymbol(unit: string): string {
	const known = bySpelling.get(unit);
	const entry = known && units.find(([, name]) => name === known.name);
	// Spellings are listed with the plainest first, but for the two signs for micro.
	return entry?.slice(2).find((spelling) => /^[a-z]{1,3}$/.test(spelling)) ?? unit;
}
