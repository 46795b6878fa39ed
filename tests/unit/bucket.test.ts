import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type BucketOptions, bucketEngine } from "../../src/lib/bucket/engine.ts";
import { compareUtf8, pageOf } from "../../src/lib/bucket/list-objects.ts";
import { type Clock, systemClock } from "../../src/lib/bucket/simulate.ts";
import { md5 } from "../../src/lib/md5.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import type { ReadableStore } from "../../src/lib/stores/store.ts";

/** A clock that stands still but for the sleeps that it is asked for. */
function stillClock(start = Date.UTC(2026, 0, 2, 3, 4, 5, 678)) {
	const slept: number[] = [];
	let time = start;
	const clock: Clock = {
		now: () => time,
		sleep: async (milliseconds) => {
			slept.push(milliseconds);
			time += milliseconds;
		},
	};
	const pass = (milliseconds: number) => {
		time += milliseconds;
	};
	return { clock, slept, pass };
}

function bucket(options: BucketOptions = {}, store: ReadableStore = memoryStore()) {
	const still = stillClock();
	const engine = bucketEngine(store, { name: "images", clock: still.clock, ...options });
	const ask = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
		engine(new Request(`http://bucket.test${path}`, { method, headers, body }));
	return { ask, ...still };
}

const body = "0123456789";
const etag = `"${createHash("md5").update(body).digest("hex")}"`;
const later = "Fri, 02 Jan 2026 03:04:06 GMT";
const same = "Fri, 02 Jan 2026 03:04:05 GMT";
const earlier = "Fri, 02 Jan 2026 03:04:04 GMT";

async function withObject(options: BucketOptions = {}) {
	const made = bucket(options);
	await made.ask(
		"PUT",
		"/images/a/zarr.json",
		{ "Content-Type": "application/json", "x-amz-meta-Stain": "DAPI" },
		body,
	);
	return made;
}

async function failure(response: Response) {
	const text = await response.text();
	expect(response.headers.get("content-type")).toBe("application/xml");
	expect(text).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>/);
	return {
		status: response.status,
		code: /<Code>(.*?)<\/Code>/.exec(text)?.[1],
		details: text,
	};
}

describe("objects of a bucket", () => {
	test("are put, read, described and deleted, with what was said of them", async () => {
		const { ask } = bucket();
		const put = await ask("PUT", "/images/a%20b/%C2%B5+.json", { "x-amz-meta-stain": "DAPI" }, body);
		expect(put.status).toBe(200);
		expect(put.headers.get("etag")).toBe(etag);
		const get = await ask("GET", "/images/a%20b/%C2%B5+.json");
		expect(get.status).toBe(200);
		expect(Object.fromEntries(get.headers)).toMatchObject({
			etag,
			"accept-ranges": "bytes",
			"content-length": "10",
			"last-modified": same,
			"x-amz-meta-stain": "DAPI",
			"access-control-allow-origin": "*",
			"access-control-expose-headers": expect.stringContaining("x-amz-meta-stain"),
		});
		expect(await get.text()).toBe(body);
		const head = await ask("HEAD", "/images/a%20b/%C2%B5+.json");
		expect(head.headers.get("content-length")).toBe("10");
		expect(await head.text()).toBe("");
		expect((await ask("DELETE", "/images/a%20b/%C2%B5+.json")).status).toBe(204);
		expect((await ask("DELETE", "/images/a%20b/%C2%B5+.json")).status).toBe(204);
		expect((await ask("GET", "/images/a%20b/%C2%B5+.json")).status).toBe(404);
	});

	test("keep their type, or have S3's", async () => {
		const { ask } = await withObject();
		expect((await ask("GET", "/images/a/zarr.json")).headers.get("content-type")).toBe("application/json");
		const store = memoryStore(new Map([["/old", Uint8Array.of(1, 2)]]));
		const old = bucket({}, store);
		const got = await old.ask("GET", "/images/old");
		expect(got.headers.get("content-type")).toBe("binary/octet-stream");
		expect(got.headers.get("etag")).toBe(`"${md5(Uint8Array.of(1, 2))}"`);
		// A value that the store got behind the bucket's back.
		await store.set("/old", Uint8Array.of(3));
		expect((await old.ask("HEAD", "/images/old")).headers.get("etag")).toBe(`"${md5(Uint8Array.of(3))}"`);
	});

	test("that are absent, elsewhere, or no keys, are answered in XML as S3 does", async () => {
		const { ask } = bucket();
		const missing = await failure(await ask("GET", "/images/no<key>&"));
		expect(missing).toMatchObject({ status: 404, code: "NoSuchKey" });
		expect(missing.details).toContain("<Key>no&lt;key&gt;&amp;</Key>");
		expect(await failure(await ask("GET", "/others/x"))).toMatchObject({ status: 404, code: "NoSuchBucket" });
		expect(await failure(await ask("GET", "/"))).toMatchObject({ status: 405, code: "MethodNotAllowed" });
		expect(await failure(await ask("GET", "/images/%zz"))).toMatchObject({ code: "InvalidArgument" });
		expect(await failure(await ask("PUT", "/images/a//b", {}, "x"))).toMatchObject({
			status: 400,
			code: "InvalidArgument",
		});
		expect(await failure(await ask("GET", "/images/a//b"))).toMatchObject({ code: "NoSuchKey" });
		expect(await failure(await ask("PUT", `/images/${"k".repeat(1025)}`, {}, "x"))).toMatchObject({
			code: "KeyTooLongError",
		});
		expect(await failure(await ask("PUT", "/images/a?acl", {}, ""))).toMatchObject({
			status: 501,
			code: "NotImplemented",
		});
		expect(await failure(await ask("PUT", "/images"))).toMatchObject({ code: "BucketAlreadyOwnedByYou" });
		const head = await ask("HEAD", "/images/none");
		expect([head.status, await head.text()]).toEqual([404, ""]);
		expect((await ask("HEAD", "/images")).status).toBe(200);
	});

	test("under a base path", async () => {
		const { ask } = bucket({ base: "course/b/" });
		expect((await ask("PUT", "/course/b/images/x", {}, body)).status).toBe(200);
		expect(await (await ask("GET", "/course/b/images/x")).text()).toBe(body);
		expect((await ask("GET", "/images/x")).status).toBe(405);
	});

	test("cannot be written where the store cannot", async () => {
		const { ask } = bucket({}, { get: async () => undefined });
		expect(await failure(await ask("PUT", "/images/x", {}, body))).toMatchObject({
			status: 405,
			code: "MethodNotAllowed",
		});
	});

	test("with a wrong Content-MD5, or in signed pieces, are refused and not kept", async () => {
		const { ask } = bucket();
		const digest = createHash("md5").update(body).digest("base64");
		expect((await ask("PUT", "/images/x", { "Content-MD5": digest }, body)).status).toBe(200);
		expect(await failure(await ask("PUT", "/images/y", { "Content-MD5": digest }, "other"))).toMatchObject({
			code: "BadDigest",
		});
		expect(
			await failure(
				await ask("PUT", "/images/y", { "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" }, "x"),
			),
		).toMatchObject({ code: "NotImplemented" });
		expect((await ask("HEAD", "/images/y")).status).toBe(404);
	});

	test("a store that fails is an internal error that says why", async () => {
		const { ask } = bucket({}, { get: () => Promise.reject(new Error("disk <gone>")) });
		expect(await failure(await ask("GET", "/images/x"))).toMatchObject({
			status: 500,
			code: "InternalError",
			details: expect.stringContaining("disk &lt;gone&gt;"),
		});
	});
});

describe("ranges", () => {
	test.each([
		["bytes=0-3", "0123", "bytes 0-3/10"],
		["bytes=8-", "89", "bytes 8-9/10"],
		["bytes=8-99", "89", "bytes 8-9/10"],
		["bytes=-3", "789", "bytes 7-9/10"],
		["bytes=-99", body, "bytes 0-9/10"],
	])("%s", async (range, expected, contentRange) => {
		const { ask } = await withObject();
		const response = await ask("GET", "/images/a/zarr.json", { Range: range });
		expect(response.status).toBe(206);
		expect(response.headers.get("content-range")).toBe(contentRange);
		expect(response.headers.get("content-length")).toBe(String(expected.length));
		expect(await response.text()).toBe(expected);
		const head = await ask("HEAD", "/images/a/zarr.json", { Range: range });
		expect(head.headers.get("content-length")).toBe(String(expected.length));
	});

	test.each(["bytes=10-", "bytes=99-100", "bytes=-0"])("%s is outside: 416", async (range) => {
		const { ask } = await withObject();
		const response = await ask("GET", "/images/a/zarr.json", { Range: range });
		expect(response.headers.get("content-range")).toBe("bytes */10");
		expect(await failure(response)).toMatchObject({
			status: 416,
			code: "InvalidRange",
			details: expect.stringContaining("<ActualObjectSize>10</ActualObjectSize>"),
		});
	});

	test.each(["bytes=0-1,4-5", "bytes=5-3", "lines=1-2", "bytes=-"])("%s gives the whole", async (range) => {
		const { ask } = await withObject();
		const response = await ask("GET", "/images/a/zarr.json", { Range: range });
		expect([response.status, await response.text()]).toEqual([200, body]);
	});

	test("of another version give the whole (If-Range)", async () => {
		const { ask } = await withObject();
		const range = { Range: "bytes=0-3" };
		const status = async (ifRange: string) =>
			(await ask("GET", "/images/a/zarr.json", { ...range, "If-Range": ifRange })).status;
		expect(await status(etag)).toBe(206);
		expect(await status('"other"')).toBe(200);
		expect(await status(same)).toBe(206);
		expect(await status(earlier)).toBe(200);
	});

	test("read only their part of the store", async () => {
		const asked: unknown[] = [];
		const store: ReadableStore = {
			get: async () => {
				throw new Error("the whole was read");
			},
			size: async () => 10,
			getRange: async (_, range) => {
				asked.push(range);
				return new Uint8Array(4);
			},
		};
		const records = memoryStore();
		await records.set(
			"/objects/v",
			new TextEncoder().encode(
				JSON.stringify({ current: { etag: "x", modified: 0, size: 10, headers: {} }, older: [] }),
			),
		);
		const { ask } = bucket({ records }, store);
		expect((await ask("GET", "/images/v", { Range: "bytes=2-5" })).status).toBe(206);
		expect(asked).toEqual([{ offset: 2, length: 4 }]);
	});
});

describe("conditions", () => {
	test.each<[Record<string, string>, number]>([
		[{ "If-None-Match": etag }, 304],
		[{ "If-None-Match": `"other", W/${etag}` }, 304],
		[{ "If-None-Match": "*" }, 304],
		[{ "If-None-Match": '"other"' }, 200],
		[{ "If-Match": etag }, 200],
		[{ "If-Match": "*" }, 200],
		[{ "If-Match": '"other"' }, 412],
		[{ "If-Modified-Since": earlier }, 200],
		[{ "If-Modified-Since": same }, 304],
		[{ "If-Modified-Since": later }, 304],
		[{ "If-Modified-Since": "yesterday" }, 200],
		[{ "If-Unmodified-Since": earlier }, 412],
		[{ "If-Unmodified-Since": same }, 200],
		// RFC 9110 section 13.2.2: entity tags go before dates.
		[{ "If-None-Match": '"other"', "If-Modified-Since": later }, 200],
		[{ "If-Match": etag, "If-Unmodified-Since": earlier }, 200],
	])("reading with %j: %d", async (headers, status) => {
		const { ask } = await withObject();
		for (const method of ["GET", "HEAD"]) {
			const response = await ask(method, "/images/a/zarr.json", headers);
			expect(response.status, method).toBe(status);
			if (status === 304) {
				expect(response.headers.get("etag")).toBe(etag);
				expect(await response.text()).toBe("");
			}
		}
	});

	test("writing only where there is none, or only over a version", async () => {
		const { ask } = await withObject();
		const put = (headers: Record<string, string>, path = "/images/a/zarr.json") =>
			ask("PUT", path, headers, "new");
		expect(await failure(await put({ "If-None-Match": "*" }))).toMatchObject({
			status: 412,
			code: "PreconditionFailed",
			details: expect.stringContaining("<Condition>If-None-Match</Condition>"),
		});
		expect(await failure(await put({ "If-Match": '"other"' }))).toMatchObject({ status: 412 });
		expect(await failure(await put({ "If-Match": etag }, "/images/none"))).toMatchObject({
			code: "NoSuchKey",
		});
		expect(await failure(await put({ "If-None-Match": etag }))).toMatchObject({ code: "NotImplemented" });
		expect(await (await ask("GET", "/images/a/zarr.json")).text()).toBe(body);
		expect((await put({ "If-Match": etag })).status).toBe(200);
		expect((await put({ "If-None-Match": "*" }, "/images/fresh")).status).toBe(200);
		expect((await ask("DELETE", "/images/fresh", { "If-Match": etag })).status).toBe(412);
		expect((await ask("HEAD", "/images/fresh")).status).toBe(200);
	});

	test("of many writers at once, one wins", async () => {
		const { ask } = bucket();
		const answers = await Promise.all(
			Array.from({ length: 10 }, (_, i) => ask("PUT", "/images/lock", { "If-None-Match": "*" }, String(i))),
		);
		const won = answers.flatMap((answer, i) => (answer.status === 200 ? [i] : []));
		expect(won).toHaveLength(1);
		expect(await (await ask("GET", "/images/lock")).text()).toBe(String(won[0]));
	});
});

describe("copying", () => {
	const source = { "x-amz-copy-source": "/images/a/zarr.json" };

	test("an object with what was said of it, or with something else", async () => {
		const { ask, pass } = await withObject();
		pass(5000);
		const copied = await ask("PUT", "/images/b", source);
		expect(await copied.text()).toBe(
			'<?xml version="1.0" encoding="UTF-8"?>\n<CopyObjectResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
				`<LastModified>2026-01-02T03:04:10.678Z</LastModified><ETag>${etag.replaceAll('"', "&quot;")}</ETag></CopyObjectResult>`,
		);
		const got = await ask("GET", "/images/b");
		expect(got.headers.get("x-amz-meta-stain")).toBe("DAPI");
		expect(await got.text()).toBe(body);
		await ask("PUT", "/images/c", {
			...source,
			"x-amz-metadata-directive": "REPLACE",
			"x-amz-meta-stain": "GFP",
		});
		const replaced = await ask("HEAD", "/images/c");
		expect(replaced.headers.get("x-amz-meta-stain")).toBe("GFP");
		expect(replaced.headers.get("content-type")).toBe("binary/octet-stream");
	});

	test("is refused where it makes no sense", async () => {
		const { ask } = await withObject();
		const fails = async (headers: Record<string, string>, path = "/images/b") =>
			(await failure(await ask("PUT", path, headers))).code;
		expect(await fails(source, "/images/a/zarr.json")).toBe("InvalidRequest");
		expect(await fails({ "x-amz-copy-source": "images/none" })).toBe("NoSuchKey");
		expect(await fails({ "x-amz-copy-source": "others/a" })).toBe("NoSuchBucket");
		expect(await fails({ "x-amz-copy-source": "images" })).toBe("InvalidArgument");
		expect(await fails({ "x-amz-copy-source": "images/%zz" })).toBe("InvalidArgument");
		expect(await fails({ ...source, "x-amz-copy-source-if-match": '"other"' })).toBe("PreconditionFailed");
		expect(await fails({ ...source, "x-amz-copy-source-if-none-match": etag })).toBe("PreconditionFailed");
		expect(
			(await ask("PUT", "/images/a/zarr.json", { ...source, "x-amz-metadata-directive": "REPLACE" })).status,
		).toBe(200);
	});
});

describe("listing (ListObjectsV2)", () => {
	const keys = ["a/c/0", "a/c/1", "a/zarr.json", "ab", "b c+d.json", "zarr.json"];
	async function listed(query: string, names = keys) {
		const { ask } = bucket({}, memoryStore(new Map(names.map((key) => [`/${key}`, Uint8Array.of(1)]))));
		return (await ask("GET", `/images?list-type=2${query}`)).text();
	}
	const all = (text: string, name: string) =>
		[...text.matchAll(new RegExp(`<${name}>(.*?)</${name}>`, "g"))].map((match) => match[1]);

	test("as S3 writes it", async () => {
		expect(await listed("&prefix=a%2F&delimiter=%2F")).toBe(
			'<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">' +
				"<Name>images</Name><Prefix>a/</Prefix><Delimiter>/</Delimiter><MaxKeys>1000</MaxKeys><KeyCount>2</KeyCount>" +
				"<IsTruncated>false</IsTruncated><Contents><Key>a/zarr.json</Key><LastModified>2026-01-02T03:04:05.678Z</LastModified>" +
				`<ETag>&quot;${md5(Uint8Array.of(1))}&quot;</ETag><Size>1</Size><StorageClass>STANDARD</StorageClass></Contents>` +
				"<CommonPrefixes><Prefix>a/c/</Prefix></CommonPrefixes></ListBucketResult>",
		);
	});

	test("by prefix, from a key on, encoded", async () => {
		expect(all(await listed(""), "Key")).toEqual(keys);
		expect(all(await listed("&prefix=a"), "Key")).toEqual(keys.slice(0, 4));
		expect(all(await listed("&start-after=a/c/1"), "Key")).toEqual(keys.slice(2));
		expect(all(await listed("&prefix=b&encoding-type=url"), "Key")).toEqual(["b+c%2Bd.json"]);
		expect(all(await listed("&prefix=none"), "KeyCount")).toEqual(["0"]);
		expect(all(await listed("&max-keys=0"), "IsTruncated")).toEqual(["false"]);
		expect(await listed("", ["a<&>"])).toContain("<Key>a&lt;&amp;&gt;</Key>");
	});

	test.each([1, 2, 3, 5, 6, 100])("in pages of %d, with and without delimiter", async (size) => {
		for (const delimiter of ["", "&delimiter=/"]) {
			const found: string[] = [];
			let token = "";
			for (let page = 0; page < 20; page++) {
				const text = await listed(`&max-keys=${size}${delimiter}${token}`);
				const names = [...all(text, "Key"), ...all(text.replace(/<Prefix><\/Prefix>/, ""), "Prefix")];
				expect(names.length).toBeLessThanOrEqual(size);
				expect(all(text, "KeyCount")).toEqual([String(names.length)]);
				found.push(...names);
				const next = all(text, "NextContinuationToken")[0];
				expect(all(text, "IsTruncated")).toEqual([String(next !== undefined)]);
				if (next === undefined) break;
				token = `&continuation-token=${encodeURIComponent(next)}`;
			}
			expect(found.sort()).toEqual(delimiter === "" ? keys : ["a/", "ab", "b c+d.json", "zarr.json"]);
		}
	});

	test("refuses what it cannot understand", async () => {
		for (const query of ["&max-keys=-1", "&max-keys=many", "&continuation-token=x", "&encoding-type=base64"])
			expect(await listed(query)).toContain("<Code>InvalidArgument</Code>");
		const blind = bucket({}, { get: async () => undefined });
		expect(await failure(await blind.ask("GET", "/images?list-type=2"))).toMatchObject({
			code: "NotImplemented",
		});
	});

	test("in the order of UTF-8 bytes", () => {
		const names = ["\u{1f9ec}", "\uff5e", "z", "é", "a/b", "a", "a0", "Z"];
		const expected = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
		expect([...names].sort(compareUtf8)).toEqual(expected);
		expect(pageOf(["a/1", "a/2", "b"], "", "/", 1).next).toEqual({ kind: "prefix", name: "a/" });
	});
});

describe("the weather", () => {
	test("latency and bandwidth, by the clock that is given", async () => {
		const simulation = { latency: 50, bandwidth: 1000 };
		const { ask, slept } = bucket({ simulation });
		await ask("PUT", "/images/v", {}, "x".repeat(500));
		expect(slept).toEqual([50, 500]);
		const answer = await ask("GET", "/images/v", { Range: "bytes=0-119" });
		// The answer begins at once; its body comes in pieces of 50 ms, and no faster than it is read.
		expect(slept.slice(2)).toEqual([50]);
		const reader = (answer.body as ReadableStream<Uint8Array>).getReader();
		const lengths: number[] = [];
		for (;;) {
			const { value, done } = await reader.read();
			if (done) break;
			lengths.push(value.byteLength);
			expect(slept.slice(3)).toHaveLength(lengths.length);
		}
		expect(lengths).toEqual([50, 50, 20]);
		expect(slept.slice(3)).toEqual([50, 50, 20]);
		await ask("HEAD", "/images/v");
		expect(slept.slice(6)).toEqual([50]);
		simulation.latency = 0;
		await ask("HEAD", "/images/v");
		expect(slept).toHaveLength(7);
	});

	test("requests under way at the same time share the line", async () => {
		const waits: number[] = [];
		// Nobody's wait ends before all have begun.
		const clock: Clock = { now: () => 0, sleep: async (milliseconds) => void waits.push(milliseconds) };
		const { ask } = bucket({ simulation: { bandwidth: 1000 }, clock });
		await Promise.all([
			ask("PUT", "/images/a", {}, "x".repeat(100)),
			ask("PUT", "/images/b", {}, "x".repeat(200)),
		]);
		expect(waits).toEqual([100, 300]);
	});

	test("is set and told by URL, whatever the weather, and remembered by the next engine", async () => {
		const records = memoryStore();
		const { ask } = bucket({ records });
		const weather = { failureRate: 1, seed: 7 };
		expect((await ask("PUT", "/images?simulation", {}, JSON.stringify(weather))).status).toBe(200);
		expect((await ask("GET", "/images/x")).status).toBe(500);
		const next = bucket({ records });
		expect((await next.ask("GET", "/images/x")).status).toBe(500);
		expect(await (await next.ask("GET", "/images?simulation")).json()).toEqual(weather);
		expect((await next.ask("PUT", "/images?simulation", {}, "{}")).status).toBe(200);
		expect((await next.ask("GET", "/images/x")).status).toBe(404);
		for (const wrong of ["", "[]x", '{"latency":-1}', '{"rain":1}', '{"latency":"much"}', "null"]) {
			expect(await failure(await next.ask("PUT", "/images?simulation", {}, wrong))).toMatchObject({
				code: "InvalidArgument",
			});
		}
	});

	test("with a seed, the same requests fail alike", async () => {
		const outcomes = async (seed: number) => {
			const { ask } = bucket({ simulation: { failureRate: 0.3, slowDownRate: 0.3, seed } });
			const statuses: number[] = [];
			for (let i = 0; i < 30; i++) statuses.push((await ask("HEAD", "/images")).status);
			return statuses;
		};
		const first = await outcomes(1);
		expect(await outcomes(1)).toEqual(first);
		expect(await outcomes(2)).not.toEqual(first);
		expect(new Set(first)).toEqual(new Set([200, 500, 503]));
	});

	test("failures and slow-downs, by the random numbers that are given", async () => {
		const numbers = [0.05, 0.9, 0.5, 0.15, 0.9, 0.9];
		const { ask } = bucket({
			simulation: { slowDownRate: 0.1, failureRate: 0.2 },
			random: () => numbers.shift() as number,
		});
		const busy = await ask("GET", "/images?list-type=2");
		expect(busy.headers.get("retry-after")).toBe("1");
		expect(await failure(busy)).toMatchObject({ status: 503, code: "SlowDown" });
		expect(await failure(await ask("GET", "/images?list-type=2"))).toMatchObject({
			status: 500,
			code: "InternalError",
		});
		expect((await ask("GET", "/images?list-type=2")).status).toBe(200);
		expect(numbers).toEqual([]);
	});

	test("too many requests in one second", async () => {
		const { ask, pass } = bucket({ simulation: { requestsPerSecond: 2 } });
		const statuses = async () => [
			(await ask("HEAD", "/images")).status,
			(await ask("HEAD", "/images")).status,
			(await ask("HEAD", "/images")).status,
		];
		expect(await statuses()).toEqual([200, 200, 503]);
		pass(1000);
		expect(await statuses()).toEqual([200, 200, 503]);
	});

	test("a reader who leaves is not kept waiting", async () => {
		const engine = bucketEngine(memoryStore(), { simulation: { latency: 1e6 }, clock: systemClock });
		const controller = new AbortController();
		const waiting = engine(new Request("http://bucket.test/bucket/x", { signal: controller.signal }));
		controller.abort(new Error("left"));
		await expect(waiting).rejects.toThrow("left");
	});
});

describe("other origins", () => {
	test("may ask before they write, and read errors too", async () => {
		const { ask } = bucket({ simulation: { slowDownRate: 1 }, random: () => 0 });
		const preflight = await ask("OPTIONS", "/images/x", {
			Origin: "https://viewer.test",
			"Access-Control-Request-Method": "PUT",
			"Access-Control-Request-Headers": "range,x-amz-meta-stain",
		});
		expect(preflight.status).toBe(200);
		expect(preflight.headers.get("access-control-allow-methods")).toContain("PUT");
		expect(preflight.headers.get("access-control-allow-headers")).toBe("range,x-amz-meta-stain");
		expect((await ask("GET", "/images/x")).headers.get("access-control-allow-origin")).toBe("*");
	});
});

test("MD5 is MD5", () => {
	for (const length of [0, 1, 3, 55, 56, 57, 63, 64, 65, 119, 120, 128, 10_000]) {
		const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + length) & 255);
		expect(md5(bytes.subarray(0)), String(length)).toBe(createHash("md5").update(bytes).digest("hex"));
		const view = new Uint8Array([9, ...bytes]).subarray(1);
		expect(md5(view)).toBe(md5(bytes));
	}
});
