import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { astro } from "../../scripts/astro.ts";
import { servePlainly } from "./plain-server.ts";
import { expect, Lesson, lessonPath, test } from "./site.ts";

test("the build works under a base path, from a plain static server", async ({ page }) => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise base "));
	try {
		expect(astro(["build", "--silent", "--base", "/course/", "--outDir", folder])).toBe(0);
		const server = await servePlainly(folder, "/course/");
		const foreign: string[] = [];
		page.on("request", (request) => {
			if (/^https?:/.test(request.url()) && !request.url().startsWith(server.url))
				foreign.push(request.url());
		});
		const lesson = new Lesson(page, server.url);
		await page.goto(server.url);
		await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
		await page
			.locator(`a[href*="${lessonPath.replace(/\/$/, "")}"]`)
			.first()
			.click();
		await expect(page).toHaveURL(new RegExp(`/course/${lessonPath}?`));
		await lesson.open({ prefer: "phantom" });
		await lesson.run("slice-z");
		await expect(lesson.output("slice-z").locator("canvas")).toBeVisible();
		await lesson.type("is-spatial-image", "2 ** 10");
		await lesson.run("is-spatial-image");
		await expect(lesson.output("is-spatial-image")).toHaveText("1024");
		expect(foreign, "requests that leave the site").toEqual([]);
		expect(
			server.missing.filter((path) => !path.endsWith("favicon.ico")),
			"files that are not there",
		).toEqual([]);
		expect(lesson.errors).toEqual([]);
		server.close();
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
