/**
 * The XML that S3 and its kin answer: elements and text. Attributes are passed over; a DOCTYPE is refused, since
 * nothing here may define entities. Browsers' workers have no parser of their own.
 */
export interface XmlElement {
	/** Without namespace prefix. */
	name: string;
	children: XmlElement[];
	/** Its own text, entities resolved. */
	text: string;
}

const entities: Record<string, string> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };
const deepest = 64;

/** The root element; undefined where this is no well-formed document of that kind. */
export function parseXml(source: string): XmlElement | undefined {
	const token =
		/<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([A-Za-z_][\w.:-]*)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;
	const open: XmlElement[] = [];
	let root: XmlElement | undefined;
	let at = source.charCodeAt(0) === 0xfeff ? 1 : 0;
	while (at < source.length) {
		token.lastIndex = at;
		const match = token.exec(source);
		if (!match) return undefined;
		at = token.lastIndex;
		const [, cdata, closing, tag, , empty, text] = match;
		const parent = open[open.length - 1];
		if (cdata !== undefined || text !== undefined) {
			const value = cdata ?? resolve(text);
			if (value === undefined) return undefined;
			if (parent) parent.text += value;
			else if (value.trim() !== "") return undefined;
		} else if (closing === "/") {
			if (open.pop()?.name !== localName(tag)) return undefined;
		} else if (tag !== undefined) {
			const element: XmlElement = { name: localName(tag), children: [], text: "" };
			if (parent) parent.children.push(element);
			else if (root) return undefined;
			else root = element;
			if (empty !== "/") open.push(element);
			if (open.length > deepest) return undefined;
		}
	}
	return open.length === 0 ? root : undefined;
}

/** The text of the first child of that name. */
export function childText(element: XmlElement, name: string): string | undefined {
	return element.children.find((child) => child.name === name)?.text;
}

function localName(tag: string): string {
	return tag.slice(tag.indexOf(":") + 1);
}

/** Text with its entities resolved; undefined where one is unknown. */
function resolve(text: string): string | undefined {
	let known = true;
	const resolved = text.replace(/&([^;&]{0,32};?)/g, (_, reference: string) => {
		const name = reference.endsWith(";") ? reference.slice(0, -1) : "";
		const number = /^#x([0-9a-f]{1,6})$/i.exec(name) ?? /^#(\d{1,7})$/.exec(name);
		if (number) {
			const code = Number.parseInt(number[1], /x/i.test(name) ? 16 : 10);
			if (code <= 0x10ffff) return String.fromCodePoint(code);
		}
		if (Object.hasOwn(entities, name)) return entities[name];
		known = false;
		return "";
	});
	return known ? resolved.replace(/\r\n?/g, "\n") : undefined;
}
