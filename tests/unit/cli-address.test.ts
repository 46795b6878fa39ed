/** What the command says of addresses, and how much it asks of them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { infoOf } from "../../src/cli/info-command.ts";
import { serveFolder } from "../../src/cli/serve.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { writeZip } from "../../src/lib/stores/zip-write.ts";
import { consolidate } from "../../src/lib/zarr/consolidated.ts";
import { cli } from "../support/cli.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

let folder: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise address "));
	const image = toSpatialImage({ data: new Uint16Array(8 * 16 * 16), shape: [8, 16, 16] }, { name: "cells" });
	const three = await toMultiscale(image, [2, 2], { chunks: 8 });
	const five = await toMultiscale(image, [2, 2, 2, { y: 2, x: 2 }], { chunks: 8 });
	await toNgffZarr(folderStore(at("five.ome.zarr")), three);
	await toNgffZarr(folderStore(at("four.ome.zarr")), three, { version: "0.4" });
	await toNgffZarr(folderStore(at("joined4.ome.zarr")), five, { version: "0.4" });
	await consolidate(folderStore(at("joined4.ome.zarr")));
	await toNgffZarr(folderStore(at("joined5.ome.zarr")), five);
	await consolidate(folderStore(at("joined5.ome.zarr")));
	await toN5(folderStore(at("image.n5")), three);
	const zip = await writeZip(folderStore(at("five.ome.zarr")));
	writeFileSync(at("image.ozx"), new Uint8Array(await zip.arrayBuffer()));
	const page = { width: 16, height: 16, dtype: "uint16" as const, values: testValues("uint16", 256) };
	writeFileSync(at("stack.tif"), buildTiff({ pages: [page, page] }));
	writeFileSync(at("download"), buildTiff({ pages: [page, page] }));
});

afterAll(() => {
	rmSync(folder, { recursive: true, force: true });
});

it.each([
	["five.ome.zarr", 3],
	["four.ome.zarr", 3],
	["joined4.ome.zarr", 5],
	["joined5.ome.zarr", 5],
	["image.n5", 3],
	["image.ozx", 3],
	["stack.tif", 1],
])("info of %s takes at most 6 requests and 100 kB, and counts them right", async (name, levels) => {
	const seen: string[] = [];
	const served = await serveFolder(folder, { port: 0, onRequest: ({ url }) => seen.push(url) });
	onTestFinished(() => served.close());
	const found = await infoOf(`${served.url}${name}`);
	expect(found.images[0].levels.length).toBe(levels);
	expect(found.requests).toBe(seen.length);
	expect(found.requests).toBeLessThanOrEqual(6);
	expect(found.bytes).toBeGreaterThan(0);
	expect(found.bytes).toBeLessThanOrEqual(100_000);
	const local = await infoOf(at(name));
	expect(found.images[0].levels).toEqual(local.images[0].levels);
});

async function answering(answer: (request: IncomingMessage, response: ServerResponse) => void) {
	const server = createServer(answer);
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	const close = () => {
		server.closeAllConnections();
		server.close();
	};
	onTestFinished(close);
	return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

it("says what happened at an address, and what to try", async () => {
	const served = await serveFolder(folder, { port: 0 });
	onTestFinished(() => served.close());
	const xml = (code: string, more = "") => `<?xml version="1.0"?><Error><Code>${code}</Code>${more}</Error>`;
	const answers: Record<string, [status: number, type: string, body: string]> = {
		denied: [403, "text/plain", "no"],
		s3denied: [403, "application/xml", xml("AccessDenied")],
		elsewhere: [301, "application/xml", xml("PermanentRedirect", "<Endpoint>s3.eu.example.org</Endpoint>")],
		gone: [410, "text/plain", "gone"],
		page: [200, "text/html", "<!doctype html>"],
	};
	const server = await answering((request, response) => {
		const [, name, rest] = /^\/([^/]*)(.*)$/.exec(request.url ?? "") ?? [];
		if (name === "moved") response.writeHead(308, { location: `${served.url}five.ome.zarr${rest}` }).end();
		else {
			const [status, type, body] = answers[name] ?? [404, "text/plain", "absent"];
			response.writeHead(status, { "content-type": type }).end(body);
		}
	});
	const nobody = await answering(() => {});
	nobody.close();
	const error = async (url: string) =>
		infoOf(url).then(
			() => undefined,
			(found) => found,
		);
	const cases: [string, string, RegExp][] = [
		[`${server.url}/denied/a`, "http-forbidden", /refuses to show this \(403\)/],
		[`${server.url}/s3denied/a`, "http-forbidden", /403 AccessDenied/],
		[`${server.url}/elsewhere/a`, "s3-wrong-region", /s3\.eu\.example\.org/],
		[`${server.url}/gone/a`, "http-not-found", /for good \(410\)/],
		[`${server.url}/absent/a`, "http-not-found", /\(404\)/],
		[`${server.url}/page/a`, "http-page", /web page/],
		[
			`${served.url}five.ome.zarr/typo`,
			"http-not-found",
			/five\.ome\.zarr is there, but holds nothing named typo/,
		],
		["http://nobody.invalid/a.zarr", "http-unreachable", /was not found|could not be looked up/],
		[`${nobody.url}/a.zarr`, "http-unreachable", /refused the connection/],
		["http://127.0.0.1:1/a.zarr", "http-unreachable", /a port that the fetch standard keeps/],
		[served.url.replace("http:", "https:"), "http-unreachable", /TLS/],
	];
	await Promise.all(
		cases.map(async ([url, code, says]) => {
			const found = await error(url);
			expect([url, found?.code]).toEqual([url, code]);
			expect(`${found.message} ${found.remedy}`).toMatch(says);
		}),
	);
	const moved = await cli(folder, "info", "--json", `${server.url}/moved`);
	expect([moved.code, moved.lines[0].version]).toEqual([0, "0.5"]);
	expect(moved.stderr).toContain("moved for good");
	expect((await infoOf(`${served.url}download`)).format).toBe("tiff");
});

it("lists many keys and stops without a word when its reader has enough", async () => {
	mkdirSync(at("many"));
	for (let i = 0; i < 3000; i++) writeFileSync(at(`many/${i}`), "");
	const all = await cli(folder, "ls", "many");
	expect([all.code, all.stdout.split("\n").length, all.stderr]).toEqual([0, 3001, "3000 keys\n"]);
	const json = await cli(folder, "ls", "--json", "five.ome.zarr#scale0", "many#none");
	expect(json.lines[0]).toMatchObject({ derived: false, count: 4 + 2 - 0 });
	expect(json.lines[1].error.code).toBe("no-such-node");
	const tree = await cli(folder, "tree", "four.ome.zarr", "image.n5", "stack.tif");
	expect(tree.stdout).toContain("└── cells (8, 16, 16) uint16, chunks (8, 8, 8)");
	expect(tree.stdout).toContain("├── page/0 (16, 16) uint16");
});

it("names the command and the option that were meant", async () => {
	expect((await cli(folder, "infoo")).stderr).toContain("Did you mean info?");
	expect((await cli(folder, "download", "--overwite", "a", "b")).stderr).toContain(
		"Did you mean --overwrite?",
	);
});
