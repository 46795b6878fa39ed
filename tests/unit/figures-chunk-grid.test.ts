import * as fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import {
	type Face,
	faceCorners,
	faceOf,
	outsideParts,
	type Point3,
	projection,
} from "../../src/components/figures/axonometry.ts";
import { layoutOf, mostBoxes } from "../../src/components/figures/chunk-grid/layout.ts";
import { sceneOf } from "../../src/components/figures/chunk-grid/scene.ts";
import { solidOf } from "../../src/components/figures/chunk-grid/solid.ts";
import {
	comparedBox,
	firstReading,
	type ReadingState,
	selectionOf,
} from "../../src/components/figures/chunk-grid/state.ts";
import {
	chunkGridHtml,
	fitted,
	sceneState,
	viewBox,
} from "../../src/components/figures/chunk-grid/static.ts";
import { type ChunkGridProps, gridOf, sliceOf } from "../../src/lib/plan/chunk-grid.ts";
import { chunksOfSelection, selectionRanges } from "../../src/lib/plan/selection.ts";

const sample: ChunkGridProps = { shape: [129, 212, 363], chunks: [64, 64, 64], keyPrefix: "scale0/image" };

function sceneFor(props: ChunkGridProps) {
	const grid = gridOf(props);
	const solid = solidOf(grid);
	const plan = chunksOfSelection(grid, props.selection, props.stored);
	const state = sceneState(grid, solid, plan, sliceOf(grid, props.selection), props.stored);
	return { grid, solid, state, scene: sceneOf(solid, state) };
}

const area = ({ name, from, to }: Face) => {
	const [dz, dy, dx] = to.map((n, a) => n - from[a]);
	return name === "front" ? dy * dx : name === "top" ? dz * dx : dz * dy;
};

describe("axonometry", () => {
	it("keeps equal lengths along an axis equal", () => {
		const project = projection({ yaw: 34, pitch: 24 });
		const length = (a: Point3, b: Point3) => {
			const [p, q] = [project(...a), project(...b)];
			return Math.hypot(p[0] - q[0], p[1] - q[1]);
		};
		expect(length([0, 0, 0], [0, 0, 7])).toBeCloseTo(length([5, 9, 100], [5, 9, 107]), 9);
		expect(length([0, 0, 0], [20, 0, 0])).toBeCloseTo(2 * length([3, 1, 4], [13, 1, 4]), 9);
		expect(projection({ yaw: 0, pitch: 0 })(9, 4, 3)).toEqual([3, 4]);
	});

	it("cuts a face into what lies inside and outside, without overlap or gap", () => {
		const n = fc.integer({ min: 0, max: 9 });
		const size = fc.integer({ min: 1, max: 9 });
		fc.assert(
			fc.property(n, n, n, size, size, size, size, size, size, (z, y, x, dz, dy, dx, lz, ly, lx) => {
				const limit: Point3 = [lz, ly, lx];
				for (const name of ["front", "top", "side"] as const) {
					const face = faceOf(name, [z, y, x], [z + dz, y + dy, x + dx]);
					const parts = outsideParts(face, limit);
					const flat = { front: 0, top: 1, side: 2 }[name];
					const off = flat === 2 ? face.to[2] > limit[2] : face.from[flat] >= limit[flat];
					const inner = [0, 1, 2]
						.filter((a) => a !== flat)
						.reduce(
							(product, a) => product * Math.max(0, Math.min(face.to[a], limit[a]) - face.from[a]),
							off ? 0 : 1,
						);
					expect(parts.reduce((sum, part) => sum + area(part), 0)).toBe(area(face) - inner);
				}
			}),
		);
	});

	it("goes round a face", () => {
		for (const name of ["front", "top", "side"] as const) {
			expect(new Set(faceCorners(faceOf(name, [0, 0, 0], [1, 2, 3])).map(String)).size).toBe(4);
		}
	});
});

describe("scene", () => {
	it("lights the chunks that a slice touches, and cuts them at the slice", () => {
		const { scene } = sceneFor({ ...sample, selection: { z: 100 } });
		const roles = (role: string) => scene.boxes.filter((box) => box.role === role);
		expect(roles("hit").map((box) => box.coords?.[0])).toEqual(Array(24).fill(1));
		expect(roles("near")).toHaveLength(24);
		expect(roles("veil").every((box) => box.coords?.[0] === 0)).toBe(true);
		expect(roles("rest").every((box) => box.coords?.[0] === 2)).toBe(true);
		expect(scene.plane?.path).not.toBe("");
		const after = scene.plane?.after ?? -1;
		expect(scene.boxes.slice(0, after).every((box) => box.role === "rest" || box.role === "hit")).toBe(true);
		expect(scene.boxes.slice(after).every((box) => box.role === "near" || box.role === "veil")).toBe(true);
	});

	it.each([
		[{ z: 0 }, 24],
		[{ z: 128 }, 24],
		[{ y: 100 }, 18],
		[{ x: 362 }, 12],
	])("draws all chunks of the slice %o", (selection, count) => {
		const { scene } = sceneFor({ ...sample, selection: selection as never });
		expect(scene.boxes.filter((box) => box.role === "hit")).toHaveLength(count);
		expect(scene.boxes.filter((box) => box.role === "near").length).toBeGreaterThan(0);
	});

	it("hatches padding only where there is some", () => {
		const padded = (shape: number[]) =>
			sceneFor({ shape, chunks: [64, 64, 64] }).scene.boxes.filter((box) => box.padding !== "").length;
		expect(padded([128, 192, 384])).toBe(0);
		expect(padded([128, 192, 383])).toBeGreaterThan(0);
		const flat = sceneFor({ shape: [100, 100], chunks: [30, 50] }).scene.boxes;
		expect(flat.filter((box) => box.padding).map((box) => box.coords)).toEqual([
			[0, 3, 0],
			[0, 3, 1],
		]);
	});

	it("marks what the store does not have", () => {
		const stored = { "scale0/image/c/0/0/0": 5 };
		const { scene } = sceneFor({ ...sample, selection: { z: 10 }, stored });
		const hit = scene.boxes.filter((box) => box.role === "hit");
		expect(hit.filter((box) => !box.absent).map((box) => box.coords)).toEqual([[0, 0, 0]]);
	});

	it("draws blocks instead of countless chunks, and still what is touched apart", () => {
		const { solid, state, scene } = sceneFor({
			shape: [10, 2, 300, 2160, 2560],
			chunks: [1, 1, 32, 128, 128],
			selection: { t: 3, c: 1, z: 120 },
		});
		expect(solid.counts[0] * solid.counts[1] * solid.counts[2]).toBeGreaterThan(mostBoxes);
		expect(layoutOf(solid, state).blocks.map((block) => block.role)).toEqual(["rest", "hit", "veil"]);
		expect(scene.boxes.length).toBeLessThan(10);
		expect(scene.boxes.some((box) => box.lines !== "")).toBe(true);
	});

	it("stays inside its frame however the layers stand apart", () => {
		for (const selection of [{ z: 100 }, { y: 100 }, { x: 150 }, {}]) {
			const { solid, scene } = sceneFor({ ...sample, selection: selection as never });
			const frame = viewBox(solid);
			const numbers = scene.boxes
				.flatMap(
					(box) =>
						Object.values(box.faces)
							.join("")
							.match(/-?[\d.]+/g) ?? [],
				)
				.map(Number);
			for (let i = 0; i < numbers.length; i += 2) {
				expect(numbers[i]).toBeGreaterThanOrEqual(frame.x);
				expect(numbers[i]).toBeLessThanOrEqual(frame.x + frame.width);
				expect(numbers[i + 1]).toBeGreaterThanOrEqual(frame.y);
				expect(numbers[i + 1]).toBeLessThanOrEqual(frame.y + frame.height);
			}
		}
	});
});

describe("what is read", () => {
	const reading = (props: ChunkGridProps, change: Partial<ReadingState> = {}) => {
		const grid = gridOf(props);
		const solid = solidOf(grid);
		const state = { ...firstReading(grid, solid, props), ...change };
		const selection = selectionOf(grid, solid, state, selectionRanges(grid, props.selection ?? {}));
		return { kind: state.kind, selection, box: comparedBox(grid, solid, state) };
	};

	it("begins as the figure was given: a slice, a voxel, all, or just that", () => {
		expect(reading({ ...sample, selection: { y: 7 } })).toMatchObject({
			kind: "slice",
			selection: [null, 7, null],
		});
		expect(reading({ ...sample, selection: [100, 50, 7] })).toMatchObject({
			kind: "voxel",
			selection: [100, 50, 7],
		});
		expect(reading(sample)).toMatchObject({ kind: "all", selection: [null, null, null] });
		const part: ChunkGridProps = { ...sample, selection: { z: 10, y: [0, 50] } };
		expect(reading(part)).toMatchObject({
			kind: "given",
			selection: [
				[10, 11],
				[0, 50],
				[0, 363],
			],
		});
	});

	it("keeps a box inside the array, and one place along time and channel", () => {
		const five = { shape: [5, 2, 9, 9, 9], chunks: [1, 1, 4, 4, 4], selection: { t: 3, c: 1, z: 2 } };
		expect(reading(five).selection).toEqual([3, 1, 2, null, null]);
		const box = reading(five, { kind: "box", at: [3, 1, 8, 0, 4], edge: 4 });
		expect(box.selection).toEqual([3, 1, [5, 9], [0, 4], [4, 8]]);
		expect(box.box).toEqual(box.selection);
		expect(reading(five, { kind: "box", at: [3, 1, 8, 0, 4], edge: 20 }).selection.slice(2)).toEqual([
			[0, 9],
			[0, 9],
			[0, 9],
		]);
		expect(reading({ shape: [0, 5], chunks: [2, 2] }, { kind: "voxel" }).selection).toEqual([null, null]);
	});

	it("draws a box and a voxel through the chunks before them, and no slice", () => {
		const grid = gridOf(sample);
		const solid = solidOf(grid);
		const drawn = (selection: ChunkGridProps["selection"]) => {
			const plan = chunksOfSelection(grid, selection);
			return sceneOf(solid, sceneState(grid, solid, plan, undefined, undefined, undefined, true));
		};
		const box = drawn([
			[0, 32],
			[0, 32],
			[0, 32],
		]);
		expect(box.plane).toBeUndefined();
		expect(box.selected?.match(/Z/g)).toHaveLength(3);
		expect(box.boxes.filter(({ role }) => role === "hit").map(({ coords }) => coords)).toEqual([[0, 0, 0]]);
		const voxel = drawn([100, 100, 100]);
		expect(voxel.selected).not.toBe(box.selected);
		const none = drawn([[5, 5], null, null]);
		expect(none.selected).toBeUndefined();
	});
});

describe("shards in the picture", () => {
	it("has lines where shards begin and end, and none without shards", () => {
		expect(sceneFor(sample).scene.boxes.every(({ shards }) => shards === "")).toBe(true);
		// 8 × 8 in chunks of 2 and shards of 4, flat: 4 chunks along an axis, lines at 0, 4 and 8.
		const { scene } = sceneFor({ shape: [8, 8], chunks: [2, 2], shards: [4, 4], selection: { y: 0 } });
		const sides = scene.boxes
			.filter(({ coords }) => coords)
			.map(({ coords, shards }) => [coords?.slice(1).join(), shards.split("M").length - 1]);
		expect(sides.sort()).toEqual(Array.from({ length: 16 }, (_, i) => [`${Math.floor(i / 4)},${i % 4}`, 2]));
	});

	it("says shards, requests and the key of the shard", () => {
		const html = chunkGridHtml({ ...sample, shards: [128, 128, 128], selection: { z: 100 } }, "fig");
		const { document } = parseHTML(`<body>${html}</body>`);
		const reading = (name: string) => document.querySelector(`[data-reading="${name}"] dd`)?.textContent;
		expect(reading("shards")).toBe("6 of 12");
		expect(reading("requests")).toBe("30, 6 for indexes");
		expect(document.querySelector(".cw-fig-status")?.textContent).toContain("They lie in 6 of 12 shards");
		expect(document.querySelector(".cw-fig-legend")?.textContent).toContain("edges of shards");
	});

	it("makes a picture of another array as wide as the place on the page", () => {
		const frame = fitted({ x: 0, y: 0, width: 100, height: 100 }, 2);
		expect(frame).toEqual({ x: -50, y: 0, width: 200, height: 100 });
		expect(fitted({ x: 0, y: 0, width: 400, height: 100 }, 2)).toMatchObject({ y: -50, height: 200 });
	});
});

describe("static chunk grid", () => {
	const parse = (props: ChunkGridProps) => parseHTML(`<body>${chunkGridHtml(props, "fig")}</body>`).document;

	it("says and shows the reading without a script", () => {
		const document = parse({ ...sample, selection: { z: 100 } });
		const reading = (name: string) => document.querySelector(`[data-reading="${name}"] dd`)?.textContent;
		expect(reading("touched")).toBe("24 of 72");
		expect(reading("needed")?.replace(/\s/g, " ")).toBe("150.30 KiB");
		expect(document.querySelector(".cw-fig-status")?.textContent).toContain("touches 24 of 72 chunks");
		expect(document.querySelectorAll(".cw-fig-twin tbody tr").length).toBe(5);
		expect(document.querySelectorAll("svg .cw-fig-hit").length).toBeGreaterThanOrEqual(24);
		expect(
			document.querySelector<HTMLInputElement>('input[type="range"]:not([hidden])')?.getAttribute("max"),
		).toBe("128");
	});

	it("has the table of chunk shapes to open, unless an author leaves it out", () => {
		const document = parse({ ...sample, selection: { z: 100 } });
		const rows = [...document.querySelectorAll(".cw-fig-study tbody tr")];
		expect(rows).toHaveLength(10);
		const current = rows.filter((row) => row.classList.contains("cw-fig-current"));
		expect(current.map((row) => row.querySelector("button")?.textContent)).toEqual(["64³"]);
		expect(document.querySelector(".cw-fig-explore")?.hasAttribute("open")).toBe(false);
		expect(parse({ ...sample, explore: "open" }).querySelector("details[open]")).not.toBeNull();
		expect(parse({ ...sample, explore: false }).querySelector(".cw-fig-explore")).toBeNull();
		expect(parse({ ...sample, chunks: [10, 20, 30] }).querySelectorAll(".cw-fig-study tbody tr").length).toBe(
			11,
		);
	});

	it("escapes what an author writes", () => {
		const document = parse({ ...sample, title: "<b onclick=x>", dims: ["<z>", "y&", 'x"'] });
		expect(document.querySelector(".cw-fig-title")?.textContent).toBe("<b onclick=x>");
		expect(document.querySelector("[onclick]")).toBeNull();
		expect(document.querySelector(".cw-fig-segment span")?.textContent).toBe("<z>");
	});

	it.each([
		[
			[0, 5],
			[2, 2],
		],
		[[1], [1]],
		[[7], [3]],
		[
			[2, 3, 4, 5],
			[1, 1, 2, 2],
		],
		[
			[1, 1, 1],
			[64, 64, 64],
		],
	])("draws shape %o in chunks of %o", (shape, chunks) => {
		expect(chunkGridHtml({ shape, chunks }, "fig")).not.toContain("NaN");
	});
});
