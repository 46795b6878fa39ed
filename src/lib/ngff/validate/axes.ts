/** Rules for the axes of an image: names in 0.3, objects since 0.4. */
import { type Fields, isFields, type Place, repeats, shown } from "./findings.ts";

const prefixes =
	"atto centi deci exa femto giga hecto kilo mega micro milli nano peta pico tera yocto yotta zepto zetta";
const prefixed = (unit: string) => [unit, ...prefixes.split(" ").map((prefix) => prefix + unit)];

/** The units that the specification lists; all of them are UDUNITS-2 names. */
const units: Readonly<Record<string, ReadonlySet<string>>> = {
	space: new Set([...prefixed("meter"), "angstrom", "foot", "inch", "mile", "parsec", "yard"]),
	time: new Set([...prefixed("second"), "day", "hour", "minute"]),
};

/** What people write for the units of microscopes, and what it should be. */
const unitNames: Readonly<Record<string, string>> = {
	um: "micrometer",
	µm: "micrometer",
	μm: "micrometer",
	micron: "micrometer",
	microns: "micrometer",
	micrometre: "micrometer",
	nm: "nanometer",
	nanometre: "nanometer",
	mm: "millimeter",
	ms: "millisecond",
	s: "second",
	sec: "second",
	min: "minute",
	h: "hour",
};

const shape = 'Write "axes" as a list with one entry for each dimension of the arrays, in their order.';

/** The names of the axes, in order; undefined where the version has none or they cannot be read. */
export function checkAxes(entry: Fields, place: Place): string[] | undefined {
	if (!place.since("0.3")) return undefined;
	const { axes } = entry;
	const here = place.at("axes");
	if (!Array.isArray(axes)) {
		const message =
			axes === undefined ? "The image does not say what its axes are." : `"axes" is ${shown(axes)}.`;
		(axes === undefined ? place : here).report("must", "axes-missing", "multiscales", message, shape);
		return undefined;
	}
	if (axes.length < 2 || axes.length > 5) {
		here.report(
			"must",
			"axes-count",
			"multiscales",
			`There ${axes.length === 1 ? "is 1 axis" : `are ${axes.length} axes`}, and an image has 2 to 5.`,
			shape,
		);
	}
	const names = place.since("0.4") ? describedAxes(axes, here) : namedAxes(axes, here);
	for (const i of repeats(names)) {
		here
			.at(i)
			.report(
				"must",
				"axes-unique",
				"axes",
				`Two axes have the name ${shown(names[i])}.`,
				"Give each axis a name of its own.",
			);
	}
	return names.every((name) => name !== undefined) ? (names as string[]) : undefined;
}

/** 0.3: names alone, from t, c, z, y, x and in that order. */
function namedAxes(axes: readonly unknown[], here: Place): (string | undefined)[] {
	const order = ["t", "c", "z", "y", "x"];
	const ranks = axes.map((axis) => order.indexOf(axis as string));
	axes.forEach((axis, i) => {
		if (ranks[i] >= 0) return;
		here
			.at(i)
			.report(
				"must",
				"axis-name",
				"axes",
				`An axis is ${shown(axis)}, and version 0.3 knows only t, c, z, y and x.`,
				"Name the axis by one of these five letters, or describe the image by version 0.4 or later.",
			);
	});
	const known = ranks.filter((rank) => rank >= 0);
	if (known.some((rank, i) => i > 0 && rank < known[i - 1])) {
		here.report(
			"must",
			"axes-order",
			"layout",
			`The axes are in the order ${axes.join(", ")}.`,
			"Version 0.3 wants time, channel, z, y, x, in this order. If the arrays are stored so, correct the list; else the arrays must be written again.",
		);
	}
	return axes.map((axis) => (typeof axis === "string" ? axis : undefined));
}

/** Since 0.4: objects with name, type and unit. */
function describedAxes(axes: readonly unknown[], here: Place): (string | undefined)[] {
	const ranks: number[] = [];
	const types: unknown[] = [];
	const names = axes.map((axis, i) => {
		const place = here.at(i);
		if (!isFields(axis)) {
			place.report(
				"must",
				"axis-object",
				"axes",
				`An axis is ${shown(axis)} and not an object with a name.`,
				`Write it as {"name": ${typeof axis === "string" ? shown(axis) : '"x"'}, "type": "space", "unit": "micrometer"}.`,
			);
			return undefined;
		}
		types.push(axis.type ?? null);
		ranks.push(axis.type === "time" ? 0 : axis.type === "space" ? 2 : 1);
		checkType(axis, place);
		checkUnit(axis, place);
		if (typeof axis.name === "string" && axis.name !== "") return axis.name;
		place.report(
			"must",
			"axis-name",
			"axes",
			axis.name === undefined ? "An axis has no name." : `The name of an axis is ${shown(axis.name)}.`,
			'Give each axis a name, as "name": "x".',
		);
		return undefined;
	});
	if (types.length !== axes.length || axes.length === 0) return names;
	checkTypes(ranks, here);
	const space = names.filter((_, i) => types[i] === "space").join("");
	if (space.length === 3 && space !== "zyx" && [...space].sort().join("") === "xyz") {
		here.report(
			"should",
			"space-axes-order",
			"multiscales",
			`The axes of space are in the order ${[...space].join(", ")}; for a stack of planes it should be z, y, x.`,
			"First see whether the arrays are stored in this order. If they are stored z, y, x, list the axes, scales and translations in that order.",
		);
	}
	return names;
}

function checkTypes(ranks: readonly number[], here: Place): void {
	const count = (wanted: number) => ranks.filter((rank) => rank === wanted).length;
	if (count(2) < 2 || count(2) > 3) {
		here.report(
			"must",
			"axes-space-count",
			"multiscales",
			`The image has ${count(2)} axes of type "space", and needs 2 or 3.`,
			'Set "type": "space" for the axes y and x, and z where there is one.',
		);
	}
	if (count(0) > 1) {
		here.report("must", "axes-time-count", "multiscales", "More than one axis is of type time.", "Keep one.");
	}
	if (count(1) > 1) {
		here.report(
			"must",
			"axes-other-count",
			"multiscales",
			`${count(1)} axes are neither space nor time, and only one may be.`,
			'Set the type of each axis ("space", "time", "channel"). An image with two more dimensions must be split.',
		);
	}
	if (ranks.some((rank, i) => i > 0 && rank < ranks[i - 1])) {
		here.report(
			"must",
			"axes-order",
			"multiscales",
			"The axes are not in the order time, channel (or another kind), space.",
			"Axes follow the dimensions of the arrays. If the arrays are stored in the right order, correct the list; else they must be written again with time first and space last.",
		);
	}
}

function checkType(axis: Fields, place: Place): void {
	const { type } = axis;
	if (type === undefined || type === null) {
		place.report(
			"should",
			"axis-type-missing",
			"axes",
			`The axis ${shown(axis.name)} does not say what it is.`,
			'Add "type": "space", "time" or "channel".',
		);
	} else if (typeof type !== "string") {
		place
			.at("type")
			.report("must", "axis-type", "axes", `The type of an axis is ${shown(type)}.`, "Write it as text.");
	} else if (!["space", "time", "channel"].includes(type)) {
		place
			.at("type")
			.report(
				"note",
				"axis-type-custom",
				"axes",
				`The axis ${shown(axis.name)} is of the type ${shown(type)}, which viewers may not know.`,
				'Use "space", "time" or "channel" if one of them is meant.',
			);
	}
}

function checkUnit(axis: Fields, place: Place): void {
	const { type, unit } = axis;
	const known = typeof type === "string" ? units[type] : undefined;
	if (unit === undefined || unit === null) {
		if (!known) return;
		place.report(
			// The specification's own examples leave out the unit of time at its strict level.
			type === "space" ? "should" : "note",
			"axis-unit-missing",
			"axes",
			`The axis ${shown(axis.name)} has no unit, so that nobody can tell sizes ${type === "space" ? "in the sample" : "of time steps"}.`,
			`Add "unit": "${type === "space" ? "micrometer" : "second"}", or what the instrument says.`,
		);
		return;
	}
	const here = place.at("unit");
	if (typeof unit !== "string") {
		here.report(
			"must",
			"axis-unit",
			"axes",
			`A unit is ${shown(unit)}.`,
			'Write a name, such as "micrometer".',
		);
	} else if (known && !known.has(unit)) {
		const name = unitNames[unit];
		here.report(
			"should",
			"axis-unit-unknown",
			"axes",
			`The unit of the axis ${shown(axis.name)}, ${shown(unit)}, is none of those for ${type} in the specification.`,
			name && known.has(name)
				? `Write "${name}".`
				: `Write the full name, such as "${type === "space" ? "micrometer" : "second"}".`,
		);
	}
}
