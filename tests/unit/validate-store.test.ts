/** Rules that need the arrays, on hierarchies made here and on the fixtures, through the library and the command. */
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { validatePath } from "../../src/cli/validate-command.ts";
import { memoryStore, toMultiscale, toNgffZarr, toSpatialImage, validateStore } from "../../src/lib/index.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { allExpected, fixture, fixturesDir } from "../support/fixtures.ts";

// biome-ignore lint/suspicious/noExplicitAny: metadata documents of any kind
type Document = any;
type Tree = Record<string, Document>;

const store = (tree: Tree) =>
	new Map(
		Object.entries(tree).map(([key, value]) => [`/${key}`, new TextEncoder().encode(JSON.stringify(value))]),
	);

const group = (ome: object) => ({
	zarr_format: 3,
	node_type: "group",
	attributes: { ome: { version: "0.5", ...ome } },
});
const array = (shape: number[], more: object = {}) => ({
	zarr_format: 3,
	node_type: "array",
	shape,
	data_type: "uint16",
	chunk_grid: { name: "regular", configuration: { chunk_shape: shape } },
	chunk_key_encoding: { name: "default" },
	fill_value: 0,
	codecs: [{ name: "bytes", configuration: { endian: "little" } }],
	dimension_names: ["c", "y", "x"].slice(-shape.length),
	attributes: {},
	...more,
});
const axes = [
	{ name: "c", type: "channel" },
	{ name: "y", type: "space", unit: "micrometer" },
	{ name: "x", type: "space", unit: "micrometer" },
];
const image = (levels = 2, more: object = {}) => ({
	multiscales: [
		{
			name: "cells",
			type: "mean",
			metadata: {},
			axes,
			datasets: Array.from({ length: levels }, (_, i) => ({
				path: String(i),
				coordinateTransformations: [{ type: "scale", scale: [1, 2 ** i, 2 ** i] }],
			})),
			...more,
		},
	],
});
const cells = (): Tree => ({
	"zarr.json": group(image()),
	"0/zarr.json": array([2, 8, 8]),
	"1/zarr.json": array([2, 4, 4]),
});
const label = { "image-label": { colors: [{ "label-value": 1 }] } };
const labelled = (): Tree => ({
	...cells(),
	"labels/zarr.json": group({ labels: ["nuclei"] }),
	"labels/nuclei/zarr.json": group({ ...image(), ...label }),
	"labels/nuclei/0/zarr.json": array([2, 8, 8]),
	"labels/nuclei/1/zarr.json": array([2, 4, 4]),
});
const plate = (): Tree => {
	const tree: Tree = {
		"zarr.json": group({
			plate: {
				name: "plate",
				rows: [{ name: "A" }],
				columns: [{ name: "1" }],
				wells: [{ path: "A/1", rowIndex: 0, columnIndex: 0 }],
				acquisitions: [{ id: 1 }, { id: 2 }].map((run) => ({ ...run, name: "run", maximumfieldcount: 1 })),
			},
		}),
		"A/zarr.json": { zarr_format: 3, node_type: "group", attributes: {} },
		"A/1/zarr.json": group({ well: { images: [{ path: "0", acquisition: 1 }] } }),
	};
	for (const [key, value] of Object.entries(cells())) tree[`A/1/0/${key}`] = value;
	return tree;
};
const layout = (): Tree => ({
	"zarr.json": group({ "bioformats2raw.layout": 3 }),
	"OME/METADATA.ome.xml": {},
	...Object.fromEntries(Object.entries(cells()).map(([key, value]) => [`0/${key}`, value])),
});

/** The same image by the rules of 0.4, on Zarr 2. */
const cells04 = (): Tree => ({
	".zgroup": { zarr_format: 2 },
	".zattrs": { multiscales: [{ ...image().multiscales[0], version: "0.4" }] },
	...Object.fromEntries(
		[8, 4].map((n, i) => [
			`${i}/.zarray`,
			{
				zarr_format: 2,
				shape: [2, n, n],
				chunks: [1, n, n],
				dtype: "<u2",
				compressor: null,
				filters: null,
				order: "C",
				fill_value: 0,
				dimension_separator: "/",
			},
		]),
	),
});

const findings = async (tree: Tree, options = {}) =>
	(await validateStore(store(tree), options)).findings.map(
		({ severity, rule, path, pointer }) => `${severity} ${rule} ${path} ${pointer}`,
	);

describe("hierarchies that are well", () => {
	it.each([
		["an image", cells],
		["an image of 0.4", cells04],
		["labels", labelled],
		["a plate", plate],
		["a bioformats2raw set", layout],
	])("%s", async (_, make) => {
		expect(await validateStore(store(make()), { strict: true })).toMatchObject({ valid: true, findings: [] });
	});

	it("what this library writes", async () => {
		const written = memoryStore();
		const values = toSpatialImage(
			{ data: new Uint16Array(8 * 16 * 16), shape: [8, 16, 16] },
			{ units: { z: "micrometer", y: "micrometer", x: "micrometer" } },
		);
		await toNgffZarr(written, await toMultiscale(values, [2, 2]));
		expect(await validateStore(written, { strict: true })).toEqual({
			valid: true,
			version: "0.5",
			findings: [],
		});
	});

	it("a label image by itself, by its path", async () => {
		expect(await findings(labelled(), { path: "labels/nuclei" })).toEqual([]);
	});
});

const root = "/attributes/ome";
const level = (i: number) => `${root}/multiscales/0/datasets/${i}`;

describe("what is wrong with arrays and groups", () => {
	const without = (tree: Tree, ...keys: string[]) =>
		Object.fromEntries(Object.entries(tree).filter(([key]) => !keys.some((k) => key.startsWith(k))));

	it.each<[string, () => Tree, string]>([
		["a level that is not there", () => without(cells(), "1/"), `error dataset-absent  ${level(1)}/path`],
		[
			"a level that is a group",
			() => ({ ...cells(), "1/zarr.json": group({}) }),
			`error dataset-not-array  ${level(1)}/path`,
		],
		[
			"a level whose metadata is damaged",
			() => ({ ...cells(), "1/zarr.json": { ...array([2, 4, 4]), codecs: [] } }),
			`error array-metadata  ${level(1)}/path`,
		],
		[
			"fewer dimensions than axes",
			() => ({ ...cells(), "0/zarr.json": array([8, 8]) }),
			`error axes-dimensions  ${level(0)}`,
		],
		[
			"a scale for other dimensions",
			() => ({ ...cells(), "0/zarr.json": array([8, 8]) }),
			`error transformation-dimensions  ${level(0)}/coordinateTransformations/0/scale`,
		],
		[
			"names in another order",
			() => ({ ...cells(), "0/zarr.json": array([2, 8, 8], { dimension_names: ["c", "x", "y"] }) }),
			`error axes-dimension-order  ${level(0)}`,
		],
		[
			"other names",
			() => ({ ...cells(), "0/zarr.json": array([2, 8, 8], { dimension_names: ["a", "y", "x"] }) }),
			`error dimension-names  ${level(0)}`,
		],
		[
			"no names",
			() => ({ ...cells(), "0/zarr.json": array([2, 8, 8], { dimension_names: undefined }) }),
			`error dimension-names-missing  ${level(0)}`,
		],
		[
			"levels from small to large",
			() => ({ ...cells(), "0/zarr.json": array([2, 2, 2]) }),
			`error levels-order  ${level(1)}`,
		],
		[
			"levels of two types",
			() => ({ ...cells(), "1/zarr.json": array([2, 4, 4], { data_type: "uint8" }) }),
			`warning levels-dtype  ${level(1)}`,
		],
		[
			"a level twice as coarse with the same scale",
			() => ({
				...cells(),
				"zarr.json": group(
					image(2, {
						datasets: [0, 1].map((i) => ({
							path: `${i}`,
							coordinateTransformations: [{ type: "scale", scale: [1, 1, 1] }],
						})),
					}),
				),
			}),
			`warning scale-unchanged  ${level(1)}`,
		],
		[
			"a channel too many",
			() => ({
				...cells(),
				"zarr.json": group({
					...image(),
					omero: {
						channels: [1, 2, 3].map(() => ({
							color: "FFFFFF",
							window: { min: 0, max: 1, start: 0, end: 1 },
						})),
					},
				}),
			}),
			`warning channel-count  ${root}/omero/channels`,
		],
		[
			"a label image that is not there",
			() => without(labelled(), "labels/nuclei"),
			`error label-absent labels ${root}/labels/0`,
		],
		[
			"labels that are not listed",
			() => ({ ...labelled(), "labels/zarr.json": group({}) }),
			`error labels-missing labels ${root}`,
		],
		[
			"labels of a fraction",
			() => ({ ...labelled(), "labels/nuclei/0/zarr.json": array([2, 8, 8], { data_type: "float32" }) }),
			`error label-integer labels/nuclei ${level(0)}`,
		],
		[
			"labels with fewer levels",
			() => ({ ...labelled(), "labels/nuclei/zarr.json": group({ ...image(1), ...label }) }),
			`error label-levels labels/nuclei ${root}/multiscales/0/datasets`,
		],
		[
			"labels of another size",
			() => ({ ...labelled(), "labels/nuclei/0/zarr.json": array([2, 7, 8]) }),
			`warning label-shape labels/nuclei ${root}/multiscales/0/datasets`,
		],
		[
			"a label image without pixels",
			() => ({ ...labelled(), "labels/nuclei/zarr.json": group(label) }),
			`error label-metadata-missing labels/nuclei ${root}`,
		],
		["a well that is not there", () => without(plate(), "A/1"), `error well-absent  ${root}/plate/wells/0`],
		[
			"a well without metadata",
			() => ({ ...plate(), "A/1/zarr.json": group({}) }),
			`error well-metadata-missing A/1 ${root}`,
		],
		[
			"a field that is not there",
			() => without(plate(), "A/1/0"),
			`error field-absent A/1 ${root}/well/images/0`,
		],
		[
			"a field of an unknown acquisition",
			() => ({ ...plate(), "A/1/zarr.json": group({ well: { images: [{ path: "0", acquisition: 3 }] } }) }),
			`error field-acquisition-unknown A/1 ${root}/well/images/0/acquisition`,
		],
		[
			"a field of no acquisition",
			() => ({ ...plate(), "A/1/zarr.json": group({ well: { images: [{ path: "0" }] } }) }),
			`error field-acquisition-missing A/1 ${root}/well/images/0`,
		],
		[
			"a damaged level in a field",
			() => without(plate(), "A/1/0/1"),
			`error dataset-absent A/1/0 ${level(1)}/path`,
		],
		[
			"no image in the set",
			() => without(layout(), "0/"),
			`error series-absent  ${root}/bioformats2raw.layout`,
		],
		[
			"a series that is not there",
			() => ({ ...layout(), "OME/zarr.json": group({ series: ["0", "1"] }) }),
			`error series-absent  ${root}/bioformats2raw.layout`,
		],
		[
			"another version inside",
			() => ({
				...labelled(),
				"labels/zarr.json": { ...group({}), attributes: { ome: { version: "0.4", labels: ["nuclei"] } } },
			}),
			`error version-consistent labels ${root}`,
		],
		[
			"0.4 on Zarr 3",
			() => ({
				...cells(),
				"zarr.json": {
					...group({}),
					attributes: { multiscales: [{ ...image().multiscales[0], version: "0.4" }] },
				},
			}),
			"error zarr-format  /attributes",
		],
		[
			"0.5 outside its key",
			() => ({ ...cells(), "zarr.json": { ...group({}), attributes: image() } }),
			"error ome-key-missing  /attributes",
		],
		[
			"0.5 on Zarr 2",
			() => ({ ...cells04(), ".zattrs": { ome: { version: "0.5", ...image() } } }),
			"error zarr-format  /ome",
		],
		[
			"chunks named with dots",
			() => ({ ...cells04(), "0/.zarray": { ...cells04()["0/.zarray"], dimension_separator: "." } }),
			"error chunk-separator  /multiscales/0/datasets/0",
		],
		[
			"arrays of three dimensions in 0.2",
			() => ({ ...cells04(), ".zattrs": { multiscales: [{ version: "0.2", datasets: [{ path: "0" }] }] } }),
			"error dimensions-five  /multiscales/0/datasets/0",
		],
	])("%s", async (_, make, finding) => {
		const tree = make();
		const found = await findings(tree);
		expect(found).toContain(finding);
		expect((await validateStore(store(tree))).valid).toBe(!found.some((line) => line.startsWith("error")));
	});

	it("says it once, where the document alone had warned", async () => {
		const found = await findings({
			...cells(),
			"zarr.json": group(image(2, { coordinateTransformations: [{ type: "scale", scale: [1, 1] }] })),
		});
		expect(found).toEqual([
			`error transformation-dimensions  ${root}/multiscales/0/coordinateTransformations/0/scale`,
		]);
	});

	it("refuses an array, and what is no Zarr", async () => {
		await expect(validateStore(store(cells()), { path: "0" })).rejects.toMatchObject({ code: "not-a-group" });
		await expect(validateStore(store({}))).rejects.toMatchObject({ code: "not-zarr" });
		const later = { ...cells(), "zarr.json": { ...group({}), attributes: { ome: { version: "0.6" } } } };
		await expect(validateStore(store(later))).rejects.toMatchObject({
			code: "unsupported-version",
			where: "/",
		});
	});

	it("ends where a list names its own group, or every path has the same document", async () => {
		const own = { ...labelled(), "labels/zarr.json": group({ labels: ["/", "../labels", "nuclei"] }) };
		expect(await findings(own)).toEqual([0, 1].map((i) => `error label-absent labels ${root}/labels/${i}`));
		const bytes = new TextEncoder().encode(JSON.stringify(group({ ...image(), "bioformats2raw.layout": 3 })));
		await expect(validateStore({ get: async () => bytes })).rejects.toMatchObject({ code: "bad-metadata" });
	});

	it("lets the store's own failures through", async () => {
		const broken = {
			get: async () => {
				throw new Error("the network is gone");
			},
		};
		await expect(validateStore(broken)).rejects.toThrow("the network is gone");
	});
});

const main = join(import.meta.dirname, "../../src/cli/main.ts");
let folder: string;

function run(
	...args: string[]
): Promise<{ code: number | null; stdout: string; stderr: string; lines: Document[] }> {
	const child = spawn(process.execPath, [main, "validate", ...args], { cwd: folder });
	let stdout = "";
	let stderr = "";
	child.stdout.on("data", (data) => {
		stdout += data;
	});
	child.stderr.on("data", (data) => {
		stderr += data;
	});
	return new Promise((done) => {
		child.on("close", (code) => {
			const json = args.includes("--json") && code !== 2;
			done({
				code,
				stdout,
				stderr,
				lines: json
					? stdout
							.trimEnd()
							.split("\n")
							.map((line) => JSON.parse(line))
					: [],
			});
		});
	});
}

beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise validate "));
	const trees = {
		"cells.zarr": cells(),
		"bad.zarr": { ...labelled(), "labels/nuclei/zarr.json": group(label) },
	};
	for (const [name, tree] of Object.entries(trees)) {
		for (const [key, value] of Object.entries(tree)) {
			mkdirSync(dirname(join(folder, name, key)), { recursive: true });
			writeFileSync(join(folder, name, key), JSON.stringify(value));
		}
	}
	writeFileSync(
		join(folder, "unit.json"),
		JSON.stringify({ ome: { version: "0.5", ...image(1, { name: undefined }) } }),
	);
	writeFileSync(join(folder, "attributes"), JSON.stringify({ labels: ["a"] }));
	writeFileSync(join(folder, "broken.json"), "{");
	writeFileSync(join(folder, "text.txt"), "no metadata");
});

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

describe("chunkwise validate", () => {
	it("prints one JSON line for each PATH, and goes on after a failure", async () => {
		const { code, lines } = await run(
			"--json",
			"cells.zarr",
			"bad.zarr",
			"none.zarr",
			"broken.json",
			"text.txt",
			"attributes",
			"bad.zarr#labels",
		);
		expect(code).toBe(1);
		expect(lines[0]).toEqual({ path: "cells.zarr", valid: true, version: "0.5", findings: [] });
		expect(lines[1]).toMatchObject({ path: "bad.zarr", valid: false, version: "0.5" });
		expect(lines[1].findings[0]).toEqual({
			severity: "error",
			path: "labels/nuclei",
			pointer: root,
			rule: "label-metadata-missing",
			message: expect.stringContaining("multiscales"),
			remedy: expect.any(String),
			section: { title: expect.stringContaining("OME-NGFF 0.5"), url: expect.stringContaining("https://") },
		});
		expect(lines.slice(2, 5).map((line) => line.error.code)).toEqual([
			"file-not-found",
			"bad-metadata",
			"unsupported-format",
		]);
		expect(lines[5]).toEqual({ path: "attributes", valid: true, version: "0.4", findings: [] });
		expect(lines[6]).toMatchObject({ path: "bad.zarr#labels", valid: false });
	});

	it("ends well where all are valid, and makes recommendations errors on request", async () => {
		const [lenient, strict] = await Promise.all([
			run("--json", "unit.json", "cells.zarr"),
			run("--json", "--strict", "unit.json"),
		]);
		expect([lenient.code, lenient.lines.map(({ valid }) => valid)]).toEqual([0, [true, true]]);
		expect([
			strict.code,
			strict.lines[0].findings.map(({ severity, rule }: Document) => [severity, rule]),
		]).toEqual([1, [["error", "name-missing"]]]);
	});

	it("says for people what it is, where, and what to do", async () => {
		const { code, stdout, stderr } = await run("bad.zarr", "cells.zarr");
		expect([code, stderr]).toEqual([1, ""]);
		expect(stdout).toContain("bad.zarr: OME-NGFF 0.5, not valid (1 error, 0 warnings)");
		expect(stdout).toContain(`at labels/nuclei ${root}`);
		expect(stdout).toContain("Write it again, or take it out of the list of the group above.");
		expect(stdout).toContain("https://ngff.openmicroscopy.org/0.5/#labels-md");
		expect(stdout).toContain("cells.zarr: OME-NGFF 0.5, valid\n");
	});

	it("tells a wrong call from bad data, and helps", async () => {
		const [nothing, option, help] = await Promise.all([run(), run("--loose", "cells.zarr"), run("--help")]);
		expect([nothing.code, option.code, help.code]).toEqual([2, 2, 0]);
		expect(help.stdout).toContain("Usage: chunkwise validate");
	});
});

describe.skipIf(!fixturesDir)("fixtures", () => {
	it("judges every document as the command too", async () => {
		for (const level of ["spec", "strict"]) {
			const entries = allExpected().filter(
				(entry) => entry.kind === "ngff-metadata" && entry.level === level,
			);
			expect(entries.length).toBeGreaterThan(5);
			const { lines } = await run(
				"--json",
				...(level === "strict" ? ["--strict"] : []),
				...entries.map(({ path }) => fixture(path)),
			);
			expect(lines.map(({ path, valid }) => [path, valid])).toEqual(
				entries.map(({ path, valid }) => [fixture(path), valid]),
			);
		}
	});

	it("warns that the axes of HL50_cell are in another order than its arrays", async () => {
		const result = await validateStore(folderStore(fixture("ome-zarr/hl50_cell/HL50_cell.zarr")));
		expect([result.valid, result.version]).toEqual([true, "0.4"]);
		const found = result.findings.filter(({ rule }) => rule === "axes-dimension-order");
		expect(found.map(({ severity, pointer }) => [severity, pointer])).toEqual(
			[0, 1, 2].map((i) => ["warning", `/multiscales/0/datasets/${i}`]),
		);
		expect(found.map(({ message }) => message.split(" (its")[0])).toEqual(
			[0, 1, 2].map((i) => `The array "scale${i}/HL50_cell" is stored in the order z, y, x`),
		);
	});

	it.each([
		["ome-zarr/fiji_java/2d_v4.ome.zarr", true],
		["ome-zarr/fiji_java/4d_xyzt_v5.ome.zarr", true],
		["ome-zarr/ome_zarr_py/v0.2.zarr", true],
		["ome-zarr/ome_zarr_examples/valid/image-04.zarr", true],
		["ome-zarr/ome_zarr_examples/invalid/image-02.zarr", false],
		["ngff-metadata/ngio/v04/test_image_tczyx.zarr", true],
		["ngff-metadata/real/idr/v0.5/ExpA_VIP_ASLM_on.zarr", true],
	])("judges the whole of %s: %s", async (path, valid) => {
		expect((await validateStore(folderStore(fixture(path)))).valid).toBe(valid);
	});

	it("warns of a list of labels without a version, as ome-zarr-py writes it, and is strict where asked", async () => {
		const path = fixture("ngff-metadata/real/idr/v0.5/6001240_labels.zarr");
		for (const strict of [false, true]) {
			const { findings } = await validateStore(folderStore(path), { strict });
			expect((await validatePath(path, { strict })).findings).toEqual(findings);
			const found = findings.filter(({ rule }) => rule === "version-missing");
			expect(found.map(({ path, pointer, severity }) => [path, pointer, severity])).toEqual([
				["labels", "/attributes/ome", strict ? "error" : "warning"],
			]);
			expect(found[0].section.url).toBe("https://ngff.openmicroscopy.org/0.5/#metadata");
		}
	});

	it("finds what is missing in a store that was copied in part", async () => {
		const { findings } = await validateStore(
			folderStore(fixture("ngff-metadata/real/idr/v0.5/6001240_labels.zarr")),
		);
		expect(
			findings.filter(({ severity }) => severity === "error").map(({ path, rule }) => [path, rule]),
		).toEqual([["labels", "label-absent"]]);
	});
});
