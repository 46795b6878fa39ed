/** The sentences of a page, without code, tables, figures and names in backticks: what a reading level is computed from. */
import { fleschKincaid } from "flesch-kincaid";
import { syllable } from "syllable";
import { at, type SourceNode, type SourcePage } from "./source-pages.ts";

export interface Sentence {
	/** "src/content/docs/lessons/zarr.mdx:41", of the paragraph that it stands in. */
	at: string;
	text: string;
	words: string[];
}

/** Nothing below these is prose. */
const noProse = new Set(["code", "inlineCode", "table", "mdxjsEsm", "mdxFlowExpression", "yaml", "heading"]);
/** Keys to press, drawings. */
const noProseElements = new Set(["kbd", "code", "svg", "style", "script"]);

/** The sections that are lists of titles. */
const noProseSections = /^(sources|further reading)/i;

/** The sentences of a page in reading order; titles of boxes, answers and list items that are no sentence left out. */
export function sentencesOf(page: SourcePage): Sentence[] {
	const found: Sentence[] = [];
	let skipped = false;
	const visit = (node: SourceNode) => {
		if (node.type === "heading") skipped = noProseSections.test(proseText(node, true));
		if (skipped || noProse.has(node.type) || node.isLabel) return;
		if (node.type === "paragraph") found.push(...sentences(proseText(node), at(page, node)));
		else for (const child of node.children ?? []) visit(child);
	};
	visit(page.root);
	return found;
}

/** Stands for a name in backticks: no word, and a capital, so that a sentence may begin with it. */
const nameSign = "Ⓝ";

/** The sentences by the paragraph that they stand in. */
export function paragraphsOf(sentences: readonly Sentence[]): Sentence[][] {
	const found = new Map<string, Sentence[]>();
	for (const sentence of sentences) found.set(sentence.at, [...(found.get(sentence.at) ?? []), sentence]);
	return [...found.values()];
}

const segmenter = new Intl.Segmenter("en", { granularity: "sentence" });

function sentences(text: string, place: string): Sentence[] {
	// A paragraph that does not end like a sentence is a label: an answer to choose, an entry of a list.
	if (!/[.?!:]["”’)]*$/.test(text.trim())) return [];
	return [...segmenter.segment(text.trim())]
		.map(({ segment }) => segment.trim())
		.map((sentence) => ({ at: place, text: sentence.replaceAll(nameSign, "`…`"), words: wordsOf(sentence) }))
		.filter(({ words }) => words.length > 0);
}

/** A word has two letters or is "a" or "I": letters for axes, numbers and signs are none. */
function wordsOf(sentence: string): string[] {
	return (sentence.match(/[\p{L}][\p{L}'’]*/gu) ?? []).filter((word) => /^(a|i|[\p{L}'’]{2,})$/iu.test(word));
}

function proseText(node: SourceNode, withCode = false): string {
	if (node.type === "text" || (withCode && node.value !== undefined))
		return (node.value ?? "").replace(/\s+/g, " ");
	if (node.type === "inlineCode") return nameSign;
	if (noProse.has(node.type) && !withCode) return "";
	if (node.name !== undefined && noProseElements.has(node.name)) return "";
	if (node.type === "break") return " ";
	return (node.children ?? []).map((child) => proseText(child, withCode)).join("");
}

/**
 * The grade of a school in the United States at which a text is understood, after J. P. Kincaid et al., Derivation of new
 * readability formulas for Navy enlisted personnel, 1975: from the words in a sentence and the syllables in a word.
 */
export function gradeOf(sentences: readonly Sentence[]): number {
	const words = sentences.flatMap((sentence) => sentence.words);
	if (words.length === 0) return 0;
	return fleschKincaid({
		sentence: sentences.length,
		word: words.length,
		syllable: words.reduce((sum, word) => sum + syllable(word), 0),
	});
}
