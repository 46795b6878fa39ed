import { readFileSync } from "node:fs";
import { violations } from "./axe.ts";
import { expect, test } from "./site.ts";

// The text area of a touch screen: quick to open, and the same to the notebook.
test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

const cells = "chunkwise-playground chunkwise-cell";

test("13: playground: cells are added, named, moved and deleted, with undo, and all of it is kept", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" }, "playground/");
	await expect(page.locator(cells)).toHaveCount(1);
	const write = async (at: number, source: string) => {
		const cell = page.locator(cells).nth(at);
		await cell.locator("[data-part=code]").focus();
		await page.keyboard.press("Enter");
		await cell.locator("textarea").fill(source);
	};
	const title = (at: number) => page.locator(cells).nth(at).getByLabel("Title of this cell");
	await write(0, "const a = 20;");
	await title(0).fill("First");
	await page.getByRole("button", { name: "Add a cell", exact: true }).click();
	await expect(page.locator(cells)).toHaveCount(2);
	await expect(page.locator(cells).nth(1).locator("[data-part=code]")).toBeFocused();
	await write(1, "a + 22");
	await title(1).fill("Second");
	await title(1).blur();
	// The cell above runs first, as in a lesson.
	await page.locator(cells).nth(1).locator("[data-part=run]").click();
	await expect(page.locator(cells).nth(1).locator("[data-part=output]")).toContainText("42");
	await expect(page.locator(cells).nth(0)).toHaveAttribute("data-state", "done");

	await page
		.locator(cells)
		.nth(1)
		.getByRole("button", { name: /Move up/ })
		.click();
	await expect(title(0)).toHaveValue("Second");
	await page.locator(cells).nth(1).getByRole("button", { name: "Delete this cell" }).click();
	await expect(page.locator(cells)).toHaveCount(1);
	await expect(page.getByRole("button", { name: "Undo" })).toBeFocused();
	await page.keyboard.press("Enter");
	await expect(page.locator(cells)).toHaveCount(2);
	await expect(title(1)).toHaveValue("First");
	await expect(page.locator(cells).nth(1)).toContainText("const a = 20;");
	expect(await violations(page)).toEqual([]);

	await page.reload();
	await expect(page.locator(cells)).toHaveCount(2);
	await expect(title(0)).toHaveValue("Second");
	await expect(title(1)).toHaveValue("First");
	await expect(page.locator(cells).nth(0)).toContainText("a + 22");
	await expect(page.locator(cells).nth(1)).toContainText("const a = 20;");
	expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});

test("13: playground: the keyboard adds cells above and below, moves and deletes them", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" }, "playground/");
	const titles = () =>
		page.locator(cells).evaluateAll((all) => all.map((cell) => (cell as HTMLElement).dataset.title));
	const first = page.locator(cells).first();
	await first.getByLabel("Title of this cell").fill("One");
	await page.keyboard.press("Enter");
	await expect.poll(titles).toEqual(["One"]);
	await first.locator("[data-part=code]").focus();
	await page.keyboard.press("b");
	await expect.poll(titles).toEqual(["One", "Untitled"]);
	await expect(page.locator(cells).nth(1).locator("[data-part=code]")).toBeFocused();
	await page.keyboard.press("Alt+ArrowUp");
	await expect.poll(titles).toEqual(["Untitled", "One"]);
	await expect(page.locator(cells).nth(0).locator("[data-part=code]")).toBeFocused();
	await page.keyboard.press("Delete");
	await expect.poll(titles).toEqual(["One"]);
	await expect(page.getByText("“Untitled” was deleted.", { exact: true })).toBeVisible();
});

test("13: playground: a lesson's cell is copied here with the cells it needs, and runs", async ({
	lesson,
}) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" }, "guide/elements/");
	const count = page.locator("#cell-count");
	await count.locator("[data-part=run]").click();
	await expect(count).toHaveAttribute("data-state", "done");
	await count.getByRole("button", { name: "Copy to playground" }).click();
	const note = count.locator(".cw-tool-note");
	await expect(note).toContainText(
		"This cell’s code and that of the cell it needs are at the end of your playground",
	);
	expect(await violations(page)).toEqual([]);
	await note.getByRole("link", { name: "Open the playground" }).click();
	await expect(page.locator(cells)).toHaveCount(2);
	await expect(page.locator(cells).nth(0).getByLabel("Title of this cell")).toHaveValue("An array’s shape");
	await page.locator(cells).nth(1).locator("[data-part=run]").click();
	await expect(page.locator(cells).nth(1).locator("[data-part=output]")).toContainText("72");
	// It is no lesson: neither mark nor progress.
	await expect(page.locator("#starlight__sidebar a[href$='playground/'] .cw-mark")).toHaveCount(0);
	const keys = await page.evaluate(() => Object.keys(localStorage));
	expect(keys.filter((key) => key.includes("progress playground"))).toEqual([]);
});

test("13: playground: taken away as files and links, emptied with a way back", async ({
	lesson,
	context,
}) => {
	await context.grantPermissions(["clipboard-read", "clipboard-write"]);
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" }, "playground/");
	await page.getByRole("button", { name: "Write a Zarr by hand" }).click();
	await expect(page.locator(cells)).toHaveCount(2);
	await page.getByRole("button", { name: "Your work" }).click();
	const dialog = page.getByRole("dialog", { name: "Your notebook" });
	await expect(dialog).not.toContainText("cells run");
	expect(await violations(page)).toEqual([]);
	const [script] = await Promise.all([
		page.waitForEvent("download"),
		dialog.getByRole("button", { name: "TypeScript file" }).click(),
	]);
	expect(script.suggestedFilename()).toBe("playground.ts");
	const text = readFileSync(await script.path(), "utf8");
	expect(text).toMatch(/npm install http:\/\/\S+\/data\/chunkwise\.tgz/);
	expect(text).toMatch(
		/\/\/ ── An array of two chunks ──[\s\S]*\/\/ ── Read it back ──[\s\S]*display\(await array\.read\(\)\);/,
	);
	expect(text).not.toContain("begin with");
	await dialog.getByRole("button", { name: "Copy a link" }).click();
	await expect(dialog).toContainText("Copied: a link of");
	const address = await page.evaluate(() => navigator.clipboard.readText());
	await dialog.getByRole("button", { name: "Empty the notebook" }).click();
	await dialog.getByRole("button", { name: "Yes, empty it" }).click();
	await expect(page.locator(cells)).toHaveCount(1);
	await dialog.getByRole("button", { name: "Undo" }).click();
	await expect(page.locator(cells)).toHaveCount(2);
	await expect(page.locator(cells).nth(0)).toContainText("zarr_format: 3");
	await dialog.getByRole("button", { name: "Empty the notebook" }).click();
	await dialog.getByRole("button", { name: "Yes, empty it" }).click();
	await page.keyboard.press("Escape");
	await expect(page.locator(cells)).toHaveCount(1);
	await page.reload();
	await expect(page.locator(cells)).toHaveCount(1);
	// The link brings the titles too, and runs nothing.
	await page.goto(lesson.root);
	await page.goto(address);
	await expect(page.locator(cells)).toHaveCount(3);
	await expect(page.locator(cells).nth(2).getByLabel("Title of this cell")).toHaveValue("Read it back");
	await expect(page.getByRole("region", { name: "Code from a link" })).toContainText("2 cells");
	await page.getByRole("button", { name: "Take all" }).click();
	await expect(page.locator(cells).nth(1)).toContainText("zarr_format: 3");
	expect(await page.locator(`${cells}[data-state=done]`).count()).toBe(0);
});

test("13: playground: a cell that another tab adds comes here too", async ({ lesson, context }) => {
	const { page } = lesson;
	await lesson.open({ prefer: "phantom" }, "playground/");
	const other = await context.newPage();
	await other.goto(`${lesson.root}playground/`);
	await other.getByRole("button", { name: "Add a cell", exact: true }).click();
	await expect(other.locator(cells)).toHaveCount(2);
	await expect(page.getByText(/cells? came from another tab/)).toBeAttached();
});

for (const name of ["Open a sample image", "Write a Zarr by hand", "Make a multiscale image"]) {
	test(`13: playground: the starter “${name}” runs`, async ({ lesson }) => {
		const { page } = lesson;
		await lesson.open({ prefer: "phantom" }, "playground/");
		await page.getByRole("button", { name }).click();
		// The empty cell has given way.
		await expect(page.locator(cells)).toHaveCount(2);
		await page.getByRole("button", { name: "Run all cells" }).click();
		for (const at of [0, 1]) {
			await expect(page.locator(cells).nth(at)).toHaveAttribute("data-state", "done", { timeout: 60_000 });
			await expect(page.locator(cells).nth(at).locator("[data-part=output]")).not.toBeEmpty();
		}
	});
}
