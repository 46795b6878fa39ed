/** The links of the built site, read from its files: no browser is needed for that, and every page is looked at. */
import { expect, test } from "playwright/test";
import { root } from "../../scripts/paths.ts";
import { builtPages, headingProblems, linkProblems, placeInSource } from "../support/site-links.ts";
import { dist } from "./pages.ts";

test("12: every link leads to a page, a place on it, or a file; headings skip no level", () => {
	const pages = builtPages(dist);
	expect(pages.length).toBeGreaterThan(20);
	const problems = linkProblems(dist, pages).map((problem) => {
		const [, path, address] = /^\/(.*?): .* → (.*?): /.exec(problem) ?? [];
		const place = placeInSource(root, path ?? "", address ?? "");
		return place ? `${place}: ${problem}` : problem;
	});
	expect(problems).toEqual([]);
	expect(headingProblems(pages)).toEqual([]);
});
