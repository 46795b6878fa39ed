import { describe, expect, it, vi } from "vitest";
import * as zarr from "zarrita";
import { inertProps } from "../../src/components/cell/displays/figure-props.ts";
import { newestOnly } from "../../src/components/cell/displays/live.ts";
import {
	isWhole,
	moved,
	showing,
	wholeView,
	zoomed,
} from "../../src/components/cell/displays/picture-view.ts";
import { progressText } from "../../src/components/cell/displays/progress.ts";
import { loads } from "../../src/components/cell/displays/safe-css.ts";
import { type Cell, sortedRows } from "../../src/components/cell/displays/sort.ts";
import type { Output } from "../../src/kernel/protocol.ts";
import { LiveSources } from "../../src/kernel/worker/live.ts";
import { Outputs } from "../../src/kernel/worker/outputs.ts";
import { answerSymbol, displaySymbol } from "../../src/lib/display.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { MemoryStore } from "../../src/lib/stores/memory.ts";
import { viewBytes } from "../../src/lib/view/bytes.ts";
import { consoleText, describe as describeValue } from "../../src/lib/view/describe.ts";
import { histogram, linePlot } from "../../src/lib/view/diagrams.ts";
import { plain } from "../../src/lib/view/plain.ts";
import { responsive } from "../../src/lib/view/responsive.ts";

describe("trees of values", () => {
	it("keep to a size however much they branch", () => {
		const leaf = Array.from({ length: 400 }, (_, i) => i);
		const wide = Array.from({ length: 400 }, () => leaf);
		const huge = Array.from({ length: 400 }, () => wide);
		const count = (value: unknown): number =>
			typeof value === "object" && value !== null
				? Object.values(value).reduce((sum: number, item) => sum + count(item), 1)
				: 1;
		expect(count(plain(huge))).toBeLessThan(25_000);
		const text = "x".repeat(900_000);
		expect(JSON.stringify(plain([text, text, text, text])).length).toBeLessThan(2_000_000);
	});

	it("say what cannot be read, what repeats and what JSON has no word for", () => {
		const value: Record<string, unknown> = { n: Number.NaN, big: 5n, when: new Date(Number.NaN) };
		value.self = value;
		Object.defineProperty(value, "bad", {
			enumerable: true,
			get() {
				throw new Error("no");
			},
		});
		expect({ ...(plain(value) as object) }).toEqual({
			n: { $note: "NaN" },
			big: { $note: "5n" },
			when: { $note: "no valid date" },
			self: { $note: "the same object again" },
			bad: { $note: "cannot be read: no" },
		});
		const hostile = JSON.parse('{"__proto__": {"polluted": 1}}');
		expect(Object.keys(plain(hostile) as object)).toEqual(["__proto__"]);
		expect(({} as { polluted?: number }).polluted).toBeUndefined();
	});
});

describe("trees of collections", () => {
	it("tell a Map, a Set and objects of classes from plain ones, and keys that are no text from those that are", () => {
		class Chunk {
			index = [0, 1];
		}
		expect(plain(new Map([["a", 1]]))).toEqual({ $note: "Map(1)", $entries: [["a", 1]] });
		expect(
			plain(
				new Map<unknown, number>([
					[1, 10],
					["1", 20],
					[2n, 30],
					[new Chunk(), 40],
				]),
			),
		).toEqual({
			$note: "Map(4)",
			$entries: [
				["1", 10],
				['"1"', 20],
				["2n", 30],
				["(Chunk)", 40],
			],
		});
		expect(plain(new Set(["x", 2n]))).toEqual({
			$note: "Set(2)",
			$entries: [
				[0, "x"],
				[1, { $note: "2n" }],
			],
		});
		expect(plain({ chunk: new Chunk() })).toMatchObject({
			chunk: { $note: "Chunk", $entries: [["index", [0, 1]]] },
		});
		expect(plain(new Headers({ range: "bytes=0-7" }))).toEqual({
			$note: "Headers",
			$entries: [["range", "bytes=0-7"]],
		});
		expect(plain([new Uint16Array([1, 2]), new Uint8Array(9)])).toEqual([
			{ $note: "Uint16Array(2) 1 2" },
			{ $note: "Uint8Array(9) 0 0 0 0 0 0 …" },
		]);
		expect(plain({ next: new Set([1]).values() })).toMatchObject({
			next: { $note: expect.stringContaining("iterator") },
		});
		const long = plain(new Map(Array.from({ length: 600 }, (_, i) => [`k${i}`, i]))) as {
			$entries: unknown[];
		};
		expect(long.$entries).toHaveLength(501);
		expect(long.$entries.at(-1)).toEqual(["…", { $note: "100 more" }]);
	});

	it("end where a value is deeper than anyone looks", () => {
		const deep: Record<string, unknown> = {};
		let at = deep;
		for (let i = 0; i < 1000; i++) {
			at.down = {};
			at = at.down as Record<string, unknown>;
		}
		expect(JSON.stringify(plain(deep))).toContain("more than 12 levels");
	});
});

describe("what values look like", () => {
	it("shows what the values of a typed array amount to", () => {
		const values = Float32Array.from({ length: 1000 }, (_, i) => (i < 4 ? Number.NaN : (i - 4) % 4));
		const model = describeValue(values);
		if (model?.kind !== "repr") throw new Error("no summary");
		expect(model.title).toBe("Float32Array(1\u202f000) 3.91 KiB");
		expect(Object.fromEntries(model.sections[0].rows)).toEqual({
			smallest: "0.0",
			largest: "3.0",
			mean: "1.5",
			"standard deviation": "1.11803",
			zeros: "249  (24.9 %)",
			"NaN or infinite": "4  (0.4 %)",
		});
		expect(model.histogram?.counts.reduce((a, b) => a + b, 0)).toBe(996);
		expect(describeValue(new Uint16Array([1, 2]))).toEqual({ kind: "text", text: "Uint16Array(2) 1 2" });
		expect(describeValue(new Float64Array(20).fill(Number.NaN))).not.toHaveProperty("histogram");
		expect(consoleText(values)).toBe("Float32Array(1000) NaN NaN NaN … 1 2 3");
	});

	it("looks at a share of the values of a huge array, and says so", () => {
		const values = new Int8Array(1 << 24).fill(7);
		const model = describeValue(values);
		expect(model?.kind === "repr" && model.text).toContain("every 5th value");
	});

	it("makes a table of thousands of records, gaps and dates included", () => {
		const rows = Array.from({ length: 5000 }, (_, i) => ({
			key: `c/${i}`,
			bytes: BigInt(i),
			...(i % 2 ? { when: new Date(0) } : {}),
		}));
		const model = describeValue(rows);
		if (model?.kind !== "table") throw new Error("no table");
		expect(model.rows).toHaveLength(5000);
		expect(model.columns).toEqual([
			{ name: "key", align: "left" },
			{ name: "bytes", align: "right" },
			{ name: "when", align: "left" },
		]);
		expect(model.rows.slice(0, 2)).toEqual([
			["c/0", "0", null],
			["c/1", "1", "1970-01-01T00:00:00.000Z"],
		]);
		// Records that share little stay a tree.
		expect(describeValue([{ a: 1 }, { b: 1, c: 2, d: 3 }])).toMatchObject({ kind: "json" });
	});

	it("tells what an error was caused by", () => {
		const error = new Error("no chunk", { cause: new TypeError("no bytes") });
		expect(describeValue(error)).toMatchObject({ text: "Error: no chunk\n  caused by TypeError: no bytes" });
	});

	it("shows the bytes of a Blob, and what is stored of an array of zarrita, as soon as they are read", async () => {
		const sent: Output[] = [];
		const outputs = new Outputs((list) => sent.push(...structuredClone(list)));
		const document = {
			zarr_format: 3,
			node_type: "array",
			shape: [100, 50],
			data_type: "uint16",
			chunk_grid: { name: "regular", configuration: { chunk_shape: [64, 64] } },
			chunk_key_encoding: { name: "default" },
			fill_value: 7,
			codecs: [
				{
					name: "sharding_indexed",
					configuration: {
						chunk_shape: [32, 32],
						codecs: [
							{ name: "bytes", configuration: { endian: "little" } },
							{ name: "zstd", configuration: { level: 3 } },
						],
						index_codecs: [{ name: "bytes", configuration: { endian: "little" } }, { name: "crc32c" }],
					},
				},
			],
			attributes: { note: "n" },
		};
		const store = new MemoryStore();
		await store.set("/a/zarr.json", new TextEncoder().encode(JSON.stringify(document)));
		outputs.display(
			new Blob(["Zarr"], { type: "text/plain" }),
			await zarr.open(zarr.root(store).resolve("a"), { kind: "array" }),
		);
		await vi.waitFor(() => {
			outputs.flush();
			const models = sent.flatMap((output) => ("model" in output ? [output.model] : []));
			expect(models).toContainEqual({
				kind: "bytes",
				caption: "Blob, 4 B, text/plain",
				bytes: new TextEncoder().encode("Zarr"),
				total: 4,
			});
			const rows = models.flatMap((model) => (model.kind === "repr" ? (model.sections[0]?.rows ?? []) : []));
			expect(rows).toContainEqual(["Codecs", "bytes (little) → zstd (3)", ""]);
			expect(rows).toContainEqual(["Shards", "2 = 2 × 1, of 4 chunks each", ""]);
			expect(rows).toContainEqual(["Fill value", "7", ""]);
		});
	});
	it("shows arrays and groups of zarrita with dims, chunks and attributes", async () => {
		const store = new Map<string, Uint8Array>();
		await zarr.create(zarr.root(store), { attributes: { of: "cells" } });
		const made = await zarr.create(zarr.root(store).resolve("image"), {
			shape: [100, 50],
			chunkShape: [64, 64],
			dtype: "uint16",
			dimensionNames: ["y", "x"],
			fillValue: 7,
			attributes: { note: "<b>" },
		} as never);
		expect(describeValue(made)).toMatchObject({
			kind: "repr",
			title: "<zarrita.Array '/image' (y: 100, x: 50)> uint16",
			sections: [
				{
					title: "Array",
					rows: [
						["Shape", "(100, 50)", "9.77 KiB"],
						["Chunk shape", "(64, 64)", "8.00 KiB"],
						["Chunks", "2 = 2 × 1", ""],
						["Fill value", "7", ""],
					],
				},
				{ title: "Attributes", rows: [["note", '"<b>"']] },
			],
		});
		const group = await zarr.open(zarr.root(store), { kind: "group" });
		expect(describeValue(group)).toMatchObject({ kind: "repr", title: "<zarrita.Group '/'>" });
		expect(consoleText(made)).toContain("Chunk shape");
	});

	it("shows bytes as bytes, of a view only its own, and bounded", () => {
		const buffer = new Uint8Array(100_000).map((_, i) => i).buffer;
		expect(describeValue(new Uint8Array(buffer, 2, 4))).toEqual({
			kind: "bytes",
			caption: "Uint8Array(4) 2 3 4 5",
			bytes: new Uint8Array([2, 3, 4, 5]),
			total: 4,
		});
		expect(describeValue(new DataView(buffer, 1, 1))).toMatchObject({ caption: "DataView(1) 1", total: 1 });
		const whole = describeValue(buffer);
		expect(whole).toMatchObject({ kind: "bytes", total: 100_000 });
		expect(whole?.kind === "bytes" && whole.bytes.length).toBe(65_536);
		expect(consoleText(new Uint8Array([1, 2]))).toBe("Uint8Array(2) 1 2");
		const marked = viewBytes(new Uint8Array(8), {
			start: 4096,
			annotations: [{ offset: 0, length: 2, label: "mode" }],
		});
		expect(marked[displaySymbol]()).toMatchObject({ start: 4096, annotations: [{ label: "mode" }] });
	});

	it("cuts a line of the console", () => {
		expect(consoleText("x".repeat(50_000)).length).toBeLessThan(10_100);
	});
});

describe("what displays can ask for", () => {
	it("is answered while the display stands, in the kernel that made it", async () => {
		const sent: Output[] = [];
		const live = new LiveSources();
		const outputs = new Outputs((list) => sent.push(...structuredClone(list)), {
			add: (id, value) => live.add("cell", 1, id, value),
			remove: (id) => live.remove(1, id),
		});
		const image = toSpatialImage({ data: new Uint8Array(24).map((_, i) => i), shape: [2, 3, 4] });
		const handle = outputs.display(
			image.plot(),
			responsive((width) => `<svg width="${width}"></svg>`),
		);
		outputs.flush();
		const [picture, drawing] = sent.map((output) => "model" in output && output.model);
		expect(picture).toMatchObject({ kind: "picture", source: "1/0" });
		expect(drawing).toMatchObject({ kind: "markup", source: "1/1", markup: '<svg width="640"></svg>' });
		expect(await live.answer("1/0", { plane: [0] })).toMatchObject({ answer: { range: [0, 11] } });
		expect(await live.answer("1/1", { width: 311.5 })).toEqual({ answer: '<svg width="312"></svg>' });
		// Something else stands there now.
		handle.update("text");
		expect(await live.answer("1/1", { width: 300 })).toEqual({
			error: expect.stringContaining("Run the cell"),
		});
		live.forget("cell");
		expect(await live.answer("1/0", { plane: [0] })).toHaveProperty("error");
	});

	it("comes as words where it fails", async () => {
		const live = new LiveSources();
		const name = live.add("cell", 1, 0, {
			[answerSymbol]: () => Promise.reject(new Error("the store does not answer")),
		});
		expect(await live.answer(name, { plane: [0] })).toEqual({ error: "the store does not answer" });
	});

	it("is asked one after the other, and of many only the newest", async () => {
		const met: number[] = [];
		const want = newestOnly(async (n: number) => {
			met.push(n);
			await Promise.resolve();
		});
		for (let i = 0; i < 100; i++) want(i);
		await vi.waitFor(() => expect(met).toEqual([0, 99]));
		want(5);
		await vi.waitFor(() => expect(met).toEqual([0, 99, 5]));
	});
});

describe("progress in words", () => {
	it("has an amount, a rate, and the time left or taken", () => {
		const bar = { label: "Reading", done: 30, total: 129, unit: "chunks" as const };
		expect(progressText(bar, 3000)).toBe("30 of 129 chunks · 10 chunks/s · 10 s left");
		expect(progressText({ ...bar, done: 1 }, 3000)).toBe("1 of 129 chunks · 0.33 chunks/s · 6 min 24 s left");
		expect(progressText({ ...bar, done: 129 }, 3000)).toBe("129 chunks · 43 chunks/s · in 3.0 s");
		expect(progressText({ ...bar, done: 0 }, 3000)).toBe("0 of 129 chunks");
		expect(progressText({ label: "b", done: 1 << 20, unit: "bytes" }, 500)).toBe("1.00 MiB · 2.00 MiB/s");
	});
});

describe("diagrams", () => {
	it("count every value of a histogram once", () => {
		const values = Uint16Array.from({ length: 10_000 }, (_, i) => (i * 7919) % 1000);
		const { model } = histogram(values, { name: "intensity" });
		expect(model.counts.reduce((a, b) => a + b, 0)).toBe(10_000);
		// 1000 different integers, 16 to a bin: no bin but the last takes more or fewer than 160.
		expect(new Set(model.counts.slice(0, -1))).toEqual(new Set([160]));
		expect(model.edges[0]).toBe(-0.5);
		expect(model.alt).toContain("10\u202f000 values of intensity");
	});

	it("leave out what is no number, and say when there is nothing", () => {
		const { model } = histogram([1, 2, Number.NaN, Number.POSITIVE_INFINITY, 2.5], { bins: 3 });
		expect([...model.counts]).toEqual([1, 0, 2]);
		expect(histogram([5.5]).model.counts.reduce((a, b) => a + b, 0)).toBe(1);
		expect(histogram(new BigUint64Array([1n, 3n])).model.counts).toHaveLength(3);
		expect(() => histogram([Number.NaN])).toThrow(expect.objectContaining({ code: "nothing-to-plot" }));
		expect(() => linePlot([])).toThrow(expect.objectContaining({ code: "nothing-to-plot" }));
		expect(() => histogram([1], { bins: 0 })).toThrow(expect.objectContaining({ code: "bad-bins" }));
		expect(() => histogram([1], { range: [2, 1] })).toThrow(expect.objectContaining({ code: "bad-bins" }));
	});

	it("keep the extremes of a long line", () => {
		const values = new Float32Array(1_000_000);
		values[654_321] = 9;
		values[654_322] = -9;
		const [series] = linePlot(values).model.series;
		expect(series.high.length).toBe(1000);
		expect(Math.max(...series.high)).toBe(9);
		expect(Math.min(...series.low)).toBe(-9);
		const at = series.high.indexOf(9);
		expect(Math.abs(series.first + at * series.step - 654_321)).toBeLessThanOrEqual(500);
	});
});

describe("outputs on their way to the page", () => {
	const collect = () => {
		const sent: Output[] = [];
		const batches: number[] = [];
		const outputs = new Outputs((list) => {
			const copy = structuredClone(list);
			batches.push(copy.length);
			sent.push(...copy);
		});
		return { sent, batches, outputs };
	};

	it("a handle updates in place; what still waits is changed where it stands", () => {
		const { sent, outputs } = collect();
		const handle = outputs.display("first");
		handle.update("second");
		outputs.flush();
		handle.update("third");
		handle.update("fourth");
		outputs.flush();
		const text = (text: string) => ({ kind: "text", text });
		expect(sent[0]).toMatchObject({ kind: "display", id: 0 });
		expect(sent.at(-1)).toMatchObject({ id: 0, model: text("fourth") });
		expect(sent.slice(1).every((output) => output.kind === "update" && output.id === 0)).toBe(true);
		expect(outputs.displays).toEqual([text("fourth")]);
		const before = sent.length;
		// A cell that ends with display(…) shows it once.
		outputs.display(handle);
		outputs.display("a", "b");
		outputs.flush();
		expect(sent.slice(before).map((output) => output.kind === "display" && output.id)).toEqual([1, 2]);
	});

	it("a loop that updates does not pile up", () => {
		const { sent, outputs } = collect();
		const handle = outputs.display(0);
		for (let i = 1; i <= 20_000; i++) handle.update(i);
		outputs.flush();
		expect(sent.at(-1)).toMatchObject({ model: { text: "20000" } });
		expect(sent.length).toBeLessThan(1000);
	});

	it("a flood of console lines or displays is counted, not sent", () => {
		const { sent, outputs } = collect();
		for (let i = 0; i < 10_000; i++) outputs.console.log(i);
		for (let i = 0; i < 2000; i++) outputs.display(i);
		outputs.end();
		const lines = sent.filter((output) => output.kind === "console");
		const dropped = lines.reduce((sum, line) => sum + (line.dropped ?? 0), 0);
		expect(lines.length + dropped).toBe(10_000);
		expect(lines.at(-1)?.text).toBe("9999");
		expect(sent.filter(({ kind }) => kind === "display")).toHaveLength(500);
		expect(sent.at(-1)).toEqual({ kind: "notice", text: "1\u202f500 more displays are not shown." });
	});

	it("a display that cannot cross, or that fails, is a sentence, and the others come", () => {
		const { sent, outputs } = collect();
		outputs.display("before");
		outputs.display({ [displaySymbol]: () => ({ kind: "json", value: () => 1 }) });
		outputs.display({
			[displaySymbol]: () => {
				throw new Error("broken");
			},
		});
		outputs.end();
		expect(sent[0]).toMatchObject({ model: { text: "before" } });
		expect(sent[1]).toMatchObject({ kind: "notice", text: expect.stringContaining("cannot be shown") });
		expect(sent[2]).toMatchObject({ model: { text: "This value cannot be shown: broken" } });
	});
});

describe("the order of a table's rows", () => {
	const by = (order: "ascending" | "descending", ...values: Cell[]) =>
		sortedRows(
			values.map((value) => [value]),
			0,
			order,
		).map(([value]) => value);

	it("knows numbers, sizes and words, and puts what is empty last", () => {
		expect(by("ascending", 10, 9, null, -1)).toEqual([-1, 9, 10, null]);
		expect(by("descending", 10, 9, null, -1)).toEqual([10, 9, -1, null]);
		expect(by("ascending", "1.00 MiB", "576.00 KiB", "12 B", "")).toEqual([
			"12 B",
			"576.00 KiB",
			"1.00 MiB",
			"",
		]);
		expect(by("ascending", "1\u202f000", "999")).toEqual(["999", "1\u202f000"]);
		expect(by("ascending", "c/10", "c/9", "c/1")).toEqual(["c/1", "c/9", "c/10"]);
		expect(by("ascending", "2", "b", "10")).toEqual(["2", "10", "b"]);
	});
});

describe("styles of what a cell draws", () => {
	it.each([
		"url(https://x/y)",
		'URL( "//x" )',
		"\\75rl(x)",
		'image-set("x" 1x)',
		"url(#a) url(x)",
		"src('x')",
		"url(data:text/html,x)",
		"cross-fade(url(x), red)",
	])("%s loads, or hides what it does", (value) => {
		expect(loads(value)).toBe(true);
	});

	it.each(["url(#clip)", 'url("#a-1")', "red", "translate(1px, 2px)", "var(--a)", "none"])(
		"%s does not",
		(value) => {
			expect(loads(value)).toBe(false);
		},
	);
});

describe("the part of a picture that is seen", () => {
	const size = { width: 200, height: 100 };

	it("keeps what is under the pointer, the proportions, and stays inside", () => {
		const near = zoomed(wholeView(size), size, 4, 0.25, 0.5);
		expect(near).toEqual({ x: 37.5, y: 37.5, width: 50, height: 25 });
		expect(near.x + 0.25 * near.width).toBe(50);
		expect(zoomed(near, size, 1e9).width).toBe(4);
		expect(isWhole(zoomed(near, size, 1e-9), size)).toBe(true);
		expect(moved(near, size, 100, -100)).toEqual({ x: 150, y: 0, width: 50, height: 25 });
		expect(moved(wholeView(size), size, 1, 1)).toEqual(wholeView(size));
	});

	it("follows the pixel that is read", () => {
		const near = zoomed(wholeView(size), size, 4);
		const last = showing(near, size, 199, 99);
		expect([last.x, last.y]).toEqual([150, 75]);
		expect(showing(near, size, 100, 50)).toEqual(near);
		expect(zoomed(wholeView({ width: 1, height: 1 }), { width: 1, height: 1 }, 8)).toEqual(
			wholeView({ width: 1, height: 1 }),
		);
	});
});

it("props of a displayed figure hold nothing that reads as markup, at any depth, keys included", () => {
	const evil = `"><img src=x onerror='a'>`;
	const data = new Uint8Array(2);
	const props = inertProps({ shape: [evil, 3], deep: { [evil]: evil }, name: "scale0/image & more", data });
	expect(JSON.stringify(props)).not.toMatch(/[<>'`]|\\"/);
	expect(props).toMatchObject({ shape: [expect.any(String), 3], name: "scale0/image & more", data });
});
