import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { astro } from "../../scripts/astro.ts";
import { servePlainly } from "./plain-server.ts";
import { refusals } from "./refusals.ts";
import { expect, Lesson, lessonPath, test } from "./site.ts";

test("the build works under a base path, from a plain static server, and keeps to its security policy", async ({
	page,
}) => {
	test.setTimeout(400_000);
	const folder = mkdtempSync(join(tmpdir(), "chunkwise base "));
	try {
		expect(astro(["build", "--silent", "--base", "/course/", "--outDir", folder])).toBe(0);
		const server = await servePlainly(folder, "/course/");
		const refused = await refusals(page);
		const foreign: string[] = [];
		page.on("request", (request) => {
			if (/^https?:/.test(request.url()) && !request.url().startsWith(server.url))
				foreign.push(request.url());
		});
		const lesson = new Lesson(page, server.url);
		await page.goto(server.url);
		await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
		await page.getByRole("link", { name: "Start the first lesson" }).click();
		await page.locator(`#starlight__sidebar a[href*="${lessonPath.replace(/\/$/, "")}"]`).click();
		await expect(page).toHaveURL(new RegExp(`/course/${lessonPath}?`));
		await lesson.open({ prefer: "phantom" });
		await lesson.run("slice-z");
		await expect(lesson.output("slice-z").locator("canvas")).toBeVisible();
		await lesson.type("is-spatial-image", "2 ** 10");
		await lesson.run("is-spatial-image");
		await expect(lesson.output("is-spatial-image")).toHaveText("1024");
		// Types: of the library, of D3 and of earlier cells, from files under the base path.
		await lesson.type(
			"metadata",
			'import { formatBytes } from "chunkwise";\nimport { sum } from "d3";\nconst a: string = sum([1]);\nconst b: number = formatBytes(1);\nconst c: number = samples;',
		);
		await expect(lesson.cell("metadata").locator(".cw-problems")).toHaveText(
			/^3 errors\. Line 3: Type 'number' is not assignable to type 'string'/,
			{ timeout: 60_000 },
		);
		// The reader's work: kept under this base's name, marked in the sidebar, on the progress page, in a link.
		await expect(page.locator("#starlight__sidebar a", { hasText: "From a TIFF" })).toHaveAccessibleName(
			/\(\d+ of \d+ done\)/,
		);
		expect(
			await page.evaluate(() =>
				Object.keys(localStorage).filter((key) => /2 \*\* 10/.test(localStorage[key])),
			),
		).toEqual([`chunkwise /course/ work ${lessonPath.replace(/\/$/, "")} is-spatial-image`]);
		await page.goto(`${server.url}progress/`);
		await expect(page.locator("[data-part=total]")).toContainText(/^\d+ of \d+ done/);
		const packed = deflateRawSync(
			JSON.stringify({ l: lessonPath.replace(/\/$/, ""), c: { "is-spatial-image": "'from a link'" } }),
		).toString("base64url");
		await page.goto(`${server.url}${lessonPath}#code=1d.${packed}`);
		await expect(
			lesson.cell("is-spatial-image").getByRole("group", { name: "Code from a link" }),
		).toContainText("from a link");
		// A bucket's service worker has the base path as its scope.
		await lesson.type(
			"attribute-keys",
			'import { startBucket } from "chunkwise";\nconst bucket = await startBucket("base");\n`${bucket.servedBy} ${new URL(bucket.url).pathname}`',
		);
		await lesson.run("attribute-keys");
		await expect(lesson.output("attribute-keys")).toContainText("service worker /course/");
		expect(foreign, "requests that leave the site").toEqual([]);
		expect(
			server.missing.filter((path) => !path.endsWith("favicon.ico")),
			"files that are not there",
		).toEqual([]);
		expect(refused, "refused by the policy").toEqual([]);
		expect(lesson.errors).toEqual([]);
		server.close();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
