/** Addresses of a viewer: links that restore a view, and other people's viewers. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { otherViewers } from "../../src/components/viewer/open-in.ts";
import { memoryStore, toMultiscale, toNgffZarr, toSpatialImage } from "../../src/lib/index.ts";
import {
	type LinkedView,
	sourceFromText,
	sourceToText,
	viewFromText,
	viewToText,
} from "../../src/lib/viewer/link.ts";
import { openViewSource } from "../../src/lib/viewer/source.ts";
import { firstView } from "../../src/lib/viewer/view.ts";

async function threeChannels() {
	const data = new Uint16Array(3 * 4 * 8 * 8);
	const image = toSpatialImage({ data, shape: [3, 4, 8, 8] }, { dims: ["c", "z", "y", "x"] });
	const store = memoryStore();
	await toNgffZarr(store, await toMultiscale(image, [2]));
	return (await openViewSource(store)).image;
}

describe("a link to a view", () => {
	it("brings back place, zoom, level, layout, plane, and the channels with windows and colours", async () => {
		const image = await threeChannels();
		const first: LinkedView = {
			...{ view: firstView(image, { width: 100, height: 100 }), channels: image.channels },
			...{ layout: "planes", plane: "xy" },
		};
		const byte = fc.integer({ min: 0, max: 255 }).map((n) => n / 255);
		const arbitrary = fc.record({
			at: fc.tuple(...image.axes.map(() => fc.integer({ min: -9999, max: 9999 }).map((n) => n / 8))),
			zoom: fc.integer({ min: 1, max: 9999 }).map((n) => n / 8),
			level: fc.constantFrom("auto" as const, 0, 1),
			shown: fc.subarray([0, 1, 2]).filter((list) => list.length > 0),
			layout: fc.constantFrom("plane" as const, "planes" as const, "volume" as const),
			plane: fc.constantFrom("xy" as const, "xz" as const, "zy" as const),
			color: fc.tuple(byte, byte, byte),
			start: fc.integer({ min: 0, max: 60_000 }),
		});
		fc.assert(
			fc.property(arbitrary, ({ at, zoom, level, shown, layout, plane, color, start }) => {
				const channels = image.channels.map((channel) => ({
					...channel,
					color,
					window: { start, end: start + 100.5 },
				}));
				const there: LinkedView = { view: { at, zoom, level, channels: shown }, channels, layout, plane };
				const back = viewFromText(viewToText(there), image, first);
				expect(back).toMatchObject({ view: there.view, layout, plane });
				for (const index of shown) {
					expect(back.channels[index].window).toEqual(channels[index].window);
					expect(back.channels[index].color).toEqual(color);
				}
			}),
		);
	});

	it("that says nothing usable leaves the view as it was", async () => {
		const image = await threeChannels();
		const first: LinkedView = {
			...{ view: firstView(image, { width: 100, height: 100 }), channels: image.channels },
			...{ layout: "planes", plane: "xy" },
		};
		const text = "at=1,2&zoom=-1&level=x&show=cinema&plane=ab&c=9:0:1:ffffff&c=:";
		expect(viewFromText(text, image, first)).toMatchObject({
			view: { at: first.view.at, zoom: first.view.zoom, level: "auto", channels: [] },
			...{ layout: "planes", plane: "xy" },
		});
		expect(viewFromText("", image, first)).toEqual(first);
	});

	it("names the image, where it is not the page's own", () => {
		fc.assert(
			fc.property(
				fc.webUrl({ withQueryParameters: true, withFragments: true }),
				fc.string(),
				(source, path) => {
					const back = sourceFromText(`at=1,2,3${sourceToText({ source, path })}`);
					expect(back).toEqual({ source, ...(path ? { path } : {}) });
				},
			),
		);
		expect(sourceFromText(sourceToText({ local: "a&b ?#%.zarr" }))).toEqual({ local: "a&b ?#%.zarr" });
		expect(sourceFromText(sourceToText({ source: "computed" }))).toEqual({ source: "computed" });
		expect(sourceToText({})).toBe("");
	});

	it.each(["javascript:alert(1)", "data:text/html,x", "file:///etc", "blob:x", "/relative", ""])(
		"does not lead to %j",
		(source) => expect(sourceFromText(`src=${encodeURIComponent(source)}`)).toEqual({}),
	);
});

describe("the same image elsewhere", () => {
	const at = "https://data.example.org/my%20images/a.zarr";
	const links = (source: string, format: string, path = "") =>
		Object.fromEntries(otherViewers(source, { format, path }).map(({ name, address }) => [name, address]));
	const sourceOf = (address: string) => new URL(address).searchParams.get("source");
	const layerOf = (address: string) =>
		JSON.parse(decodeURIComponent(address.slice(address.indexOf("#!") + 2))).layers[0];

	it.each([
		["OME-NGFF 0.4", "zarr2"],
		["OME-NGFF 0.5", "zarr3"],
	])("%s: all three", (format, scheme) => {
		const { vizarr, neuroglancer, "OME-NGFF validator": validator } = links(`${at}/`, format);
		expect(vizarr).toMatch(/^https:\/\/hms-dbmi\.github\.io\/vizarr\/\?source=/);
		expect(validator).toMatch(/^https:\/\/ome\.github\.io\/ome-ngff-validator\/\?source=/);
		expect([sourceOf(vizarr), sourceOf(validator)]).toEqual([at, at]);
		expect(neuroglancer).toMatch(/^https:\/\/neuroglancer-demo\.appspot\.com\/#!/);
		expect(layerOf(neuroglancer)).toEqual({ name: "image", type: "image", source: `${at}/|${scheme}:` });
	});

	it("an image inside a set is named, not the set", () => {
		const { vizarr, neuroglancer } = links(at, "OME-NGFF 0.5", "B/2/0");
		expect(sourceOf(vizarr)).toBe(`${at}/B/2/0`);
		expect(layerOf(neuroglancer).source).toBe(`${at}/B/2/0/|zarr3:`);
	});

	it("others only where they can read it", () => {
		expect(Object.keys(links(at, "N5"))).toEqual(["neuroglancer"]);
		expect(layerOf(links(at, "N5", "setup0").neuroglancer).source).toBe(`${at}/setup0/|n5:`);
		expect(Object.keys(links(at, "OME-NGFF 0.2"))).toEqual(["vizarr", "OME-NGFF validator"]);
		expect(Object.keys(links(at, "Zarr 3"))).toEqual(["vizarr", "neuroglancer"]);
		const zipped = links("https://data.example.org/a.ozx", "OME-NGFF 0.5");
		expect(Object.keys(zipped)).toEqual(["neuroglancer"]);
		expect(layerOf(zipped.neuroglancer).source).toBe("https://data.example.org/a.ozx|zip:|zarr3:");
	});

	it.each([
		"",
		"computed",
		"http://data.example.org/a.zarr",
		"https://localhost/a.zarr",
		"http://127.0.0.1:4321/a.zarr",
		"https://192.168.1.4/a.zarr",
		"https://172.20.0.1/a.zarr",
		"https://[::1]/a.zarr",
		"https://microscope/a.zarr",
		"https://nas.local/a.zarr",
		"https://me:secret@data.example.org/a.zarr",
		"https://data.example.org/a.zarr?X-Amz-Signature=1",
	])("nobody for %j", (source) => expect(links(source, "OME-NGFF 0.5")).toEqual({}));
});
