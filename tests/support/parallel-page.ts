/** Library code that a browser test runs in a page or in a worker, bundled by Vite: what a pool of workers does there. */
import {
	chooseWorkers,
	hl60Phantom,
	memoryStore,
	openPool,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
} from "../../src/lib/index.ts";

export interface PoolFindings {
	workers: number;
	why: string;
	/** Numbers of the workers that did jobs. */
	used: number[];
	/** Whether levels and chunks were the same with the pool as without. */
	same: boolean;
	/** Code, place and remedy of an error made in a job. */
	error: unknown;
	/** Codes of what was asked when the pool was closed. */
	closed: string[];
	/** Whether an aborted job failed with the reason given. */
	aborted: boolean;
	choice: string;
}

const bytesOf = (data: ArrayBufferView) => new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
const equal = (a: Uint8Array, b: Uint8Array) =>
	a.length === b.length && a.every((value, i) => value === b[i]);

async function stored(multiscale: Awaited<ReturnType<typeof toMultiscale>>, options: object) {
	const values = new Map<string, Uint8Array>();
	await toNgffZarr(memoryStore(values), multiscale, { codec: "zstd", ...options });
	return values;
}

export async function tryPool(): Promise<PoolFindings> {
	const image = toSpatialImage(await hl60Phantom({ shape: [16, 40, 48] }));
	const pool = await openPool({ workers: 2 });
	const { workers, why } = pool;
	const options = { chunks: 16, method: "gaussian" } as const;
	const alone = await toMultiscale(image, [2], options);
	const together = await toMultiscale(image, [2], { ...options, pool });
	const [keptAlone, keptTogether] = [await stored(alone, {}), await stored(together, { pool })];
	const same =
		together.levels.every((level, i) => equal(bytesOf(level.data), bytesOf(alone.levels[i].data))) &&
		keptAlone.size === keptTogether.size &&
		[...keptAlone].every(([key, value]) => equal(value, keptTogether.get(key) ?? new Uint8Array()));

	const data = new Uint16Array(8192).map((_, i) => i % 97);
	const input = { spec: { format: "zarr", codec: "zstd" }, data, shape: [8192], dtype: "uint16" } as const;
	const results = await Promise.all(Array.from({ length: 8 }, () => pool.run("encodeChunk", input)));
	const spec = { format: "n5", codec: "no such codec" as "raw" } as const;
	const error = await pool.run("encodeChunk", { ...input, spec }).then(
		() => undefined,
		({ name, code, message, remedy }) => ({ name, code, message, remedy }),
	);
	const stop = new AbortController();
	const reason = new Error("enough");
	const running = pool.run("encodeChunk", input, { signal: stop.signal });
	stop.abort(reason);
	const aborted = await running.then(
		() => false,
		(thrown) => thrown === reason,
	);
	const last = [1, 2, 3].map(() =>
		pool.run("encodeChunk", input).then(
			() => "done",
			({ code }) => code,
		),
	);
	await pool.close();
	const { why: choice } = await chooseWorkers({ bytes: 1e9, chunkCount: 2000, codec: "gzip", cores: 2 });
	const used = [...new Set(results.map(({ worker }) => worker))].sort();
	return { workers, why, used, same, error, closed: await Promise.all(last), aborted, choice };
}

Object.assign(globalThis, { tryPool });
// In a worker: told to begin, it answers.
if (!("document" in globalThis)) {
	addEventListener("message", async () => {
		const findings = await tryPool().catch((error: Error) => ({ failed: error.stack }));
		(globalThis as unknown as { postMessage(message: unknown): void }).postMessage(findings);
	});
}
