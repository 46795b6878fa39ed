import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 as nodeCrc32 } from "node:zlib";
import { configure, TextReader, Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";
import { afterAll, describe, expect, test } from "vitest";
import type { ByteSource } from "../../src/lib/bytes.ts";
import { toSpatialImage } from "../../src/lib/image/to-spatial-image.ts";
import { toMultiscale } from "../../src/lib/multiscale/to-multiscale.ts";
import { toNgffZarr } from "../../src/lib/ngff/write.ts";
import { crc32 } from "../../src/lib/stores/crc32.ts";
import { listKeys } from "../../src/lib/stores/list.ts";
import { memoryStore } from "../../src/lib/stores/memory.ts";
import { fileSource } from "../../src/lib/stores/node-file.ts";
import { zipStore } from "../../src/lib/stores/zip.ts";
import { writeZip, writeZipTo, zipOrder } from "../../src/lib/stores/zip-write.ts";
import type { ZarrArray } from "../../src/lib/zarr/array.ts";
import { openZarr } from "../../src/lib/zarr/open.ts";
import { filled, storeContract, type Values } from "./store-contract.ts";

configure({ useWebWorkers: false });
const folder = mkdtempSync(join(tmpdir(), "chunkwise zip "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytesOf = async (blob: Blob) => new Uint8Array(await blob.arrayBuffer());
/** The end record alone: a zip without entries (APPNOTE 4.3.16). */
const emptyZip = () => Uint8Array.of(0x50, 0x4b, 5, 6, ...new Uint8Array(18));
const hasPython = spawnSync("python3", ["-c", "import zipfile"]).status === 0;

/** A zip as other tools make it. */
async function foreignZip(values: Values, level = 6): Promise<Uint8Array<ArrayBuffer>> {
	const zip = new ZipWriter(new Uint8ArrayWriter(), { level, useWebWorkers: false });
	await zip.add("folder/", undefined, { directory: true });
	for (const [key, value] of Object.entries(values)) await zip.add(key, new Uint8ArrayReader(value));
	return zip.close();
}

storeContract("a zip file written here", {
	make: async (values) =>
		zipStore(
			Object.keys(values).length === 0 ? emptyZip() : await writeZip(await filled(memoryStore(), values)),
		),
	offers: { write: false, list: true, children: true },
});

storeContract("a compressed zip file", {
	make: async (values) => zipStore(await foreignZip(values)),
	offers: { write: false, list: true, children: true },
});

async function image() {
	const store = memoryStore();
	const data = Uint16Array.from({ length: 16 ** 3 }, (_, i) => (i * 7) % 1009);
	await toNgffZarr(
		store,
		await toMultiscale(toSpatialImage({ data, shape: [16, 16, 16] }), [2], { chunks: 8 }),
	);
	return store;
}

describe("a zipped OME-Zarr (RFC-9)", () => {
	test("opens as the image that it was made of", async () => {
		const original = await image();
		const zipped = await zipStore(await writeZip(original));
		expect(zipped.omeVersion).toBe("0.5");
		expect(await listKeys(zipped)).toEqual(await listKeys(original));
		const ours = (await openZarr(zipped, "scale0/image")) as ZarrArray;
		const theirs = (await openZarr(original, "scale0/image")) as ZarrArray;
		expect((await ours.read()).data).toEqual((await theirs.read()).data);
	});

	test("has the root's metadata first, other metadata by level, then chunks; no folders, no compression", async () => {
		const bytes = await bytesOf(await writeZip(await image()));
		const entries = centralDirectory(bytes);
		const names = entries.map((entry) => entry.name);
		expect(names.slice(0, 5)).toEqual([
			"zarr.json",
			"scale0/zarr.json",
			"scale1/zarr.json",
			"scale0/image/zarr.json",
			"scale1/image/zarr.json",
		]);
		expect(names.slice(5).every((name) => name.includes("/c/"))).toBe(true);
		expect(entries.every((entry) => entry.method === 0 && !entry.name.endsWith("/"))).toBe(true);
		const offsets = entries.map((entry) => entry.localOffset);
		expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
		expect((await zipStore(bytes)).comment).toBe(
			'{"ome":{"version":"0.5","zipFile":{"centralDirectory":{"jsonFirst":true}}}}',
		);
		expect(await bytesOf(await writeZip(await image()))).toEqual(bytes);
	});

	test("is ZIP64 however small", async () => {
		const bytes = await bytesOf(await writeZip(await image()));
		// Zip64 end of central directory record and its locator (APPNOTE 4.3.14, 4.3.15).
		expect(indexOf(bytes, [0x50, 0x4b, 6, 6])).toBeGreaterThan(0);
		expect(indexOf(bytes, [0x50, 0x4b, 6, 7])).toBeGreaterThan(0);
	});

	test.skipIf(!hasPython)("is whole to Python's zipfile (skipped where there is no python3)", async () => {
		const store = await image();
		const file = join(folder, "image.ozx");
		writeFileSync(file, await bytesOf(await writeZip(store)));
		const script =
			"import sys, zipfile, json, hashlib\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\n" +
			"print(json.dumps([z.comment.decode(), {i.filename: hashlib.sha256(z.read(i)).hexdigest() for i in z.infolist()}]))";
		const [comment, sums] = JSON.parse(execFileSync("python3", ["-c", script, file], { encoding: "utf8" }));
		expect(JSON.parse(comment).ome.version).toBe("0.5");
		expect(Object.keys(sums).sort()).toEqual((await listKeys(store)).sort());
		for (const [name, sum] of Object.entries(sums)) {
			const digest = await crypto.subtle.digest(
				"SHA-256",
				(await store.get(`/${name}`)) as Uint8Array<ArrayBuffer>,
			);
			expect(Buffer.from(digest).toString("hex")).toBe(sum);
		}
	});

	test.skipIf(!hasPython)("from Python's zipfile opens (skipped where there is no python3)", async () => {
		const file = join(folder, "python.zip");
		const script =
			"import sys, zipfile\nwith zipfile.ZipFile(sys.argv[1], 'w') as z:\n" +
			"  z.writestr('a/stored', bytes(range(256)))\n" +
			"  z.writestr('a/deflated', bytes(1000), zipfile.ZIP_DEFLATED)\n" +
			"  z.writestr('a/bzip2', bytes(1000), zipfile.ZIP_BZIP2)\n" +
			"  with z.open('a/big', 'w', force_zip64=True) as f: f.write(b'zip64')\n";
		execFileSync("python3", ["-c", script, file]);
		const source = await fileSource(file);
		const store = await zipStore(source);
		expect(await store.getRange("/a/stored", { offset: 250, length: 10 })).toEqual(
			Uint8Array.of(250, 251, 252, 253, 254, 255),
		);
		expect(await store.get("/a/deflated")).toEqual(new Uint8Array(1000));
		expect(new TextDecoder().decode(await store.get("/a/big"))).toBe("zip64");
		await expect(store.get("/a/bzip2")).rejects.toMatchObject({
			code: "zip-method",
			where: "python.zip/a/bzip2",
		});
		await source.close();
	});

	test("of one path of a store, with no comment where nothing names a version", async () => {
		const store = await image();
		const part = await zipStore(await writeZip(store, { path: "scale1/" }));
		expect((await listKeys(part))[0]).toBe("image/c/0/0/0");
		expect(part.comment).toBe("");
		expect(part.omeVersion).toBeUndefined();
		await expect(writeZip(store, { path: "none" })).rejects.toMatchObject({ code: "zip-empty" });
	});

	test("goes to a stream one value at a time, tells its progress, and can be stopped", async () => {
		const store = await image();
		const pieces: Uint8Array[] = [];
		const done: number[] = [];
		const sink = () => new WritableStream<Uint8Array>({ write: (piece) => void pieces.push(piece.slice()) });
		const report = await writeZipTo(store, sink(), { onProgress: (progress) => done.push(progress.done) });
		expect(report.entries).toBe((await listKeys(store)).length);
		expect(done.at(-1)).toBe(report.entries);
		const blob = new Blob(pieces as Uint8Array<ArrayBuffer>[]);
		expect(blob.size).toBe(report.bytes);
		expect(await bytesOf(blob)).toEqual(await bytesOf(await writeZip(store)));

		const controller = new AbortController();
		let aborted: unknown;
		const stopped = new WritableStream<Uint8Array>({
			abort(reason) {
				aborted = reason;
			},
		});
		await expect(
			writeZipTo(store, stopped, {
				signal: controller.signal,
				onProgress: () => controller.abort(new Error("enough")),
			}),
		).rejects.toThrow("enough");
		expect(aborted).toMatchObject({ message: "enough" });
	});

	test("a stream that fails fails the writing", async () => {
		const full = new WritableStream<Uint8Array>({
			write() {
				throw new Error("disk full");
			},
		});
		await expect(writeZipTo(await image(), full)).rejects.toThrow("disk full");
	});

	test("with 70,000 entries: the numbers of ZIP64 count them, and every one is there", async () => {
		const values = new Map(
			Array.from({ length: 70_000 }, (_, i) => [`/a/c/${i >> 8}/${i & 255}`, Uint8Array.of(i & 255, i >> 8)]),
		);
		const zip = await bytesOf(await writeZip(memoryStore(values)));
		const view = new DataView(zip.buffer);
		const at = Buffer.from(zip).lastIndexOf(Buffer.from([0x50, 0x4b, 6, 6]));
		expect([24, 32].map((field) => view.getBigUint64(at + field, true))).toEqual([70_000n, 70_000n]);
		expect(view.getUint16(zip.length - 12, true)).toBe(0xffff);
		const store = await zipStore(zip);
		expect(store.count).toBe(70_000);
		for (const i of [0, 65_535, 65_536, 69_999]) {
			expect(await store.get(`/a/c/${i >> 8}/${i & 255}`)).toEqual(Uint8Array.of(i & 255, i >> 8));
		}
		if (!hasPython) return;
		const file = join(folder, "many.zip");
		writeFileSync(file, zip);
		const script =
			"import sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nprint(len(z.namelist()), list(z.read('a/c/273/111')))";
		expect(execFileSync("python3", ["-c", script, file], { encoding: "utf8" }).trim()).toBe(
			"70000 [111, 17]",
		);
	});

	test("tells compression and ZIP64 of each entry", async () => {
		const ours = await zipStore(await writeZip(await filled(memoryStore(), { a: new Uint8Array(100) })));
		expect(ours.zip64).toBe(true);
		expect(ours.entry("/a")).toEqual({
			compression: "stored",
			zip64: true,
			encrypted: false,
			size: 100,
			compressedSize: 100,
		});
		const theirs = await zipStore(await foreignZip({ a: new Uint8Array(100) }));
		expect(theirs.entry("/a")).toMatchObject({ compression: "deflate", zip64: false, size: 100 });
		expect(theirs.entry("/a")?.compressedSize).toBeLessThan(100);
		expect(theirs.zip64).toBe(false);
		expect(theirs.entry("/b")).toBeUndefined();
	});

	test("sorts names as RFC-9 recommends", () => {
		const names = [
			"a/c/0",
			"b/zarr.json",
			"zarr.json",
			"a/b/zarr.json",
			"a/zarr.json",
			".zattrs",
			"a/c/10",
			"a/c/9",
		];
		expect(names.sort(zipOrder)).toEqual([
			".zattrs",
			"zarr.json",
			"a/zarr.json",
			"b/zarr.json",
			"a/b/zarr.json",
			"a/c/0",
			"a/c/9",
			"a/c/10",
		]);
	});
});

test("a value that goes away while a zip file is written is told, not left out", async () => {
	const store = memoryStore();
	for (const key of ["zarr.json", "c/0", "c/1"]) await store.set(`/${key}`, new Uint8Array(1));
	const get = store.get.bind(store);
	store.get = async (key) => (key === "/c/1" ? undefined : get(key));
	await expect(writeZip(store)).rejects.toMatchObject({ code: "source-changed", where: "c/1" });
});

describe("reading zip files", () => {
	test("an entry beyond 4 GiB (ZIP64), from a source that holds only what is there", async () => {
		const { source, value } = hugeZip(5 * 2 ** 30);
		const store = await zipStore(source);
		expect(await store.get("/far/away")).toEqual(value);
		expect(await store.getRange("/far/away", { suffixLength: 3 })).toEqual(value.subarray(-3));
	});

	test("takes one read for a stored value, and one for each further range of it", async () => {
		const zip = await bytesOf(
			await writeZip(
				await filled(memoryStore(), { v: new Uint8Array(100_000).fill(7), w: Uint8Array.of(1) }),
			),
		);
		const reads: [number, number][] = [];
		const store = await zipStore({
			name: "counted.zip",
			size: zip.length,
			async read(offset, length) {
				reads.push([offset, length]);
				return zip.subarray(offset, offset + length);
			},
		});
		reads.length = 0;
		expect(await store.get("/v")).toHaveLength(100_000);
		expect(reads).toHaveLength(1);
		await store.getRange("/v", { offset: 50, length: 10 });
		await store.getRange("/v", { suffixLength: 10 });
		expect(reads.slice(1).map(([, length]) => length)).toEqual([10, 10]);
		await store.getRange("/w", { offset: 0, length: 1 });
		expect(reads).toHaveLength(4);
	});

	test("one behind other bytes (a program that unpacks itself), and with bytes behind it", async () => {
		for (const zip of [
			await bytesOf(await writeZip(await filled(memoryStore(), { a: Uint8Array.of(1, 2, 3) }))),
			await foreignZip({ a: Uint8Array.of(1, 2, 3) }, 0),
		]) {
			const store = await zipStore(
				new Uint8Array(Buffer.concat([new Uint8Array(777).fill(80), zip, new Uint8Array(5)])),
			);
			expect(await store.get("/a")).toEqual(Uint8Array.of(1, 2, 3));
		}
	});

	test("names that are not UTF-8 are of code page 437, or as their Unicode field says", async () => {
		const zip = await foreignZip({ "m\u00fc": Uint8Array.of(1) }, 0);
		const at = lastEntry(zip);
		expect([...zip.subarray(at + 46, at + 49)]).toEqual([0x6d, 0xc3, 0xbc]);
		expect(await listKeys(await zipStore(zip))).toEqual(["m\u00fc"]);
		zip[at + 9] &= ~8;
		expect(await listKeys(await zipStore(zip))).toEqual(["m\u251c\u255d"]);
	});

	test("more than 65,535 entries without ZIP64, whose number begins anew", async () => {
		const store = await zipStore(plainZip(65_540));
		expect(store.count).toBe(65_540);
		expect(await store.get("/65539")).toEqual(Uint8Array.of(65_539 & 255));
		const wrong = plainZip(3);
		wrong[wrong.length - 12] = 4;
		await expect(zipStore(wrong)).rejects.toMatchObject({ code: "zip-damaged" });
	});

	test("a part of a zip that was split is named", async () => {
		const part = plainZip(1);
		part[part.length - 18] = 1;
		await expect(zipStore(part)).rejects.toMatchObject({ code: "zip-split" });
	});

	test("an entry that claims an impossible size takes no memory", async () => {
		const zip = await foreignZip({ a: new Uint8Array(100) });
		const view = new DataView(zip.buffer, zip.byteOffset);
		view.setUint32(lastEntry(zip) + 24, 0xfffffff0, true);
		await expect((await zipStore(zip)).get("/a")).rejects.toMatchObject({ code: "zip-damaged" });
	});

	test("a file cut short, or none, is refused", async () => {
		const zip = await bytesOf(await writeZip(await image()));
		for (const bytes of [zip.subarray(0, zip.length - 150), new Uint8Array(0), new Uint8Array(500)]) {
			await expect(zipStore(bytes)).rejects.toMatchObject({ code: "zip-damaged" });
		}
	});

	test("a damaged value is refused, stored or compressed; the others stay readable", async () => {
		const values = { a: new Uint8Array(3000).map((_, i) => i * i), b: Uint8Array.of(1, 2) };
		for (const zip of [
			await bytesOf(await writeZip(await filled(memoryStore(), values))),
			await foreignZip(values),
		]) {
			zip[200] ^= 0x40;
			const store = await zipStore(zip);
			await expect(store.get("/a")).rejects.toMatchObject({ code: "zip-damaged" });
			expect(await store.get("/b")).toEqual(values.b);
		}
	});

	test("a header that is not where the directory says is refused", async () => {
		const zip = await bytesOf(await writeZip(await filled(memoryStore(), { a: Uint8Array.of(1, 2, 3) })));
		zip[0] = 0;
		const store = await zipStore(zip);
		await expect(store.getRange("/a", { offset: 0, length: 1 })).rejects.toMatchObject({
			code: "zip-damaged",
		});
	});

	test("a source that fails is not called a damaged zip", async () => {
		const failing: ByteSource = {
			name: "far.zip",
			size: 1000,
			read: () => Promise.reject(new Error("no network")),
		};
		await expect(zipStore(failing)).rejects.toThrow("no network");
	});

	test("a password is named", async () => {
		const zip = new ZipWriter(new Uint8ArrayWriter(), { password: "secret", useWebWorkers: false });
		await zip.add("a", new TextReader("hidden"));
		const store = await zipStore(await zip.close());
		await expect(store.get("/a")).rejects.toMatchObject({ code: "zip-encrypted" });
	});

	test("names that lead out of the zip are not there", async () => {
		const zip = await foreignZip({ "aa/x": Uint8Array.of(1), "bb/x": Uint8Array.of(2) }, 0);
		// "aa" becomes ".." in both places where the name stands.
		for (let i = 0; i < zip.length - 3; i++)
			if (zip[i] === 0x61 && zip[i + 1] === 0x61 && zip[i + 2] === 0x2f) zip.fill(0x2e, i, i + 2);
		expect(await listKeys(await zipStore(zip))).toEqual(["bb/x"]);
	});

	test("its checksum is the one that zip files have", () => {
		for (const length of [0, 1, 2, 3, 4, 5, 1000, 1003]) {
			const bytes = Uint8Array.from({ length }, (_, i) => (i * 31) & 255);
			expect(crc32(bytes)).toBe(nodeCrc32(bytes));
		}
	});
});

function indexOf(bytes: Uint8Array, pattern: number[]): number {
	return Buffer.from(bytes).indexOf(Buffer.from(pattern));
}

/** Where the last entry of the central directory is. */
function lastEntry(bytes: Uint8Array): number {
	return Buffer.from(bytes).lastIndexOf(Buffer.from([0x50, 0x4b, 1, 2]));
}

/** Entries of the central directory, by APPNOTE 4.3.12, independent of the library. */
function centralDirectory(bytes: Uint8Array) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const entries: { name: string; method: number; localOffset: number }[] = [];
	let at = indexOf(bytes, [0x50, 0x4b, 1, 2]);
	while (view.getUint32(at, true) === 0x02014b50) {
		const [nameLength, extraLength, commentLength] = [28, 30, 32].map((i) => view.getUint16(at + i, true));
		const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
		entries.push({
			name,
			method: view.getUint16(at + 10, true),
			localOffset: indexOf(bytes, [...localMark(bytes, name)]),
		});
		at += 46 + nameLength + extraLength + commentLength;
	}
	return entries;
}

function localMark(bytes: Uint8Array, name: string): Uint8Array {
	const found = Buffer.from(bytes).indexOf(Buffer.from(name));
	return bytes.subarray(found - 30, found + name.length);
}

/** Entries "0", "1", … of one byte each, in the oldest form. */
function plainZip(count: number): Uint8Array {
	const locals: Buffer[] = [];
	const entries: Buffer[] = [];
	let offset = 0;
	for (let i = 0; i < count; i++) {
		const name = Buffer.from(String(i));
		const fields = Buffer.alloc(26);
		fields.writeUInt16LE(10, 0);
		fields.writeUInt32LE(nodeCrc32(Uint8Array.of(i & 255)), 10);
		fields.writeUInt32LE(1, 14);
		fields.writeUInt32LE(1, 18);
		fields.writeUInt16LE(name.length, 22);
		locals.push(Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), fields, name, Buffer.of(i & 255)]));
		const rest = Buffer.alloc(14);
		rest.writeUInt32LE(offset, 10);
		entries.push(Buffer.concat([Buffer.from([0x50, 0x4b, 1, 2, 10, 0]), fields, rest, name]));
		offset += 31 + name.length;
	}
	const end = Buffer.alloc(22);
	end.writeUInt32LE(0x06054b50, 0);
	end.writeUInt16LE(count & 0xffff, 8);
	end.writeUInt16LE(count & 0xffff, 10);
	end.writeUInt32LE(
		entries.reduce((sum, entry) => sum + entry.length, 0),
		12,
	);
	end.writeUInt32LE(offset, 16);
	return new Uint8Array(Buffer.concat([...locals, ...entries, end]));
}

/** A zip with one value that begins `offset` bytes into it, without holding those bytes. */
function hugeZip(offset: number): { source: ByteSource; value: Uint8Array } {
	const value = Uint8Array.of(1, 2, 3, 4, 5);
	const name = new TextEncoder().encode("far/away");
	const crc = nodeCrc32(value);
	const bytes: number[] = [];
	const u16 = (...numbers: number[]) => {
		for (const n of numbers) bytes.push(n & 255, n >>> 8);
	};
	const u32 = (...numbers: number[]) => {
		for (const n of numbers) u16(n & 0xffff, n >>> 16);
	};
	const u64 = (n: number) => u32(n % 2 ** 32, Math.floor(n / 2 ** 32));
	// Local header.
	u32(0x04034b50);
	u16(45, 0, 0, 0, 0);
	u32(crc, value.length, value.length);
	u16(name.length, 0);
	bytes.push(...name, ...value);
	const directory = offset + bytes.length;
	// Central directory: the offset stands in the ZIP64 extra field.
	u32(0x02014b50);
	u16(45, 45, 0, 0, 0, 0);
	u32(crc, value.length, value.length);
	u16(name.length, 12, 0, 0, 0);
	u32(0, 0xffffffff);
	bytes.push(...name);
	u16(1, 8);
	u64(offset);
	const end = offset + bytes.length;
	// ZIP64 end record, its locator, the end record.
	u32(0x06064b50);
	u64(44);
	u16(45, 45);
	u32(0, 0);
	u64(1);
	u64(1);
	u64(end - directory);
	u64(directory);
	u32(0x07064b50, 0);
	u64(end);
	u32(1);
	u32(0x06054b50);
	u16(0, 0, 1, 1);
	u32(end - directory, 0xffffffff);
	u16(0);
	const tail = Uint8Array.from(bytes);
	const source: ByteSource = {
		name: "huge.zip",
		size: offset + tail.length,
		async read(from, length) {
			const out = new Uint8Array(length);
			const start = Math.max(from, offset);
			if (from + length > start) out.set(tail.subarray(start - offset, from + length - offset), start - from);
			return out;
		},
	};
	return { source, value };
}
