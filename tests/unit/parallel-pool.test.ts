import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ChunkwiseError } from "../../src/lib/errors.ts";
import { N5Array, openArray, openN5, openPool, toN5, zarrDecodeSpec } from "../../src/lib/index.ts";
import { Multiscale, memoryStore, openNodePool, toSpatialImage } from "../../src/lib/node.ts";
import { type EncodeInput, runJob } from "../../src/lib/parallel/jobs.ts";
import { startThread } from "../../src/lib/parallel/node-pool.ts";
import type { WorkerPool } from "../../src/lib/parallel/pool.ts";
import { startPool } from "../../src/lib/parallel/start-pool.ts";
import { codecNames } from "../../src/lib/zarr/codecs.ts";
import { writeArray } from "../../src/lib/zarr/write-array.ts";

const ramp = (length: number) => Uint16Array.from({ length }, (_, i) => (i * 7) % 1009);
const chunk = (codec: EncodeInput["spec"]["codec"] = "gzip", edge = 16): EncodeInput =>
	({
		spec: { format: "zarr", codec },
		data: ramp(edge ** 3),
		shape: [edge, edge, edge],
		dtype: "uint16",
	}) as EncodeInput;

/** A thread that runs this code in place of the pool's worker. */
const threadOf = (code: string, limits?: { maxOldGenerationSizeMb: number }) => (number: number) =>
	startThread(
		new URL(
			`data:text/javascript,${encodeURIComponent(`import { parentPort } from "node:worker_threads";${code}`)}`,
		),
		number,
		limits,
	);
const ready = "parentPort.postMessage({ ready: true });";
/** Takes jobs and never answers. */
const silent = `${ready}parentPort.on("message", () => {});`;
const two = { workers: 2, why: "2 workers, for a test" };

async function failure(promise: Promise<unknown>): Promise<ChunkwiseError> {
	return promise.then(
		() => {
			throw new Error("it did not fail");
		},
		(error) => error,
	);
}

describe("a pool of threads", () => {
	let pool: WorkerPool;
	beforeAll(async () => {
		pool = await openNodePool({ workers: 2 });
	});
	afterAll(() => pool.close());

	test("does the same as this thread, for every codec, in order of asking and by both workers", async () => {
		expect(pool).toMatchObject({ workers: 2, why: "2 workers, as asked" });
		const asked = performance.now();
		const inputs = [...codecNames, ...codecNames, ...codecNames].map((codec) => chunk(codec));
		const results = await Promise.all(inputs.map((input) => pool.run("encodeChunk", input)));
		for (const [i, { output, worker, started, ended }] of results.entries()) {
			expect(output).toEqual(await runJob("encodeChunk", inputs[i]));
			expect([1, 2]).toContain(worker);
			expect(started).toBeGreaterThanOrEqual(asked);
			expect(ended).toBeGreaterThanOrEqual(started);
			expect(ended).toBeLessThanOrEqual(performance.now());
		}
		expect(new Set(results.map(({ worker }) => worker))).toEqual(new Set([1, 2]));
	});

	test("decodes chunks of Zarr and blocks of N5, and coarsens", async () => {
		const image = toSpatialImage({ data: ramp(20 * 30), shape: [20, 30] });
		const store = memoryStore();
		const spec = { data: image.data, shape: image.shape, chunks: [20, 30], dtype: "uint16" } as const;
		await writeArray(store, "a", { ...spec, codec: "blosc-zstd" });
		const array = await openArray(store, "a");
		const bytes = (await store.get("/a/c/0/0")) as Uint8Array;
		const decoded = await pool.run("decodeChunk", {
			spec: zarrDecodeSpec(array.metadata),
			bytes,
			key: "a/c/0/0",
		});
		expect(decoded.output).toEqual({ data: image.data, strides: [30, 1] });

		const n5 = memoryStore();
		await toN5(n5, new Multiscale([image], { chunks: 32 }), { codec: "gzip" });
		const path = (await n5.list()).find((key) => /\/0\/0$/.test(key)) as string;
		const opened = await openN5(n5, path.replace(/\/0\/0$/, ""));
		expect(opened).toBeInstanceOf(N5Array);
		const { metadata } = opened as N5Array;
		const block = await pool.run("decodeChunk", {
			spec: {
				format: "n5",
				metadata: {
					blockShape: [20, 30],
					dtype: "uint16",
					compression: metadata.document.compression as { type: string },
				},
			},
			bytes: (await n5.get(`/${path}`)) as Uint8Array,
			key: path,
		});
		expect(block.output.data).toEqual(image.data);
		const encoded = await pool.run("encodeChunk", {
			spec: { format: "n5", codec: "gzip" },
			data: image.data,
			shape: [20, 30],
			dtype: "uint16",
		});
		expect(encoded.output).toEqual(await n5.get(`/${path}`));

		const step = { shape: [20, 30], factors: [2, 3], method: "mean" } as const;
		const region = [
			[0, 10],
			[0, 10],
		] as const;
		const input = { data: image.data, step, region };
		expect((await pool.run("downsample", input)).output).toEqual(await runJob("downsample", input));
	});

	test("gives back the same ChunkwiseError", async () => {
		const input = { ...chunk(), spec: { format: "zarr", codec: "bzip9" } } as unknown as EncodeInput;
		const there = await failure(pool.run("encodeChunk", input));
		const here = await failure(runJob("encodeChunk", input));
		expect(there).toBeInstanceOf(ChunkwiseError);
		for (const key of ["name", "code", "message", "where", "remedy"] as const) {
			expect(there[key]).toBe(here[key]);
		}
		const store = memoryStore();
		const array = { data: ramp(8), shape: [8], chunks: [8], dtype: "uint16", codec: "zstd" } as const;
		await writeArray(store, "", array);
		const spec = zarrDecodeSpec((await openArray(store)).metadata);
		const damaged = await failure(
			pool.run("decodeChunk", { spec, bytes: Uint8Array.of(1, 2, 3), key: "c/0" }),
		);
		expect(damaged).toMatchObject({ code: "bad-chunk", where: "c/0" });
		expect(damaged.remedy).toBeTruthy();
	});

	test("leaves the caller's memory alone, and moves what it is given", async () => {
		const large = ramp(16 ** 3 + 100);
		const view = { ...chunk("none"), data: large.subarray(50, 50 + 16 ** 3) };
		const { output } = await pool.run("encodeChunk", view);
		expect(new Uint16Array(output.buffer, output.byteOffset)).toEqual(view.data);
		expect(large.length).toBe(16 ** 3 + 100);
		const whole = chunk("none");
		await pool.run("encodeChunk", whole);
		expect(whole.data.length).toBe(16 ** 3);
		await pool.run("encodeChunk", whole, { transfer: [whole.data.buffer as ArrayBuffer] });
		expect(whole.data.length).toBe(0);
		const gone = await failure(
			pool.run("encodeChunk", whole, { transfer: [whole.data.buffer as ArrayBuffer] }),
		);
		expect(gone.code).toBe("job-not-sent");
	});

	test("drops a job whose signal is aborted, and goes on with the others", async () => {
		const stop = new AbortController();
		const aborted = Array.from({ length: 12 }, () =>
			failure(pool.run("encodeChunk", chunk("gzip", 32), { signal: stop.signal })),
		);
		const kept = pool.run("encodeChunk", chunk("blosc-lz4"));
		const reason = new Error("enough");
		stop.abort(reason);
		for (const promise of aborted) expect(await promise).toBe(reason);
		expect((await kept).output.length).toBeGreaterThan(0);
		expect(await failure(pool.run("encodeChunk", chunk(), { signal: stop.signal }))).toBe(reason);
	});
});

describe("without workers", () => {
	test("the jobs run here, one after the other, and do not share the caller's memory", async () => {
		const pool = await openPool({ workers: 2 });
		expect(pool.workers).toBe(0);
		expect(pool.why).toMatch(/^No worker/);
		const input = chunk("none");
		const results = await Promise.all([1, 2, 3].map(() => pool.run("encodeChunk", input)));
		for (const [i, { output, worker, started }] of results.entries()) {
			expect(worker).toBe(0);
			expect(output.buffer).not.toBe(input.data.buffer);
			if (i > 0) expect(started).toBeGreaterThanOrEqual(results[i - 1].ended);
		}
		const stop = new AbortController();
		const aborted = failure(pool.run("encodeChunk", input, { signal: stop.signal }));
		stop.abort(new Error("enough"));
		expect((await aborted).message).toBe("enough");
		await pool.close();
		expect((await failure(pool.run("encodeChunk", input))).code).toBe("pool-closed");
	});

	test.each([
		["a script that throws", 'throw new Error("no such luck");', /no such luck/],
		["one that ends", "process.exit(3);", /exited with code 3/],
		["one that says nothing", "setInterval(() => {}, 1000);", /not ready/],
	])("%s is left out, and the reason said", async (_, code, message) => {
		const pool = await startPool(two, threadOf(code), { within: code.includes("Interval") ? 50 : 20_000 });
		expect(pool.workers).toBe(0);
		expect(pool.why).toMatch(message);
		expect((await pool.run("encodeChunk", chunk())).worker).toBe(0);
		await pool.close();
	});

	test("a worker that cannot be made is left out", async () => {
		const good = threadOf(silent);
		const pool = await startPool(two, (n) => {
			if (n === 1) throw new Error("refused by the security policy");
			return good(n);
		});
		expect(pool.workers).toBe(1);
		expect(pool.why).toMatch(/^1 of 2 workers.*refused by the security policy/);
		await pool.close();
	});
});

describe("a worker that ends too early", () => {
	const quits = threadOf(`${ready}parentPort.on("message", () => process.exit(4));`);

	test("its jobs, and all after them, are done here", async () => {
		const pool = await startPool(two, quits);
		const results = await Promise.all(Array.from({ length: 8 }, () => pool.run("encodeChunk", chunk())));
		expect(results.map(({ worker }) => worker)).toEqual(Array(8).fill(0));
		expect(pool.workers).toBe(0);
		expect(pool.why).toMatch(/2 ended before their time: it exited with code 4/);
		await pool.close();
	});

	test("a job whose memory was moved there fails clearly", async () => {
		const pool = await startPool({ ...two, workers: 1 }, quits);
		const input = chunk();
		const error = await failure(
			pool.run("encodeChunk", input, { transfer: [input.data.buffer as ArrayBuffer] }),
		);
		expect(error).toMatchObject({ code: "worker-died" });
		expect(error.message).toContain("encodeChunk");
		expect(error.remedy).toContain("workers: 0");
		await pool.close();
	});

	test("one that ran out of memory does not take this thread along", async () => {
		const greedy = `${ready}parentPort.on("message", () => { const all = []; for (;;) all.push(new Array(1e5).fill({})); });`;
		const pool = await startPool({ ...two, workers: 1 }, threadOf(greedy, { maxOldGenerationSizeMb: 16 }));
		const error = await failure(pool.run("encodeChunk", chunk()));
		expect(error).toMatchObject({ code: "worker-died" });
		expect(error.remedy).toContain("smaller chunks");
		expect((await pool.run("encodeChunk", chunk())).worker).toBe(0);
		await pool.close();
	});
});

describe("closing", () => {
	test("fails what waits and runs, and ends the workers; twice does no harm", async () => {
		const pool = await startPool(two, threadOf(silent));
		const jobs = Array.from({ length: 9 }, () => failure(pool.run("encodeChunk", chunk())));
		await Promise.all([pool.close(), pool.close()]);
		for (const job of jobs) expect(await job).toMatchObject({ code: "pool-closed" });
		expect(pool.workers).toBe(0);
	});

	test("the pool's signal does the same, while it opens too", async () => {
		const stop = new AbortController();
		const pool = await startPool(two, threadOf(silent), { signal: stop.signal });
		const job = failure(pool.run("encodeChunk", chunk()));
		const opening = failure(
			startPool(two, threadOf("setInterval(() => {}, 1000);"), { signal: stop.signal }),
		);
		const reason = new Error("left");
		stop.abort(reason);
		expect(await job).toBe(reason);
		expect(await opening).toBe(reason);
		expect(await failure(openNodePool({ signal: stop.signal, workers: 1 }))).toBe(reason);
	});

	test("an idle pool does not keep the process alive, one that works does", () => {
		const library = pathToFileURL(join(import.meta.dirname, "../../src/lib/node.ts")).href;
		const code = `
			import { openNodePool } from ${JSON.stringify(library)};
			const pool = await openNodePool({ workers: 1 });
			const input = { spec: { format: "zarr", codec: "zstd" }, data: new Uint8Array(64), shape: [64], dtype: "uint8" };
			pool.run("encodeChunk", input).then(({ worker }) => console.log("worker", worker));
		`;
		const { stdout, status } = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
			encoding: "utf8",
			timeout: 60_000,
		});
		expect({ stdout, status }).toEqual({ stdout: "worker 1\n", status: 0 });
	});
});

test("a number of workers that is none is refused", async () => {
	for (const workers of [-1, 1.5, 1e6, Number.NaN]) {
		expect((await failure(openNodePool({ workers }))).code).toBe("bad-workers");
	}
});

describe("a pool without workers", () => {
	const together = async (inputs: EncodeInput[]) => {
		const pool = await openNodePool({ workers: 0 });
		const results = await Promise.all(inputs.map((input) => pool.run("encodeChunk", input)));
		await pool.close();
		for (const [i, { output, worker }] of results.entries()) {
			expect(worker).toBe(0);
			expect(output).toEqual(await runJob("encodeChunk", inputs[i]));
		}
		// How many run when each begins, itself included.
		return results.map(
			({ started }) => results.filter((other) => other.started <= started && started < other.ended).length,
		);
	};
	const eight = (spec: EncodeInput["spec"]) =>
		Array.from({ length: 8 }, () => ({ ...chunk("gzip", 32), spec }));

	test("does gzip of Zarr and N5 on Node's threads, four chunks at a time", async () => {
		expect(Math.max(...(await together(eight({ format: "zarr", codec: "gzip" }))))).toBe(4);
		expect(Math.max(...(await together(eight({ format: "n5", codec: "gzip" }))))).toBe(4);
	});

	test("does what works in this thread one chunk after the other", async () => {
		expect(Math.max(...(await together(eight({ format: "zarr", codec: "blosc-lz4" }))))).toBe(1);
		expect(Math.max(...(await together(eight({ format: "n5", codec: "raw" } as never))))).toBe(1);
	});

	test("begins a job that comes while others are on those threads", async () => {
		const pool = await openNodePool({ workers: 0 });
		const first = pool.run("encodeChunk", chunk("gzip", 64));
		await Promise.resolve();
		const second = pool.run("encodeChunk", chunk("gzip", 64));
		const [a, b] = await Promise.all([first, second]);
		expect(b.started).toBeLessThan(a.ended);
		await pool.close();
	});
});
