import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { type IncomingHttpHeaders, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServedFolder, serveFolder } from "../../src/cli/serve.ts";

let outer: string;
let folder: string;
let served: ServedFolder;
let based: ServedFolder;

beforeAll(async () => {
	outer = mkdtempSync(join(tmpdir(), "chunkwise serve "));
	folder = join(outer, "site");
	mkdirSync(join(folder, "image.zarr/c/0"), { recursive: true });
	mkdirSync(join(folder, "lesson one"));
	writeFileSync(join(outer, "secret.txt"), "secret");
	writeFileSync(join(folder, "index.html"), "<h1>home</h1>");
	writeFileSync(join(folder, "lesson one/index.html"), "<h1>lesson</h1>");
	writeFileSync(join(folder, "image.zarr/zarr.json"), "{}");
	writeFileSync(join(folder, "image.zarr/.zattrs"), "{}");
	writeFileSync(
		join(folder, "image.zarr/c/0/0"),
		Uint8Array.from({ length: 100 }, (_, i) => i),
	);
	writeFileSync(join(folder, "empty"), "");
	symlinkSync(join(outer, "secret.txt"), join(folder, "leak.txt"));
	symlinkSync(outer, join(folder, "up"));
	served = await serveFolder(folder, { port: 0 });
	based = await serveFolder(folder, { port: 0, base: "course" });
});

afterAll(async () => {
	await served?.close();
	await based?.close();
	rmSync(outer, { recursive: true, force: true });
});

/** fetch tidies ".." away before it asks, so a hostile path needs a plain request. */
function raw(
	port: number,
	path: string,
): Promise<{ status: number; headers: IncomingHttpHeaders; body: string }> {
	return new Promise((done, fail) => {
		request({ port, host: "127.0.0.1", path }, (response) => {
			let body = "";
			response.on("data", (part) => {
				body += part;
			});
			response.on("end", () => done({ status: response.statusCode ?? 0, headers: response.headers, body }));
		})
			.on("error", fail)
			.end();
	});
}

const bytesOf = async (response: Response) => [...new Uint8Array(await response.arrayBuffer())];

describe("serveFolder", () => {
	it("serves files with their media type, length and CORS headers", async () => {
		const response = await fetch(`${served.url}image.zarr/zarr.json`);
		expect(response.status).toBe(200);
		expect(response.headers.get("content-type")).toContain("application/json");
		expect(response.headers.get("content-length")).toBe("2");
		expect(response.headers.get("access-control-allow-origin")).toBe("*");
		expect(response.headers.get("accept-ranges")).toBe("bytes");
		expect(await response.text()).toBe("{}");
		const dot = await fetch(`${served.url}image.zarr/.zattrs`);
		expect(dot.headers.get("content-type")).toContain("application/json");
		const chunk = await fetch(`${served.url}image.zarr/c/0/0`);
		expect(chunk.headers.get("content-type")).toBe("application/octet-stream");
		expect(await bytesOf(chunk)).toHaveLength(100);
	});

	it.each([
		["bytes=0-3", 206, [0, 1, 2, 3], "bytes 0-3/100"],
		["bytes=97-", 206, [97, 98, 99], "bytes 97-99/100"],
		["bytes=98-500", 206, [98, 99], "bytes 98-99/100"],
		["bytes=-2", 206, [98, 99], "bytes 98-99/100"],
		["bytes=-500", 206, Array.from({ length: 100 }, (_, i) => i), "bytes 0-99/100"],
	])("answers Range: %s", async (range, status, bytes, contentRange) => {
		const response = await fetch(`${served.url}image.zarr/c/0/0`, { headers: { range } });
		expect(response.status).toBe(status);
		expect(response.headers.get("content-range")).toBe(contentRange);
		expect(await bytesOf(response)).toEqual(bytes);
	});

	it("refuses a range past the end, and ignores ranges that it does not understand", async () => {
		const past = await fetch(`${served.url}image.zarr/c/0/0`, { headers: { range: "bytes=100-" } });
		expect(past.status).toBe(416);
		expect(past.headers.get("content-range")).toBe("bytes */100");
		for (const range of ["bytes=0-1,5-6", "lines=0-1", "bytes=5-2", "bytes=-"]) {
			const whole = await fetch(`${served.url}image.zarr/c/0/0`, { headers: { range } });
			expect([range, whole.status, (await bytesOf(whole)).length]).toEqual([range, 200, 100]);
		}
		const empty = await fetch(`${served.url}empty`, { headers: { range: "bytes=-5" } });
		expect(empty.status).toBe(416);
	});

	it("gives the whole file when If-Range names another version, and 304 for a known one", async () => {
		const url = `${served.url}image.zarr/c/0/0`;
		const etag = (await fetch(url)).headers.get("etag")!;
		const changed = await fetch(url, { headers: { range: "bytes=0-1", "if-range": '"other"' } });
		expect(changed.status).toBe(200);
		const same = await fetch(url, { headers: { range: "bytes=0-1", "if-range": etag } });
		expect(same.status).toBe(206);
		expect((await fetch(url, { headers: { "if-none-match": etag }, cache: "no-store" })).status).toBe(304);
	});

	it("answers HEAD without a body, OPTIONS for CORS, and refuses writing", async () => {
		const head = await fetch(`${served.url}image.zarr/c/0/0`, { method: "HEAD" });
		expect([head.status, head.headers.get("content-length")]).toEqual([200, "100"]);
		expect(await bytesOf(head)).toEqual([]);
		const options = await fetch(`${served.url}image.zarr/c/0/0`, {
			method: "OPTIONS",
			headers: { "access-control-request-headers": "range, x-mine" },
		});
		expect(options.status).toBe(204);
		expect(options.headers.get("access-control-allow-headers")).toBe("range, x-mine");
		expect((await fetch(`${served.url}new`, { method: "PUT", body: "x" })).status).toBe(405);
	});

	it("answers 404 with CORS headers for what is absent, a folder without index.html included", async () => {
		for (const path of ["nothing", "image.zarr", "image.zarr/", "image.zarr/zarr.json/"]) {
			const response = await fetch(served.url + path);
			expect([path, response.status]).toEqual([path, 404]);
			expect(response.headers.get("access-control-allow-origin")).toBe("*");
		}
	});

	it("serves index.html for folders and redirects to the slash", async () => {
		expect(await (await fetch(served.url)).text()).toBe("<h1>home</h1>");
		const redirect = await fetch(`${served.url}lesson%20one?x=1`, { redirect: "manual" });
		expect([redirect.status, redirect.headers.get("location")]).toEqual([301, "/lesson%20one/?x=1"]);
		expect(await (await fetch(`${served.url}lesson%20one`)).text()).toBe("<h1>lesson</h1>");
	});

	it("answers only under its base path", async () => {
		expect(based.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/course\/$/);
		expect(await (await fetch(based.url)).text()).toBe("<h1>home</h1>");
		expect((await raw(based.port, "/course")).headers.location).toBe("/course/");
		expect((await raw(based.port, "/course/lesson%20one")).headers.location).toBe("/course/lesson%20one/");
		expect((await raw(based.port, "/index.html")).status).toBe(404);
		expect((await raw(based.port, "/")).status).toBe(404);
	});

	it("never leaves its folder", async () => {
		for (const path of [
			"/../secret.txt",
			"/%2e%2e/secret.txt",
			"/image.zarr/../../secret.txt",
			"/image.zarr/..%2f..%2fsecret.txt",
			"/..%5csecret.txt",
			"/leak.txt",
			"/up/secret.txt",
			"/%00",
			"/%E0%A4%A",
		]) {
			const response = await raw(served.port, path);
			expect([path, response.status >= 400 && response.status < 500]).toEqual([path, true]);
			expect(response.body).not.toContain("secret\n");
			expect(response.body).not.toBe("secret");
		}
		expect((await raw(served.port, "//lesson%20one")).headers.location ?? "").not.toMatch(/^\/\//);
	});

	it("serves the site's own 404 page to those who ask for a page", async () => {
		writeFileSync(join(folder, "404.html"), "<h1>lost</h1>");
		const page = await fetch(`${served.url}nothing`, { headers: { accept: "text/html" } });
		expect([page.status, await page.text()]).toEqual([404, "<h1>lost</h1>"]);
		const chunk = await fetch(`${served.url}nothing`, { headers: { accept: "*/*" } });
		expect([chunk.status, await chunk.text()]).toEqual([404, "Not found\n"]);
	});

	it("says what is wrong when it cannot start", async () => {
		await expect(serveFolder(join(folder, "none"), { port: 0 })).rejects.toMatchObject({
			code: "serve-not-a-folder",
			remedy: expect.any(String),
		});
		await expect(serveFolder(join(folder, "empty"), { port: 0 })).rejects.toMatchObject({
			code: "serve-not-a-folder",
		});
		await expect(serveFolder(folder, { port: served.port })).rejects.toMatchObject({
			code: "serve-port-in-use",
			where: `127.0.0.1:${served.port}`,
		});
	});

	it("tells of its requests", async () => {
		const seen: string[] = [];
		const logged = await serveFolder(folder, {
			port: 0,
			onRequest: (r) => seen.push(`${r.method} ${r.url} ${r.status} ${r.range ?? ""}`.trim()),
		});
		await (await fetch(`${logged.url}image.zarr/c/0/0`, { headers: { range: "bytes=0-1" } })).arrayBuffer();
		await (await fetch(`${logged.url}none`)).text();
		await logged.close();
		expect(seen).toEqual(["GET /image.zarr/c/0/0 206 bytes=0-1", "GET /none 404"]);
	});

	it("answers a text in place of a file, as long as there is one", async () => {
		const asked: string[] = [];
		let text: string | undefined = "<h1>another</h1>";
		const changed = await serveFolder(folder, {
			port: 0,
			base: "course",
			instead: (path) => {
				asked.push(path);
				return text;
			},
		});
		const page = await fetch(`${changed.url}lesson%20one/`);
		expect(page.headers.get("content-type")).toContain("text/html");
		expect(page.headers.get("access-control-allow-origin")).toBe("*");
		expect(await page.text()).toBe(text);
		expect(await (await fetch(`${changed.url}none.json`)).text()).toBe(text);
		expect((await raw(changed.port, "/course/../secret.txt")).status).toBe(400);
		text = undefined;
		expect(await (await fetch(`${changed.url}lesson%20one/`)).text()).toBe("<h1>lesson</h1>");
		await changed.close();
		expect(asked).toEqual(["lesson one/index.html", "none.json", "lesson one/index.html"]);
	});

	it("sends files whole and in parts, below and beyond what it reads at once", async () => {
		const large = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
		writeFileSync(join(folder, "large"), large);
		for (const [first, last] of [
			[0, 299_999],
			[10, 65_545],
			[10, 65_546],
			[299_999, 299_999],
		]) {
			const part = await fetch(`${served.url}large`, { headers: { range: `bytes=${first}-${last}` } });
			expect(await bytesOf(part)).toEqual([...large.subarray(first, last + 1)]);
		}
		expect(await bytesOf(await fetch(`${served.url}large`))).toEqual([...large]);
	});
});
