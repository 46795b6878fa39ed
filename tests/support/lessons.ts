/** The lessons of the course, as the build reads them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mdxToJs } from "satteri";
import { type CellModel, type MarkdownNode, pageModel } from "../../src/authoring/page-model.ts";

const folder = join(import.meta.dirname, "../../src/content/docs");

export interface LessonFile {
	/** Path below the content folder. */
	name: string;
	cells: CellModel[];
}

/** Every page that has cells. */
export async function lessons(): Promise<LessonFile[]> {
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
		name.endsWith(".mdx"),
	);
	const found: LessonFile[] = [];
	for (const name of files.sort()) {
		let cells: CellModel[] = [];
		const plugin = {
			name: "collect",
			options: { position: true },
			before: (root: unknown) => {
				cells = pageModel(root as MarkdownNode).cells;
			},
		};
		await mdxToJs(readFileSync(join(folder, name), "utf8"), {
			mdastPlugins: [plugin],
			features: { directive: true, frontmatter: true },
		} as never);
		if (cells.length > 0) found.push({ name: name.replaceAll("\\", "/"), cells });
	}
	return found;
}
