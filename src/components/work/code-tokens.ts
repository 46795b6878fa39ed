/** A quick highlighter for TypeScript: good enough to read saved or shared code by, a fraction of a real one. */

export type TokenKind = "comment" | "string" | "number" | "keyword" | "type" | "function" | "plain";

export interface Token {
	kind: TokenKind;
	text: string;
}

const keywords = new Set(
	"as async await break case catch class const continue default delete do else enum export extends false finally for from function if implements import in instanceof interface let new null of return satisfies static super switch this throw true try type typeof undefined var void while yield".split(
		" ",
	),
);

const pattern =
	/(\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|("(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|`(?:\\[\s\S]|[^`\\])*`?)|(\b\d[\w.]*)|([A-Za-z_$][\w$]*)/g;

/** The text cut into tokens; joined they are the text again. */
export function codeTokens(source: string): Token[] {
	const tokens: Token[] = [];
	const add = (kind: TokenKind, text: string) => {
		const last = tokens.at(-1);
		if (last?.kind === kind) last.text += text;
		else if (text !== "") tokens.push({ kind, text });
	};
	let at = 0;
	for (const match of source.matchAll(pattern)) {
		add("plain", source.slice(at, match.index));
		const [text, comment, string, number, word] = match;
		at = match.index + text.length;
		if (comment) add("comment", text);
		else if (string) add("string", text);
		else if (number) add("number", text);
		else add(wordKind(word, source, match.index, at), text);
	}
	add("plain", source.slice(at));
	return tokens;
}

function wordKind(word: string, source: string, start: number, end: number): TokenKind {
	if (source[start - 1] !== "." && keywords.has(word)) return "keyword";
	if (source[end] === "(") return "function";
	return /^[A-Z][a-z]/.test(word) ? "type" : "plain";
}
