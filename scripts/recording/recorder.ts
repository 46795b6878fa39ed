/** Runs the cells of a lesson in a real browser, on the synthetic phantom, and takes what they show. */
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { build } from "vite";
import type { Frozen } from "./freeze.ts";
import type {} from "./page-side.ts";

/** The image that lessons are recorded with: it comes with the site, so a record never depends on another host. */
export const recordedSample = { prefer: "phantom", words: "synthetic phantom" };

/** Milliseconds that a lesson's cells may take together. */
const patience = 300_000;

let bundled: Promise<string> | undefined;

/** The script of `page-side.ts` as text. */
function pageSide(): Promise<string> {
	bundled ??= build({
		configFile: false,
		logLevel: "error",
		publicDir: false,
		build: {
			write: false,
			target: "es2022",
			lib: { entry: join(import.meta.dirname, "page-side.ts"), formats: ["iife"], name: "recording" },
		},
	}).then((result) => {
		const [first] = [result].flat();
		if (!("output" in first)) throw new Error("The recorder’s script was not built");
		return first.output[0].code;
	});
	return bundled;
}

/**
 * Opens a page of the built site and runs all of its cells.
 *
 * @param cells the ids of those that are taken
 * @returns what each shows
 * @throws Error where a cell fails
 */
export async function recordPage(
	browser: Browser,
	address: string,
	cells: readonly string[],
): Promise<Map<string, Frozen>> {
	const context = await browser.newContext({
		viewport: { width: 1280, height: 1000 },
		deviceScaleFactor: 2,
		reducedMotion: "reduce",
		colorScheme: "light",
		locale: "en-GB",
		timezoneId: "UTC",
	});
	try {
		const page = await context.newPage();
		await page.route("**/chunkwise.json", (route) =>
			route.fulfill({ json: { samples: { prefer: recordedSample.prefer } } }),
		);
		await page.goto(address);
		await page.getByRole("button", { name: "Run all cells" }).click();
		for (const id of cells) await finished(page, id);
		await page.waitForLoadState("networkidle");
		const taken = new Map<string, Frozen>();
		for (const id of cells) taken.set(id, await takeOutput(page, id));
		return taken;
	} finally {
		await context.close();
	}
}

/** What a cell of an open page shows now. */
export async function takeOutput(page: Page, cell: string): Promise<Frozen> {
	await page.evaluate(await pageSide());
	return page.evaluate((id) => chunkwiseRecording.freeze(id), cell);
}

async function finished(page: Page, id: string): Promise<void> {
	const cell = page.locator(`#cell-${id}`);
	await page
		.locator(`#cell-${id}:is([data-state=done], [data-state=failed], [data-state=stopped])`)
		.waitFor({ timeout: patience });
	if ((await cell.getAttribute("data-state")) !== "done") {
		throw new Error(
			`The cell “${id}” did not run to its end:\n${await cell.locator("[data-part=output]").textContent()}`,
		);
	}
	// What is drawn by a part that was loaded for it has come when nothing is empty any more.
	await page.waitForFunction(
		(name) =>
			[
				...document.querySelectorAll(
					`#cell-${name} [data-part=output] :is(.cw-picture, .cw-chart, .cw-markup, .cw-figure-host)`,
				),
			].every((host) => host.childElementCount > 0),
		id,
	);
}

/** How much two pictures differ, 0 to 255; `page` is any page, the pictures are addresses that it may show. */
export async function pictureDifference(page: Page, a: string, b: string): Promise<number> {
	await page.evaluate(await pageSide());
	return page.evaluate(([one, other]) => chunkwiseRecording.difference(one, other), [a, b]);
}
