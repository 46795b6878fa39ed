/** What a lesson's code needs where there is no page around it: in Node, and in a notebook under Deno. */
import type { Node } from "../../kernel/compile/parse.ts";

/** A lesson, and where what it uses comes from. */
export interface Surroundings {
	title: string;
	/** Where the lesson is. */
	address: string;
	/** The library as a package, for `npm install`: the site's own copy. */
	package: string;
	/** Which image the lesson's `samples` give. */
	samples?: OutsideSamples;
}

export interface OutsideSamples {
	prefer?: string;
	/** Where the site has its data. */
	dataUrl?: string;
	hl60Url?: string;
	/** The name of the reader's own TIFF. */
	own?: string;
}

/** The library with what it offers beyond the browser. */
export const nodeModule = "chunkwise/node";

/** The module that stands for what a cell imports. */
export function outsideName(module: string): string {
	return module === "chunkwise" ? nodeModule : module;
}

/** The packages of some modules beside the library: `@observablehq/plot` of `@observablehq/plot/x`. */
export function packagesOf(modules: Iterable<string>): string[] {
	const names = [...modules].map((module) =>
		module
			.split("/")
			.slice(0, module.startsWith("@") ? 2 : 1)
			.join("/"),
	);
	const packages = [...new Set(names)].filter((name) => name !== "chunkwise");
	const draws = packages.some((name) => name === "d3" || name === "@observablehq/plot");
	return draws ? [...packages, "linkedom"] : packages;
}

/** Code that gives the samples of the page; nothing where there is nothing to say. */
export function sampleSettings({ samples = {} }: Surroundings): { imports: string[]; code: string } {
	const { own, ...plain } = samples;
	const fields = Object.entries(plain)
		.filter(([, value]) => value !== undefined)
		.map(([name, value]) => `${name}: ${JSON.stringify(value)}`);
	const imports = [`import { samples as samplesOfLesson } from "${nodeModule}";`];
	const code = ["// The image that the lesson’s page gives, too."];
	if (own !== undefined) {
		imports.push('import { readFile as readOwnFile } from "node:fs/promises";');
		const name = JSON.stringify(own);
		code[0] = "// Your own image: put the file beside this one.";
		fields.push(`own: { blob: new Blob([await readOwnFile(${name})]), name: ${name} }`);
	}
	if (fields.length === 0) return { imports: [], code: "" };
	return { imports, code: [...code, `samplesOfLesson.configure({ ${fields.join(", ")} });`].join("\n") };
}

/** The last statement of a cell, where it is an expression whose value is to be shown. */
export function shownStatement(program: Node): Node | undefined {
	const last = (program.body as Node[]).findLast(({ type }) => type !== "EmptyStatement");
	if (last?.type !== "ExpressionStatement") return undefined;
	const { type, callee } = last.expression as Node;
	return type === "CallExpression" && callee.name === "display" ? undefined : last;
}

/** Whether a check of this text finds an answer right that ends in an error. */
export function mayFail(check: string | undefined): boolean {
	return check !== undefined && /\berror\b/.test(check);
}

/** Code that may end in an error, which is then shown. */
export function guarded(lines: readonly string[], display: string): string[] {
	return ["try {", ...lines, `} catch (error) {`, `${display}(error);`, "}"];
}

/** D3 and Plot draw into a document. */
export const drawingHelper = `// D3 and Plot draw into a document, which Node has not: this is one without a screen.
const drawing = parseHTML("<!doctype html><html><body></body></html>");
void Object.assign(globalThis, { window: drawing.window, document: drawing.document });`;
