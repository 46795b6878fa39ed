/**
 * A lesson as a Jupyter notebook (nbformat 4.5, https://nbformat.readthedocs.io/en/latest/format_description.html) for
 * Deno's kernel, which runs TypeScript: https://docs.deno.com/runtime/reference/cli/jupyter/.
 */
import { type Node, parse } from "../../kernel/compile/parse.ts";
import type { LessonBlock } from "./page-text.ts";

export interface NotebookCell {
	cell_type: "markdown" | "code";
	id: string;
	metadata: Record<string, unknown>;
	source: string[];
	execution_count?: null;
	outputs?: never[];
}

export interface Notebook {
	nbformat: 4;
	nbformat_minor: 5;
	metadata: Record<string, unknown>;
	cells: NotebookCell[];
}

export function notebook(blocks: readonly LessonBlock[], head: { title: string; address: string }): Notebook {
	const ids = new Set<string>();
	const idOf = (wanted: string) => {
		const plain = wanted.replace(/[^A-Za-z0-9_-]/g, "-").slice(0, 56) || "cell";
		let id = plain;
		for (let n = 2; ids.has(id); n++) id = `${plain}-${n}`;
		ids.add(id);
		return id;
	};
	const markdown = (text: string, id: string): NotebookCell => ({
		cell_type: "markdown",
		id: idOf(id),
		metadata: {},
		source: linesOf(text),
	});
	const code = (source: string, id: string, metadata: Record<string, unknown> = {}): NotebookCell => ({
		cell_type: "code",
		id: idOf(id),
		metadata,
		source: linesOf(source),
		execution_count: null,
		outputs: [],
	});
	const intro = [
		`# ${head.title}`,
		`From [the lesson’s page](${head.address}), with your own code in its cells.`,
		"This notebook needs [Deno](https://deno.com) and its kernel for Jupyter: install Deno, run `deno jupyter --install` once, and choose the kernel “Deno”. The cells get `chunkwise` and other packages from npm by themselves. What uses the browser’s own file system works on the lesson’s page only.",
	].join("\n\n");
	const display = [
		"// The lesson’s display(value), here by Jupyter’s own output.",
		"const display = (value: unknown): void => console.log(value);",
	].join("\n");
	const cells = [markdown(intro, "about"), code(display, "display")];
	let texts = 0;
	for (const block of blocks) {
		if (block.kind === "text") cells.push(markdown(block.markdown, `text-${++texts}`));
		else
			cells.push(code(fromNpm(block.source), block.id, { chunkwise: { id: block.id, title: block.title } }));
	}
	return {
		nbformat: 4,
		nbformat_minor: 5,
		metadata: {
			kernelspec: { display_name: "Deno", language: "typescript", name: "deno" },
			language_info: {
				codemirror_mode: "typescript",
				file_extension: ".ts",
				mimetype: "text/x.typescript",
				name: "typescript",
				nbconvert_exporter: "script",
				pygments_lexer: "typescript",
				version: "5",
			},
			title: head.title,
		},
		cells,
	};
}

/** Lines with their line breaks, as notebooks keep text. */
function linesOf(text: string): string[] {
	return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** `from "chunkwise"` as `from "npm:chunkwise"`; code that cannot be read stays as it is. */
function fromNpm(source: string): string {
	let program: Node;
	try {
		program = parse(source);
	} catch {
		return source;
	}
	let text = source;
	for (const statement of (program.body as Node[]).toReversed()) {
		if (statement.type !== "ImportDeclaration" || /^[.\w]+:/.test(statement.source.value)) continue;
		const at = statement.source.start + 1;
		text = `${text.slice(0, at)}npm:${text.slice(at)}`;
	}
	return text;
}
