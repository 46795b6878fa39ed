/** What a validation finds, and how its rules say it. */
import type { NgffVersion } from "./versions.ts";

/** Something that a rule of the specification does not allow, or advises against. */
export interface Finding {
	/** An error makes the document invalid; a warning does not. */
	severity: "error" | "warning";
	/** Path of the node in the store whose metadata this is about; "" for its root. Absent for a document by itself. */
	path?: string;
	/** JSON pointer (RFC 6901) into the node's document: "/multiscales/0/axes". */
	pointer: string;
	/** Stable name of the rule. */
	rule: string;
	/** What is wrong, with the values in question. */
	message: string;
	/** What to do about it. */
	remedy: string;
	/** Where the specification says so. */
	section: { title: string; url: string };
}

/**
 * How binding a rule is. "must" is an error; "should" is a warning, and an error where validation is strict; "note" is
 * a warning always: what the specification's own test suite accepts at its strict level, or what is only likely wrong.
 */
export type Force = "must" | "should" | "note";

const sections = {
	layout: ["Storage format", "on-disk"],
	images: ["Images", "image-layout"],
	"label-layout": ["Labels", "labels-layout"],
	hcs: ["High-content screening", "hcs-layout"],
	metadata: ["Metadata", "metadata"],
	axes: ['"axes" metadata', "axes-md"],
	transformations: ['"coordinateTransformations" metadata', "trafo-md"],
	multiscales: ['"multiscales" metadata', "multiscale-md"],
	omero: ['"omero" metadata', "omero-md"],
	labels: ['"labels" metadata', "labels-md"],
	"image-label": ['"image-label" metadata', "label-md"],
	plate: ['"plate" metadata', "plate-md"],
	well: ['"well" metadata', "well-md"],
	bf2raw: ['"bioformats2raw.layout"', "bf2raw"],
	ozx: ["Zipped OME-Zarr", ""],
} as const;

export type Section = keyof typeof sections;

/** Sections that versions before 0.4 do not have, and where they say it instead. */
const earlier: Partial<Record<Section, Section>> = {
	axes: "multiscales",
	transformations: "multiscales",
	images: "layout",
	"label-layout": "layout",
	bf2raw: "metadata",
};

function sectionOf(name: Section, version: NgffVersion): Finding["section"] {
	if (name === "ozx") {
		return {
			title: "RFC-9 of OME-NGFF (proposed), Zipped OME-Zarr",
			url: "https://ngff.openmicroscopy.org/rfc/9/",
		};
	}
	const old = version === "0.1" || version === "0.2" || version === "0.3";
	let section = old ? (earlier[name] ?? name) : name;
	// 0.5 describes the label image together with the list of labels.
	if (version === "0.5" && section === "image-label") section = "labels";
	const [title, anchor] = sections[section];
	return {
		title: `OME-NGFF ${version}, ${title}`,
		url: `https://ngff.openmicroscopy.org/${version}/#${anchor}`,
	};
}

/** One part of a pointer, escaped as RFC 6901 wants it. */
function token(part: string | number): string {
	return `/${String(part).replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** A place in a document, under the rules of one version, that collects what is found there and below. */
export class Place {
	readonly version: NgffVersion;
	readonly strict: boolean;
	readonly findings: Finding[];
	readonly pointer: string;

	constructor(version: NgffVersion, strict: boolean, pointer = "", findings: Finding[] = []) {
		this.version = version;
		this.strict = strict;
		this.pointer = pointer;
		this.findings = findings;
	}

	/** A place below: `at("axes", 0)`. */
	at(...parts: (string | number)[]): Place {
		return new Place(this.version, this.strict, this.pointer + parts.map(token).join(""), this.findings);
	}

	report(force: Force, rule: string, section: Section, message: string, remedy: string): void {
		const severity = force === "must" || (force === "should" && this.strict) ? "error" : "warning";
		const { pointer, version } = this;
		this.findings.push({ severity, pointer, rule, message, remedy, section: sectionOf(section, version) });
	}

	/** True where this version is that one or a later one. */
	since(version: NgffVersion): boolean {
		return this.version >= version;
	}
}

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A value as a message shows it: short. */
export function shown(value: unknown): string {
	if (value === undefined) return "missing";
	const text = JSON.stringify(value);
	return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** The places of entries that are the same, field by field, as one before them. */
export function copies(list: readonly unknown[]): number[] {
	return repeats(list.map((entry) => (isFields(entry) ? canonical(entry) : undefined)));
}

/** Text that is the same for the same JSON value, whatever the order of its keys. */
function canonical(value: unknown): string {
	return JSON.stringify(value, (_, part) =>
		isFields(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
	);
}

/** The first place at which each value that occurs before stands again. */
export function repeats(values: readonly unknown[]): number[] {
	const seen = new Set<unknown>();
	return values.flatMap((value, i) => {
		if (value === undefined) return [];
		if (seen.has(value)) return [i];
		seen.add(value);
		return [];
	});
}
