import { expect, test } from "./site.ts";

test("an endless loop is stopped within a second while the page stays responsive, and the next cell runs", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write("is-spatial-image", "for (;;) {}");
	await lesson.cell("is-spatial-image").evaluate((cell) => cell.setAttribute("data-needs", "nothing"));
	await lesson.press("is-spatial-image");
	await lesson.expectState("is-spatial-image", "running");
	// The page goes on working: it can count frames while the loop spins.
	const frames = await lesson.page.evaluate(
		() =>
			new Promise<number>((done) => {
				let count = 0;
				const end = performance.now() + 400;
				const tick = () => {
					count++;
					if (performance.now() < end) requestAnimationFrame(tick);
					else done(count);
				};
				requestAnimationFrame(tick);
			}),
	);
	expect(frames).toBeGreaterThan(3);
	await lesson.press("is-spatial-image");
	await lesson.expectState("is-spatial-image", "stopped", 1000);
	await lesson.write("attribute-keys", "1 + 1");
	await lesson.run("attribute-keys");
	await expect(lesson.output("attribute-keys")).toHaveText("2");
});

test("a loop of microtasks is stopped, too", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"is-spatial-image",
		"const spin = (): Promise<void> => Promise.resolve().then(spin); await spin()",
	);
	await lesson.press("is-spatial-image");
	await lesson.expectState("is-spatial-image", "running");
	await lesson.press("is-spatial-image");
	await lesson.expectState("is-spatial-image", "stopped", 1000);
});

test("run means: make this true: the cells that one needs run first, and it says so", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.run("is-spatial-image");
	await expect(lesson.output("is-spatial-image")).toContainText("Running first");
	await expect(lesson.output("is-spatial-image")).toContainText("Get the TIFF");
	for (const id of ["download", "metadata", "spatial-image"]) await lesson.expectState(id, "done");
	await lesson.expectState("slice-x", "idle");
});

test("an edit marks a cell, and a cell that used it, as out of date", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write("download", "const sample = 1");
	await lesson.run("download");
	await lesson.write("metadata", "const itkImage = sample + 1; itkImage");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toHaveText("2");
	await lesson.write("download", "const sample = 5");
	await lesson.expectState("download", "stale");
	await lesson.run("download");
	await lesson.expectState("metadata", "stale");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toHaveText("6");
});

test("errors are told in plain words at the reader's line and column", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write("download", "type A = { b: number };\nconst good: A = { b: 1 };\n\nconst bad = godo.b;");
	await lesson.press("download");
	await lesson.expectState("download", "failed");
	await expect(lesson.output("download")).toContainText("godo is not defined");
	await expect(lesson.output("download").getByRole("button", { name: "line 4, column 13" })).toBeVisible();
	await lesson.write("download", "const a = 1;\nconst b = ;");
	await lesson.press("download");
	await lesson.expectState("download", "failed");
	await expect(lesson.output("download").getByRole("button", { name: /line 2/ })).toBeVisible();
});

test("console, display, tables, JSON, Plot and D3 all show", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		[
			'import * as Plot from "@observablehq/plot";',
			'import * as d3 from "d3";',
			'console.warn("careful", { a: 1 });',
			"display([{ name: 'x', n: 1 }, { name: 'y', n: 2 }]);",
			"display({ deep: { er: [1, 2, 3] } });",
			'const svg = d3.create("svg").attr("width", 50).attr("height", 20);',
			'svg.append("circle").attr("r", 5).attr("onclick", "alert(1)");',
			"display(svg.node());",
			"Plot.barY([1, 2, 3]).plot({ width: 300 })",
		].join("\n"),
	);
	await lesson.run("download");
	const output = lesson.output("download");
	await expect(output.locator(".cw-console-warn")).toHaveText('careful {"a":1}');
	await expect(output.locator(".cw-table tbody tr")).toHaveCount(2);
	await expect(output.locator(".cw-json")).toContainText("deep");
	await expect(output.locator("circle")).toHaveCount(1);
	await expect(output.locator("circle")).not.toHaveAttribute("onclick");
	await expect(output.locator("svg rect").nth(2)).toBeVisible();
});

test("an error in a callback or a forgotten promise is told under its cell and ends nothing", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"download",
		"const sample = 7;\nsetTimeout(() => { throw new Error('from a timer') }, 50);\nPromise.reject(new Error('forgotten'));\nconst end = 1;",
	);
	await lesson.run("download");
	await expect(lesson.output("download")).toContainText("A callback failed (line 2): from a timer");
	await expect(lesson.output("download")).toContainText(
		"A promise that nobody awaited failed (line 3): forgotten",
	);
	await lesson.write("metadata", "sample * 6");
	await lesson.run("metadata");
	await expect(lesson.output("metadata")).toHaveText("42");
});

test("a deadline stops a cell, after a warning that can lengthen it", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	// The clock is the test's: an hour passes in no time.
	await lesson.page.clock.install();
	await lesson.write("is-spatial-image", "for (;;) {}");
	await lesson.press("is-spatial-image");
	await lesson.expectState("is-spatial-image", "running");
	await lesson.page.clock.runFor(100_000);
	const more = lesson.output("is-spatial-image").getByRole("button", { name: "Give it 120 s more" });
	await more.click();
	await lesson.page.clock.runFor(60_000);
	await lesson.expectState("is-spatial-image", "running");
	await lesson.page.clock.runFor(100_000);
	await lesson.expectState("is-spatial-image", "stopped");
	await expect(lesson.output("is-spatial-image")).toContainText("time was up");
});

test("a kernel whose script cannot be loaded is told, and the next press tries again", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	let broken = true;
	await lesson.page
		.context()
		.route(/worker-[^/]*\.js$/, (route) => (broken ? route.abort() : route.continue()));
	await lesson.write("is-spatial-image", "1 + 2");
	await lesson.press("is-spatial-image");
	await lesson.expectState("is-spatial-image", "failed");
	await expect(lesson.output("is-spatial-image")).toContainText(/kernel/i);
	broken = false;
	await lesson.run("is-spatial-image");
	await expect(lesson.output("is-spatial-image")).toHaveText("3");
});

test("Restart forgets everything; Run all runs every cell of the page", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.type("download", "const sample = 1; sample");
	await lesson.run("download");
	await lesson.page.getByRole("button", { name: "Restart" }).click();
	await lesson.expectState("download", "idle");
	await expect(lesson.output("download")).toBeHidden();
});

test("the keyboard is enough: run from the code, edit, leave by Escape", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.type("download", "40 + 2");
	await lesson.page.keyboard.press("ControlOrMeta+Enter");
	await lesson.expectState("download", "done");
	await expect(lesson.output("download")).toHaveText("42");
	await lesson.page.keyboard.press("Escape");
	await expect(lesson.cell("download").locator("[data-part=code]")).toBeFocused();
	await lesson.page.getByRole("button", { name: "Put back the original code" }).click();
	await expect(lesson.cell("download").locator(".monaco-editor")).toContainText("samples");
});
