/** s3://, gs:// and s3+http:// addresses of the command, against the bucket's engine behind a real server. */
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { environmentS3 } from "../../src/cli/s3-environment.ts";
import { bucketEngine } from "../../src/lib/bucket/engine.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toN5 } from "../../src/lib/n5/write.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { writeZip } from "../../src/lib/stores/zip-write.ts";
import { writeTiff } from "../../src/lib/tiff/write.ts";
import { startCli } from "../support/cli.ts";
import { type BucketServer, serveBucket } from "./bucket-server.ts";

const data = Uint16Array.from({ length: 4 * 16 * 20 }, (_, i) => (i * 7919) % 4093);
const sha256 = createHash("sha256").update(new Uint8Array(data.buffer)).digest("hex");
let server: BucketServer;
let folder: string;
const run = (args: string[], env: Record<string, string> = {}) =>
	startCli(folder, args, { AWS_ENDPOINT_URL: server.url, AWS_EC2_METADATA_DISABLED: "true", ...env }).ended;

beforeAll(async () => {
	folder = mkdtempSync(join(tmpdir(), "chunkwise s3 "));
	const image = toSpatialImage({ data, shape: [4, 16, 20] }, { name: "cells" });
	const multiscale = await toMultiscale(image, [2], { chunks: 8 });
	const zarr = memoryStore();
	await toNgffZarr(zarr, multiscale);
	const n5 = memoryStore();
	await toN5(n5, multiscale);
	const bucket = memoryStore();
	for (const [name, store] of [
		["cells.ome.zarr", zarr],
		["cells.n5", n5],
	] as const) {
		for (const key of await store.list())
			bucket.set(`/images/${name}/${key}`, (await store.get(`/${key}`)) as Uint8Array);
	}
	bucket.set("/images/cells.ozx", new Uint8Array(await (await writeZip(zarr)).arrayBuffer()));
	bucket.set("/images/cells of HL60.tif", await writeTiff({ data, shape: [4, 16, 20], dtype: "uint16" }));
	server = await serveBucket(bucketEngine(bucket, { name: "lab" }));
});

afterAll(() => {
	server.close();
	rmSync(folder, { recursive: true, force: true });
});

it("reads folders, N5, zips and TIFFs in a bucket, and what is in them", async () => {
	const base = "s3://lab/images";
	const service = `s3+${server.url}/lab/images`;
	const { code, lines, stderr } = await run([
		"stats",
		"--json",
		`${base}/cells.ome.zarr`,
		`${base}/cells.ome.zarr#scale0/cells`,
		`${base}/cells.n5`,
		`${base}/cells.ozx#scale0/cells`,
		`${base}/cells of HL60.tif`,
		`${service}/cells.ome.zarr`,
		`${service}/cells.ozx`,
	]);
	expect([code, stderr]).toEqual([0, ""]);
	expect(lines.map((line) => line.sha256)).toEqual(lines.map(() => sha256));
	const info = await run(["info", "--json", `${base}/cells.ome.zarr`, `${service}/cells of HL60.tif`]);
	expect(info.lines.map(({ format, requests }) => [format, requests <= 6])).toEqual([
		["ome-zarr", true],
		["tiff", true],
	]);
});

it("lists, draws, validates, downloads", async () => {
	const url = "s3://lab/images/cells.ome.zarr";
	const ls = await run(["ls", "--json", url]);
	expect(ls.lines[0]).toMatchObject({ derived: false });
	expect(ls.lines[0].keys.map(({ key }: { key: string }) => key)).toContain("scale0/cells/zarr.json");
	expect((await run(["tree", url])).stdout).toContain("└── cells (4, 16, 20) uint16, chunks (4, 8, 8)");
	expect((await run(["validate", "--json", url])).lines[0]).toMatchObject({ valid: true, version: "0.5" });
	const down = await run(["download", "--json", url, "copy.ome.zarr"]);
	expect([down.code, down.lines[0].written]).toEqual([0, ls.lines[0].count]);
	expect((await run(["download", "s3://lab/images/cells.ozx", "copy.ozx"])).code).toBe(0);
	const local = await run(["stats", "--json", "copy.ome.zarr", "copy.ozx"]);
	expect(local.lines.map((line) => line.sha256)).toEqual([sha256, sha256]);
	expect(readFileSync(join(folder, "copy.ozx")).subarray(0, 2).toString()).toBe("PK");
});

it("says what is wrong with an address, one line each, and goes on", async () => {
	const { code, lines } = await run([
		"info",
		"--json",
		"s3://lab/images/nothing.zarr",
		"s3://elsewhere/images/cells.ome.zarr",
		"s3://lab/none.ozx",
		"s3://x",
		"ftp://lab/a",
		"s3://lab/images/cells.ozx",
	]);
	expect(code).toBe(1);
	expect(lines.map(({ error, format }) => error?.code ?? format)).toEqual([
		"not-zarr",
		"s3-no-bucket",
		"http-not-found",
		"bad-address",
		"unsupported-scheme",
		"ome-zarr",
	]);
	for (const { error } of lines) if (error) expect(error.remedy.length).toBeGreaterThan(5);
});

it("signs for the service of the environment only", async () => {
	const keys = { AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "secret" };
	const before = server.requests.length;
	await run(["info", "s3://lab/images/cells.ome.zarr"], keys);
	const signed = server.requests.slice(before);
	expect(signed.length).toBeGreaterThan(0);
	for (const { headers } of signed)
		expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAEXAMPLE/);

	const own = { ...keys, AWS_ENDPOINT_URL: "https://minio.lab.example" };
	expect(environmentS3("s3://lab/a", own)).toMatchObject({
		endpoint: "https://minio.lab.example",
		credentials: {},
	});
	expect(environmentS3("s3+https://minio.lab.example/lab/a", own).credentials).toBeDefined();
	expect(environmentS3("s3+https://other.example/lab/a", own).credentials).toBeUndefined();
	expect(environmentS3("gs://lab/a", own)).toMatchObject({
		bucket: "lab",
		prefix: "a",
		endpoint: "https://storage.googleapis.com",
		credentials: undefined,
	});
	expect(environmentS3("s3://lab/a", { ...keys, AWS_NO_SIGN_REQUEST: "yes" }).credentials).toBeUndefined();
});
