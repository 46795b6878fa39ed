/**
 * `chunkwise convert` of 1 GiB: seconds, and the peak of the whole process's resident memory, from a BigTIFF (synthetic
 * noise on slopes) without compression and with deflate in one strip a page, to blosc-lz4. The other codecs and formats
 * take minutes more and are measured when asked for, all ("all") or those whose name holds a word.
 * Run: node bench/convert.ts [folder] [pages] [all | WORD]
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { height, width, writeBigTiff } from "./big-tiff.ts";

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
