import { createHash } from "node:crypto";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { displaySymbol } from "../../src/lib/display.ts";
import {
	download,
	info,
	listKeys,
	memoryStore,
	openGroup,
	Samples,
	validateStore,
} from "../../src/lib/index.ts";
import { embryo } from "../../src/lib/samples/embryo.ts";
import { writeEmbryo } from "../../src/lib/samples/embryo-zarr.ts";

async function serve(listener: RequestListener): Promise<string> {
	const server = createServer(listener);
	await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
	onTestFinished(() => {
		server.closeAllConnections();
		server.close();
	});
	return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe("the stand-in for the public image", () => {
	const store = memoryStore();
	beforeAll(() => writeEmbryo(store));
	const json = async (key: string) => JSON.parse(new TextDecoder().decode(await store.get(`/${key}`)));

	it("has the layout of IDR image 6001240 in version 0.1", async () => {
		const keys = await listKeys(store);
		expect(keys.length).toBe(3 * 2 * 236 + 3 + 2);
		for (const key of [".zattrs", ".zgroup", "0/.zarray", "0/0.0.0.0.0", "2/0.1.235.0.0"])
			expect(keys).toContain(key);
		expect(await json("0/.zarray")).toMatchObject({
			zarr_format: 2,
			shape: [1, 2, 236, 275, 271],
			chunks: [1, 1, 1, 275, 271],
			dtype: ">u2",
			order: "C",
			compressor: { id: "blosc", cname: "lz4" },
		});
		expect((await json("0/.zarray")).dimension_separator ?? ".").toBe(".");
		expect((await json("1/.zarray")).shape).toEqual([1, 2, 236, 137, 135]);
		expect((await json("2/.zarray")).shape).toEqual([1, 2, 236, 68, 67]);
		const attributes = await json(".zattrs");
		expect(Object.keys(attributes)).toEqual(["multiscales", "omero"]);
		expect(JSON.stringify(attributes)).toMatch(/synthetic stand-in/);
	});

	it("is downloaded with one line of progress, whose words stay the same", async () => {
		const labels = new Set<string>();
		const onProgress = ({ label }: { label: string }) => labels.add(label);
		await download(store, memoryStore(), { name: "6001240.zarr", onProgress });
		expect([...labels]).toEqual(["Downloading 6001240.zarr"]);
	});

	it("is valid 0.1, opens by its version, and has the same voxels every time", async () => {
		const { valid, version } = await validateStore(store);
		expect({ valid, version }).toEqual({ valid: true, version: "0.1" });
		expect(await info(store)).toMatchObject({ format: "ome-zarr", version: "0.1" });
		const group = await openGroup(store);
		const level = await group.openArray("2");
		expect(String(level)).toMatch(/Byte order +big-endian/);
		const plane = await level.read([0, 1, 118, null, null]);
		expect(Math.max(...(plane.data as Uint16Array))).toBeGreaterThan(200);
		const voxels = await embryo();
		expect(
			createHash("sha256").update(new Uint8Array(voxels.buffer)).digest("hex"),
			"raise embryoVersion when the voxels change",
		).toMatchInlineSnapshot(`"2903c8c2857316b6c1048f229e74125be98b86ba4791becff227a32048814e6a"`);
	});
});

describe("samples.publicImage", () => {
	it("gives what answers at the address with the attributes of an image", async () => {
		const asked: string[] = [];
		const url = await serve((request, response) => {
			asked.push(request.url ?? "");
			response.end('{"multiscales":[{"version":"0.1","datasets":[{"path":"0"}]}]}');
		});
		const image = await new Samples({ publicImageUrl: url }).publicImage();
		expect(image).toMatchObject({ source: "idr", synthetic: false, url });
		expect(image.attribution).toMatch(/idr0062.*CC BY 4.0/);
		expect(asked).toEqual(["/.zattrs"]);
	});

	it("gives the stand-in of the site, and says why, where the address is dead, empty or something else", async () => {
		const site = await serve((request, response) => {
			if (request.url === "/data/6001240.zarr/.zattrs") response.end('{"multiscales":[]}');
			else response.writeHead(404).end();
		});
		const page = await serve((_, response) => {
			response.setHeader("Content-Type", "text/html");
			response.end("<!doctype html><title>Moved</title>");
		});
		for (const [publicImageUrl, why] of [
			["http://127.0.0.1:9/6001240.zarr", /127\.0\.0\.1:9.* did not give the image/],
			[`${site}absent`, /no attributes of an OME-Zarr image/],
			[page, /no attributes of an OME-Zarr image/],
		] as const) {
			const image = await new Samples({ publicImageUrl, dataUrl: `${site}data/` }).publicImage();
			expect(image).toMatchObject({ source: "stand-in", synthetic: true, url: `${site}data/6001240.zarr` });
			expect(image.note).toMatch(why);
			expect(image[displaySymbol]().text).toMatch(/synthetic stand-in.*why.*none of its voxels/s);
		}
	});

	it("asks nobody where synthetic images are preferred, and makes it in memory where no site serves it", async () => {
		const image = await new Samples({
			prefer: "phantom",
			publicImageUrl: "http://127.0.0.1:9/",
		}).publicImage();
		expect(image.note).toBeUndefined();
		expect(image.url).toBeUndefined();
		expect(await info(image.store)).toMatchObject({ version: "0.1" });
	});

	it("does not wait for a server that never answers, and can be stopped", async () => {
		const url = await serve(() => {});
		const stop = new AbortController();
		const asked = new Samples({ publicImageUrl: url }).publicImage({ signal: stop.signal });
		stop.abort(new Error("enough"));
		await expect(asked).rejects.toThrow("enough");
	});
});
