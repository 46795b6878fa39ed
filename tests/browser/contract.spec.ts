/** Clauses of the kernel's contract that no other file shows: one worker, cells that run by themselves, elapsed time. */
import { openWith } from "./other-code.ts";
import { expect, test } from "./site.ts";

test("5: one worker for all cells of a page, from the first intent on, without special headers", async ({
	lesson,
	page,
}) => {
	await openWith(lesson, { download: "const a = 1; a", metadata: "a + 1", "spatial-image": "a + 2" });
	await page.waitForLoadState("networkidle");
	expect(page.workers(), "workers before any intent").toEqual([]);
	// What would need headers that a plain host does not send is not there, and nothing misses it.
	expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
	expect(await page.evaluate(() => typeof SharedArrayBuffer)).toBe("undefined");
	await lesson.cell("download").locator("[data-part=run]").hover();
	await expect.poll(() => page.workers().length).toBe(1);
	const [kernel] = page.workers();
	await lesson.run("metadata");
	await lesson.run("spatial-image");
	expect(page.workers()).toEqual([kernel]);
});

test("5: a cell that runs by itself does so once, when it is seen; one that was stopped does not again", async ({
	lesson,
	page,
}) => {
	await openWith(
		lesson,
		{
			"read-values": "globalThis.times = (globalThis.times ?? 0) + 1; globalThis.times",
			"chunk-grid": "for (;;) {}",
		},
		{ auto: ["read-values", "chunk-grid"] },
	);
	const see = async (id: string) => {
		await lesson.cell(id).scrollIntoViewIfNeeded();
		await page.evaluate(
			() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
		);
	};
	await page.waitForLoadState("networkidle");
	await lesson.expectState("read-values", "idle");
	await see("read-values");
	await lesson.expectState("read-values", "done");
	await see("download");
	await see("read-values");
	await expect(lesson.output("read-values")).toHaveText("1");
	await see("chunk-grid");
	await lesson.expectState("chunk-grid", "running");
	await lesson.press("chunk-grid");
	await lesson.expectState("chunk-grid", "stopped");
	await see("download");
	await see("chunk-grid");
	await lesson.run("is-spatial-image").catch(() => {});
	await lesson.expectState("chunk-grid", "stopped");
	await lesson.expectState("read-values", "stale");
});

test("5: a run shows the time that has passed, for the eye only", async ({ lesson, page }) => {
	await page.clock.install();
	await openWith(lesson, { download: "for (;;) {}" });
	await lesson.press("download");
	await lesson.expectState("download", "running");
	await page.clock.runFor(65_000);
	const state = lesson.cell("download").locator("[data-part=state]");
	await expect(state).toHaveAttribute("data-elapsed", /^1 min [4-6] s$/);
	await expect(state).toHaveText("running");
	expect(await state.evaluate((line) => getComputedStyle(line, "::after").content)).toContain("1 min");
	await lesson.press("download");
	await expect(state).not.toHaveAttribute("data-elapsed");
});
