/** Every lesson has what a lesson has (CONTRIBUTING.md, “Start a file”); what one leaves out is listed here, with the reason. */
import { describe, expect, it } from "vitest";
import { textOf } from "../../src/authoring/markdown.ts";
import type { PageModel } from "../../src/authoring/page-model.ts";
import { pageModel } from "../../src/authoring/page-model.ts";
import {
	at,
	type SourceNode,
	type SourcePage,
	sourcePage,
	sourcePages,
	walk,
} from "../support/source-pages.ts";

/** What may be left out, by name. */
type Part =
	| "questions"
	| "objectives"
	| "duration"
	| "keyPoints"
	| "exercises"
	| "quiz"
	| "prediction"
	| "sources";

/** By the lesson's file name without its ending. The reason is for the reader of this file. */
const exceptions: Record<string, Partial<Record<Part, string>>> = {};

/** Minutes: what one can do in a sitting. */
const shortest = 10;
const longest = 30;
const fewestExercises = 2;
const fewestHints = 2;

/** Documents that say how a format or a protocol is, by their addresses. */
const specifications = [
	/^https:\/\/zarr-specs\.readthedocs\.io\//,
	/^https:\/\/zarr\.dev\/zeps\//,
	/^https:\/\/ngff\.openmicroscopy\.org\//,
	/^https:\/\/github\.com\/saalfeldlab\/n5(#|\/blob\/)/,
	/^https:\/\/docs\.openmicroscopy\.org\/ome-model\//,
	/^https:\/\/www\.rfc-editor\.org\/rfc\//,
	/^https:\/\/(www\.)?w3\.org\/TR\//,
];

interface Problem {
	part: Part;
	/** Where, what, and the way out. */
	text: string;
}

function problemsOf(page: SourcePage, { cells, quizzes }: PageModel): Problem[] {
	const problems: Problem[] = [];
	const say = (part: Part, text: string, where = `${page.file}:1`) =>
		problems.push({ part, text: `${where}: ${text}` });
	const sentences: [Part & string, string][] = [
		["questions", 'Say what the lesson answers: questions: ["Why do chunks exist?"]'],
		[
			"objectives",
			'Say what readers can do afterwards: objectives: ["Compute how many chunks a tile touches"]',
		],
		["keyPoints", 'Say what to remember: keyPoints: ["Chunk shape decides what is read"]'],
	];
	for (const [name, remedy] of sentences) {
		const given = page.frontmatter[name];
		if (!Array.isArray(given) || given.length === 0) say(name, `The front matter has no ${name}. ${remedy}.`);
	}
	const { duration } = page.frontmatter;
	if (typeof duration !== "number") say("duration", "The front matter has no duration. Give it in minutes.");
	else if (duration < shortest || duration > longest)
		say(
			"duration",
			`${duration} minutes. A lesson takes ${shortest} to ${longest}: split it, or join it with another.`,
		);
	const exercises = cells.filter(({ check }) => check !== undefined);
	if (exercises.length < fewestExercises)
		say("exercises", `${exercises.length} exercises, and a lesson has at least ${fewestExercises}.`);
	for (const { id, hints, place } of exercises) {
		if ((hints ?? 0) < fewestHints)
			say(
				"exercises",
				`The exercise “${id}” has ${hints ?? 0} hints. Give ${fewestHints}: one that points, one that nearly tells.`,
				`${page.file}:${place.line}`,
			);
	}
	if (!quizzes.some(({ predict }) => predict === undefined))
		say("quiz", "There is no question: ::::quiz{#id title=…}.");
	if (!quizzes.some(({ predict }) => predict !== undefined))
		say("prediction", "Nothing is to be predicted: ::::quiz{#id title=… predict=CELL} above the cell.");
	const sources = sourcesOf(page);
	if (!sources.heading)
		say("sources", "There are no sources. End with ## Sources and further reading, as a list of links.");
	else if (!sources.links.some((link) => specifications.some((pattern) => pattern.test(link))))
		say(
			"sources",
			"No source is a specification. Link to the section that says so, for example on https://zarr-specs.readthedocs.io/.",
			at(page, sources.heading),
		);
	return problems;
}

/** The last section, which names the sources, and the addresses below it. */
function sourcesOf(page: SourcePage): { heading?: SourceNode; links: string[] } {
	let heading: SourceNode | undefined;
	const links: string[] = [];
	for (const node of walk(page.root)) {
		if (node.type === "heading") heading = /^Sources/.test(textOf(node)) ? node : undefined;
		else if (heading && node.type === "link") links.push(node.url ?? "");
	}
	return { heading, links };
}

const nameOf = (page: SourcePage) => page.path.split("/").at(-1) ?? "";

describe("every lesson is complete", async () => {
	const lessons = (await sourcePages()).filter(({ path }) => path.startsWith("lessons/"));

	it("finds the lessons", () => {
		expect(lessons.map(nameOf)).toContain("tiff-to-ome-zarr");
	});

	it.each(lessons)("$file", (page) => {
		const allowed = exceptions[nameOf(page)] ?? {};
		const problems = problemsOf(page, pageModel(page.root));
		expect(problems.filter(({ part }) => !(part in allowed)).map(({ text }) => text)).toEqual([]);
		const met = new Set(problems.map(({ part }) => part));
		const idle = Object.keys(allowed).filter((part) => !met.has(part as Part));
		expect(idle, "exceptions that are no longer needed: take them out of this file").toEqual([]);
	});

	it("lists exceptions of lessons that are there, with reasons", () => {
		expect(Object.keys(exceptions).filter((name) => !lessons.some((page) => nameOf(page) === name))).toEqual(
			[],
		);
		const reasons = Object.values(exceptions).flatMap((parts) => Object.values(parts));
		expect(reasons.filter((reason) => reason.length < 20)).toEqual([]);
	});

	it("would see what is missing", async () => {
		const page = await sourcePage(
			"lessons/x.mdx",
			'---\ntitle: X\nduration: 45\nobjectives: []\n---\n\n## Sources\n\n- [A blog](https://example.org/)\n\n::::exercise{#a title="A"}\nDo it.\n\n```ts starter\nconst a = ______;\n```\n```ts check\nexpect(a, "a").toBe(1);\n```\n:::hint\nOne.\n:::\n:::solution\n```ts\nconst a = 1;\n```\n:::\n::::\n',
		);
		const found = problemsOf(page, pageModel(page.root)).map(({ text }) =>
			text.replace("src/content/docs/lessons/", "").slice(0, 40),
		);
		expect(found).toEqual([
			"x.mdx:1: The front matter has no questio",
			"x.mdx:1: The front matter has no objecti",
			"x.mdx:1: The front matter has no keyPoin",
			"x.mdx:1: 45 minutes. A lesson takes 10 t",
			"x.mdx:1: 1 exercises, and a lesson has a",
			"x.mdx:11: The exercise “a” has 1 hints. ",
			"x.mdx:1: There is no question: ::::quiz{",
			"x.mdx:1: Nothing is to be predicted: :::",
			"x.mdx:7: No source is a specification. L",
		]);
	});
});
