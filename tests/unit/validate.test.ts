/** Rules of OME-NGFF metadata, on the fixtures' documents and on documents made here. */
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type Validation, validate } from "../../src/lib/ngff/validate/document.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";

const documents = allExpected().filter((entry) => entry.kind === "ngff-metadata");

describe.skipIf(!fixturesDir)("documents of the fixtures", () => {
	it("has them", () => {
		expect(documents.length).toBeGreaterThan(100);
	});

	it.each(documents.map((entry) => [`${entry.path} (${entry.schema}, ${entry.level})`, entry] as const))(
		"%s",
		(_, entry) => {
			const result = validate(JSON.parse(readFileSync(fixture(entry.path), "utf8")), {
				strict: entry.level === "strict",
			});
			const errors = result.findings.filter(({ severity }) => severity === "error");
			expect({ valid: result.valid, errors: entry.valid ? errors : [] }).toEqual({
				valid: entry.valid,
				errors: [],
			});
			for (const finding of result.findings) {
				expect(finding.section.url).toMatch(/^https:\/\/ngff\.openmicroscopy\.org\/0\.[1-5]\/#[a-z0-9-]+$/);
				expect(finding.message).toMatch(/\.$/);
				expect(finding.remedy.length).toBeGreaterThan(5);
			}
		},
	);
});

const rules = (result: Validation, severity = "error") =>
	result.findings
		.filter((finding) => finding.severity === severity)
		.map(({ rule, pointer }) => `${rule} ${pointer}`);

const axes = [
	{ name: "z", type: "space", unit: "micrometer" },
	{ name: "y", type: "space", unit: "micrometer" },
	{ name: "x", type: "space", unit: "micrometer" },
];
const level = (path: string, step: number) => ({
	path,
	coordinateTransformations: [
		{ type: "scale", scale: [step, step, step] },
		{ type: "translation", translation: [0, 0, 0] },
	],
});
const image = (more: object = {}) => ({
	axes,
	datasets: [level("0", 1), level("1", 2)],
	name: "cells",
	type: "mean",
	metadata: { method: "mean" },
	...more,
});
const ngff05 = (more: object = {}) => ({ ome: { version: "0.5", multiscales: [image(more)] } });

describe("an image", () => {
	it("is well, strictly too, with everything that the specification recommends", () => {
		expect(validate(ngff05(), { strict: true })).toEqual({ valid: true, version: "0.5", findings: [] });
	});

	it.each([
		["axes that are missing", { axes: undefined }, "axes-missing /ome/multiscales/0"],
		[
			"axes out of order",
			{ axes: [axes[0], axes[1], { name: "t", type: "time", unit: "second" }, axes[2]] },
			"axes-order /ome/multiscales/0/axes",
		],
		[
			"an axis without a name",
			{ axes: [{ type: "space", unit: "meter" }, axes[1], axes[2]] },
			"axis-name /ome/multiscales/0/axes/0",
		],
		["two axes of one name", { axes: [axes[1], axes[1], axes[2]] }, "axes-unique /ome/multiscales/0/axes/1"],
		[
			"two times",
			{ axes: [{ name: "t", type: "time" }, { name: "u", type: "time" }, axes[1], axes[2]] },
			"axes-time-count /ome/multiscales/0/axes",
		],
		[
			"two others",
			{ axes: [{ name: "c", type: "channel" }, { name: "a" }, axes[1], axes[2]] },
			"axes-other-count /ome/multiscales/0/axes",
		],
		["axes as names, as in 0.3", { axes: ["z", "y", "x"] }, "axis-object /ome/multiscales/0/axes/0"],
		["no levels", { datasets: [] }, "datasets-list /ome/multiscales/0/datasets"],
		[
			"a path that is a number",
			{ datasets: [{ ...level("0", 1), path: 0 }] },
			"dataset-path /ome/multiscales/0/datasets/0/path",
		],
		["no scale", { datasets: [{ path: "0" }] }, "transformations-missing /ome/multiscales/0/datasets/0"],
		[
			"the translation first",
			{
				datasets: [
					{ path: "0", coordinateTransformations: [...level("0", 1).coordinateTransformations].reverse() },
				],
			},
			"translation-order /ome/multiscales/0/datasets/0/coordinateTransformations",
		],
		[
			"an affine transformation",
			{ coordinateTransformations: [{ type: "affine", affine: [] }] },
			"transformation-type /ome/multiscales/0/coordinateTransformations/0/type",
		],
		[
			"a scale in words",
			{ coordinateTransformations: [{ type: "scale", scale: ["1", "1", "1"] }] },
			"transformation-values /ome/multiscales/0/coordinateTransformations/0/scale",
		],
	])("with %s is wrong", (_, more, finding) => {
		const result = validate(ngff05(more));
		expect(result.valid).toBe(false);
		expect(rules(result)).toContain(finding);
	});

	it.each([
		[
			"a unit in short",
			{ axes: [{ ...axes[0], unit: "um" }, axes[1], axes[2]] },
			"axis-unit-unknown /ome/multiscales/0/axes/0/unit",
		],
		[
			"no unit of space",
			{ axes: [{ name: "z", type: "space" }, axes[1], axes[2]] },
			"axis-unit-missing /ome/multiscales/0/axes/0",
		],
		["x first", { axes: [...axes].reverse() }, "space-axes-order /ome/multiscales/0/axes"],
		["no name", { name: undefined }, "name-missing /ome/multiscales/0"],
		[
			"a scale for other axes",
			{ coordinateTransformations: [{ type: "scale", scale: [1, 1] }] },
			"transformation-length /ome/multiscales/0/coordinateTransformations/0/scale",
		],
	])("with %s is warned of, and strictly wrong", (_, more, finding) => {
		const lenient = validate(ngff05(more));
		expect(lenient.valid).toBe(true);
		expect(rules(lenient, "warning")).toContain(finding);
		const strict = validate(ngff05(more), { strict: true });
		expect(strict.valid).toBe(false);
		expect(rules(strict)).toContain(finding);
	});

	it("of 0.3 has its axes in the order t, c, z, y, x", () => {
		const named = (names: string[]) =>
			validate({ multiscales: [{ version: "0.3", axes: names, datasets: [{ path: "0" }] }] });
		expect(named(["c", "y", "x"]).valid).toBe(true);
		expect(rules(named(["x", "y", "z"]))).toEqual(["axes-order /multiscales/0/axes"]);
		expect(rules(named(["y", "q"]))).toEqual(["axis-name /multiscales/0/axes/1"]);
	});

	it("names the unit that was meant", () => {
		const [finding] = validate(ngff05({ axes: [{ ...axes[0], unit: "µm" }, axes[1], axes[2]] })).findings;
		expect(finding.remedy).toBe('Write "micrometer".');
	});
});

describe("the version", () => {
	const bare = { axes, datasets: [level("0", 1)] };
	it.each([
		["0.5 inside ome", { ome: { multiscales: [bare] } }, "0.5", ["version-missing /ome"]],
		["0.4 where nothing is said", { multiscales: [bare] }, "0.4", []],
		[
			"0.3 where the axes are names",
			{ multiscales: [{ axes: ["y", "x"], datasets: [{ path: "0" }] }] },
			"0.3",
			[],
		],
		["0.2 where there are no axes", { multiscales: [{ datasets: [{ path: "0" }] }] }, "0.2", []],
		[
			"of a plate",
			{
				plate: { version: "0.1", rows: [{ name: "A" }], columns: [{ name: "1" }], wells: [{ path: "A/1" }] },
			},
			"0.1",
			[],
		],
		[
			"one that never was",
			{ multiscales: [{ ...bare, version: "0.4-dev" }] },
			"0.4",
			["version-known /multiscales/0/version"],
		],
		[
			"0.5 outside ome",
			{ multiscales: [{ ...bare, version: "0.5" }] },
			"0.5",
			["version-place /multiscales/0/version"],
		],
		[
			"0.4 inside ome",
			{ ome: { version: "0.4", multiscales: [bare] } },
			"0.4",
			["version-place /ome/version"],
		],
	])("is %s", (_, document, version, errors) => {
		const result = validate(document);
		expect([result.version, rules(result)]).toEqual([version, errors]);
	});

	it("says when it is assumed", () => {
		expect(rules(validate({ multiscales: [bare] }), "warning")).toContain("version-missing /multiscales/0");
	});

	it("of later releases is not judged", () => {
		expect(() => validate({ ome: { version: "0.6rc0", multiscales: [] } })).toThrow(
			expect.objectContaining({ code: "unsupported-version" }),
		);
	});

	it("is looked for in a zarr.json, with pointers from its root", () => {
		const { attributes, ...rest } = {
			zarr_format: 3,
			node_type: "group",
			attributes: ngff05({ datasets: [] }),
		};
		expect(rules(validate({ ...rest, attributes }))).toEqual([
			"datasets-list /attributes/ome/multiscales/0/datasets",
		]);
	});
});

describe("what is no OME-NGFF", () => {
	it.each([[{}], [{ zarr_format: 3, node_type: "array" }], [{ omers: 1 }]])("says so: %j", (document) => {
		const result = validate(document);
		expect([result.valid, result.version, result.findings[0].rule]).toEqual([false, null, "no-ome-metadata"]);
	});

	it.each([[null], [[1]], ["text"], [undefined]])("says so where it is no object: %j", (document) => {
		const result = validate(document);
		expect([result.valid, result.version, rules(result)]).toEqual([false, null, ["document-object "]]);
	});
});

describe("channels", () => {
	const channel = (more: object) =>
		validate({
			ome: {
				version: "0.5",
				multiscales: [image()],
				omero: { channels: [{ color: "0000FF", window: { min: 0, max: 9, start: 0, end: 9 }, ...more }] },
			},
		});

	it("have a colour and a window", () => {
		expect(channel({}).findings).toEqual([]);
		expect(rules(channel({ color: 255 }))).toEqual(["channel-color /ome/omero/channels/0/color"]);
		expect(rules(channel({ color: "#0000FF" }), "warning")).toEqual([
			"channel-color /ome/omero/channels/0/color",
		]);
		expect(rules(channel({ window: { min: 0, max: 9, start: 0 } }))).toEqual([
			"channel-window /ome/omero/channels/0/window",
		]);
		expect(rules(channel({ window: undefined }))).toEqual(["channel-window /ome/omero/channels/0"]);
	});

	it("are whole before 0.4 too, as the schemas of these versions have it", () => {
		const old = (omero: object) =>
			rules(validate({ multiscales: [{ version: "0.2", datasets: [{ path: "0" }] }], omero }));
		expect(old({ channels: [{}] })).toEqual([
			"channel-color /omero/channels/0",
			"channel-window /omero/channels/0",
		]);
		expect(old({})).toEqual(["omero-channels /omero"]);
	});
});

describe("labels", () => {
	const label = (more: object) =>
		validate({ "image-label": { version: "0.4", colors: [{ "label-value": 1 }], ...more } });

	it("have a value each, once, and colours of four bytes", () => {
		expect(label({}).valid).toBe(true);
		expect(rules(label({ colors: [{ "label-value": 1 }, { "label-value": 1 }] }))).toEqual([
			"label-value-unique /image-label/colors/1",
		]);
		expect(rules(label({ colors: [{ rgba: [0, 0, 0, 0] }] }))).toEqual(["label-value /image-label/colors/0"]);
		expect(rules(label({ colors: [{ "label-value": 1, rgba: [0, 0, 256, 0] }] }))).toEqual([
			"label-rgba /image-label/colors/0/rgba",
		]);
		expect(rules(label({ source: "../../" }))).toEqual(["label-source /image-label/source"]);
	});

	it("are listed as text", () => {
		expect(validate({ labels: ["a", "b/0"] }).valid).toBe(true);
		expect(rules(validate({ labels: ["a", 1] }))).toEqual(["labels-path /labels/1"]);
		expect(rules(validate({ labels: "a" }))).toEqual(["labels-list /labels"]);
	});
});

describe("a plate", () => {
	const plate = (more: object, version = "0.5") => ({
		...(version === "0.5"
			? { ome: { version, plate: { name: "p", ...basis, ...more } } }
			: { plate: { version, name: "p", ...basis, ...more } }),
	});
	const basis = {
		rows: [{ name: "A" }, { name: "B" }],
		columns: [{ name: "1" }, { name: "2" }],
		wells: [{ path: "B/2", rowIndex: 1, columnIndex: 1 }],
	};
	const well = (path: string, rowIndex = 1, columnIndex = 1) => ({
		wells: [{ path, rowIndex, columnIndex }],
	});

	it.each([
		["a column before the row", well("2/B"), "well-path-order /ome/plate/wells/0/path"],
		["indices of another well", well("B/2", 0, 1), "well-path-names /ome/plate/wells/0/path"],
		["a folder too many", well("plate/B/2"), "well-path /ome/plate/wells/0/path"],
		["an index past the rows", well("B/2", 2, 1), "well-index /ome/plate/wells/0/rowIndex"],
		[
			"two rows of one name",
			{ rows: [{ name: "A" }, { name: "A" }], ...well("A/2", 0, 1) },
			"rows-unique /ome/plate/rows/1",
		],
		["an acquisition without id", { acquisitions: [{}] }, "acquisition-id /ome/plate/acquisitions/0"],
		[
			"a date as time",
			{ acquisitions: [{ id: 0, starttime: "2022-05-13" }] },
			"acquisition-time /ome/plate/acquisitions/0/starttime",
		],
		["no fields", { field_count: 0 }, "field-count /ome/plate/field_count"],
	])("with %s is wrong", (_, more, finding) => {
		expect(validate(plate({})).valid).toBe(true);
		const result = validate(plate(more));
		expect([result.valid, rules(result).includes(finding), rules(result)]).toEqual([
			false,
			true,
			rules(result),
		]);
	});

	it("of 0.4 may name the column first, with a warning, as the official tests have it", () => {
		const result = validate(plate(well("2/B"), "0.4"), { strict: true });
		expect(result.valid).toBe(true);
		expect(rules(result, "warning")).toEqual(["well-path-order /plate/wells/0/path"]);
	});

	it("of 0.3 has paths as it likes", () => {
		expect(validate(plate({ wells: [{ path: "2020-10-10/A/1" }] }, "0.3")).valid).toBe(true);
	});
});

describe("a well", () => {
	const well = (images: unknown) => validate({ ome: { version: "0.5", well: { images } } });
	it("has fields of view, each once", () => {
		expect(well([{ path: "0" }, { path: "1", acquisition: 2 }]).findings).toEqual([]);
		expect(rules(well([]))).toEqual(["images-list /ome/well/images"]);
		expect(rules(well([{ path: "0/1" }]))).toEqual(["field-path /ome/well/images/0/path"]);
		expect(rules(well([{ path: "0", acquisition: "1" }]))).toEqual([
			"field-acquisition /ome/well/images/0/acquisition",
		]);
	});
});

describe("bioformats2raw", () => {
	it("is of layout 3", () => {
		expect(validate({ "bioformats2raw.layout": 3 }).valid).toBe(true);
		expect(rules(validate({ "bioformats2raw.layout": "3" }))).toEqual([
			"bf2raw-layout /bioformats2raw.layout",
		]);
		expect(rules(validate({ series: ["0", 1] }))).toEqual(["series-path /series/1"]);
	});
});
