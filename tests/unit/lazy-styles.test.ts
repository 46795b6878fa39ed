import { expect, test } from "vitest";
import { withoutLazy } from "../../src/components/site/lazy-styles/integration.ts";

const page = (...names: string[]) =>
	`<head>${names.map((name) => `<link rel="stylesheet" href="/course/${name}">`).join("")}</head>`;

const styles = new Map([
	["_astro/index.a.css", "body{}"],
	["_astro/figure.b.css", "figure{}"],
	["_astro/mount.b.css", "figure{}"],
	["_astro/monaco.c.css", ".monaco{}"],
]);
const rendered = new Set(["_astro/index.a.css", "_astro/figure.b.css"]);

test("styles that come with a script are taken out, those of the markup stay", () => {
	expect(withoutLazy(page("_astro/index.a.css", "_astro/monaco.c.css"), rendered, styles)).toBe(
		page("_astro/index.a.css"),
	);
});

test("a style that a script has under another name is linked once, by that name", () => {
	expect(withoutLazy(page("_astro/mount.b.css", "_astro/figure.b.css"), rendered, styles)).toBe(
		page("_astro/mount.b.css"),
	);
});

test("links to what was not built here are left alone", () => {
	const other = page("other.css");
	expect(withoutLazy(other, rendered, styles)).toBe(other);
});
