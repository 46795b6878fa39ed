/**
 * Whether workers pay: writing (chunks of 64³, to memory) and computing levels with 0, 1 and 2 worker threads, on the
 * synthetic phantom. The workers run already in the times of the table; starting them is told above it. `npm run bench -- parallel`. Nothing here is asserted.
 */
import {
	chooseWorkers,
	codecNames,
	formatBytes,
	hl60Phantom,
	memoryStore,
	multiscaleMethods,
	openNodePool,
	toMultiscale,
	toNgffZarr,
	toSpatialImage,
	type WorkerPool,
} from "../src/lib/node.ts";
import { measureTogether, type Run } from "./measure.ts";

const image = toSpatialImage(await hl60Phantom(), { name: "phantom" });
const single = await toMultiscale(image, []);
const chunkCount = single.chunkCounts[0];
const cores = navigator.hardwareConcurrency;
console.log(
	`Phantom (synthetic): ${image.shape.join(" × ")} ${image.dtype}, ${formatBytes(image.bytes)}, ` +
		`${chunkCount} chunks. Node ${process.version}, ${cores} cores.`,
);

const started = performance.now();
const pools: WorkerPool[] = [await openNodePool({ workers: 0 }), await openNodePool({ workers: 1 })];
const opened = performance.now();
pools.push(await openNodePool({ workers: 2 }));
console.log(
	`Starting 1 worker: ${(opened - started).toFixed(0)} ms, 2 more: ${(performance.now() - opened).toFixed(0)} ms.`,
);

const rows: string[][] = [
	["", "0 workers", "1 worker", "2 workers", "2 against 0, warm", "chosen, cold", "chosen, warm"],
];

async function row(name: string, run: (pool: WorkerPool) => Run, work: { codec?: never; method?: never }) {
	const [none, one, two] = pools.map(run);
	const times = await measureTogether({ none, one, two }, { rounds: 3, seconds: 3 });
	const asked = { bytes: image.bytes, chunkCount, cores, ...work };
	const { workers, why } = await chooseWorkers(asked);
	const warm = await chooseWorkers({ ...asked, started: true });
	const [a, b, c] = [times.none.median, times.one.median, times.two.median];
	rows.push([
		name,
		...[a, b, c].map((ms) => `${ms.toFixed(0)} ms`),
		`× ${(c / a).toFixed(2)}`,
		String(workers),
		String(warm.workers),
	]);
	reasons.push(`  ${name}: ${why}`, `    warm: ${warm.why}`);
}

const reasons: string[] = [];
for (const codec of codecNames) {
	const write = (pool: WorkerPool) => () => toNgffZarr(memoryStore(), single, { codec, pool });
	await row(`write ${codec}`, write, { codec: codec as never });
}
for (const method of multiscaleMethods) {
	const compute = (pool: WorkerPool) => () => toMultiscale(image, [2, 2], { method, pool });
	await row(`levels [2, 2] ${method}`, compute, { method: method as never });
}
await Promise.all(pools.map((pool) => pool.close()));

const widths = rows[0].map((_, i) => Math.max(...rows.map((cells) => cells[i].length)));
for (const cells of rows) {
	console.log(
		`  ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join("  ")}`,
	);
}
console.log(`\n${reasons.join("\n")}`);
