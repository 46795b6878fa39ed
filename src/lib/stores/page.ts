/** Telling a web page from a value. */

/**
 * Whether bytes are the beginning of a web page. `html`: the server calls them so, and any markup counts; without that
 * it must begin as pages do, since a value may be markup too.
 */
export function startsAsPage(bytes: Uint8Array, html: boolean): boolean {
	const start = new TextDecoder().decode(bytes.subarray(0, 256)).trimStart().toLowerCase();
	if (!start.startsWith("<")) return html && start === "" && bytes.length === 0;
	return html || /^<(!doctype html|html|head)/.test(start);
}
