import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type BucketOptions, bucketEngine } from "../../src/lib/bucket/engine.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { childText, parseXml, type XmlElement } from "../../src/lib/stores/s3-xml.ts";

function bucket(options: BucketOptions = {}) {
	const store = memoryStore();
	const records = memoryStore();
	const engine = bucketEngine(store, { name: "images", records, ...options });
	const ask = (
		method: string,
		path: string,
		headers: Record<string, string> = {},
		body?: string | Uint8Array<ArrayBuffer>,
	) => engine(new Request(`http://bucket.test/images${path}`, { method, headers, body }));
	const xml = async (method: string, path: string, body?: string) => {
		const response = await ask(method, path, path === "?delete" ? md5Of(body) : {}, body);
		return parseXml(await response.text()) as XmlElement;
	};
	return { ask, xml, store, records };
}

const enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
const suspended = enabled.replace("Enabled", "Suspended");
const md5Of = (body = "") => ({ "Content-MD5": createHash("md5").update(body).digest("base64") });
const digest = (text: string | Uint8Array) => createHash("md5").update(text).digest("hex");

async function withVersions() {
	const made = bucket();
	expect((await made.ask("PUT", "?versioning", {}, enabled)).status).toBe(200);
	const ids: string[] = [];
	for (const text of ["one", "two", "three"]) {
		const put = await made.ask("PUT", "/v", { "x-amz-meta-n": text }, text);
		ids.push(put.headers.get("x-amz-version-id") as string);
	}
	return { ...made, ids };
}

async function codeOf(response: Response): Promise<string | undefined> {
	const root = parseXml(await response.text());
	return root && childText(root, "Code");
}

/** [key, version, latest, what] of each entry. */
async function versionsOf(xml: (method: string, path: string) => Promise<XmlElement>, query = "") {
	const root = await xml("GET", `?versions${query}`);
	const entries = root.children.filter(({ name }) => name === "Version" || name === "DeleteMarker");
	return entries.map((entry) => [
		childText(entry, "Key"),
		childText(entry, "VersionId"),
		childText(entry, "IsLatest"),
		entry.name === "Version" ? childText(entry, "Size") : "deleted",
	]);
}

describe("a bucket with versions", () => {
	test("says whether it has them, and keeps every one with its own metadata", async () => {
		const { ask, xml, ids, store } = await withVersions();
		expect(childText(await xml("GET", "?versioning"), "Status")).toBe("Enabled");
		expect(childText(await bucket().xml("GET", "?versioning"), "Status")).toBeUndefined();
		expect(new Set(ids).size).toBe(3);
		for (const [i, text] of ["one", "two", "three"].entries()) {
			const got = await ask("GET", `/v?versionId=${ids[i]}`);
			expect(got.headers.get("x-amz-version-id")).toBe(ids[i]);
			expect(got.headers.get("x-amz-meta-n")).toBe(text);
			expect(got.headers.get("etag")).toBe(`"${digest(text)}"`);
			expect(await got.text()).toBe(text);
		}
		const part = await ask("GET", `/v?versionId=${ids[2]}`, { Range: "bytes=1-2" });
		expect([part.status, await part.text()]).toEqual([206, "hr"]);
		const older = await ask("GET", `/v?versionId=${ids[0]}`, { Range: "bytes=-2" });
		expect([older.status, await older.text()]).toEqual([206, "ne"]);
		expect((await ask("GET", "/v")).headers.get("x-amz-version-id")).toBe(ids[2]);
		// Whoever opens the store below sees the newest, and nothing else.
		expect(await store.list()).toEqual(["v"]);
		expect(await versionsOf(xml)).toEqual([
			["v", ids[2], "true", "5"],
			["v", ids[1], "false", "3"],
			["v", ids[0], "false", "3"],
		]);
	});

	test("deletes by a marker, and brings back what lies below it", async () => {
		const { ask, xml, ids } = await withVersions();
		const gone = await ask("DELETE", "/v");
		expect([gone.status, gone.headers.get("x-amz-delete-marker")]).toEqual([204, "true"]);
		const marker = gone.headers.get("x-amz-version-id") as string;
		const absent = await ask("GET", "/v");
		expect(absent.headers.get("x-amz-delete-marker")).toBe("true");
		expect([absent.status, await codeOf(absent)]).toEqual([404, "NoSuchKey"]);
		const asked = await ask("GET", `/v?versionId=${marker}`);
		expect([asked.status, await codeOf(asked)]).toEqual([405, "MethodNotAllowed"]);
		expect(await (await ask("GET", `/v?versionId=${ids[1]}`)).text()).toBe("two");
		expect((await xml("GET", "?list-type=2")).children.some(({ name }) => name === "Contents")).toBe(false);
		expect((await versionsOf(xml))[0]).toEqual(["v", marker, "true", "deleted"]);
		const undone = await ask("DELETE", `/v?versionId=${marker}`);
		expect(undone.headers.get("x-amz-delete-marker")).toBe("true");
		expect(await (await ask("GET", "/v")).text()).toBe("three");
	});

	test("loses a version for good where that is asked, and the one before takes the newest's place", async () => {
		const { ask, xml, ids, records } = await withVersions();
		expect((await ask("DELETE", `/v?versionId=${ids[1]}`)).status).toBe(204);
		expect(await codeOf(await ask("GET", `/v?versionId=${ids[1]}`))).toBe("NoSuchVersion");
		expect(await (await ask("GET", "/v")).text()).toBe("three");
		await ask("DELETE", `/v?versionId=${ids[2]}`);
		const now = await ask("GET", "/v");
		expect([await now.text(), now.headers.get("x-amz-version-id")]).toEqual(["one", ids[0]]);
		expect(await versionsOf(xml)).toEqual([["v", ids[0], "true", "3"]]);
		await ask("DELETE", `/v?versionId=${ids[0]}`);
		expect((await ask("GET", "/v")).status).toBe(404);
		expect(await records.list()).toEqual(["settings.json"]);
		expect((await ask("DELETE", "/v?versionId=never")).status).toBe(204);
	});

	test("keeps what was written before as null, and suspended writes only null anew", async () => {
		const { ask, xml } = bucket();
		expect((await ask("PUT", "/v", {}, "before")).headers.get("x-amz-version-id")).toBeNull();
		await ask("PUT", "?versioning", {}, enabled);
		const id = (await ask("PUT", "/v", {}, "with")).headers.get("x-amz-version-id");
		expect(await (await ask("GET", "/v?versionId=null")).text()).toBe("before");
		await ask("PUT", "?versioning", {}, suspended);
		await ask("PUT", "/v", {}, "after");
		await ask("PUT", "/v", {}, "after that");
		expect(await versionsOf(xml)).toEqual([
			["v", "null", "true", "10"],
			["v", id, "false", "4"],
		]);
		await ask("DELETE", "/v");
		expect(await versionsOf(xml)).toEqual([
			["v", "null", "true", "deleted"],
			["v", id, "false", "4"],
		]);
		await ask("DELETE", "/v?versionId=null");
		expect(await (await ask("GET", "/v")).text()).toBe("with");
	});

	test("lists them page by page, each once", async () => {
		const { ask, xml } = bucket();
		await ask("PUT", "?versioning", {}, enabled);
		for (const key of ["a/1", "a/2", "b", "b", "b", "c"]) await ask("PUT", `/${key}`, {}, key);
		await ask("DELETE", "/c");
		const all = await versionsOf(xml);
		expect(all.map(([key]) => key)).toEqual(["a/1", "a/2", "b", "b", "b", "c", "c"]);
		for (const size of [1, 2, 3, 6, 7]) {
			const found: unknown[] = [];
			let markers = "";
			for (let page = 0; page < 10; page++) {
				found.push(...(await versionsOf(xml, `&max-keys=${size}${markers}`)));
				const root = await xml("GET", `?versions&max-keys=${size}${markers}`);
				if (childText(root, "IsTruncated") !== "true") break;
				markers = `&key-marker=${childText(root, "NextKeyMarker")}&version-id-marker=${childText(root, "NextVersionIdMarker")}`;
			}
			expect(found, `pages of ${size}`).toEqual(all);
		}
		const rolled = await xml("GET", "?versions&delimiter=/");
		const prefixes = rolled.children.filter(({ name }) => name === "CommonPrefixes");
		expect(prefixes.map((prefix) => childText(prefix, "Prefix"))).toEqual(["a/"]);
		expect((await versionsOf(xml, "&prefix=a/")).map(([key]) => key)).toEqual(["a/1", "a/2"]);
	});

	test("copies an older version", async () => {
		const { ask, ids } = await withVersions();
		const copied = await ask("PUT", "/v", { "x-amz-copy-source": `/images/v?versionId=${ids[0]}` });
		expect(copied.headers.get("x-amz-copy-source-version-id")).toBe(ids[0]);
		const now = await ask("GET", "/v");
		expect([await now.text(), now.headers.get("x-amz-meta-n")]).toEqual(["one", "one"]);
	});

	test("takes no half-understood setting", async () => {
		const { ask } = bucket();
		for (const text of ["", "<VersioningConfiguration/>", enabled.replace("Enabled", "On"), "<Other/>"])
			expect(await codeOf(await ask("PUT", "?versioning", {}, text))).toBe("MalformedXML");
	});
});

describe("deleting many (DeleteObjects)", () => {
	const doomed = (keys: string[], quiet = false) =>
		`<Delete>${quiet ? "<Quiet>true</Quiet>" : ""}${keys.map((key) => `<Object><Key>${key}</Key></Object>`).join("")}</Delete>`;

	test("says what became of each, or only what failed", async () => {
		const { ask, xml } = bucket();
		for (const key of ["a", "b", "c&d"]) await ask("PUT", `/${encodeURIComponent(key)}`, {}, "x");
		const told = await xml("POST", "?delete", doomed(["a", "c&amp;d", "never"]));
		expect(told.children.map((child) => [child.name, childText(child, "Key")])).toEqual([
			["Deleted", "a"],
			["Deleted", "c&d"],
			["Deleted", "never"],
		]);
		expect((await xml("POST", "?delete", doomed(["b"], true))).children).toEqual([]);
		expect((await xml("GET", "?list-type=2")).children.filter(({ name }) => name === "Contents")).toEqual([]);
	});

	test("leaves markers where there are versions, and takes versions by their ids", async () => {
		const { ask, xml, ids } = await withVersions();
		const [deleted] = (await xml("POST", "?delete", doomed(["v"]))).children;
		const marker = childText(deleted, "DeleteMarkerVersionId");
		expect(childText(deleted, "DeleteMarker")).toBe("true");
		const all = [marker, ...ids].map((id) => `<Object><Key>v</Key><VersionId>${id}</VersionId></Object>`);
		await xml("POST", "?delete", `<Delete>${all.join("")}</Delete>`);
		expect(await versionsOf(xml)).toEqual([]);
		expect((await ask("GET", "/v")).headers.get("x-amz-delete-marker")).toBeNull();
	});

	test("takes one to a thousand", async () => {
		const { ask } = bucket();
		for (const keys of [[], Array.from({ length: 1001 }, (_, i) => `k${i}`)])
			expect(await codeOf(await ask("POST", "?delete", md5Of(doomed(keys)), doomed(keys)))).toBe(
				"MalformedXML",
			);
		expect(await codeOf(await ask("POST", "?delete", md5Of("x"), doomed(["a"])))).toBe("BadDigest");
		expect(await codeOf(await ask("POST", "?delete", {}, doomed(["a"])))).toBe("InvalidRequest");
		expect(await codeOf(await ask("POST", "", {}, doomed(["a"])))).toBe("MethodNotAllowed");
	});
});

describe("uploading in parts", () => {
	const mebibytes = (count: number, fill: number) => new Uint8Array(count * 2 ** 20).fill(fill);
	const listOf = (parts: [number, string | null][]) =>
		`<CompleteMultipartUpload>${parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`).join("")}</CompleteMultipartUpload>`;

	async function begun(options: BucketOptions = {}) {
		const made = bucket(options);
		const answer = await made.ask("POST", "/big?uploads", {
			"Content-Type": "application/x-zarr",
			"x-amz-meta-stain": "DAPI",
		});
		const id = childText(parseXml(await answer.text()) as XmlElement, "UploadId") as string;
		const part = async (number: number, bytes: Uint8Array<ArrayBuffer>) =>
			(await made.ask("PUT", `/big?partNumber=${number}&uploadId=${id}`, {}, bytes)).headers.get("etag");
		const complete = (parts: [number, string | null][], headers: Record<string, string> = {}) =>
			made.ask("POST", `/big?uploadId=${id}`, headers, listOf(parts));
		return { ...made, id, part, complete };
	}

	test("puts them together in the order of their numbers, with S3's ETag", async () => {
		const { ask, part, complete, id, xml, records } = await begun();
		const [first, second] = [mebibytes(5, 1), mebibytes(1, 2)];
		const last = await part(7, second);
		await part(2, mebibytes(5, 9));
		const replaced = await part(2, first);
		expect(replaced).toBe(`"${digest(first)}"`);
		expect((await ask("GET", "/big")).status).toBe(404);
		const listed = await xml("GET", `/big?uploadId=${id}`);
		const parts = listed.children.filter(({ name }) => name === "Part");
		expect(parts.map((entry) => [childText(entry, "PartNumber"), childText(entry, "ETag")])).toEqual([
			["2", replaced],
			["7", last],
		]);
		const uploads = await xml("GET", "?uploads");
		expect(uploads.children.filter(({ name }) => name === "Upload")).toHaveLength(1);

		const done = parseXml(
			await (
				await complete([
					[2, replaced],
					[7, last],
				])
			).text(),
		) as XmlElement;
		const hash = createHash("md5").update(digest(first), "hex").update(digest(second), "hex").digest("hex");
		expect(childText(done, "ETag")).toBe(`"${hash}-2"`);
		const got = await ask("GET", "/big");
		expect(got.headers.get("etag")).toBe(`"${hash}-2"`);
		expect(got.headers.get("content-type")).toBe("application/x-zarr");
		expect(got.headers.get("x-amz-meta-stain")).toBe("DAPI");
		const bytes = new Uint8Array(await got.arrayBuffer());
		expect(bytes).toHaveLength(6 * 2 ** 20);
		expect([bytes[0], bytes[5 * 2 ** 20 - 1], bytes[5 * 2 ** 20]]).toEqual([1, 1, 2]);
		expect(await records.list()).toEqual(["objects/big"]);
		expect(await codeOf(await complete([[2, replaced]]))).toBe("NoSuchUpload");
	});

	test("refuses wrong lists of parts, and keeps the upload", async () => {
		const { part, complete, ask, id } = await begun();
		const etags = [await part(1, mebibytes(1, 1)), await part(2, mebibytes(1, 2))];
		const code = async (parts: [number, string | null][]) => codeOf(await complete(parts));
		expect(await code([])).toBe("MalformedXML");
		expect(
			await code([
				[2, etags[1]],
				[1, etags[0]],
			]),
		).toBe("InvalidPartOrder");
		expect(
			await code([
				[1, etags[0]],
				[1, etags[0]],
			]),
		).toBe("InvalidPartOrder");
		expect(await code([[1, etags[1]]])).toBe("InvalidPart");
		expect(await code([[3, etags[1]]])).toBe("InvalidPart");
		expect(
			await code([
				[1, etags[0]],
				[2, etags[1]],
			]),
		).toBe("EntityTooSmall");
		expect((await complete([[2, etags[1]]])).status).toBe(200);
		expect(await codeOf(await ask("DELETE", `/big?uploadId=${id}`))).toBe("NoSuchUpload");
	});

	test("is aborted with all its parts", async () => {
		const { ask, part, id, records } = await begun();
		await part(1, mebibytes(1, 1));
		expect((await ask("DELETE", `/big?uploadId=${id}`)).status).toBe(204);
		expect(await records.list()).toEqual([]);
		expect(await codeOf(await ask("PUT", `/big?partNumber=1&uploadId=${id}`, {}, "x"))).toBe("NoSuchUpload");
		expect(await codeOf(await ask("PUT", "/other?partNumber=1&uploadId=../x", {}, "x"))).toBe("NoSuchUpload");
	});

	test("copies parts from objects, whole or by range", async () => {
		const { ask, complete, id, part } = await begun();
		await ask("PUT", "/source", {}, mebibytes(6, 3));
		const copied = async (number: number, range?: string) => {
			const headers: Record<string, string> = { "x-amz-copy-source": "/images/source" };
			if (range) headers["x-amz-copy-source-range"] = range;
			return ask("PUT", `/big?partNumber=${number}&uploadId=${id}`, headers);
		};
		const first = parseXml(await (await copied(1, `bytes=0-${5 * 2 ** 20 - 1}`)).text()) as XmlElement;
		expect(childText(first, "ETag")).toBe(`"${digest(mebibytes(5, 3))}"`);
		const last = await part(2, Uint8Array.of(4));
		expect(
			(
				await complete([
					[1, childText(first, "ETag") as string],
					[2, last],
				])
			).status,
		).toBe(200);
		expect((await ask("HEAD", "/big")).headers.get("content-length")).toBe(String(5 * 2 ** 20 + 1));
		const again = await begun();
		expect(
			await codeOf(
				await again.ask("PUT", `/big?partNumber=1&uploadId=${again.id}`, {
					"x-amz-copy-source": "/images/none",
				}),
			),
		).toBe("NoSuchKey");
	});

	test("holds to conditions when it is put together, and makes one version", async () => {
		const { ask, part, complete, xml } = await begun();
		await ask("PUT", "?versioning", {}, enabled);
		const etag = await part(1, mebibytes(1, 1));
		await ask("PUT", "/big", {}, "first");
		expect(await codeOf(await complete([[1, etag]], { "If-None-Match": "*" }))).toBe("PreconditionFailed");
		const done = await complete([[1, etag]], { "If-Match": `"${digest("first")}"` });
		expect(done.headers.get("x-amz-version-id")).toMatch(/./);
		expect(await versionsOf(xml)).toHaveLength(2);
	});

	test("part numbers are 1 to 10000", async () => {
		const { ask, id } = await begun();
		for (const number of ["0", "10001", "x", ""])
			expect(await codeOf(await ask("PUT", `/big?partNumber=${number}&uploadId=${id}`, {}, "x"))).toBe(
				"InvalidArgument",
			);
	});
});

describe("listing as it first was (ListObjects)", () => {
	test("goes on from a marker", async () => {
		const { ask, xml } = bucket();
		const keys = ["a/1", "a/2", "b", "c/1", "d"];
		for (const key of keys) await ask("PUT", `/${key}`, {}, "x");
		const named = (root: XmlElement) =>
			root.children.flatMap((child) => childText(child, "Key") ?? childText(child, "Prefix") ?? []);
		expect(named(await xml("GET", ""))).toEqual(keys);
		const first = await xml("GET", "?max-keys=2");
		expect([named(first), childText(first, "IsTruncated"), childText(first, "NextMarker")]).toEqual([
			["a/1", "a/2"],
			"true",
			undefined,
		]);
		expect(named(await xml("GET", "?marker=a/2"))).toEqual(["b", "c/1", "d"]);
		const rolled = await xml("GET", "?max-keys=1&delimiter=/");
		expect([named(rolled), childText(rolled, "NextMarker")]).toEqual([["a/"], "a/"]);
		expect(named(await xml("GET", "?delimiter=/&marker=a/"))).toEqual(["b", "d", "c/"]);
	});
});
