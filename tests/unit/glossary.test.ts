/** The glossary explains every term that the course puts in bold, once, and leads to where it is taught. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type MarkdownNode, textOf } from "../../src/authoring/markdown.ts";
import { deadLinks, docsFolder, idOf, lessonNames, linksOf, nodesOf, treeOf } from "../support/handbook.ts";

/** Bold in lessons, and no term of storage: each with the reason. */
const notTerms: Record<string, string[]> = {
	"a number, a count, a place or a name in the sentence that it stands in": [
		"6001240",
		"128 along z, y and x",
		"at most 10 mib",
		"at most 4 mib",
		"c",
		"end",
		"no more than 5,000 chunks",
		"one",
		"second",
		"start",
		"three",
		"through",
		"two",
		"y",
		"your",
	],
	"a sentence, or the rule that a section leads to": [
		"a chunk shape counts voxels, not bytes in the store.",
		"a higher level is not even always smaller",
		"compression hides padding, it does not undo it.",
		"cut the work along chunks.",
		"let one wait for the other",
		"sharding is not compression",
		"the number of files is not the number of chunks.",
		"the coarsest level that still has a voxel for each pixel of the screen",
		"the smallest part that can be read",
		"write only if nobody else has",
		"you do not need to download the entire volume",
	],
	"a field of a document, explained where it stands": ["type", "version"],
	"a row of a table, said again": ["chunks of one plane", "cubes", "one chunk for all", "smaller cubes"],
	"a button, or a choice in a figure": ["n5 block", "requests", "run", "zarr chunk"],
};

interface Entry {
	name: string;
	id: string;
	/** The nodes below the heading. */
	content: MarkdownNode[];
}

async function glossary(): Promise<{ tree: MarkdownNode; entries: Entry[]; letters: string[] }> {
	const tree = await treeOf("handbook/glossary");
	const body = nodesOf(tree, "mdxJsxFlowElement").find(({ name }) => name === "Glossary");
	const entries: Entry[] = [];
	const letters: string[] = [];
	for (const node of body?.children ?? []) {
		const { depth } = node as { depth?: number };
		if (node.type === "heading" && depth === 2) letters.push(textOf(node));
		else if (node.type === "heading")
			entries.push({ name: textOf(node), id: idOf(textOf(node)), content: [] });
		else entries.at(-1)?.content.push(node);
	}
	return { tree, entries, letters };
}

/** How a term is looked up: in small letters, in the singular. */
function plain(term: string): string {
	const words = term.replace(/\s+/g, " ").trim().toLowerCase();
	return words === "axes" ? "axis" : words.replace(/xes$/, "x").replace(/([^si])s$/, "$1");
}

const { tree, entries, letters } = await glossary();
const known = new Set(
	entries.flatMap(({ name, content }) => [
		plain(name),
		// The index of a shard is called the index where no other is meant.
		plain(name.split(" of ")[0]),
		...content.flatMap((node) => nodesOf(node, "strong").map((bold) => plain(textOf(bold)))),
	]),
);

describe("the glossary", () => {
	it("has its terms in order, each once, below its letter", () => {
		const ids = entries.map(({ id }) => id);
		expect(ids.length).toBeGreaterThan(80);
		expect(new Set(ids).size).toBe(ids.length);
		const names = entries.map(({ name }) => name);
		expect(names).toEqual(names.toSorted((a, b) => a.localeCompare(b, "en")));
		expect(letters).toEqual([...new Set(names.map((name) => name[0].toUpperCase()))]);
	});

	it.each(entries)("explains $name in a few sentences, and says where more is", ({ content }) => {
		const [explanation, ...more] = content.map(textOf);
		expect(more).toHaveLength(1);
		expect(explanation.length).toBeLessThan(280);
		expect(explanation).toMatch(/\.\)?$/);
		// Full stops within numbers, names of files and abbreviations end no sentence.
		expect(explanation.match(/[.:?](?= [A-Z(])/g)?.length ?? 0).toBeLessThan(3);
		expect(linksOf({ ...tree, children: [...content, ...nodesOf(tree, "definition")] })[0]).toMatch(
			/^\.\.\/(\.\.\/(lessons|start-here|syllabus|reference|guide)|formats)\//,
		);
	});

	it("leads to pages and headings that are there", async () => {
		expect(await deadLinks("handbook/glossary")).toEqual([]);
	});

	const course =
		"lesson, cell, exercise, kernel, session, display, figure, core library, store, key, array, group, chunk, shard, codec, fill value, spatial image, multiscale, bucket";
	it.each(course.split(", "))("knows %s, a word of the course", (term) => {
		expect(known).toContain(plain(term));
	});

	it.each(lessonNames())("knows every term that the lesson %s puts in bold", async (lesson) => {
		const bold = nodesOf(await treeOf(`lessons/${lesson}`), "strong").map((node) => textOf(node));
		const exceptions = new Set(Object.values(notTerms).flat().map(plain));
		const unknown = bold.filter((term) => !known.has(plain(term)) && !exceptions.has(plain(term)));
		const wayOut = `Explain each in src/content/docs/handbook/glossary.mdx; what is no term of the field goes into the list above, with the reason, or loses its bold`;
		expect(unknown, wayOut).toEqual([]);
	});

	it("has no exception that no lesson needs", async () => {
		const bold = new Set<string>();
		for (const lesson of lessonNames()) {
			for (const node of nodesOf(await treeOf(`lessons/${lesson}`), "strong")) bold.add(plain(textOf(node)));
		}
		expect(
			Object.values(notTerms)
				.flat()
				.filter((term) => !bold.has(plain(term))),
		).toEqual([]);
	});

	it("is linked to by addresses that exist", async () => {
		const ids = new Set(entries.map(({ id }) => id));
		for (const lesson of lessonNames()) {
			const source = readFileSync(join(docsFolder, `lessons/${lesson}.mdx`), "utf8");
			for (const [, id] of source.matchAll(/handbook\/glossary\/#([\w-]+)/g))
				expect(ids, lesson).toContain(id);
		}
	});
});
