/** XML as S3 answers it: elements and text, no attributes but the namespace. */

/** An element with text or other elements, already as markup. */
export function element(name: string, content: string | number | boolean | readonly string[]): string {
	const inner = Array.isArray(content) ? content.join("") : escapeText(String(content));
	return `<${name}>${inner}</${name}>`;
}

/** A whole document; the root gets S3's namespace where asked. */
export function xmlDocument(root: string, namespace = false): string {
	const body = namespace
		? root.replace(/^<(\w+)/, '<$1 xmlns="http://s3.amazonaws.com/doc/2006-03-01/"')
		: root;
	return `<?xml version="1.0" encoding="UTF-8"?>\n${body}`;
}

/** Control characters that XML 1.0 cannot hold become U+FFFD: list with encoding-type=url to have them whole. */
function escapeText(text: string): string {
	const marks: Record<string, string> = {
		"&": "&amp;",
		"<": "&lt;",
		">": "&gt;",
		'"': "&quot;",
		"\r": "&#13;",
	};
	return (
		text
			.replace(/[&<>"\r]/g, (mark) => marks[mark])
			// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones that XML forbids
			.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
	);
}
