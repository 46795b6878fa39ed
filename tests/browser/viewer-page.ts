/** A viewer in a page for the tests: opened, moved, its picture read; and a server that counts, delays and fails. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Locator, Page } from "playwright/test";
import { dist } from "./pages.ts";
import { test as base, expect } from "./site.ts";

export { expect };

export const page404 = "no such key";
export const phantom = join(dist, "data/phantom.ome.zarr");

/** Serves an image's folder with every request counted, and as slow or as broken as a test wants. */
export class ImageServer {
	folder = phantom;
	readonly asked: string[] = [];
	bytes = 0;
	delay = 0;
	/** Says how a key is answered: "absent", "broken", or as it is. */
	rule: (key: string) => "absent" | "broken" | undefined = () => undefined;
	/** Chunks are answered when this is: never, until a test says so. */
	held: Promise<void> = Promise.resolve();
	readonly #server: Server;

	constructor() {
		this.#server = createServer(async (request, response) => {
			const key = decodeURIComponent((request.url ?? "").slice(1));
			const cors = { "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store" };
			this.asked.push(key);
			if (this.delay > 0 && /\/c\//.test(key))
				await new Promise((resolve) => setTimeout(resolve, this.delay));
			if (/\/c\//.test(key)) await this.held;
			const rule = this.rule(key);
			let body: Buffer | undefined;
			try {
				body = readFileSync(join(this.folder, key));
			} catch {
				// Answered as absent.
			}
			if (rule === "broken") response.writeHead(400, cors).end("no");
			else if (!body || rule === "absent") response.writeHead(404, cors).end(page404);
			else {
				this.bytes += body.byteLength;
				response.writeHead(200, { ...cors, "Content-Length": body.byteLength }).end(body);
			}
		});
	}

	async start(): Promise<void> {
		await new Promise<void>((resolve) => this.#server.listen(0, "127.0.0.1", resolve));
	}

	get url(): string {
		return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
	}

	get chunks(): string[] {
		return this.asked.filter((key) => /\/c\//.test(key));
	}

	async close(): Promise<void> {
		this.#server.closeAllConnections();
		await new Promise((resolve) => this.#server.close(resolve));
	}
}

export const gallery = "guide/figures/";

export const test = base.extend<{ images: ImageServer; viewer: Viewer }>({
	// biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of a fixture's needs from this pattern
	images: async ({}, use) => {
		const server = new ImageServer();
		await server.start();
		await use(server);
		await server.close();
	},
	viewer: async ({ page, site }, use) => {
		const errors: string[] = [];
		page.on("pageerror", (error) => errors.push(error.message));
		await use(new Viewer(page, site.url));
		expect(errors, "errors of the page").toEqual([]);
	},
});

export class Viewer {
	readonly page: Page;
	readonly root: string;

	constructor(page: Page, root: string) {
		this.page = page;
		this.root = root;
	}

	get host(): Locator {
		return this.page.locator("#phantom-viewer");
	}

	panel(name: string): Locator {
		return this.host.locator(`.cw-viewer-panel[data-plane=${name}]`);
	}

	/** Opens the gallery, and in its viewer the image at an address. */
	async open(address?: string, hash = ""): Promise<void> {
		await this.page.goto(this.root + gallery + hash);
		await this.host.scrollIntoViewIfNeeded();
		if (address !== undefined) {
			// The gallery's line, with another address in it.
			await this.host.locator("> script").evaluate((script, source) => {
				script.textContent = JSON.stringify({ source });
			}, address);
		}
		if (hash === "") await this.host.getByRole("button", { name: "Look at the image" }).click();
		await this.settled();
	}

	/** Waits until all that the view needs has come, or failed. */
	async settled(): Promise<void> {
		await expect(this.host).toHaveAttribute("data-busy", "false", { timeout: 60_000 });
	}

	cost(name: string): Locator {
		return this.host.locator(`[data-cost=${name}]`);
	}

	async key(panel: string, ...keys: string[]): Promise<void> {
		await this.panel(panel).focus();
		for (const key of keys) await this.page.keyboard.press(key);
		await this.settled();
	}

	/** The saved picture: red, green and blue of its pixels, row by row, and its grey values. */
	async picture(): Promise<{ width: number; height: number; grey: Uint8Array; rgb: Uint8Array }> {
		const saving = this.page.waitForEvent("download");
		await this.host.getByRole("button", { name: "Save picture" }).click();
		const file = readFileSync(await (await saving).path()).toString("base64");
		const { width, height, text } = await this.page.evaluate(async (content) => {
			const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
			const bitmap = await createImageBitmap(new Blob([bytes]));
			const { width, height } = bitmap;
			const canvas = new OffscreenCanvas(width, height);
			const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
			context.drawImage(bitmap, 0, 0);
			const { data } = context.getImageData(0, 0, width, height);
			// As text: a list of a million numbers takes seconds on its way.
			let text = "";
			for (let i = 0; i < data.length; i += 4) text += String.fromCharCode(data[i], data[i + 1], data[i + 2]);
			return { width, height, text: btoa(text) };
		}, file);
		const rgb = Buffer.from(text, "base64");
		return { width, height, rgb, grey: rgb.filter((_, i) => i % 3 === 0) };
	}

	/** The words for a screen reader, and what the stage says in place of an image. */
	get status(): Locator {
		return this.host.locator(".cw-fig-status");
	}

	get message(): Locator {
		return this.host.locator(".cw-viewer-message");
	}

	/** Copies the link, and gives it. */
	async link(): Promise<string> {
		await this.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		await this.host.getByRole("button", { name: "Copy link" }).click();
		await expect(this.host.locator(".cw-viewer-done")).toContainText("The link is copied.");
		return this.page.evaluate(() => navigator.clipboard.readText());
	}

	/** Takes WebGL2 away from the pages to come. */
	async withoutWebgl(): Promise<void> {
		await this.page.addInitScript(() => {
			const own = HTMLCanvasElement.prototype.getContext as (...args: unknown[]) => unknown;
			HTMLCanvasElement.prototype.getContext = function (
				this: HTMLCanvasElement,
				type: string,
				...rest: unknown[]
			) {
				return type === "webgl2" ? null : own.call(this, type, ...rest);
			} as typeof HTMLCanvasElement.prototype.getContext;
		});
	}

	/** Draws nothing but the picture: no borders of chunks. */
	async bare(): Promise<void> {
		await this.host.locator("input[name=borders]").uncheck();
	}
}

/** "1 024 chunks, 512 MiB …" */
export async function chunksIn(place: Locator): Promise<number> {
	const [, count] = /^([\d\s]+)chunk/.exec((await place.textContent()) ?? "") ?? [];
	return Number(count?.replaceAll(/\s/g, ""));
}
