/** The multiscale viewer in Firefox. Skipped, saying so, where no Firefox is installed. */
import type { Browser, Page } from "puppeteer-core";
import { openImage } from "../support/view-image.ts";
import { findFirefox, openFirefox, untilText, withMouse } from "./firefox.ts";
import { expect, test } from "./site.ts";
import { gallery, phantom } from "./viewer-page.ts";

const firefox = findFirefox();
test.skip(!firefox, "no Firefox is installed (Debian: firefox-esr; elsewhere set FIREFOX_PATH)");

let browser: Browser;
test.beforeAll(async () => {
	browser = await openFirefox(firefox as string, withMouse);
});
test.afterAll(async () => {
	await browser?.close();
});

const host = "#phantom-viewer";
const attribute = (page: Page, name: string) =>
	page.$eval(host, (element, key) => element.getAttribute(key), name);
const settled = (page: Page) => page.waitForSelector(`${host}[data-busy=false]`, { timeout: 60_000 });
const at = (page: Page) => page.$eval(`${host} .cw-viewer-readout`, (readout) => readout.textContent ?? "");

/** Grey values of the picture that is saved; the file itself is taken on its way. */
async function picture(page: Page): Promise<{ width: number; height: number; grey: number[] }> {
	return page.evaluate(async (viewer) => {
		const own = URL.createObjectURL;
		const saved = new Promise<Blob>((resolve) => {
			URL.createObjectURL = (blob) => {
				resolve(blob as Blob);
				return own.call(URL, blob);
			};
		});
		document.querySelector<HTMLElement>(`${viewer} [data-act=picture]`)?.click();
		const bitmap = await createImageBitmap(await saved);
		URL.createObjectURL = own;
		const { width, height } = bitmap;
		const context = new OffscreenCanvas(width, height).getContext("2d") as OffscreenCanvasRenderingContext2D;
		context.drawImage(bitmap, 0, 0);
		const { data } = context.getImageData(0, 0, width, height);
		return { width, height, grey: Array.from({ length: width * height }, (_, i) => data[4 * i]) };
	}, host);
}

test("12: Firefox: the viewer draws the values that are stored, is moved by keys and mouse, and shows the volume", async ({
	site,
}) => {
	test.slow();
	const page = await browser.newPage();
	const errors: string[] = [];
	page.on("pageerror", (error) => errors.push(String(error)));
	await page.setViewport({ width: 1000, height: 800 });
	const image = await openImage(phantom);
	const [z, y, x] = [60, 100, 180];
	const zoom = 4 / image.scale(0)[2];
	const place = image.position(0, [z, y, x], 0.5).join(",");
	const view = `at=${place}&zoom=${zoom}&level=0&show=plane&c=0:0:1500:ffffff`;
	await page.goto(`${site.url}${gallery}${host}?${view}`);
	await settled(page);
	expect(await attribute(page, "data-renderer")).toMatch(/^(WebGL2|canvas)$/);
	await page.$eval(`${host} input[name=borders]`, (box) => (box as HTMLInputElement).click());
	const { width, height, grey } = await picture(page);
	const plane = await image.plane(0, z);
	const wrong: string[] = [];
	for (let row = -8; row < 8; row++) {
		for (let column = -12; column < 12; column++) {
			const value = plane.at(y + row + 1, x + column + 1);
			const shown =
				grey[(Math.round(height / 2) + row * 4 + 2) * width + Math.round(width / 2) + column * 4 + 2];
			if (Math.abs(shown - (Math.min(1500, value) / 1500) * 255) > 2)
				wrong.push(`${row},${column}: ${shown}`);
		}
	}
	expect(wrong).toEqual([]);
	await page.focus(`${host} [data-plane=xy]`);
	await page.keyboard.press("ArrowRight");
	await settled(page);
	const right = await at(page);
	expect(right).toMatch(/x [\d.]+/);
	await page.keyboard.press("PageDown");
	expect(await at(page)).not.toBe(right);
	const panel = await (await page.$(`${host} [data-plane=xy]`))?.boundingBox();
	if (!panel) throw new Error("there is no panel");
	const before = await picture(page);
	await page.mouse.move(panel.x + 200, panel.y + 100);
	await page.mouse.down();
	await page.mouse.move(panel.x + 140, panel.y + 120, { steps: 4 });
	await page.mouse.up();
	await settled(page);
	const after = await picture(page);
	// What was drawn is 60 points further to the left, 20 further down.
	const [row, column] = [Math.round(height / 2), Math.round(width / 2)];
	const part = ({ grey: of }: typeof after, dy: number, dx: number) =>
		Array.from({ length: 80 }, (_, i) => {
			const from = (row - 40 + i + dy) * width + column - 60 + dx;
			return of.slice(from, from + 120);
		});
	expect(part(after, 20, -60)).toEqual(part(before, 0, 0));
	expect(part(after, 0, 0)).not.toEqual(part(before, 0, 0));
	await page.$eval(`${host} input[value=volume]`, (radio) => (radio as HTMLInputElement).click());
	// Drawn, or the way out in words.
	await untilText(page, `${host} .cw-viewer-note`, "olume");
	const note = await page.$eval(`${host} .cw-viewer-note`, (element) => element.textContent ?? "");
	if (/line of sight/.test(note)) {
		await settled(page);
		await expect
			.poll(async () => (await picture(page)).grey.reduce((most, value) => Math.max(most, value), 0))
			.toBeGreaterThan(60);
	} else expect(note).toContain("The planes show the same image");
	expect(errors).toEqual([]);
});
