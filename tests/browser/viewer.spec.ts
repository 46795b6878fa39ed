/** The multiscale viewer: what it draws, what it costs by the server's own count, and what hands, keys and ears get. */
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Locator, Page } from "playwright/test";
import { openImage } from "../support/view-image.ts";
import { violations } from "./axe.ts";
import { dist } from "./pages.ts";
import { test as base, expect } from "./site.ts";

const page404 = "no such key";

/** Serves the phantom's folder with every request counted, and as slow or as broken as a test wants. */
class ImageServer {
	readonly asked: string[] = [];
	bytes = 0;
	delay = 0;
	/** Says how a key is answered: "absent", "broken", or as it is. */
	rule: (key: string) => "absent" | "broken" | undefined = () => undefined;
	readonly #server: Server;

	constructor() {
		this.#server = createServer(async (request, response) => {
			const key = decodeURIComponent((request.url ?? "").slice(1));
			const cors = { "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store" };
			this.asked.push(key);
			if (this.delay > 0 && /\/c\//.test(key))
				await new Promise((resolve) => setTimeout(resolve, this.delay));
			const rule = this.rule(key);
			let body: Buffer | undefined;
			try {
				body = readFileSync(join(dist, "data/phantom.ome.zarr", key));
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

const gallery = "guide/figures/";

const test = base.extend<{ images: ImageServer; viewer: Viewer }>({
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

class Viewer {
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

	/** The saved picture's grey values, row by row. */
	async picture(): Promise<{ width: number; height: number; grey: number[] }> {
		const saving = this.page.waitForEvent("download");
		await this.host.getByRole("button", { name: "Save picture" }).click();
		const file = readFileSync(await (await saving).path()).toString("base64");
		return this.page.evaluate(async (content) => {
			const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
			const bitmap = await createImageBitmap(new Blob([bytes]));
			const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
			const context = canvas.getContext("2d") as OffscreenCanvasRenderingContext2D;
			context.drawImage(bitmap, 0, 0);
			const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
			return {
				width: bitmap.width,
				height: bitmap.height,
				grey: Array.from({ length: bitmap.width * bitmap.height }, (_, i) => data[4 * i]),
			};
		}, file);
	}

	/** Draws nothing but the picture: no borders of chunks. */
	async bare(): Promise<void> {
		await this.host.locator("input[name=borders]").uncheck();
	}
}

/** "1 024 chunks, 512 MiB …" */
async function chunksIn(place: Locator): Promise<number> {
	const [, count] = /^([\d\s]+)chunk/.exec((await place.textContent()) ?? "") ?? [];
	return Number(count?.replaceAll(/\s/g, ""));
}

test("10: viewer: nothing is loaded before the reader asks, then only the chunks that are seen", async ({
	viewer,
	images,
}) => {
	const asked: string[] = [];
	viewer.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
	await viewer.page.goto(viewer.root + gallery);
	await viewer.host.scrollIntoViewIfNeeded();
	await viewer.page.waitForLoadState("networkidle");
	expect(asked.filter((path) => /phantom\.ome\.zarr|viewer|worker/.test(path))).toEqual([]);
	await viewer.open(images.url);
	expect(new Set(images.chunks).size).toBe(images.chunks.length);
	await expect(viewer.cost("needed")).toContainText("all there");
	expect(images.chunks.length).toBeLessThanOrEqual(1.2 * (await chunksIn(viewer.cost("needed"))));
	// What the viewer says is what the server counted.
	await expect(viewer.cost("fetched")).toContainText(`in ${images.asked.length} requests`);
	await expect(viewer.host.locator(".cw-fig-status")).toContainText(
		/scale level \d of 3\. All of it is there\./,
	);
});

for (const kind of ["WebGL2", "canvas"] as const) {
	test(`10: viewer: draws the values that are stored, by ${kind}`, async ({ viewer }) => {
		if (kind === "canvas") {
			await viewer.page.addInitScript(() => {
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
		const image = await openImage(join(dist, "data/phantom.ome.zarr"));
		// An element of level 0 on 4 pixels, its corner on the panel's middle.
		const [z, y, x] = [60, 100, 180];
		const at = image.position(0, [z, y, x], 0.5);
		const zoom = 4 / image.scale(0)[2];
		const view = `at=${at.join(",")}&zoom=${zoom}&level=0&show=plane&c=0:0:60000:ffffff`;
		await viewer.open(undefined, `#phantom-viewer?${view}`);
		await expect(viewer.host).toHaveAttribute("data-renderer", kind);
		await viewer.bare();
		const { width, height, grey } = await viewer.picture();
		const plane = await image.plane(0, z);
		const [middleX, middleY] = [Math.round(width / 2), Math.round(height / 2)];
		const wrong: string[] = [];
		for (let row = -8; row < 8; row++) {
			for (let column = -12; column < 12; column++) {
				const value = plane.at(y + row + 1, x + column + 1);
				const shown = grey[(middleY + row * 4 + 2) * width + middleX + column * 4 + 2];
				const wanted = (Math.min(60000, value) / 60000) * 255;
				if (Math.abs(shown - wanted) > 2) wrong.push(`${row},${column}: ${shown}, not ${wanted.toFixed(1)}`);
			}
		}
		expect(wrong).toEqual([]);
	});
}

test("10: viewer: the level follows the zoom, and a fixed level shows what it costs", async ({ viewer }) => {
	await viewer.open();
	await viewer.host.getByRole("radio", { name: "one plane" }).check();
	await viewer.key("xy", "0");
	const first = Number(await viewer.host.getAttribute("data-level"));
	await viewer.key("xy", "-", "-");
	expect(Number(await viewer.host.getAttribute("data-level"))).toBeGreaterThanOrEqual(first);
	await viewer.key("xy", "0", "+", "+", "+", "+", "+", "+");
	await expect(viewer.host).toHaveAttribute("data-level", "0");
	const few = await chunksIn(viewer.cost("needed"));
	await viewer.key("xy", "0");
	await viewer.host.locator("select[name=level]").selectOption("0");
	await viewer.settled();
	await expect(viewer.host).toHaveAttribute("data-level", "0");
	expect(await chunksIn(viewer.cost("needed"))).toBeGreaterThan(few);
});

test("10: viewer: three planes cross at one place, which moves with each of them", async ({ viewer }) => {
	await viewer.open();
	await viewer.key("xy", "+", "+", "+");
	const link = async () => {
		await viewer.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
		await viewer.host.getByRole("button", { name: "Copy link" }).click();
		await expect(viewer.host.locator(".cw-viewer-done")).toHaveText("The link is copied.");
		const text = await viewer.page.evaluate(() => navigator.clipboard.readText());
		const at = new URLSearchParams(text.split("?")[1]).get("at") ?? "";
		return { text, at: at.split(",").map(Number) };
	};
	const before = await link();
	await viewer.key("zy", "ArrowRight");
	const moved = await link();
	// To the right in this panel is deeper in z; y and x stay.
	expect(moved.at[0]).toBeGreaterThan(before.at[0]);
	expect(moved.at.slice(1)).toEqual(before.at.slice(1));
	await viewer.key("xz", "PageDown");
	const through = await link();
	expect(through.at[1]).toBeGreaterThan(moved.at[1]);
	await viewer.panel("xy").scrollIntoViewIfNeeded();
	const box = await viewer.panel("xy").boundingBox();
	if (!box) throw new Error("there is no panel");
	await viewer.page.mouse.move(box.x + 100, box.y + 100);
	await viewer.page.mouse.down();
	await viewer.page.mouse.move(box.x + 60, box.y + 130, { steps: 4 });
	await viewer.page.mouse.up();
	const dragged = await link();
	expect(dragged.at[2]).toBeGreaterThan(through.at[2]);
	expect(dragged.at[1]).toBeLessThan(through.at[1]);
	// The link brings the same view back.
	await viewer.page.goto("about:blank");
	await viewer.page.goto(dragged.text);
	await viewer.settled();
	expect((await link()).at).toEqual(dragged.at);
});

test("10: viewer: what is wanted no more is given up, what failed is told and asked for again", async ({
	viewer,
	images,
}) => {
	await viewer.open(images.url);
	images.delay = 400;
	await viewer.host.getByRole("button", { name: "Forget chunks" }).click();
	await viewer.panel("xy").focus();
	for (let i = 0; i < 5; i++) await viewer.page.keyboard.press("Shift+PageDown");
	await viewer.settled();
	await expect(viewer.cost("fetched")).toContainText("given up");
	images.delay = 0;
	images.rule = (key) => (key.includes("/c/") ? "broken" : undefined);
	await viewer.host.getByRole("button", { name: "Forget chunks" }).click();
	await viewer.settled();
	const status = viewer.host.locator(".cw-fig-status");
	await expect(status).toContainText("could not be read");
	images.rule = () => undefined;
	await viewer.host.getByRole("button", { name: "Ask again" }).click();
	await viewer.settled();
	await expect(status).toContainText("All of it is there");
});

test("10: viewer: a chunk that is not stored is drawn as nothing, and asked for once", async ({
	viewer,
	images,
}) => {
	images.rule = (key) => (key.includes("/c/") ? "absent" : undefined);
	await viewer.open(images.url);
	await expect(viewer.cost("needed")).toContainText("all there");
	const asked = images.chunks.length;
	await viewer.key("xy", "PageDown", "PageUp");
	expect(images.chunks.length).toBe(asked);
});

test("10: viewer: an address where no image is says what is wrong and what to do", async ({ viewer }) => {
	await viewer.page.goto(viewer.root + gallery);
	const vast = viewer.page.locator("#vast-viewer");
	await vast.scrollIntoViewIfNeeded();
	await viewer.page.route("**/data/phantom.ome.zarr/**", (route) =>
		route.fulfill({ status: 404, body: page404 }),
	);
	await viewer.host.getByRole("button", { name: "Look at the image" }).click();
	const message = viewer.host.locator(".cw-viewer-message");
	await expect(message).toHaveAttribute("data-error", "true");
	await expect(message).toContainText(/zarr\.json|Zarr/);
	// The way out: another address.
	await expect(viewer.host.getByLabel("Address of an OME-Zarr or N5")).toBeVisible();
});

test("10: viewer: a tebibyte costs what the screen shows, wherever one goes", async ({ viewer }) => {
	test.slow();
	await viewer.page.goto(viewer.root + gallery);
	const vast = viewer.page.locator("#vast-viewer");
	await vast.getByRole("button", { name: "Look at the image" }).click();
	const settled = () => expect(vast).toHaveAttribute("data-busy", "false", { timeout: 90_000 });
	await settled();
	await vast.getByRole("radio", { name: "one plane" }).check();
	await expect(vast.locator("[data-cost=whole]")).toContainText("1.00 TiB");
	const panel = vast.locator(".cw-viewer-panel[data-plane=xy]");
	const counts: number[] = [];
	for (const keys of [
		["0"],
		["+", "+", "+", "+"],
		["ArrowRight", "+", "+", "+", "+"],
		["ArrowDown", "+", "+"],
	]) {
		await panel.focus();
		for (const key of keys) await viewer.page.keyboard.press(key);
		await settled();
		counts.push(await chunksIn(vast.locator("[data-cost=needed]")));
	}
	// A panel of 744 × 465 pixels: at most 13 × 9 chunks of 64, whatever the zoom.
	expect(Math.max(...counts)).toBeLessThanOrEqual(13 * 9);
	await expect(vast.locator("[data-cost=kept]")).toContainText("MiB");
});

test("10: viewer: the volume is drawn, and turned by keys", async ({ viewer }) => {
	test.slow();
	await viewer.open();
	await viewer.host.getByRole("radio", { name: "volume" }).check();
	await expect(viewer.host.locator(".cw-viewer-note")).toContainText(/Scale level 0: 129 × 212 × 363 voxels/);
	await viewer.settled();
	const bright = async () => {
		const { grey } = await viewer.picture();
		return { sum: grey.reduce((a, b) => a + b, 0), most: grey.reduce((a, b) => Math.max(a, b), 0) };
	};
	await expect.poll(async () => (await bright()).most).toBeGreaterThan(200);
	const front = await bright();
	await viewer.key("volume", "ArrowRight", "ArrowRight", "ArrowDown");
	await expect.poll(async () => Math.abs((await bright()).sum - front.sum)).toBeGreaterThan(0);
});

for (const colorScheme of ["dark", "light"] as const) {
	test(`10: viewer: fits a phone, and axe finds nothing, ${colorScheme}`, async ({ viewer }) => {
		await viewer.page.emulateMedia({ colorScheme });
		await viewer.page.setViewportSize({ width: 360, height: 740 });
		await viewer.open();
		expect(await violations(viewer.page)).toEqual([]);
		const beyond = await viewer.page.evaluate(
			() => document.documentElement.scrollWidth - document.documentElement.clientWidth,
		);
		expect(beyond).toBeLessThanOrEqual(0);
	});
}

test("10: viewer: a cell shows what it has computed", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.type(
		"download",
		`import { toMultiscale, toSpatialImage, view } from "chunkwise";
const data = Uint16Array.from({ length: 64 * 64 * 64 }, (_, i) => i % 1000);
view(await toMultiscale(toSpatialImage({ data, shape: [64, 64, 64] }), [2], { chunks: 32 }))`,
	);
	await lesson.run("download");
	const viewer = lesson.output("download").locator("[data-figure=viewer]");
	await expect(viewer).toHaveAttribute("data-busy", "false");
	await expect(viewer.locator(".cw-fig-status")).toContainText("in memory");
	await expect(viewer.locator("[data-cost=whole]")).toContainText("8 chunks, 512.00");
});
