import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashSource, inlineScripts, policyFor, withPolicy } from "../../src/components/site/csp/policy.ts";

const sha = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

describe("the Content-Security-Policy of built pages", () => {
	it("finds the inline scripts that a browser runs, and no blocks of data", () => {
		const html = `<head><script>a > b</script><script type="module" data-x="a>b">c</script>
<script src="/x.js"></script><script type="application/json">{"no":1}</script><script TYPE='text/javascript'>d</script>
<script type="importmap">{}</script><script aria-hidden="true">
e</script ></head>`;
		expect(inlineScripts(html)).toEqual(["a > b", "c", "d", "{}", "\ne"]);
	});

	it("hashes what the browser hashes: line ends as line feeds, text as UTF-8", () => {
		expect(hashSource("a\r\nµ")).toBe(sha("a\nµ"));
	});

	it("allows no eval, no inline script without its hash, and names no place of ours", () => {
		const policy = policyFor(["x()", "y()", "x()"]);
		expect(policy).toContain(sha("x()"));
		expect(policy.match(/sha256/g)).toHaveLength(2);
		expect(policy).not.toContain("'unsafe-eval'");
		expect(policy.replaceAll("style-src 'self' 'unsafe-inline'", "")).not.toContain("unsafe-inline");
		expect(policy).toContain("object-src 'none'");
		expect(policy).not.toMatch(/https?:\/\/(?!localhost:|127\.0\.0\.1:)/);
	});

	it("stands after the encoding and before everything else", () => {
		const html = '<!doctype html><html><head><meta charset="utf-8"/><script>a</script></head></html>';
		const page = withPolicy(html, "index.html");
		expect(page.indexOf("content-security-policy")).toBeLessThan(page.indexOf("<script>"));
		expect(page).toMatch(
			/<meta charset="utf-8"\/><meta http-equiv="content-security-policy" content="[^"]+"\/>/,
		);
		expect(() => withPolicy(page, "index.html")).toThrow("index.html has a Content-Security-Policy already");
		expect(() => withPolicy("<p>no head</p>", "part.html")).toThrow("part.html has no <head>");
	});
});
