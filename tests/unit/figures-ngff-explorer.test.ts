import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { levelsHtml } from "../../src/components/figures/ngff-explorer/pictures.ts";
import {
	editionsHtml,
	linesHtml,
	lookFor,
	ngffExplorerHtml,
	verdictHtml,
} from "../../src/components/figures/ngff-explorer/static.ts";
import { exploreNgff, metadataText, shapesOf } from "../../src/lib/plan/ngff-explorer.ts";
import { mistakes } from "../../src/lib/plan/ngff-mistakes.ts";
import { sampleMetadata, sampleShapes } from "../../src/lib/plan/sample-metadata.ts";

const parse = (html: string) => parseHTML(`<body>${html}</body>`).document;
const text = metadataText({});
const seen = exploreNgff(text, { shapes: shapesOf({}) });

test("the text is there line by line, with its drawings, before any script", () => {
	const page = parse(ngffExplorerHtml({}, "fig"));
	const lines = [...page.querySelectorAll(".cw-ngff-lines > li")];
	expect(lines.map((line) => line.textContent?.replace(/^ $/, "")).join("\n")).toBe(text);
	expect(page.querySelector(".cw-ngff-verdict")?.textContent).toBe("Valid by OME-NGFF 0.5");
	expect([...page.querySelectorAll(".cw-ngff-axes b")].map((b) => b.textContent)).toEqual([
		"c",
		"z",
		"y",
		"x",
	]);
	expect(page.querySelectorAll("button.cw-ngff-line[tabindex='0']")).toHaveLength(1);
	expect(page.querySelectorAll(".cw-ngff-edition")).toHaveLength(5);
	const ids = [...page.querySelectorAll("[id]")].map((e) => e.id);
	expect(new Set(ids).size).toBe(ids.length);
	// Every part of the drawing leads to a line that is there.
	for (const part of page.querySelectorAll(".cw-ngff-drawings [data-pointer]")) {
		expect(seen.places.has(part.getAttribute("data-pointer") ?? "")).toBe(true);
	}
});

test("the first elements of the levels are drawn to scale and in place", () => {
	if (!seen.image) throw new Error("no image");
	const page = parse(levelsHtml(seen.image, lookFor(seen)));
	const of = (level: number, name: string) =>
		Number(page.querySelector(`rect[data-level="${level}"]`)?.getAttribute(name));
	// Pixels of 0.125, 0.25 and 1 µm.
	expect(of(2, "width") / of(0, "width")).toBeCloseTo(8, 1);
	expect(of(1, "width") / of(0, "width")).toBeCloseTo(2, 1);
	// x: an excess voxel is dropped before level 1, so its first pixel begins at voxel 1; y has none to drop.
	expect(of(1, "x") / of(0, "width")).toBeCloseTo(1, 1);
	expect(of(1, "y")).toBe(0);
	// Level 2 drops a pixel of level 1 in x: 1 + 2 voxels; 2 rows of level 1 in y.
	expect(of(2, "x") / of(0, "width")).toBeCloseTo(3, 1);
	expect(of(2, "y") / of(0, "width")).toBeCloseTo(4, 1);
	const whole = parse(levelsHtml(seen.image, lookFor(seen, { what: "whole" })));
	const widths = [0, 1, 2].map((i) =>
		Number(whole.querySelector(`rect[data-level="${i}"]`)?.getAttribute("width")),
	);
	// 363, 181 × 2 and 45 × 8 voxels.
	expect(widths[1] / widths[0]).toBeCloseTo(362 / 363, 3);
	expect(widths[2] / widths[0]).toBeCloseTo(360 / 363, 3);
});

test("findings stand under the line that they are about", () => {
	for (const mistake of mistakes) {
		const broken = exploreNgff(JSON.stringify(mistake.make(sampleMetadata), null, 1));
		const page = parse(`<ol>${linesHtml(broken, 0)}</ol>`);
		const found = [...page.querySelectorAll(".cw-ngff-finding")];
		expect(found).toHaveLength(broken.validation?.findings.length ?? -1);
		const under = found.find((finding) => finding.querySelector("code")?.textContent === mistake.rule);
		expect(under?.closest("li")?.getAttribute("data-worst")).toMatch(/error|warning/);
		expect(under?.querySelector("a")?.getAttribute("href")).toContain("ngff.openmicroscopy.org/0.5/");
	}
	expect(parse(verdictHtml(exploreNgff("{"))).querySelector("span")?.textContent).toBe("Not read");
});

test("versions mark what the one before does not have", () => {
	const page = parse(editionsHtml(sampleMetadata, sampleShapes));
	const added = (version: string) =>
		[...page.querySelectorAll(`[data-version="${version}"] [data-added]`)].map((row) =>
			row.textContent?.trim(),
		);
	expect(added("0.1")).toEqual([]);
	expect(added("0.2").every((row) => row?.includes('"version": "0.2"'))).toBe(true);
	expect(added("0.3").join()).toContain('"axes": ["c", "z", "y", "x"]'.slice(0, 7));
	expect(added("0.4").join()).toContain("coordinateTransformations");
	expect(added("0.5").join()).toContain('"ome"');
});

test("names in metadata are text, never markup", () => {
	const bad = '<img src=x onerror="1">';
	const document = JSON.parse(
		JSON.stringify(sampleMetadata).replaceAll("DAPI", JSON.stringify(bad).slice(1, -1)),
	);
	document.attributes.ome.multiscales[0].name = bad;
	document.attributes.ome.multiscales[0].axes[1] = { name: bad, type: bad, unit: bad };
	document.attributes.ome.omero.channels[1].color = bad;
	document.attributes.ome.multiscales[0].datasets[0].path = bad;
	expect(parse(ngffExplorerHtml({ document, title: bad }, "fig")).querySelectorAll("img")).toHaveLength(0);
});

test("what is no image is said", () => {
	const page = parse(ngffExplorerHtml({ document: { a: 1 } }, "fig"));
	expect(page.querySelector(".cw-ngff-drawings")?.textContent).toContain("no image");
	expect(page.querySelector(".cw-ngff-finding")?.textContent).toContain("no OME-NGFF metadata");
	const old = parse(
		ngffExplorerHtml({ document: { multiscales: [{ version: "0.1", datasets: [{ path: "0" }] }] } }, "fig"),
	);
	expect(old.querySelector("[data-part=levels]")?.textContent).toContain("does not say how large");
	expect(old.querySelectorAll(".cw-ngff-axes li")).toHaveLength(5);
	expect(old.querySelectorAll(".cw-ngff-axes button")).toHaveLength(0);
});
