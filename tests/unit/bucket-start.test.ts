import { describe, expect, test } from "vitest";
import { bucketHome } from "../../src/lib/bucket/home.ts";
import { memoryPlaces } from "../../src/lib/bucket/places.ts";
import { startBucket } from "../../src/lib/bucket/start.ts";

describe("a bucket that a cell or a program starts", () => {
	test("answers to fetch at its address, keeps what it has, and begins anew where asked", async () => {
		const bucket = await startBucket("images");
		expect(bucket).toMatchObject({ servedBy: "here", why: expect.stringContaining("no page") });
		expect((await fetch(`${bucket}/a`, { method: "PUT", body: "text" })).status).toBe(200);
		expect(await (await fetch(new URL(`${bucket.url}/a`))).text()).toBe("text");
		expect(await (await startBucket("images")).store().list()).toEqual(["a"]);
		expect(await (await startBucket("others")).store().list()).toEqual([]);
		expect(await (await startBucket("images", { empty: true })).store().list()).toEqual([]);
	});

	test("has versions and weather as it is told", async () => {
		const bucket = await startBucket("weather", { versioning: true, simulation: { failureRate: 1 } });
		expect((await fetch(`${bucket}/a`)).status).toBe(500);
		await bucket.simulate({});
		const put = await fetch(`${bucket}/a`, { method: "PUT", body: "text" });
		expect(put.headers.get("x-amz-version-id")).toMatch(/./);
		expect(await bucket.store().versions()).toHaveLength(1);
		await expect(bucket.simulate({ latency: -1 })).rejects.toMatchObject({ code: "bucket-refused" });
	});

	test("has a name that a bucket can have", async () => {
		await expect(startBucket("No")).rejects.toMatchObject({
			code: "bucket-refused",
			remedy: expect.any(String),
		});
	});
});

describe("many buckets behind one address", () => {
	test("are made, listed and removed", async () => {
		const home = bucketHome(memoryPlaces(), { base: "/course/bucket" });
		const ask = (method: string, path: string, headers = {}) =>
			home(new Request(`http://site.test/course/bucket/${path}`, { method, headers }));
		expect((await ask("PUT", "one")).status).toBe(200);
		expect((await ask("PUT", "two")).status).toBe(200);
		expect((await ask("PUT", "one")).status).toBe(409);
		expect((await ask("PUT", "Under_score")).status).toBe(400);
		expect((await ask("PUT", "one/key")).status).toBe(200);
		expect((await ask("GET", "two/key")).status).toBe(404);
		const names = async () =>
			[...(await (await ask("GET", "")).text()).matchAll(/<Name>(.*?)</g)].map((match) => match[1]);
		expect(await names()).toEqual(["one", "two"]);
		expect((await ask("DELETE", "one")).status).toBe(409);
		expect((await ask("DELETE", "two")).status).toBe(204);
		expect((await ask("DELETE", "one", { "x-minio-force-delete": "true" })).status).toBe(204);
		expect(await names()).toEqual([]);
		expect((await ask("GET", "one/key")).status).toBe(404);
		expect((await ask("POST", "")).status).toBe(405);
	});
});
