/** The built site, served for one test file by a plain static server, and what tests do with a lesson's cells. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test as base, expect, type Locator, type Page } from "playwright/test";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";

const dist = join(import.meta.dirname, "../../dist");
export const lessonPath = "lessons/tiff-to-ome-zarr/";

/** An address where nothing answers: as if the original's host could not be reached. */
export const nowhere = "http://127.0.0.1:9/original.tif";

/** The site's own settings, as a host or an instructor may edit them. */
export interface Samples {
	hl60Url?: string;
	prefer?: string;
}

/** What a site answers otherwise than it was built, until the test ends. */
interface Changes {
	samples?: Samples;
	/** Pages with other text, by the path of their file. */
	pages: Map<string, (html: string) => string>;
}

/** Of the sites that are served here, by address. */
const changesOf = new Map<string, Changes>();

/** Serves the built site. It is the server that changes answers: a browser whose requests are looked at is slow. */
async function serveSite(): Promise<ServedFolder> {
	if (!existsSync(join(dist, "index.html"))) throw new Error("dist/ is absent: run npm run build first");
	const site = await serveFolder(dist, {
		port: 0,
		instead: (path) => {
			const { samples, pages } = changesOf.get(site.url) ?? { pages: new Map() };
			if (path === "chunkwise.json") return samples && JSON.stringify({ samples });
			return pages.get(path)?.(readFileSync(join(dist, path), "utf8"));
		},
	});
	changesOf.set(site.url, { pages: new Map() });
	return site;
}

/** What a site that is served here answers otherwise, to be changed; undefined for one served by someone else. */
export function changesTo(root: string): Changes | undefined {
	return changesOf.get(root);
}

export const test = base.extend<{ lesson: Lesson; ownSettings: undefined }, { site: ServedFolder }>({
	site: [
		// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
		async ({}, use) => {
			const site = await serveSite();
			await use(site);
			await site.close();
		},
		{ scope: "worker" },
	],
	/** What one test sets is not the next one's. */
	ownSettings: [
		async ({ site }, use) => {
			changesOf.set(site.url, { pages: new Map() });
			await use(undefined);
		},
		{ auto: true },
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
	async open(samples: Samples = { hl60Url: nowhere }, path = lessonPath): Promise<void> {
		const changes = changesTo(this.root);
		if (changes) changes.samples = samples;
		else await this.page.route("**/chunkwise.json", (route) => route.fulfill({ json: { samples } }));
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

	/**
	 * Replaces a cell's code in the plain text area, as readers do whose device has no mouse and whose connection shall save
	 * data: for tests of what code does. Monaco and the checking of types, which editor.spec.ts shows, take seconds to come.
	 */
	async write(id: string, source: string, { types = false } = {}): Promise<void> {
		await this.page.evaluate((types) => {
			const scope = globalThis as { realMedia?: typeof matchMedia };
			if (scope.realMedia) return;
			scope.realMedia = matchMedia.bind(globalThis);
			globalThis.matchMedia = (query) =>
				(scope.realMedia as typeof matchMedia)(query.includes("pointer: fine") ? "not all" : query);
			if (!types) Object.defineProperty(navigator, "connection", { value: { saveData: true } });
		}, types);
		const area = this.cell(id).locator(".cw-text-area");
		if (!(await area.isVisible())) {
			await this.cell(id).locator("[data-part=code]").focus();
			await this.page.keyboard.press("Enter");
		}
		await area.fill(source);
	}

	/** Replaces a cell's code through its editor, in one line or in several that close no bracket by themselves. */
	async type(id: string, source: string): Promise<void> {
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
		await this.page.keyboard.insertText(source);
	}
}
