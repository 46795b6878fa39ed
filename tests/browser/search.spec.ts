import { expect, lessonPath, test } from "./site.ts";

test("the search box is loaded when the search is opened, by the keyboard too, and finds a lesson", async ({
	page,
	site,
}) => {
	const scripts: string[] = [];
	page.on("request", (request) => {
		if (/\.js$/.test(request.url())) scripts.push(new URL(request.url()).pathname);
	});
	await page.goto(site.url + lessonPath, { waitUntil: "networkidle" });
	const before = scripts.length;
	expect(scripts.filter((name) => /pagefind|ui-core/.test(name))).toEqual([]);
	await page.keyboard.press("Control+k");
	const input = page.getByRole("dialog").getByRole("textbox");
	await expect(input).toBeFocused();
	expect(scripts.length).toBeGreaterThan(before);
	await input.fill("pyramid");
	await expect(
		page
			.getByRole("dialog")
			.getByRole("link", { name: /pyramids/ })
			.first(),
	).toBeVisible();
	await page.keyboard.press("Escape");
	await expect(page.getByRole("dialog")).toBeHidden();
});

test("a search box that cannot be loaded says so, and the next opening tries again", async ({
	page,
	site,
}) => {
	await page.goto(site.url + lessonPath, { waitUntil: "networkidle" });
	await page.context().setOffline(true);
	await page.getByRole("button", { name: "Search" }).click();
	await expect(page.getByRole("dialog")).toContainText("could not be loaded");
	await page.keyboard.press("Escape");
	await page.context().setOffline(false);
	await page.getByRole("button", { name: "Search" }).click();
	await expect(page.getByRole("dialog").getByRole("textbox")).toBeFocused();
});
