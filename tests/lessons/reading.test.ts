/** Every page can be read by who learned English at school: bounds for a page, a paragraph and a sentence. */
import { describe, expect, it } from "vitest";
import { gradeOf, paragraphsOf, type Sentence, sentencesOf } from "../support/prose.ts";
import { type SourcePage, sourcePage, sourcePages } from "../support/source-pages.ts";

/**
 * Flesch–Kincaid grades. Grade 7 is a newspaper for everybody, 12 the end of school; papers in biology are at 14 and
 * above. The lessons were at 4 to 5 when this was written, so that a page at 7 has lost what the others have.
 */
const pageBound = 7;
const paragraphBound = 12;
/** Shorter paragraphs say little about themselves: two long words make them “hard”. */
const paragraphWords = 30;
/** Words: whoever reads it aloud runs out of breath. */
const sentenceBound = 40;

function problemsOf(page: SourcePage): string[] {
	const sentences = sentencesOf(page);
	const problems: string[] = [];
	const grade = gradeOf(sentences);
	if (grade > pageBound)
		problems.push(
			`${page.file}: Flesch–Kincaid grade ${grade.toFixed(1)}, and at most ${pageBound} is allowed. Split its longest sentences, or use shorter words:\n${longest(sentences, 5)}`,
		);
	for (const paragraph of paragraphsOf(sentences)) {
		const words = paragraph.reduce((sum, sentence) => sum + sentence.words.length, 0);
		const hard = words >= paragraphWords ? gradeOf(paragraph) : 0;
		if (hard > paragraphBound)
			problems.push(
				`${paragraph[0].at}: a paragraph of grade ${hard.toFixed(1)}, and at most ${paragraphBound} is allowed. Split it here:\n${longest(paragraph, 2)}`,
			);
	}
	for (const { at, text, words } of sentences) {
		if (words.length > sentenceBound)
			problems.push(
				`${at}: a sentence of ${words.length} words, and at most ${sentenceBound} are allowed. Make two of it: “${text}”`,
			);
	}
	return problems;
}

function longest(sentences: readonly Sentence[], count: number): string {
	return [...sentences]
		.sort((a, b) => b.words.length - a.words.length)
		.slice(0, count)
		.map(({ at, text, words }) => `  ${at} (${words.length} words): ${text}`)
		.join("\n");
}

describe("reading level", async () => {
	const pages = await sourcePages();

	it("reads the prose of the pages", () => {
		const sizes = pages
			.filter(({ path }) => path.startsWith("lessons/"))
			.map((page) => sentencesOf(page).length);
		expect(Math.min(...sizes)).toBeGreaterThan(30);
	});

	it.each(pages)("$file", (page) => {
		expect(problemsOf(page)).toEqual([]);
	});
});

describe("what counts as prose", () => {
	const read = (body: string) => sourcePage("lessons/x.mdx", `---\ntitle: X\n---\n\n${body}`);

	it("leaves out code, tables, headings, labels, names in backticks, targets of links and sources", async () => {
		const page = await read(
			'## A heading. It ends.\n\nRead `toNgffZarr` [the text](https://example.org/q). It is **short**.\n\n| a. | b. |\n| - | - |\n| c. | d. |\n\n```ts\nconst a = 1.\n```\n\n- [ ] A label\n- Press <kbd>Ctrl</kbd> now.\n\n:::note[A title.]\nA note!\n:::\n\n<Pyramid title="No prose." />\n\n## Sources and further reading\n\n- Not this.\n',
		);
		expect(sentencesOf(page).map(({ at, words }) => [at.split(":")[1], words.join(" ")])).toEqual([
			["7", "Read the text"],
			["7", "It is short"],
			["18", "Press now"],
			["21", "A note"],
		]);
	});

	it("tells a page, a paragraph and a sentence that are too hard, with their lines", async () => {
		const hard =
			"Notwithstanding considerable methodological heterogeneity, contemporary multidimensional visualization infrastructures predominantly necessitate comprehensive interoperability considerations, and organizational responsibilities regarding institutional repositories consequently accumulate substantial computational requirements throughout collaborative multidisciplinary investigations concerning immunohistochemistry.";
		const long = `One ${"and one ".repeat(20)}more.`;
		const found = problemsOf(await read(`${hard}\n\n${long}\n`));
		expect(found.map((text) => text.replace("src/content/docs/lessons/", "").slice(0, 28))).toEqual([
			"x.mdx: Flesch–Kincaid grade ",
			"x.mdx:5: a paragraph of grad",
			"x.mdx:7: a paragraph of grad",
			"x.mdx:7: a sentence of 42 wo",
		]);
		// The same with full stops passes.
		expect(problemsOf(await read(`${"One and one. ".repeat(20)}\n`))).toEqual([]);
	});

	it("counts as Kincaid did", async () => {
		// 6 words, 6 syllables: 0.39 × 6 + 11.8 × 1 − 15.59
		expect(gradeOf(sentencesOf(await read("The cat sat on the mat.\n")))).toBeCloseTo(-1.45, 2);
	});
});
