import { describe, expect, it } from "vitest";
import { memoryStore, openZarr, toMultiscale, toNgffZarr, toSpatialImage } from "../../src/lib/index.ts";
import { validate } from "../../src/lib/ngff/validate/document.ts";
import { exploreNgff, metadataText, ngffExplorer, shapesOf } from "../../src/lib/plan/ngff-explorer.ts";
import { explorerTwin } from "../../src/lib/plan/ngff-explorer-text.ts";
import { mistakes } from "../../src/lib/plan/ngff-mistakes.ts";
import { ngffEditions } from "../../src/lib/plan/ngff-versions.ts";
import { sampleMetadata, sampleShapes } from "../../src/lib/plan/sample-metadata.ts";

const text = metadataText({});
const shapes = shapesOf({});
const explore = (changed: string, strict = false) => exploreNgff(changed, { shapes, strict });
const rules = (changed: string) => explore(changed).validation?.findings.map(({ rule }) => rule);

async function writtenSample() {
	const units = { z: "micrometer", y: "micrometer", x: "micrometer" };
	const shape = sampleShapes["scale0/nuclei"];
	const data = new Uint16Array(shape.reduce((a, b) => a * b));
	const dims = ["c", "z", "y", "x"];
	const image = toSpatialImage(
		{ data, shape },
		{ dims, scale: { z: 0.2, y: 0.125, x: 0.125 }, units, name: "nuclei" },
	);
	const store = memoryStore();
	const multiscale = await toMultiscale(image, [2, 4]);
	const channels = [
		{ label: "DAPI", color: "0080FF", window: { max: 4095, start: 90, end: 900 } },
		{ label: "Actin", color: "FF8000", window: { max: 4095, start: 100, end: 2500 } },
	];
	await toNgffZarr(store, multiscale, { channels });
	return { store, multiscale };
}

describe("the sample", () => {
	it("is what this library writes", async () => {
		const { store, multiscale } = await writtenSample();
		const written = JSON.parse(new TextDecoder().decode(await store.get("/zarr.json")));
		expect(sampleMetadata).toEqual(written);
		expect(Object.values(sampleShapes)).toEqual(multiscale.levels.map(({ shape }) => [...shape]));
		// A group that was opened gives the same.
		const model = ngffExplorer((await openZarr(store)) as never, { title: "a" });
		expect(model.props).toEqual({ document: written.attributes, title: "a" });
	});

	it("is valid, explained line by line, and drawn", () => {
		const seen = explore(text);
		expect(seen.validation).toMatchObject({ valid: true, version: "0.5", findings: [] });
		expect(seen.lines.map((line) => line.text).join("\n")).toBe(text);
		const image = seen.image;
		expect(image?.axes.map(({ name, type, unit }) => `${name} ${type} ${unit}`)).toEqual([
			"c channel undefined",
			"z space micrometer",
			"y space micrometer",
			"x space micrometer",
		]);
		expect(image?.levels[2]).toMatchObject({ scale: [1, 1.6, 1, 1], shape: [2, 16, 26, 45] });
		expect(image?.levels[1].translation?.[3]).toBe(0.1875);
		expect(image?.channels.map(({ label, window }) => [label, window?.end])).toEqual([
			["DAPI", 900],
			["Actin", 2500],
		]);
	});

	it("has a meaning for every field of OME-NGFF in it", () => {
		const seen = explore(text);
		for (const { pointer = "" } of seen.lines) {
			expect(seen.meaning(pointer), pointer).not.toContain("is not in the specification");
		}
		const scale = [...seen.places.keys()].find((pointer) =>
			pointer.endsWith("datasets/1/coordinateTransformations/1/translation"),
		);
		expect(seen.meaning(scale ?? "")).toContain("c 0, z 0.3, y 0.0625, x 0.1875");
	});
});

describe("edits", () => {
	it("say what is wrong at its line", () => {
		const changed = text.replace('"unit": "micrometer"', '"unit": "um"');
		const [finding] = explore(changed).validation?.findings ?? [];
		expect(finding).toMatchObject({ rule: "axis-unit-unknown", severity: "warning" });
		expect(changed.split("\n")[finding.line]).toContain('"um"');
		expect(changed.slice(finding.from, finding.to)).toBe('"unit": "um"');
		expect(explore(changed, true).validation?.valid).toBe(false);
	});

	it("find the place of what is missing in what should hold it", () => {
		const changed = text.replace(/\s*"version": "0.5",/, "");
		const [finding] = explore(changed).validation?.findings ?? [];
		expect(finding.rule).toBe("version-missing");
		expect(changed.split("\n")[finding.line]).toContain('"ome"');
		const without = text.replace(
			/("path": "scale1[^"]*"),\s*"coordinateTransformations": \[[\s\S]*?\]\s*\}\s*\]/,
			"$1",
		);
		expect(without).not.toBe(text);
		const [missing] = explore(without).validation?.findings ?? [];
		expect(missing.rule).toBe("transformations-missing");
		expect(without.slice(missing.from, missing.to)).toContain('"path": "scale1');
		expect(missing.line).toBeGreaterThan(5);
	});

	it("that are no JSON say where, and draw nothing", () => {
		const seen = explore(text.replace(",", ""));
		expect(seen.problem).toMatchObject({ line: 2 });
		expect(seen.problem?.message).toMatch(/^Line 3, column 3: a comma/);
		expect(seen.image).toBeUndefined();
		expect(explorerTwin(seen).status).toContain("Line 3");
	});

	it("of any kind are taken: no text breaks it", () => {
		for (const value of [
			"null",
			"[]",
			"{}",
			"3",
			'{"multiscales": 3}',
			'{"multiscales": [{"axes": [1]}]}',
			'{"ome": {"version": "0.6"}}',
		]) {
			const seen = explore(value);
			expect(explorerTwin(seen).status.length).toBeGreaterThan(10);
		}
		expect(explore('{"ome": {"version": "0.6", "multiscales": []}}').problem?.message).toContain("0.6");
	});

	it.each(mistakes.map((mistake) => [mistake.name, mistake] as const))(
		"%s is found by its rule",
		(_, mistake) => {
			const broken = mistake.make(JSON.parse(text));
			expect(rules(JSON.stringify(broken))).toContain(mistake.rule);
			// The document that is given stays as it is.
			expect(mistake.make(sampleMetadata)).toEqual(broken);
			expect(rules(text)).toEqual([]);
		},
	);
});

describe("versions", () => {
	const five = { "0": [1, 2, 10, 60, 80], "1": [1, 2, 10, 30, 40] };
	const v04 = {
		multiscales: [
			{
				version: "0.4",
				name: "a",
				type: "mean",
				metadata: {},
				axes: [..."tczyx"].map((name) => ({
					name,
					type: name === "t" ? "time" : name === "c" ? "channel" : "space",
					unit: name === "c" ? undefined : name === "t" ? "second" : "micrometer",
				})),
				datasets: [
					{ path: "0", coordinateTransformations: [{ type: "scale", scale: [1, 1, 1, 1, 1] }] },
					{ path: "1", coordinateTransformations: [{ type: "scale", scale: [1, 1, 1, 2, 2] }] },
				],
			},
		],
	};

	it("are each valid by their own rules, and say what they lose", () => {
		const editions = ngffEditions(JSON.parse(JSON.stringify(v04)));
		expect(editions.map(({ version }) => version)).toEqual(["0.1", "0.2", "0.3", "0.4", "0.5"]);
		for (const { document, version } of editions) {
			expect(validate(document)).toMatchObject({ valid: true, version, findings: [] });
		}
		expect(editions.map(({ chunkKey }) => chunkKey)).toEqual([
			"0/0.0.0.0.0",
			"0/0/0/0/0/0",
			"0/0/0/0/0/0",
			"0/0/0/0/0/0",
			"0/c/0/0/0/0/0",
		]);
		expect(editions[1].lost).toEqual(["units", "pixel sizes and places of the levels", "names of the axes"]);
		expect(editions[3].lost).toEqual([]);
	});

	it("go back and forth where nothing is lost", () => {
		const [oldest] = ngffEditions(JSON.parse(JSON.stringify(v04)), five);
		const again = ngffEditions(oldest.document, five);
		expect(again[0].document).toEqual(oldest.document);
		expect(exploreNgff(JSON.stringify(again[3].document)).image?.levels[1].scale).toEqual([1, 1, 1, 2, 2]);
		expect(ngffEditions(oldest.document)[3].problem).toContain("shapes");
	});

	it("of the sample: without five axes before 0.3 the arrays would have to change", () => {
		const editions = ngffEditions(sampleMetadata, shapes);
		expect(editions[0].lost.at(-1)).toContain("all five");
		expect(editions[2].document).toMatchObject({
			multiscales: [{ axes: ["c", "z", "y", "x"], version: "0.3" }],
		});
		for (const { document } of editions) expect(validate(document).valid).toBe(true);
	});

	it("before 0.4 cannot have axes of other names", () => {
		const other = JSON.parse(JSON.stringify(v04).replace('"name":"t"', '"name":"angle"'));
		expect(ngffEditions(other)[2].problem).toContain("angle");
		expect(ngffEditions(other)[2].document).toBeUndefined();
	});
});
