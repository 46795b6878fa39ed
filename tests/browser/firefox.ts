/** A Firefox for the tests: the machine's own, driven by WebDriver BiDi. Playwright drives only builds of its own. */
import { existsSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

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

export function openFirefox(executablePath: string): Promise<Browser> {
	return puppeteer.launch({ browser: "firefox", executablePath, headless: true, protocolTimeout: 120_000 });
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
