import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { root } from "../../scripts/paths.ts";
import { colabAddress, publishedSource } from "../../src/components/site/source.ts";
import { siteBuilder, siteFolder } from "../support/build-site.ts";

it.each([
	["owner/name", "main"],
	["github:owner/name", "main"],
	["github:owner/name#lessons", "lessons"],
	["https://github.com/owner/name", "main"],
	["git+https://github.com/owner/name.git#v2", "v2"],
	["git+ssh://git@github.com/owner/name.git", "main"],
	["git@github.com:owner/name.git", "main"],
])("the repository %s is on GitHub, branch %s", (given, branch) => {
	const source = publishedSource(given);
	expect(source).toEqual({
		address: "https://github.com/owner/name",
		github: { repository: "owner/name", branch },
	});
	expect(publishedSource({ url: given })).toEqual(source);
	expect(colabAddress("zarr", source)).toBe(
		`https://colab.research.google.com/github/owner/name/blob/${branch}/notebooks/zarr.ipynb`,
	);
});

it("a repository elsewhere has an address, and none in Colab; no repository has neither", () => {
	const elsewhere = publishedSource("git+https://gitlab.example.org/owner/name.git");
	expect(elsewhere).toEqual({ address: "https://gitlab.example.org/owner/name" });
	expect(colabAddress("zarr", elsewhere)).toBeUndefined();
	expect(publishedSource("")).toBeUndefined();
	expect(colabAddress("zarr", publishedSource(""))).toBeUndefined();
});

const folder = siteFolder("colab badge");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it("a lesson has the badge where the repository is named, and none where it is not", () => {
	const build = siteBuilder(folder, "export default {};", "index.astro");
	const page = (repository: string) => `---
import ColabBadge from ${JSON.stringify(join(root, "src/components/cell/ColabBadge.astro"))};
---
<html lang="en"><body><p>Facts <ColabBadge page="lessons/zarr" repository="${repository}" /></p></body></html>
`;
	const shown = (repository: string) => {
		expect(build(page(repository))).toMatchObject({ status: 0 });
		return readFileSync(join(folder, "dist/index.html"), "utf8");
	};
	expect(shown("github:owner/name")).toMatch(
		/<a class="cw-colab" href="https:\/\/colab\.research\.google\.com\/github\/owner\/name\/blob\/main\/notebooks\/zarr\.ipynb"[^>]*>Open the Python in Colab<\/a>/,
	);
	expect(shown("")).not.toContain("<a");
}, 120_000);
