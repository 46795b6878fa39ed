/**
 * `npm run try-package`: the npm package as its users get it. Packs what is committed, from a copy (packing runs
 * `prepare`, which would replace the checkout's own build/), installs the tarball into an empty folder, and uses it
 * there with each Node that is here: the machine's own and the checkout's. Where Node runs TypeScript, a lesson as readers
 * download it is run whole.
 */
import { spawnSync } from "node:child_process";
import {
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { scriptFile } from "../src/components/work/script-file.ts";
import { formatBytes } from "../src/lib/format.ts";
import { writeTiff } from "../src/lib/tiff/write.ts";
import { solvedCells } from "../tests/support/downloaded.ts";
import { root } from "./paths.ts";

/** More is a sign that something was packed by mistake. */
const mostPacked = 4 << 20;
const mostInstalled = 40 << 20;

const ours = join(root, "node_modules");
/** Without the folders that npm scripts put first, so that `node` and `npm` are those of the user. */
const userPath = (process.env.PATH ?? "")
	.split(delimiter)
	.filter((folder) => !folder.includes("node_modules"))
	.join(delimiter);
const temporary = mkdtempSync(join(tmpdir(), "chunkwise package "));

/** What a user of the library might write. */
const script = `
import { readdirSync } from "node:fs";
import { createHash } from "node:crypto";
import * as browser from "chunkwise";
import { fileSource, folderStore, openNodePool, openTiff, tiffToSpatialImage, toMultiscale, toNgffZarr } from "chunkwise/node";

const source = await fileSource("made.tif");
const tiff = await openTiff(source);
const image = await tiffToSpatialImage(tiff);
const pool = await openNodePool({ workers: 2 });
const multiscale = await toMultiscale(image, [2], { chunks: 16, pool });
await toNgffZarr(folderStore("made.ome.zarr"), multiscale, { codec: "blosc-zstd", pool });
const { workers } = pool;
await pool.close();
await source.close();
const sha256 = createHash("sha256").update(new Uint8Array(image.data.buffer, image.data.byteOffset, image.data.byteLength)).digest("hex");
const files = readdirSync(".").filter((name) => name.startsWith("made."));
console.log(JSON.stringify({ files, workers, sha256, names: Object.keys(browser).length }));
`;

const typed = `
import { memoryStore, openGroup, toMultiscale, toNgffZarr, toSpatialImage } from "chunkwise";
import { type FolderStore, folderStore } from "chunkwise/node";

const image = toSpatialImage({ data: new Uint16Array(64), shape: [8, 8] }, { name: "cells" });
const store = memoryStore();
await toNgffZarr(store, await toMultiscale(image, [2]), { codec: "zstd" });
const version: 2 | 3 = (await openGroup(store)).zarrFormat;
const folder: FolderStore = folderStore("here");
// @ts-expect-error: no such codec
await toNgffZarr(folder, await toMultiscale(image, [2]), { codec: "rar" });
export { version };
`;

try {
	const tarball = pack();
	const data = Uint16Array.from({ length: 6 * 40 * 50 }, (_, i) => (i * 7919) % 4093);
	const tiff = await writeTiff(
		{ data, shape: [6, 40, 50], dtype: "uint16" },
		{ spacing: { x: 0.2, y: 0.2, z: 1, unit: "micron" } },
	);
	const nodes = [...new Map(candidates().map((node) => [node.version, node])).values()];
	for (const node of nodes) await tryWith(tarball, tiff, node);
	console.log(`The package works with Node ${nodes.map(({ version }) => version).join(" and ")}.`);
} catch (error) {
	console.error(`try-package: ${(error as Error).message}`);
	process.exitCode = 1;
} finally {
	rmSync(temporary, { recursive: true, force: true });
}

interface NodeFound {
	version: string;
	path: string;
}

/** PATHs by which one Node or another is found first. */
function candidates(): NodeFound[] {
	const checkouts = [join(ours, "node", "bin"), userPath].join(delimiter);
	return [userPath, checkouts].flatMap((path) => {
		const { status, stdout } = spawnSync("node", ["--version"], {
			env: { ...process.env, PATH: path },
			encoding: "utf8",
		});
		return status === 0 ? [{ version: stdout.trim(), path }] : [];
	});
}

function run(command: string, args: string[], cwd: string, path = userPath): string {
	const environment = Object.entries(process.env).filter(
		([name]) => !/^npm_/i.test(name) || /registry|cafile|proxy/i.test(name),
	);
	const { status, stdout, stderr, error } = spawnSync(command, args, {
		cwd,
		encoding: "utf8",
		maxBuffer: 1 << 26,
		env: { ...Object.fromEntries(environment), PATH: path },
	});
	if (status === 0) return stdout;
	throw new Error(`${command} ${args.join(" ")} ended with ${status ?? error?.message}:\n${stdout}${stderr}`);
}

function pack(): string {
	const copy = join(temporary, "source");
	mkdirSync(copy);
	run("git", ["archive", "--output", join(temporary, "source.tar"), "HEAD"], root);
	run("tar", ["-xf", join(temporary, "source.tar")], copy);
	// The compiler, for `prepare`.
	symlinkSync(ours, join(copy, "node_modules"));
	const changed = run("git", ["status", "--porcelain", "src", "package.json"], root).trim();
	if (changed !== "") console.log("Changes that are not committed are left out.");
	const [{ filename, size, unpackedSize, entryCount, files }] = JSON.parse(
		run("npm", ["pack", "--json", "--loglevel=error", "--pack-destination", temporary], copy).replace(
			/^[^[]*(?=\[\s*\{)/,
			"",
		),
	);
	console.log(`Packed ${entryCount} files, ${formatBytes(size)}, unpacked ${formatBytes(unpackedSize)}.`);
	const paths = (files as { path: string }[]).map(({ path }) => path);
	const strange = paths.filter(
		(path) => !/^(build\/|package\.json$|README\.md$|CHANGELOG\.md$|LICENSE$)/.test(path),
	);
	if (strange.length > 0) throw new Error(`These do not belong into the package: ${strange.join(", ")}`);
	for (const needed of [
		"build/cli/main.js",
		"build/lib/index.js",
		"build/lib/index.d.ts",
		"build/lib/node.js",
		"README.md",
		"LICENSE",
	]) {
		if (!paths.includes(needed)) throw new Error(`${needed} is missing in the package.`);
	}
	if (unpackedSize > mostPacked) throw new Error(`The package is larger than ${formatBytes(mostPacked)}.`);
	return join(temporary, filename);
}

async function tryWith(tarball: string, tiff: Uint8Array, { version, path }: NodeFound): Promise<void> {
	const folder = join(temporary, `with ${version}`);
	mkdirSync(folder);
	writeFileSync(
		join(folder, "package.json"),
		'{ "name": "somebody", "version": "1.0.0", "private": true, "type": "module" }\n',
	);
	const npm = (...args: string[]) => run("npm", args, folder, path);
	npm("install", "--no-audit", "--no-fund", "--prefer-offline", tarball);
	const { bytes, packages } = installed(folder);
	console.log(
		`\nNode ${version}: installed with ${packages.length - 1} other packages (${packages.filter((name) => name !== "chunkwise").join(", ")}), ${formatBytes(bytes)} in all.`,
	);
	if (bytes > mostInstalled)
		throw new Error(`The installation is larger than ${formatBytes(mostInstalled)}.`);
	const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
	const needless = packages.filter((name) => Object.hasOwn(devDependencies, name));
	if (needless.length > 0) throw new Error(`Development packages were installed: ${needless.join(", ")}`);

	const say = (line: string) => console.log(`  ${line}`);
	const chunkwise = (...args: string[]) => {
		const out = run("npx", ["--no-install", "chunkwise", ...args], folder, path);
		say(`npx chunkwise ${args.join(" ")}`);
		return out;
	};
	writeFileSync(join(folder, "made.tif"), tiff);
	const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).version;
	expect(chunkwise("--version").trim() === own, "--version");
	writeFileSync(join(folder, "use.js"), script);
	const made = JSON.parse(run("node", ["use.js"], folder, path));
	say(
		`import "chunkwise", "chunkwise/node": made ${made.files.join(" and ")}, ${made.workers} workers, ${made.names} names`,
	);
	expect(made.workers > 0, "openNodePool started no worker");

	const json = (...args: string[]) => JSON.parse(chunkwise(...args, "--json"));
	const values = json("stats", "made.ome.zarr");
	expect(
		values.shape.join() === "6,40,50" && values.sha256 === made.sha256,
		"stats of what the library wrote",
	);
	expect(json("info", "made.tif").images[0].levels[0].shape.join() === "6,40,50", "info of a TIFF");
	json("convert", "made.tif", "converted.ome.zarr", "--scale-factors", "2", "--chunks", "16");
	expect(json("stats", "converted.ome.zarr").sha256 === made.sha256, "the converted values");
	expect(json("info", "converted.ome.zarr").version === "0.5", "info of an OME-Zarr");
	expect(json("validate", "converted.ome.zarr", "--strict").valid === true, "validate --strict");
	expect(/scale0\/.*zarr\.json/.test(chunkwise("ls", "converted.ome.zarr")), "ls");
	json("convert", "converted.ome.zarr", "converted.n5", "--format", "n5", "--codec", "gzip");
	expect(json("stats", "converted.n5").sha256 === made.sha256, "the values as N5");
	json("convert", "converted.ome.zarr", "converted.ozx", "--codec", "blosc-zstd");
	expect(json("stats", "converted.ozx").sha256 === made.sha256, "the values in a zip");
	expect(/image|converted/.test(chunkwise("tree", "converted.ome.zarr")), "tree");

	if (stripsTypes(version)) await tryLesson(folder, path, say);
	else say(`a downloaded lesson: not tried, Node ${version} does not run TypeScript`);

	writeFileSync(join(folder, "use.ts"), typed);
	const compilerOptions = {
		noEmit: true,
		strict: true,
		module: "nodenext",
		target: "es2022",
		lib: ["es2022", "dom", "dom.asynciterable"],
		types: [],
	};
	writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["use.ts"] }));
	run("node", [join(ours, "typescript", "bin", "tsc"), "-p", "."], folder, path);
	say("its types in a TypeScript of its user");
}

/** Node 22.18 and 23.6 are the first that run TypeScript without being asked to. */
function stripsTypes(version: string): boolean {
	const [major, minor] = version.replace(/^v/, "").split(".").map(Number);
	return major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

/** The first lesson as a reader downloads it, exercises solved, run whole with the package. */
async function tryLesson(folder: string, path: string, say: (line: string) => void): Promise<void> {
	const cells = await solvedCells("lessons/tiff-to-ome-zarr");
	const head = { title: "A lesson", address: "https://course.example/", package: "chunkwise.tgz" };
	const text = scriptFile(cells, { ...head, file: "lesson.ts", samples: { prefer: "phantom" } });
	writeFileSync(join(folder, "lesson.ts"), text);
	const printed = run("node", ["lesson.ts"], folder, path);
	// That every line is the page's is shown by tests/lessons/download.test.ts.
	const found = new Set(printed.match(/^(<SpatialImage|Multiscale|<ZarrArray|86 keys|15$)/gm));
	expect(found.size === 5, `what the downloaded lesson printed:\n${printed}`);
	expect(existsSync(join(folder, "lesson pictures", "3.png")), "the lesson's pictures");
	expect(existsSync(join(folder, "opfs", "hl60.ome.zarr", "zarr.json")), "the lesson's OME-Zarr");
	say(
		`a downloaded lesson: ${cells.length} cells, ${printed.split("\n").length} lines, 3 pictures, an OME-Zarr`,
	);
}

/** The packages beside the user's own, and their bytes. */
function installed(folder: string): { bytes: number; packages: string[] } {
	const place = join(folder, "node_modules");
	const visible = (names: string[]) => names.filter((name) => !name.startsWith("."));
	const packages = visible(readdirSync(place)).flatMap((name) =>
		name.startsWith("@") ? readdirSync(join(place, name)).map((inner) => `${name}/${inner}`) : [name],
	);
	const [kibibytes] = run("du", ["-sk", place], folder).split(/\s/);
	return {
		bytes: Number(kibibytes) * 1024,
		packages: packages.filter((name) => existsSync(join(place, name, "package.json"))),
	};
}

function expect(holds: boolean, what: string): void {
	if (!holds) throw new Error(`Not as it should be: ${what}`);
}
