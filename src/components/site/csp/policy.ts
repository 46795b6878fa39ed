/**
 * The Content-Security-Policy of a built page. It stands in the page itself, since a static host sends no headers.
 * A worker's script is ruled by the headers it came with, not by this: see docs/architecture.md.
 */
import { createHash } from "node:crypto";

/** What a page may load and run, without its inline scripts. Each entry that is not plain `'self'` says why. */
const directives: Record<string, string[]> = {
	"default-src": ["'self'"],
	// The site's own files and the page's inline scripts by hash; WebAssembly for the search and for codecs. No eval.
	"script-src": ["'self'", "'wasm-unsafe-eval'"],
	// Highlighted code carries its colours as style attributes, the editor writes style elements as it goes. What
	// cells draw is cleaned of what reaches beyond its own box before it is shown.
	"style-src": ["'self'", "'unsafe-inline'"],
	// `data:` and `blob:` are pictures that the page makes itself.
	"img-src": ["'self'", "data:", "blob:"],
	// The editor's icons come as a data: font.
	"font-src": ["'self'", "data:"],
	// Data may be anywhere: another host over https, or a server on the reader's own machine.
	"connect-src": ["'self'", "https:", "http://localhost:*", "http://127.0.0.1:*", "data:", "blob:"],
	"worker-src": ["'self'"],
	"frame-src": ["'none'"],
	"object-src": ["'none'"],
	"base-uri": ["'self'"],
	"form-action": ["'none'"],
};

const attribute = /\s+[^\s=>"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>"']+))?/.source;
const script = new RegExp(`<script((?:${attribute})*)\\s*>([\\s\\S]*?)</script\\s*>`, "gi");

/** The inline scripts of a page that a browser would run; blocks of data are none. */
export function inlineScripts(html: string): string[] {
	return [...html.matchAll(script)]
		.filter(([, attributes]) => !/\ssrc\s*=/i.test(attributes) && runs(attributes))
		.map(([, , text]) => text);
}

function runs(attributes: string): boolean {
	const type = /\stype\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))/i.exec(attributes);
	if (!type) return true;
	const name = (type[1] ?? type[2] ?? type[3]).trim().toLowerCase();
	return ["", "module", "importmap", "speculationrules"].includes(name) || /\b(java|ecma)script\b/.test(name);
}

/** `'sha256-…'` of a script's text as a browser reads it: line ends are single line feeds. */
export function hashSource(text: string): string {
	const read = text.replace(/\r\n?/g, "\n");
	return `'sha256-${createHash("sha256").update(read).digest("base64")}'`;
}

/** The policy for a page with these inline scripts. */
export function policyFor(scripts: readonly string[]): string {
	const hashes = [...new Set(scripts.map(hashSource))].sort();
	return Object.entries(directives)
		.map(([name, sources]) => [name, ...sources, ...(name === "script-src" ? hashes : [])].join(" "))
		.join("; ");
}

/**
 * The page with its policy, before anything that loads or runs.
 * @throws Error where the page has no head to put it in, or has a policy already
 */
export function withPolicy(html: string, where: string): string {
	if (/http-equiv\s*=\s*["']?content-security-policy/i.test(html)) {
		throw new Error(`${where} has a Content-Security-Policy already; two would both be in force`);
	}
	// The encoding must come within a page's first kilobyte: before the policy, which may be longer than that.
	const start = /<head[^>]*>(?:\s*<meta charset=[^>]*>)?/i.exec(html);
	if (!start) throw new Error(`${where} has no <head> to put a Content-Security-Policy in`);
	const at = start.index + start[0].length;
	const meta = `<meta http-equiv="content-security-policy" content="${policyFor(inlineScripts(html))}"/>`;
	return html.slice(0, at) + meta + html.slice(at);
}
