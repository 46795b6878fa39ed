/** A lesson's page as a list of Markdown texts and cells, in reading order: what a script or a notebook is made of. */

export interface TextBlock {
	kind: "text";
	markdown: string;
}

export interface CodeBlock {
	kind: "cell";
	id: string;
	title: string;
	source: string;
	/** An exercise sees the page's names, and its own stay with it. */
	exercise: boolean;
	/** An exercise whose right answer ends in an error. */
	mayFail?: true;
}

export type LessonBlock = TextBlock | CodeBlock;

/** What belongs to the page and not to the text: controls, hints, solutions, notices. */
const leftOut =
	"script, style, template, .cw-playground-end, .cw-playground-deleted, chunkwise-controls, chunkwise-sample, .cw-lesson-head, .cw-hint, .cw-exercise-label, .cw-link-banner, .cw-work-trouble, .sl-anchor-link, .cw-visually-hidden, .sr-only, [hidden], dialog";

/**
 * @param root the element around the lesson's text
 * @param cell what is known of a cell by its id: its title and its code as it is now
 */
export function lessonBlocks(
	root: Element,
	cell: (id: string) => Omit<CodeBlock, "kind" | "id"> | undefined,
	address: string,
): LessonBlock[] {
	const blocks: LessonBlock[] = [];
	const addText = (markdown: string) => {
		if (markdown.trim() === "") return;
		const last = blocks.at(-1);
		if (last?.kind === "text") last.markdown += `\n\n${markdown.trim()}`;
		else blocks.push({ kind: "text", markdown: markdown.trim() });
	};
	const visit = (parent: Element) => {
		for (const child of parent.children) {
			if (child.matches(leftOut)) continue;
			const id = child.matches("chunkwise-cell") ? child.getAttribute("data-cell") : null;
			if (id !== null) {
				const found = cell(id);
				if (found) blocks.push({ kind: "cell", id, ...found });
			} else if (child.matches(".cw-exercise-title")) addText(`### Exercise: ${inline(child).trim()}`);
			else if (
				child.matches("section, .sl-heading-wrapper, .content-panel, chunkwise-playground, [data-part=cells]")
			)
				visit(child);
			else addText(block(child, address));
		}
	};
	visit(root);
	return blocks;
}

function block(element: Element, address: string): string {
	const name = element.localName;
	if (/^h[1-6]$/.test(name)) return `${"#".repeat(Number(name[1]))} ${inline(element).trim()}`;
	if (element.matches(".expressive-code")) return codeBlock(element);
	if (element.matches(".starlight-aside")) {
		const title = element.querySelector(".starlight-aside__title")?.textContent?.trim();
		const content = element.querySelector(".starlight-aside__content");
		const text = content ? blocksOf(content, address) : inline(element);
		return quote([title ? `**${title}**` : "", text].filter(Boolean).join("\n\n"));
	}
	if (name.includes("-") || name === "figure" || name === "form" || element.matches(".cw-quiz")) {
		const label =
			element.getAttribute("aria-label") ?? element.querySelector("figcaption")?.textContent ?? "";
		const what = label.trim().replace(/\s+/g, " ").slice(0, 200);
		return `*On the lesson’s page stands something to use here${what === "" ? "" : `: ${escapeText(what)}`}. [Open the page](${address})*`;
	}
	switch (name) {
		case "p":
			return inline(element).trim();
		case "ul":
		case "ol":
			return list(element, address);
		case "blockquote":
			return quote(blocksOf(element, address));
		case "pre":
			return fence(element.textContent ?? "", "");
		case "hr":
			return "---";
		case "table":
			return table(element);
		case "div":
		case "details":
		case "article":
			return blocksOf(element, address);
	}
	return inline(element).trim();
}

/** Blocks and loose text within an element. */
function blocksOf(element: Element, address: string): string {
	const parts: string[] = [];
	let loose = "";
	const flush = () => {
		if (loose.trim() !== "") parts.push(loose.trim());
		loose = "";
	};
	for (const node of element.childNodes) {
		const child = node.nodeType === 1 ? (node as Element) : undefined;
		if (child?.matches(leftOut)) continue;
		if (child && isBlock(child)) {
			flush();
			parts.push(block(child, address));
		} else loose += inlineNode(node);
	}
	flush();
	return parts.filter(Boolean).join("\n\n");
}

const inlineNames = new Set(
	"a abbr b br cite code del em i img ins kbd mark q s small span strong sub sup var".split(" "),
);

function isBlock(element: Element): boolean {
	return !inlineNames.has(element.localName);
}

function list(element: Element, address: string): string {
	const ordered = element.localName === "ol";
	let number = Number(element.getAttribute("start") ?? 1);
	return [...element.children]
		.filter((child) => child.localName === "li")
		.map((item) => {
			const mark = ordered ? `${number++}. ` : "- ";
			const text = blocksOf(item, address).replace(/\n\n(?=\s*(?:[-]|\d+\.) )/g, "\n");
			return mark + text.replace(/\n(?=.)/g, `\n${" ".repeat(mark.length)}`);
		})
		.join("\n");
}

function table(element: Element): string {
	const rows = [...element.querySelectorAll("tr")].map((row) =>
		[...row.children].map((cell) => inline(cell).trim().replace(/\|/g, "\\|").replace(/\s+/g, " ")),
	);
	if (rows.length === 0) return "";
	const line = (cells: string[]) => `| ${cells.join(" | ")} |`;
	return [line(rows[0]), line(rows[0].map(() => "---")), ...rows.slice(1).map(line)].join("\n");
}

function codeBlock(element: Element): string {
	const pre = element.querySelector("pre");
	const lines = [...element.querySelectorAll(".ec-line")];
	const text =
		lines.length > 0 ? lines.map((line) => line.textContent ?? "").join("\n") : (pre?.textContent ?? "");
	return fence(text.replace(/\u007f/g, "\n"), pre?.getAttribute("data-language") ?? "");
}

function fence(text: string, language: string): string {
	const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length));
	const marks = "`".repeat(longest + 1);
	return `${marks}${language}\n${text.replace(/\n$/, "")}\n${marks}`;
}

function quote(text: string): string {
	return text
		.split("\n")
		.map((line) => (line === "" ? ">" : `> ${line}`))
		.join("\n");
}

function inline(element: Element): string {
	return [...element.childNodes].map(inlineNode).join("");
}

function inlineNode(node: Node): string {
	if (node.nodeType === 3) return escapeText((node.textContent ?? "").replace(/\s+/g, " "));
	if (node.nodeType !== 1) return "";
	const element = node as Element;
	if (element.matches(leftOut)) return "";
	const inside = () => inline(element);
	switch (element.localName) {
		case "strong":
		case "b":
			return around("**", inside());
		case "em":
		case "i":
			return around("*", inside());
		case "code": {
			const text = element.textContent ?? "";
			const marks = text.includes("`") ? "``" : "`";
			return `${marks}${text.startsWith("`") ? " " : ""}${text}${text.endsWith("`") ? " " : ""}${marks}`;
		}
		case "a": {
			const target = (element as HTMLAnchorElement).href || element.getAttribute("href") || "";
			return /^https?:/.test(target)
				? `[${inside()}](${target.replace(/[()\s]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)})`
				: inside();
		}
		case "br":
			return "  \n";
		case "img":
			return escapeText(element.getAttribute("alt") ?? "");
	}
	return inside();
}

function around(mark: string, text: string): string {
	return text.trim() === "" ? text : text.replace(/^(\s*)([\s\S]*?)(\s*)$/, `$1${mark}$2${mark}$3`);
}

/** What would mean something in Markdown or HTML stays a character. */
function escapeText(text: string): string {
	return text.replace(/[\\`*_[\]<]/g, "\\$&");
}
