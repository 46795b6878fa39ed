/**
 * `chunkwise convert` of 1 GiB: seconds, and the peak of the whole process's resident memory, from a BigTIFF (synthetic
 * noise on slopes) without compression and with deflate in one strip a page, to blosc-lz4. The other codecs and formats
 * take minutes more and are measured when asked for, all ("all") or those whose name holds a word.
 * Run: node bench/convert.ts [folder] [pages] [all | WORD]
 */
import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync } from "node:zlib";

const width = 1024;
const height = 1024;

/** A page of slopes and camera noise, different for each z. */
function page(z: number): Uint16Array {
	const values = new Uint16Array(width * height);
	let state = (z * 2654435761 + 1) >>> 0;
	for (let y = 0, i = 0; y < height; y++) {
		for (let x = 0; x < width; x++, i++) {
			state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
			values[i] = 90 + ((x + y + 4 * z) >> 3) + (state >>> 27);
		}
	}
	return values;
}

/** A BigTIFF of `pages` grey pages of 16 bits, each one strip, written as it is made. */
async function writeBigTiff(path: string, pages: number, compressed: boolean): Promise<void> {
	const file = createWriteStream(path);
	const put = (bytes: Uint8Array) =>
		new Promise<void>((done, failed) => file.write(bytes, (error) => (error ? failed(error) : done())));
	const entries = 9;
	const directoryBytes = 8 + 20 * entries + 8;
	const header = new DataView(new ArrayBuffer(16));
	header.setUint16(0, 0x4949);
	header.setUint16(2, 43, true);
	header.setUint16(4, 8, true);
	header.setBigUint64(8, 16n, true);
	await put(new Uint8Array(header.buffer));
	let at = 16;
	for (let z = 0; z < pages; z++) {
		const values = new Uint8Array(page(z).buffer);
		const strip = compressed ? deflateSync(values, { level: 1 }) : values;
		const directory = new DataView(new ArrayBuffer(directoryBytes));
		directory.setBigUint64(0, BigInt(entries), true);
		const tags: [tag: number, value: number][] = [
			[256, width],
			[257, height],
			[258, 16],
			[259, compressed ? 8 : 1],
			[262, 1],
			[273, at + directoryBytes],
			[277, 1],
			[278, height],
			[279, strip.byteLength],
		];
		for (const [i, [tag, value]] of tags.entries()) {
			directory.setUint16(8 + 20 * i, tag, true);
			directory.setUint16(10 + 20 * i, 16, true);
			directory.setBigUint64(12 + 20 * i, 1n, true);
			directory.setBigUint64(20 + 20 * i, BigInt(value), true);
		}
		const next = z + 1 < pages ? at + directoryBytes + strip.byteLength : 0;
		directory.setBigUint64(8 + 20 * entries, BigInt(next), true);
		await put(new Uint8Array(directory.buffer));
		await put(strip);
		at += directoryBytes + strip.byteLength;
	}
	await new Promise<void>((done) => file.end(done));
}

interface Measured {
	seconds: number;
	peakMebibytes: number;
}

/** Runs the command by itself and measures all of its process. */
function measure(args: string[]): Promise<Measured> {
	const started = performance.now();
	const report = "process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))";
	return new Promise((done, failed) => {
		const child = spawn(
			process.execPath,
			["--import", `data:text/javascript,${encodeURIComponent(report)}`, "src/cli/main.ts", ...args],
			{ cwd: join(import.meta.dirname, ".."), stdio: ["ignore", "ignore", "pipe"] },
		);
		let text = "";
		child.stderr.on("data", (data) => {
			text += data;
		});
		child.on("exit", (code) => {
			const peak = /peak (\d+)/.exec(text)?.[1];
			if (code !== 0 || !peak) failed(new Error(`exit code ${code}: ${text}`));
			else done({ seconds: (performance.now() - started) / 1000, peakMebibytes: Number(peak) / 1024 });
		});
	});
}

const folder = process.argv[2] ?? mkdtempSync(join(tmpdir(), "chunkwise bench "));
const pages = Number(process.argv[3] ?? 512);
const only = process.argv[4] ?? "";
const plain = join(folder, `plain-${pages}.tif`);
const deflated = join(folder, `deflate-${pages}.tif`);
if (!existsSync(plain)) await writeBigTiff(plain, pages, false);
if (!existsSync(deflated)) await writeBigTiff(deflated, pages, true);

const cases: [name: string, args: string[]][] = [
	["TIFF → 0.5, blosc-lz4", [plain]],
	["deflate TIFF → 0.5, blosc-lz4", [deflated]],
	["TIFF → 0.5, zstd, shards of 256", [plain, "--codec", "zstd", "--shards", "256"]],
	["TIFF → n5, gzip 1", [plain, "--format", "n5", "--level", "1"]],
	["TIFF → 0.4, none", [plain, "--format", "ome-zarr-0.4", "--codec", "none"]],
	["TIFF → 0.5, Gaussian", [plain, "--method", "gaussian"]],
];
console.log(
	`${((pages * width * height * 2) / 2 ** 30).toFixed(2)} GiB (synthetic), factors 2,4, chunks of 64³`,
);
for (const [i, [name, [input, ...args]]] of cases.entries()) {
	if (only === "" ? i > 1 : only !== "all" && !name.includes(only)) continue;
	const out = join(folder, "out.zarr");
	rmSync(out, { recursive: true, force: true });
	rmSync(`${out}.unfinished`, { recursive: true, force: true });
	const { seconds, peakMebibytes } = await measure(["convert", input, out, ...args]);
	console.log(
		`${name.padEnd(36)} ${seconds.toFixed(1).padStart(6)} s   peak ${peakMebibytes.toFixed(0)} MiB`,
	);
	rmSync(out, { recursive: true, force: true });
}
if (!process.argv[2]) rmSync(folder, { recursive: true, force: true });
