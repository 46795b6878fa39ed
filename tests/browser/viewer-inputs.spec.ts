/** What a viewer opens, by every way that a reader has, and what it says of what it cannot open. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { folderStore, toMultiscale, toN5, toNgffZarr, toSpatialImage, writeZip } from "../../src/lib/node.ts";
import { expect, gallery, test, type Viewer } from "./viewer-page.ts";

/** An image whose elements all are `value`, and whose name is its own. */
const flat = (name: string, value: number) =>
	toMultiscale(
		toSpatialImage({ data: new Uint16Array(32 * 32).fill(value), shape: [32, 32] }, { name }),
		[2],
		{ chunks: 16 },
	);

/** The image of this name is looked at, and this value is stored in its middle. */
async function expectImage(viewer: Viewer, name: string, value: number): Promise<void> {
	await expect(viewer.status).toContainText(`“${name}”`, { timeout: 30_000 });
	await viewer.settled();
	await expect(viewer.message).toBeHidden();
	await viewer.panel("xy").focus();
	await expect(viewer.status).toContainText(new RegExp(`In the middle: [^;]+; ${value}; level 0`));
}

/** Drops files and folders of this computer, or text, on the stage. */
async function drop(viewer: Viewer, given: string | { text: string }): Promise<void> {
	const stage = viewer.host.locator(".cw-viewer-stage");
	await stage.scrollIntoViewIfNeeded();
	const box = await stage.boundingBox();
	if (!box) throw new Error("there is no stage");
	const session = await viewer.page.context().newCDPSession(viewer.page);
	const items = typeof given === "string" ? [] : [{ mimeType: "text/plain", data: given.text }];
	const data = { items, files: typeof given === "string" ? [given] : [], dragOperationsMask: 1 };
	for (const type of ["dragEnter", "dragOver", "drop"] as const) {
		await session.send("Input.dispatchDragEvent", { type, x: box.x + 60, y: box.y + 80, data });
	}
}

/** The gallery's viewer, with its other ways to open something unfolded. */
async function begin(viewer: Viewer): Promise<void> {
	await viewer.page.goto(viewer.root + gallery);
	await viewer.host.scrollIntoViewIfNeeded();
	await viewer.host.getByText("Open another image").click();
	await expect(viewer.host).toHaveAttribute("data-ready", "");
}

async function type(viewer: Viewer, address: string): Promise<void> {
	await viewer.host.getByLabel("Address of an OME-Zarr or N5").fill(address);
	await viewer.page.keyboard.press("Enter");
}

test("10: viewer: opens what is typed, chosen and dropped", async ({ viewer, images }, info) => {
	test.slow();
	const at = (name: string) => info.outputPath(name);
	for (const [i, name] of ["typed", "chosen", "dropped"].entries()) {
		await toNgffZarr(folderStore(at(`${name}.ome.zarr`)), await flat(name, 11 + i));
	}
	await toN5(folderStore(at("image.n5")), await flat("blocks", 20));
	// One as RFC-9 has it, one that the system's own “compress” made of the folder.
	const above = folderStore(at("above"));
	await toNgffZarr(above, await flat("packed", 30), { path: "packed.ome.zarr", version: "0.4" });
	const zip = async (folder: string) =>
		Buffer.from(await (await writeZip(folderStore(at(folder)))).arrayBuffer());
	writeFileSync(at("image.ozx"), await zip("dropped.ome.zarr"));
	writeFileSync(at("image.zip"), await zip("above"));
	images.folder = at("typed.ome.zarr");
	await begin(viewer);
	await type(viewer, images.url);
	await expectImage(viewer, "typed", 11);
	const folder = viewer.host.locator("input[name=folder]");
	await folder.setInputFiles(at("chosen.ome.zarr"));
	await expectImage(viewer, "chosen", 12);
	await drop(viewer, at("dropped.ome.zarr"));
	await expectImage(viewer, "dropped", 13);
	expect(await viewer.link()).toContain("&local=dropped.ome.zarr");
	await drop(viewer, at("image.n5"));
	await expect(viewer.status).toContainText("N5");
	await expectImage(viewer, "blocks", 20);
	await viewer.host.locator("input[name=zip]").setInputFiles(at("image.zip"));
	await expectImage(viewer, "packed", 30);
	await drop(viewer, at("image.ozx"));
	await expectImage(viewer, "dropped", 13);
	// The same folder once more.
	await folder.setInputFiles(at("chosen.ome.zarr"));
	await expectImage(viewer, "chosen", 12);
	await expect(viewer.host.locator(".cw-viewer-open-in")).toContainText("public https address");
});

test("10: viewer: a folder that is dropped where browsers have no handles of folders", async ({
	viewer,
}, info) => {
	await viewer.page.addInitScript(() => {
		Reflect.deleteProperty(DataTransferItem.prototype, "getAsFileSystemHandle");
	});
	const folder = info.outputPath("image µ.ome.zarr");
	await toNgffZarr(folderStore(folder), await flat("entries", 41));
	await begin(viewer);
	await drop(viewer, folder);
	await expectImage(viewer, "entries", 41);
});

test("10: viewer: what it cannot open is refused in words, with a way back", async ({
	viewer,
	images,
}, info) => {
	const at = (name: string) => info.outputPath(name);
	await toNgffZarr(folderStore(at("good.ome.zarr")), await flat("good", 5));
	for (const folder of ["broken.zarr", "empty", "levels.zarr"]) mkdirSync(at(folder));
	writeFileSync(join(at("broken.zarr"), "zarr.json"), "{");
	writeFileSync(join(at("empty"), "notes.txt"), "nothing");
	writeFileSync(at("cells.ome.tif"), "II*\0");
	writeFileSync(at("broken.zip"), "PK");
	// The group is there, and the arrays that it names are not.
	await folderStore(at("levels.zarr")).set(
		"/zarr.json",
		(await folderStore(at("good.ome.zarr")).get("/zarr.json")) as Uint8Array,
	);
	images.folder = at("good.ome.zarr");
	await begin(viewer);
	await type(viewer, images.url);
	await expectImage(viewer, "good", 5);
	const back = viewer.host.getByRole("button", { name: "Back to “good”" });
	const refused: [what: () => Promise<void>, words: RegExp][] = [
		[() => drop(viewer, at("cells.ome.tif")), /“cells\.ome\.tif” is a TIFF.*Make an OME-Zarr/],
		[() => drop(viewer, join(at("good.ome.zarr"), "zarr.json")), /single file.*whole folder/],
		[() => drop(viewer, { text: "words" }), /Drop a folder that holds an OME-Zarr or N5/],
		[() => drop(viewer, at("broken.zarr")), /not JSON.*\(zarr\.json\).*damaged/],
		[() => drop(viewer, at("empty")), /No Zarr array or group is here/],
		[() => drop(viewer, at("levels.zarr")), /No Zarr array or group is here/],
		[() => drop(viewer, at("broken.zip")), /zip/i],
		[() => type(viewer, `${images.url}picture.tif`), /“picture\.tif” is a TIFF/],
		[() => type(viewer, `${images.url}nothing`), /No Zarr array or group is here/],
		[() => type(viewer, "http://127.0.0.1:9/a.zarr"), /CORS|reach/],
	];
	for (const [open, words] of refused) {
		await open();
		await expect(viewer.message).toContainText(words, { timeout: 30_000 });
		await expect(viewer.message).toHaveAttribute("data-error", "true");
		await back.focus();
		await viewer.page.keyboard.press("Enter");
		await expect(viewer.message).toBeHidden();
		await expect(viewer.panel("xy")).toBeFocused();
	}
	await expectImage(viewer, "good", 5);
});

test("10: viewer: a plate opens with its first well, the others are offered, and a link leads to each", async ({
	viewer,
	images,
}, info) => {
	images.folder = info.outputPath("plate.ome.zarr");
	const store = folderStore(images.folder);
	const group = (ome: object) =>
		new TextEncoder().encode(
			JSON.stringify({
				...{ zarr_format: 3, node_type: "group" },
				attributes: { ome: { version: "0.5", ...ome } },
			}),
		);
	const wells = ["A/1", "B/2"];
	await store.set("/zarr.json", group({ plate: { wells: wells.map((path) => ({ path })) } }));
	for (const [i, well] of wells.entries()) {
		await store.set(`/${well}/zarr.json`, group({ well: { images: [{ path: "0" }] } }));
		await toNgffZarr(store, await flat(`well ${well}`, 50 + i), { path: `${well}/0` });
	}
	await begin(viewer);
	await type(viewer, images.url);
	await expectImage(viewer, "well A/1", 50);
	const choice = viewer.host.locator("select[name=image]");
	await expect(choice.locator("option")).toHaveText(["A/1/0", "B/2"]);
	await choice.selectOption("B/2");
	await expectImage(viewer, "well B/2", 51);
	await expect(choice.locator("option")).toHaveText(["A/1/0", "B/2/0"]);
	await viewer.panel("xy").focus();
	await viewer.page.keyboard.press("+");
	const link = await viewer.link();
	await viewer.page.goto("about:blank");
	await viewer.page.goto(link);
	await expectImage(viewer, "well B/2", 51);
	expect(await viewer.link()).toBe(link);
	// A link that is followed in the same page.
	await viewer.page.evaluate(
		(hash) => {
			location.hash = hash;
		},
		new URL(link).hash.replace("B/2", "A/1/0"),
	);
	await expectImage(viewer, "well A/1", 50);
});
