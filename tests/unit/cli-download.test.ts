/** `chunkwise download` against real servers, killed and started again. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { serveFolder } from "../../src/cli/serve.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { validateStore } from "../../src/lib/ngff/validate/store.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { consolidate } from "../../src/lib/zarr/consolidated.ts";
import { cli, startCli } from "../support/cli.ts";
import { killAtRandom, printedSeed } from "./killable.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const run = (...args: string[]) => cli(folder, ...args);

function filesIn(path: string): string[] {
	return readdirSync(path, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name).slice(path.length + 1))
		.sort();
}

function sameFiles(a: string, b: string): void {
	expect(filesIn(at(b))).toEqual(filesIn(at(a)));
	for (const name of filesIn(at(a))) {
		expect([name, readFileSync(join(at(b), name)).equals(readFileSync(join(at(a), name)))]).toEqual([
			name,
			true,
		]);
	}
}

interface Served {
	url: string;
	seen: { method: string; path: string; headers: IncomingMessage["headers"] }[];
}

/** Serves by a function; the listing of a folder is nobody's to have. */
async function serving(
	answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<Served> {
	const seen: Served["seen"] = [];
	const server = createServer((request, response) => {
		seen.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers });
		answer(request, response);
	});
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

/** The files of the folder, as they are. */
function plain(request: IncomingMessage, response: ServerResponse): void {
	const file = at(decodeURIComponent(request.url ?? "").slice(1));
	if (!existsSync(file)) response.writeHead(404).end();
	else response.end(readFileSync(file));
}

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise download "));
	const data = Uint16Array.from({ length: 12 * 40 * 50 }, (_, i) => (i * 7919) % 65521);
	const image = toSpatialImage({ data, shape: [12, 40, 50] }, { name: "cells" });
	const multiscale = await toMultiscale(image, [2, 2], { chunks: 8 });
	await toNgffZarr(folderStore(at("five.ome.zarr")), multiscale, { shards: 16 });
	await toNgffZarr(folderStore(at("four.ome.zarr")), multiscale, { version: "0.4" });
	await toNgffZarr(folderStore(at("joined.ome.zarr")), multiscale, { version: "0.4" });
	await consolidate(folderStore(at("joined.ome.zarr")));
	await toN5(folderStore(at("image.n5")), multiscale);
	// A chunk that is not stored stands for the fill value.
	rmSync(at("four.ome.zarr/scale0/cells/0/0/0"));
	writeFileSync(
		at("bytes.tif"),
		Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 8) * 17) & 255),
	);
});

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

describe("download of a hierarchy", () => {
	it.each(["five.ome.zarr", "four.ome.zarr", "joined.ome.zarr", "image.n5"])(
		"copies %s byte for byte from a server that cannot list",
		async (name) => {
			const served = await serveFolder(folder, { port: 0 });
			onTestFinished(() => served.close());
			const { code, lines, stderr } = await run(
				"download",
				"--json",
				`${served.url}${name}`,
				`copy of ${name}`,
			);
			expect([code, stderr]).toEqual([0, ""]);
			sameFiles(name, `copy of ${name}`);
			expect(lines).toEqual([
				expect.objectContaining({
					kind: "store",
					written: filesIn(at(name)).length,
					kept: 0,
					resumed: false,
					absent: name === "four.ome.zarr" ? 1 : 0,
				}),
			]);
			expect(existsSync(at(`copy of ${name}.unfinished`))).toBe(false);
		},
	);

	it.each(["five.ome.zarr", "joined.ome.zarr", "image.n5"])(
		"takes some levels of %s, with metadata that name only these",
		async (name) => {
			const served = await serveFolder(folder, { port: 0 });
			onTestFinished(() => served.close());
			const out = `levels of ${name}`;
			expect((await run("download", `${served.url}${name}`, out, "--levels", "1,2")).code).toBe(0);
			expect(filesIn(at(out)).some((file) => /(scale|s)0/.test(file))).toBe(false);
			const [found, before] = (await run("info", "--json", out, name)).lines;
			expect(found.images[0].levels).toEqual(before.images[0].levels.slice(1));
			if (name.endsWith("zarr")) {
				const { valid, findings } = await validateStore(folderStore(at(out)));
				expect([valid, findings.filter(({ severity }) => severity === "error")]).toEqual([true, []]);
			}
			const values = await run("stats", "--json", out, `${name}#${found.images[0].levels[0].path}`);
			expect(values.lines[0].sha256).toBe(values.lines[1].sha256);
		},
	);

	it("takes a node, and refuses levels that are not there", async () => {
		const served = await serveFolder(folder, { port: 0 });
		onTestFinished(() => served.close());
		await run("download", `${served.url}five.ome.zarr#scale1/cells`, "array.zarr");
		sameFiles("five.ome.zarr/scale1/cells", "array.zarr");
		const none = await run("download", "--json", `${served.url}five.ome.zarr`, "none", "--levels", "3");
		expect([none.code, none.lines[0].error.code]).toEqual([1, "no-level"]);
		expect(existsSync(at("none"))).toBe(false);
	});

	it.each(["four.ome.zarr", "image.n5"])(
		"killed at random moments, %s comes whole all the same",
		async (name) => {
			const { url } = await serving(plain);
			const [out, seed] = [`random ${name}`, printedSeed(`download of ${name}`)];
			const kills = await killAtRandom(folder, ["download", `${url}/${name}`, out], out, { seed, most: 60 });
			expect(kills).toBeGreaterThan(0);
			sameFiles(name, out);
			expect(existsSync(at(`${out}.unfinished`))).toBe(false);
		},
		60_000,
	);

	it("goes on after kill -9 without fetching anything twice", async () => {
		let answers = 0;
		let kill = () => {};
		const held: (() => void)[] = [];
		const server = await serving((request, response) => {
			if (/cells\/\d/.test(request.url ?? "") && answers++ === 40) kill();
			if (answers > 40 && answers < 60) held.push(() => plain(request, response));
			else plain(request, response);
		});
		const args = ["download", "--json", `${server.url}/four.ome.zarr`, "killed.zarr"];
		const first = startCli(folder, args);
		kill = () => first.child.kill("SIGKILL");
		expect((await first.ended).signal).toBe("SIGKILL");
		expect(existsSync(at("killed.zarr"))).toBe(false);
		const had = filesIn(at("killed.zarr.unfinished/data")).filter((name) => !name.endsWith(".part"));
		expect(had.length).toBeGreaterThan(10);
		answers = 1000;
		const before = server.seen.length;
		const second = await run(...args);
		expect([second.code, second.stderr]).toEqual([0, ""]);
		expect(second.lines[0]).toMatchObject({ resumed: true, kept: had.length });
		const again = server.seen.slice(before).map(({ path }) => path.slice("/four.ome.zarr/".length));
		expect(again.filter((path) => had.includes(path))).toEqual([]);
		sameFiles("four.ome.zarr", "killed.zarr");
	});

	it("tells what failed in one report, and brings only that the next time", async () => {
		let broken = true;
		const server = await serving((request, response) => {
			if (broken && request.url?.endsWith("/scale0/cells/0/1/1")) response.writeHead(400).end();
			else plain(request, response);
		});
		const args = ["download", "--json", `${server.url}/four.ome.zarr`, "failed.zarr"];
		const { code, lines } = await run(...args);
		expect([code, lines[0].error.code]).toEqual([1, "download-incomplete"]);
		expect(lines[0].error.message).toContain("1 value could not be had, twice: scale0/cells/0/1/1.");
		expect(existsSync(at("failed.zarr"))).toBe(false);
		broken = false;
		expect((await run(...args)).lines[0]).toMatchObject({ resumed: true, absent: 1 });
		sameFiles("four.ome.zarr", "failed.zarr");
	});

	it("notices a source that changed, refuses to overwrite, and never mixes two wishes", async () => {
		let edition = "";
		let fail = true;
		const server = await serving((request, response) => {
			if (fail && /\/scale1\/cells\/\d/.test(request.url ?? "")) response.writeHead(400).end();
			else if (request.url?.endsWith("/four.ome.zarr/.zattrs")) {
				response.end(`${readFileSync(at("four.ome.zarr/.zattrs"), "utf8")}${edition}`);
			} else plain(request, response);
		});
		const address = `${server.url}/four.ome.zarr`;
		await run("download", address, "changed.zarr");
		fail = false;
		const other = await run("download", "--json", address, "changed.zarr", "--levels", "1");
		expect(other.lines[0].error.code).toBe("download-other");
		edition = "\n";
		const changed = await run("download", "--json", address, "changed.zarr");
		expect(changed.lines[0].error).toMatchObject({
			code: "download-changed",
			remedy: expect.stringContaining("--overwrite"),
		});
		expect((await run("download", address, "changed.zarr", "--overwrite")).code).toBe(0);
		const twice = await run("download", "--json", address, "changed.zarr");
		expect(twice.lines[0].error.code).toBe("out-exists");
		expect((await run("download", address, "changed.zarr", "--overwrite")).code).toBe(0);
		writeFileSync(at("notes"), "mine");
		expect((await run("download", "--json", address, ".", "--overwrite")).lines[0].error.code).toBe(
			"out-not-zarr",
		);
	});
});

describe("download of one file", () => {
	const ranged = (request: IncomingMessage, response: ServerResponse, etag: string, bytes: Buffer) => {
		const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? Number.NaN);
		const part = start >= 0 && request.headers["if-range"] === etag;
		response.writeHead(part ? 206 : 200, {
			etag,
			"content-length": part ? bytes.length - start : bytes.length,
			...(part ? { "content-range": `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
		});
		return part ? bytes.subarray(start) : bytes;
	};

	it("goes on with a range after kill -9, under the condition that the file is the same", async () => {
		const bytes = readFileSync(at("bytes.tif"));
		let kill: (() => void) | undefined = () => {};
		const server = await serving((request, response) => {
			const rest = ranged(request, response, '"a"', bytes);
			if (!kill) response.end(rest);
			else response.write(rest.subarray(0, 1_000_000), () => waitForFile().then(kill));
		});
		const waitForFile = async () => {
			const part = at("one.tif.unfinished/data");
			while (!existsSync(part) || readFileSync(part).length < 900_000)
				await new Promise((done) => setImmediate(done));
		};
		const args = ["download", "--json", `${server.url}/bytes.tif`, "one.tif"];
		const first = startCli(folder, args);
		kill = () => first.child.kill("SIGKILL");
		expect((await first.ended).signal).toBe("SIGKILL");
		expect(existsSync(at("one.tif"))).toBe(false);
		const had = readFileSync(at("one.tif.unfinished/data")).length;
		kill = undefined;
		const second = await run(...args);
		expect([second.code, second.stderr]).toEqual([0, ""]);
		expect(server.seen.at(-1)?.headers).toMatchObject({ range: `bytes=${had}-`, "if-range": '"a"' });
		expect(second.lines[0]).toMatchObject({ kind: "file", resumed: true, bytes: bytes.length - had });
		expect(readFileSync(at("one.tif")).equals(bytes)).toBe(true);
		expect(existsSync(at("one.tif.unfinished"))).toBe(false);
	});

	it("goes on by itself where a connection breaks off, and begins anew where the file changed", async () => {
		const old = readFileSync(at("bytes.tif"));
		const now = Buffer.from(old.map((byte) => byte ^ 255));
		let number = 0;
		const server = await serving((request, response) => {
			number++;
			const rest = ranged(request, response, number <= 2 ? '"old"' : '"new"', number <= 2 ? old : now);
			if (number <= 2) response.write(rest.subarray(0, 500_000), () => response.destroy());
			else response.end(rest);
		});
		const { code, stderr } = await run("download", `${server.url}/bytes.tif`, "two.tif");
		expect([code, stderr]).toEqual([0, expect.stringContaining("changed since it was begun")]);
		expect(readFileSync(at("two.tif")).equals(now)).toBe(true);
		expect(server.seen.length).toBe(3);
	});

	it("says what is at the address in place of a file", async () => {
		const server = await serving((request, response) => {
			if (request.url === "/page.tif") response.writeHead(200, { "content-type": "text/html" }).end("<html>");
			else response.writeHead(404).end();
		});
		const page = await run("download", "--json", `${server.url}/page.tif`, "page.tif");
		const none = await run("download", "--json", `${server.url}/none.tif`, "none.tif");
		const zarr = await run("download", "--json", `${server.url}/none.zarr`, "none.zarr");
		expect([page, none, zarr].map(({ code, lines }) => [code, lines[0].error.code])).toEqual([
			[1, "http-page"],
			[1, "http-not-found"],
			[1, "http-not-found"],
		]);
		expect(existsSync(at("none.zarr.unfinished"))).toBe(false);
	});
});

it("copies from a store that lists to another without a journal", async () => {
	const { download } = await import("../../src/lib/download/download.ts");
	const target = memoryStore();
	const report = await download(folderStore(at("five.ome.zarr")), target);
	expect((await target.list()).sort()).toEqual(filesIn(at("five.ome.zarr")));
	expect(report).toMatchObject({ written: filesIn(at("five.ome.zarr")).length, absent: 0 });
});
