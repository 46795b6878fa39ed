/**
 * The Python of each lesson as a notebook. `npm run notebooks` writes them into the folder notebooks, for whoever has the
 * source and for Colab; a build, for readers of the site, into public/data/notebooks.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseFrontmatter } from "astro/markdown";
import { type MarkdownNode, placeOf, textOf } from "../src/authoring/markdown.ts";
import { readPage, readTree } from "../src/authoring/read-lessons.ts";
import { addressToCome } from "../src/components/work/python-address.ts";
import { hl60Url } from "../src/lib/samples/hl60.ts";
import { publicDir, root } from "./paths.ts";
import {
	notebookText,
	type PythonLesson,
	type PythonSurroundings,
	pythonNotebook,
} from "./python-notebook.ts";

/** The lessons that have Python, by name. */
export async function pythonLessons(
	folder = join(root, "src/content/docs/lessons"),
): Promise<PythonLesson[]> {
	const found: PythonLesson[] = [];
	for (const file of readdirSync(folder)
		.filter((name) => name.endsWith(".mdx"))
		.sort()) {
		const text = readFileSync(join(folder, file), "utf8");
		const { python } = await readPage(text);
		if (python.length === 0) continue;
		const headings = (await readTree(text, headingsOf)) ?? [];
		const { title, description = "" } = parseFrontmatter(text).frontmatter;
		found.push({
			name: file.replace(/\.mdx$/, ""),
			title,
			description,
			steps: python.map(({ cell, code, place }) => ({
				cell,
				code,
				section: headings.findLast(({ line }) => line < place.line)?.text,
			})),
		});
	}
	return found;
}

function headingsOf(tree: MarkdownNode): { line: number; text: string }[] {
	return (tree.children ?? [])
		.filter(({ type }) => type === "heading")
		.map((node) => ({ line: placeOf(node).line, text: textOf(node) }));
}

/** What notebooks name beside the lessons; `site` where it is known. */
export function surroundings(site?: string): PythonSurroundings {
	const settings = JSON.parse(readFileSync(join(root, "public/chunkwise.json"), "utf8"));
	const requirements = readFileSync(join(root, "tests/interop/requirements.txt"), "utf8");
	return {
		site,
		original: settings.samples?.hl60Url ?? hl60Url,
		requirements: requirements.split(/\r?\n/).filter(Boolean),
	};
}

/** Where the course is published, if package.json names it as its home page. */
export function publishedSite(): string | undefined {
	const { homepage } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { homepage?: string };
	return homepage?.replace(/\/?$/, "/");
}

/** The notebooks by their file names. */
export async function notebookFiles(site: string | undefined): Promise<Map<string, string>> {
	const about = surroundings(site);
	const made = (await pythonLessons()).map(
		(lesson) => [`${lesson.name}.ipynb`, notebookText(pythonNotebook(lesson, about))] as const,
	);
	return new Map(made);
}

/** Writes them, and removes notebooks of lessons that have no Python any more. */
export async function writeNotebooks(folder: string, site: string | undefined): Promise<string[]> {
	const files = await notebookFiles(site);
	mkdirSync(folder, { recursive: true });
	for (const name of readdirSync(folder))
		if (name.endsWith(".ipynb") && !files.has(name)) rmSync(join(folder, name));
	for (const [name, text] of files) writeFileSync(join(folder, name), text);
	return [...files.keys()];
}

/** For readers of the site: a page puts its own address in. */
export async function makeNotebooks(): Promise<void> {
	await writeNotebooks(join(publicDir, "data/notebooks"), addressToCome);
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
	await makeNotebooks();
	const names = await writeNotebooks(join(root, "notebooks"), publishedSite());
	console.log(`notebooks: wrote ${names.join(", ")}.`);
}
