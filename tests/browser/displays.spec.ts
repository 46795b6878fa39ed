/** Issue 4, point 10: what a scientist expects to see under a cell, for every reader and on every screen. */
import type { Locator } from "playwright/test";
import { violations } from "./axe.ts";
import { expect, type Lesson, test } from "./site.ts";

/** Runs code in a cell that nothing depends on, and gives what stands under it. */
async function show(lesson: Lesson, source: string): Promise<Locator> {
	await lesson.open({ prefer: "phantom" });
	await lesson.write("attribute-keys", source);
	await lesson.press("attribute-keys");
	await lesson.expectState("attribute-keys", /done|failed/);
	const output = lesson.output("attribute-keys");
	await expect(output.locator(".cw-error-message")).toHaveText([]);
	return output;
}

const zarrInMemory = `import { MemoryStore, openZarr } from "chunkwise";
const store = new MemoryStore();
const put = (key: string, value: unknown) => store.set(key, new TextEncoder().encode(JSON.stringify(value)));
await put("/zarr.json", { zarr_format: 3, node_type: "group", attributes: { experiment: "test", stain: "DAPI" } });
await put("/image/zarr.json", { zarr_format: 3, node_type: "array", shape: [4, 6], data_type: "uint16",
	chunk_grid: { name: "regular", configuration: { chunk_shape: [2, 3] } },
	chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
	codecs: [{ name: "bytes", configuration: { endian: "little" } }], fill_value: 7,
	dimension_names: ["y", "x"], attributes: { unit: "counts" } });
`;

test("10: displays: arrays and groups, of the library and of zarrita, are foldable summaries", async ({
	lesson,
}) => {
	const output = await show(
		lesson,
		`${zarrInMemory}import * as zarr from "zarrita";
const group = await openZarr(store);
display(group);
display(await group.openArray("image"));
display(await (await group.openArray("image")).read());
display(await zarr.open(zarr.root(store).resolve("image"), { kind: "array" }));`,
	);
	const reprs = output.locator(".cw-repr");
	await expect(reprs).toHaveCount(4);
	await expect(reprs.nth(0)).toContainText("DAPI");
	await expect(reprs.nth(1)).toContainText("(y: 4, x: 6)");
	await expect(reprs.nth(1)).toContainText("bytes (little)");
	await expect(reprs.nth(2)).toContainText("[7 7 7 7 7 7]");
	await expect(reprs.nth(3)).toContainText("<zarrita.Array '/image' (y: 4, x: 6)> uint16");
	await expect(reprs.nth(3)).toContainText("4 = 2 × 2");
	// zarrita keeps its codecs to itself: they are read from the store again, and no request of the reader's.
	await expect(reprs.nth(3)).toContainText("bytes (little)");
	await expect(reprs.nth(3)).toContainText("unit");
	// Foldable by key.
	const summary = reprs.nth(1).locator("summary").first();
	await expect(reprs.nth(1).getByText("Chunk shape")).toBeVisible();
	await summary.focus();
	await lesson.page.keyboard.press("Enter");
	await expect(reprs.nth(1).getByText("Chunk shape")).toBeHidden();
});

test("10: displays: a table is sorted by a press on a column's name, and long ones show their first rows", async ({
	lesson,
}) => {
	const output = await show(
		lesson,
		"Array.from({ length: 250 }, (_, i) => ({ key: `c/${i}`, bytes: (i * 7919) % 250 }))",
	);
	const rows = output.locator("tbody tr");
	await expect(rows).toHaveCount(100);
	const heading = output.getByRole("columnheader", { name: "bytes" });
	await heading.getByRole("button").focus();
	await lesson.page.keyboard.press("Enter");
	await expect(heading).toHaveAttribute("aria-sort", "ascending");
	await expect(rows.first().locator("td").nth(1)).toHaveText("0");
	await lesson.page.keyboard.press("Enter");
	await expect(heading).toHaveAttribute("aria-sort", "descending");
	await expect(rows.first().locator("td").nth(1)).toHaveText("249");
	await output.getByRole("button", { name: "Show all 250 rows" }).click();
	await expect(rows).toHaveCount(250);
	await expect(rows.last().locator("td").nth(1)).toHaveText("0");
	await heading.getByRole("button").click();
	await expect(heading).not.toHaveAttribute("aria-sort");
	await expect(rows.nth(10).locator("td").first()).toHaveText("c/10");
	expect(
		await rows
			.first()
			.locator("td")
			.nth(1)
			.evaluate((cell) => getComputedStyle(cell).fontVariantNumeric),
	).toContain("tabular-nums");
});

test("10: displays: a table of thousands of rows is turned over, sorted as a whole, by keys too", async ({
	lesson,
}) => {
	const output = await show(
		lesson,
		"Array.from({ length: 5230 }, (_, i) => ({ key: `c/${i}`, share: ((i * 7919) % 5230) / 3 }))",
	);
	const rows = output.locator("tbody tr");
	await expect(rows).toHaveCount(100);
	const pager = output.getByRole("group", { name: "Rows", exact: true });
	await expect(pager).toContainText("Rows 1 to 100 of 5 230");
	await pager.getByRole("button", { name: "Last" }).focus();
	await lesson.page.keyboard.press("Enter");
	await expect(rows).toHaveCount(30);
	await expect(rows.last().locator("td").first()).toHaveText("c/5229");
	// Where there is nothing behind, the button stays and keeps the focus.
	await expect(pager.getByRole("button", { name: "Last" })).toBeFocused();
	await expect(pager.getByRole("button", { name: "Next" })).toHaveAttribute("aria-disabled", "true");
	await output.getByRole("columnheader", { name: "share" }).getByRole("button").click();
	await pager.getByRole("button", { name: "First" }).click();
	const second = rows.nth(1).locator("td").nth(1);
	await expect(second).toHaveText("0.333333");
	await expect(second).toHaveAttribute("title", String(1 / 3));
});

test("10: displays: typed arrays, collections and Blobs say what is in them", async ({ lesson }) => {
	const output = await show(
		lesson,
		`class Chunk { index = [0, 1]; }
const inner: Record<string, unknown> = { stains: new Set(["DAPI", "GFP"]), chunk: new Chunk() };
inner.self = inner;
display(Int16Array.from({ length: 1000 }, (_, i) => i - 10));
display(new Map<unknown, unknown>([["a", inner], [1, 2n]]));
display(new Blob(["ZarrZarr"], { type: "text/plain" }));
display(new Date(0), 2n ** 70n, new Error("no chunk", { cause: new Error("no bytes") }), Promise.resolve(1));`,
	);
	const [values, map] = [output.locator(".cw-repr"), output.locator(".cw-json")];
	await expect(values).toContainText("Int16Array(1 000) 1.95 KiB");
	await expect(values.getByRole("row", { name: /mean/ })).toContainText("489.5");
	await values.getByText("Histogram").click();
	await expect(values.locator("path.cw-chart-bars")).toHaveCount(1);
	await expect(values.locator(".cw-chart-frame")).toHaveAttribute("aria-label", /Histogram of 1\s000 values/);
	await expect(map).toContainText("Map(2)");
	await expect(map).toContainText("Set(2)");
	await expect(map).toContainText("Chunk");
	await expect(map).toContainText("the same object again");
	await expect(output.locator(".cw-bytes tbody tr")).toContainText("5a 61 72 72 5a 61 72 72");
	await expect(output).toContainText("1970-01-01T00:00:00.000Z");
	await expect(output).toContainText(`${2n ** 70n}n`);
	await expect(output).toContainText("caused by Error: no bytes");
	await expect(output).toContainText("write `await` before it");
});

test("10: displays: bytes in hexadecimal and as text, with what their parts mean", async ({ lesson }) => {
	const output = await show(
		lesson,
		`import { viewBytes } from "chunkwise";
const bytes = new Uint8Array(1000).map((_, i) => i);
bytes.set(new TextEncoder().encode("Zarr"), 4);
display(bytes);
display(viewBytes(bytes.subarray(0, 20), { start: 4096, annotations: [{ offset: 0, length: 4, label: "mode" }, { offset: 4, length: 4, label: "the name" }] }));`,
	);
	const [whole, marked] = [output.locator(".cw-bytes").nth(0), output.locator(".cw-bytes").nth(1)];
	await expect(whole).toContainText("Uint8Array(1000) 0 1 2 … 229 230 231");
	await expect(whole.locator("tbody tr").first()).toContainText("00 01 02 03 5a 61 72 72 08");
	await expect(whole.locator("tbody tr").first()).toContainText("····Zarr·");
	await expect(whole.locator("tbody tr")).toHaveCount(16);
	await whole.getByRole("button", { name: "Show all 1000 B" }).click();
	await expect(whole.locator("tbody tr")).toHaveCount(63);
	await expect(whole.getByRole("rowheader").last()).toHaveText("000003e0");
	await expect(marked.getByRole("rowheader").first()).toHaveText("00001000");
	await expect(marked.locator("[title='the name']").first()).toHaveText("5a 61 72 72");
	await expect(marked.getByRole("listitem").last()).toHaveText(/00001004 to 00001007 the name/);
});

test("10: displays: lines and histograms without Plot or D3 in the kernel, read by keys and as numbers", async ({
	lesson,
}) => {
	const asked: string[] = [];
	lesson.page.on("request", (request) => asked.push(request.url()));
	const output = await show(
		lesson,
		`import { histogram, linePlot } from "chunkwise";
const values = Float32Array.from({ length: 100_000 }, (_, i) => Math.sin(i / 9000));
display(linePlot({ sine: values, half: values.map((v) => v / 2) }, { x: { name: "x", unit: "µm", step: 0.5 }, y: { name: "signal" } }));
display(histogram(new Uint8Array([1, 1, 2, 3, 3, 3]), { name: "intensity" }));`,
	);
	const [line, bars] = [output.locator(".cw-chart").nth(0), output.locator(".cw-chart").nth(1)];
	await expect(line.locator(".cw-chart-frame path.cw-chart-line")).toHaveCount(2);
	await expect(line.locator(".cw-chart-legend li")).toHaveText(["sine", "half"]);
	await expect(line.locator(".cw-chart-frame")).toHaveAttribute(
		"aria-label",
		/sine: 100\s000 values from -1 to 1/,
	);
	await bars.locator(".cw-chart-frame").focus();
	await lesson.page.keyboard.press("End");
	await expect(bars.locator("output")).toHaveText("intensity 2.5 to 3.5: 3 (50.0 %)");
	await lesson.page.keyboard.press("ArrowLeft");
	await expect(bars.locator("output")).toHaveText("intensity 1.5 to 2.5: 1 (16.7 %)");
	await bars.getByText("The numbers").click();
	await expect(bars.locator("tbody tr")).toHaveCount(3);
	await line.locator(".cw-chart-frame").hover();
	await expect(line.locator("output")).toHaveText(/x [\d.]+ µm: sine .* half /);
	// The drawing is made anew for the width there is.
	const width = () => line.locator(".cw-chart-drawing").evaluate((svg) => svg.getBoundingClientRect().width);
	const before = await width();
	await lesson.page.setViewportSize({ width: 400, height: 800 });
	await expect.poll(width).toBeLessThan(Math.min(before, 400));
	expect(asked.filter((url) => /\/(?:plot|d3|document)[.-][\w-]{8}\.js$/.test(url))).toEqual([]);
});

test("10: displays: a handle shows another value in place; display takes several", async ({ lesson }) => {
	const output = await show(
		lesson,
		`display("above", "below");
const handle = display("first");
display("last");
setTimeout(() => handle.update([{ a: 1, b: 2 }]), 50);
handle`,
	);
	await expect(output.locator("table")).toBeVisible();
	await expect(output.locator(":scope > *")).toHaveCount(4);
	await expect(output.locator(":scope > *").nth(2)).toContainText("12");
	await expect(output.locator(":scope > *").nth(3)).toHaveText("last");
	await expect(output).not.toContainText("first");
});

test("10: displays: an update from an outdated run is dropped", async ({ lesson }) => {
	await show(lesson, 'const handle = display("old"); setTimeout(() => handle.update("late"), 3000); 1');
	await lesson.write("attribute-keys", 'display("new"); await new Promise((done) => setTimeout(done, 4000))');
	await lesson.run("attribute-keys");
	await expect(lesson.output("attribute-keys")).toHaveText("new");
});

test("10: displays: long output folds, and a text of 5 MB does not hold up the page", async ({ lesson }) => {
	const output = await show(
		lesson,
		`display(Array.from({ length: 4812 }, (_, i) => "line " + i).join("\\n"));
display("x".repeat(5_000_000));
display(Array.from({ length: 100_000 }, (_, i) => "a line of some length, number " + i).join("\\n") + "\\nend of the text");
display({ text: "y".repeat(100_000) });
display(Array.from({ length: 1421 }, (_, i) => "key " + i));`,
	);
	// A list of which the page gets a part says how many it has.
	await expect(output.locator(".cw-count").last()).toHaveText("[1421]");
	await expect(output).not.toContainText("line 4811");
	await output.getByRole("button", { name: "Show all 4 812 lines" }).click();
	await expect(output).toContainText("line 4811");
	await expect(output.getByRole("button", { name: "Show all 5 000 000 characters" })).toBeVisible();
	await output.getByRole("button", { name: "Show all 5 000 000 characters" }).click();
	await output.getByRole("button", { name: "Show all 100 001 lines" }).click();
	await expect(output.getByText("… 98 000 more characters")).toBeVisible();
	// The page still draws: a number of frames, not a time, since machines differ.
	const frames = await lesson.page.evaluate(
		() =>
			new Promise<number>((done) => {
				let count = 0;
				const tick = () => (++count < 20 ? requestAnimationFrame(tick) : done(count));
				requestAnimationFrame(tick);
			}),
	);
	expect(frames).toBe(20);
	expect(await output.evaluate((area) => (area.textContent ?? "").includes("end of the text"))).toBe(true);
});

test("10: displays: ten thousand console lines a second stay bounded and in order", async ({ lesson }) => {
	const output = await show(
		lesson,
		`const end = performance.now() + 1000;
let lines = 0;
while (performance.now() < end) { for (let i = 0; i < 100; i++) console.log("line", lines++); await new Promise((go) => setTimeout(go, 10)); }
display(lines + " lines were written");`,
	);
	const shown = output.locator(".cw-console-line");
	const texts = await shown.allTextContents();
	expect(texts.length).toBeLessThanOrEqual(1000);
	const numbers = texts.map((text) => Number(text.replace("line ", "")));
	expect(numbers).toEqual([...numbers].sort((a, b) => a - b));
	await expect(output).toContainText("lines more");
	await expect(output).toContainText(`${(numbers.at(-1) ?? 0) + 1} lines were written`);
});

test("10: displays: drawings by Plot take the page's ink, dark and light, and its width", async ({
	lesson,
}) => {
	const output = await show(
		lesson,
		'import * as Plot from "@observablehq/plot";\nPlot.plot({ title: "Sizes", marks: [Plot.barY([3, 1, 2]), Plot.text(["label"], { x: 0, y: 1 })] })',
	);
	const svg = output.locator(".cw-markup svg").first();
	// Drawn again for the width there is, which takes the first drawing away.
	await expect(svg).not.toHaveAttribute("width", "640");
	const ink = () => svg.evaluate((drawing) => getComputedStyle(drawing).color);
	const inks: string[] = [];
	for (const theme of ["dark", "light"]) {
		await lesson.page.evaluate((name) => {
			document.documentElement.dataset.theme = name;
		}, theme);
		inks.push(await ink());
		expect(inks.at(-1)).toBe(await output.evaluate((area) => getComputedStyle(area).color));
	}
	expect(inks[0]).not.toBe(inks[1]);
	await lesson.page.setViewportSize({ width: 360, height: 800 });
	expect(
		await lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
	).toBeLessThanOrEqual(0);
});

test("10: displays: plots are drawn anew for the width there is, and their letters keep their size", async ({
	lesson,
}) => {
	const output = await show(
		lesson,
		`import * as Plot from "@observablehq/plot";
import * as d3 from "d3";
import { responsive } from "chunkwise";
display(Plot.plot({ marks: [Plot.lineY([3, 1, 2])] }));
display(Plot.plot({ width: 500, marks: [Plot.lineY([3, 1, 2])] }));
display(responsive((width) => { const svg = d3.create("svg").attr("width", width).attr("height", 80); svg.append("text").attr("y", 20).text("drawn for " + width); return svg.node()!; }));`,
	);
	const drawings = output.locator(".cw-markup svg");
	await expect(drawings).toHaveCount(3);
	const widths = () => drawings.evaluateAll((all) => all.map((svg) => Number(svg.getAttribute("width"))));
	const room = () =>
		output
			.locator(".cw-markup")
			.first()
			.evaluate((box) => Math.min(900, box.clientWidth));
	await expect.poll(widths).toEqual([await room(), 500, await room()]);
	const letters = () =>
		drawings
			.nth(2)
			.locator("text")
			.evaluate((text) => text.getBoundingClientRect().height);
	const before = await letters();
	await lesson.page.setViewportSize({ width: 400, height: 800 });
	await expect.poll(async () => (await widths())[0]).toBeLessThan(400);
	await expect.poll(widths).toEqual([await room(), 500, await room()]);
	await expect(drawings.nth(2)).toContainText(`drawn for ${await room()}`);
	expect(Math.abs((await letters()) - before)).toBeLessThan(1);
	// One with a width of its own shrinks as a whole, and no further than its letters can be read.
	expect(await drawings.nth(1).evaluate((svg) => svg.getBoundingClientRect().width)).toBe(350);
	expect(
		await lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth),
	).toBeLessThanOrEqual(0);
});

const slice = `import { toSpatialImage } from "chunkwise";
const data = Uint16Array.from({ length: 1200 }, (_, i) => i);
const image = toSpatialImage({ data, shape: [30, 40], dims: ["y", "x"], scale: { y: 0.5, x: 0.5 }, units: { y: "micrometer", x: "micrometer" } });
`;

test("10: displays: a picture is read by pointer and by keys, with coordinates and units", async ({
	lesson,
}) => {
	const output = await show(lesson, `${slice}image.plot()`);
	const pane = output.getByRole("application");
	const readOut = output.locator(".cw-picture-readout");
	const box = await pane.boundingBox();
	if (!box) throw new Error("no picture");
	// The middle of the pixel in row 3, column 5.
	await pane.hover({ position: { x: (box.width * 5.5) / 40, y: (box.height * 3.5) / 30 } });
	await expect(readOut).toHaveText("y 1.5 µm, x 2.5 µm (row 3, column 5): 125");
	await lesson.page.mouse.move(0, 0);
	await expect(readOut).toHaveText(" ");
	await pane.focus();
	await lesson.page.keyboard.press("ArrowRight");
	await expect(readOut).toHaveText("y 7.5 µm, x 10 µm (row 15, column 20): 620");
	await lesson.page.keyboard.press("ArrowRight");
	await lesson.page.keyboard.press("ArrowUp");
	await expect(readOut).toHaveText("y 7 µm, x 10.5 µm (row 14, column 21): 581");
	await expect(output.locator(".cw-picture-mark")).toBeVisible();
	await expect(output.locator(".cw-scale-bar text")).toHaveText(/µm/);
});

test("10: displays: a picture is zoomed and moved by keys, wheel, drag and buttons", async ({ lesson }) => {
	const output = await show(lesson, `${slice}image.plot({ window: [0, 1199] })`);
	const pane = output.getByRole("application");
	const readOut = output.locator(".cw-picture-readout");
	const ticks = () => output.locator(".cw-picture-axes .cw-axis").first().locator("text").allTextContents();
	await expect.poll(ticks).not.toEqual([]);
	const whole = await ticks();
	await output.getByRole("button", { name: "Zoom in" }).click();
	await output.getByRole("button", { name: "Zoom in" }).click();
	await expect.poll(ticks).not.toEqual(whole);
	const near = await ticks();
	await pane.focus();
	await lesson.page.keyboard.press("Shift+ArrowLeft");
	await expect.poll(ticks).not.toEqual(near);
	await lesson.page.keyboard.press("0");
	await expect.poll(ticks).toEqual(whole);
	// What is under the pointer stays there while one zooms with Ctrl and the wheel; the wheel alone scrolls the page.
	const box = await pane.boundingBox();
	if (!box) throw new Error("no picture");
	const at = { x: box.x + (box.width * 5.5) / 40, y: box.y + (box.height * 3.5) / 30 };
	await lesson.page.mouse.move(at.x, at.y);
	await lesson.page.keyboard.down("Control");
	await lesson.page.mouse.wheel(0, -300);
	await lesson.page.keyboard.up("Control");
	await expect.poll(ticks).not.toEqual(whole);
	await lesson.page.mouse.move(at.x + 1, at.y);
	await expect(readOut).toContainText("(row 3, column 5): 125");
	await lesson.page.mouse.down();
	await lesson.page.mouse.move(at.x - 150, at.y - 100, { steps: 4 });
	await lesson.page.mouse.up();
	await lesson.page.mouse.move(at.x, at.y);
	await expect(readOut).not.toContainText("(row 3, column 5)");
	// Zoomed in, single pixels have edges: a colour of its own for each, and nothing between.
	await output.getByRole("button", { name: "All of the picture" }).click();
	await expect.poll(ticks).toEqual(whole);
});

const stack = `import { toSpatialImage } from "chunkwise";
const data = Uint16Array.from({ length: 2 * 5 * 30 * 40 }, (_, i) => Math.floor(i / 1200) * 100);
const image = toSpatialImage({ data, shape: [2, 5, 30, 40], dims: ["c", "z", "y", "x"], scale: { z: 2, y: 0.5, x: 0.5 }, units: { z: "micrometer", y: "micrometer", x: "micrometer" } });
`;

test("10: displays: sliders show the planes of a volume, with contrast, read-out and scale bar kept", async ({
	lesson,
}) => {
	const output = await show(lesson, `${stack}image.plot({ window: [0, 1000] })`);
	const canvas = output.locator("canvas");
	const grey = () =>
		canvas.evaluate((drawn) => {
			const context = (drawn as HTMLCanvasElement).getContext("2d");
			return context?.getImageData(10, 10, 1, 1).data[0];
		});
	const [c, z] = [output.getByRole("slider", { name: "c" }), output.getByRole("slider", { name: "z" })];
	// The middle of z, the first channel: every value of that plane is 200.
	await expect.poll(grey).toBe(51);
	await expect(z).toHaveAttribute("aria-valuetext", "z 4 µm, index 2 of 0 to 4");
	await expect(canvas).toHaveAttribute("aria-label", /Shown is c index 0 of 0 to 1, z 4 µm, index 2/);
	const bar = await output.locator(".cw-scale-bar text").textContent();
	// By keys on the slider, and on the picture.
	await z.focus();
	await lesson.page.keyboard.press("ArrowRight");
	await expect.poll(grey).toBe(77);
	await output.getByRole("application").focus();
	await lesson.page.keyboard.press("ArrowRight");
	await expect(output.locator(".cw-picture-readout")).toHaveText(/: 300$/);
	await lesson.page.keyboard.press(".");
	await expect.poll(grey).toBe(102);
	await expect(output.locator(".cw-picture-readout")).toHaveText(/: 400$/);
	await expect(output.locator(".cw-scale-bar text")).toHaveText(bar ?? "");
	// By pointer: the far end of the slider.
	const track = await z.boundingBox();
	if (!track) throw new Error("no slider");
	await lesson.page.mouse.click(track.x + 3, track.y + track.height / 2);
	await expect.poll(grey).toBe(0);
	await expect(z).toHaveAttribute("aria-valuetext", "z 0 µm, index 0 of 0 to 4");
	// What was chosen for the contrast stays with the next plane; another channel has its own.
	await output.getByText("Contrast and colours").click();
	await output.getByRole("slider", { name: "brightest" }).fill("300");
	await z.fill("4");
	await expect.poll(grey).toBe(255);
	await c.fill("1");
	await expect.poll(grey).toBe(0);
	await expect(output.getByRole("slider", { name: "darkest" })).toHaveValue("900");
	await c.fill("0");
	await expect.poll(grey).toBe(255);
	await expect(output.getByRole("slider", { name: "brightest" })).toHaveValue("300");
});

test("10: displays: planes of a stored array are read when they are looked at; without the kernel it is said", async ({
	lesson,
}) => {
	const output = await show(
		lesson,
		`import { MemoryStore, openArray, toNgffZarr, toMultiscale, toSpatialImage } from "chunkwise";
const data = Uint16Array.from({ length: 8 * 30 * 40 }, (_, i) => Math.floor(i / 1200));
const store = new MemoryStore();
const image = toSpatialImage({ data, shape: [8, 30, 40], dims: ["z", "y", "x"] });
await toNgffZarr(store, await toMultiscale(image, [2], { chunks: { z: 1 } }));
const array = await openArray(store, "scale0/image");
await array.plot({ at: { z: 1 } })`,
	);
	const z = output.getByRole("slider", { name: "z" });
	const readOut = output.locator(".cw-picture-readout");
	const read = async () => {
		await output.getByRole("application").focus();
		await lesson.page.keyboard.press("Escape");
		await lesson.page.keyboard.press("ArrowRight");
	};
	await read();
	await expect(readOut).toHaveText(/: 1$/);
	await z.fill("6");
	await expect(output.locator("canvas")).toHaveAttribute("aria-label", /z index 6 of 0 to 7/);
	await read();
	await expect(readOut).toHaveText(/: 6$/);
	// The kernel goes with a cell that never ends.
	await lesson.write("members", "for (;;) {}");
	await lesson.press("members");
	await lesson.expectState("members", "running");
	await lesson.press("members");
	await lesson.expectState("members", "stopped");
	await z.fill("3");
	await expect(output.locator(".cw-picture-waits")).toHaveText(/has ended. Run the cell again/);
	await expect(z).toHaveValue("6");
	// A plane that was looked at needs no kernel.
	await z.fill("1");
	await expect(output.locator("canvas")).toHaveAttribute("aria-label", /z index 1 of 0 to 7/);
});

test("10: displays: two fingers zoom a picture", async ({ lesson }) => {
	const output = await show(lesson, `${slice}image.plot()`);
	const pane = output.getByRole("application");
	await expect(pane).toBeVisible();
	const ticks = () => output.locator(".cw-picture-axes .cw-axis").first().locator("text").allTextContents();
	await expect.poll(ticks).not.toEqual([]);
	const whole = await ticks();
	await pane.evaluate((target) => {
		const box = target.getBoundingClientRect();
		const send = (type: string, pointerId: number, across: number) =>
			target.dispatchEvent(
				new PointerEvent(type, {
					pointerId,
					pointerType: "touch",
					bubbles: true,
					clientX: box.left + across * box.width,
					clientY: box.top + box.height / 2,
				}),
			);
		// A made-up pointer cannot be captured.
		target.setPointerCapture = () => {};
		send("pointerdown", 11, 0.45);
		send("pointerdown", 12, 0.55);
		send("pointermove", 11, 0.25);
		send("pointermove", 12, 0.75);
		send("pointerup", 11, 0.25);
		send("pointerup", 12, 0.75);
	});
	await expect.poll(ticks).not.toEqual(whole);
	expect(await pane.evaluate((target) => (target as HTMLElement).style.touchAction)).toBe("none");
});

test("10: displays: contrast and colours of a picture change what is drawn", async ({ lesson }) => {
	const output = await show(lesson, `${slice}image.plot({ window: [0, 1199] })`);
	const canvas = output.locator("canvas");
	/** The colour in the middle of the pixel in row 15, column 0: value 600. */
	const colour = () =>
		canvas.evaluate((drawn) => {
			const { width, height } = drawn as HTMLCanvasElement;
			const context = (drawn as HTMLCanvasElement).getContext("2d");
			return [...(context?.getImageData(width / 80, (height * 15.5) / 30, 1, 1).data ?? [])].slice(0, 3);
		});
	expect(await colour()).toEqual([128, 128, 128]);
	await output.getByText("Contrast and colours").click();
	await output.getByRole("slider", { name: "brightest" }).fill("600");
	await expect.poll(colour).toEqual([255, 255, 255]);
	await output.getByRole("button", { name: "Whole range" }).click();
	await expect.poll(colour).toEqual([128, 128, 128]);
	await output.getByRole("combobox").selectOption("viridis");
	await expect.poll(async () => new Set(await colour()).size).toBe(3);
});

test("10: displays: an error says in plain words what is wrong, shows the line, and who called", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.write(
		"attribute-keys",
		"const inner = (chunk: any) => chunk.shape.length;\nconst outer = () => inner(undefined);\nouter();",
	);
	await lesson.press("attribute-keys");
	await lesson.expectState("attribute-keys", "failed");
	const error = lesson.output("attribute-keys").getByRole("alert");
	await expect(error).toContainText("Something here is undefined, so it has no shape.");
	await expect(error.locator(".cw-error-message code")).toHaveText("shape");
	await expect(error.locator(".cw-error-line")).toContainText(
		"const inner = (chunk: any) => chunk.shape.length;",
	);
	await expect(error.locator(".cw-error-trace").getByRole("button")).toHaveText([/line 2,/, /line 3,/]);
	await error.locator(".cw-error-trace").getByRole("button").first().click();
	await expect(lesson.cell("attribute-keys").getByRole("textbox")).toBeFocused();
});

const everything = `import { histogram, linePlot, toSpatialImage, viewBytes } from "chunkwise";
const data = Uint16Array.from({ length: 600 }, (_, i) => i * 13 % 997);
const image = toSpatialImage({ data, shape: [20, 30], dims: ["y", "x"], scale: { y: 0.5, x: 0.25 }, units: { y: "micrometer", x: "micrometer" } });
display(image);
display(image.plot());
display(toSpatialImage({ data, shape: [2, 3, 10, 10], dims: ["c", "z", "y", "x"] }).plot());
display(data);
display(Array.from({ length: 1200 }, (_, i) => ({ i })));
display(new Map([["a", new Set([1])]]));
display(linePlot(data));
display(histogram(data));
display(viewBytes(data, { annotations: [{ offset: 0, length: 2, label: "first value" }] }));
display([{ key: "c/0", bytes: 10 }, { key: "c/1", bytes: 9 }]);
display({ deep: { tree: [1, 2, { a: "b" }] } });
display("text\\n".repeat(300));
console.warn("a warning");
import * as Plot from "@observablehq/plot";
Plot.lineY([1, 3, 2]).plot()`;

for (const theme of ["dark", "light"] as const) {
	test.describe(theme, () => {
		test.use({ colorScheme: theme });
		test(`10: displays: axe finds nothing in any of them, ${theme}`, async ({ lesson }) => {
			const output = await show(lesson, everything);
			await expect(output.locator("svg.cw-chart-drawing")).toHaveCount(2);
			await expect(output.locator(".cw-markup svg")).toBeVisible();
			for (const summary of await output.locator("summary").all()) {
				if ((await summary.locator("xpath=..").getAttribute("open")) === null) await summary.click();
			}
			expect(await violations(lesson.page)).toEqual([]);
		});
	});
}

for (const [name, use] of Object.entries({
	"at 360 px": { viewport: { width: 360, height: 740 } },
	"at 200 %": { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
	"with forced colours": { forcedColors: "active" as const },
	"with reduced motion": { reducedMotion: "reduce" as const, viewport: { width: 390, height: 800 } },
})) {
	test.describe(() => {
		test.use("forcedColors" in use || "reducedMotion" in use ? { contextOptions: use } : use);
		test(`10: displays: all are whole ${name}, and on paper`, async ({ lesson }) => {
			const output = await show(lesson, everything);
			await expect(output.locator(".cw-markup svg")).toBeVisible();
			const wide = () => lesson.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
			expect(await wide()).toBeLessThanOrEqual(0);
			for (const shown of await output.locator(":scope > *").all()) await expect(shown).toBeVisible();
			await lesson.page.emulateMedia({ media: "print" });
			for (const shown of await output.locator(":scope > *").all()) await expect(shown).toBeVisible();
		});
	});
}

test("12: on paper no line of a cell's code is cut off", async ({ lesson }) => {
	await lesson.page.setViewportSize({ width: 520, height: 900 });
	await lesson.open();
	const cut = () =>
		lesson.page
			.locator(".cw-cell-code")
			.evaluateAll((all) => all.filter((code) => code.scrollWidth > code.clientWidth).length);
	// On the screen they scroll.
	expect(await cut()).toBeGreaterThan(0);
	await lesson.page.emulateMedia({ media: "print" });
	expect(await cut()).toBe(0);
});
