/**
 * The validator on documents that nobody would write: any JSON at all, and valid documents with one thing changed. The
 * verdicts on changed documents are those of the official JSON schemas (ngff-spec, as ngff-zarr 0.50 bundles them), with
 * which 18,700 such documents were compared, lenient and strict, when this was written; `docs/validation.md` lists where text and schema differ.
 */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isChunkwiseError } from "../../src/lib/errors.ts";
import { convertNgffMetadata } from "../../src/lib/ngff/convert-metadata.ts";
import { validate } from "../../src/lib/ngff/validate/document.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { encodeJson } from "../../src/lib/zarr/metadata.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";

// biome-ignore lint/suspicious/noExplicitAny: any JSON
type Any = any;

const json = fc.letrec((tie) => ({
	value: fc.oneof(
		{ depthSize: "small" },
		fc.constantFrom(null, true, 0, -1, 1.5, 1e300, "", "a", "A/1", "0", "0.4", "0.5", "x", "space", "scale"),
		fc.array(tie("value"), { maxLength: 3 }),
		fc.dictionary(
			fc.constantFrom(
				...["ome", "version", "multiscales", "datasets", "axes", "path", "name", "type", "unit", "omero"],
				...["coordinateTransformations", "scale", "translation", "channels", "color", "window", "labels"],
				...[
					"image-label",
					"colors",
					"properties",
					"label-value",
					"rgba",
					"source",
					"plate",
					"rows",
					"columns",
				],
				...["wells", "acquisitions", "id", "well", "images", "bioformats2raw.layout", "series", "attributes"],
				...["zarr_format", "node_type", "rowIndex", "columnIndex", "field_count", "acquisition"],
			),
			tie("value"),
			{ maxKeys: 6 },
		),
	),
})).value as fc.Arbitrary<Any>;

/** A verdict with whole findings, and never an error but for versions that are not known. */
function judged(document: unknown, strict: boolean): void {
	try {
		const result = validate(document, { strict });
		expect(result.valid).toBe(result.findings.every((finding) => finding.severity !== "error"));
		for (const { pointer, rule, message, remedy, section } of result.findings) {
			expect([
				pointer === "" || pointer.startsWith("/"),
				rule !== "",
				message !== "",
				remedy !== "",
			]).not.toContain(false);
			expect(section.url).toMatch(/^https:/);
		}
	} catch (error) {
		if (!isChunkwiseError(error) || error.code !== "unsupported-version") throw error;
	}
}

describe("any JSON as metadata", () => {
	it("gets findings, and no crash", () => {
		fc.assert(
			fc.property(json, fc.boolean(), (document, strict) => {
				judged(document, strict);
				judged({ ome: document }, strict);
			}),
			{ numRuns: 600 },
		);
	});

	it("converts or is refused in words", () => {
		fc.assert(
			fc.property(json, fc.constantFrom("0.4", "0.5"), (document, to) => {
				try {
					convertNgffMetadata(document, { to });
				} catch (error) {
					if (!isChunkwiseError(error)) throw error;
				}
			}),
			{ numRuns: 300 },
		);
	});

	it("in a store too", async () => {
		await fc.assert(
			fc.asyncProperty(json, fc.boolean(), async (attributes, wrapped) => {
				const own = wrapped ? { ome: { version: "0.5", ...attributes } } : attributes;
				const document = encodeJson({ zarr_format: 3, node_type: "group", attributes: own });
				const store = new Map([["/zarr.json", document]]);
				try {
					expect(Array.isArray((await validateStore(store)).findings)).toBe(true);
				} catch (error) {
					if (!isChunkwiseError(error)) throw error;
				}
			}),
			{ numRuns: 150 },
		);
	});
});

const places = function* (value: Any, path: (string | number)[] = []): Generator<(string | number)[]> {
	if (path.length > 0) yield path;
	if (typeof value !== "object" || value === null) return;
	for (const key of Object.keys(value))
		yield* places(value[key], [...path, Array.isArray(value) ? Number(key) : key]);
};

describe.skipIf(!fixturesDir)("valid documents with one thing changed", () => {
	const valid = allExpected()
		.filter((entry) => entry.kind === "ngff-metadata" && entry.valid)
		.map((entry) => JSON.parse(readFileSync(fixture(entry.path), "utf8")));

	it("get findings, and no crash", () => {
		fc.assert(
			fc.property(fc.constantFrom(...valid), fc.nat(), json, fc.boolean(), (document, n, value, strict) => {
				const all = [...places(document)];
				const path = all[n % Math.max(1, all.length)] ?? [];
				const changed = structuredClone(document);
				const owner = path.slice(0, -1).reduce((at: Any, key) => at[key], changed);
				if (path.length > 0) owner[path[path.length - 1]] = value;
				judged(changed, strict);
			}),
			{ numRuns: 600 },
		);
	});
});

const level = { path: "0", coordinateTransformations: [{ type: "scale", scale: [1, 1] }] };
const axes = ["y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" }));
const entry = { name: "n", axes, datasets: [level], type: "mean", metadata: {} };
const channel = { color: "0000FF", window: { min: 0, max: 9, start: 0, end: 9 } };
const plate = {
	version: "0.2",
	name: "p",
	rows: [{ name: "A" }],
	columns: [{ name: "1" }],
	wells: [{ path: "A/1" }],
};

describe("changes on which the schemas and we once differed", () => {
	it.each([
		["the same image twice", { multiscales: [entry, entry] }, "multiscales-unique /ome/multiscales/1"],
		[
			"a scale of one number",
			{
				multiscales: [
					{ ...entry, datasets: [{ ...level, coordinateTransformations: [{ type: "scale", scale: [1] }] }] },
				],
			},
			"transformation-length /ome/multiscales/0/datasets/0/coordinateTransformations/0/scale",
		],
		[
			"a channel's name that is a number",
			{ multiscales: [entry], omero: { channels: [{ ...channel, label: 3 }] } },
			"channel-label /ome/omero/channels/0/label",
		],
		[
			"a channel that is active by a word",
			{ multiscales: [entry], omero: { channels: [{ ...channel, active: "true" }] } },
			"channel-active /ome/omero/channels/0/active",
		],
		[
			"a family that is null",
			{ multiscales: [entry], omero: { channels: [{ ...channel, family: null }] } },
			"channel-family /ome/omero/channels/0/family",
		],
		[
			"properties that stand twice, word for word",
			{
				multiscales: [entry],
				"image-label": {
					colors: [{ "label-value": 1 }],
					properties: [1, 1].map((n) => ({ "label-value": n })),
				},
			},
			"label-value-unique /ome/image-label/properties/1",
		],
	])("%s", (_, ome, rule) => {
		const errors = validate({ ome: { version: "0.5", ...ome } }).findings.filter(
			(f) => f.severity === "error",
		);
		expect(errors.map((finding) => `${finding.rule} ${finding.pointer}`)).toEqual([rule]);
	});

	it.each([
		[
			"0.1: metadata that is no object",
			{ multiscales: [{ version: "0.1", datasets: [{ path: "0" }], metadata: 3 }] },
			"metadata-object",
		],
		[
			"0.1: a method that is no text",
			{ multiscales: [{ version: "0.1", datasets: [{ path: "0" }], metadata: { method: 1 } }] },
			"metadata-text",
		],
		["0.2: the same row twice", { plate: { ...plate, rows: [{ name: "A" }, { name: "A" }] } }, "rows-unique"],
		["0.2: no acquisitions in their list", { plate: { ...plate, acquisitions: [] } }, "acquisitions-list"],
		[
			"0.1: a field of view with a space",
			{ well: { version: "0.1", images: [{ path: "a b" }] } },
			"field-path",
		],
		[
			"0.4: labels of another version than their image",
			{
				multiscales: [{ ...entry, version: "0.4" }],
				"image-label": { version: "0.3", colors: [{ "label-value": 1 }] },
			},
			"version-consistent",
		],
	])("%s", (_, document, rule) => {
		const errors = validate(document).findings.filter((finding) => finding.severity === "error");
		expect(errors.map((finding) => finding.rule)).toEqual([rule]);
	});

	it("an axis without a type is a channel, as the text has it: two schemas count it as space", () => {
		const four = [
			{ name: "c" },
			...["z", "y", "x"].map((name) => ({ name, type: "space", unit: "micrometer" })),
		];
		const scale = [{ type: "scale", scale: [1, 1, 1, 1] }];
		const image = { ...entry, axes: four, datasets: [{ path: "0", coordinateTransformations: scale }] };
		expect(validate({ ome: { version: "0.5", multiscales: [image] } }).valid).toBe(true);
	});
});
