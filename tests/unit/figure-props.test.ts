/** Every figure refuses props that it does not have and values that they cannot be, and says what is allowed. */
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { root } from "../../scripts/paths.ts";
import * as library from "../../src/lib/index.ts";
import {
	type CheckedFigure,
	checkedFigures,
	checkProps,
	figureNames,
	propRules,
} from "../../src/lib/plan/figure-props.ts";
import { siteBuilder, siteFolder } from "../support/build-site.ts";

const gallery = readFileSync(join(root, "src/content/docs/guide/figures.mdx"), "utf8");

/** Enough to be drawn. */
const least: Partial<Record<CheckedFigure, object>> = {
	"chunk-grid": { shape: [8, 8], chunks: [4, 4] },
	"key-path": { shape: [8, 8], chunks: [4, 4] },
	pyramid: { shape: [8, 8], factors: [2] },
};
const check = (figure: CheckedFigure, props: object) => () =>
	checkProps(figure, { ...least[figure], ...props } as never);

describe.each(checkedFigures())("props of %s", (figure) => {
	const { component, cell, code } = figureNames(figure);
	const rules = Object.entries(propRules(figure));

	it("names the figure, the prop and what is allowed", () => {
		expect(check(figure, {})).not.toThrow();
		for (const [name, rule] of rules) {
			// Of every rule something is no value, and nothing is the same as absent.
			const wrong = [5.5, "no such value", {}, -1].filter((value) => !rule.fits(value));
			expect(wrong.length, name).toBeGreaterThan(0);
			for (const value of [...wrong, null, () => {}]) {
				expect(check(figure, { [name]: value }), `${name} ${String(value)}`).toThrow(
					expect.objectContaining({
						code,
						where: cell,
						message: expect.stringContaining(`The prop "${name}" of the figure ${component} cannot be `),
						remedy: `Give ${rule.allowed}.`,
					}),
				);
			}
			if (!rule.required) expect(check(figure, { [name]: undefined })).not.toThrow();
			else {
				expect(check(figure, { [name]: undefined })).toThrow(
					`The figure ${component} needs the prop "${name}".`,
				);
			}
		}
	});

	it("finds a slip of the keyboard", () => {
		const [name] = rules[0];
		expect(check(figure, { [`${name}z`]: 1 })).toThrow(
			expect.objectContaining({
				code,
				message: `The figure ${component} has no prop "${name}z".`,
				remedy: expect.stringContaining(`Did you mean "${name}"?`),
			}),
		);
		expect(check(figure, { entirely: 1 })).toThrow(
			expect.objectContaining({ remedy: expect.stringMatching(/^It has /) }),
		);
	});

	it("is in the gallery: the line to copy, the line of a cell, each prop", () => {
		const section = gallery.split("\n## ").find((one) => one.includes(`\`\`\`mdx\n<${component} `)) ?? "";
		expect(section).toMatch(new RegExp(`^<${component}[ />]`, "m"));
		// A cell has nothing to give to a window on made-up nuclei.
		if (figure !== "viewport") {
			expect(section).toMatch(new RegExp(`In a cell: .*\`.*\\b${cell}\\(`));
			expect(library).toHaveProperty(cell);
		}
		const told = [...section.matchAll(/^\| (`[^|]*) \|/gm)].flatMap(([, names]) =>
			[...names.matchAll(/`(\w+)`/g)].map(([, name]) => name),
		);
		// What the kernel alone sends is none of an author's props.
		const props = rules.map(([name]) => name).filter((name) => name !== "valuesShape");
		const own = component === "CompressionLab" ? props.filter((name) => name !== "values") : props;
		expect(told.sort()).toEqual(own.sort());
	});
});

describe("what a cell gives", () => {
	it("is checked as an author's props are, options too", () => {
		const { chunkGrid, keyPath, binDiagram, pyramid, insideChunk, requestWaterfall, ngffExplorer } = library;
		const array = { shape: [8, 8], chunks: [4, 4] };
		const slip = (show: () => unknown, code: string) =>
			expect(show).toThrow(expect.objectContaining({ code, remedy: expect.stringContaining("It has ") }));
		slip(() => chunkGrid(array, { selektion: {} } as never), "chunk-grid-props");
		slip(() => keyPath(array, { indx: [0, 0] } as never), "key-path-props");
		slip(() => binDiagram({}, { axe: "x" } as never), "bin-diagram-props");
		slip(() => pyramid({ shape: [8], factors: [2] }, { picked: 1 } as never), "pyramid-props");
		slip(() => insideChunk({}, { kodec: "gzip" } as never), "inside-chunk-props");
		slip(() => requestWaterfall({}, { lime: "4G" } as never), "request-waterfall-props");
		slip(() => ngffExplorer({}, { strikt: true } as never), "ngff-explorer-props");
		slip(() => library.compressionLab(undefined, { settins: [] } as never), "compression-lab-props");
		slip(() => library.parallelWork({ kodec: "gzip" } as never), "parallel-work-props");
		slip(() => library.sharedChunk({ boarder: 3 } as never), "shared-chunk-props");
		slip(() => library.storageComparison(undefined, { oper: "read" } as never), "storage-comparison-props");
	});

	it("may say what only a cell has: a level, an axis", () => {
		const multiscale = {
			...{ levels: [{ shape: [8, 8], dims: ["y", "x"] }], chunks: [[4, 4]] },
		};
		expect(() => library.chunkGrid(multiscale, { level: 0 })).not.toThrow();
		expect(() => library.keyPath(multiscale, { level: 0, keyPrefix: "a" })).not.toThrow();
	});
});

describe("a figure in a lesson", () => {
	const folder = siteFolder("figure props");
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	it("with a wrong prop ends the build, which says file and line, figure, prop and what is allowed", () => {
		const authoring = JSON.stringify(join(root, "src/authoring/integration.ts"));
		const config = `import mdx from "@astrojs/mdx";
import { chunkwiseAuthoring } from ${authoring};
export default { integrations: [chunkwiseAuthoring(), mdx()] };
`;
		const buildPage = siteBuilder(folder, config, "lesson/page.mdx");
		const from = JSON.stringify(join(root, "src/components/figures/ChunkGrid.astro"));
		const build = (line: string) => buildPage(`import ChunkGrid from ${from};\n\n${line}\n`);
		const wrong = build("<ChunkGrid shape={[8, 8]} chunks={[4, 0]} />");
		expect(wrong.status).not.toBe(0);
		expect(wrong.said).toMatch(/src[\\/]pages[\\/]lesson[\\/]page\.mdx:3:1$/m);
		expect(wrong.said).toContain(
			'<ChunkGrid>: The prop "chunks" of the figure ChunkGrid cannot be [4,0]. ' +
				"Give a list of whole numbers above 0, one for each axis: chunks={[64, 64, 64]}.",
		);
		const slip = build("<ChunkGrid shape={[8, 8]} chunk={[4, 4]} />");
		expect(slip.status).not.toBe(0);
		expect(slip.said).toContain('has no prop "chunk". Did you mean "chunks"?');
		expect(build("<ChunkGrid shape={[8, 8]} chunks={[4, 4]} />")).toMatchObject({ status: 0 });
	}, 180_000);
});
