/** The Markdown plugin: fences become cells, directives exercises and quizzes; the page's components draw them. */
import type { MdastPluginDefinition } from "satteri";
import { figuresToImport, placedFigure } from "./figures.ts";
import { type MarkdownNode, nodeKey } from "./markdown.ts";
import {
	type Components,
	cellNode,
	element,
	exerciseNode,
	instructorNode,
	type NewNode,
	pythonNode,
	quizNode,
	tag,
} from "./nodes.ts";
import { emptyPage, type PageModel, pageModel } from "./page-model.ts";
import { AuthoringProblem } from "./problem.ts";
import { RecordedOutputs } from "./recorded/node.ts";
import { type SampleKind, sampleKind, takesImages } from "./samples.ts";

export type { Components } from "./nodes.ts";

/** One plugin for each document, since it keeps that document's model between its visits. */
export function authoringPlugin(
	components: Components,
	warn: (message: string) => void = () => {},
): () => MdastPluginDefinition {
	return () => {
		let model: PageModel = emptyPage();
		let recorded = new RecordedOutputs(model, undefined);
		let file: URL | undefined;
		return {
			name: "chunkwise-authoring",
			options: { position: true },
			before(root, context) {
				model = pageModel(root as MarkdownNode);
				recorded = new RecordedOutputs(model, context.fileURL);
				const prepend = (node: NewNode) => context.prependChild(root, node);
				for (const name of figuresToImport(root as MarkdownNode)) {
					prepend(importOf(name, `${components.figures}/${name}.astro`));
				}
				file = context.fileURL;
				const first = [...model.cells, ...model.quizzes][0];
				if (!first && !model.hasInstructorNotes) return;
				if (context.sourceFormat !== "mdx") {
					throw new AuthoringProblem(
						"Cells, quizzes and notes for instructors work in .mdx files only: rename this file.",
						first?.place ?? { line: 1, column: 1 },
					);
				}
				if (model.hasInstructorNotes) prepend(element("instructorSwitch", {}, []));
				if (model.cells.length > 0)
					prepend(headOf(model, takesImages(root as MarkdownNode) ? false : sampleKind(model.cells)));
				for (const name of neededBy(model, recorded)) prepend(importOf(tag(name), components[name]));
				for (const value of recorded.imports) prepend({ type: "mdxjsEsm", value });
				const missing = context.fileURL ? recorded.missing : [];
				if (missing.length > 0) {
					warn(
						`${context.fileURL?.pathname.split("/").at(-1)}: no recorded output fits ${missing.join(", ")}. Run npm run record.`,
					);
				}
			},
			mdxJsxFlowElement(node) {
				return file && placedFigure(node as MarkdownNode, file);
			},
			code(node) {
				const cell = model.cellOf.get(nodeKey(node as MarkdownNode));
				// A starter is placed with its exercise.
				if (!cell || cell.check !== undefined) return;
				return cellNode(cell, recorded.node(cell));
			},
			containerDirective(node) {
				const directive = node as MarkdownNode;
				if (node.name === "exercise") return exerciseNode(directive, model);
				if (node.name === "instructor") return instructorNode(directive);
				if (node.name === "quiz") {
					const quiz = model.quizOf.get(nodeKey(directive));
					return quiz && quizNode(quiz);
				}
				if (node.name === "python") {
					const { line } = directive.position?.start ?? {};
					return pythonNode(directive, model.python.find(({ place }) => place.line === line)?.cell);
				}
			},
		};
	};
}

/** A page loads the styles and scripts of what it holds, and of nothing else. */
function neededBy(
	{ cells, quizzes, python, hasInstructorNotes }: PageModel,
	recorded: RecordedOutputs,
): (keyof Components)[] {
	const needed: (keyof Components)[] = [];
	if (recorded.hasOutputs) needed.push("recorded");
	if (recorded.hasFigures) needed.push("recordedFigure");
	if (cells.length > 0) needed.push("lessonHead", "cell");
	if (cells.some((cell) => cell.check !== undefined)) needed.push("exercise", "hint", "solution");
	if (quizzes.length > 0) needed.push("quiz", "answer");
	if (python.length > 0) needed.push("python");
	if (hasInstructorNotes) needed.push("instructor", "instructorSwitch");
	return needed;
}

function headOf({ cells, quizzes, python }: PageModel, samples: SampleKind): NewNode {
	const exercises = cells.filter((cell) => cell.check !== undefined).length;
	const props = {
		cells: cells.length - exercises,
		exercises,
		quizzes: quizzes.length,
		python: python.length > 0,
		samples,
	};
	return element("lessonHead", props, []);
}

function importOf(name: string, path: string): NewNode {
	return { type: "mdxjsEsm", value: `import ${name} from ${JSON.stringify(path)};` };
}
