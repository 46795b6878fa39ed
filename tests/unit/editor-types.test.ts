/** What the editor says of cells' types, by the same code that runs in the page's language worker. */
import { describe, expect, it } from "vitest";
import type { Problem } from "../../src/components/editor/language/protocol.ts";
import { cellTypes, lessonOf, typesInParts } from "../support/cell-types.ts";

const types = cellTypes();

/** Problems of the last of these cells: the text that each stands at, and the first line of its message. */
function problems(...sources: string[]): [string, string][] {
	return found(...sources).map(({ start, length, message }) => [
		sources.at(-1)!.slice(start, start + length),
		message.split("\n")[0],
	]);
}

function found(...sources: string[]): Problem[] {
	const cells = lessonOf(...sources);
	types.setCells(cells);
	return types.problems(cells.at(-1)!.id);
}

/** What hovering over the last `word` of the last cell says. */
function hover(word: string, ...sources: string[]) {
	const cells = lessonOf(...sources);
	types.setCells(cells);
	const last = cells.at(-1)!;
	return types.hover(last.id, last.source.lastIndexOf(word) + 1);
}

function names(...sources: string[]): string[] {
	const cells = lessonOf(...sources);
	types.setCells(cells);
	const last = cells.at(-1)!;
	const offset = last.source.indexOf("|");
	cells[cells.length - 1] = { ...last, source: last.source.replace("|", "") };
	types.setCells(cells);
	return types.suggestions(last.id, offset).map(({ name }) => name);
}

describe("types across cells", () => {
	const write = 'import { memoryStore } from "chunkwise";\nconst store = memoryStore();';

	it("infers what an earlier cell declared", () => {
		expect(problems(write, 'await store.get("/zarr.json");')).toEqual([]);
		expect(hover("store", write, "store")?.code).toMatch(/^const store: .*MemoryStore|^const store: .*Store/);
		expect(hover("store", write, "store")?.docs).toBe("From “Cell a”.");
		expect(problems("const n = 5;", "const s: string = n;")).toEqual([
			["s", "Type 'number' is not assignable to type 'string'."],
		]);
	});

	it("gets a type through several cells", () => {
		expect(
			problems(
				write,
				'import { listKeys } from "chunkwise";\nconst keys = await listKeys(store);',
				"const lengths = keys.map((key) => key.length);",
				"const total: string = lengths.reduce((a, b) => a + b, 0);",
			),
		).toEqual([["total", "Type 'number' is not assignable to type 'string'."]]);
	});

	it("brings imports, functions, classes, types, enums and destructured names", () => {
		expect(
			problems(
				[
					'import * as d3 from "d3";',
					'import { formatBytes as bytes } from "chunkwise";',
					"interface Point { x: number; y: number }",
					"type Pair<T> = [T, T];",
					"enum Colour { red, green }",
					"class Box<T> { constructor(readonly inside: T) {} }",
					"async function load(key: string) { return key.length; }",
					"const { a, b: [c, ...rest], ...others } = { a: 1, b: ['x', 'y'], d: true };",
					"for (var i = 0; i < 3; i++) {}",
				].join("\n"),
				[
					"const point: Point = { x: d3.max([1, 2]) ?? 0, y: a };",
					"const pair: Pair<string> = [c, rest[0]];",
					"const box = new Box(Colour.green);",
					"const inside: Colour = box.inside;",
					"const size: number = await load(bytes(5));",
					"const flag: boolean = others.d;",
					"const wrong: string = i;",
				].join("\n"),
			),
		).toEqual([["wrong", "Type 'number' is not assignable to type 'string'."]]);
	});

	it("does not show later cells' names to earlier ones, and says where the name is", () => {
		const cells = lessonOf("late + 1", "const late = 1;");
		types.setCells(cells);
		expect(types.problems("a").map(({ message }) => message)).toEqual([
			"late is declared further down, in “Cell b”. A cell sees the names of the cells above it.",
		]);
		expect(types.suggestions("a", 2).map(({ name }) => name)).not.toContain("late");
	});

	it("follows a change in an earlier cell", () => {
		expect(problems("const n = 5;", "n.toFixed(1)")).toEqual([]);
		expect(problems('const n = "5";', "n.toPrecision(1)")).toEqual([
			["toPrecision", "Property 'toPrecision' does not exist on type '\"5\"'."],
		]);
		expect(problems("const m = 5;", "n.toFixed(1)")).toEqual([["n", "Cannot find name 'n'."]]);
	});

	it("lets two cells declare the same name, the nearest above counting", () => {
		expect(problems("const x = 1;", 'const x = "a";', "x.toUpperCase()")).toEqual([]);
		expect(problems("const x = 1;", "const x = x + 1;").map(([text]) => text)).toEqual(["x", "x"]);
		expect(problems("class A { a = 1 }", "class A { b = 2 }\nnew A().a")).toEqual([
			["a", "Property 'a' does not exist on type 'A'."],
		]);
	});

	it("lets a later cell assign to let and var, and to nothing else", () => {
		expect(problems("let count = 0; var sum = 0;", "count += 1; sum = count;")).toEqual([]);
		expect(problems("let count = 0;", 'count = "a";')).toEqual([
			["count", "Type 'string' is not assignable to type 'number'."],
		]);
		expect(problems("const fixed = 0;", "fixed = 1;")).toEqual([
			[
				"fixed",
				"fixed cannot be changed: “Cell a” declares it, and not with let. Use another name here, or declare it anew.",
			],
		]);
		expect(problems("let later;\nlater = 5;", "later")).toEqual([]);
		expect(problems("let later;\nlater = 5;")).toEqual([]);
	});

	it("keeps an exercise's names its own, and shows it the page's", () => {
		expect(problems("const n = 2;", "// exercise\nconst n = 3; const own = n;")).toEqual([]);
		expect(problems("const n = 2;", "// exercise\nn.length")).toEqual([
			["length", "Property 'length' does not exist on type '2'."],
		]);
		expect(problems("// exercise\nconst own = 1;", "own")).toEqual([
			["own", "own is declared in the exercise “Cell a”, and its names stay its own."],
		]);
	});

	it("goes on with what is right while a cell is half typed", () => {
		expect(problems("const n = 1;", "function f() {\n\tn.foo\n").map(([text]) => text)).toEqual(["foo", ""]);
		expect(problems("const n = 1;", "n; /* open").map(([, message]) => message)).toEqual(["'*/' expected."]);
		expect(problems("const n = 1;\nconst \nconst m = 2;", "n + m")).toEqual([]);
		expect(problems("const text = `open", "1 + 1")).toEqual([]);
	});
});

describe("what a cell is", () => {
	it("may await, import, and end with an expression", () => {
		expect(
			problems(
				'import { samples } from "chunkwise";\nconst sample = await samples.hl60();\nfor await (const x of [1]) x;\nsample',
			),
		).toEqual([]);
		expect(
			problems('const { formatBytes } = await import("chunkwise"); formatBytes(1) satisfies string'),
		).toEqual([]);
	});

	it("has display and console, and what a worker has, and no page", () => {
		expect(problems("display(1); console.log(performance.now()); await fetch('x');")).toEqual([]);
		for (const name of ["document", "window", "localStorage", "alert", "process"]) {
			expect(problems(`${name}.title`)[0][1]).toMatch(`${name} is not there in a cell`);
		}
		expect(problems("const document = { title: 'a' };", "document.title")).toEqual([]);
	});

	it("imports every module of the kernel with its types, and no other", () => {
		const modules = [
			['import { open } from "zarrita"', "open"],
			['import { Blosc } from "numcodecs"', "Blosc"],
			['import Gzip from "numcodecs/gzip"', "Gzip"],
			['import Zstd from "numcodecs/zstd"', "Zstd"],
			['import { create } from "d3"', "create"],
			['import { plot } from "@observablehq/plot"', "plot"],
		];
		for (const [statement, name] of modules) {
			expect(problems(`${statement};\nconst n: number = ${name};`)[0]?.[0], statement).toBe("n");
		}
		expect(problems('import { x } from "lodash";')[0][1]).toMatch(
			/^A cell cannot import "lodash"\. Cells can/,
		);
		expect(problems('import { x } from "chunkwize";')[0][1]).toContain('Did you mean "chunkwise"?');
		expect(problems('import { x } from "./a";')).toHaveLength(1);
		expect(problems('import { memoryStor } from "chunkwise";')[0][1]).toContain("memoryStore");
	});

	it("knows what a cell imports, also where it was asked before the types had come", () => {
		const { types: late, add } = typesInParts();
		const cells = lessonOf('import { sum } from "d3";\nconst a: string = sum([1]);');
		late.setCells(cells);
		expect(late.problems("a"), "no error is shown for types that are not there").toEqual([]);
		add("d3");
		expect(late.problems("a").map(({ message }) => message)).toEqual([
			"Type 'number' is not assignable to type 'string'.",
		]);
	});

	it("draws with D3 and Plot as the kernel does", () => {
		expect(
			problems(
				[
					'import * as Plot from "@observablehq/plot";',
					'import * as d3 from "d3";',
					'const svg = d3.create("svg").attr("width", 50);',
					'svg.append("circle").attr("r", 5);',
					"display(svg.node());",
					"svg.node()?.outerHTML.length;",
					"const scale = d3.scaleLinear([0, 1], [0, 10]);",
					"scale(0.5).toFixed(1);",
					"Plot.barY([1, 2, 3], { x: (d, i) => i }).plot({ width: 300 })",
				].join("\n"),
			),
		).toEqual([]);
	});

	it("marks a blank as a blank, once", () => {
		const blanks = found("// exercise\nconst f = (n: number): number => ______;\nf.______;\nlet x: ____;");
		expect(blanks.map(({ kind }) => kind)).toEqual(["blank", "blank", "blank"]);
		expect(blanks[0].message).toBe("Fill in this blank: put your own code in the place of the line.");
		expect(found("const __dirname = 1; __filename")[0].kind).toBe("error");
	});

	it("gives true positions at every place of the reader's text", () => {
		const earlier = "const a = 1; let b = 2; function c() {}";
		for (const before of ["", "\n\n", "// é 漢字 🎈\n", "import { samples } from 'chunkwise';\n"]) {
			expect(problems(earlier, `${before}nowhere; a + b`)).toEqual([
				["nowhere", "Cannot find name 'nowhere'."],
			]);
			expect(hover("a", earlier, `${before}nowhere; a`)?.start).toBe(before.length + 9);
		}
	});
});

describe("help while typing", () => {
	it("completes names of earlier cells, members and modules", () => {
		expect(names("const tally = 1;", "tal|")).toContain("tally");
		expect(
			names('import { memoryStore } from "chunkwise";\nconst store = memoryStore();', "store.|"),
		).toEqual(expect.arrayContaining(["get", "set"]));
		expect(names('import { x } from "|"')).toContain("@observablehq/plot");
		expect(names("|")).not.toContain("document");
	});

	it("offers the library's names with the import that they need", () => {
		types.setCells(lessonOf('import { formatBytes } from "chunkwise";\n', "memorySt"));
		const offered = types.suggestions("b", 8).find(({ name }) => name === "memoryStore");
		expect(offered?.from).toBe("chunkwise");
		const detail = types.suggestionDetail("b", 8, "memoryStore", "chunkwise");
		expect(detail?.edits).toEqual([
			{ start: 0, length: 0, text: 'import { memoryStore } from "chunkwise";\n' },
		]);
		expect(detail?.docs.length).toBeGreaterThan(10);
		const extended = types.suggestionDetail("a", 8, "memoryStore", "chunkwise");
		expect(extended?.edits).toEqual([{ start: 20, length: 0, text: ", memoryStore" }]);
	});

	it("has the docs of the library in hovers and signatures", () => {
		const source = 'import { toMultiscale } from "chunkwise";\ntoMultiscale(';
		const shown = hover("toMultiscale", source);
		expect(shown?.code).toMatch(/^toMultiscale\(image: SpatialImage/);
		expect(shown?.docs).toContain("scale");
		types.setCells(lessonOf(source));
		const help = types.signature("a", source.length, { kind: "characterTyped", character: "(" });
		expect(help?.signatures[0].label).toContain("toMultiscale(image: SpatialImage");
		const [first] = help?.signatures[0].parameters ?? [];
		expect(help?.signatures[0].label.slice(...first.range)).toMatch(/^image: /);
		expect(help?.parameter).toBe(0);
	});
});
