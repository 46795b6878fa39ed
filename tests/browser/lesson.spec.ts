import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fixture, fixturesDir } from "../support/fixtures.ts";
import { expect, type Lesson, nowhere, test } from "./site.ts";

const cells = [
	"download",
	"metadata",
	"spatial-image",
	"is-spatial-image",
	"calibrated",
	"by-place",
	"ome-tiff",
	"slice-x",
	"slice-y",
	"slice-z",
	"multiscale",
	"level-1",
	"write",
	"write-opfs",
	"keys",
	"root-document",
	"array-document",
	"open-group",
	"attribute-keys",
	"multiscales",
	"members",
	"open-array",
	"read-values",
	"read-plane",
	"read-chunk",
	"chunk-grid",
];

/** Everything that must come out whichever image answered: shapes, counts, bytes, keys. */
async function expectLesson(lesson: Lesson): Promise<void> {
	await lesson.page.getByRole("button", { name: "Run all cells" }).click();
	for (const id of cells) await lesson.expectState(id, "done", 100_000);
	const text = (id: string) => lesson.output(id);

	for (const fact of ["uint16", "363, 212, 129", "1, 1, 1", "0, 0, 0"])
		await expect(text("metadata")).toContainText(fact);
	await expect(text("spatial-image")).toContainText("(z: 129, y: 212, x: 363)");
	await expect(text("is-spatial-image")).toHaveText("true");
	await expect(text("calibrated")).toContainText("micrometer");
	await expect(text("by-place").locator(".cw-text")).toHaveText("50");
	await expect(text("ome-tiff")).toContainText("Spacing: [0.2, 0.2, 0.5]");

	for (const [id, width, height, axes] of [
		["slice-x", 212, 129, ["z", "y"]],
		["slice-y", 363, 129, ["z", "x"]],
		["slice-z", 363, 212, ["y", "x"]],
	] as const) {
		const canvas = text(id).locator("canvas");
		// The canvas is as large as it is shown; its words tell the picture's own size.
		await expect(canvas).toHaveAttribute(
			"aria-label",
			new RegExp(`: ${height} rows down.*; ${width} columns across`),
		);
		for (const axis of axes)
			await expect(text(id).locator(".cw-axis-title", { hasText: new RegExp(`^${axis}`) })).toBeVisible();
		// A picture with something in it: many different greys.
		const greys = await canvas.evaluate((c: HTMLCanvasElement) => {
			const { data } = (c.getContext("2d") as CanvasRenderingContext2D).getImageData(0, 0, c.width, c.height);
			return new Set(data.filter((_, i) => i % 4 === 0)).size;
		});
		expect(greys).toBeGreaterThan(60);
	}

	const levels = text("multiscale").locator("tbody tr");
	await expect(levels).toHaveCount(3);
	for (const [row, facts] of [
		[0, ["18.93 MiB", "129, 212, 363", "512.00 KiB", "64, 64, 64", "72", "uint16"]],
		[1, ["2.34 MiB", "64, 106, 181", "512.00 KiB", "6"]],
		[2, ["36.56 KiB", "16, 26, 45", "1"]],
	] as const) {
		for (const fact of facts) await expect(levels.nth(row)).toContainText(fact);
	}
	await expect(text("level-1")).toContainText("(z: 64, y: 106, x: 181)");
	await expect(text("level-1")).toContainText("1.5");
	await expect(text("level-1")).toContainText("0.5");

	await expect(text("write")).toContainText("79");
	await expect(text("keys")).toContainText("86 keys");
	await expect(text("keys")).toContainText("scale0/image/c/0/0/0");
	await expect(text("root-document")).toContainText("multiscales");
	await expect(text("root-document")).toContainText("0.5");
	await expect(text("array-document")).toContainText("blosc");
	await expect(text("attribute-keys")).toContainText("ome");
	await expect(text("multiscales")).toContainText("scale0/image");
	await expect(text("members")).toContainText("scale2");
	await expect(text("open-array")).toContainText("uint16");
	await expect(text("read-plane")).toContainText("212");
	await expect(text("read-chunk")).toContainText("scale0/image/c/2/3/5");
	await expect(text("chunk-grid").locator("svg, canvas").first()).toBeVisible();
}

test("every cell runs on the phantom when the original cannot be reached, and says why", async ({
	lesson,
}) => {
	await lesson.open({ hl60Url: nowhere });
	await expectLesson(lesson);
	const download = lesson.output("download");
	await expect(download).toContainText(/synthetic/i);
	await expect(download).toContainText(/phantom/i);
	await expect(download).toContainText(/127\.0\.0\.1/);
});

test("every cell runs on the original, downloaded once and kept", async ({ lesson }) => {
	test.skip(!fixturesDir, "../shared/fixtures is absent: the original's stand-in is not there");
	const bytes = readFileSync(fixture("derived/HL50_cell.tif"));
	let requests = 0;
	const server = createServer((_, response) => {
		requests++;
		response.writeHead(200, {
			"Content-Type": "image/tiff",
			"Content-Length": bytes.length,
			"Access-Control-Allow-Origin": "*",
		});
		response.end(bytes);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const hl60Url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/download`;
	try {
		await lesson.open({ hl60Url });
		await expectLesson(lesson);
		await expect(lesson.output("download")).toContainText("BBBC024");
		await expect(lesson.output("download").locator(".cw-progress").first()).toContainText("MiB");
		await expect(lesson.output("download")).not.toContainText(/synthetic:/);
		for (const values of ["95 96 84", "89 93 97"]) {
			await expect(lesson.output("spatial-image")).toContainText(values);
			await expect(lesson.output("read-values")).toContainText(values);
		}
		expect(requests).toBe(1);
		await lesson.open({ hl60Url });
		await lesson.run("spatial-image");
		await expect(lesson.output("spatial-image")).toContainText("95 96 84");
		expect(requests, "requests after a second visit").toBe(1);
	} finally {
		server.close();
	}
});

test("a reader's own TIFF takes the sample's place", async ({ lesson }) => {
	test.skip(!fixturesDir, "../shared/fixtures is absent: there is no TIFF to choose");
	await lesson.open();
	await lesson.page.setInputFiles(
		"chunkwise-sample input[type=file]",
		fixture("tiff/bia_notebooks/Platynereis_tp7_channel1_rescaled(256x256x103)_gt.tif"),
	);
	await lesson.run("spatial-image");
	await expect(lesson.output("download")).toContainText("Platynereis");
	await expect(lesson.output("spatial-image")).toContainText("(z: 103, y: 256, x: 256)");
});

test("exercises: the starter asks for its blanks, a wrong answer is told why, a right one passes", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	await lesson.press("slice-cost");
	await expect(lesson.output("slice-cost")).toContainText(/blank/);
	await lesson.expectState("slice-cost", "idle");

	const answer = (chunks: string, size: string) =>
		`const [depth, height, width] = array.shape;\nconst side = 64;\nconst chunksNeeded: number = ${chunks};\nconst bytesNeeded: number = chunksNeeded * ${size};`;
	await lesson.type("slice-cost", answer("3 * 5", "64 ** 3 * 2"));
	await lesson.run("slice-cost", 100_000);
	await expect(lesson.output("slice-cost")).toContainText("edges count too");
	await lesson.type("slice-cost", answer("24", "524288"));
	await lesson.run("slice-cost");
	await expect(lesson.output("slice-cost")).toContainText("Right.");

	await lesson.type(
		"rechunk",
		'import { listKeys, memoryStore, rechunk, toNgffZarr } from "chunkwise";\nconst larger = rechunk(multiscale, 128);\nconst largerStore = memoryStore();\nawait toNgffZarr(largerStore, larger);\nconst largerKeys = await listKeys(largerStore);\nconst chunkFiles = largerKeys.filter((k) => /\\/c\\//.test(k)).length;\nchunkFiles',
	);
	await lesson.run("rechunk");
	await expect(lesson.output("rechunk")).toContainText("Right.");
	await expect(lesson.output("rechunk").locator(".cw-text")).toHaveText("15");
});

test("a cell whose author folds its code shows it on a press, and runs either way", async ({ lesson }) => {
	await lesson.open({ prefer: "phantom" }, "lessons/zarr/");
	const code = lesson.cell("types").locator("[data-part=code]");
	await expect(code).toBeHidden();
	await lesson.run("types");
	await lesson.cell("types").getByText("Show the code").click();
	await expect(code).toContainText("const lists");
	await expect(code).toBeVisible();
});
