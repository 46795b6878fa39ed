import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { computedImage } from "../../src/lib/samples/computed-image.ts";
import type { ViewedImage } from "../../src/lib/viewer/image.ts";
import { channelAxis, drawnAxes } from "../../src/lib/viewer/image.ts";
import { chunkRect, levelForZoom, planView, shownRange } from "../../src/lib/viewer/plan.ts";
import { openViewSource } from "../../src/lib/viewer/source.ts";
import {
	clampView,
	extentOf,
	firstView,
	fitZoom,
	indexAt,
	planesOf,
	type View,
} from "../../src/lib/viewer/view.ts";

/** Levels of halves over a 2-D to 5-D image, voxels of `voxel` micrometer. */
function image(shape: number[], chunks: number[], names: string, levels = 3, voxel = 0.5): ViewedImage {
	const roles = { t: "time", c: "channel", z: "space", y: "space", x: "space" } as const;
	const axes = [...names].map((name) => ({ name, role: roles[name as keyof typeof roles] }));
	const space = axes.map(({ role }) => role === "space");
	return {
		name: "test",
		format: "OME-NGFF 0.5",
		path: "",
		axes,
		dtype: "uint16",
		levels: Array.from({ length: levels }, (_, level) => ({
			path: String(level),
			shape: shape.map((n, axis) => (space[axis] ? Math.max(1, Math.floor(n / 2 ** level)) : n)),
			chunks,
			fill: 0,
			scale: space.map((is) => (is ? voxel * 2 ** level : 1)),
			translation: space.map((is) => (is ? (voxel * (2 ** level - 1)) / 2 : 0)),
		})),
		channels: Array.from({ length: names.includes("c") ? shape[names.indexOf("c")] : 1 }, (_, i) => ({
			label: `channel ${i}`,
			color: [1, 1, 1] as [number, number, number],
			active: true,
		})),
	};
}

const volume = image([256, 512, 1024], [64, 64, 64], "zyx");
const size = { width: 512, height: 256 };
const [xy, xz, zy] = planesOf(volume);

describe("which level a zoom shows", () => {
	it.each([
		["an element of level 0 on a pixel", 2, 0],
		["twice as large", 4, 0],
		["an element of level 1 on a pixel", 1, 1],
		["a little more than level 1 has", 1.1, 0],
		["far out", 0.01, 2],
	])("%s", (_, zoom, level) => {
		expect(levelForZoom(volume, xy, zoom)).toBe(level);
	});

	it("has at least an element for each pixel, and no level less would do", () => {
		fc.assert(
			fc.property(fc.double({ min: 0.001, max: 64, noNaN: true }), (zoom) => {
				const level = levelForZoom(volume, xy, zoom);
				const pixels = (l: number) => volume.levels[l].scale[2] * zoom;
				if (level > 0) expect(pixels(level)).toBeLessThanOrEqual(1.001);
				if (level < 2) expect(pixels(level + 1)).toBeGreaterThan(1.001);
			}),
		);
	});
});

describe("what a view needs", () => {
	it("is the chunks that lie in the panel, and no others, whatever the view", () => {
		const arbitrary = fc.record({
			z: fc.double({ min: 0, max: 127, noNaN: true }),
			y: fc.double({ min: 0, max: 255, noNaN: true }),
			x: fc.double({ min: 0, max: 511, noNaN: true }),
			zoom: fc.double({ min: 0.2, max: 20, noNaN: true }),
			plane: fc.constantFrom(xy, xz, zy),
		});
		fc.assert(
			fc.property(arbitrary, ({ z, y, x, zoom, plane }) => {
				const view: View = { at: [z, y, x], zoom, level: "auto", channels: [0] };
				const panel = { plane, size };
				const { level, needed, neededChunks } = planView(volume, view, [panel]);
				expect(neededChunks).toBe(needed.length);
				const wanted = new Set(needed.map(({ coords }) => coords.join()));
				const { shape, chunks } = volume.levels[level];
				const depth = indexAt(volume.levels[level], plane.depth as number, view.at[plane.depth as number]);
				for (let k = 0; k * chunks[0] < shape[0]; k++) {
					for (let j = 0; j * chunks[1] < shape[1]; j++) {
						for (let i = 0; i * chunks[2] < shape[2]; i++) {
							const coords = [k, j, i];
							const rect = chunkRect(volume, view, panel, level, coords);
							// A sliver of less than a thousandth of an element may be left out or not.
							const sliver = 1e-3 * zoom;
							const at = (edge: number) =>
								rect.x < size.width - edge &&
								rect.y < size.height - edge &&
								rect.x + rect.width > edge &&
								rect.y + rect.height > edge;
							const cut =
								depth !== undefined &&
								Math.floor(depth / chunks[plane.depth as number]) === coords[plane.depth as number];
							if (cut && at(sliver)) expect(wanted).toContain(coords.join());
							if (!cut || !at(-sliver)) expect(wanted).not.toContain(coords.join());
						}
					}
				}
			}),
			{ numRuns: 60 },
		);
	});

	it("counts what a view costs against the whole image", () => {
		const view = { ...firstView(volume, size), zoom: 2 };
		const plan = planView(volume, view, [{ plane: xy, size }]);
		// 512 × 256 elements from (256, 128) on: 8 × 4 chunks where the view begins on a border of chunks.
		expect(plan).toMatchObject({ level: 0, neededChunks: 32, neededBytes: 32 * 64 ** 3 * 2 });
		expect(plan.wholeChunks).toBe(4 * 8 * 16);
		expect(plan.wholeBytes).toBe(256 * 512 * 1024 * 2);
	});

	it("wants nothing in a panel that is hidden, which has no size and no zoom that fits", () => {
		const none = { width: 0, height: 0 };
		const view = firstView(volume, none);
		expect(view.zoom).toBe(0);
		expect(planView(volume, view, [{ plane: xy, size: none }])).toMatchObject({
			neededChunks: 0,
			wishes: [],
		});
		expect(planView(volume, view, [{ plane: xy, size }])).toMatchObject({ neededChunks: 0, wishes: [] });
	});

	it("wants the middle first, and coarse chunks before, which cost at most 15 in a hundred more", () => {
		const view = { ...firstView(volume, size), zoom: 2 };
		const { wishes, needed } = planView(volume, view, [{ plane: xy, size }]);
		const ranks = needed.map(({ rank }) => rank);
		expect(ranks).toEqual(ranks.toSorted((a, b) => a - b));
		const coarse = wishes.filter(({ level }) => level > 0);
		expect(coarse.length).toBeGreaterThan(0);
		expect(coarse.length).toBeLessThanOrEqual(0.15 * needed.length);
		expect(wishes.slice(0, coarse.length)).toEqual(coarse);
	});

	it("looks meanwhile at the finest level that costs next to nothing, else at the coarsest", () => {
		const flat = image([2048, 2048], [256, 256], "yx", 5);
		const standIns = (width: number, height: number) => {
			const panel = { width, height };
			const { wishes } = planView(flat, { ...firstView(flat, panel), zoom: 2 }, [
				{ plane: planesOf(flat)[0], size: panel },
			]);
			return wishes.filter(({ level }) => level > 0).map(({ id }) => id);
		};
		// Of 4 × 4 chunks one is more than 5 in a hundred, of 6 × 6 it is less.
		expect(standIns(1024, 1024)).toEqual(["4/0,0"]);
		expect(standIns(1536, 1536)).toEqual(["3/0,0"]);
	});

	it("asks for no stand-in where a view is as cheap as that", () => {
		const view = { ...firstView(volume, size), zoom: 20 };
		const { wishes, needed } = planView(volume, view, [{ plane: xy, size }]);
		expect(wishes).toEqual(needed);
	});

	it("has each chunk once where panels cross", () => {
		const view = { ...firstView(volume, size), zoom: 4 };
		const panels = [xy, xz, zy].map((plane) => ({ plane, size }));
		const { needed } = planView(volume, view, panels);
		expect(new Set(needed.map(({ id }) => id)).size).toBe(needed.length);
		const apart = panels.map((panel) => planView(volume, view, [panel]).needed.length);
		expect(needed.length).toBeLessThan(apart[0] + apart[1] + apart[2]);
	});

	it("asks for the channels that are shown, which may share chunks", () => {
		const shared = image([2, 4, 64, 64], [1, 2, 64, 64], "tcyx", 1);
		const alone = image([2, 4, 64, 64], [1, 1, 64, 64], "tcyx", 1);
		const view = (of: ViewedImage, channels: number[]) => ({ ...firstView(of, size), channels });
		const coords = (of: ViewedImage, channels: number[]) =>
			planView(of, view(of, channels), [{ plane: planesOf(of)[0], size }]).needed.map(
				(wish) => wish.coords[1],
			);
		expect(coords(alone, [0, 3]).sort()).toEqual([0, 3]);
		expect(coords(shared, [0, 1])).toEqual([0]);
		expect(coords(shared, [1, 2]).sort()).toEqual([0, 1]);
		expect(coords(alone, [])).toEqual([]);
	});

	it("stays small where a fixed level of a vast image lies in the panel, and says how much there is", async () => {
		const { image: vast } = await openViewSource(computedImage());
		const panel = { plane: planesOf(vast)[0], size: { width: 1024, height: 1024 } };
		const view = { ...firstView(vast, panel.size), level: 0 };
		const plan = planView(vast, view, [panel]);
		expect(plan.neededChunks).toBe(128 * 128);
		expect(plan.needed.length).toBeLessThanOrEqual(1024);
		expect(plan.needed.length).toBeGreaterThan(900);
		// The middle of what was asked for is the middle of the view.
		expect(plan.needed[0].coords.slice(1).every((c) => c === 63 || c === 64)).toBe(true);
		const fitting = planView(vast, { ...view, level: "auto" }, [panel]);
		expect(fitting.neededChunks).toBe(16 * 16);
		expect(fitting.wholeBytes).toBe(2 ** 40);
	});

	it("is nothing outside of the image", () => {
		const view: View = { at: [500, 0, 0], zoom: 1, level: 0, channels: [0] };
		expect(planView(volume, view, [{ plane: xy, size }]).wishes).toEqual([]);
	});
});

describe("where a view can be", () => {
	it("is the whole image at first, in the middle", () => {
		const view = firstView(volume, size);
		expect(view.at).toEqual([63.75, 127.75, 255.75]);
		expect(view.zoom).toBe(fitZoom(volume, xy, size));
		expect(shownRange(volume, 0, 2, view.at[2], size.width / view.zoom)).toEqual([0, 1024]);
	});

	it("covers the same space at every level", () => {
		for (const axis of [0, 1, 2]) {
			const ends = volume.levels.map((level) => extentOf(level, axis));
			for (const end of ends) expect(end).toEqual(ends[0]);
		}
	});

	it("is brought back onto the image, indices whole, zoom between half the whole and 64 pixels an element", () => {
		const tc = image([3, 2, 64, 64], [1, 1, 64, 64], "tcyx", 1);
		const far: View = { at: [7.2, 0.6, -900, 900], zoom: 1e9, level: 12, channels: [0, 0, 5] };
		const view = clampView(tc, far, size);
		expect(view).toEqual({ at: [2, 1, -0.25, 31.75], zoom: 128, level: 0, channels: [0] });
		const nothing: View = { at: [], zoom: Number.NaN, level: "auto", channels: [] };
		expect(clampView(tc, nothing, size).zoom).toBe(fitZoom(tc, planesOf(tc)[0], size) / 2);
	});

	it("finds the element at a position, to the image's last edge", () => {
		const [level] = volume.levels;
		expect(indexAt(level, 2, -0.25)).toBe(0);
		expect(indexAt(level, 2, -0.26)).toBeUndefined();
		expect(indexAt(level, 2, 511.75)).toBe(1023);
		expect(indexAt(level, 2, 511.76)).toBeUndefined();
	});
});

describe("axes that are drawn", () => {
	const named = (...axes: [string, "space" | "time" | "channel" | "other"][]) => ({
		name: "test",
		axes: axes.map(([name, role]) => ({ name, role })),
	});
	it("are those of space, else the last ones", () => {
		expect(
			drawnAxes(named(["t", "time"], ["c", "channel"], ["z", "space"], ["y", "space"], ["x", "space"])),
		).toEqual({ z: 2, y: 3, x: 4 });
		expect(drawnAxes(named(["dim_0", "other"], ["dim_1", "other"]))).toEqual({ y: 0, x: 1 });
		expect(drawnAxes(named(["c", "channel"], ["y", "space"], ["x", "space"]))).toEqual({ y: 1, x: 2 });
		expect(() => drawnAxes(named(["x", "space"]))).toThrow(expect.objectContaining({ code: "not-2d" }));
	});
	it("leave the channels apart", () => {
		expect(channelAxis(named(["t", "time"], ["c", "channel"], ["y", "space"], ["x", "space"]))).toBe(1);
	});
});
