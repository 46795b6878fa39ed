/**
 * `public/data/chunkwise.tgz`: the library and the command as an npm package, so that a lesson that was downloaded finds
 * them where it came from (`npm install https://…/data/chunkwise.tgz`). Made again where src/lib or src/cli changed.
 */
import { spawnSync } from "node:child_process";
import {
	copyFileSync,
	existsSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { publicDir, root } from "./paths.ts";
import { stampOf } from "./stamp.ts";

const work = join(root, "node_modules", ".cache", "chunkwise", "package");
const texts = ["README.md", "CHANGELOG.md", "LICENSE"];

/** @throws Error with what the compiler or npm said */
export function packLibrary(folder = join(publicDir, "data")): void {
	const target = join(folder, "chunkwise.tgz");
	const sources = ["src/lib", "src/cli", "package.json", "tsconfig.json", "tsconfig.build.json", ...texts];
	const stamp = stampOf(sources.map((name) => join(root, name)));
	const stampFile = join(work, "stamp");
	if (existsSync(target) && existsSync(stampFile) && readFileSync(stampFile, "utf8") === stamp) return;
	const started = performance.now();
	rmSync(work, { recursive: true, force: true });
	mkdirSync(work, { recursive: true });
	const compiler = join(root, "node_modules", "typescript", "bin", "tsc");
	// Types are checked where they are tested: here they would take most of the time.
	const options = ["--noCheck", "--outDir", join(work, "build")];
	run(process.execPath, [compiler, "-p", join(root, "tsconfig.build.json"), ...options]);
	// Nothing of the checkout's own scripts and tools: the package is made already.
	const { scripts, devDependencies, allowScripts, ...rest } = JSON.parse(
		readFileSync(join(root, "package.json"), "utf8"),
	);
	writeFileSync(join(work, "package.json"), `${JSON.stringify(rest, undefined, "\t")}\n`);
	for (const name of texts) copyFileSync(join(root, name), join(work, name));
	run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", work]);
	const packed = readdirSync(work).find((name) => name.endsWith(".tgz"));
	if (!packed) throw new Error("npm pack made no file");
	mkdirSync(folder, { recursive: true });
	copyFileSync(join(work, packed), target);
	writeFileSync(stampFile, stamp);
	console.log(`package: packed the library in ${((performance.now() - started) / 1000).toFixed(1)} s.`);
}

function run(command: string, args: string[]): void {
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		cwd: work,
		encoding: "utf8",
		shell: process.platform === "win32" && command === "npm",
	});
	if (status !== 0)
		throw new Error(`${command} ended with ${status ?? error?.message}:\n${stdout ?? ""}${stderr ?? ""}`);
}

if (process.argv[1] === import.meta.filename) packLibrary();
