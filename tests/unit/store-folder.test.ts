/** What only a store on this computer's disk can meet: links, pipes, files in the way, other programs. */
import { execFileSync } from "node:child_process";
import {
	existsSync,
	lstatSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { childNames, listKeys } from "../../src/lib/stores/list.ts";
import { folderStore } from "../../src/lib/stores/node-folder.ts";

const folders: string[] = [];
const temporary = () => {
	const folder = mkdtempSync(join(tmpdir(), "chunkwise folder "));
	folders.push(folder);
	return folder;
};
afterAll(() => {
	for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});
const one = Uint8Array.of(1);

describe("links in a folder", () => {
	/** A store with links to a file and a folder outside it, to nothing, and to itself. */
	function linked() {
		const outside = temporary();
		mkdirSync(join(outside, "disk2"));
		writeFileSync(join(outside, "disk2", "0"), "far");
		const root = temporary();
		mkdirSync(join(root, "a"));
		writeFileSync(join(root, "a", "0"), "near");
		symlinkSync(join(outside, "disk2"), join(root, "far"));
		symlinkSync(join(outside, "disk2", "0"), join(root, "value"));
		symlinkSync(join(root, "nowhere"), join(root, "dangling"));
		symlinkSync("..", join(root, "a", "round"));
		symlinkSync("self", join(root, "self"));
		return { root, outside, store: folderStore(root) };
	}

	test("are read and listed as what they lead to; none without an end", async () => {
		const { store } = linked();
		expect(await listKeys(store)).toEqual(["a/0", "far/0", "value"]);
		expect(await childNames(store, "a")).toEqual(["0"]);
		expect(new TextDecoder().decode(await store.get("/far/0"))).toBe("far");
		expect(await store.size("/value")).toBe(3);
		expect(await store.get("/dangling")).toBeUndefined();
		expect(await store.get("/self")).toBeUndefined();
	});

	test("nothing is written, removed or made behind one that leads out", async () => {
		const { store, outside } = linked();
		for (const key of ["/far/0", "/far/new", "/far/deep/er/new"] as const) {
			await expect(store.set(key, one), key).rejects.toMatchObject({ code: "storage-outside" });
		}
		await expect(store.delete("/far/0")).rejects.toMatchObject({ code: "storage-outside" });
		expect(readdirSync(outside, { recursive: true }).sort()).toEqual(["disk2", "disk2/0"]);
	});

	test("a linked value is replaced, not what it leads to, and clearing removes links only", async () => {
		const { store, outside, root } = linked();
		await store.set("/value", one);
		expect(lstatSync(join(root, "value")).isSymbolicLink()).toBe(false);
		expect(await store.get("/value")).toEqual(one);
		await store.clear();
		expect(readdirSync(root)).toEqual([]);
		expect(readFileSync(join(outside, "disk2", "0"), "utf8")).toBe("far");
	});

	test("the store's own folder may be one", async () => {
		const target = temporary();
		const link = join(temporary(), "link");
		symlinkSync(target, link);
		const store = folderStore(link);
		await store.set("/a/b", one);
		expect(await listKeys(store)).toEqual(["a/b"]);
		expect(existsSync(join(target, "a", "b"))).toBe(true);
	});
});

describe("what stands in the way", () => {
	test("a file in place of the store's folder", async () => {
		const file = join(temporary(), "image.tif");
		writeFileSync(file, "II");
		const store = folderStore(file);
		await expect(listKeys(store)).rejects.toMatchObject({ code: "storage-blocked", where: file });
		await expect(store.set("/a", one)).rejects.toMatchObject({ code: "storage-blocked" });
		await expect(store.clear()).rejects.toMatchObject({ code: "storage-blocked" });
		expect(readFileSync(file, "utf8")).toBe("II");
	});

	test("a folder in place of a value", async () => {
		const root = temporary();
		mkdirSync(join(root, "a"));
		await expect(folderStore(root).set("/a", one)).rejects.toMatchObject({ code: "storage-blocked" });
		expect(readdirSync(root)).toEqual(["a"]);
	});

	test("a pipe is no value, and nobody waits for it", async (context) => {
		const root = temporary();
		try {
			execFileSync("mkfifo", [join(root, "pipe")]);
		} catch {
			context.skip("mkfifo is absent");
		}
		const store = folderStore(root);
		expect(await store.get("/pipe")).toBeUndefined();
		expect(await store.getRange("/pipe", { suffixLength: 4 })).toBeUndefined();
		expect(await listKeys(store)).toEqual([]);
	});

	test("a name longer than file names may be is absent when read", async () => {
		expect(await folderStore(temporary()).get(`/${"a".repeat(300)}`)).toBeUndefined();
	});

	test("a name of the longest length can be written", async () => {
		const store = folderStore(temporary());
		await store.set(`/${"a".repeat(255)}`, one);
		expect(await store.get(`/${"a".repeat(255)}`)).toEqual(one);
	});
});

describe("others at the same folder", () => {
	test("a folder that another program removed is made again", async () => {
		const root = temporary();
		const store = folderStore(root);
		await store.set("/a/b/c", one);
		rmSync(join(root, "a"), { recursive: true });
		await store.set("/a/b/d", one);
		expect(await listKeys(store)).toEqual(["a/b/d"]);
	});

	test("a reader meets the old or the new value, never a part of one", async () => {
		const root = temporary();
		const [writer, reader] = [folderStore(root), folderStore(root)];
		const value = (round: number) => new Uint8Array(100_000 + round * 1000).fill(round);
		await writer.set("/v", value(0));
		let writing = true;
		const writes = (async () => {
			for (let round = 1; round < 40; round++) await writer.set("/v", value(round));
			writing = false;
		})();
		let reads = 0;
		while (writing) {
			const found = (await reader.get("/v")) as Uint8Array;
			expect(found.length).toBe(100_000 + found[0] * 1000);
			expect(found.every((byte) => byte === found[0])).toBe(true);
			reads++;
		}
		await writes;
		expect(reads).toBeGreaterThan(0);
		expect(readdirSync(root)).toEqual(["v"]);
	});
});

test("what a killed writer left is removed when asked, and nothing else", async () => {
	const root = temporary();
	mkdirSync(join(root, "a"));
	const part = join(root, "a", ".cw-0aa1b2c3-1111-2222-3333-444455556666.part");
	writeFileSync(part, "half");
	const store = folderStore(root);
	await store.set("/a/.cw-notes.part", one);
	expect(await listKeys(store)).toEqual(["a/.cw-notes.part"]);
	await store.removeUnfinished();
	expect(existsSync(part)).toBe(false);
	expect(await listKeys(store)).toEqual(["a/.cw-notes.part"]);
	await folderStore(join(root, "absent")).removeUnfinished();
});
