import { expect, type Lesson, test } from "./site.ts";

/** Runs a cell of these lines in the lesson's first cell and gives what it shows last. */
async function cell(lesson: Lesson, lines: string[]) {
	await lesson.write("download", lines.join("\n"));
	await lesson.run("download", 60_000);
	return lesson.output("download");
}

const writeAndRead = [
	'import * as chunkwise from "chunkwise";',
	'import * as zarr from "zarrita";',
	'const bucket = await chunkwise.startBucket("images", { empty: true });',
	"const url = bucket.url;",
	'const put = await fetch(url + "/notes/a b.txt", { method: "PUT", body: "hello bucket" });',
	'const part = await fetch(url + "/notes/a%20b.txt", { headers: { Range: "bytes=6-11" } });',
	"const data = Uint16Array.from({ length: 512 }, (_, i) => i);",
	"const image = await chunkwise.toMultiscale(chunkwise.toSpatialImage({ data, shape: [8, 8, 8] }), [2], { chunks: 4 });",
	'await chunkwise.toNgffZarr(bucket.store("a.ome.zarr"), image, { overwrite: true });',
	'const store = new zarr.FetchStore(url + "/a.ome.zarr");',
	'const array = await zarr.open.v3(zarr.root(store).resolve("scale0/image"), { kind: "array" });',
	"const { data: read } = await zarr.get(array);",
	"const same = read.every((value, i) => value === data[i]);",
	'const gone = await fetch(url + "/none");',
	"JSON.stringify([bucket.servedBy, put.status, part.status, await part.text(), same, gone.status])",
];

test("a cell starts a bucket on the first visit, writes by URL, and zarrita reads it by URL", async ({
	lesson,
}) => {
	await lesson.open({ prefer: "phantom" });
	expect(
		await lesson.page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length),
	).toBe(0);
	const output = await cell(lesson, writeAndRead);
	await expect(output).toContainText('["service worker",200,206,"bucket",true,404]');
	// What the bucket answers is no browser's cache, whatever its timings say.
	const requests = lesson.cell("download").locator("[data-part=requests] > summary");
	await expect(requests).toContainText(/read \d+ keys/);
	await lesson.page.waitForTimeout(500);
	await expect(requests).not.toContainText("from cache");
	// The page itself, and whatever it shows, reach the same objects.
	const seen = await lesson.page.evaluate(async () => {
		const response = await fetch("/bucket/images/notes/a%20b.txt");
		return [response.status, response.headers.get("accept-ranges"), await response.text()];
	});
	expect(seen).toEqual([200, "bytes", "hello bucket"]);
	// A reload, a new kernel, and nothing of it is gone.
	await lesson.page.reload();
	const again = await cell(lesson, [
		'import { startBucket, opfsStore } from "chunkwise";',
		'const bucket = await startBucket("images");',
		'const text = await (await fetch(bucket + "/notes/a%20b.txt")).text();',
		"const keys = await bucket.store().list();",
		'const files = await (await opfsStore("chunkwise-bucket/images")).list();',
		"JSON.stringify([text, keys.length > 10, keys.length === files.length])",
	]);
	await expect(again).toContainText('["hello bucket",true,true]');
});

test("a bucket outlives its service worker being stopped, with versions, uploads and weather", async ({
	lesson,
	page,
	context,
}) => {
	await lesson.open({ prefer: "phantom" });
	await cell(lesson, [
		'import { startBucket } from "chunkwise";',
		'const bucket = await startBucket("images", { empty: true, versioning: true, simulation: { latency: 1, seed: 3 } });',
		'await fetch(bucket + "/v", { method: "PUT", body: "one" });',
		'await fetch(bucket + "/v", { method: "PUT", body: "two" });',
		"bucket.servedBy",
	]);
	await expect(lesson.output("download")).toContainText("service worker");
	const begun = await page.evaluate(async () => {
		const id = /<UploadId>(.*?)</.exec(
			await (await fetch("/bucket/images/big?uploads", { method: "POST" })).text(),
		)?.[1];
		const part = await fetch(`/bucket/images/big?partNumber=1&uploadId=${id}`, {
			method: "PUT",
			body: "part",
		});
		return { id, etag: part.headers.get("etag") };
	});
	const client = await context.newCDPSession(page);
	await client.send("ServiceWorker.enable");
	await client.send("ServiceWorker.stopAllWorkers");
	const after = await page.evaluate(async ({ id, etag }) => {
		const list = await (await fetch("/bucket/images?versions")).text();
		const simulation = await (await fetch("/bucket/images?simulation")).json();
		const done = await fetch(`/bucket/images/big?uploadId=${id}`, {
			method: "POST",
			body: `<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>${etag}</ETag></Part></CompleteMultipartUpload>`,
		});
		const versions = [...list.matchAll(/<VersionId>(.*?)</g)].map((match) => match[1]);
		const older = await (await fetch(`/bucket/images/v?versionId=${versions[1]}`)).text();
		return [
			versions.length,
			older,
			simulation,
			done.status,
			await (await fetch("/bucket/images/big")).text(),
		];
	}, begun);
	expect(after).toEqual([2, "one", { latency: 1, seed: 3 }, 200, "part"]);
});

test("where there is no service worker, the kernel answers itself, and says why", async ({
	lesson,
	page,
}) => {
	await page.addInitScript(() => {
		// As in a private window of some browsers.
		Object.defineProperty(navigator, "serviceWorker", {
			get() {
				throw new DOMException("The operation is insecure.", "SecurityError");
			},
		});
	});
	await lesson.open({ prefer: "phantom" });
	const output = await cell(lesson, [
		...writeAndRead.slice(0, -1),
		"JSON.stringify([bucket.servedBy, bucket.why, put.status, part.status, await part.text(), same, gone.status])",
	]);
	await expect(output).toContainText(
		'["here","the service worker could not be started (The operation is insecure.).",200,206,"bucket",true,404]',
	);
});

test("a body comes at the rate of the line, from its first bytes on", async ({ lesson, page }) => {
	await lesson.open({ prefer: "phantom" });
	await cell(lesson, [
		'import { startBucket } from "chunkwise";',
		'const bucket = await startBucket("slow", { empty: true });',
		'await fetch(bucket + "/v", { method: "PUT", body: new Uint8Array(100_000) });',
		"await bucket.simulate({ bandwidth: 400_000 });",
		"bucket.name",
	]);
	const pieces = await page.evaluate(async () => {
		const response = await fetch("/bucket/slow/v");
		const reader = (response.body as ReadableStream<Uint8Array>).getReader();
		let count = 0;
		let bytes = 0;
		for (;;) {
			const { value, done } = await reader.read();
			if (done) return [response.headers.get("content-length"), count > 1, bytes];
			count++;
			bytes += value.byteLength;
		}
	});
	expect(pieces).toEqual(["100000", true, 100_000]);
});
