/** Five dimensions: what each channel adds to a pixel, in WebGL2 and after it was taken away, at each point in time. */
import { folderStore, toMultiscale, toNgffZarr, toSpatialImage } from "../../src/lib/node.ts";
import { openImage } from "../support/view-image.ts";
import { expect, test, type Viewer } from "./viewer-page.ts";

const shape = [2, 3, 2, 40, 48];
const strides = [11520, 3840, 1920, 48, 1];
const data = Uint16Array.from({ length: 23040 }, (_, i) => (i * 2654435761) % 4093);

interface Shown {
	color: readonly [number, number, number];
	start: number;
	end: number;
}

async function write(folder: string, channels: Parameters<typeof toNgffZarr>[2] = {}) {
	const image = toSpatialImage({ data, shape }, { dims: ["t", "c", "z", "y", "x"], name: "five" });
	await toNgffZarr(folderStore(folder), await toMultiscale(image, [2], { chunks: 16 }), channels);
}

/** Opens the image at a place: an element of level 0 on 8 pixels, a corner of four on the panel's middle. */
async function open(viewer: Viewer, folder: string, url: string): Promise<void> {
	const image = await openImage(folder);
	const [z, y, x] = image.position(0, [0, 0, 1, 20, 24], 0.5).slice(2);
	const view = `at=0,0,${z - 0.5},${y},${x}&zoom=8&level=0&show=plane&src=${url}`;
	await viewer.open(undefined, `#phantom-viewer?${view}`);
	await viewer.bare();
}

/** Every pixel in the middle of an element is the sum of what the channels make of its values. */
async function expectBlend(viewer: Viewer, t: number, shown: Readonly<Record<number, Shown>>): Promise<void> {
	await viewer.settled();
	const { width, height, rgb } = await viewer.picture();
	const wrong: string[] = [];
	for (let row = -10; row < 10; row++) {
		for (let column = -14; column < 14; column++) {
			const at = t * strides[0] + strides[2] + (21 + row) * strides[3] + 25 + column;
			const wanted = [0, 0, 0];
			for (const [channel, { color, start, end }] of Object.entries(shown)) {
				const value = data[at + Number(channel) * strides[1]];
				const share = Math.min(1, Math.max(0, (value - start) / (end - start)));
				for (const part of [0, 1, 2]) wanted[part] += 255 * color[part] * share;
			}
			const pixel = (Math.round(height / 2) + row * 8 + 4) * width + Math.round(width / 2) + column * 8 + 4;
			const found = [...rgb.slice(3 * pixel, 3 * pixel + 3)];
			if (found.some((part, i) => Math.abs(part - Math.min(255, wanted[i])) > 3)) {
				wrong.push(`${row},${column}: ${found}, not ${wanted.map(Math.round)}`);
			}
		}
	}
	expect(wrong).toEqual([]);
}

test("10: viewer: channels with the windows and colours of omero, in time, and without a graphics card", async ({
	viewer,
	images,
}, info) => {
	test.slow();
	images.folder = info.outputPath("five.ome.zarr");
	const window = (start: number, end: number) => ({ min: 0, max: 4095, start, end });
	await write(images.folder, {
		channels: [
			{ label: "DNA", color: "4080FF", window: window(300, 3000), active: true },
			{ label: "Actin", color: "FF8000", window: window(0, 4000), active: true },
			{ label: "Empty", color: "00FF00", window: window(0, 2000), active: false },
		],
	});
	const dna: Shown = { color: [64 / 255, 128 / 255, 1], start: 300, end: 3000 };
	const actin: Shown = { color: [1, 128 / 255, 0], start: 0, end: 4000 };
	const empty: Shown = { color: [0, 1, 0], start: 0, end: 2000 };
	await open(viewer, images.folder, images.url);
	await expect(viewer.host).toHaveAttribute("data-renderer", "WebGL2");
	await expectBlend(viewer, 0, { 0: dna, 1: actin });
	const time = viewer.host.locator(".cw-viewer-axes-sliders").getByLabel("t", { exact: true });
	await time.fill("1");
	await expect(time).toHaveAttribute("aria-valuetext", /^1 of 2/);
	await expectBlend(viewer, 1, { 0: dna, 1: actin });
	await viewer.host.getByLabel("Empty", { exact: true }).check();
	await viewer.host.getByLabel("Actin", { exact: true }).uncheck();
	await viewer.host.getByLabel("DNA: value drawn black").fill("1000");
	await expectBlend(viewer, 1, { 0: { ...dna, start: 1000 }, 2: empty });
	// The graphics card goes in the midst of it, and comes back when a plain canvas has long gone on.
	const given = await viewer.host.locator(".cw-viewer-picture").evaluateHandle((canvas) => {
		const gl = (canvas as HTMLCanvasElement).getContext("webgl2");
		const extension = gl?.getExtension("WEBGL_lose_context");
		extension?.loseContext();
		return extension;
	});
	await expect(viewer.host).toHaveAttribute("data-renderer", "canvas");
	await expectBlend(viewer, 1, { 0: { ...dna, start: 1000 }, 2: empty });
	await given.evaluate((extension) => extension?.restoreContext());
	await time.fill("0");
	await expectBlend(viewer, 0, { 0: { ...dna, start: 1000 }, 2: empty });
	await expect(viewer.host).toHaveAttribute("data-renderer", "canvas");
});

test("10: viewer: channels without omero get colours that can be told apart, and windows from their values", async ({
	viewer,
	images,
}, info) => {
	images.folder = info.outputPath("plain.ome.zarr");
	await write(images.folder);
	await open(viewer, images.folder, images.url);
	await viewer.settled();
	for (const name of ["channel 0", "channel 1", "channel 2"]) {
		await expect(viewer.host.getByLabel(name, { exact: true })).toBeChecked();
	}
	const entries = new URLSearchParams((await viewer.link()).split("?")[1]).getAll("c");
	const shown = entries.map((entry) => {
		const [index, start, end, color] = entry.split(":");
		// Nearly all of what is stored, as values of all sizes are there.
		expect(Number(start)).toBeLessThan(400);
		expect(Number(end)).toBeGreaterThan(3600);
		const rgb = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255);
		return [
			index,
			{ color: rgb as [number, number, number], start: Number(start), end: Number(end) },
		] as const;
	});
	expect(new Set(shown.map(([, { color }]) => color.join())).size).toBe(3);
	await expectBlend(viewer, 0, Object.fromEntries(shown));
});
