/** The command on addresses and zips, and as a server. */
import { writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { serveFolder } from "../../src/cli/serve.ts";
import { folderStore, writeZip } from "../../src/lib/node.ts";
import { startCli } from "../support/cli.ts";
import { inStackFolder, sha, stack, values } from "../support/cli-stack.ts";

const { place, at, run } = inStackFolder();

describe("serve and addresses", () => {
	it("serves a folder until it is told to stop", async () => {
		const { child, ended } = startCli(place.folder, ["serve", ".", "--port", "0", "--base", "/data/"]);
		const url = await new Promise<string>((done) =>
			child.stdout?.once("data", (data) => done(String(data).trim())),
		);
		expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/data\/$/);
		const part = await fetch(`${url}stack.tif`, { headers: { range: "bytes=0-3" } });
		expect([
			part.status,
			part.headers.get("content-type"),
			[...new Uint8Array(await part.arrayBuffer())],
		]).toEqual([206, "image/tiff", [0x49, 0x49, 42, 0]]);
		child.kill("SIGTERM");
		const { code, stderr } = await ended;
		expect([code, stderr]).toEqual([0, "206 GET /data/stack.tif bytes=0-3\n"]);
		expect((await run("serve", "none")).code).toBe(1);
	});

	it("reads TIFFs and Zarr over HTTP", async () => {
		await run("convert", "stack.tif", "served.zarr");
		const served = await serveFolder(place.folder, { port: 0 });
		const { code, lines } = await run(
			"stats",
			"--json",
			`${served.url}stack.tif`,
			`${served.url}stack.tif#page/1`,
			`${served.url}served.zarr#scale0/stack`,
			`${served.url}none.tif`,
			`${served.url}none.zarr`,
			"ftp://bucket/key",
		);
		await served.close();
		expect(code).toBe(1);
		expect(lines.map((line) => line.sha256 ?? line.error.code)).toEqual([
			sha(values),
			sha(stack[1].values as Uint16Array),
			sha(values),
			"http-not-found",
			"http-not-found",
			"unsupported-scheme",
		]);
	});

	it("reads zipped Zarr, from a file and over HTTP", async () => {
		await run("convert", "stack.tif", "to-zip.zarr");
		const zip = await writeZip(folderStore(at("to-zip.zarr")));
		writeFileSync(at("image.ozx"), new Uint8Array(await zip.arrayBuffer()));
		const served = await serveFolder(place.folder, { port: 0 });
		const inside = "#scale0/stack";
		const { code, lines } = await run(
			"stats",
			"--json",
			`image.ozx${inside}`,
			`${served.url}image.ozx${inside}`,
		);
		await served.close();
		expect(code).toBe(0);
		expect(lines.map((line) => line.sha256)).toEqual([sha(values), sha(values)]);
		const info = await run("info", "--json", "image.ozx");
		expect(info.lines[0].images[0].levels[0]).toMatchObject({ path: "scale0/stack", dtype: "uint16" });
		writeFileSync(at("broken.zip"), "PK, and nothing more");
		expect((await run("info", "--json", "broken.zip")).lines[0].error.code).toBe("zip-damaged");
	});
});
