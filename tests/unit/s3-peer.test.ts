/** The S3 store against a server of other people, and that server's raw answers against the bucket engine's. */
import { createHash } from "node:crypto";
import { AwsV4Signer } from "aws4fetch";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type BucketEngine, bucketEngine } from "../../src/lib/bucket/engine.ts";
import { bucketHome } from "../../src/lib/bucket/home.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { type S3Store, s3Store } from "../../src/lib/stores/s3.ts";
import { childText, parseXml, type XmlElement } from "../../src/lib/stores/s3-xml.ts";
import {
	s3Credentials as credentials,
	findS3Server,
	howToInstall,
	type S3Server,
	startS3Server,
} from "../interop/s3-server.ts";
import { filled, storeContract } from "./store-contract.ts";

const found = findS3Server();

if (!found) test.skip(`skipped: versitygw is not here: ${howToInstall}`, () => {});

interface Told {
	call: unknown[];
	status: number;
	[fact: string]: unknown;
}

type Ask = (
	method: string,
	path: string,
	headers?: Record<string, string>,
	body?: string | Uint8Array<ArrayBuffer>,
) => Promise<{ headers: Headers; text: string; root?: XmlElement }>;

/** Headers that are part of the API's answer; others are the server's own affair. */
const compared = [
	"etag",
	"content-range",
	"content-length",
	"content-type",
	"x-amz-meta-stain",
	"x-amz-delete-marker",
	"x-amz-version-id",
	"x-amz-copy-source-version-id",
];
/**
 * Elements whose text differs from server to server, or from moment to moment. versitygw also gives checksums that nobody
 * asked for, a continuation token where there is none, and NextMarker without a delimiter, which S3 does not.
 */
const passedOver =
	/^(LastModified|Initiated|Location|Owner|Initiator|Checksum.*|(Next)?ContinuationToken|NextMarker)$/;

/** An asker that keeps what it was told, ids numbered in the order in which they were met. */
function recorder(base: string, send: (request: Request) => Promise<Response>): { ask: Ask; told: Told[] } {
	const told: Told[] = [];
	const ids = new Map<string, string>();
	const numbered = (id: string) => {
		if (id === "" || id === "null") return id;
		if (!ids.has(id)) ids.set(id, `id ${ids.size}`);
		return ids.get(id);
	};
	const shown = (element: XmlElement): unknown => {
		if (element.children.length > 0) {
			return sorted(
				element.children
					.filter(
						({ name, children, text }) =>
							!passedOver.test(name) && (children.length > 0 || (text !== "" && text !== "false")),
					)
					.map((child) => [child.name, shown(child)]),
			);
		}
		return /VersionId$|UploadId|VersionIdMarker/.test(element.name)
			? numbered(element.text)
			: element.text.replace(/^"|"$/g, "");
	};
	const ask: Ask = async (method, path, headers = {}, body) => {
		const { url, headers: signed } = await new AwsV4Signer({
			...credentials,
			method,
			url: `${base}${path}`,
			headers,
			body,
			service: "s3",
			region: "us-east-1",
		}).sign();
		const response = await send(new Request(url, { method, headers: signed, body }));
		const text = await response.text();
		const root = parseXml(text);
		const facts: Told = {
			call: [
				method,
				path.replace(
					/(uploadId|versionId|version-id-marker)=([^&]+)/g,
					(_, name, id) => `${name}=${numbered(decodeURIComponent(id))}`,
				),
				JSON.stringify({ ...headers, "Content-MD5": undefined }).replace(
					/(versionId=)([^"]+)/,
					(_, name, id) => name + numbered(id),
				),
			],
			status: response.status,
		};
		if (root?.name === "Error") facts.code = childText(root, "Code");
		else if (root) facts.xml = [root.name, shown(root)];
		else if (method === "GET") facts.text = text.length > 100 ? text.length : text;
		if (response.ok) {
			for (const name of compared) {
				const value = response.headers.get(name);
				if (root && name.startsWith("content-")) continue;
				if (method !== "GET" && method !== "HEAD" && name.startsWith("content-")) continue;
				if (value !== null) facts[name] = /version-id/.test(name) ? numbered(value) : value;
			}
		}
		told.push(facts);
		return { headers: response.headers, text, root };
	};
	return { ask, told };
}

/** What an answer says, whatever the order of its elements. */
function sorted(entries: unknown[][]): unknown[][] {
	return entries.sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

describe.runIf(found)("an S3-compatible server of other people (versitygw)", () => {
	let server: S3Server;
	let serial = 0;

	beforeAll(async () => {
		server = await startS3Server(found as string);
		await signed(server.endpoint, "PUT", "/images");
	});
	afterAll(() => server?.stop());

	const signed = async (base: string, method: string, path: string, body?: string) => {
		const { url, headers } = await new AwsV4Signer({
			...credentials,
			method,
			url: `${base}${path}`,
			body,
			service: "s3",
			region: "us-east-1",
		}).sign();
		return fetch(url, { method, headers, body });
	};
	const theirs = (prefix = `test ${serial++}`, bucket = "images", options = {}) =>
		s3Store({ endpoint: server.endpoint, bucket, prefix, credentials }, { pageSize: 300, ...options });
	const ours = (engine: BucketEngine, options = {}) =>
		s3Store(
			{ endpoint: "http://s3.test", bucket: "images", prefix: "p", credentials },
			{ fetch: (input, init) => engine(new Request(input, init)), ...options },
		);

	storeContract("S3, from versitygw", {
		make: (values) => filled(theirs(), values),
		offers: { write: true, list: true, children: true },
	});

	storeContract("S3, from versitygw, large values in parts", {
		make: (values) => filled(theirs(undefined, "images", { multipartAbove: 3 }), values),
		offers: { write: true, list: true, children: true },
	});

	test("the store holds to conditions, and says what is wrong, as with the bucket engine", async () => {
		const engine = bucketEngine(memoryStore(), { name: "images" });
		const told: unknown[][] = [];
		const codeOf = (task: Promise<unknown>) =>
			task.then(
				() => "done",
				(error) => error.code,
			);
		const conditions = async (store: S3Store) => {
			const first = await store.set("/v", Uint8Array.of(1), { ifNoneMatch: "*" });
			return [
				first.etag,
				await codeOf(store.set("/v", Uint8Array.of(2), { ifNoneMatch: "*" })),
				await codeOf(store.set("/v", Uint8Array.of(2), { ifMatch: '"0123456789abcdef0123456789abcdef"' })),
				await codeOf(store.set("/v", Uint8Array.of(2), { ifMatch: first.etag })),
				await store.get("/v"),
			];
		};
		for (const options of [{}, { multipartAbove: 0 }]) {
			told.push(await conditions(theirs(undefined, "images", options)));
			told.push(await conditions(ours(bucketEngine(memoryStore(), { name: "images" }), options)));
		}
		expect(told[1]).toEqual(told[0]);
		expect(told[3]).toEqual(told[2]);
		for (const each of told)
			expect(each.slice(1, 4)).toEqual(["precondition-failed", "precondition-failed", "done"]);
		const wrongKey = s3Store({
			endpoint: server.endpoint,
			bucket: "images",
			credentials: { ...credentials, secretAccessKey: "wrong" },
		});
		await expect(wrongKey.get("/v")).rejects.toMatchObject({ code: "s3-denied" });
		await expect(theirs("", "no-such-bucket").list()).rejects.toMatchObject({ code: "s3-no-bucket" });
		await expect(ours(engine).get("/v")).resolves.toBeUndefined();
		expect(await s3Store({ endpoint: server.endpoint, bucket: "images" }).get("/v")).toBeUndefined();
	});

	test("the store writes large values in parts, keeps versions and clears, alike", async () => {
		const enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
		await signed(server.endpoint, "PUT", "/store-versions");
		await signed(server.endpoint, "PUT", "/store-versions?versioning", enabled);
		const engine = bucketEngine(memoryStore(), { name: "images" });
		await engine(new Request("http://s3.test/images?versioning", { method: "PUT", body: enabled }));
		const large = Uint8Array.from({ length: 11 * 2 ** 20 }, (_, i) => (i * 7) >> 9);
		const told: unknown[] = [];
		const options = { multipartAbove: 6 * 2 ** 20, partSize: 5 * 2 ** 20 };
		for (const store of [theirs("p", "store-versions", options), ours(engine, options)]) {
			const first = await store.set("/a/v", Uint8Array.of(1));
			const second = await store.set("/a/v", large, { metadata: { stain: "DAPI" } });
			await store.delete("/a/v");
			const versions = await store.versions();
			told.push([
				second.etag,
				await store.get("/a/v"),
				await store.get("/a/v", { versionId: first.versionId }),
				await store.size("/a/v", { versionId: second.versionId }),
				await store.getRange("/a/v", { suffixLength: 3 }, { versionId: second.versionId }),
				await store.get("/a/v", { versionId: versions[0].versionId }),
				versions.map(({ key, isLatest, isDeleteMarker, size, etag }) => [
					key,
					isLatest,
					isDeleteMarker,
					size,
					etag,
				]),
			]);
			await store.delete("/a/v", { versionId: versions[0].versionId });
			const back = await store.get("/a/v");
			expect(back?.length).toBe(large.length);
			expect(back?.every((byte, i) => byte === large[i])).toBe(true);
			await store.set("/b", Uint8Array.of(1));
			await store.clear();
			expect(await store.list()).toEqual([]);
			expect((await store.versions()).filter(({ isDeleteMarker }) => isDeleteMarker)).toHaveLength(2);
		}
		expect(told[1]).toEqual(told[0]);
	});

	const both = async (script: (ask: Ask) => Promise<void>) => {
		const home = bucketHome(memoryPlaces());
		const sides = [recorder(server.endpoint, (request) => fetch(request)), recorder("http://s3.test", home)];
		for (const { ask } of sides) await script(ask);
		return sides.map(({ told }) => told);
	};

	test("objects: the same status, code, headers, bytes and listings", async () => {
		const [theirTold, ourTold] = await both(async (ask) => {
			await ask("PUT", "/raw-objects");
			const put = await ask(
				"PUT",
				"/raw-objects/v",
				{ "Content-Type": "text/plain", "x-amz-meta-stain": "DAPI" },
				"0123456789",
			);
			const etag = put.headers.get("etag") as string;
			const ranges = ["0-3", "8-99", "-3", "-99", "4-", "10-", "20-30"];
			for (const range of ranges) await ask("GET", "/raw-objects/v", { Range: `bytes=${range}` });
			await ask("HEAD", "/raw-objects/v");
			await ask("GET", "/raw-objects/v");
			await ask("GET", "/raw-objects/none");
			await ask("HEAD", "/raw-objects/none");
			for (const method of ["GET", "HEAD"]) {
				const conditions: Record<string, string>[] = [
					{ "If-None-Match": etag },
					{ "If-None-Match": '"other"' },
					{ "If-Match": etag },
					{ "If-Match": '"other"' },
					{ "If-Modified-Since": "Fri, 02 Jan 2026 03:04:05 GMT" },
					{ "If-Unmodified-Since": "Fri, 02 Jan 2015 03:04:05 GMT" },
				];
				for (const condition of conditions) await ask(method, "/raw-objects/v", condition);
			}
			await ask("PUT", "/raw-objects/v", { "If-None-Match": "*" }, "new");
			await ask("PUT", "/raw-objects/v", { "If-Match": '"0123456789abcdef0123456789abcdef"' }, "new");
			await ask("PUT", "/raw-objects/w", { "x-amz-copy-source": "raw-objects/v" });
			await ask("GET", "/raw-objects/w");
			await ask("PUT", "/raw-objects/v", { "x-amz-copy-source": "raw-objects/v" });
			await ask("PUT", "/raw-objects/x", { "x-amz-copy-source": "raw-objects/none" });
			for (const key of ["a/1", "a/2", "b%20c", "z"]) await ask("PUT", `/raw-objects/${key}`, {}, "x");
			for (const query of [
				"list-type=2",
				"list-type=2&delimiter=%2F",
				"list-type=2&start-after=b",
				"list-type=2&max-keys=0",
				"list-type=2&prefix=none",
				"list-type=2&max-keys=-1",
				"prefix=",
				"delimiter=%2F",
				"marker=a%2F2",
				"max-keys=2",
				"max-keys=1&delimiter=%2F",
				"delimiter=%2F&marker=a%2F",
				"prefix=a%2F&max-keys=1",
			])
				await ask("GET", `/raw-objects?${query}`);
			await ask("DELETE", "/raw-objects/z");
			await ask("DELETE", "/raw-objects/z");
			await ask("GET", "/no-such-bucket?list-type=2");
			await ask("PUT", "/no-such-bucket/v", {}, "x");
		});
		expect(ourTold).toEqual(theirTold);
	});

	test("uploads in parts: the same answers", async () => {
		const five = new Uint8Array(5 * 2 ** 20).fill(7);
		const list = (parts: [number, string | null][]) =>
			`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts.map(([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`).join("")}</CompleteMultipartUpload>`;
		const [theirTold, ourTold] = await both(async (ask) => {
			await ask("PUT", "/raw-parts");
			const begin = async (key: string) => {
				const { root } = await ask("POST", `/raw-parts/${key}?uploads`, {
					"Content-Type": "text/plain",
					"x-amz-meta-stain": "DAPI",
				});
				return encodeURIComponent((root && childText(root, "UploadId")) ?? "");
			};
			const id = await begin("v");
			const part = async (number: number, bytes: Uint8Array<ArrayBuffer>) =>
				(await ask("PUT", `/raw-parts/v?partNumber=${number}&uploadId=${id}`, {}, bytes)).headers.get("etag");
			const first = await part(1, five);
			const second = await part(2, five);
			const last = await part(3, Uint8Array.of(1, 2, 3));
			await ask("GET", `/raw-parts/v?uploadId=${id}`);
			await ask("GET", `/raw-parts/v?uploadId=${id}&max-parts=1`);
			await ask("GET", "/raw-parts?uploads");
			await ask("GET", "/raw-parts/v");
			await ask(
				"POST",
				`/raw-parts/v?uploadId=${id}`,
				{},
				list([
					[2, second],
					[1, first],
				]),
			);
			await ask("POST", `/raw-parts/v?uploadId=${id}`, {}, list([[1, last]]));
			await ask("POST", `/raw-parts/v?uploadId=${id}`, {}, list([[4, first]]));
			await ask("POST", `/raw-parts/v?uploadId=${id}`, {}, list([]));
			await ask(
				"POST",
				`/raw-parts/v?uploadId=${id}`,
				{},
				list([
					[1, first],
					[3, last],
				]),
			);
			await ask("HEAD", "/raw-parts/v");
			await ask("GET", "/raw-parts/v", { Range: "bytes=-4" });
			// Not compared: completing again, which versitygw answers as if it were the first time.
			await ask("PUT", `/raw-parts/v?partNumber=1&uploadId=${id}`, {}, "x");
			await ask("GET", `/raw-parts/v?uploadId=${id}`);
			await ask("DELETE", `/raw-parts/v?uploadId=${id}`);

			const copying = await begin("w");
			const source = { "x-amz-copy-source": "raw-parts/v" };
			const { root } = await ask("PUT", `/raw-parts/w?partNumber=1&uploadId=${copying}`, {
				...source,
				"x-amz-copy-source-range": "bytes=10-19",
			});
			await ask(
				"POST",
				`/raw-parts/w?uploadId=${copying}`,
				{ "If-None-Match": "*" },
				list([[1, (root && childText(root, "ETag")) ?? ""]]),
			);
			await ask("GET", "/raw-parts/w");
			const small = await begin("x");
			const etags: (string | null)[] = [];
			for (const number of [1, 2])
				etags.push(
					(await ask("PUT", `/raw-parts/x?partNumber=${number}&uploadId=${small}`, {}, "x")).headers.get(
						"etag",
					),
				);
			await ask(
				"POST",
				`/raw-parts/x?uploadId=${small}`,
				{},
				list([
					[1, etags[0]],
					[2, etags[1]],
				]),
			);
			await ask("PUT", `/raw-parts/x?partNumber=0&uploadId=${small}`, {}, "x");
			await ask("PUT", `/raw-parts/x?partNumber=10001&uploadId=${small}`, {}, "x");
			await ask("DELETE", `/raw-parts/x?uploadId=${small}`);
			await ask("GET", "/raw-parts?uploads");
		});
		expect(ourTold).toEqual(theirTold);
	});

	test("versions and DeleteObjects: the same answers", async () => {
		const setting = (status: string) =>
			`<VersioningConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Status>${status}</Status></VersioningConfiguration>`;
		const doomed = (objects: [string, string?][]) =>
			`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects.map(([key, id]) => `<Object><Key>${key}</Key>${id ? `<VersionId>${id}</VersionId>` : ""}</Object>`).join("")}</Delete>`;
		const [theirTold, ourTold] = await both(async (ask) => {
			// Not compared: Quiet, which versitygw does not heed, and an empty list, which it takes.
			const many = (bucket: string, body: string) =>
				ask(
					"POST",
					`${bucket}?delete`,
					{ "Content-MD5": createHash("md5").update(body).digest("base64") },
					body,
				);
			await ask("PUT", "/raw-versions");
			await ask("GET", "/raw-versions?versioning");
			await ask("PUT", "/raw-versions/n", {}, "before");
			await ask("PUT", "/raw-versions?versioning", {}, setting("Enabled"));
			await ask("PUT", "/raw-versions?versioning", {}, setting("On"));
			await ask("GET", "/raw-versions?versioning");
			const ids: string[] = [];
			for (const text of ["one", "two"]) {
				const { headers } = await ask("PUT", "/raw-versions/v", { "x-amz-meta-stain": text }, text);
				ids.push(headers.get("x-amz-version-id") ?? "");
			}
			await ask("GET", "/raw-versions/v");
			await ask("PUT", "/raw-versions/n", {}, "after");
			await ask("GET", "/raw-versions/n?versionId=null");
			await ask("GET", "/raw-versions/v?versionId=null");
			for (const id of ids) {
				await ask("GET", `/raw-versions/v?versionId=${id}`);
				await ask("HEAD", `/raw-versions/v?versionId=${id}`, { Range: "bytes=0-1" });
			}
			await ask("GET", "/raw-versions?versions");
			await ask("GET", "/raw-versions?versions&max-keys=1");
			await ask("GET", `/raw-versions?versions&key-marker=v&version-id-marker=${ids[0]}`);
			const { headers } = await ask("DELETE", "/raw-versions/v");
			const marker = headers.get("x-amz-version-id") ?? "";
			await ask("GET", "/raw-versions/v");
			await ask("HEAD", "/raw-versions/v");
			await ask("GET", "/raw-versions?list-type=2");
			await ask("GET", "/raw-versions?versions");
			await ask("DELETE", `/raw-versions/v?versionId=${marker}`);
			await ask("GET", "/raw-versions/v");
			await ask("DELETE", `/raw-versions/v?versionId=${ids[1]}`);
			await ask("GET", "/raw-versions/v");
			await ask("PUT", "/raw-versions/w", { "x-amz-copy-source": `raw-versions/v?versionId=${ids[0]}` });
			await ask("GET", "/raw-versions?versions");
			for (const key of ["a", "b", "c"]) await ask("PUT", `/raw-versions/${key}`, {}, key);
			await many("/raw-versions", doomed([["a"]]));
			await ask("GET", "/raw-versions?versions&prefix=a");
			await many(
				"/raw-versions",
				doomed([
					["v", ids[0]],
					["n", "null"],
				]),
			);
			for (const prefix of ["v", "n"]) await ask("GET", `/raw-versions?versions&prefix=${prefix}`);

			await ask("POST", "/raw-versions?delete", {}, doomed([["a"]]));
			await ask("PUT", "/raw-deletes");
			for (const key of ["a", "b", "c"]) await ask("PUT", `/raw-deletes/${key}`, {}, key);
			await ask("DELETE", "/raw-deletes");
			await many("/raw-deletes", doomed([["a"], ["never"]]));
			await ask("GET", "/raw-deletes?list-type=2");
			await ask("DELETE", "/raw-deletes/c");
			await ask("DELETE", "/raw-deletes");
			await ask("HEAD", "/raw-deletes");
		});
		expect(ourTold).toEqual(theirTold);
	});
});

function memoryPlaces() {
	const places = new Map<
		string,
		{ store: ReturnType<typeof memoryStore>; records: ReturnType<typeof memoryStore> }
	>();
	return {
		names: async () => [...places.keys()],
		open: async (name: string, create: boolean) => {
			if (create) places.set(name, { store: memoryStore(), records: memoryStore() });
			return places.get(name);
		},
		remove: async (name: string) => void places.delete(name),
	};
}
