import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
	chooseWorkers,
	codecNames,
	type DataType,
	hl60Phantom,
	MemoryStore,
	memoryStore,
	multiscaleMethods,
	openNodePool,
	openPool,
	type SpatialImage,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
	type WorkerPool,
} from "../../src/lib/node.ts";
import { decide } from "../../src/lib/parallel/choose.ts";
import { provePool } from "../../src/lib/parallel/prove.ts";
import { writeArrayInPool } from "../../src/lib/parallel/write-array.ts";
import { allocate, dataTypes, product } from "../../src/lib/types.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

let pool: WorkerPool;
let phantom: SpatialImage;
beforeAll(async () => {
	pool = await openNodePool({ workers: 2 });
	phantom = toSpatialImage(await hl60Phantom({ shape: [20, 50, 70] }));
});
afterAll(() => pool.close());

async function contents(store: MemoryStore): Promise<Map<string, string>> {
	const keys = (await store.list()).sort();
	const values = keys.map(async (key) => [
		key,
		Buffer.from((await store.get(`/${key}`)) ?? []).toString("base64"),
	]);
	return new Map((await Promise.all(values)) as [string, string][]);
}

const bits = (data: ArrayBufferView) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

function noise(dtype: DataType, length: number, seed: number): ReturnType<typeof allocate> {
	const data = allocate(dtype, length);
	let state = seed | 1;
	for (let i = 0; i < length; i++) {
		state = (Math.imul(state, 1664525) + 1013904223) | 0;
		if (dtype.endsWith("64") && !dtype.startsWith("float")) data[i] = BigInt(state >>> 20);
		else data[i] = dtype.startsWith("float") ? (state >>> 8) / 977 : state >>> 20;
	}
	return data;
}

describe("scale levels computed by workers", () => {
	test.each(multiscaleMethods)("%s: the same bits as in one thread", async (method) => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...dataTypes),
				fc.array(fc.integer({ min: 1, max: 70 }), { minLength: 1, maxLength: 3 }),
				fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 3, maxLength: 3 }),
				fc.nat(),
				async (dtype, shape, wanted, seed) => {
					const image = toSpatialImage({ data: noise(dtype, product(shape), seed), shape });
					const factors = Object.fromEntries(
						image.dims.map((dim, axis) => [dim, Math.min(wanted[axis], shape[axis])]),
					);
					const [alone, together] = await Promise.all([
						toMultiscale(image, [factors], { method }),
						toMultiscale(image, [factors], { method, pool }),
					]);
					expect(together.levels[1].shape).toEqual(alone.levels[1].shape);
					expect(together.levels[1].translation).toEqual(alone.levels[1].translation);
					expect(bits(together.levels[1].data).equals(bits(alone.levels[1].data))).toBe(true);
				},
			),
			{ numRuns: 12 },
		);
	});

	test("a pyramid of the phantom, in more pieces than workers; the image stays as it is", async () => {
		const before = phantom.data.slice();
		const alone = await toMultiscale(phantom, [2, 2], { method: "gaussian" });
		const together = await toMultiscale(phantom, [2, 2], { method: "gaussian", pool });
		for (const [i, level] of together.levels.entries()) {
			expect(bits(level.data).equals(bits(alone.levels[i].data))).toBe(true);
		}
		expect(phantom.data).toEqual(before);
	});

	test("an abort ends it", async () => {
		const stop = new AbortController();
		const run = toMultiscale(phantom, [2], { method: "gaussian", pool, signal: stop.signal });
		stop.abort(new Error("enough"));
		await expect(run).rejects.toThrow("enough");
	});
});

describe("an OME-Zarr written with workers", () => {
	test.each(codecNames)(
		"%s: the same keys and bytes as without, chunks and shards, 0.4 and 0.5",
		async (codec) => {
			const multiscale = await toMultiscale(phantom, [2], { chunks: 16 });
			for (const more of [
				{},
				{ shards: 32 },
				{ shards: 32, indexLocation: "start" },
				{ version: "0.4" },
			] as const) {
				const alone = memoryStore();
				const together = memoryStore();
				const options = { codec, ...more };
				const seen: number[] = [];
				const expected = await toNgffZarr(alone, multiscale, options);
				const report = await toNgffZarr(together, multiscale, {
					...options,
					pool,
					onProgress: ({ done }) => void seen.push(done),
				});
				expect(await contents(together)).toEqual(await contents(alone));
				expect(report).toMatchObject({ levels: expected.levels, objects: expected.objects });
				expect(seen.at(-1)).toBe(report.chunks);
			}
		},
	);

	test("any array: types, fill values, chunks that do not fit", async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.constantFrom(...dataTypes, "bool" as const),
				fc.array(fc.tuple(fc.nat(12), fc.integer({ min: 1, max: 7 })), { maxLength: 3 }),
				fc.constantFrom(0, 1, 7),
				fc.constantFrom("blosc-lz4", "zstd", "gzip", "zlib" as const),
				fc.boolean(),
				fc.record({
					order: fc.constantFrom("C", "C", "F" as const),
					byteOrder: fc.constantFrom("little", "little", "big" as const),
				}),
				fc.nat(),
				async (dtype, axes, fill, codec, sharded, { order, byteOrder }, seed) => {
					const shape = axes.map(([n]) => n);
					const chunks = axes.map(([, n]) => n);
					const stored = dtype === "bool" ? "uint8" : dtype;
					const data = noise(stored, product(shape), seed);
					if (dtype === "bool") for (let i = 0; i < data.length; i++) data[i] = Number(data[i]) & 1;
					const array = {
						data,
						shape,
						chunks,
						dtype,
						codec: codec as "zlib",
						fillValue: dtype === "bool" ? fill === 1 : fill,
						order,
						byteOrder,
						zarrFormat: codec === "zlib" ? 2 : 3,
						shards: sharded && codec !== "zlib" ? chunks.map((n) => 2 * n) : undefined,
					} as const;
					const [alone, together] = [memoryStore(), memoryStore()];
					const expected = await writeArray(alone, "a", array);
					expect(await writeArrayInPool(pool, together, "a", array)).toEqual(expected);
					expect(await contents(together)).toEqual(await contents(alone));
				},
			),
			{ numRuns: 60 },
		);
	});

	test("what the store throws comes out, and nothing is written afterwards", async () => {
		const multiscale = await toMultiscale(phantom, [], { chunks: 8 });
		let sets = 0;
		class Full extends MemoryStore {
			override async set(...args: Parameters<MemoryStore["set"]>): Promise<void> {
				if (++sets > 5) throw new Error("no room");
				return super.set(...args);
			}
		}
		await expect(toNgffZarr(new Full(), multiscale, { codec: "zstd", pool })).rejects.toThrow("no room");
		const after = sets;
		await new Promise((resolve) => setImmediate(resolve));
		expect(sets).toBe(after);
	});

	test("errors before the first chunk are the same", async () => {
		const multiscale = await toMultiscale(phantom, []);
		const bad = { codec: "bzip9" as never, pool };
		await expect(toNgffZarr(memoryStore(), multiscale, bad)).rejects.toMatchObject({ code: "unknown-codec" });
		await expect(
			writeArrayInPool(pool, memoryStore(), "", {
				data: new Uint8Array(4),
				shape: [4],
				chunks: [2],
				shards: [3],
				dtype: "uint8",
				codec: "zstd",
			}),
		).rejects.toMatchObject({ code: "bad-shards" });
	});
});

describe("the choice of workers", () => {
	const rates = { chunkCount: 100, cores: 2, name: "gzip", copyPerByte: 1e-7 };

	test("slow work is worth them, quick and small work is not", () => {
		// 100 MB at 10 MB/s take 10 s in one thread.
		const slow = decide({ ...rates, bytes: 100e6, perByte: 1e-4 });
		expect(slow.workers).toBe(2);
		expect(slow.why).toBe(
			"2 workers on 2 cores: gzip takes about 10.0 s in one thread for 95.37 MiB (9.54 MiB/s), with them 5.2 s, 220 ms of it to start them",
		);
		const quick = decide({ ...rates, bytes: 100e6, perByte: 5e-7 });
		expect(quick.workers).toBe(0);
		expect(quick.why).toMatch(/^No worker: gzip takes about 50 ms in one thread .* with 2 workers/);
		expect(quick.why).toMatch(/, 220 ms of it to start them$/);
		expect(decide({ ...rates, bytes: 1e5, perByte: 1e-4 }).workers).toBe(0);
		expect(decide({ ...rates, bytes: 100e6, perByte: 1e-4, chunkCount: 1 }).workers).toBe(0);
	});

	test("no more than help: for more cores more, and never more than chunks", () => {
		const work = { ...rates, bytes: 1e9, perByte: 1e-4 };
		expect(decide({ ...work, cores: 4 }).workers).toBe(4);
		const warm = { ...work, bytes: 10e6, perByte: 2e-5, cores: 2 };
		expect(decide(warm).workers).toBe(0);
		const started = decide({ ...warm, started: true });
		expect(started.workers).toBe(2);
		expect(started.why).not.toContain("to start them");
		const many = decide({ ...work, cores: 64 }).workers;
		expect(many).toBeGreaterThan(4);
		expect(many).toBeLessThanOrEqual(16);
		expect(decide({ ...work, cores: 16, chunkCount: 3 }).workers).toBe(3);
	});

	test("workers do not help with what the platform's own threads do", () => {
		const apart = { ...rates, bytes: 1e9, perByte: 0, apartPerByte: 1e-4, started: true };
		const choice = decide(apart);
		expect(choice.workers).toBe(0);
		expect(choice.why).toMatch(/^No worker: gzip takes about .* on the platform's own threads for /);
		const both = decide({ ...apart, perByte: 1e-4 });
		expect(both.workers).toBe(2);
		expect(both.why).toContain(" in one thread and on the platform's own for ");
	});

	test("gzip is not given to workers in Node, whose threads do it anyway", async () => {
		const gzip = { bytes: 1e9, chunkCount: 4000, codec: "gzip", cores: 2, started: true } as const;
		expect(await chooseWorkers(gzip)).toMatchObject({
			workers: 0,
			why: expect.stringContaining("on the platform's own threads"),
		});
	});

	test("codecs and methods are tried on this machine", async () => {
		const one = await chooseWorkers({ bytes: 1e9, chunkCount: 1000, codec: "gzip", cores: 1 });
		expect(one).toEqual({ workers: 0, why: "No worker: this machine has one core" });
		const nothing = await chooseWorkers({ bytes: 1e9, chunkCount: 1000, cores: 2 });
		expect(nothing.workers).toBe(0);
		const both = await chooseWorkers({
			bytes: 1e9,
			chunkCount: 4000,
			codec: "gzip",
			method: "gaussian",
			cores: 2,
		});
		expect(both.workers).toBe(2);
		expect(both.why).toContain("gzip and gaussian");
		const tiny = await chooseWorkers({ bytes: 100, chunkCount: 1, codec: "none", cores: 2 });
		expect(tiny.workers).toBe(0);
	});

	test("workers that do not help are given up, with what was found", async () => {
		const work = { bytes: 1e9, chunkCount: 4000, codec: "zstd" } as const;
		const slow = await openNodePool({ workers: 1 });
		// One worker does not do more than one thread: its jobs go there and back besides.
		const proved = await provePool(slow, work);
		if (proved.workers === 0) {
			expect(proved.why).toMatch(/^No worker: tried, 1 did 2 jobs in [\d.]+ ms, this thread in [\d.]+ ms$/);
			await expect(slow.run("encodeChunk", {} as never)).rejects.toMatchObject({ code: "pool-closed" });
		} else expect(proved).toBe(slow);
		await proved.close();
		// Whether two help is for this machine to say; the jobs are done in any case, and the reason given.
		const auto = await openNodePool({ work: { ...work, cores: 2 } });
		const input = {
			spec: { format: "zarr", codec: "zstd" },
			data: new Uint16Array(8),
			shape: [8],
			dtype: "uint16",
		};
		expect((await auto.run("encodeChunk", input as never)).output).toBeInstanceOf(Uint8Array);
		expect(auto.why).toMatch(auto.workers === 0 ? /^No worker: / : /^2 workers on 2 cores: zstd takes/);
		await auto.close();
	});

	test("a pool says why it has the workers that it has", async () => {
		const work = { bytes: 100, chunkCount: 1, codec: "none", cores: 2 } as const;
		const auto = await openNodePool({ work });
		expect(auto).toMatchObject({ workers: 0, why: expect.stringMatching(/^No worker: none takes/) });
		expect((await openPool({ workers: 0 })).why).toBe("No worker, as asked");
	});
});
