/** The built site, served for one test file by a plain static server, and what tests do with a lesson's cells. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect, type Locator, type Page } from "playwright/test";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";

const dist = join(import.meta.dirname, "../../dist");
export const lessonPath = "lessons/tiff-to-ome-zarr/";

/** An address where nothing answers: as if the original's host could not be reached. */
export const nowhere = "http://127.0.0.1:9/original.tif";

export const test = base.extend<{ lesson: Lesson }, { site: ServedFolder }>({
	site: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
		async ({}, use) => {
			if (!existsSync(join(dist, "index.html"))) throw new Error("dist/ is absent: run npm run build first");
			const site = await serveFolder(dist, { port: 0 });
			await use(site);
			await site.close();
		},
		{ scope: "worker" },
	],
	lesson: async ({ page, site }, use) => {
		const lesson = new Lesson(page, site.url);
		await use(lesson);
		expect(lesson.errors, "errors of the page").toEqual([]);
	},
});

export { expect };

/** A lesson opened in a browser. */
export class Lesson {
	readonly page: Page;
	readonly root: string;
	/** Uncaught errors of the page itself. */
	readonly errors: string[] = [];

	constructor(page: Page, root: string) {
		this.page = page;
		this.root = root;
		page.on("pageerror", (error) => this.errors.push(error.message));
	}

	/** Opens the lesson with the site's settings replaced, as a host would by editing chunkwise.json. */
	async open(
		samples: { hl60Url?: string; prefer?: string } = { hl60Url: nowhere },
		path = lessonPath,
	): Promise<void> {
		await this.page.route("**/chunkwise.json", (route) => route.fulfill({ json: { samples } }));
		await this.page.goto(this.root + path);
	}

	cell(id: string): Locator {
		return this.page.locator(`#cell-${id}`);
	}

	output(id: string): Locator {
		return this.cell(id).locator("[data-part=output]");
	}

	async press(id: string): Promise<void> {
		await this.cell(id).locator("[data-part=run]").click();
	}

	async expectState(id: string, state: string | RegExp, timeout = 60_000): Promise<void> {
		await expect(this.cell(id)).toHaveAttribute("data-state", state, { timeout });
	}

	async run(id: string, timeout?: number): Promise<void> {
		await this.press(id);
		await this.expectState(id, "done", timeout);
	}

	/** Replaces a cell's code through its editor, in one line or in several that close no bracket by themselves. */
	async type(id: string, source: string): Promise<void> {
		await this.#selectAll(id);
		await this.page.keyboard.insertText(source);
	}

	/** The same with any text: the editor indents nothing and closes no bracket of what is pasted. */
	async paste(id: string, source: string): Promise<void> {
		await this.#selectAll(id);
		await this.page.evaluate((text) => {
			const clipboardData = new DataTransfer();
			clipboardData.setData("text/plain", text);
			const event = new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true });
			document.activeElement?.dispatchEvent(event);
		}, source);
	}

	async #selectAll(id: string): Promise<void> {
		const editor = this.cell(id).locator(".monaco-editor");
		if (await editor.isVisible()) {
			await editor.click();
		} else {
			await this.cell(id).locator("[data-part=code]").focus();
			await this.page.keyboard.press("Enter");
			// Monaco takes the text area's place when it has loaded; typing before that would be lost to the test only.
			await expect(editor.locator(".view-line").first()).toBeVisible();
		}
		await this.page.keyboard.press("ControlOrMeta+A");
	}
}
