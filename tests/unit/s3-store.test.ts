import { afterAll, describe, expect, test } from "vitest";
import { type BucketEngine, type BucketOptions, bucketEngine } from "../../src/lib/bucket/engine.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { childNames, listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { type S3StoreOptions, s3Store } from "../../src/lib/stores/s3.ts";
import { objectUrl, type S3Location, s3Address } from "../../src/lib/stores/s3-address.ts";
import { childText, parseXml } from "../../src/lib/stores/s3-xml.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";
import { openZarr } from "../../src/lib/zarr/open.ts";
import { type BucketServer, serveBucket } from "./bucket-server.ts";
import { filled, storeContract } from "./store-contract.ts";

const servers: BucketServer[] = [];
const credentials = { accessKeyId: "reader", secretAccessKey: "a-secret-of-a-test" };
const capabilities = { write: true, list: true, children: true };

afterAll(() => {
	for (const server of servers) server.close();
});

async function served(
	options: BucketOptions = {},
	store: ReadableStore = memoryStore(),
): Promise<BucketServer> {
	const server = await serveBucket(bucketEngine(store, { name: "images", ...options }));
	servers.push(server);
	return server;
}

/** An engine without a network between: fetch is the engine. */
function direct(engine: BucketEngine, location: Partial<S3Location> = {}, options: S3StoreOptions = {}) {
	return s3Store(
		{ endpoint: "http://s3.test", bucket: "images", ...location },
		{ fetch: (input, init) => engine(new Request(input, init)), ...options },
	);
}

storeContract("S3, public, from the bucket engine", {
	make: async (values) => {
		const server = await served();
		return filled(s3Store({ endpoint: server.url, bucket: "images" }), values);
	},
	offers: capabilities,
});

storeContract("S3, signed, under a prefix, in pages of 100", {
	make: async (values) => {
		const server = await served();
		// Neighbours that must not be seen.
		const all = s3Store({ endpoint: server.url, bucket: "images" });
		await all.set("/µ data/images", Uint8Array.of(1));
		await all.set("/other", Uint8Array.of(1));
		return filled(
			s3Store(
				{ endpoint: `${server.url}/`, bucket: "images", prefix: "/µ data/image/", credentials },
				{ pageSize: 100 },
			),
			values,
		);
	},
	offers: capabilities,
});

describe("a store in S3", () => {
	test("holds an OME-Zarr that plain HTTP opens too", async () => {
		const server = await served();
		const store = s3Store({ endpoint: server.url, bucket: "images", prefix: "a.ome.zarr" });
		const data = Uint16Array.from({ length: 512 }, (_, i) => i);
		const image = await toMultiscale(toSpatialImage({ data, shape: [8, 8, 8] }), [2], { chunks: 4 });
		const report = await toNgffZarr(store, image);
		expect(await listKeys(store)).toHaveLength(report.objects);
		await toNgffZarr(store, image, { overwrite: true });
		expect(await listKeys(store)).toHaveLength(report.objects);
		const array = await openZarr(store, "scale0/image");
		expect(array).toMatchObject({ shape: [8, 8, 8] });
		const { httpStore } = await import("../../src/lib/stores/http.ts");
		expect(await openZarr(httpStore(`${server.url}/images/a.ome.zarr`), "scale0/image")).toMatchObject({
			shape: [8, 8, 8],
		});
		const types = await fetch(`${server.url}/images/a.ome.zarr/zarr.json`, { method: "HEAD" });
		expect(types.headers.get("content-type")).toBe("application/json");
	});

	test("asks for names below a path with a delimiter, page by page", async () => {
		const server = await served();
		const values = Object.fromEntries(
			Array.from({ length: 50 }, (_, i) => [`a/${i >> 2}/${i & 3}`, Uint8Array.of(i)]),
		);
		const store = await filled(s3Store({ endpoint: server.url, bucket: "images" }, { pageSize: 5 }), values);
		server.requests.length = 0;
		expect(await childNames(store, "a")).toHaveLength(13);
		expect(server.requests).toHaveLength(3);
		for (const { url } of server.requests) expect(url).toContain("delimiter=%2F");
	});

	test("signs only with credentials", async () => {
		const server = await served();
		const location = { endpoint: server.url, bucket: "images", region: "eu-west-2" };
		await s3Store(location).get("/v");
		await s3Store({ ...location, credentials: { ...credentials, sessionToken: "t" } }).get("/v");
		expect(server.requests[0].headers.authorization).toBeUndefined();
		expect(server.requests[1].headers.authorization).toMatch(
			/^AWS4-HMAC-SHA256 Credential=reader\/\d{8}\/eu-west-2\/s3\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
		);
		expect(server.requests[1].headers["x-amz-security-token"]).toBe("t");
	});

	test("writes on condition", async () => {
		const store = direct(bucketEngine(memoryStore(), { name: "images" }));
		const { etag } = await store.set("/v", Uint8Array.of(1), { ifNoneMatch: "*" });
		await expect(store.set("/v", Uint8Array.of(2), { ifNoneMatch: "*" })).rejects.toMatchObject({
			code: "precondition-failed",
			where: "http://s3.test/images/v",
		});
		await store.set("/v", Uint8Array.of(3), { ifMatch: etag });
		await expect(store.set("/v", Uint8Array.of(4), { ifMatch: etag })).rejects.toMatchObject({
			code: "precondition-failed",
		});
		expect(await store.get("/v")).toEqual(Uint8Array.of(3));
	});

	test("says of a value what it is, large ones too", async () => {
		const engine = bucketEngine(memoryStore(), { name: "images" });
		const store = direct(engine, {}, { multipartAbove: 100 });
		const metadata = { instrument: "Lightsheet 7", "made-by": "a test" };
		await store.set("/own", Uint8Array.of(1), { contentType: "image/tiff", metadata });
		await store.set("/large", new Uint8Array(101), { metadata });
		await store.set("/zarr.json", Uint8Array.of(123, 125));
		await store.set("/c/0", Uint8Array.of(1));
		const said = async (key: string) => {
			const { headers } = await engine(new Request(`http://s3.test/images/${key}`, { method: "HEAD" }));
			const names = ["content-type", "x-amz-meta-instrument", "x-amz-meta-made-by"];
			return names.map((name) => headers.get(name));
		};
		expect(await said("own")).toEqual(["image/tiff", "Lightsheet 7", "a test"]);
		expect(await said("large")).toEqual(["application/octet-stream", "Lightsheet 7", "a test"]);
		expect(await said("zarr.json")).toEqual(["application/json", null, null]);
		expect(await said("c/0")).toEqual(["application/octet-stream", null, null]);
	});
});

describe("a service that is busy or gone", () => {
	test("503 SlowDown: asked again, later each time, as long as it wants", async () => {
		const random = [0, 0, 1, 1];
		const engine = bucketEngine(memoryStore(new Map([["/v", Uint8Array.of(7)]])), {
			name: "images",
			simulation: { slowDownRate: 0.5 },
			random: () => random.shift() ?? 1,
		});
		const pauses: number[] = [];
		const store = direct(engine, {}, { pause: async (milliseconds) => void pauses.push(milliseconds) });
		expect(await store.get("/v")).toEqual(Uint8Array.of(7));
		// The engine asks for a second.
		expect(pauses).toEqual([1000, 1000]);
		await store.set("/w", Uint8Array.of(1), { ifNoneMatch: "*" });
		expect(await store.get("/w")).toEqual(Uint8Array.of(1));
	});

	test("not for ever, and with growing pauses", async () => {
		const pauses: number[] = [];
		let asked = 0;
		const store = s3Store("s3://bucket", {
			fetch: async () => {
				asked++;
				return new Response("", { status: 500 });
			},
			pause: async (milliseconds) => void pauses.push(milliseconds),
			tries: 4,
		});
		await expect(store.get("/v")).rejects.toMatchObject({ code: "http-error" });
		expect(asked).toBe(4);
		for (const [i, pause] of pauses.entries()) {
			expect(pause).toBeGreaterThanOrEqual(100 * 2 ** i);
			expect(pause).toBeLessThanOrEqual(200 * 2 ** i);
		}
	});

	test("a write on condition is not repeated where it may have been done", async () => {
		let asked = 0;
		const failing = (answer: () => Promise<Response>) =>
			s3Store("s3://bucket", {
				fetch: async () => {
					asked++;
					return answer();
				},
				pause: async () => {},
			});
		const broken = failing(() => Promise.reject(new TypeError("reset")));
		await expect(broken.set("/v", Uint8Array.of(1), { ifNoneMatch: "*" })).rejects.toMatchObject({
			code: "http-unreachable",
		});
		expect(asked).toBe(1);
		const confused = failing(async () => new Response("", { status: 500 }));
		await expect(confused.set("/v", Uint8Array.of(1), { ifMatch: '"x"' })).rejects.toMatchObject({
			code: "http-error",
		});
		expect(asked).toBe(2);
		await expect(broken.set("/v", Uint8Array.of(1))).rejects.toMatchObject({ code: "http-unreachable" });
		expect(asked).toBe(7);
	});

	test("a pause ends when the reader leaves", async () => {
		const controller = new AbortController();
		const store = s3Store("s3://bucket", {
			fetch: async () => {
				controller.abort(new Error("left"));
				return new Response("", { status: 503, headers: { "Retry-After": "20" } });
			},
		});
		await expect(store.get("/v", { signal: controller.signal })).rejects.toThrow("left");
	});
});

describe("answers of S3 and its kin", () => {
	const answering = (status: number, body: string, headers: Record<string, string> = {}) =>
		s3Store(
			{ bucket: "images", credentials: undefined },
			{ fetch: async () => new Response(body, { status, headers }) },
		);
	const error = (code: string, message = "") =>
		`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

	test.each([
		[404, error("NoSuchKey")],
		[403, error("AccessDenied")],
		[403, ""],
		[404, "<html>not here</html>"],
	])("%d %s is an absent key", async (status, body) => {
		const store = answering(status, body);
		expect(await store.get("/v")).toBeUndefined();
		expect(await store.getRange("/v", { suffixLength: 4 })).toBeUndefined();
		expect(await store.size("/v")).toBeUndefined();
	});

	test.each([
		[404, error("NoSuchBucket"), "s3-no-bucket"],
		[403, error("SignatureDoesNotMatch", "Check your key."), "s3-denied"],
		[403, error("InvalidAccessKeyId"), "s3-denied"],
		[403, error("RequestTimeTooSkewed"), "s3-denied"],
		[400, error("AuthorizationHeaderMalformed"), "s3-wrong-region"],
		[301, error("PermanentRedirect"), "s3-wrong-region"],
		[400, error("InvalidArgument"), "s3-error"],
		[418, "", "http-error"],
	])("%d %s is an error", async (status, body, code) => {
		await expect(answering(status, body).get("/v")).rejects.toMatchObject({
			code,
			where: expect.any(String),
		});
	});

	test("a refused listing says what to do; a wrong region says which is right", async () => {
		await expect(answering(403, error("AccessDenied", "Access Denied")).list()).rejects.toMatchObject({
			code: "s3-denied",
			message: expect.stringContaining("Access Denied"),
			remedy: expect.stringContaining("open a path that you know"),
		});
		await expect(
			answering(301, error("PermanentRedirect"), { "x-amz-bucket-region": "eu-west-1" }).get("/v"),
		).rejects.toMatchObject({ remedy: 'Give { region: "eu-west-1" }.' });
	});

	test("a range that is another one than was asked for is refused; a whole in its place is cut", async () => {
		const value = Uint8Array.from({ length: 10 }, (_, i) => i);
		const wrong = s3Store("s3://bucket", {
			fetch: async () =>
				new Response(value.subarray(0, 3), { status: 206, headers: { "Content-Range": "bytes 0-2/10" } }),
		});
		await expect(wrong.getRange("/v", { offset: 4, length: 3 })).rejects.toMatchObject({
			code: "http-bad-range",
		});
		const whole = s3Store("s3://bucket", { fetch: async () => new Response(value) });
		expect(await whole.getRange("/v", { offset: 4, length: 3 })).toEqual(Uint8Array.of(4, 5, 6));
		const large = s3Store("s3://bucket", {
			fetch: async () => new Response("x", { headers: { "Content-Length": String(2 ** 33) } }),
		});
		await expect(large.getRange("/v", { suffixLength: 3 })).rejects.toMatchObject({ code: "http-no-ranges" });
	});

	test.each([
		"<html><body>welcome</body></html>",
		"<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>",
		"<ListBucketResult><Contents><Size>1</Size></Contents></ListBucketResult>",
		"<ListBucketResult><EncodingType>url</EncodingType><Contents><Key>%zz</Key></Contents></ListBucketResult>",
		"no xml",
		"",
	])("a listing that is none is refused: %s", async (body) => {
		await expect(answering(200, body).list()).rejects.toMatchObject({ code: "s3-bad-listing" });
	});

	test("a listing that goes round in circles ends", async () => {
		const page =
			"<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken></ListBucketResult>";
		await expect(answering(200, page).list()).rejects.toMatchObject({ code: "s3-bad-listing" });
	});

	test("names that are not encoded, and marks of folders", async () => {
		const body =
			'<s3:ListBucketResult xmlns:s3="x"><s3:Contents><s3:Key>a+b &amp; c</s3:Key></s3:Contents>' +
			"<s3:Contents><s3:Key>folder/</s3:Key></s3:Contents></s3:ListBucketResult>";
		expect(await answering(200, body).list()).toEqual(["a+b & c"]);
	});
});

describe("addresses", () => {
	test.each<[string | S3Location, string]>([
		[
			"s3://idr/zarr/6001240.zarr",
			"https://idr.s3.us-east-1.amazonaws.com/zarr/6001240.zarr/a%20b/%C2%B5%2B%28%29.json",
		],
		["s3://my.bucket", "https://s3.us-east-1.amazonaws.com/my.bucket/a%20b/%C2%B5%2B%28%29.json"],
		[
			{ bucket: "idr", endpoint: "https://uk1s3.example.org/base", prefix: "/zarr/" },
			"https://uk1s3.example.org/base/idr/zarr/a%20b/%C2%B5%2B%28%29.json",
		],
		[
			{ bucket: "idr", endpoint: "https://s3.example.org:9000", pathStyle: false },
			"https://idr.s3.example.org:9000/a%20b/%C2%B5%2B%28%29.json",
		],
		[
			{ bucket: "idr", region: "eu-west-2" },
			"https://idr.s3.eu-west-2.amazonaws.com/a%20b/%C2%B5%2B%28%29.json",
		],
		["gs://my_bucket/zarr", "https://storage.googleapis.com/my_bucket/zarr/a%20b/%C2%B5%2B%28%29.json"],
		["s3+http://localhost:9000/images/zarr", "http://localhost:9000/images/zarr/a%20b/%C2%B5%2B%28%29.json"],
	])("%j", (location, expected) => {
		expect(objectUrl(s3Address(location), "/a b/µ+().json")).toBe(expected);
	});

	test.each(["s3://", "https://bucket/x", "s3:/x", "s3://a/x", "s3://UP per/x", "s3+https://host"])(
		"%s is none",
		(location) => {
			expect(() => s3Store(location)).toThrow(expect.objectContaining({ code: "bad-address" }));
		},
	);

	test("an endpoint that is none, and a prefix that leads out", () => {
		expect(() => s3Store({ bucket: "images", endpoint: "minio" })).toThrow(
			expect.objectContaining({ code: "bad-address" }),
		);
		expect(() => s3Store({ bucket: "images", prefix: "a/../b" })).toThrow(
			expect.objectContaining({ code: "bad-key" }),
		);
	});
});

describe("XML", () => {
	test("elements, text, entities, comments, CDATA and namespaces", () => {
		const root = parseXml(
			`\ufeff<?xml version="1.0" encoding='UTF-8'?>\r\n<!-- a > b --><s:r xmlns:s="u" b='x > y'><a>1 &lt; 2 &#x1F9EC;&#181;</a><e/><c><![CDATA[<&>]]> d</c></s:r>\n`,
		);
		expect(root?.name).toBe("r");
		expect(root?.children.map(({ name, text }) => [name, text])).toEqual([
			["a", "1 < 2 🧬µ"],
			["e", ""],
			["c", "<&> d"],
		]);
		expect(root && childText(root, "none")).toBeUndefined();
	});

	test.each([
		"",
		"text",
		"<a>",
		"<a></b>",
		"</a>",
		"<a/><b/>",
		"<a>&unknown;</a>",
		"<a>&amp</a>",
		"<a>&#x110000;</a>",
		'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
		"<a b=c></a>",
		"<a>".repeat(100) + "</a>".repeat(100),
	])("is refused where it is not well formed: %s", (text) => {
		expect(parseXml(text)).toBeUndefined();
	});
});
