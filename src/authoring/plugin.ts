/** The Markdown plugin: fences become cells, `::::exercise` becomes an exercise; the page's components draw them. */
import type { MdastPluginDefinition } from "satteri";
import {
	attributesOf,
	type CellModel,
	type MarkdownNode,
	nodeKey,
	type PageModel,
	pageModel,
} from "./page-model.ts";
import { AuthoringProblem } from "./problem.ts";

/** Where the components are that a page model is drawn with. */
export interface Components {
	/** Stands above the lesson: what it answers, and the controls of its cells. */
	lessonHead: string;
	cell: string;
	exercise: string;
	hint: string;
	solution: string;
	/** The folder of the figures, which an author uses by name without an import. */
	figures: string;
}

const figureNames = ["ChunkGrid", "StorageComparison", "Viewport"];

// biome-ignore lint/suspicious/noExplicitAny: nodes are made as plain data; the engine checks them
type NewNode = any;

/** One plugin for each document, since it keeps that document's model between its visits. */
export function authoringPlugin(components: Components): () => MdastPluginDefinition {
	return () => {
		let model: PageModel = { cells: [], cellOf: new Map() };
		return {
			name: "chunkwise-authoring",
			options: { position: true },
			before(root, context) {
				model = pageModel(root as MarkdownNode);
				for (const name of figureNames) {
					if (!usesComponent(root as MarkdownNode, name) || importsComponent(context.source, name)) continue;
					const path = `${components.figures}/${name}.astro`;
					context.prependChild(root, {
						type: "mdxjsEsm",
						value: `import ${name} from ${JSON.stringify(path)};`,
					} as NewNode);
				}
				if (model.cells.length === 0) return;
				if (context.sourceFormat !== "mdx") {
					throw new AuthoringProblem(
						"Cells work in .mdx files only: rename this file.",
						model.cells[0].place,
					);
				}
				const { cells } = model;
				const exercises = cells.filter((cell) => cell.check !== undefined).length;
				context.prependChild(
					root,
					element(
						"lessonHead",
						{
							cells: cells.length - exercises,
							exercises,
							samples: cells.some((cell) => /\bsamples\b/.test(cell.source)),
						},
						[],
					),
				);
				for (const [name, path] of Object.entries(components)) {
					if (name === "figures") continue;
					context.prependChild(root, {
						type: "mdxjsEsm",
						value: `import ${tag(name)} from ${JSON.stringify(path)};`,
					} as NewNode);
				}
			},
			code(node) {
				const cell = model.cellOf.get(nodeKey(node as MarkdownNode));
				// A starter is placed with its exercise.
				if (!cell || cell.check !== undefined) return;
				return cellNode(cell);
			},
			containerDirective(node) {
				if (node.name !== "exercise") return;
				return exerciseNode(node as MarkdownNode, model);
			},
		};
	};
}

function usesComponent(node: MarkdownNode, name: string): boolean {
	if (node.type === "mdxJsxFlowElement" && node.name === name) return true;
	return (node.children ?? []).some((child) => usesComponent(child, name));
}

/** An author's own import of that name stands. */
function importsComponent(source: string, name: string): boolean {
	return new RegExp(`^import\\s[^;]*\\b${name}\\b`, "m").test(source);
}

function tag(name: string): string {
	return `Chunkwise${name.charAt(0).toUpperCase()}${name.slice(1)}`;
}

/** A cell's element, with its code block inside: highlighted, readable and searchable without any script. */
function cellNode(cell: CellModel): NewNode {
	const { place: _place, ...spec } = cell;
	return element("cell", { spec }, [{ type: "code", lang: "ts", meta: null, value: cell.source }]);
}

function exerciseNode(node: MarkdownNode, model: PageModel): NewNode {
	const children: NewNode[] = [];
	let hints = 0;
	let cell: CellModel | undefined;
	for (const child of node.children ?? []) {
		const found = child.type === "code" ? model.cellOf.get(nodeKey(child)) : undefined;
		if (found) {
			cell = found;
			children.push(cellNode(found));
		} else if (child.type === "code" && child.meta?.trim().startsWith("check")) {
			// The check goes with the cell's data; a reader need not see it.
		} else if (child.type === "containerDirective" && child.name === "hint") {
			hints++;
			children.push(element("hint", { number: hints }, [...(child.children ?? [])]));
		} else if (child.type === "containerDirective" && child.name === "solution") {
			children.push(element("solution", { of: attributesOf(node).id }, [...(child.children ?? [])]));
		} else {
			children.push(child);
		}
	}
	return element("exercise", { id: cell?.id, title: cell?.title }, children);
}

function element(name: keyof Components, props: Record<string, unknown>, children: NewNode[]): NewNode {
	return {
		type: "mdxJsxFlowElement",
		name: tag(name),
		attributes: Object.entries(props).map(([key, value]) => ({
			type: "mdxJsxAttribute",
			name: key,
			value: { type: "mdxJsxAttributeValueExpression", value: JSON.stringify(value) },
		})),
		children,
	};
}
