/**
 * Reading a TIFF stack: our reader against geotiff.js, medians of 5, one after the other on the same file.
 *
 *   node bench/tiff.ts [FILE.tif …]
 *
 * Without a file: the sample of the fixtures beside the checkout, else a stack made here (synthetic).
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fromArrayBuffer } from "geotiff";
import { openTiff } from "../src/lib/tiff/tiff.ts";
import { buildTiff, testValues } from "../tests/unit/tiff-builder.ts";

const rounds = 5;

function median(times: number[]): number {
	return times.sort((a, b) => a - b)[times.length >> 1];
}

async function time(run: () => Promise<unknown>): Promise<number> {
	const times: number[] = [];
	// The first run warms up and is not counted.
	for (let round = -1; round < rounds; round++) {
		const start = performance.now();
		await run();
		if (round >= 0) times.push(performance.now() - start);
	}
	return median(times);
}

async function ours(file: Uint8Array): Promise<number> {
	const { data } = await (await openTiff(file)).readStack();
	return Number(data[data.length - 1]);
}

async function oursFromBlob(blob: Blob): Promise<number> {
	const { data } = await (await openTiff(blob)).readStack();
	return Number(data[data.length - 1]);
}

async function geotiff(file: Uint8Array): Promise<number> {
	const tiff = await fromArrayBuffer(file.buffer as ArrayBuffer);
	const count = await tiff.getImageCount();
	let last = 0;
	let stack:
		| { set(values: ArrayLike<number>, at: number): void; [i: number]: number; length: number }
		| undefined;
	for (let i = 0; i < count; i++) {
		const image = await tiff.getImage(i);
		const page = (await image.readRasters({ interleave: true })) as unknown as Uint16Array;
		stack ??= new (page.constructor as Uint16ArrayConstructor)(page.length * count);
		stack.set(page, i * page.length);
		last = page[page.length - 1];
	}
	return last;
}

async function compare(name: string, file: Uint8Array): Promise<void> {
	const [mine, theirs] = [await ours(file), await geotiff(file)];
	if (mine !== theirs) throw new Error(`${name}: the readers disagree, ${mine} and ${theirs}`);
	const own = await time(() => ours(file));
	const blob = new Blob([file as Uint8Array<ArrayBuffer>]);
	const own2 = await time(() => oursFromBlob(blob));
	const peer = await time(() => geotiff(file));
	const ms = (value: number) => `${value.toFixed(0).padStart(6)} ms`;
	console.log(`${name}\n  ours, from memory ${ms(own)}\n  ours, from a Blob ${ms(own2)}`);
	console.log(
		`  geotiff.js        ${ms(peer)}\n  ratio             ${(peer / own).toFixed(2).padStart(6)} times`,
	);
}

const sample = join(import.meta.dirname, "../../shared/fixtures/derived/HL50_cell.tif");
const given = process.argv.slice(2);
const paths = given.length > 0 ? given : existsSync(sample) ? [sample] : [];
for (const path of paths) {
	// A copy, so that the bytes fill their buffer.
	await compare(basename(path), new Uint8Array(readFileSync(path)).slice());
}
if (paths.length === 0) {
	const page = {
		width: 363,
		height: 212,
		dtype: "uint16" as const,
		compression: 8 as const,
		rowsPerStrip: 64,
	};
	const pages = Array.from({ length: 32 }, (_, i) => ({
		...page,
		values: testValues("uint16", 363 * 212, i + 1),
	}));
	await compare("32 pages, deflate, synthetic", buildTiff({ pages }));
}
