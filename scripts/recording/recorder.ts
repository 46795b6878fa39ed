/** Runs the cells of a lesson in a real browser, on the synthetic phantom, and takes what they show. */
import { join } from "node:path";
import type { Browser, Page } from "playwright";
import { build } from "vite";
import type { Frozen } from "./freeze.ts";
import type {} from "./page-side.ts";

/** The image that lessons are recorded with: it comes with the site, so a record never depends on another host. */
export const recordedSample = { prefer: "phantom", words: "synthetic phantom" };

/** What the server that a record is made from answers in place of the site's own settings: see `serveFolder`. */
export function recordedSettings(path: string): string | undefined {
	return path === "chunkwise.json"
		? JSON.stringify({ samples: { prefer: recordedSample.prefer } })
		: undefined;
}

/** What is run on a page, and what is taken of it. */
export interface Recording {
	/** The cells that must succeed. */
	run: readonly string[];
	/** Those of which is taken what they show. */
	take: readonly string[];
	/** Looks at the page when all have run. */
	look?: (page: Page) => Promise<void>;
}

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
 * Opens a page of the built site, served with {@link recordedSettings}, and runs all of its cells.
 *
 * @returns what each cell shows that is taken
 * @throws Error where a cell, or a script of the page, fails
 */
export async function recordPage(
	browser: Browser,
	address: string,
	{ run, take, look }: Recording,
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
		const errors: Error[] = [];
		page.on("pageerror", (error) => errors.push(error));
		await page.goto(address);
		if (run.length > 0) await page.getByRole("button", { name: "Run all cells" }).click();
		for (const id of run) await finished(page, id);
		await page.waitForLoadState("networkidle");
		await look?.(page);
		const taken = new Map<string, Frozen>();
		for (const id of take) taken.set(id, await takeOutput(page, id));
		if (errors.length > 0) throw errors[0];
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
