/** A Firefox for the tests: the machine's own, driven by WebDriver BiDi. Playwright drives only builds of its own. */
import { existsSync } from "node:fs";
import puppeteer, { type Browser, type ElementHandle, type Page } from "puppeteer-core";
import { fingerprint } from "../../src/components/work/fingerprint.ts";
import { workKey } from "../../src/components/work/keys.ts";

const places = [
	"/usr/bin/firefox-esr",
	"/usr/bin/firefox",
	"/Applications/Firefox.app/Contents/MacOS/firefox",
	"C:\\Program Files\\Mozilla Firefox\\firefox.exe",
];

/** The path of an installed Firefox, if there is one; FIREFOX_PATH names another. */
export function findFirefox(): string | undefined {
	return [process.env.FIREFOX_PATH, ...places].find((path) => path !== undefined && existsSync(path));
}

/** Without a screen Firefox reports no pointer, and cells open in the text area; with these there is a mouse. */
export const withMouse = { "ui.primaryPointerCapabilities": 6, "ui.allPointerCapabilities": 6 };

/** `preferences`: as on the page about:config. */
export function openFirefox(
	executablePath: string,
	preferences: Record<string, unknown> = {},
): Promise<Browser> {
	return puppeteer.launch({
		browser: "firefox",
		executablePath,
		headless: true,
		protocolTimeout: 120_000,
		extraPrefsFirefox: preferences,
	});
}

/** A cell's state, as the page says it. */
export function stateOf(page: Page, id: string): Promise<string | undefined> {
	return page.$eval(`#cell-${id}`, (cell) => (cell as HTMLElement).dataset.state);
}

/** Waits until a cell is in one of these states. */
export async function untilState(page: Page, id: string, ...states: string[]): Promise<void> {
	await page.waitForFunction(
		(cell: string, wanted: string[]) =>
			wanted.includes(document.querySelector<HTMLElement>(`#cell-${cell}`)?.dataset.state ?? ""),
		{ timeout: 90_000 },
		id,
		states,
	);
}

/** What stands under a cell. */
export function outputOf(page: Page, id: string): Promise<string> {
	return page.$eval(`#cell-${id} [data-part=output]`, (output) => output.textContent ?? "");
}

/** Replaces a cell's code by typing, in whichever editor opens. */
export async function typeInto(page: Page, id: string, source: string): Promise<void> {
	await page.focus(`#cell-${id} [data-part=code]`);
	await page.keyboard.press("Enter");
	await page.waitForSelector(`#cell-${id} .monaco-editor .view-line, #cell-${id} textarea.cw-text-area`);
	// Monaco takes the text area's place when it has loaded, where there is a mouse.
	if (await page.evaluate(() => matchMedia("(hover: hover) and (pointer: fine)").matches))
		await page.waitForSelector(`#cell-${id} .monaco-editor .view-line`);
	await page.keyboard.down("Control");
	await page.keyboard.press("a");
	await page.keyboard.up("Control");
	await page.keyboard.type(source);
}

/** Types code into a cell, runs it, and gives what then stands under it. */
export async function runCode(page: Page, id: string, source: string): Promise<string> {
	await typeInto(page, id, source);
	await page.click(`#cell-${id} [data-part=run]`);
	await untilState(page, id, "done", "failed");
	return outputOf(page, id);
}

/** Presses the button of this text, the first one below `scope`. */
export async function press(page: Page, scope: string, text: string): Promise<void> {
	const found = await page.waitForFunction(
		(within: string, wanted: string) =>
			[...document.querySelectorAll<HTMLButtonElement>(`${within} button`)].find(
				(button) => button.checkVisibility() && !button.disabled && button.textContent?.trim() === wanted,
			),
		{ timeout: 30_000 },
		scope,
		text,
	);
	await (found as ElementHandle<HTMLButtonElement>).click();
}

/** Waits until the text of one of the elements holds these words. @throws with the text that is there */
export async function untilText(page: Page, selector: string, words: string): Promise<void> {
	const holds = (where: string, wanted: string) =>
		[...document.querySelectorAll(where)].some(({ textContent }) => textContent?.includes(wanted));
	try {
		await page.waitForFunction(holds, { timeout: 60_000 }, selector, words);
	} catch {
		const text = await page.$$eval(selector, (found) =>
			found.map(({ textContent }) => textContent).join(" | "),
		);
		throw new Error(`${selector} does not say “${words}”, but “${text}”`);
	}
}

/** Saves code in a cell as an earlier visit would have, and opens the page again. */
export async function seed(page: Page, lesson: string, cell: string, source: string): Promise<void> {
	const author = await page.$eval(
		`#cell-${cell} [data-part=spec]`,
		(spec) => (JSON.parse(spec.textContent ?? "{}") as { source: string }).source,
	);
	const saved = { v: 1, source, at: "2026-01-02T03:04:05.000Z", by: "before", of: fingerprint(author) };
	await page.evaluate(
		(key, value) => localStorage.setItem(key, value),
		workKey(lesson, cell),
		JSON.stringify(saved),
	);
	await page.reload();
}
