/** `convert` from real servers of this machine: over HTTP, from buckets, from zips; with connections that break off. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { convert } from "../../src/cli/convert-command.ts";
import { serveFolder } from "../../src/cli/serve.ts";
import { bucketEngine } from "../../src/lib/bucket/engine.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";
import { s3Store } from "../../src/lib/stores/s3.ts";
import { serveBucket } from "./bucket-server.ts";
import { buildTiff, testValues } from "./tiff-builder.ts";

let folder: string;
const at = (name: string) => join(folder, name);
const memory = 16 << 20;
/** More than one part. */
const shape = [64, 192, 192];

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise remote "));
	const values = testValues("uint16", 64 * 192 * 192);
	const pages = Array.from({ length: 64 }, (_, z) => ({
		width: 192,
		height: 192,
		dtype: "uint16" as const,
		values: values.subarray(z * 36864, (z + 1) * 36864),
	}));
	writeFileSync(at("in.tif"), buildTiff({ pages }));
	const image = toSpatialImage({ data: values, shape }, { name: "in" });
	await toNgffZarr(folderStore(at("in.zarr")), await toMultiscale(image, [2], { chunks: 32 }));
	await convert(at("in.zarr"), at("in.ozx"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const environment = { ...process.env };
afterEach(() => {
	process.env = { ...environment };
});

/** Every file below a place with its bytes. */
function contents(name: string): Map<string, string> {
	const files = (readdirSync(at(name), { recursive: true }) as string[]).sort();
	return new Map(
		files
			.filter((file) => statSync(at(join(name, file))).isFile())
			.map((file) => [file, readFileSync(at(join(name, file)), "base64")]),
	);
}

/** What the same call makes of the same file here. */
async function local(name: string, out: string, options: object): Promise<Map<string, string>> {
	await convert(at(name), at(out), { memory, ...options });
	return contents(out);
}

interface Shaky {
	url: string;
	requests: number;
	broken: number;
}

/** The folder on a server before which a proxy cuts every third answer off, before it or in the middle of it, each once. */
async function shaky(): Promise<Shaky> {
	const served = await serveFolder(folder, { port: 0 });
	const state: Shaky = { url: "", requests: 0, broken: 0 };
	const known = new Set<string>();
	const proxy = createServer(async ({ url, method, headers }, response) => {
		const number = ++state.requests;
		const answer = await fetch(new URL(url ?? "/", served.url), {
			method,
			headers: headers.range ? { range: headers.range } : {},
		});
		const body = Buffer.from(await answer.arrayBuffer());
		const asked = `${url} ${headers.range}`;
		if (number % 3 === 0 && !known.has(asked)) {
			known.add(asked);
			state.broken++;
			if (number % 2 === 0) return response.destroy();
			response.writeHead(answer.status, Object.fromEntries(answer.headers));
			response.write(body.subarray(0, body.length >> 1));
			setTimeout(() => response.destroy(), 5);
			return;
		}
		response.writeHead(answer.status, Object.fromEntries(answer.headers));
		response.end(body);
	});
	await new Promise<void>((done) => proxy.listen(0, "127.0.0.1", done));
	state.url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
	onTestFinished(async () => {
		proxy.closeAllConnections();
		proxy.close();
		await served.close();
	});
	return state;
}

describe("a server that breaks off every third answer", () => {
	it.each([
		["in.tif", { chunks: [32], codec: "none" as const }],
		["in.zarr", { scaleFactors: [2, 2] }],
		["in.ozx", { chunks: [32] }],
	])(
		"%s is converted all the same",
		async (name, options) => {
			const server = await shaky();
			const out = `shaky ${name}.zarr`;
			await convert(`${server.url}/${name}`, at(out), { memory, ...options });
			expect(server.broken).toBeGreaterThan(2);
			expect(contents(out)).toEqual(await local(name, `local ${name}.zarr`, options));
		},
		60_000,
	);
});

describe("a bucket", () => {
	it.each([
		["s3://images/some/in.zarr", "in.zarr"],
		["s3://images/in.ozx", "in.ozx"],
		["s3://images/in.tif", "in.tif"],
	])("%s is read", async (address, name) => {
		const server = await serveBucket(bucketEngine(memoryStore(), { name: "images" }));
		onTestFinished(() => server.close());
		const store = s3Store({ bucket: "images", endpoint: server.url });
		for (const file of ["in.ozx", "in.tif"]) await store.set(`/${file}`, readFileSync(at(file)));
		for (const [key, value] of contents("in.zarr")) {
			await store.set(`/some/in.zarr/${key}`, Buffer.from(value, "base64"));
		}
		Object.assign(process.env, { AWS_ENDPOINT_URL_S3: server.url, AWS_NO_SIGN_REQUEST: "yes" });
		const out = `bucket ${name}.zarr`;
		await convert(address, at(out), { memory });
		expect(contents(out)).toEqual(await local(name, `here ${name}.zarr`, {}));
	});
});

describe("what changes on the server", () => {
	/** Stops after some chunks of a first call. */
	async function half(address: string, out: string, options: object): Promise<void> {
		const stop = new AbortController();
		await expect(
			convert(address, at(out), {
				memory,
				...options,
				signal: stop.signal,
				onProgress: ({ done, total }) => {
					if (total && done > total / 2) stop.abort(new Error("stopped"));
				},
			}),
		).rejects.toThrow("stopped");
	}

	it.each(["in.tif", "in.ozx"])("%s of another date is not mixed with what was begun", async (name) => {
		const served = await serveFolder(folder, { port: 0 });
		onTestFinished(() => served.close());
		const address = `${served.url.replace(/\/$/, "")}/${name}`;
		const options = { chunks: [32], scaleFactors: [2, 2] };
		await half(address, `${name} changed.zarr`, options);
		utimesSync(at(name), new Date(), new Date(Date.now() + 60_000));
		await expect(convert(address, at(`${name} changed.zarr`), { memory, ...options })).rejects.toMatchObject({
			code: "resume-differs",
			message: "The input has changed since an interrupted call left its part here.",
		});
		const { resumed } = await convert(address, at(`${name} changed.zarr`), {
			memory,
			...options,
			restart: true,
		});
		expect(resumed).toBe(0);
		expect(contents(`${name} changed.zarr`)).toEqual(await local(name, `${name} same.zarr`, options));
	});

	it("an image that is taken away is not taken for zeros", async () => {
		let gone = false;
		const served = await serveFolder(folder, { port: 0 });
		const gate = createServer(async ({ url }, response) => {
			const answer = gone ? undefined : await fetch(new URL(url ?? "/", served.url));
			response.writeHead(answer?.status ?? 404);
			response.end(answer && Buffer.from(await answer.arrayBuffer()));
		});
		await new Promise<void>((done) => gate.listen(0, "127.0.0.1", done));
		onTestFinished(async () => {
			gate.closeAllConnections();
			gate.close();
			await served.close();
		});
		const address = `http://127.0.0.1:${(gate.address() as AddressInfo).port}/in.zarr`;
		await expect(
			convert(address, at("gone.zarr"), {
				memory,
				scaleFactors: [],
				chunks: [32],
				onProgress: ({ done }) => {
					gone ||= done > 10;
				},
			}),
		).rejects.toMatchObject({ code: "input-changed", remedy: expect.stringContaining("same call") });
		expect(readdirSync(folder)).not.toContain("gone.zarr");
	});
});
