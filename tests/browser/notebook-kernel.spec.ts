/** Points 1, 2, 4 and 5 of the notebook: stopping, the first run, states and bad days, and "run means: make this true". */
import type { BrowserContext } from "playwright/test";
import { openWith, withCode } from "./other-code.ts";
import { expect, type Lesson, lessonPath, test } from "./site.ts";

/** Milliseconds from a press on Stop to the state "stopped", measured in the page. */
function timeToStop(lesson: Lesson, id: string): Promise<number> {
	return lesson.cell(id).evaluate(
		(cell) =>
			new Promise<number>((done) => {
				const pressed = performance.now();
				new MutationObserver(() => {
					if ((cell as HTMLElement).dataset.state === "stopped") done(performance.now() - pressed);
				}).observe(cell, { attributeFilter: ["data-state"] });
				cell.querySelector<HTMLButtonElement>("[data-part=run]")?.click();
			}),
	);
}

const spin = "for (;;) {}";
const microtasks = "const again = (): Promise<void> => Promise.resolve().then(again); await again()";

for (const [what, source] of [
	["an endless loop", spin],
	["a loop of microtasks", microtasks],
]) {
	test(`1: Stop always stops: ${what}; then one press brings the names back, the stopped cell left out`, async ({
		lesson,
	}) => {
		await openWith(lesson, {
			download: "const a = 2; a",
			metadata: "const b = a * 3; b",
			"spatial-image": source,
			"is-spatial-image": "a + b",
		});
		await lesson.run("metadata");
		await lesson.press("spatial-image");
		await lesson.expectState("spatial-image", "running");
		const ms = await timeToStop(lesson, "spatial-image");
		test.info().annotations.push({ type: "time to stop", description: `${ms.toFixed(1)} ms` });
		console.log(`stopped ${what} after ${ms.toFixed(1)} ms`);
		// Not only said: the worker is gone, and with it what it computed.
		await expect.poll(() => lesson.page.workers().length).toBe(0);
		await lesson.expectState("download", "stale");
		await lesson.expectState("metadata", "stale");
		await lesson.output("spatial-image").getByRole("button", { name: "Run the cells above again" }).click();
		await lesson.expectState("download", "done");
		await lesson.expectState("metadata", "done");
		await lesson.expectState("spatial-image", "stopped");
		await lesson.run("is-spatial-image");
		await expect(lesson.output("is-spatial-image")).toHaveText("8");
	});
}

test("1: a deadline is shown as it nears and lengthened by the reader; sleep does not count", async ({
	lesson,
}) => {
	await lesson.page.clock.install();
	await openWith(lesson, { download: spin }, { timeout: 120 });
	await lesson.press("download");
	await lesson.expectState("download", "running");
	// The lid is closed for an hour: timers are late, and nothing of it is the run's.
	await lesson.page.clock.fastForward(3_600_000);
	await lesson.expectState("download", "running");
	await lesson.page.clock.runFor(100_000);
	await expect(lesson.output("download")).toContainText("This run will be stopped in");
	await lesson.output("download").getByRole("button", { name: "Give it 120 s more" }).click();
	await lesson.page.clock.runFor(100_000);
	await lesson.expectState("download", "running");
	await lesson.page.clock.runFor(60_000);
	await lesson.expectState("download", "stopped");
	await expect(lesson.output("download")).toContainText("its time was up");
});

test("1: a callback that an earlier cell left computing does not hang the next run unsaid", async ({
	lesson,
}) => {
	await openWith(lesson, { download: "setTimeout(() => { for (;;) {} }, 50); 1", metadata: "2" });
	await lesson.run("download");
	await lesson.page.waitForTimeout(200);
	await lesson.press("metadata");
	await expect(lesson.output("metadata")).toContainText("an earlier cell left behind");
	await lesson.press("metadata");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toHaveText("2");
});

test("2: the first run is instant: under 500 kB from nothing to output", async ({ lesson, page }) => {
	await openWith(lesson, { download: "1 + 1" });
	await page.waitForLoadState("networkidle");
	let bytes = 0;
	const files: string[] = [];
	page.on("response", async (response) => {
		const size = (await response.body().catch(() => Buffer.alloc(0))).length;
		bytes += size;
		files.push(`${new URL(response.url()).pathname} ${size}`);
	});
	const ms = await lesson.cell("download").evaluate(
		(cell) =>
			new Promise<number>((done) => {
				const pressed = performance.now();
				const output = cell.querySelector("[data-part=output]") as HTMLElement;
				new MutationObserver(() => {
					if (output.textContent === "2") done(performance.now() - pressed);
				}).observe(output, { childList: true, subtree: true, characterData: true });
				cell.querySelector<HTMLButtonElement>("[data-part=run]")?.click();
			}),
	);
	await lesson.expectState("download", "done");
	console.log(`first run: ${ms.toFixed(0)} ms, ${bytes} bytes uncompressed in ${files.length} files`);
	expect(bytes, files.join("\n")).toBeGreaterThan(1000);
	expect(bytes, files.join("\n")).toBeLessThan(500_000);
});

test.describe("4: never blank: the kernel cannot start", () => {
	const worker = /\/worker-[^/]*\.js/;
	const cases: [
		name: string,
		words: RegExp,
		break_: (context: BrowserContext, isBroken: () => boolean) => Promise<unknown>,
	][] = [
		[
			"worker script 404",
			/not there \(the site answers 404\)/,
			(context, isBroken) =>
				context.route(worker, (route) =>
					isBroken() ? route.fulfill({ status: 404, body: "no" }) : route.continue(),
				),
		],
		[
			"HTML in place of the script",
			/sent “text\/html”/,
			(context, isBroken) =>
				context.route(worker, (route) =>
					isBroken()
						? route.fulfill({ contentType: "text/html", body: "<!doctype html>Welcome" })
						: route.continue(),
				),
		],
		[
			"the site does not answer",
			/does not answer/,
			(context, isBroken) =>
				context.route(worker, (route) => (isBroken() ? route.abort("connectionrefused") : route.continue())),
		],
		[
			"a script that this browser cannot read",
			/could be loaded, but did not run/,
			(context, isBroken) =>
				context.route(worker, (route) =>
					isBroken()
						? route.fulfill({ contentType: "text/javascript", body: "this is newer than the browser" })
						: route.continue(),
				),
		],
	];
	for (const [name, words, breakIt] of cases) {
		test(`4: never blank: ${name}; the next press tries again`, async ({ lesson, context }) => {
			let broken = true;
			await breakIt(context, () => broken);
			await openWith(lesson, { download: "6 * 7" });
			await lesson.press("download");
			await lesson.expectState("download", "failed");
			await expect(lesson.output("download")).toContainText(words);
			broken = false;
			await lesson.run("download");
			await expect(lesson.output("download")).toHaveText("42");
		});
	}

	test("4: never blank: a policy forbids workers", async ({ lesson, page }) => {
		await openWith(lesson, { download: "6 * 7" });
		await page.evaluate(() => {
			const policy = document.createElement("meta");
			policy.httpEquiv = "Content-Security-Policy";
			policy.content = "worker-src 'none'";
			document.head.append(policy);
		});
		await lesson.press("download");
		await lesson.expectState("download", "failed");
		await expect(lesson.output("download")).toContainText("did not let the kernel start");
	});

	test("4: never blank: the browser has no workers", async ({ lesson, page }) => {
		await page.addInitScript(() => {
			// biome-ignore lint/suspicious/noExplicitAny: as in a browser without them
			delete (globalThis as any).Worker;
		});
		await openWith(lesson, { download: "6 * 7" });
		await lesson.press("download");
		await lesson.expectState("download", "failed");
		await expect(lesson.output("download")).toContainText("has no workers");
	});

	test("4: never blank: a worker script that never comes: loading is said, Stop ends it, a time-out has words", async ({
		lesson,
		context,
		page,
	}) => {
		let stalled = true;
		await context.route(worker, (route) => (stalled ? undefined : route.continue()));
		await page.clock.install();
		await openWith(lesson, { download: "6 * 7" });
		await lesson.press("download");
		await lesson.expectState("download", "loading");
		await expect(lesson.cell("download").locator("[data-part=state]")).toHaveText("loading the kernel");
		await lesson.press("download");
		await lesson.expectState("download", "idle");
		await lesson.press("download");
		await lesson.expectState("download", "loading");
		await page.clock.runFor(31_000);
		await lesson.expectState("download", "failed");
		await expect(lesson.output("download")).toContainText("did not start within 30 s");
		stalled = false;
		await lesson.run("download");
		await expect(lesson.output("download")).toHaveText("42");
	});
});

test("4: never blank: the course's own code cannot be loaded; the next press tries again", async ({
	lesson,
	context,
}) => {
	let broken = true;
	await context.route(/\/page\.[^/]*\.js/, (route) => (broken ? route.abort() : route.continue()));
	await openWith(lesson, { download: "6 * 7" });
	await lesson.press("download");
	await expect(lesson.cell("download").locator("[data-part=state]")).toContainText("could not load");
	broken = false;
	await lesson.run("download");
	await expect(lesson.output("download")).toHaveText("42");
});

test("4: never blank: offline half way: a module that cannot be loaded is named, and the next press loads it", async ({
	lesson,
	context,
}) => {
	let broken = true;
	let asked = 0;
	await context.route(/\/d3-[^/]*\.js/, (route) => {
		asked++;
		return broken ? route.abort("internetdisconnected") : route.continue();
	});
	await openWith(lesson, {
		download: "const kept = 5",
		metadata: 'import * as d3 from "d3"; d3.sum([kept, 2])',
	});
	await lesson.run("download");
	await lesson.press("metadata");
	await lesson.expectState("metadata", "failed");
	await expect(lesson.output("metadata")).toContainText("“d3” could not be loaded".replaceAll(/[“”]/g, '"'));
	await expect(lesson.output("metadata")).toContainText("Check the network connection");
	expect(asked).toBeGreaterThan(0);
	broken = false;
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toHaveText("7");
});

test("4: never blank: a browser that remembers a failed import gets another kernel by itself", async ({
	lesson,
	context,
}) => {
	// The first kernel's imports fail although the site answers: as where a failure is remembered.
	let imports = 0;
	await context.route(/\/d3-[^/]*\.js/, (route) => {
		if (route.request().resourceType() === "fetch") return route.continue();
		return ++imports <= 2 ? route.abort() : route.continue();
	});
	await openWith(lesson, {
		download: "const kept = 5",
		metadata: 'import * as d3 from "d3"; d3.sum([kept, 2])',
	});
	await lesson.press("metadata");
	await lesson.expectState("metadata", "failed");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toContainText("Running first");
	await expect(lesson.output("metadata")).toContainText("7");
});

test("4: memory runs out in a cell: it is told, other cells and the page go on", async ({ lesson }) => {
	await openWith(lesson, {
		download: "const kept = 41",
		metadata: "const all: Uint8Array[] = []; for (;;) all.push(new Uint8Array(1_000_000_000))",
		"spatial-image": "kept + 1",
	});
	await lesson.run("download");
	await lesson.press("metadata");
	await lesson.expectState("metadata", /failed|stopped/);
	await expect(lesson.output("metadata")).toContainText(/no memory|out of memory/);
	await lesson.run("spatial-image");
	await expect(lesson.output("spatial-image")).toContainText("42");
});

test("4: 10,000 console lines a second: the page stays responsive, the newest lines are kept", async ({
	lesson,
	page,
}) => {
	await openWith(lesson, {
		download:
			"const end = Date.now() + 3000; let n = 0;\nwhile (Date.now() < end) { for (let i = 0; i < 100; i++) console.log(`line ${n++}`); await new Promise((r) => setTimeout(r, 8)) }\nconsole.log(`last of ${n}`)",
		metadata: "const until = Date.now() + 2000; let k = 0; while (Date.now() < until) console.log(k++)",
	});
	await lesson.press("download");
	await lesson.expectState("download", "running");
	// The page's own work goes on meanwhile: a timer of 50 ms is not held up for long.
	const ticks = await page.evaluate(
		() =>
			new Promise<number>((done) => {
				let count = 0;
				const timer = setInterval(() => count++, 50);
				setTimeout(() => {
					clearInterval(timer);
					done(count);
				}, 2000);
			}),
	);
	expect(ticks).toBeGreaterThan(8);
	await lesson.expectState("download", "done");
	const lines = lesson.output("download").locator(".cw-console-line");
	expect(await lines.count()).toBeLessThanOrEqual(1000);
	await expect(lines.last()).toHaveText(/^last of \d+$/);
	await expect(lesson.output("download")).toContainText(/… [\d\u202f]+ lines more/);
	const total = Number((await lines.last().textContent())?.match(/\d+/)?.[0]) + 1;
	const told = (await lesson.output("download").textContent())?.match(/… ([\d\u202f]+) lines more/)?.[1];
	expect(Number(told?.replaceAll("\u202f", "")) + (await lines.count())).toBe(total);
	// A loop that never pauses shows its lines while it runs.
	await lesson.press("metadata");
	await expect(lesson.output("metadata").locator(".cw-console-line").first()).toBeVisible();
	await lesson.expectState("metadata", /running|done/);
	await lesson.expectState("metadata", "done");
});

test("4: a 5 MB display is folded and the page stays responsive", async ({ lesson, page }) => {
	await openWith(lesson, {
		download: 'display("x".repeat(5_000_000)); console.log("y".repeat(5_000_000)); "end"',
	});
	await lesson.run("download");
	await expect(lesson.output("download")).toContainText("end");
	await expect(lesson.output("download")).toContainText("characters more");
	expect(await page.evaluate(() => document.body.textContent?.length)).toBeLessThan(3_000_000);
});

test("4: a late display of an outdated run is dropped", async ({ lesson }) => {
	await openWith(lesson, {
		download:
			"globalThis.count = (globalThis.count ?? 0) + 1; const mine = globalThis.count; setTimeout(() => display(`late ${mine}`), 1500); `now ${mine}`",
	});
	await lesson.run("download");
	await expect(lesson.output("download")).toContainText("now 1");
	await lesson.run("download");
	await expect(lesson.output("download")).toContainText("late 2");
	await expect(lesson.output("download")).not.toContainText("late 1");
});

test("4: a page left open for an hour goes on as if nothing had been", async ({ lesson, page }) => {
	await page.clock.install();
	await openWith(lesson, { download: "const a = 20", metadata: "a + 1", "spatial-image": "a + 2" });
	await lesson.run("metadata");
	await page.clock.runFor(3_600_000);
	await lesson.expectState("metadata", "done");
	await lesson.run("spatial-image");
	await expect(lesson.output("spatial-image")).toHaveText("22");
});

test("4: asleep: a kernel that the browser ended meanwhile is told when the page is shown again", async ({
	lesson,
	page,
}) => {
	await page.clock.install();
	// A worker that closes itself says as little as one that the browser took away.
	await openWith(lesson, { download: "const a = 20; setTimeout(() => close()); a", metadata: "a + 1" });
	await lesson.run("download");
	await expect.poll(() => page.workers().length).toBe(0);
	await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
	await page.clock.runFor(6000);
	await lesson.expectState("download", "stale");
	await expect(lesson.cell("download").locator("[data-part=state]")).toContainText(
		"the kernel was restarted",
	);
	await lesson.write("download", "const a = 20; a");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toContainText("21");
	// One that is there is asked and goes on.
	const [kernel] = page.workers();
	await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));
	await page.clock.runFor(6000);
	await lesson.expectState("metadata", "done");
	expect(page.workers()).toContain(kernel);
});

test("4: back and forward while a cell runs: what the page then says is true", async ({ lesson, page }) => {
	await openWith(lesson, {
		download: "const a = 1",
		metadata: "await new Promise((r) => setTimeout(r, 60_000)); a",
		"spatial-image": "a + 1",
	});
	await lesson.run("download");
	await lesson.press("metadata");
	await lesson.expectState("metadata", "running");
	await page.goto(`${lesson.root}start-here/`);
	await page.goBack();
	// Kept by the browser with its run, or loaded anew: either way no cell claims a run that nobody does.
	const state = await lesson.cell("metadata").getAttribute("data-state");
	expect(["running", "stopped", "idle", "stale"]).toContain(state);
	if (state === "running") await lesson.press("metadata");
	await lesson.run("spatial-image");
	await expect(lesson.output("spatial-image")).toContainText("2");
});

test("4: two tabs on one lesson run side by side", async ({ lesson, context }) => {
	await withCode(context, { download: "globalThis.seen = (globalThis.seen ?? 0) + 1; globalThis.seen" });
	await lesson.open({ prefer: "phantom" });
	const other = await context.newPage();
	await other.goto(lesson.root + lessonPath);
	const second = other.locator("#cell-download");
	await lesson.run("download");
	await lesson.run("download");
	await second.locator("[data-part=run]").click();
	await expect(second).toHaveAttribute("data-state", "done");
	await expect(second.locator("[data-part=output]")).toHaveText("1");
	await expect(lesson.output("download")).toHaveText("2");
	await other.close();
	await lesson.run("download");
	await expect(lesson.output("download")).toHaveText("3");
});

test("5: run means: make this true: needed cells first, and a failure in between is told where it was asked", async ({
	lesson,
}) => {
	await openWith(lesson, {
		download: "const a = 1",
		metadata: "const b = a + missingName",
		"spatial-image": "b * 2",
	});
	await lesson.press("spatial-image");
	await lesson.expectState("metadata", "failed");
	await lesson.expectState("spatial-image", "idle");
	await expect(lesson.output("spatial-image")).toContainText("Running first, because this cell needs them");
	await expect(lesson.output("spatial-image")).toContainText("failed.");
	await lesson.output("spatial-image").getByRole("button", { name: /^Show/ }).click();
	await expect(lesson.cell("metadata").locator("[data-part=run]")).toBeFocused();
});

test("5: what is out of date is marked, at second hand too, never run unasked; one press runs it all; an undone edit takes the marks off", async ({
	lesson,
	page,
}) => {
	await openWith(lesson, {
		download: "const a = 1; a",
		metadata: "const b = a + 1; b",
		"spatial-image": "b * 10",
		"is-spatial-image": "'apart'",
	});
	await lesson.run("spatial-image");
	await lesson.run("is-spatial-image");
	await lesson.write("download", "const a = 5; a");
	for (const id of ["download", "metadata", "spatial-image"]) await lesson.expectState(id, "stale");
	await lesson.expectState("is-spatial-image", "done");
	await expect(lesson.cell("spatial-image").locator("[data-part=state]")).toContainText("out of date");
	await lesson.write("download", "const a = 1; a");
	for (const id of ["download", "metadata", "spatial-image"]) await lesson.expectState(id, "done");
	await lesson.write("download", "const a = 7; a");
	await lesson.press("metadata");
	await expect(lesson.output("metadata")).toContainText("before it was out of date");
	await expect(lesson.output("metadata")).toContainText("2");
	await lesson.expectState("download", "stale");
	await page.getByRole("button", { name: "Bring up to date", exact: true }).click();
	for (const id of ["download", "metadata", "spatial-image"]) await lesson.expectState(id, "done");
	await expect(lesson.output("spatial-image")).toHaveText("80");
	await expect(page.getByRole("button", { name: "Bring up to date", exact: true })).toBeHidden();
});

test("5: the names that a cell defines and uses are shown, with links to their cells", async ({ lesson }) => {
	await openWith(lesson, {
		download: "const a = 1, b = 2",
		metadata: 'import { sum } from "d3"; const c = sum([a, b]); c',
	});
	await lesson.run("metadata");
	const cell = lesson.cell("metadata");
	await cell.getByRole("button", { name: "Names" }).click();
	await expect(cell.locator(".cw-names")).toHaveText(/^Defines sum, c · uses a, b from “.+” · imports d3\.$/);
	await expect(cell.locator(".cw-names a")).toHaveAttribute("href", "#cell-download");
	await cell.getByRole("button", { name: "Names" }).click();
	await expect(cell.locator(".cw-names")).toBeHidden();
});
