import fc from "fast-check";
import { expect, test } from "vitest";
import { directoryStore } from "../../src/lib/stores/directory.ts";
import { directoryEntries } from "../../src/lib/stores/directory-entries.ts";
import { fakeDisk } from "../support/opfs.ts";

async function entriesIn(directory: FileSystemDirectoryHandle, wanted = (_: string) => true) {
	const found: [string, string][] = [];
	for await (const { name, folder } of directoryEntries(directory, wanted)) {
		found.push([name, folder ? "folder" : "file"]);
	}
	return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

test("tells the files from the folders of any mixture, more than are asked about at a time", async () => {
	await fc.assert(
		fc.asyncProperty(fc.array(fc.boolean(), { maxLength: 450 }), async (areFolders) => {
			const { root } = fakeDisk();
			const expected: [string, string][] = [];
			for (const [i, isFolder] of areFolders.entries()) {
				const name = String(i).padStart(4, "0");
				if (isFolder) await root.getDirectoryHandle(name, { create: true });
				else await root.getFileHandle(name, { create: true });
				expected.push([name, isFolder ? "folder" : "file"]);
			}
			expect(await entriesIn(root)).toEqual(expected);
			expect(await entriesIn(root, (name) => name.endsWith("7"))).toEqual(
				expected.filter(([name]) => name.endsWith("7")),
			);
		}),
		{ numRuns: 25 },
	);
});

test("names that are listed and cannot be opened are told apart by the listing; those that are gone are left out", async () => {
	const { root } = fakeDisk();
	for (const name of ["plain", "odd file", "gone"]) await root.getFileHandle(name, { create: true });
	for (const name of ["folder", "odd folder"]) await root.getDirectoryHandle(name, { create: true });
	const open = root.getDirectoryHandle.bind(root);
	root.getDirectoryHandle = async (name, options) => {
		if (name === "gone") await root.removeEntry(name).catch(() => {});
		if (name.startsWith("odd")) throw new TypeError("Name is not allowed.");
		return open(name, options);
	};
	expect(await entriesIn(root)).toEqual([
		["folder", "folder"],
		["odd file", "file"],
		["odd folder", "folder"],
		["plain", "file"],
	]);
});

test("a store asks about the names alone that a prefix can be of, and makes no handle of a file", async () => {
	const { root } = fakeDisk();
	const store = await directoryStore(root, { mode: "readwrite" });
	for (const key of ["a/x1", "a/x2", "a/y", "a/x/z", "b"] as const)
		await store.set(`/${key}`, new Uint8Array(1));
	const a = await root.getDirectoryHandle("a");
	const asked: string[] = [];
	const open = a.getDirectoryHandle.bind(a);
	a.getDirectoryHandle = (name, options) => {
		asked.push(name);
		return open(name, options);
	};
	a.entries = () => {
		throw new Error("a handle for each file");
	};
	expect((await store.list("a/x")).sort()).toEqual(["a/x/z", "a/x1", "a/x2"]);
	expect(asked.sort()).toEqual(["x", "x1", "x2"]);
});
