/** Headings, links, pictures and figures of every page, in its source: what is wrong is told with its line. */
import { describe, expect, it } from "vitest";
import { textOf } from "../../src/authoring/markdown.ts";
import { checkedFigures, figureNames } from "../../src/lib/plan/figure-props.ts";
import {
	addressProblem,
	type FoundLink,
	isElsewhere,
	linkTextProblem,
	twoTargets,
} from "../support/link-rules.ts";
import {
	at,
	type SourceNode,
	type SourcePage,
	sourcePage,
	sourcePages,
	walk,
} from "../support/source-pages.ts";

/** A page's headings follow each other without a gap below the title, which is the only one of level 1. */
function headingProblems(page: SourcePage): string[] {
	const problems: string[] = [];
	let before = 1;
	for (const node of walk(page.root)) {
		if (node.type !== "heading" || node.depth === undefined) continue;
		const { depth } = node;
		const where = `${at(page, node)}: “${textOf(node)}”`;
		if (depth === 1)
			problems.push(`${where} has one #, which is for the title in the front matter. Begin with ##.`);
		else if (depth > before + 1)
			problems.push(
				`${where} has ${depth} #, and the heading above it ${before === 1 ? "is the title" : before}. Write ${before + 1}.`,
			);
		if (textOf(node).trim() === "")
			problems.push(`${where} is empty. Write the heading's words, or remove it.`);
		before = depth;
	}
	return problems;
}

function linksOf(page: SourcePage): FoundLink[] {
	return [...walk(page.root)]
		.filter(({ type }) => type === "link")
		.map((node) => ({ at: at(page, node), text: textOf(node), address: node.url ?? "" }));
}

function linkProblems(page: SourcePage): string[] {
	const links = linksOf(page);
	const problems = links.flatMap(({ at: where, text, address }) => {
		const found = [linkTextProblem(text)];
		if (isElsewhere(address)) found.push(addressProblem(address));
		else if (address.startsWith("/"))
			found.push(
				`“${address}” begins at the root of the server, and the course may stand below it. Begin at this page: “../zarr/”.`,
			);
		return found.filter((problem) => problem !== undefined).map((problem) => `${where}: ${problem}`);
	});
	return [...problems, ...twoTargets(links)];
}

const figures = new Set(checkedFigures().map((figure) => figureNames(figure).component as string));

/** A picture is told in words; two figures of one kind on a page are told apart by their titles. */
function pictureProblems(page: SourcePage): string[] {
	const problems: string[] = [];
	for (const node of walk(page.root)) {
		const isImage = node.type === "image" || (/^mdxJsx/.test(node.type) && node.name === "img");
		if (!isImage) continue;
		const alt = node.type === "image" ? node.alt : attribute(node, "alt");
		if (!alt?.trim())
			problems.push(
				`${at(page, node)}: a picture without words. Say what it shows: ![A slice with five nuclei](…).`,
			);
		else if (/\.(png|jpe?g|webp|svg|gif)$|^(image|picture|figure|photo)( of)?\b/i.test(alt.trim()))
			problems.push(`${at(page, node)}: “${alt}” does not say what the picture shows.`);
	}
	const named = new Map<string, SourceNode>();
	for (const figure of walk(page.root)) {
		if (figure.type !== "mdxJsxFlowElement" || !figures.has(figure.name ?? "")) continue;
		const title = attribute(figure, "title");
		const name = `${figure.name} ${title ?? ""}`;
		const before = named.get(name);
		if (before)
			problems.push(
				`${at(page, figure)}: the figure ${figure.name} has the same name as that of line ${before.position?.start.line}. Give it a title of its own: title="…".`,
			);
		else named.set(name, figure);
	}
	return problems;
}

function attribute(node: SourceNode, name: string): string | undefined {
	const given = (node.attributes ?? []) as { name?: string; value?: unknown }[];
	const found = Array.isArray(given) ? given.find((one) => one.name === name)?.value : undefined;
	// An expression counts as given; the build knows its value.
	return found === undefined ? undefined : typeof found === "string" ? found : JSON.stringify(found);
}

describe("text of every page", async () => {
	const pages = await sourcePages();

	it("finds the pages", () => {
		expect(pages.map(({ path }) => path)).toEqual(expect.arrayContaining(["", "start-here", "lessons/zarr"]));
	});

	it.each(pages)("$file: headings", (page) => {
		expect(headingProblems(page)).toEqual([]);
	});

	it.each(pages)("$file: links", (page) => {
		expect(linkProblems(page)).toEqual([]);
	});

	it.each(pages)("$file: pictures and figures", (page) => {
		expect(pictureProblems(page)).toEqual([]);
	});
});

describe("what is wrong is told with its line", () => {
	const read = (body: string) => sourcePage("lessons/x.mdx", `---\ntitle: X\n---\n\n${body}`);

	it("headings", async () => {
		const page = await read("# One\n\n### Three\n\n#### Four\n\n## Two\n");
		expect(headingProblems(page)).toEqual([
			"src/content/docs/lessons/x.mdx:5: “One” has one #, which is for the title in the front matter. Begin with ##.",
			"src/content/docs/lessons/x.mdx:7: “Three” has 3 #, and the heading above it is the title. Write 2.",
		]);
	});

	it("links", async () => {
		const page = await read(
			"[here](../n5/) and [Zarr](/lessons/zarr/)\n\nhttps://example.org/a\n\n[N5](http://example.org)\n\n- [n5](https://example.org/b.)\n- [N5](https://example.org)\n- [a](https://example.org/c#1)\n- [A](https://example.org/c#2)\n",
		);
		expect(linkProblems(page).map((text) => text.replace(/^[^:]*x\.mdx:/, "").slice(0, 46))).toEqual([
			"5: The link “here” does not say where it leads",
			"5: “/lessons/zarr/” begins at the root of the ",
			"7: The link “https://example.org/a” is a bare ",
			"9: “http://example.org” does not begin with ht",
			"11: “https://example.org/b.” ends in a sign of",
			"11: “n5” leads to https://example.org/b., and ",
			"12: “N5” leads to https://example.org, and at ",
		]);
	});

	it("pictures and figures", async () => {
		const page = await read(
			'![](./a.png)\n\n![a.png](./a.png)\n\n![Five nuclei](./a.png)\n\n<Pyramid shape={[8, 8]} />\n\n<Pyramid shape={[4, 4]} />\n\n<Pyramid shape={[4, 4]} title="Small" />\n',
		);
		expect(pictureProblems(page).map((text) => text.replace(/^[^:]*x\.mdx:/, "").slice(0, 40))).toEqual([
			"5: a picture without words. Say what it ",
			"7: “a.png” does not say what the picture",
			"13: the figure Pyramid has the same name",
		]);
	});
});
