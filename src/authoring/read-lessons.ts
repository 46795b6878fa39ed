/** The lessons of a folder as the build reads them: for checks of cells, solutions and Python outside the build. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mdxToJs } from "satteri";
import type { MarkdownNode } from "./markdown.ts";
import { emptyPage, type PageModel, pageModel } from "./page-model.ts";

export interface LessonFile extends PageModel {
	/** Path below the folder. */
	name: string;
}

/** A step in Python that stands beside a cell. */
export interface PythonStep {
	/** The lesson's path below the folder. */
	lesson: string;
	cell: string;
	code: string;
}

/** Reads one page. @throws AuthoringProblem at the first mistake */
export async function readPage(source: string): Promise<PageModel> {
	return (await readTree(source, pageModel)) ?? emptyPage();
}

/** What `look` makes of a page's Markdown tree, whose nodes are there only while it looks. */
export async function readTree<T>(source: string, look: (root: MarkdownNode) => T): Promise<T | undefined> {
	let found: T | undefined;
	const plugin = {
		name: "chunkwise-read",
		options: { position: true },
		before: (root: unknown) => {
			found = look(root as MarkdownNode);
		},
	};
	await mdxToJs(source, {
		mdastPlugins: [plugin],
		features: { directive: true, frontmatter: true },
	} as never);
	return found;
}

/** Every page below a folder that has cells or quizzes, by name. */
export async function readLessons(folder: string): Promise<LessonFile[]> {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
	const found: LessonFile[] = [];
	for (const name of files.filter((file) => file.endsWith(".mdx")).sort()) {
		const model = await readPage(readFileSync(join(folder, name), "utf8")).catch((error: Error) => {
			error.message = `${name}: ${error.message}`;
			throw error;
		});
		if (model.cells.length + model.quizzes.length === 0) continue;
		found.push({ name: name.replaceAll("\\", "/"), ...model });
	}
	return found;
}

/** The Python of every lesson below a folder, each with the cell that does the same. */
export async function pythonSteps(folder: string): Promise<PythonStep[]> {
	const lessons = await readLessons(folder);
	return lessons.flatMap(({ name: lesson, python }) =>
		python.map(({ cell, code }) => ({ lesson, cell, code })),
	);
}
